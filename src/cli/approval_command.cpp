// SPDX-License-Identifier: Apache-2.0
#include "access/errors.hpp"
#include "app/authorize.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string id;
    std::string why;
};

int list(const Common& common) {
    const auto office = common.office_for(access::permissions::work_view);
    if (!office) return refuse(common, office.error());
    const auto approvals = (*office)->approvals().open();
    json::array rows;
    for (const auto& approval : approvals) {
        if (common.json) {
            rows.push_back(app::to_json(approval));
            continue;
        }
        say(fmt::format("{:<20} {:<14} {:>14} asked by {}: {}", approval.id.value,
                        approval.use_case, approval.amount ? dollars(*approval.amount) : "-",
                        approval.maker, approval.why));
        say("    " + approval.parameters);
    }
    if (common.json) return print_json(json::object{{"approvals", std::move(rows)}});
    say(fmt::format("{} approvals are open.", approvals.size()));
    return 0;
}

int decide(const Common& common, const Options& options, app::Verdict verdict) {
    const auto office = common.office_for(access::permissions::work_approve);
    if (!office) return refuse(common, office.error());
    const auto number = parse_integer(options.id);
    const auto decided =
        app::decide_approval(**office, {number ? *number : 0}, verdict, options.why);
    if (!decided) return refuse(common, decided.error());
    if (common.json) return print_json(app::to_json(*decided));
    say(fmt::format("Approval {} of {} is {}.", decided->id.value, decided->use_case,
                    decided->state));
    return 0;
}

}  // namespace

void add_approval(CLI::App& app, Common& common) {
    static Options options;
    auto* approval = app.add_subcommand("approval", "What waits for a second person");
    approval->require_subcommand(1);
    auto* listing = approval->add_subcommand("list", "Approvals that are open");
    add_common(*listing, common);
    listing->callback([&common] { common.command = [&common] { return list(common); }; });
    const auto add = [&](const char* verb, const char* help, app::Verdict verdict) {
        auto* command = approval->add_subcommand(verb, help);
        add_common(*command, common);
        command->add_option("id", options.id, "Number of the approval")->required();
        command->add_option("--why", options.why, "The reason, kept with the decision")->required();
        command->callback([&common, verdict] {
            common.command = [&common, verdict] { return decide(common, options, verdict); };
        });
    };
    add("approve", "Agree: it is done now", app::Verdict::approve);
    add("decline", "Disagree: it is not done", app::Verdict::decline);
    approval->footer(
        "Who asked cannot approve. WATTHOUR_USER says who gives the command.\n"
        "Examples:\n  watthour approval list\n"
        "  watthour approval approve 4611686018427387904 --why \"seen the check\"\n"
        "  watthour approval decline 4611686018427387904 --why \"wrong account\"");
}

}  // namespace watthour::cli
