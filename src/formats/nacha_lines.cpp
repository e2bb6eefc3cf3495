// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/nacha_records.hpp"

#include <fmt/format.h>

namespace watthour::formats::nacha {
namespace {

bool only_nines(std::string_view text) {
    return !text.empty() && text.find_first_not_of('9') == std::string_view::npos;
}

/// Where the last field that may not be blank ends: only header and control end in blanks.
std::size_t least_length(std::string_view text) {
    constexpr std::size_t header_through_format = 40;
    constexpr std::size_t control_through_credits = 55;
    if (text.front() == '1') return header_through_format;
    if (text.front() == '9') return control_through_credits;
    return record_length;
}

void note(NachaFile& file, std::int64_t line, std::string_view rule, std::string message) {
    file.notes.push_back({line, "record", fmt::format("nacha.{}", rule), std::move(message),
                          "Nothing to do; the file was read."});
}

Line make_line(std::string_view raw, std::int64_t number, NachaFile& file) {
    Line line{number, std::string(raw), true};
    const bool ascii = ascii_columns(raw) == raw;
    if (!ascii) {
        // Columns are counted in characters: accented letters take one column each.
        line.text = raw.size() > record_length && character_count(raw) <= record_length
                        ? plain_ascii(raw)
                        : std::string(raw);
        line.text = ascii_columns(line.text);
        file.problems.push_back({number, "record", "nacha.not_ascii",
                                 "the line holds characters that are not plain ASCII",
                                 "Ask the bank for the file again; post nothing of this one."});
    }
    while (line.text.size() > record_length && line.text.back() == ' ') line.text.pop_back();
    const std::size_t length = line.text.size();
    if (length < record_length && (length >= least_length(line.text) || only_nines(line.text))) {
        const bool padding = only_nines(line.text);
        line.text.resize(record_length, padding ? '9' : ' ');
        note(file, number, "padded",
             fmt::format("the line has {} characters and was padded to {}", length, record_length));
    } else if (length != record_length) {
        line.whole = false;
        line.text.resize(record_length, ' ');
        file.problems.push_back(
            {number, "record", "nacha.line_length",
             fmt::format("the line has {} characters, a record has {}", length, record_length),
             "Ask the bank for the file again; post nothing of this one."});
    }
    return line;
}

}  // namespace

std::vector<Line> cut_lines(std::string_view bytes, NachaFile& file) {
    std::vector<Line> lines;
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.remove_suffix(1);
    if (bytes.find_first_of("\r\n") == std::string_view::npos && bytes.size() > record_length) {
        note(file, 0, "no_line_ends", "the file has no line ends; it was cut every 94 characters");
        std::int64_t number = 0;
        while (!bytes.empty()) {
            lines.push_back(make_line(bytes.substr(0, record_length), ++number, file));
            bytes.remove_prefix(std::min(record_length, bytes.size()));
        }
        return lines;
    }
    LineReader reader(bytes);
    while (reader.next()) {
        if (!trimmed(reader.text()).empty()) {
            lines.push_back(make_line(reader.text(), reader.number(), file));
        }
    }
    return lines;
}

}  // namespace watthour::formats::nacha
