// SPDX-License-Identifier: Apache-2.0
#include "formats/layout.hpp"

#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "formats/errors.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <span>

namespace watthour::formats::layouts {
std::span<const EmbeddedFile> files();
}

namespace watthour::formats {
namespace {

constexpr std::size_t widest_record = 4096;

std::string text_member(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::size_t size_member(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return 0;
    return static_cast<std::size_t>(value->get_int64());
}

bool flag_member(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

const json::array* list_member(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr ? value->if_array() : nullptr;
}

std::optional<FieldKind> kind_of(std::string_view word) {
    if (word == "text") return FieldKind::text;
    if (word == "digits") return FieldKind::digits;
    if (word == "money") return FieldKind::money;
    if (word == "date") return FieldKind::date;
    if (word == "time") return FieldKind::time;
    return std::nullopt;
}

std::optional<DateOrder> order_of(std::string_view word) {
    if (word == "YYMMDD") return DateOrder::yymmdd;
    if (word == "MMDDYY") return DateOrder::mmddyy;
    if (word == "CCYYMMDD") return DateOrder::ccyymmdd;
    if (word == "MMDDCCYY") return DateOrder::mmddccyy;
    return std::nullopt;
}

/// Empty when good; otherwise what is wrong.
std::string read_field(const json::value& value, std::size_t widest, LayoutField& field) {
    const json::object* object = value.if_object();
    if (object == nullptr) return "a field is not an object";
    field.name = text_member(*object, "name");
    field.start = size_member(*object, "start");
    field.length = size_member(*object, "length");
    if (field.name.empty()) return "a field has no name";
    if (field.start == 0 || field.length == 0 || field.start > widest || field.length > widest ||
        field.through() > widest) {
        return fmt::format("the field {} lies outside positions 1 to {}", field.name, widest);
    }
    const auto kind = kind_of(text_member(*object, "type"));
    if (!kind) {
        return fmt::format("the field {} is none of text, digits, money, date, time", field.name);
    }
    field.kind = *kind;
    if (field.kind == FieldKind::date) {
        const auto order = order_of(text_member(*object, "format"));
        if (!order) return fmt::format("the date {} has no known format", field.name);
        field.order = *order;
    }
    const bool number = field.kind == FieldKind::digits || field.kind == FieldKind::money;
    if (number && field.length > 18) {
        return fmt::format("the number {} is wider than 18 digits", field.name);
    }
    const std::string pad = text_member(*object, "pad");
    field.right = number;
    field.pad = pad.empty() ? (number ? '0' : ' ') : (pad == "zero" ? '0' : ' ');
    field.decimals = static_cast<int>(std::min<std::size_t>(size_member(*object, "decimals"), 9));
    field.required = flag_member(*object, "required");
    return "";
}

std::string read_layout(const json::object& object, Layout& layout) {
    layout.name = text_member(object, "name");
    layout.record_length = size_member(object, "record_length");
    layout.exact_length = flag_member(object, "exact_length");
    layout.crlf = text_member(object, "line_end") == "crlf";
    layout.type_length = size_member(object, "type_length");
    if (layout.record_length == 0 || layout.record_length > widest_record) {
        return fmt::format("record_length must be 1 to {}", widest_record);
    }
    if (layout.type_length == 0) return "type_length must be 1 or more";
    const json::array* records = list_member(object, "records");
    if (records == nullptr || records->empty()) return "it has no records";
    for (const json::value& value : *records) {
        const json::object* record = value.if_object();
        if (record == nullptr) return "a record is not an object";
        LayoutRecord& made = layout.records.emplace_back();
        made.type = text_member(*record, "type");
        made.role = text_member(*record, "role");
        if (made.type.size() != layout.type_length) {
            return fmt::format("the record type {} does not have {} characters", shown(made.type),
                               layout.type_length);
        }
        const json::array* fields = list_member(*record, "fields");
        if (fields == nullptr) return "the record " + made.type + " has no fields";
        for (const json::value& field : *fields) {
            std::string why = read_field(field, layout.record_length, made.fields.emplace_back());
            if (!why.empty()) return made.type + ": " + why;
        }
    }
    return "";
}

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == text.npos; }

}  // namespace

const LayoutField* LayoutRecord::find(std::string_view field) const {
    for (const LayoutField& candidate : fields) {
        if (candidate.name == field) return &candidate;
    }
    return nullptr;
}

const LayoutRecord* Layout::record_of(std::string_view line) const {
    if (line.size() < type_length) return nullptr;
    for (const LayoutRecord& record : records) {
        if (line.substr(0, type_length) == record.type) return &record;
    }
    return nullptr;
}

const LayoutRecord* Layout::record_for(std::string_view role) const {
    for (const LayoutRecord& record : records) {
        if (record.role == role) return &record;
    }
    return nullptr;
}

Result<Layout> parse_layout(std::string_view text, std::string_view name) {
    TRY(const json::value value, parse_json(text, name));
    Layout layout;
    const json::object* object = value.if_object();
    const std::string why =
        object == nullptr ? "it is not an object" : read_layout(*object, layout);
    if (!why.empty()) {
        return Error(errors::layout_malformed, {{"layout", std::string(name)}, {"why", why}});
    }
    return layout;
}

std::string_view shipped_layout_text(std::string_view name) {
    for (const EmbeddedFile& file : layouts::files()) {
        if (file.name == std::string(name) + ".json") return file.text;
    }
    WH_CHECK(false, "no layout " + std::string(name) + " in the binary");
    return {};
}

const Layout& shipped_layout(std::string_view name) {
    static const std::map<std::string, Layout, std::less<>> parsed = [] {
        std::map<std::string, Layout, std::less<>> all;
        for (const EmbeddedFile& file : layouts::files()) {
            auto layout = parse_layout(file.text, file.name);
            std::string key = layout.value().name;
            all.emplace(std::move(key), std::move(*layout));
        }
        return all;
    }();
    const auto found = parsed.find(name);
    WH_CHECK(found != parsed.end(), "no layout " + std::string(name) + " in the binary");
    return found->second;
}

std::string_view RecordView::raw(const LayoutField& field) const {
    if (line_.size() < field.start) return {};
    return line_.substr(field.start - 1, field.length);
}

std::string_view RecordView::text(std::string_view field) const {
    const LayoutField* found = record_->find(field);
    return found == nullptr ? std::string_view() : trimmed(raw(*found));
}

std::string RecordView::owned(std::string_view field) const { return ascii_columns(text(field)); }

std::optional<std::int64_t> RecordView::number(std::string_view field) const {
    return parse_digits(text(field));
}

std::optional<Date> RecordView::date(std::string_view field) const {
    const LayoutField* found = record_->find(field);
    if (found == nullptr) return std::nullopt;
    return parse_file_date(trimmed(raw(*found)), found->order);
}

Money RecordView::money(std::string_view field) const {
    return Money::minor(number(field).value_or(0));
}

std::optional<int> RecordView::time(std::string_view field) const {
    const std::string_view digits = text(field);
    if ((digits.size() != 4 && digits.size() != 6) || !all_digits(digits)) return std::nullopt;
    const auto pair = [&](std::size_t at) {
        return at < digits.size() ? (digits[at] - '0') * 10 + (digits[at + 1] - '0') : 0;
    };
    if (pair(0) > 23 || pair(2) > 59 || pair(4) > 59) return std::nullopt;
    return (pair(0) * 60 + pair(2)) * 60 + pair(4);
}

bool RecordView::check_field(const LayoutField& field, std::string_view format, std::int64_t line,
                             Problems& problems) const {
    const std::string_view content = raw(field);
    const auto report = [&](std::string_view rule, const std::string& what,
                            std::string_view remedy) {
        problems.push_back({line, field.name, fmt::format("{}.{}", format, rule),
                            fmt::format("{} record, positions {} to {}: {}", record_->type,
                                        field.start, field.through(), what),
                            std::string(remedy)});
        return false;
    };
    if (is_blank(content)) {
        if (!field.required) return true;
        return report("field_missing", fmt::format("{} is required and is blank", field.name),
                      "Ask the sender for the file again, with this field filled.");
    }
    if (field.kind == FieldKind::text) return true;
    if (content.size() < field.length) {
        return report("field_cut",
                      fmt::format("{} needs {} characters and the line ends after {}", field.name,
                                  field.length, content.size()),
                      "The line was cut: ask the sender for the file again.");
    }
    if (field.kind == FieldKind::date) {
        const bool zeros = content.find_first_not_of("0 ") == content.npos;
        if (date(field.name) || (!field.required && zeros)) return true;
        return report("date", fmt::format("{} is not a day of the calendar", field.name),
                      "Correct the date, or ask the sender for the file again.");
    }
    if (field.kind == FieldKind::time) {
        if (time(field.name)) return true;
        return report("time", fmt::format("{} is not a time of day", field.name),
                      "Correct the time, or ask the sender for the file again.");
    }
    if (parse_digits(trimmed(content))) return true;
    return report("not_numeric",
                  fmt::format("{} must be digits and holds something else", field.name),
                  "Correct the field, or ask the sender for the file again.");
}

bool RecordView::check(std::string_view format, std::int64_t line, Problems& problems) const {
    bool good = true;
    for (const LayoutField& field : record_->fields) {
        good = check_field(field, format, line, problems) && good;
    }
    return good;
}

std::string write_record(const Layout& layout, std::string_view role, const FieldValues& values) {
    const LayoutRecord* record = layout.record_for(role);
    WH_CHECK(record != nullptr, "the layout has no record for " + std::string(role));
    std::string line(layout.record_length, ' ');
    line.replace(0, record->type.size(), record->type);
    for (const auto& [name, value] : values) {
        const LayoutField* field = record->find(name);
        if (field == nullptr) continue;
        const bool number = field->kind == FieldKind::digits || field->kind == FieldKind::money;
        WH_CHECK(!number || value.size() <= field->length,
                 "the number " + field->name + " is wider than its field");
        const std::string clean = ascii_columns(plain_ascii(value));
        line.replace(field->start - 1, field->length,
                     field->right && !clean.empty() ? pad_left(clean, field->length, field->pad)
                                                    : pad_right(clean, field->length));
    }
    if (!layout.exact_length) line.resize(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace watthour::formats
