// SPDX-License-Identifier: Apache-2.0
// Use as text files: csv-intervals, and the spreadsheet of portals.
#include "formats/usage_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>

namespace watthour::formats {
namespace {

constexpr std::array<std::string_view, 3> codes{"KWH", "GKWH", "KVARH"};
constexpr std::array<std::string_view, 3> columns{"kwh_delivered", "kwh_received", "kvarh"};

/// Values of one time of one meter; a quantity without a value is blank.
struct Row {
    std::array<std::optional<std::int64_t>, codes.size()> wh;
    char quality = 'A';
};

/// A, V and E, the weaker behind; what was told by a file and what was not is nobody's concern.
char weaker(char quality, char status) {
    const char letter = status == 'E' ? 'E' : status == 'V' || status == 'T' ? 'V' : 'A';
    constexpr std::string_view order = "AVE";
    return order[std::max(order.find(quality), order.find(letter))];
}

bool has_value(char status) { return status != 'M' && status != 'F'; }

/// By meter, then by time.
using Rows = std::map<std::pair<std::string_view, Instant>, Row>;

void gather(const ExportedPoint& point, Rows& rows, std::array<bool, codes.size()>& has) {
    for (const ExportedSeries& series : point.series) {
        const auto found = std::find(codes.begin(), codes.end(), series.quantity);
        if (found == codes.end()) continue;
        const auto code = static_cast<std::size_t>(found - codes.begin());
        for (const ExportedInterval& one : series.intervals) {
            if (!has_value(one.status)) continue;
            Row& row = rows[{series.meter, one.start}];
            row.wh[code] = one.wh;
            row.quality = weaker(row.quality, one.status);
            has[code] = true;
        }
    }
}

void append_kwh(std::string& out, std::int64_t wh) {
    const std::int64_t size = std::abs(wh);
    fmt::format_to(std::back_inserter(out), "{}{}.{:03}", wh < 0 ? "-" : "", size / 1000,
                   size % 1000);
}

std::string quoted(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

}  // namespace

std::string write_csv_intervals(const UsageExport& usage, const TimeZone& zone) {
    Rows rows;
    std::array<bool, codes.size()> has{true, false, false};
    for (const ExportedPoint& point : usage.points) gather(point, rows, has);
    std::string out = "meter,start";
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (has[i]) fmt::format_to(std::back_inserter(out), ",{}", columns[i]);
    }
    out += ",quality\n";
    for (const auto& [key, row] : rows) {
        const auto& [meter, start] = key;
        const int second = zone.wall_second_of(start);
        const int offset = zone.offset_at(start);
        const int minutes = std::abs(offset) / 60;
        fmt::format_to(std::back_inserter(out), "{},{}T{:02}:{:02}:00{}{:02}:{:02}", quoted(meter),
                       zone.date_of(start).to_string(), second / 3600, second / 60 % 60,
                       offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
        for (std::size_t i = 0; i < codes.size(); ++i) {
            if (!has[i]) continue;
            out += ',';
            if (row.wh[i]) append_kwh(out, *row.wh[i]);
        }
        fmt::format_to(std::back_inserter(out), ",{}\n", row.quality);
    }
    return out;
}

std::string write_green_button_csv(const ExportedPoint& point, const TimeZone& zone) {
    Rows by_meter;
    std::array<bool, codes.size()> has{};
    gather(point, by_meter, has);
    std::map<Instant, Row> rows;
    for (const auto& [key, row] : by_meter) rows.emplace(key.second, row);
    int minutes = 60;
    for (const ExportedSeries& series : point.series) minutes = std::min(minutes, series.minutes);
    std::string out =
        "\xEF\xBB\xBFName,\r\nAddress,\r\nAccount Number,\r\nService,Electric\r\n\r\n";
    out += has[1] ? "TYPE,DATE,START TIME,END TIME,IMPORT (kWh),EXPORT (kWh),COST,NOTES\r\n"
                  : "TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES\r\n";
    for (const auto& [start, row] : rows) {
        if (!row.wh[0] && !row.wh[1]) continue;
        const int first = zone.wall_second_of(start) / 60;
        // The last minute that belongs to the interval: 00:59.
        const int last = first + minutes - 1;
        fmt::format_to(std::back_inserter(out), "Electric usage,{},{:02}:{:02},{:02}:{:02},",
                       zone.date_of(start).to_string(), first / 60, first % 60, last / 60,
                       last % 60);
        if (row.wh[0]) append_kwh(out, *row.wh[0]);
        out += ',';
        if (has[1]) {
            if (row.wh[1]) append_kwh(out, *row.wh[1]);
        } else {
            out += "kWh";
        }
        fmt::format_to(std::back_inserter(out), ",,{}\r\n", row.quality == 'E' ? "Estimated" : "");
    }
    return out;
}

}  // namespace watthour::formats
