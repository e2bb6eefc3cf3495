// SPDX-License-Identifier: Apache-2.0
#include "app/case_views.hpp"
#include "base/words.hpp"
#include "cli/print_answer.hpp"
#include "cli/reader_language.hpp"
#include "cli/terminal.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <string>

namespace watthour::cli {
namespace {

struct Options {
    std::string lang = "en";
    app::CaseOpening opening;
    std::string discovered;
    std::string kind;
    std::string state = "open";
    std::string meter;
    std::string number;
    app::StepAnswer answer;
    app::Conclusion conclusion;
    std::string from;
    std::string until;
};

Result<std::optional<Date>> day_of(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
}

/// What an act did, in lines.
int tell(const Common& common, const Options& options, const app::CaseDone& done) {
    if (common.json)
        return print_json(app::to_json(done, common.dry_run, language_named(options.lang)));
    const auto& one = done.the_case;
    say(fmt::format("{}Case {}: {} of meter {}, {}", common.dry_run ? "Would be: " : "",
                    one.id.value,
                    Words::of(language_named(options.lang))
                        .text("case.kind." + std::string(investigation::to_text(one.kind))),
                    one.meter, one.state));
    for (const auto& piece : done.evidence) {
        say(fmt::format("  {:<26} {}", piece.step,
                        worklist::in_words(piece.words, language_named(options.lang))));
    }
    for (const auto& made : done.corrections) {
        say(fmt::format("  account {}: {} kWh, {} from {} to {}",
                        customers::account_number({made.account}), made.difference.to_string(),
                        dollars(made.amount), made.allowed.from.to_string(),
                        made.allowed.until.to_string()));
        for (const auto& bill : made.bills) {
            say(fmt::format("    {} {} kWh and not {}, {} and not {}", bill.bill,
                            bill.corrected.to_string(), bill.billed.to_string(), dollars(bill.now),
                            dollars(bill.then)));
        }
    }
    for (const auto& proposal : done.proposals) {
        say(fmt::format("  proposed: {} (work item {})", proposal.kind, proposal.work_item));
    }
    if (done.follows) say(fmt::format("  opened: case {}", done.follows->id.value));
    return 0;
}

Result<int> open(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::CaseOpening opening = options.opening;
    TRY(opening.discovered, day_of(options.discovered));
    opening.dry_run = common.dry_run;
    TRY(const auto done, app::open_case(*office, opening));
    return tell(common, options, done);
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    TRY(auto rows, app::list_cases(*office, options.kind, options.state, options.meter));
    if (common.json) return print_json(json::object{{"items", std::move(rows)}});
    print_table(rows);
    return 0;
}

/// The steps as a list of questions with what is known and what was answered.
void print_steps(const json::object& view, std::string_view language) {
    for (const auto& value : view.at("steps").as_array()) {
        const auto& step = value.as_object();
        const bool answered = step.at("result").is_string();
        say(fmt::format("[{}] {}: {}", answered ? "x" : " ",
                        std::string_view(step.at("step").as_string()),
                        std::string_view(step.at("asks").at(language).as_string())));
        for (const auto& piece : step.at("evidence").as_array()) {
            say(fmt::format("      {}", std::string_view(piece.at("words").as_string())));
        }
        if (answered) {
            say(fmt::format("      -> {} by {} on {}: {}",
                            std::string_view(step.at("result").as_string()),
                            std::string_view(step.at("by").as_string()),
                            std::string_view(step.at("on").as_string()),
                            std::string_view(step.at("found").as_string())));
        }
    }
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    TRY(const auto view, app::case_view(*office, options.number, language_named(options.lang)));
    if (common.json) return print_json(view);
    say(fmt::format("Case {}: {}, {}, meter {}, discovered {}",
                    std::string_view(view.at("case").as_string()),
                    std::string_view(view.at("name").at(options.lang).as_string()),
                    std::string_view(view.at("state").as_string()),
                    std::string_view(view.at("meter").as_string()),
                    std::string_view(view.at("discovered_on").as_string())));
    say(std::string(view.at("why").as_string()));
    print_steps(view, options.lang);
    say("It may end as:");
    for (const auto& value : view.at("findings").as_array()) {
        say(fmt::format("  {:<22} {} (after {})", std::string_view(value.at("finding").as_string()),
                        std::string_view(value.at("name").at(options.lang).as_string()),
                        std::string_view(value.at("after").as_string())));
    }
    for (const auto& value : view.at("proposals").as_array()) {
        say(fmt::format("Proposed: {} (work item {})",
                        std::string_view(value.at("kind").as_string()),
                        std::string_view(value.at("work_item").as_string())));
    }
    return 0;
}

Result<int> step(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::StepAnswer answer = options.answer;
    answer.number = options.number;
    answer.dry_run = common.dry_run;
    TRY(const auto done, app::answer_step(*office, answer));
    return tell(common, options, done);
}

Result<int> conclude(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::Conclusion conclusion = options.conclusion;
    conclusion.number = options.number;
    TRY(conclusion.from, day_of(options.from));
    TRY(conclusion.until, day_of(options.until));
    conclusion.dry_run = common.dry_run;
    TRY(const auto done, app::conclude_case(*office, conclusion));
    return tell(common, options, done);
}

Result<int> detect(const Common& common, const Options& /*options*/) {
    TRY(const auto office, common.office());
    TRY(const auto outcome, app::detect_cases(*office, common.dry_run));
    if (common.json) return print_json(app::to_json(outcome, common.dry_run));
    for (const auto& one : outcome.opened) {
        say(fmt::format("Case {}: {} of meter {}. {}", one.id.value,
                        investigation::to_text(one.kind), one.meter, one.why));
    }
    say(fmt::format("{} signals seen, {} cases {}.", outcome.seen, outcome.opened.size(),
                    common.dry_run ? "would be opened" : "opened"));
    return 0;
}

using Act = Result<int> (*)(const Common&, const Options&);

CLI::App& add(CLI::App& parent, Common& common, Options& options, const std::string& name,
              const std::string& text, Act act, bool writes) {
    CLI::App& command = *parent.add_subcommand(name, text);
    add_common(command, common);
    if (writes) add_dry_run(command, common);
    command.callback([&common, &options, act] {
        common.command = [&common, &options, act] {
            const auto exit = act(common, options);
            return exit ? *exit : refuse(common, exit.error());
        };
    });
    add_language(command, options.lang);
    return command;
}

}  // namespace

void add_case(CLI::App& app, Common& common) {
    static Options options;
    auto* cases =
        app.add_subcommand("case", "Investigate: what is suspected, found, and corrected");
    cases->require_subcommand(1);
    CLI::App& opening =
        add(*cases, common, options, "open", "Open a case with its evidence", open, true);
    opening
        .add_option("kind", options.opening.kind,
                    "high_bill, zero_usage, non_registration, tampering, crossed_meters, "
                    "inactive_use, multiplier_doubt")
        ->required();
    opening.add_option("--meter", options.opening.meter, "Serial of the meter");
    opening.add_option("--account", options.opening.account,
                       "Its account, where no meter is named");
    opening.add_option("--other-meter", options.opening.other_meter, "Of crossed meters");
    opening.add_option("--discovered", options.discovered,
                       "Day from which limits are counted back; else the business date");
    opening.add_option("--why", options.opening.why, "What is suspected; kept with the case");
    CLI::App& listing =
        add(*cases, common, options, "list", "Cases, the oldest first", list, false);
    listing.add_option("--kind", options.kind, "Only of this kind");
    listing.add_option("--state", options.state, "Of this state; open: not closed yet; all")
        ->capture_default_str();
    listing.add_option("--meter", options.meter, "Only of this meter");
    const auto number = [&](CLI::App& command) {
        command.add_option("case", options.number, "Number of the case")->required();
    };
    number(add(*cases, common, options, "show", "A case with its steps and evidence", show, false));
    CLI::App& answering =
        add(*cases, common, options, "step", "Answer a step, or tell a state", step, true);
    number(answering);
    answering
        .add_option("step", options.answer.step,
                    "The step; or charged, paid, disputed, referred of a tampering case")
        ->required();
    answering
        .add_option("--result", options.answer.result,
                    "clear, explains, not_possible; ordered: someone is sent")
        ->capture_default_str();
    answering.add_option("--found", options.answer.found, "What was found, in words");
    CLI::App& ending = add(*cases, common, options, "conclude",
                           "End a case with a finding and what follows from it", conclude, true);
    number(ending);
    ending.add_option("finding", options.conclusion.finding, "As watthour case show lists them")
        ->required();
    ending.add_option("--why", options.conclusion.why, "Kept with the case");
    ending.add_option("--from", options.from, "First provable day, where bills are corrected");
    ending.add_option("--until", options.until, "First day after the error; else the discovery");
    ending.add_option("--multiplier", options.conclusion.multiplier, "The right one");
    ending.add_option("--registration", options.conclusion.registration,
                      "Percent; else of the meter's last test");
    ending.add_option("--use-a-day", options.conclusion.use_a_day,
                      "kWh; else of a period before the error");
    add(*cases, common, options, "detect", "Open cases for what bills, events and meters show",
        detect, true);
    cases->footer(
        "Examples:\n"
        "  watthour case open high_bill --account 10000000017 --why \"customer called\"\n"
        "  watthour case step 5512 reads_and_multiplier --found \"reads follow each other\"\n"
        "  watthour case conclude 5512 estimate_trued_up --why \"May was estimated\" --dry-run\n"
        "  watthour case detect --dry-run");
}

}  // namespace watthour::cli
