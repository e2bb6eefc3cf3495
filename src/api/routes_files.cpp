// SPDX-License-Identifier: Apache-2.0
// Files that come in: what they are, what they would do, what became of their rows; and the
// mappings by which text files of reads are read.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/errors.hpp"
#include "app/file_records.hpp"
#include "app/import_file.hpp"
#include "app/read_mapping.hpp"
#include "app/settle_import.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "formats/format.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace watthour::api {
namespace {

using access::permissions::file_import;

/// Rows of a preview: a screen of them.
constexpr std::size_t most_preview_rows = 50;

/// Only the last part of the name is kept, and nothing is ever written under it.
std::string file_name(Call& call) {
    auto name =
        std::filesystem::path(std::string(call.request.parameter("name"))).filename().string();
    return name.empty() ? "unnamed" : name;
}

Result<Answer> look_at(Call& call) {
    json::object look = app::to_json(app::look_at_file(call.office, call.request.body));
    look["file"] = file_name(call);
    return json_answer(std::move(look));
}

Result<Answer> check_file(Call& call) {
    app::ImportRequest request;
    request.format = std::string(call.request.parameter("format"));
    request.path = file_name(call);
    request.bytes = call.request.body;
    app::name_profile(std::string(call.request.parameter("profile")), request);
    TRY(const auto settled, app::settled_request(call.office, request));
    const formats::Format* format = formats::find_format(settled.format);
    if (format == nullptr) {
        return Error(app::errors::format_unknown,
                     {{"format", settled.format}, {"known", formats::format_names()}});
    }
    if (!settled.profile) {
        return json_answer(formats::to_json(format->check(call.request.body), request.path));
    }
    TRY(const auto profile, formats::parse_read_profile(*settled.profile, "given"));
    return json_answer(formats::to_json(
        formats::check_by_profile(settled.format, call.request.body, profile), request.path));
}

Result<Answer> take_file(Call& call) {
    app::ImportRequest request;
    request.format = std::string(call.request.parameter("format"));
    request.path = file_name(call);
    TRY(request.date, call.date("date", call.office.business_date()));
    request.dry_run = call.dry_run;
    request.bytes = call.request.body;
    request.meter = std::string(call.request.parameter("meter"));
    app::name_profile(std::string(call.request.parameter("profile")), request);
    if (call.dry_run) request.preview_rows = most_preview_rows;
    TRY(const auto outcome, app::import_file(call.office, request));
    return json_answer(app::to_json(request.path, outcome, call.dry_run, call.office.zone()),
                       call.dry_run ? 200 : 201);
}

Result<Answer> files(Call& call) {
    DateRange days{Date(), end_of_time};
    if (!call.request.parameter("date").empty()) {
        TRY(const Date date, call.date("date", call.office.business_date()));
        days = {date, date + 1};
    } else {
        TRY(days.from, call.date("from", days.from));
        TRY(days.until, call.date("until", days.until));
    }
    TRY(const std::string place, cursor_of(call));
    const auto records =
        app::files_of(call.office, days, parse_integer(place).value_or(0), call.most + 1);
    json::array rows;
    std::string last;
    for (const auto& record : records) {
        if (rows.size() == call.most) break;
        rows.push_back(app::to_json(record, call.office.zone()));
        last = std::to_string(record.file.id);
    }
    const bool more = records.size() > rows.size();
    return page_of(std::move(rows), more, last);
}

Result<std::int64_t> number_of(Call& call) {
    const auto number = parse_integer(call.path["file"]);
    if (!number) {
        return Error(app::errors::file_unknown, {{"file", call.path["file"].substr(0, 40)}});
    }
    return *number;
}

Result<Answer> file(Call& call) {
    TRY(const auto number, number_of(call));
    TRY(auto view, app::file_page(call.office, number));
    return json_answer(std::move(view));
}

Result<Answer> rejects(Call& call) {
    TRY(const auto number, number_of(call));
    json::array rows;
    for (const auto& row : app::failed_rows_of(call.office, number)) {
        rows.push_back(
            json::object{{"row", std::to_string(row.line)},
                         {"line", row.line},
                         {"field", row.field},
                         {"rule", row.rule},
                         {"message", row.message},
                         {"raw", row.raw},
                         {"state", row.state},
                         {"by_file", row.by_file == 0 ? "" : std::to_string(row.by_file)},
                         {"why", row.why}});
    }
    return page(call, std::move(rows), "row");
}

Result<Answer> error_file(Call& call) {
    TRY(const auto number, number_of(call));
    TRY(auto made, app::error_file(call.office, number));
    Answer answer;
    answer.content_type = "text/csv; charset=utf-8";
    answer.bytes = std::move(made.bytes);
    std::string name = made.name;
    for (char& c : name) {
        const bool plain = c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != ';';
        if (!plain) c = '_';
    }
    answer.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}\"", name));
    answer.headers.emplace_back("X-Row-Count", std::to_string(made.rows));
    answer.left = {made.name, static_cast<std::size_t>(made.rows), "csv"};
    return answer;
}

