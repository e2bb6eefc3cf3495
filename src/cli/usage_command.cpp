// SPDX-License-Identifier: Apache-2.0
#include "app/determinants.hpp"
#include "app/export_usage.hpp"
#include "app/local_time.hpp"
#include "app/retire_usage.hpp"
#include "app/usage_known.hpp"
#include "base/files.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    app::UsageExportRequest request;
    std::string from;
    std::string until;
    std::string file;
};

int export_file(const Common& common, Options options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto until = date_or(options.until, (*office)->business_date());
    if (!until) return refuse(common, until.error());
    const auto from = date_or(options.from, *until - 400);
    if (!from) return refuse(common, from.error());
    options.request.days = {*from, *until};
    const auto exported = app::export_usage(**office, options.request);
    if (!exported) return refuse(common, exported.error());
    write_file(options.file, exported->bytes);
    if (common.json) {
        return print_json(json::object{{"file", options.file},
                                       {"format", options.request.format},
                                       {"from", from->to_string()},
                                       {"until", until->to_string()},
                                       {"points", exported->points},
                                       {"intervals", exported->intervals}});
    }
    say(fmt::format("{}: {} intervals of {} points, from {} until {}", options.file,
                    grouped(exported->intervals), exported->points, from->to_string(),
                    until->to_string()));
    return 0;
}

struct QuestionOptions {
    app::UsageQuestion question;
    std::string from;
    std::string until;
    std::string known_on;
    std::string and_on;
};

/// The question with its range; else of the 62 days up to today.
Result<app::UsageQuestion> question_of(app::Office& office, const QuestionOptions& options) {
    app::UsageQuestion question = options.question;
    const Date today = office.business_date();
    question.from = office.zone().start_of(today - 62);
    question.until = office.zone().start_of(today + 1);
    if (!options.from.empty()) {
        TRY(question.from, app::moment_of(office, options.from));
    }
    if (!options.until.empty()) {
        TRY(question.until, app::moment_of(office, options.until));
    }
    if (!options.known_on.empty()) {
        TRY(question.known_on, Date::parse(options.known_on));
    }
    return question;
}

Result<int> show(const Common& common, const QuestionOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto question, question_of(*office, options));
    TRY(const auto usage, app::usage_known(*office, question));
    if (common.json) return print_json(app::to_json(*office, question, usage));
    say(fmt::format("{:<22} {:<22} {:>14} {:>8}  {:<9} {}", "from", "until", "kWh", "not",
                    "statuses", "how"));
    for (const app::UsageRow& row : usage.rows) {
        std::string how = row.method.empty() ? row.read_types : row.method;
        if (row.changed_on) how += fmt::format(" ({}, {})", row.by, row.changed_on->to_string());
        say(fmt::format(
            "{:<22} {:<22} {:>14} {:>8}  {:<9} {}", app::local_minute(office->zone(), row.from),
            app::local_minute(office->zone(), row.until), Energy::watt_hours(row.wh).to_string(),
            row.not_counted, row.statuses, how));
    }
    for (const std::string& serial : usage.left_out) {
        say(fmt::format("meter {} has a register alone and is not among these; ask by day",
                        serial));
    }
    say(fmt::format("{} kWh{}; {} intervals do not count", Energy::watt_hours(usage.wh).to_string(),
                    question.known_on ? ", as known on " + question.known_on->to_string() : "",
                    grouped(usage.not_counted)));
    return 0;
}

Result<int> changes(const Common& common, const QuestionOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto question, question_of(*office, options));
    TRY(const Date and_on, date_or(options.and_on, office->business_date()));
    const Date known_on = question.known_on.value_or(and_on - 1);
    TRY(const auto difference, app::usage_changes(*office, question, known_on, and_on));
    if (common.json) {
        return print_json(app::to_json(*office, question, known_on, and_on, difference));
    }
    const auto kwh = [](std::int64_t wh) { return Energy::watt_hours(wh).to_string(); };
    for (const app::UsageChange& change : difference.changes) {
        say(fmt::format(
            "{} {} {}  {} to {}: {} intervals or reads, {} kWh {} to {} kWh {}; {} ({})",
            change.recorded_on.to_string(), change.meter, change.quantity,
            app::local_minute(office->zone(), change.from),
            app::local_minute(office->zone(), change.until), change.intervals,
            kwh(change.wh_before), change.status_before, kwh(change.wh_after), change.status_after,
            change.why, change.by));
    }
    say(fmt::format("as known on {}: {} kWh; on {}: {} kWh; difference {} kWh",
                    known_on.to_string(), kwh(difference.wh_before), and_on.to_string(),
                    kwh(difference.wh_after), kwh(difference.wh_after - difference.wh_before)));
    return 0;
}

