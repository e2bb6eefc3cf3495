// SPDX-License-Identifier: Apache-2.0
#include "formats/cmep.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace watthour::formats {
namespace {

void append_text(std::string& out, std::string_view text) {
    out.push_back(',');
    if (text.find_first_of(",\"") == std::string_view::npos) {
        out += text;
        return;
    }
    out.push_back('"');
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    out.push_back('"');
}

void append_time(std::string& out, Instant at) {
    const std::int64_t days = (at.seconds >= 0 ? at.seconds : at.seconds - 86'399) / 86'400;
    const std::int64_t second = at.seconds - days * 86'400;
    const Date date(static_cast<std::int32_t>(days));
    fmt::format_to(std::back_inserter(out), "{}{:02}{:02}", date.to_compact(), second / 3600,
                   second / 60 % 60);
}

std::string interval_text(const CmepRow& row) {
    const int seconds = row.interval_seconds;
    if (seconds == 0 && row.interval_months == 0) return "";
    return fmt::format("{:02}{:02}{:02}{:02}", row.interval_months, seconds / 86'400,
                       seconds / 3600 % 24, seconds / 60 % 60);
}

}  // namespace

void append_cmep_row(std::string& out, const CmepRow& row) {
    constexpr std::uint32_t own = cmep_time_snapped | cmep_time_off_grid;
    out += "MEPMD01";
    const bool meter_is_customer = row.meter == row.receiver_customer;
    for (const std::string_view field :
         {std::string_view(row.version), std::string_view(row.sender),
          std::string_view(row.sender_customer), std::string_view(row.receiver),
          std::string_view(row.receiver_customer), std::string_view(row.created),
          meter_is_customer ? std::string_view() : std::string_view(row.meter),
          std::string_view(row.purpose), std::string_view(row.commodity),
          std::string_view(row.units)}) {
        append_text(out, field);
    }
    append_text(out, row.multiplier.to_string());
    append_text(out, interval_text(row));
    append_text(out, std::to_string(row.values.size()));
    Instant expected{};
    bool first = true;
    for (const CmepValue& value : row.values) {
        const Instant received = value.end + value.moved_seconds;
        out.push_back(',');
        if (first || row.interval_seconds == 0 || received != expected) append_time(out, received);
        first = false;
        expected = received + row.interval_seconds;
        out.push_back(',');
        if (value.quality != '\0') out.push_back(value.quality);
        const std::uint32_t flags = value.flags & ~own;
        if (flags != 0) out += std::to_string(flags);
        out.push_back(',');
        out += value.value.to_string();
    }
    out += "\r\n";
}

}  // namespace watthour::formats
