// SPDX-License-Identifier: Apache-2.0
#include "formats/guess_format.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"
#include "formats/guess_profile.hpp"
#include "formats/profile_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace watthour::formats {
namespace {

constexpr std::size_t bytes_to_see = 65'536;
constexpr int lines_to_see = 40;

bool holds(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != text.npos; });
}

FormatGuess of_xml(std::string_view text) {
    // Namespaces before names: a message of MultiSpeak may hold elements named as those of IEC.
    if (holds(text, {"naesb.org/espi", "<IntervalBlock", ":IntervalBlock", "<UsagePoint",
                     ":UsagePoint"}) &&
        holds(text, {"naesb.org/espi", "w3.org/2005/Atom"})) {
        return {"green-button", "an XML feed of ESPI"};
    }
    if (holds(text, {"iec.ch/TC57"})) return {"iec61968", "an XML message of IEC 61968-9"};
    if (holds(text, {"multispeak", "MultiSpeak"})) {
        return {"multispeak", "an XML message of MultiSpeak"};
    }
    if (holds(text, {"MeterReadings", "EndDeviceEvents", "EndDeviceControls"})) {
        return {"iec61968", "an XML message of IEC 61968-9"};
    }
    return {"", "an XML file with neither ESPI, MultiSpeak nor IEC 61968-9 in it"};
}

/// Formats that begin each line, or their first, with a word or number of their own.
FormatGuess of_records(std::string_view first, std::string_view second) {
    std::string_view bare_first = first;
    if (bare_first.starts_with('"')) bare_first.remove_prefix(1);
    for (const std::string_view type : {"MEPMD01", "MEPMD02", "MLA01", "MEPLF01"}) {
        if (bare_first.starts_with(type)) {
            return {"cmep", fmt::format("its first record is {}", type)};
        }
    }
    if (first.starts_with("100,NEM12") || first.starts_with("100,NEM13")) {
        return {"nem12", fmt::format("its first record is {}", first.substr(0, 9))};
    }
    if (first.starts_with("200,") && holds(second, {"300,"}) && second.starts_with("300,")) {
        return {"nem12", "records 200 and 300 of NEM12, without the header"};
    }
    if (first.starts_with("101 ") && first.size() >= 90 && first.size() <= 96) {
        return {"nacha", "a file header of ACH of 94 characters"};
    }
    for (const std::string_view type : {"FHD", "CHD", "RHD"}) {
        if (first.starts_with(type) && first.size() > 100) {
            return {"handheld", fmt::format("its first record is {}, of a handheld", type)};
        }
    }
    // A header of 1 and a date from column 24, then service and lockbox records.
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool dated =
        first.size() >= 29 && std::all_of(first.begin() + 23, first.begin() + 29, is_digit);
    if (first.starts_with('1') && first.find(',') == first.npos && dated &&
        (second.starts_with('2') || second.starts_with('5'))) {
        return {"lockbox", "records 1 and 2 of a bank's lockbox"};
    }
    return {};
}

/// A line by which one of the shipped profiles finds its columns.
bool has_columns_of(std::string_view text, const ReadProfile& profile) {
    LineReader lines(text);
    CellRow cells;
    for (int i = 0; i < lines_to_see && lines.next(); ++i) {
        BoundColumns bound;
        if (cells.cut(lines.text(), profile.delimiter, true) && cells.count() > 1 &&
            bind_columns(profile, &cells, bound).empty()) {
            return true;
        }
    }
    return false;
}

FormatGuess of_columns(std::string_view text) {
    for (const std::string_view name : {"csv-intervals", "csv-registers", "green-button-csv"}) {
        if (has_columns_of(text, shipped_profile(name))) {
            return {std::string(name), fmt::format("it has the columns of {}", name)};
        }
    }
    const std::string& meter_line = shipped_profile("mv90").meter_line;
    if (text.starts_with(meter_line + ",")) {
        return {"mv90", fmt::format("its first line begins with {}", meter_line)};
    }
    const ProfileGuess guess = guess_read_profile(text);
    if (!guess.usable) return {"", "neither a known record, a known header nor columns of reads"};
    const bool registers = guess.profile.kind == ReadKind::registers;
    return {registers ? "csv-registers" : "csv-intervals",
            fmt::format("a text file with times and {} in columns",
                        registers ? "register reads" : "values"),
            true};
}

}  // namespace

FormatGuess guess_format(std::string_view text) {
    text = text.substr(0, bytes_to_see);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    LineReader lines(text);
    std::string_view first;
    while (bare(first).empty() && lines.next()) first = lines.text();
    if (bare(first).empty()) return {"", "the file is empty"};
    if (bare(first).starts_with('<')) return of_xml(text);
    const std::string_view second = lines.next() ? lines.text() : std::string_view();
    FormatGuess guess = of_records(first, second);
    return guess.format.empty() ? of_columns(text) : guess;
}

}  // namespace watthour::formats