struct RetireOptions {
    std::string before;
    std::string archive;
};

Result<int> retire(const Common& common, const RetireOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::database_move));
    app::RetireRequest request;
    if (!options.before.empty()) {
        TRY(request.before, Date::parse(options.before));
    }
    TRY(request.out, common.out_folder());
    request.dry_run = common.dry_run;
    TRY(const auto done, app::retire_usage(*office, request));
    if (common.json) {
        json::array files;
        for (const auto& one : done.files) {
            files.push_back(
                json::object{{"file", one.file}, {"sha256", one.sha256}, {"blocks", one.blocks}});
        }
        return print_json(json::object{{"before", done.before.to_string()},
                                       {"channels", done.channels},
                                       {"blocks", done.blocks},
                                       {"intervals", done.intervals},
                                       {"bytes", done.bytes},
                                       {"held", done.held},
                                       {"billed", done.billed},
                                       {"dry_run", common.dry_run},
                                       {"files", std::move(files)}});
    }
    say(fmt::format("{} months of {} channels before {}, {} intervals in {} bytes, {}",
                    grouped(done.blocks), grouped(done.channels), done.before.to_string(),
                    grouped(done.intervals), grouped(done.bytes),
                    common.dry_run ? "would go" : "went into the archive"));
    say(fmt::format("{} stay for a legal hold, {} for a bill that may be made anew",
                    grouped(done.held), grouped(done.billed)));
    for (const auto& one : done.files) say(fmt::format("{}  {}", one.sha256, one.file));
    return 0;
}

Result<int> restore(const Common& common, const RetireOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::database_move));
    TRY(const auto done, app::restore_usage(*office, options.archive, common.dry_run));
    if (common.json) {
        return print_json(json::object{{"file", options.archive},
                                       {"blocks", done.blocks},
                                       {"restored", done.restored},
                                       {"dry_run", common.dry_run}});
    }
    say(fmt::format("{}: {} months of channels, {} {}", options.archive, grouped(done.blocks),
                    grouped(done.restored), common.dry_run ? "would come back" : "came back"));
    return 0;
}

void add_retirement(CLI::App& usage, Common& common) {
    static RetireOptions options;
    auto* retiring =
        add_use_case(usage, common, options, "retire",
                     "Take old intervals out into archive files, as the policy says", retire);
    add_dry_run(*retiring, common);
    retiring->add_option("--before", options.before,
                         "The first day that stays; else as the policy keeps");
    retiring->add_option("--out", common.out, "Folder of the archive files");
    auto* restoring = add_use_case(usage, common, options, "restore",
                                   "Put the intervals of an archive file back", restore);
    add_dry_run(*restoring, common);
    restoring->add_option("file", options.archive, "The archive file")->required();
}

void add_question(CLI::App& command, QuestionOptions& options) {
    command.add_option("--account", options.question.account,
                       "Account number, in the days in which it was served");
    command.add_option("--point", options.question.point,
                       "Number of a service point; with --account, one of its points");
    command.add_option("--meter", options.question.meter, "Serial of a meter, wherever it hung");
    command.add_option("--quantity", options.question.quantity,
                       "KWH unless said otherwise; GKWH is received energy");
    command.add_option("--from", options.from,
                       "First day, or a moment with its offset; else 62 days ago");
    command.add_option("--until", options.until, "Day or moment after the last; else tomorrow");
}

struct DeterminantOptions {
    app::DeterminantsRequest request;
    std::string read_date;
    std::string since;
    std::string file;
};

