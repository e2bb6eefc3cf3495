// SPDX-License-Identifier: Apache-2.0
#include "app/cycle_report.hpp"
#include "app/work_jobs.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string cycle;
    std::string date;
    int threads = 2;
    int group = 0;
    bool names = false;
};

void print_outcome(const json::object& report) {
    const auto text = [&](const char* key) { return std::string(report.at(key).as_string()); };
    const auto number = [&](const char* key) { return report.at(key).as_int64(); };
    const bool preview = report.at("dry_run").as_bool();
    const auto& exceptions = report.at("exceptions").as_array();
    if (number("billed") == 0 && number("already_billed") > 0) {
        say(fmt::format("Cycle {} read {}: nothing new to bill, {} billed before, {} still held",
                        text("cycle"), text("read_date"), grouped(number("already_billed")),
                        grouped(number("held"))));
        for (const auto& exception : exceptions) {
            say(fmt::format("  held {} {}", std::string_view(exception.at("account").as_string()),
                            std::string_view(exception.at("cause").as_string())));
        }
        return;
    }
    say(fmt::format("Cycle {} read {}, bills dated {}, due {}{}", text("cycle"), text("read_date"),
                    text("bill_date"), text("due_date"),
                    preview ? " (preview, nothing written)" : ""));
    say(fmt::format("  {} {} accounts, {} kWh, {}", preview ? "would bill" : "billed",
                    grouped(number("billed")), text("kwh"),
                    dollars(*Money::parse(text("current_charges")))));
    if (number("already_billed") > 0) {
        say(fmt::format("  {} were billed before", grouped(number("already_billed"))));
    }
    if (number("merged") > 0) {
        say(fmt::format("  {} first periods are too short and wait for the next bill",
                        grouped(number("merged"))));
    }
    if (!preview) return;
    for (const auto& line : report.at("lines").as_array()) {
        say(fmt::format("    {:<12} {:>6} lines {:>14}",
                        std::string_view(line.at("code").as_string()),
                        grouped(line.at("lines").as_int64()),
                        dollars(*Money::parse(line.at("amount").as_string()))));
    }
    for (const auto& exception : exceptions) {
        say(fmt::format("  held {} {}: {}", std::string_view(exception.at("account").as_string()),
                        std::string_view(exception.at("cause").as_string()),
                        std::string_view(exception.at("evidence").as_string())));
    }
}

Result<json::object> preview(app::Office& office, const Options& options, Date date) {
    app::CycleRequest request;
    request.cycle = options.cycle;
    request.date = date;
    request.mode = app::RunMode::preview;
    request.threads = options.threads;
    TRY(const auto outcome, app::run_cycle(office, request));
    return app::to_report(outcome.window, request.mode,
                          app::add_records({app::to_record(outcome)}));
}

/// A run is a job: another process that runs the same cycle shares it, and one that was cut off is
/// gone on with.
Result<json::object> post(const Common& common, app::Office& office, const Options& options,
                          Date date) {
    app::JobRequest request;
    request.kind = "cycle_run";
    request.parameters = {
        {"cycle", options.cycle}, {"date", date.to_string()}, {"threads", options.threads}};
    if (options.group > 0) request.parameters["group"] = options.group;
    TRY(const auto job, app::submit_job(office, request));
    auto report = app::finish_job(
        office, job.id, [&](const jobs::Unit& /*unit*/, const jobs::Progress& units) {
            progress(common, "cycle " + options.cycle, units.done, units.all());
        });
    progress_done(common);
    return report;
}

int run(const Common& common, const Options& options) {
    const auto office = common.office_for(common.dry_run ? access::permissions::bill_preview
                                                         : access::permissions::bill_run);
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    const auto report =
        common.dry_run ? preview(**office, options, *date) : post(common, **office, options, *date);
    if (!report) return refuse(common, report.error());
    if (common.json) {
        print_json(*report);
    } else {
        print_outcome(*report);
    }
    const bool all = report->at("exceptions").as_array().empty();
    return all ? 0 : static_cast<int>(ExitCode::some_rejected);
}

/// The cycles whose calculation day it is, and those with an open window and accounts held.
int due(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    json::array rows;
    for (const auto& one : app::cycles_to_run(**office, *date)) {
        const auto& row = one.window;
        if (!common.json) {
            say(options.names ? row.cycle + (one.ran ? " held" : " new")
                              : fmt::format("cycle {} read {}: {}", row.cycle, row.read.to_string(),
                                            one.ran ? fmt::format("{} accounts held", one.held)
                                                    : "not run yet"));
        }
        rows.push_back(json::object{{"cycle", row.cycle},
                                    {"read_date", row.read.to_string()},
                                    {"run", one.ran},
                                    {"held", one.held}});
    }
    return common.json ? print_json(json::object{{"cycles", std::move(rows)}}) : 0;
}

}  // namespace

void add_cycle(CLI::App& app, Common& common) {
    static Options options;
    auto* cycle = app.add_subcommand("cycle", "Billing cycles");
    cycle->require_subcommand(1);
    auto* listing =
        cycle->add_subcommand("due", "Cycles to run tonight: open windows not yet done");
    add_common(*listing, common);
    listing->add_option("--date", options.date, "Business date, year-month-day");
    listing->add_flag("--names", options.names, "Only names and new or held, for scripts");
    listing->callback([&common] { common.command = [&common] { return due(common, options); }; });
    auto* running =
        cycle->add_subcommand("run", "Bill every account of a cycle whose window is open");
    add_common(*running, common);
    add_dry_run(*running, common);
    running->add_option("cycle", options.cycle, "Cycle, 01 to 20")->required();
    running->add_option("--date", options.date, "Business date of the run, year-month-day");
    running->add_option("--threads", options.threads, "Threads that rate")
        ->check(CLI::Range(1, 64));
    running->add_option("--group", options.group, "Accounts of a unit that a worker claims (500)")
        ->check(CLI::Range(1, 100000));
    running->footer(
        "Exit 0: all billed; 1: some held as work items.\n"
        "Examples:\n  watthour cycle run 05 --date 2026-06-09 --dry-run\n"
        "  watthour cycle run 05 --date 2026-06-09\n"
        "  watthour cycle run 05 --json | jq .exceptions");
    running->callback([&common] {
        common.resumable = true;
        common.command = [&common] { return run(common, options); };
    });
}

}  // namespace watthour::cli
