// SPDX-License-Identifier: Apache-2.0
// Files that came, their rows that failed, and the mappings by which text files are read.
#include "app/file_records.hpp"
#include "app/import_file.hpp"
#include "app/read_mapping.hpp"
#include "app/views.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/profile_option.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string file;
    std::string meter;
    std::string profile;
    std::string format;
    std::string name;
    std::string like;
    std::string why;
    std::string out;
    std::string date;
    std::vector<std::string> changes;
    std::vector<std::int64_t> lines;
    bool retired = false;
};

constexpr std::size_t preview_rows = 50;
/// Some years of files.
constexpr std::size_t most_files = 100'000;

void say_look(const app::FileLook& look) {
    say(fmt::format("{}: {}, {}", look.format.format.empty() ? "unknown" : look.format.format,
                    look.format.reason, look.encoding));
    if (look.returned_rows > 0) {
        say(fmt::format("It is an error file: {} rows of file {} are back.", look.returned_rows,
                        look.returned_from));
    }
    if (!look.is_text_of_reads) return;
    for (const auto& column : look.columns.columns) {
        say(fmt::format("  column {:>2} {:24} {:10} {}", column.number, column.header,
                        column.role.empty() ? "-" : column.role, column.reason));
    }
    for (const auto& profile : look.remembered) {
        say(fmt::format("Remembered for this header: {} version {}, by {} on {}", profile.name,
                        profile.version, profile.by, profile.recorded_on.to_string()));
    }
    if (!look.remembered.empty() || !look.format.guessed_columns) return;
    for (const auto& question : look.columns.questions) say("? " + question.text);
}

void say_preview(const json::object& preview) {
    const auto text = [&](const json::object& row, std::string_view field) {
        const json::value& value = row.at(field);
        return value.is_string() ? std::string(value.as_string()) : to_text(value);
    };
    for (const json::value& each : preview.at("rows").as_array()) {
        const json::object& row = each.as_object();
        say(fmt::format("  line {:>6}  {:14} {:8} {}  {:>12}  {}", text(row, "line"),
                        text(row, "meter"), text(row, "channel"), text(row, "start"),
                        text(row, "kwh"), text(row, "flag")));
    }
    for (const json::value& each : preview.at("causes").as_array()) {
        const json::object& cause = each.as_object();
        say(fmt::format("! {} rows: {} ({}), first line {}: {}", text(cause, "rows"),
                        text(cause, "field"), text(cause, "rule"), text(cause, "first_line"),
                        text(cause, "example")));
    }
    say(
        fmt::format("{} records, {} good, {} there already, {} rows failed; meters {} known, {} "
                    "unknown; {} kWh from {} until {}",
                    text(preview, "records"), text(preview, "posted"), text(preview, "repeated"),
                    text(preview, "failed_rows"), text(preview, "meters_known"),
                    text(preview, "meters_unknown"), text(preview, "kwh"), text(preview, "first"),
                    text(preview, "last")));
}

/// Looks, says what would be stored, and remembers the mapping where a name is given.
Result<int> map_file(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const std::string bytes, read_file(options.file));
    app::FileLook look = app::look_at_file(*office, bytes);
    app::ImportRequest request{look.format.format, options.file, office->business_date()};
    request.bytes = bytes;
    request.dry_run = true;
    request.meter = options.meter;
    request.preview_rows = preview_rows;
    if (!options.profile.empty()) {
        TRY(look.profile, profile_text_of(*office, options.profile));
    }
    if (!options.changes.empty()) {
        TRY(look.profile, changed_profile(look.profile, options.changes));
    }
    json::object answer = app::to_json(look);
    answer["profile"] = look.profile;
    if (!common.json) say_look(look);
    if (look.is_text_of_reads) request.profile = look.profile;
    TRY(const auto outcome, app::import_file(*office, request));
    json::object preview = app::to_json(options.file, outcome, true, office->zone());
    if (!common.json) say_preview(preview);
    answer["preview"] = std::move(preview);
    if (!options.name.empty()) {
        TRY(const auto saved,
            app::save_profile(*office, {options.name, "", look.profile, look.columns.fingerprint,
                                        options.why, common.dry_run}));
        answer["saved"] = app::to_json(saved);
        if (!common.json) {
            say(fmt::format("{} as {} version {}", common.dry_run ? "Would remember" : "Remembered",
                            saved.name, saved.version));
        }
    }
    return common.json ? print_json(answer) : 0;
}

