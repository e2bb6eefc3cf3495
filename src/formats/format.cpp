// SPDX-License-Identifier: Apache-2.0
#include "formats/format.hpp"

#include "formats/format_json.hpp"
#include "formats/profile_reads.hpp"
#include "formats/urdb.hpp"

namespace watthour::formats {
namespace {

/// Of a file whose problems alone decide, and of one that knows itself whether it is good.
template <class File>
FormatCheck check_of(std::string_view format, File file) {
    FormatCheck check{std::string(format), file.problems.empty(), {}, {}, totals_json(file)};
    if constexpr (requires { file.ok(); }) check.ok = file.ok();
    if constexpr (requires { file.notes; }) check.notes = std::move(file.notes);
    check.problems = std::move(file.problems);
    return check;
}

FormatCheck check_cmep(std::string_view bytes) {
    CmepFile file = read_cmep(bytes);
    if (file.rows.empty() && file.tou_rows.empty() && file.alarms.empty() &&
        file.problems.empty()) {
        file.problems.push_back({0, "record_type", "cmep.empty", "the file holds no records",
                                 "Check that the right file was given."});
    }
    return check_of("cmep", std::move(file));
}

FormatCheck check_green_button(std::string_view bytes) {
    return check_of("green-button", read_green_button(bytes));
}
FormatCheck check_nem12(std::string_view bytes) { return check_of("nem12", read_nem12(bytes)); }
FormatCheck check_iec61968(std::string_view bytes) {
    return check_of("iec61968", read_iec61968(bytes));
}
FormatCheck check_multispeak(std::string_view bytes) {
    return check_of("multispeak", read_multispeak(bytes));
}
FormatCheck check_handheld(std::string_view bytes) {
    return check_of("handheld", read_handheld(bytes));
}
FormatCheck check_lockbox(std::string_view bytes) {
    return check_of("lockbox", read_lockbox(bytes));
}
FormatCheck check_nacha(std::string_view bytes) { return check_of("nacha", read_nacha(bytes)); }

FormatCheck check_urdb_file(std::string_view bytes) {
    UrdbFile file = read_urdb(bytes);
    FormatCheck check{"urdb", file.problems.empty(), {}, {}, {}};
    check.totals["rates"] = file.records.size();
    check.problems = std::move(file.problems);
    check.notes = std::move(file.notes);
    return check;
}

json::value read_urdb_json(std::string_view bytes) {
    json::array rates;
    for (const UrdbRecord& record : read_urdb(bytes).records) {
        rates.push_back(to_urdb_json(record));
    }
    return json::object{{"items", std::move(rates)}};
}

template <const char* format>
FormatCheck check_shipped(std::string_view bytes) {
    return check_by_profile(format, bytes, shipped_profile(format));
}
template <const char* format>
json::value read_shipped(std::string_view bytes) {
    return read_json_by_profile(bytes, shipped_profile(format));
}

constexpr char csv_intervals[] = "csv-intervals";
constexpr char csv_registers[] = "csv-registers";
constexpr char green_button_csv[] = "green-button-csv";
constexpr char mv90[] = "mv90";

json::value read_cmep_json(std::string_view bytes) { return records_json(read_cmep(bytes)); }
json::value read_green_button_json(std::string_view bytes) {
    return records_json(read_green_button(bytes));
}
json::value read_nem12_json(std::string_view bytes) { return records_json(read_nem12(bytes)); }
json::value read_iec61968_json(std::string_view bytes) {
    return records_json(read_iec61968(bytes));
}
json::value read_multispeak_json(std::string_view bytes) {
    return records_json(read_multispeak(bytes));
}
json::value read_handheld_json(std::string_view bytes) {
    return records_json(read_handheld(bytes));
}
json::value read_lockbox_json(std::string_view bytes) { return records_json(read_lockbox(bytes)); }
json::value read_nacha_json(std::string_view bytes) { return records_json(read_nacha(bytes)); }

constexpr Format formats_by_name[] = {
    {"cmep", "Interval and register reads from AMI (CMEP)", false, check_cmep, read_cmep_json},
    {csv_intervals, "Interval use by rows of a CSV file", false, check_shipped<csv_intervals>,
     read_shipped<csv_intervals>, true},
    {csv_registers, "Register reads by rows of a CSV file", false, check_shipped<csv_registers>,
     read_shipped<csv_registers>, true},
    {"green-button", "Interval use of a customer (Green Button, NAESB ESPI)", false,
     check_green_button, read_green_button_json},
    {green_button_csv, "Interval use as a portal gives it to a customer (CSV)", false,
     check_shipped<green_button_csv>, read_shipped<green_button_csv>, true},
    {"handheld", "Meter reads of a route from a handheld (MV-RS layout)", false, check_handheld,
     read_handheld_json},
    {"iec61968", "Readings, events and controls of a head-end (IEC 61968-9)", false, check_iec61968,
     read_iec61968_json},
    {"lockbox", "Checks opened by the bank (BAI lockbox)", true, check_lockbox, read_lockbox_json},
    {"multispeak", "Readings, events and switching of a head-end (MultiSpeak 3.0, 4.1)", false,
     check_multispeak, read_multispeak_json},
    {mv90, "Intervals of large customers (text export of MV-90)", false, check_shipped<mv90>,
     read_shipped<mv90>, true},
    {"nacha", "ACH entries, returns and notices of change (NACHA)", true, check_nacha,
     read_nacha_json},
    {"nem12", "Interval and register reads (AEMO NEM12 and NEM13)", false, check_nem12,
     read_nem12_json},
    {"urdb", "Rates of the U.S. Utility Rate Database and its relatives", false, check_urdb_file,
     read_urdb_json},
};

}  // namespace

FormatCheck check_by_profile(std::string_view format, std::string_view bytes,
                             const ReadProfile& profile) {
    ReadsFile file = read_reads(bytes, profile, {});
    FormatCheck check{
        std::string(format), file.outcome.problems.empty(), {}, {}, totals_json(file)};
    check.problems = std::move(file.outcome.problems);
    check.notes = std::move(file.outcome.notes);
    return check;
}

json::value read_json_by_profile(std::string_view bytes, const ReadProfile& profile) {
    return records_json(read_reads(bytes, profile, {}));
}

std::span<const Format> all_formats() { return formats_by_name; }

const Format* find_format(std::string_view name) {
    for (const Format& format : formats_by_name) {
        if (format.name == name) return &format;
    }
    return nullptr;
}

std::string format_names() {
    std::string names;
    for (const Format& format : formats_by_name) {
        if (!names.empty()) names += ", ";
        names += format.name;
    }
    return names;
}

json::array to_json(const Problems& problems) {
    json::array list;
    for (const Problem& problem : problems) {
        list.push_back(json::object{{"line", problem.line},
                                    {"field", problem.field},
                                    {"rule", problem.rule},
                                    {"message", problem.message},
                                    {"remedy", problem.remedy}});
    }
    return list;
}

json::object to_json(const FormatCheck& check, std::string_view file_name) {
    json::object object{{"file", file_name},
                        {"format", check.format},
                        {"ok", check.ok},
                        {"problems", to_json(check.problems)},
                        {"notes", to_json(check.notes)}};
    for (const auto& [key, value] : check.totals) object.insert_or_assign(key, value);
    return object;
}

}  // namespace watthour::formats
