// SPDX-License-Identifier: Apache-2.0
#include "app/reports.hpp"
#include "cli/print_answer.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::cli {
namespace {

struct Options {
    std::string name;
    std::string as_of;
    std::string known_on;
    std::string date;
};

int report(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::report_run);
    if (!office) return refuse(common, office.error());
    const auto as_of = date_or(options.as_of, (*office)->business_date());
    if (!as_of) return refuse(common, as_of.error());
    const auto known_on = date_or(options.known_on, service::now_known);
    if (!known_on) return refuse(common, known_on.error());
    auto answer = app::run_report(**office, options.name, *as_of, *known_on);
    if (!answer) return refuse(common, answer.error());
    if (common.json) return print_json(*answer);
    say(fmt::format("{} as of {}{}", options.name, as_of->to_string(),
                    options.known_on.empty() ? "" : ", as known on " + options.known_on));
    print_table(answer->at("rows").get_array());
    for (const auto& [key, value] : answer->at("totals").get_object()) {
        say(fmt::format("total {}: {}", std::string_view(key), cell_text(value)));
    }
    return 0;
}

int reconcile(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    const app::CashDay day = app::reconcile_cash(**office, *date);
    if (common.json) {
        auto answer = app::run_report(**office, "cash-receipts", *date);
        if (!answer) return refuse(common, answer.error());
        print_json(*answer);
    } else {
        say(fmt::format("Cash of {}", date->to_string()));
        for (const auto& line : day.lines) {
            say(fmt::format("  {:<9} {:<34} {:>6} items {:>14}{}", line.channel,
                            line.batch.substr(0, 34), grouped(line.count), dollars(line.posted),
                            line.declared ? "  file says " + dollars(*line.declared) : ""));
        }
        say(fmt::format("  posted {}, ledger account 1015 moved {}: {}", dollars(day.posted),
                        dollars(day.ledger_movement), day.ties ? "they agree" : "THEY DIFFER"));
        say(fmt::format("  in suspense (2330): {}", dollars(day.suspense_balance)));
    }
    return day.ties ? 0 : static_cast<int>(ExitCode::invalid);
}

}  // namespace

void add_report(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand("report", "Run a report as of any day");
    add_common(*command, common);
    command->add_option("name", options.name, "One of: " + app::known_reports())->required();
    command->add_option("--known-on", options.known_on,
                        "From what was recorded through this day: the figures as they were filed");
    command->add_option("--as-of", options.as_of, "Business date, year-month-day");
    command->footer(
        "Examples:\n  watthour report trial-balance\n"
        "  watthour report trial-balance --as-of 2026-05-31 --json\n"
        "  watthour report trial-balance --as-of 2026-05-31 --known-on 2026-06-02\n"
        "  watthour report billing-register --as-of 2026-06-10");
    command->callback(
        [&common] { common.command = [&common] { return report(common, options); }; });

    auto* cash = app.add_subcommand("cash", "Cash of a day");
    cash->require_subcommand(1);
    auto* day = cash->add_subcommand("reconcile", "Posted against files and ledger, by channel");
    add_common(*day, common);
    day->add_option("--date", options.date, "Business date, year-month-day");
    day->footer(
        "Examples:\n  watthour cash reconcile\n  watthour cash reconcile --date 2026-06-12\n"
        "  watthour cash reconcile --json");
    day->callback([&common] { common.command = [&common] { return reconcile(common, options); }; });
}

}  // namespace watthour::cli
