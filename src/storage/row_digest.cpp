// SPDX-License-Identifier: Apache-2.0
#include "storage/row_digest.hpp"

#include <fmt/format.h>

#include <iterator>

namespace watthour::storage {
namespace {

void append_value(std::string& to, const Statement& row, int column) {
    const ValueKind kind = row.kind(column);
    if (kind == ValueKind::null) {
        to += 'n';
    } else if (kind == ValueKind::integer) {
        fmt::format_to(std::back_inserter(to), "i{};", row.integer(column));
    } else {
        const bool is_text = kind == ValueKind::text;
        const std::string_view value = is_text ? row.text_view(column) : row.bytes(column);
        fmt::format_to(std::back_inserter(to), "{}{}:", is_text ? 't' : 'b', value.size());
        to += value;
    }
}

}  // namespace

void RowDigest::add(const Statement& row, int from, int until) {
    row_.clear();
    for (int column = from; column < until; ++column) append_value(row_, row, column);
    row_ += '\n';
    hash_.add(row_);
    ++rows_;
}

}  // namespace watthour::storage
