// SPDX-License-Identifier: Apache-2.0
#include "app/run_cycle.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string cycle;
    std::string date;
    int threads = 2;
    bool names = false;
};

json::object to_json(const app::CycleOutcome& outcome) {
    json::array bills;
    for (const auto& bill : outcome.bills) {
        bills.push_back(json::object{{"bill", bill.number},
                                     {"account", customers::account_number(bill.account)},
                                     {"from", bill.period.from.to_string()},
                                     {"until", bill.period.until.to_string()},
                                     {"previous_balance", bill.previous_balance.to_string()},
                                     {"activity", bill.activity_total.to_string()},
                                     {"current_charges", bill.current_charges.to_string()},
                                     {"amount_due", bill.amount_due.to_string()}});
    }
    json::array exceptions;
    for (const auto& exception : outcome.exceptions) {
        exceptions.push_back(json::object{{"account", customers::account_number(exception.account)},
                                          {"cause", exception.cause},
                                          {"evidence", exception.evidence},
                                          {"next_step", exception.next_step},
                                          {"at_stake", exception.at_stake.to_string()}});
    }
    json::array lines;
    for (const auto& line : outcome.lines) {
        lines.push_back(json::object{
            {"code", line.code}, {"lines", line.lines}, {"amount", line.amount.to_string()}});
    }
    const std::int64_t billed = static_cast<std::int64_t>(outcome.bills.size());
    const std::int64_t held = static_cast<std::int64_t>(outcome.exceptions.size());
    return {{"cycle", outcome.window.cycle},
            {"read_date", outcome.window.read.to_string()},
            {"bill_date", outcome.window.mail.to_string()},
            {"due_date", outcome.window.due.to_string()},
            {"dry_run", outcome.mode == app::RunMode::preview},
            {"billed", billed},
            {"held", held},
            {"already_billed", outcome.already_billed},
            {"merged", outcome.merged},
            {"kwh", outcome.delivered.to_string()},
            {"current_charges", outcome.total.to_string()},
            {"lines", std::move(lines)},
            {"bills", std::move(bills)},
            {"exceptions", std::move(exceptions)}};
}

void print_outcome(const app::CycleOutcome& outcome) {
    const bool preview = outcome.mode == app::RunMode::preview;
    if (outcome.bills.empty() && outcome.already_billed > 0) {
        say(fmt::format("Cycle {} read {}: nothing new to bill, {} billed before, {} still held",
                        outcome.window.cycle, outcome.window.read.to_string(),
                        grouped(outcome.already_billed),
                        grouped(static_cast<std::int64_t>(outcome.exceptions.size()))));
        for (const auto& exception : outcome.exceptions) {
            say(fmt::format("  held {} {}", customers::account_number(exception.account),
                            exception.cause));
        }
        return;
    }
    say(fmt::format("Cycle {} read {}, bills dated {}, due {}{}", outcome.window.cycle,
                    outcome.window.read.to_string(), outcome.window.mail.to_string(),
                    outcome.window.due.to_string(), preview ? " (preview, nothing written)" : ""));
    say(fmt::format("  {} {} accounts, {} kWh, {}", preview ? "would bill" : "billed",
                    grouped(static_cast<std::int64_t>(outcome.bills.size())),
                    outcome.delivered.to_string(), dollars(outcome.total)));
    if (outcome.already_billed > 0) {
        say(fmt::format("  {} were billed before", grouped(outcome.already_billed)));
    }
    if (outcome.merged > 0) {
        say(fmt::format("  {} first periods are too short and wait for the next bill",
                        grouped(outcome.merged)));
    }
    if (!preview) return;
    for (const auto& line : outcome.lines) {
        say(fmt::format("    {:<12} {:>6} lines {:>14}", line.code, grouped(line.lines),
                        dollars(line.amount)));
    }
    for (const auto& exception : outcome.exceptions) {
        say(fmt::format("  held {} {}: {}", customers::account_number(exception.account),
                        exception.cause, exception.evidence));
    }
}

int run(const Common& common, const Options& options) {
    const auto office = common.office_for(common.dry_run ? access::permissions::bill_preview
                                                         : access::permissions::bill_run);
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    app::CycleRequest request;
    request.cycle = options.cycle;
    request.date = *date;
    request.mode = common.dry_run ? app::RunMode::preview : app::RunMode::post;
    request.threads = options.threads;
    const auto outcome = app::run_cycle(**office, request, [&](std::int64_t done, std::int64_t of) {
        progress(common, "cycle " + options.cycle, done, of);
    });
    progress_done(common);
    if (!outcome) return refuse(common, outcome.error());
    if (common.json) {
        print_json(to_json(*outcome));
    } else {
        print_outcome(*outcome);
    }
    return outcome->exceptions.empty() ? 0 : static_cast<int>(ExitCode::some_rejected);
}

/// The cycles whose calculation day it is, and those with an open window and accounts held.
int due(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    json::array rows;
    const auto runs = (*office)->bills().runs();
    for (const auto& row : (*office)->catalogue().cycles.rows()) {
        if (row.calc > *date || row.read > *date) continue;
        const auto window = app::open_window((*office)->catalogue(), row.cycle, *date);
        if (!window || window->read != row.read) continue;
        std::int64_t held = 0;
        bool ran = false;
        for (const auto& run : runs) {
            if (run.cycle != row.cycle || run.read_date != row.read) continue;
            ran = true;
            held = run.held;
        }
        if (ran && held == 0) continue;
        if (!common.json) {
            say(options.names
                    ? row.cycle + (ran ? " held" : " new")
                    : fmt::format("cycle {} read {}: {}", row.cycle, row.read.to_string(),
                                  ran ? fmt::format("{} accounts held", held) : "not run yet"));
        }
        rows.push_back(json::object{{"cycle", row.cycle},
                                    {"read_date", row.read.to_string()},
                                    {"run", ran},
                                    {"held", held}});
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
