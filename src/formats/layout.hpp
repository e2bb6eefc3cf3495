// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/problem.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "formats/fields.hpp"
#include "money/money.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::formats {

enum class FieldKind { text, digits, money, date, time };

/// One field of a fixed-width record: where it stands and what may stand in it.
struct LayoutField {
    std::string name;
    std::size_t start = 1;  ///< 1-based
    std::size_t length = 1;
    FieldKind kind = FieldKind::text;
    DateOrder order = DateOrder::yymmdd;  ///< of a date
    int decimals = 0;                     ///< places that the digits imply
    bool required = false;
    char pad = ' ';
    bool right = false;  ///< right-justified

    [[nodiscard]] std::size_t through() const { return start + length - 1; }
};

/// One record type; its role is what the reader does with it.
struct LayoutRecord {
    std::string type;
    std::string role;
    std::vector<LayoutField> fields;

    [[nodiscard]] const LayoutField* find(std::string_view field) const;
};

/// A table of fixed-width records: data, so that a site with other columns needs no new code.
struct Layout {
    std::string name;
    std::size_t record_length = 0;
    bool exact_length = false;  ///< every line has record_length; otherwise that is the most
    bool crlf = false;          ///< line end that the writer puts
    std::size_t type_length = 1;
    std::vector<LayoutRecord> records;

    /// The record whose type begins the line, or none.
    [[nodiscard]] const LayoutRecord* record_of(std::string_view line) const;
    [[nodiscard]] const LayoutRecord* record_for(std::string_view role) const;
};

/// Errors: formats.layout_malformed.
[[nodiscard]] Result<Layout> parse_layout(std::string_view text, std::string_view name);
/// A layout that the binary holds: "mvrs-126" or "bai-lockbox".
[[nodiscard]] const Layout& shipped_layout(std::string_view name);
/// Its text, to start a site's own from.
[[nodiscard]] std::string_view shipped_layout_text(std::string_view name);

/// A line seen through its record's table. Fields that the table lacks are empty.
class RecordView {
public:
    RecordView(const LayoutRecord& record, std::string_view line) : record_(&record), line_(line) {}

    [[nodiscard]] const LayoutRecord& record() const { return *record_; }
    [[nodiscard]] std::string_view raw(const LayoutField& field) const;
    /// Without the blanks around it.
    [[nodiscard]] std::string_view text(std::string_view field) const;
    [[nodiscard]] std::string owned(std::string_view field) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view field) const;
    [[nodiscard]] std::optional<Date> date(std::string_view field) const;
    [[nodiscard]] Money money(std::string_view field) const;
    /// Seconds after midnight of an HHMM or HHMMSS field.
    [[nodiscard]] std::optional<int> time(std::string_view field) const;

    /// Adds a problem for each field that is missing, cut or not of its kind. The slugs are
    /// `format`.field_missing, .field_cut, .not_numeric, .date, .time. Contents are never shown.
    bool check(std::string_view format, std::int64_t line, Problems& problems) const;

private:
    bool check_field(const LayoutField& field, std::string_view format, std::int64_t line,
                     Problems& problems) const;
    const LayoutRecord* record_;
    std::string_view line_;
};

using FieldValues = std::vector<std::pair<std::string_view, std::string>>;

/// One line without its end. Values of fields that the record lacks are left out; text is cut
/// to its field; a number that does not fit is a defect.
[[nodiscard]] std::string write_record(const Layout& layout, std::string_view role,
                                       const FieldValues& values);

}  // namespace watthour::formats
