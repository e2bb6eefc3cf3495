// SPDX-License-Identifier: Apache-2.0
#include "app/change_programs.hpp"
#include "app/post_payments.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string account;
    std::string code;
    std::int64_t agreement = 0;
    std::string on;
    std::string known_on;
    std::string why;
};

std::string until_text(Date until) {
    return until == end_of_time ? "" : " until " + until.to_string();
}

json::object to_json(std::int64_t agreement, const service::AgreementProgram& program) {
    return {{"agreement", agreement},
            {"kind", program.kind},
            {"code", program.code},
            {"from", program.active.from.to_string()},
            {"until", program.active.until == end_of_time
                          ? json::value()
                          : json::value(program.active.until.to_string())}};
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto account, app::find_account(*office, options.account));
    TRY(const Date known_on, date_or(options.known_on, service::now_known));
    json::array array;
    for (const auto& served : office->service().agreements_of_account(account.id, known_on)) {
        for (const auto& program : served.agreement.programs) {
            array.push_back(to_json(served.agreement.id.value, program));
            if (common.json) continue;
            say(fmt::format("{} {:<10} from {}{}  on {} at {}", program.kind, program.code,
                            program.active.from.to_string(), until_text(program.active.until),
                            served.agreement.schedule, served.premise.street));
        }
    }
    if (common.json) return print_json(std::move(array));
    if (array.empty()) say("No discounts and no exemptions.");
    return 0;
}

Result<int> change(const Common& common, const Options& options,
                   Result<app::ProgramOutcome> (*use_case)(app::Office&,
                                                           const app::ProgramChange&)) {
    TRY(const auto office, common.office());
    app::ProgramChange wanted;
    wanted.account = options.account;
    if (options.agreement != 0) wanted.agreement = options.agreement;
    wanted.code = options.code;
    TRY(wanted.on, date_or(options.on, office->business_date()));
    wanted.why = options.why;
    wanted.dry_run = common.dry_run;
    TRY(const auto outcome, use_case(*office, wanted));
    if (common.json) {
        json::object object = to_json(outcome.agreement.id.value, outcome.after);
        object["dry_run"] = common.dry_run;
        object["billed_before"] =
            json::array(outcome.billed_before.begin(), outcome.billed_before.end());
        return print_json(object);
    }
    const auto& after = outcome.after;
    say(fmt::format("{} {} {}: {}{}{}", common.dry_run ? "Would change:" : "Changed:", after.kind,
                    after.code, after.active.is_empty() ? "never held" : "from ",
                    after.active.is_empty() ? "" : after.active.from.to_string(),
                    after.active.is_empty() ? "" : until_text(after.active.until)));
    if (!outcome.billed_before.empty()) {
        note(
            fmt::format("{} bills of these days were issued before and stay as they are; the "
                        "inbox has an item to decide: {}",
                        outcome.billed_before.size(), fmt::join(outcome.billed_before, ", ")));
    }
    return 0;
}

}  // namespace

void add_program(CLI::App& app, Common& common) {
    static Options options;
    auto* program = app.add_subcommand("program", "Discounts and exemptions of agreements");
    program->require_subcommand(1);
    const auto run = [&common](auto use_case) {
        return [&common, use_case] {
            common.command = [&common, use_case] {
                const Result<int> answer = use_case();
                return answer ? *answer : refuse(common, answer.error());
            };
        };
    };
    auto* listing = program->add_subcommand("list", "What an account has, or was known to have");
    add_common(*listing, common);
    listing->add_option("account", options.account, "Account number")->required();
    listing->add_option("--known-on", options.known_on, "As it was known at the end of this day");
    listing->callback(run([&common] { return list(common, options); }));
    const auto changing = [&](const char* name, const char* what, const char* on, auto use_case) {
        auto* command = program->add_subcommand(name, what);
        add_common(*command, common);
        add_dry_run(*command, common);
        command->add_option("account", options.account, "Account number")->required();
        command->add_option("code", options.code, "EAP, MED-ALLOW, SENIOR, ...")->required();
        command->add_option("--agreement", options.agreement, "Where the account has several");
        command->add_option("--on", options.on, on);
        command->add_option("--why", options.why, "The reason, kept with the change")->required();
        command->callback(run([&common, use_case] { return change(common, options, use_case); }));
    };
    changing("add", "Begin a discount or an exemption", "Its first day; else the business date",
             app::add_program);
    changing("end", "End it; on its first day: it never held",
             "The first day without it; else the business date", app::end_program);
    program->footer(
        "Examples:\n  watthour program add 10000000017 EAP --on 2026-06-10 --why \"form of 9 "
        "June\"\n"
        "  watthour program end 10000000017 EAP --on 2026-07-01 --why \"did not renew\"\n"
        "  watthour program list 10000000017 --known-on 2026-05-31");
}

}  // namespace watthour::cli