Result<int> list_files(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    DateRange days{Date(), end_of_time};
    if (!options.date.empty()) {
        TRY(const Date date, Date::parse(options.date));
        days = {date, date + 1};
    }
    json::array items;
    for (const auto& record : app::files_of(*office, days, 0, most_files)) {
        if (common.json) {
            items.push_back(app::to_json(record, office->zone()));
            continue;
        }
        say(fmt::format("{}  {}  {:14} {:30} {:>9} records  {}{}", record.file.id,
                        record.file.business_date.to_string(), record.file.format, record.file.name,
                        grouped(record.file.records), app::state_of(record),
                        record.waiting() > 0 ? fmt::format(", {} rows", grouped(record.waiting()))
                                             : std::string()));
    }
    return common.json ? print_json(json::object{{"items", std::move(items)}}) : 0;
}

Result<std::int64_t> number_of(const Options& options) {
    const auto number = parse_integer(options.file);
    return number.value_or(0);
}

Result<int> show_file(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const auto number, number_of(options));
    TRY(auto page, app::file_page(*office, number));
    const auto rows = app::failed_rows_of(*office, number);
    if (common.json) {
        json::array failed;
        for (const auto& row : rows) {
            failed.push_back(json::object{{"line", row.line},
                                          {"field", row.field},
                                          {"rule", row.rule},
                                          {"message", row.message},
                                          {"raw", row.raw},
                                          {"state", row.state},
                                          {"why", row.why}});
        }
        page["rows"] = std::move(failed);
        return print_json(page);
    }
    TRY(const auto record, app::file_record(*office, number));
    say(fmt::format(
        "{} ({}), {}: {} records, {} good, {} there already; {} rows failed: {} "
        "repaired, {} failed again, {} set aside, {} wait",
        record.file.name, record.file.format, app::state_of(record), grouped(record.file.records),
        grouped(record.file.posted), grouped(record.file.repeated),
        record.details ? grouped(record.details->failed_rows) : "?", grouped(record.repaired),
        grouped(record.failed_again), grouped(record.set_aside), grouped(record.waiting())));
    for (const auto& row : rows) {
        say(fmt::format("  line {:>6} {:12} {} ({}): {}", row.line, row.state, row.field, row.rule,
                        row.message));
    }
    return 0;
}

Result<int> write_errors(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const auto number, number_of(options));
    TRY(const auto made, app::error_file(*office, number));
    const std::string path = options.out.empty() ? made.name : options.out;
    write_file(path, made.bytes);
    if (common.json) return print_json(json::object{{"file", path}, {"rows", made.rows}});
    say(fmt::format("{}: {} rows. Repair them and bring the file in: watthour import {}", path,
                    grouped(made.rows), path));
    return 0;
}

Result<int> set_aside(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const auto number, number_of(options));
    TRY(const auto rows,
        app::set_rows_aside(*office, number, options.lines, options.why, common.dry_run));
    if (common.json) {
        return print_json(
            json::object{{"file", options.file}, {"rows", rows}, {"dry_run", common.dry_run}});
    }
    say(fmt::format("{} {} rows aside", common.dry_run ? "Would set" : "Set", grouped(rows)));
    return 0;
}

Result<int> list_profiles(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    json::array items;
    for (const auto& one : app::all_profiles(*office, options.retired)) {
        if (common.json) {
            items.push_back(app::to_json(one));
        } else {
            say(fmt::format("{:24} version {:>2}  {:9} {:14} by {} on {}  {}", one.name,
                            one.version, one.state, one.format, one.by, one.recorded_on.to_string(),
                            one.fingerprint));
        }
    }
    return common.json ? print_json(json::object{{"items", std::move(items)}}) : 0;
}

Result<int> show_profile(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const auto versions, app::profile_versions(*office, options.name));
    if (common.json) {
        json::object view = app::to_json(versions.front());
        json::array all;
        for (const auto& one : versions) all.push_back(app::to_json(one));
        view["versions"] = std::move(all);
        return print_json(view);
    }
    say(versions.front().profile);
    for (const auto& one : versions) {
        note(fmt::format("version {} {} by {} on {} {}", one.version, one.state, one.by,
                         one.recorded_on.to_string(), one.why));
    }
    return 0;
}

