// SPDX-License-Identifier: Apache-2.0
#include "app/replay.hpp"
#include "cases/tariff_source.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string tariffs;
    std::string from;
    std::string until;
};

int replay(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_preview);
    if (!office) return refuse(common, office.error());
    const auto from = date_or(options.from, Date());
    if (!from) return refuse(common, from.error());
    const auto until = date_or(options.until, end_of_time);
    if (!until) return refuse(common, until.error());
    std::optional<tariff::Catalogue> other;
    if (!options.tariffs.empty()) {
        auto loaded = cases::load_tariff(options.tariffs, "");
        if (!loaded) return refuse(common, loaded.error());
        other = std::move((*loaded).catalogue);
    }
    const auto outcome = app::replay(
        **office, other ? *other : (*office)->catalogue(), {*from, *until},
        [&](std::int64_t done, std::int64_t of) { progress(common, "accounts", done, of); });
    progress_done(common);
    if (common.json) {
        print_json(app::to_json(outcome));
    } else {
        say(fmt::format("{} bills computed again, {} the same.", grouped(outcome.bills),
                        grouped(outcome.same)));
        for (const auto& [cause, total] : outcome.by_cause()) {
            say(fmt::format("  {:<44} {:>9} bills {:>16}", cause, grouped(total.first),
                            dollars(total.second)));
        }
        std::size_t shown = 0;
        for (const app::ReplayDifference& one : outcome.differences) {
            if (++shown > 20) {
                say("  ... all of them with --json");
                break;
            }
            say(fmt::format("  {:<22} {:>12} -> {:>12}  {}", one.bill, dollars(one.then),
                            dollars(one.now), one.first_line));
        }
    }
    return outcome.unexplained == 0 ? 0 : static_cast<int>(ExitCode::invalid);
}

}  // namespace

void add_replay(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand(
        "replay", "Compute every issued bill again and show what would come out otherwise");
    add_common(*command, common);
    command->add_option("--tariffs", options.tariffs,
                        "Folder of tariffs to compute with, instead of those in force");
    command->add_option("--from", options.from, "Bills dated from this day on");
    command->add_option("--until", options.until, "Bills dated before this day");
    command->footer(
        "Examples:\n  watthour replay\n  watthour replay --from 2026-05-01 --json\n"
        "  watthour replay --tariffs proposed");
    command->callback(
        [&common] { common.command = [&common] { return replay(common, options); }; });
}

}  // namespace watthour::cli
