// SPDX-License-Identifier: Apache-2.0
#include "app/read_calendar.hpp"
#include "base/files.hpp"
#include "cli/print_answer.hpp"
#include "cli/route_command.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    int year = 0;
    std::string file;
    std::string out;
    std::string why;
};

int year_of(const app::Office& office, const Options& options) {
    return options.year != 0 ? options.year : office.business_date().year();
}

/// The year as a grid: cycles below each other, their reads beside each other with the gap.
void print_grid(const json::object& view) {
    for (const auto& value : view.at("cycles").as_array()) {
        const json::object& cycle = value.as_object();
        std::string line = fmt::format("{:<3}", std::string(cycle.at("cycle").as_string()));
        for (const auto& read : cycle.at("reads").as_array()) {
            const json::object& one = read.as_object();
            const std::string date(one.at("read").as_string());
            const json::value& days = one.at("days");
            line += fmt::format("  {} {}{}", date.substr(5),
                                days.is_null() ? std::string(" -") : cell_text(days),
                                one.at("inside").as_bool() ? " " : "!");
        }
        say(line);
    }
}

int print_findings(const Common& common, const json::array& findings, const std::string& of) {
    if (common.json) {
        print_json(json::object{{"ok", findings.empty()}, {"findings", findings}});
    } else if (findings.empty()) {
        say(of + ": every gap and every date is as the rules want it.");
    } else {
        for (const auto& value : findings) {
            const json::object& one = value.as_object();
            say(fmt::format("{}:{}: {}: {}. {}", of, cell_text(one.at("line")),
                            cell_text(one.at("rule")), cell_text(one.at("message")),
                            cell_text(one.at("remedy"))));
        }
    }
    return findings.empty() ? 0 : static_cast<int>(ExitCode::invalid);
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto view, app::calendar_view(*office, year_of(*office, options)));
    if (common.json) return print_json(view);
    print_grid(view);
    const auto found = view.at("findings").as_array().size();
    note(
        fmt::format("Read date and days since the read before; ! is outside {} to {}. {} findings.",
                    cell_text(view.at("gap_min")), cell_text(view.at("gap_max")), found));
    return 0;
}

Result<int> check(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    std::optional<std::string> text;
    if (!options.file.empty()) {
        TRY(text, read_file(options.file));
    }
    TRY(const auto findings, app::check_read_calendar(*office, options.year, text));
    return print_findings(common, app::to_json(findings),
                          options.file.empty() ? "read calendar" : options.file);
}

Result<int> propose(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    const int year = options.year != 0 ? options.year : office->business_date().year() + 1;
    TRY(const auto proposed, app::propose_calendar(*office, year));
    if (!options.out.empty() && !common.dry_run) write_file(options.out, proposed.text);
    if (common.json) {
        return print_json(json::object{{"year", year},
                                       {"rows", proposed.rows.size()},
                                       {"findings", app::to_json(proposed.findings)},
                                       {"text", proposed.text}});
    }
    if (options.out.empty()) say(proposed.text);
    note(fmt::format("{} reads of {} proposed, {} findings{}", proposed.rows.size(), year,
                     proposed.findings.size(),
                     options.out.empty() ? "." : "; the whole calendar is in " + options.out));
    return proposed.findings.empty() ? 0 : static_cast<int>(ExitCode::invalid);
}

Result<int> import(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const std::string text, read_file(options.file));
    TRY(const auto done, app::import_calendar(*office, text, options.why, common.dry_run));
    if (common.json) {
        return print_json(json::object{{"hash", done.hash}, {"dry_run", common.dry_run}});
    }
    say(fmt::format("{} is whole{}; set {}.", options.file,
                    common.dry_run ? " and could be put forward" : " and in force",
                    done.hash.substr(0, 16)));
    return 0;
}

}  // namespace

void add_route_calendar(CLI::App& route, Common& common) {
    static Options options;
    auto* calendar = route.add_subcommand("calendar", "The read calendar of the year, by cycle");
    calendar->require_subcommand(1);
    const auto year = [&](CLI::App& command, const char* what) {
        command.add_option("--year", options.year, what);
    };
    year(*add_use_case(*calendar, common, options, "show", "Read dates with the days between them",
                       show),
         "The year; else that of the business date");
    auto* checking =
        add_use_case(*calendar, common, options, "check",
                     "Hold the calendar to its rules: gaps, business days, order", check);
    year(*checking, "Only this year; else all");
    checking->add_option("--file", options.file, "Another calendar; else the one in force");
    auto* proposing = add_use_case(*calendar, common, options, "propose",
                                   "A year's dates that meet the rules", propose);
    year(*proposing, "The year; else the next one");
    proposing->add_option("--out", options.out, "Where the whole calendar is written");
    add_dry_run(*proposing, common);
    auto* importing =
        add_use_case(*calendar, common, options, "import",
                     "Put another calendar forward; a second person puts it in force", import);
    importing->add_option("file", options.file, "Calendar as TSV")->required();
    importing->add_option("--why", options.why, "The reason, kept with it")->required();
    add_dry_run(*importing, common);
    calendar->footer(
        "Examples:\n"
        "  watthour route calendar check --year 2026\n"
        "  watthour route calendar propose --year 2027 --out cycle-calendar.tsv\n"
        "  watthour route calendar import cycle-calendar.tsv --why \"year 2027\" --dry-run");
}

}  // namespace watthour::cli