Result<int> save_profile(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(std::string text, profile_text_of(*office, options.profile));
    if (!options.changes.empty()) {
        TRY(text, changed_profile(text, options.changes));
    }
    app::ProfileEntry entry{options.name, options.format, text, "", options.why, common.dry_run};
    if (!options.like.empty()) {
        TRY(const std::string bytes, read_file(options.like));
        entry.fingerprint = app::look_at_file(*office, bytes).columns.fingerprint;
    }
    TRY(const auto saved, app::save_profile(*office, entry));
    if (common.json) return print_json(app::to_json(saved));
    say(fmt::format("{} {} version {}", common.dry_run ? "Would remember" : "Remembered",
                    saved.name, saved.version));
    return 0;
}

Result<int> retire_profile(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::file_import));
    TRY(const auto retired,
        app::retire_profile(*office, options.name, options.why, common.dry_run));
    if (common.json) return print_json(app::to_json(retired));
    say(fmt::format("{} {}", common.dry_run ? "Would retire" : "Retired", retired.name));
    return 0;
}

void add_profiles(CLI::App& file, Common& common, Options& options) {
    auto* profile = file.add_subcommand("profile", "Remembered mappings of text files of reads");
    profile->require_subcommand(1);
    add_use_case(*profile, common, options, "list", "The mappings, their version, who and when",
                 list_profiles)
        ->add_flag("--retired", options.retired, "Those that were retired too");
    add_use_case(*profile, common, options, "show", "A mapping and its versions", show_profile)
        ->add_option("name", options.name, "Its name")
        ->required();
    auto* save = add_use_case(*profile, common, options, "save",
                              "Remember a mapping, or its next version", save_profile);
    add_dry_run(*save, common);
    save->add_option("name", options.name, "Its name")->required();
    save->add_option("--profile", options.profile, "File of the mapping, or a remembered one")
        ->required();
    save->add_option("--set", options.changes, changes_help());
    save->add_option("--like", options.like, "A file of this sender, to know the next ones by");
    save->add_option("--format", options.format, "csv-intervals, csv-registers or mv90");
    save->add_option("--why", options.why, "What is changed, and why");
    auto* retire =
        add_use_case(*profile, common, options, "retire", "Propose it no more", retire_profile);
    add_dry_run(*retire, common);
    retire->add_option("name", options.name, "Its name")->required();
    retire->add_option("--why", options.why, "Reason")->required();
}

}  // namespace

void add_file(CLI::App& app, Common& common) {
    static Options options;
    auto* file = app.add_subcommand("file", "Files that came, and how text files are read");
    file->require_subcommand(1);
    auto* map =
        add_use_case(*file, common, options, "map",
                     "Tell what a file is and what it would store; nothing is stored", map_file);
    add_dry_run(*map, common);
    map->add_option("file", options.file, "File")->required();
    map->add_option("--profile", options.profile, "File of a mapping, or a remembered one");
    map->add_option("--set", options.changes, changes_help());
    map->add_option("--meter", options.meter, "Serial, where the file names no meter");
    map->add_option("--save", options.name, "Remember the mapping under this name");
    map->add_option("--why", options.why, "Kept with the mapping");
    add_use_case(*file, common, options, "list", "Files that came, newest first", list_files)
        ->add_option("--date", options.date, "Of one business date");
    add_use_case(*file, common, options, "show", "A file and its rows that failed", show_file)
        ->add_option("file", options.file, "Number of the file")
        ->required();
    auto* errors = add_use_case(*file, common, options, "errors",
                                "Write the rows that wait as a file to repair", write_errors);
    errors->add_option("file", options.file, "Number of the file")->required();
    errors->add_option("--out", options.out, "File to write; else named after the file");
    auto* aside = add_use_case(*file, common, options, "set-aside",
                               "Rows that failed and are not needed", set_aside);
    add_dry_run(*aside, common);
    aside->add_option("file", options.file, "Number of the file")->required();
    aside->add_option("--line", options.lines, "Of a row; none = all that wait");
    aside->add_option("--why", options.why, "Reason")->required();
    add_profiles(*file, common, options);
    file->footer(
        "Examples:\n  watthour file map reads.csv\n"
        "  watthour file map reads.csv --set times=end --save \"East feeder\"\n"
        "  watthour import reads.csv\n"
        "  watthour file errors 4711 --out repair.csv\n"
        "  watthour file profile list");
}

}  // namespace watthour::cli
