// SPDX-License-Identifier: Apache-2.0
#include "app/summary.hpp"
#include "cli/terminal.hpp"
#include "sample/create_sample.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    bool sample = false;
    int accounts = 500;
    std::int64_t seed = 1;
    std::string from;
    std::string until;
};

int create(const Common& common, const Options& options) {
    const auto folder = common.out_folder();
    if (!folder) return refuse(common, folder.error());
    const auto outcome = sample::create_sample(
        {common.database, *folder, options.accounts, options.seed}, *common.clock);
    if (!outcome) return refuse(common, outcome.error());
    if (common.json) {
        json::array files;
        for (const auto& file : outcome->meter_files) files.emplace_back(file);
        json::array awkward;
        for (const auto& [kind, where] : outcome->awkward) {
            awkward.push_back(json::object{{"kind", kind}, {"where", where}});
        }
        return print_json(json::object{{"database", common.database},
                                       {"accounts", outcome->accounts},
                                       {"meters", outcome->meters},
                                       {"seed", options.seed},
                                       {"meter_files", std::move(files)},
                                       {"awkward", std::move(awkward)}});
    }
    say(fmt::format("Made the sample utility: {} accounts, {} meters, in {}",
                    grouped(outcome->accounts), grouped(outcome->meters), common.database));
    say(fmt::format("  {} meter files in {}/meters",
                    grouped(static_cast<std::int64_t>(outcome->meter_files.size())), *folder));
    return 0;
}

std::string amounts(const std::vector<storage::CountAndMoney>& rows) {
    std::string text;
    for (const auto& row : rows) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{} {}", row.name, dollars(row.amount));
    }
    return text.empty() ? "none" : text;
}

int summary(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const Date today = (*office)->business_date();
    const auto from = date_or(options.from, today - 7);
    if (!from) return refuse(common, from.error());
    const auto until = date_or(options.until, today + 3);
    if (!until) return refuse(common, until.error());
    const auto figures = app::summarize(**office, {*from, *until});
    const auto causes = (*office)->work().open_by_cause();
    if (common.json) {
        const auto to_rows = [](const std::vector<storage::CountAndMoney>& rows) {
            json::array array;
            for (const auto& row : rows) {
                array.push_back(json::object{
                    {"name", row.name}, {"count", row.count}, {"amount", row.amount.to_string()}});
            }
            return array;
        };
        json::array work;
        for (const auto& cause : causes) {
            work.push_back(json::object{{"kind", cause.kind},
                                        {"cause", cause.cause},
                                        {"count", cause.count},
                                        {"at_stake", cause.at_stake.to_string()}});
        }
        return print_json(json::object{{"from", from->to_string()},
                                       {"until", until->to_string()},
                                       {"accounts", figures.accounts},
                                       {"register_reads", figures.register_reads},
                                       {"interval_blocks", figures.interval_blocks},
                                       {"bills", figures.bills},
                                       {"bills_ever", figures.bills_ever},
                                       {"kwh", figures.delivered.to_string()},
                                       {"current_charges", figures.current_charges.to_string()},
                                       {"lines", to_rows(figures.lines)},
                                       {"payments", to_rows(figures.payments)},
                                       {"work_items", std::move(work)}});
    }
    say(fmt::format("{}, {} to {}", (*office)->utility().name, from->to_string(),
                    (*until - 1).to_string()));
    say(fmt::format("  accounts         {}", grouped(figures.accounts)));
    say(fmt::format("  reads            {} register reads; intervals in {} monthly blocks, {} KB",
                    grouped(figures.register_reads), grouped(figures.interval_blocks),
                    grouped(figures.block_bytes / 1024)));
    say(fmt::format("  bills            {} ({} since the reads began)", grouped(figures.bills),
                    grouped(figures.bills_ever)));
    say(fmt::format("  energy billed    {} kWh", figures.delivered.to_string()));
    say(fmt::format("  charges billed   {}", dollars(figures.current_charges)));
    say("  by line code     " + amounts(figures.lines));
    say("  paid by channel  " + amounts(figures.payments));
    say("  open work items:");
    for (const auto& cause : causes) {
        say(fmt::format("    {:>4}  {:<34} {:>12} at stake", cause.count, cause.cause,
                        dollars(cause.at_stake)));
    }
    return 0;
}

}  // namespace

void add_utility(CLI::App& app, Common& common) {
    static Options options;
    auto* utility = app.add_subcommand("utility", "The utility of a database");
    utility->require_subcommand(1);
    auto* creating = utility->add_subcommand("create", "Make a utility in a new database");
    add_common(*creating, common);
    creating->add_flag("--sample", options.sample, "The sample utility, City of Valdoro")
        ->required();
    creating->add_option("--accounts", options.accounts, "Accounts; 36,000 is the whole city")
        ->check(CLI::Range(1, 36000));
    creating->add_option("--seed", options.seed, "Same seed, same city");
    creating->add_option("--out", common.out, "Folder for files (default: beside the database)");
    creating->callback(
        [&common] { common.command = [&common] { return create(common, options); }; });
    auto* summing = utility->add_subcommand("summary", "What the days brought, in twenty lines");
    add_common(*summing, common);
    summing->add_option("--from", options.from,
                        "First day (default: a week before the business date)");
    summing->add_option("--until", options.until,
                        "Day after the last (default: three days on, for bills dated ahead)");
    summing->callback(
        [&common] { common.command = [&common] { return summary(common, options); }; });
    utility->footer(
        "Examples:\n  watthour utility create --sample\n"
        "  watthour utility create --sample --accounts 2000 --seed 7 --db sqlite:city.db\n"
        "  watthour utility summary --from 2026-06-01 --json");
}

}  // namespace watthour::cli