Result<Answer> set_aside(Call& call) {
    TRY(const auto number, number_of(call));
    std::vector<std::int64_t> lines;
    if (const auto* wanted = call.body.if_contains("lines")) {
        for (const auto& line : wanted->as_array()) {
            const auto one = parse_integer(std::string_view(line.as_string()));
            if (!one) {
                return Error(errors::field_malformed,
                             {{"field", "lines"},
                              {"text", std::string(line.as_string()).substr(0, 40)},
                              {"wanted", "the number of a line"}});
            }
            lines.push_back(*one);
        }
    }
    TRY(const auto rows,
        app::set_rows_aside(call.office, number, lines, call.text("why"), call.dry_run));
    return json_answer(
        json::object{{"file", std::to_string(number)}, {"rows", rows}, {"dry_run", call.dry_run}});
}

Result<Answer> profiles(Call& call) {
    json::array rows;
    const bool retired = call.request.parameter("retired") == "true";
    for (const auto& one : app::all_profiles(call.office, retired)) {
        rows.push_back(app::to_json(one));
    }
    return page(call, std::move(rows), "name");
}

Result<Answer> profile(Call& call) {
    TRY(const auto versions, app::profile_versions(call.office, call.path["name"]));
    json::object view = app::to_json(versions.front());
    json::array all;
    for (const auto& one : versions) all.push_back(app::to_json(one));
    view["versions"] = std::move(all);
    return json_answer(std::move(view));
}

Result<Answer> save_profile(Call& call) {
    const auto optional = [&](std::string_view field) {
        return call.body.contains(field) ? call.text(field) : std::string();
    };
    TRY(const auto saved,
        app::save_profile(call.office, {call.text("name"), optional("format"), call.text("profile"),
                                        optional("fingerprint"), optional("why"), call.dry_run}));
    return json_answer(app::to_json(saved), call.dry_run ? 200 : 201);
}

Result<Answer> retire_profile(Call& call) {
    TRY(const auto retired,
        app::retire_profile(call.office, call.path["name"], call.text("why"), call.dry_run));
    return json_answer(app::to_json(retired));
}

const Field format_field{"format", Type::text, false,
                         "cmep, nem12, handheld, lockbox, nacha, ...; else by what it holds"};
const Field profile_field{"profile", Type::text, false,
                          "Name of a remembered mapping, or the text of one, for text files of "
                          "reads"};

