// SPDX-License-Identifier: Apache-2.0
#include "formats/error_file.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"
#include "formats/profile_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats {
namespace {

constexpr int lines_before_names = 40;

bool is_separator(char c) { return c == ',' || c == ';' || c == '\t' || c == '|'; }

/// The number at the beginning, and what stands behind it taken off.
std::optional<std::int64_t> leading_number(std::string_view& rest) {
    std::size_t digits = rest.starts_with('-') ? 1 : 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
    const auto number = parse_integer(rest.substr(0, digits));
    rest.remove_prefix(digits);
    return number;
}

/// Reads ":FILE" and the cell with the line behind it.
std::optional<ReturnedRow> returned_row(std::string_view rest, std::int64_t line) {
    if (!rest.starts_with(':')) return std::nullopt;
    rest.remove_prefix(1);
    const auto file = leading_number(rest);
    while (!rest.empty() && (is_separator(rest.front()) || rest.front() == '"')) {
        rest.remove_prefix(1);
    }
    const auto from = leading_number(rest);
    if (!file || !from) return std::nullopt;
    return ReturnedRow{line, *file, *from};
}

/// A cell of the error file: quoted where it holds the separator, never a formula.
std::string cell(std::string_view text, char delimiter) {
    std::string plain;
    for (const char c : text) plain += c == '\n' || c == '\r' ? ' ' : c;
    if (!plain.empty() && std::string_view("=+-@\t").find(plain.front()) != plain.npos) {
        plain.insert(0, "'");
    }
    if (plain.find(delimiter) == plain.npos && plain.find('"') == plain.npos) return plain;
    std::string quoted = "\"";
    for (const char c : plain) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

/// Lines of a text file of reads that stand before its rows.
std::int64_t lines_before_rows(std::string_view text, const ReadProfile& profile) {
    if (!profile.has_names) return profile.skipped_lines;
    LineReader lines(text);
    CellRow cells;
    for (int i = 0; i < lines_before_names && lines.next(); ++i) {
        BoundColumns bound;
        if (cells.cut(lines.text(), profile.delimiter, true) &&
            bind_columns(profile, &cells, bound).empty()) {
            return lines.number();
        }
    }
    return 0;
}

}  // namespace

bool has_reasons(std::string_view text) { return text.find(reason_mark) != text.npos; }

WithoutReasons take_reasons_off(std::string_view text) {
    WithoutReasons plain;
    plain.text.reserve(text.size());
    LineReader lines(text);
    while (lines.next()) {
        std::string_view line = lines.text();
        if (const std::size_t mark = line.rfind(reason_mark); mark != line.npos) {
            if (const auto row =
                    returned_row(line.substr(mark + reason_mark.size()), lines.number())) {
                plain.returned.push_back(*row);
            }
            line = line.substr(0, mark);
            if (line.ends_with('"')) line.remove_suffix(1);
            if (!line.empty() && is_separator(line.back())) line.remove_suffix(1);
        }
        plain.text += line;
        if (lines.ended()) plain.text += '\n';
    }
    return plain;
}

FailedRows failed_rows(std::string_view format, std::string_view text, const ReadProfile* profile,
                       const std::set<std::int64_t>& lines) {
    FailedRows failed;
    const bool nem = format == "nem12";
    const std::string_view before_rows = nem ? std::string_view("200,")
                                         : profile != nullptr
                                             ? std::string_view(profile->meter_line)
                                             : std::string_view();
    const std::int64_t head_lines = profile != nullptr ? lines_before_rows(text, *profile) : 0;
    std::string context;
    std::string* open = nullptr;  // a row of NEM12 that goes on
    LineReader reader(text);
    while (reader.next()) {
        const std::string_view line = reader.text();
        if (reader.number() <= head_lines || (nem && line.starts_with("100,"))) {
            failed.head.append(line).append("\n");
            continue;
        }
        if (nem && line.starts_with("900")) failed.tail = "900\n";
        if (nem && (line.starts_with("400,") || line.starts_with("500,")) && open != nullptr) {
            open->append("\n").append(line);
            continue;
        }
        open = nullptr;
        const bool opens_rows = !before_rows.empty() && line.starts_with(before_rows);
        if (opens_rows) context = line;
        if (!lines.contains(reader.number())) continue;
        std::string& row = failed.rows[reader.number()];
        if (!opens_rows && !context.empty() && !(nem && line.starts_with("250,"))) {
            row = context + "\n";
        }
        row.append(line);
        if (nem) open = &row;
    }
    return failed;
}

std::string write_error_file(std::int64_t file, char delimiter, std::string_view head,
                             std::string_view tail, const std::vector<FailedRow>& rows) {
    std::string out;
    // The names of the reason stand behind the last line before the rows.
    const std::size_t names = head.empty() ? head.npos : head.rfind('\n', head.size() - 2);
    const std::size_t last_begins = names == head.npos ? 0 : names + 1;
    out.append(head.substr(0, last_begins));
    if (!head.empty()) {
        std::string_view last = head.substr(last_begins);
        while (last.ends_with('\n') || last.ends_with('\r')) last.remove_suffix(1);
        fmt::format_to(std::back_inserter(out), "{}{}{}{}line{}field{}rule{}reason\n", last,
                       delimiter, reason_mark, delimiter, delimiter, delimiter, delimiter);
    }
    for (const FailedRow& row : rows) {
        std::string_view raw = row.raw;
        while (raw.ends_with('\n') || raw.ends_with('\r')) raw.remove_suffix(1);
        fmt::format_to(std::back_inserter(out), "{}{}{}:{}{}{}{}{}{}{}{}{}\n", raw, delimiter,
                       reason_mark, file, delimiter, row.line, delimiter,
                       cell(row.field, delimiter), delimiter, cell(row.rule, delimiter), delimiter,
                       cell(row.message, delimiter));
    }
    out.append(tail);
    return out;
}

}  // namespace watthour::formats