/// As CSV into a file, as JSON on request, else a line for each quantity.
Result<int> determinants(const Common& common, const DeterminantOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    app::Determinants found;
    if (!options.since.empty()) {
        TRY(const Date since, Date::parse(options.since));
        TRY(found, app::determinants_changed_since(*office, since));
    } else {
        app::DeterminantsRequest request = options.request;
        TRY(request.read_date, date_or(options.read_date, office->business_date()));
        TRY(found, app::determinants_of(*office, request));
    }
    if (!options.file.empty()) {
        TRY(const auto text, options.file.ends_with(".json")
                                 ? Result<std::string>(to_pretty_text(app::to_json(found)))
                                 : app::to_csv(found));
        write_file(options.file, text);
    }
    for (const auto& failure : found.failures) {
        note(fmt::format("{} {}: {} {}", failure.account, failure.cause, failure.message,
                         failure.next));
    }
    if (common.json) {
        print_json(app::to_json(found));
    } else if (options.file.empty()) {
        for (const auto& row : found.rows) {
            say(fmt::format("{} {} {:10} {:>14} {:3} {} to {} {} ({}) {}", row.account,
                            row.schedule, row.determinant, row.quantity, row.unit,
                            row.period.from.to_string(), row.period.until.to_string(), row.quality,
                            row.statuses, row.source));
        }
    } else {
        say(fmt::format("{}: {} quantities, {} agreements that cannot be measured", options.file,
                        grouped(static_cast<std::int64_t>(found.rows.size())),
                        grouped(static_cast<std::int64_t>(found.failures.size()))));
    }
    return found.failures.empty() ? 0 : static_cast<int>(ExitCode::some_rejected);
}

void add_determinants(CLI::App& usage, Common& common) {
    static DeterminantOptions options;
    auto* command =
        add_use_case(usage, common, options, "determinants",
                     "The quantities that bills rest on, and who cannot be measured", determinants);
    auto* whose = command->add_option_group("whose", "Whose quantities");
    whose->add_option("--account", options.request.account, "Account number");
    whose->add_option("--cycle", options.request.cycle, "A whole cycle");
    whose->add_option("--changed-since", options.since,
                      "Of bills whose reads changed on this day or later");
    whose->require_option(1);
    command->add_option("--read-date", options.read_date, "On which the period ends; else today");
    command->add_option("--out", options.file, "File to write: .csv or .json");
}

}  // namespace

void add_usage(CLI::App& app, Common& common) {
    static Options options;
    auto* usage = app.add_subcommand("usage", "What customers used");
    usage->require_subcommand(1);
    auto* exporting = usage->add_subcommand("export", "Write interval use as a file");
    add_common(*exporting, common);
    auto* whose = exporting->add_option_group("whose", "Whose use");
    whose->add_option("--account", options.request.account, "Account number");
    whose->add_option("--point", options.request.point,
                      "Number of a service point; with --account, one of its points");
    whose->require_option(1, 2);
    exporting->add_option("--from", options.from, "First day; else 400 days before the last");
    exporting->add_option("--until", options.until, "Day after the last; else today");
    exporting
        ->add_option("--format", options.request.format,
                     "green-button, green-button-csv or csv-intervals")
        ->required();
    exporting->add_option("--out", options.file, "File to write")->required();
    exporting->callback(
        [&common] { common.command = [&common] { return export_file(common, options); }; });
    static QuestionOptions shown;
    shown.question.step = "day";
    auto* showing = add_use_case(*usage, common, shown, "show",
                                 "Usage of any range by any step, as known on any day", show);
    add_question(*showing, shown);
    showing->add_option("--step", shown.question.step,
                        "interval, hour, day, week, month or bill; else day");
    showing->add_option("--known-on", shown.known_on,
                        "As known at the end of this business date; else all there is");
    static QuestionOptions compared;
    compared.question.step = "day";
    auto* comparing = add_use_case(*usage, common, compared, "changes",
                                   "What changed between two days, and who changed it", changes);
    add_question(*comparing, compared);
    comparing->add_option("--known-on", compared.known_on, "The earlier day; else the day before");
    comparing->add_option("--and-on", compared.and_on, "The later day; else the business date");
    add_retirement(*usage, common);
    add_determinants(*usage, common);
    usage->footer(
        "Examples:\n  watthour usage show --account 10000000017 --step month\n"
        "  watthour usage show --meter M-1017 --from 2026-05-03T06:00-07:00 --until "
        "2026-05-04 --step interval --known-on 2026-05-10\n"
        "  watthour usage changes --account 10000000017 --from 2026-05-01 --until 2026-06-01 "
        "--known-on 2026-06-02 --and-on 2026-06-09\n"
        "  watthour usage retire --dry-run\n"
        "  watthour usage export --account 10000000017 --format green-button --out "
        "use.xml\n"
        "  watthour usage export --account 10000000017 --from 2026-01-01 --until 2026-02-01 "
        "--format csv-intervals --out use.csv\n"
        "  watthour usage determinants --cycle 05 --read-date 2026-06-09 --out determinants.csv\n"
        "  watthour usage determinants --changed-since 2026-06-01");
}

}  // namespace watthour::cli