void add_taking(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    {
        Route route = inside_route(post, "/v1/files", "takeFile",
                                   "Take a file in: reads, payments, returns; each exactly once",
                                   file_import, "TakenFile", take_file);
        route.query = {format_field,
                       {"name", text, true, "What the file is called"},
                       {"date", date, false, "Business date"},
                       {"meter", text, false, "Serial, where the format names no meter"},
                       profile_field};
        route.raw_body = true;
        route.dry_run = true;
        route.status = 201;
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(post, "/v1/files/look", "lookAtFile",
                                   "What a file is: encoding, format, columns; its first 256 KB "
                                   "are enough. Nothing is kept",
                                   file_import, "FileLook", look_at);
        route.query = {{"name", text, false, "What the file is called"}};
        route.raw_body = true;
        route.status = 200;
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(post, "/v1/files/check", "checkFile",
                                   "A file's form and its own totals. Nothing is kept", file_import,
                                   "FileCheck", check_file);
        route.query = {
            format_field, {"name", text, false, "What the file is called"}, profile_field};
        route.raw_body = true;
        route.status = 200;
        table.push_back(std::move(route));
    }
}

void add_files(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    {
        Route route = inside_route(get, "/v1/files", "listFiles", "Files that came, newest first",
                                   file_import, "Files", files);
        route.query = {{"date", date, false, "Of one business date"},
                       {"from", date, false, "Of business dates from this on"},
                       {"until", date, false, "Before this one"}};
        route.list = true;
        table.push_back(std::move(route));
    }
    table.push_back(inside_route(get, "/v1/files/{file}", "getFile",
                                 "A file, what became of its rows, its errors by cause",
                                 file_import, "FilePage", file));
    {
        Route route = inside_route(get, "/v1/files/{file}/rejects", "listRejects",
                                   "Rows of a file that failed, and what became of them",
                                   file_import, "Rejects", rejects);
        route.list = true;
        table.push_back(std::move(route));
    }
    table.push_back(inside_route(get, "/v1/files/{file}/error-file", "getErrorFile",
                                 "The rows that wait, with reasons: repair it and take it in",
                                 file_import, "text/csv", error_file));
    {
        Route route = inside_route(post, "/v1/files/{file}/rows-set-aside", "setRowsAside",
                                   "Rows that failed and are not needed", file_import,
                                   "RowsSetAside", set_aside);
        route.body = {{"lines", texts, false, "Their lines; none = all that wait"},
                      {"why", text, true, "Kept with the rows"}};
        route.dry_run = true;
        table.push_back(std::move(route));
    }
}

void add_profiles(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    {
        Route route = inside_route(get, "/v1/read-profiles", "listReadProfiles",
                                   "Remembered mappings of text files of reads", file_import,
                                   "ReadProfiles", profiles);
        route.query = {{"retired", flag, false, "true: those that were retired too"}};
        route.list = true;
        table.push_back(std::move(route));
    }
    table.push_back(inside_route(get, "/v1/read-profiles/{name}", "getReadProfile",
                                 "A mapping with all its versions", file_import,
                                 "ReadProfileVersions", profile));
    {
        Route route = inside_route(post, "/v1/read-profiles", "saveReadProfile",
                                   "Remember a mapping, or its next version; the same again is "
                                   "the same version",
                                   file_import, "ReadProfile", save_profile);
        route.body = {
            {"name", text, true, "Up to 40 letters, digits, blanks, '.', '-', '_'"},
            {"profile", text, true, "The mapping"},
            {"format", text, false, "csv-intervals, csv-registers, mv90, ..."},
            {"fingerprint", text, false, "Of the header of its files, as lookAtFile says"},
            {"why", text, false, "What is changed, and why"}};
        route.dry_run = true;
        route.status = 201;
        table.push_back(std::move(route));
    }
    {
        Route route =
            inside_route(post, "/v1/read-profiles/{name}/retirement", "retireReadProfile",
                         "Propose a mapping no more", file_import, "ReadProfile", retire_profile);
        route.body = {{"why", text, true, "Kept with the mapping"}};
        route.dry_run = true;
        table.push_back(std::move(route));
    }
}

}  // namespace

void add_file_routes(std::vector<Route>& table) {
    add_taking(table);
    add_files(table);
    add_profiles(table);
}

}  // namespace watthour::api
