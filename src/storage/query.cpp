// SPDX-License-Identifier: Apache-2.0
#include "storage/query.hpp"

#include "storage/dialect.hpp"

#include <algorithm>

namespace watthour::storage {
namespace {

std::vector<const Query*>& registry() {
    static std::vector<const Query*> queries;
    return queries;
}

/// The parameters of a plain insert stand in order, one for each column: "$1, $2, $3".
std::string numbered_parameters(std::size_t count) {
    std::string text;
    for (std::size_t number = 1; number <= count; ++number) {
        if (number > 1) text += ", ";
        text += '$' + std::to_string(number);
    }
    return text;
}

/// "INSERT INTO t (a, b) VALUES ($1, $2)" and nothing else can be copied in.
std::string copy_target_of(const std::string& text) {
    constexpr std::string_view insert = "INSERT INTO ";
    constexpr std::string_view values = " VALUES (";
    const std::size_t at = text.find(values);
    if (!text.starts_with(insert) || at == std::string::npos) return {};
    std::string target = text.substr(insert.size(), at - insert.size());
    const auto columns =
        static_cast<std::size_t>(std::count(target.begin(), target.end(), ',')) + 1;
    const bool plain = text.substr(at + values.size()) == numbered_parameters(columns) + ")";
    return plain ? target : std::string();
}

}  // namespace

Query::Query(std::string text) : Query(std::move(text), Unlisted{}) { registry().push_back(this); }

Query::Query(std::string text, Unlisted)
    : text_(std::move(text)),
      translated_{to_sqlite(text_), to_postgresql(text_)},
      copy_target_(copy_target_of(text_)) {}

const std::vector<const Query*>& Query::all() { return registry(); }

std::string Query::joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) text += part;
    return text;
}

}  // namespace watthour::storage
