// SPDX-License-Identifier: Apache-2.0
// Statements of an investigation: cases, their steps and findings, and what they propose.
#include "app/detect_cases.hpp"
#include "app/investigate.hpp"
#include "stage.hpp"
#include "storage/case_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

namespace watthour::scenarios {
namespace {

const app::CaseDone& last_act(Stage& stage) {
    if (!stage.case_done) throw NotUnderstood("nothing was done with a case yet");
    return *stage.case_done;
}

std::string number_of(Stage& stage) { return std::to_string(last_act(stage).the_case.id.value); }

void keep(Stage& stage, Result<app::CaseDone> done) {
    if (stage.took(done)) stage.case_done = *std::move(done);
}

/// `investigate high_bill of M-77 [with M-78] because "..." [discovered D] [dry]`
void open(Stage& stage, Words& words) {
    app::CaseOpening opening;
    opening.kind = words.text("a kind");
    words.literal("of");
    opening.meter = words.text("a meter");
    if (words.maybe("with")) opening.other_meter = words.text("a meter");
    words.literal("because");
    opening.why = words.text("a reason");
    if (words.maybe("discovered")) opening.discovered = words.date();
    opening.dry_run = words.maybe("dry");
    stage.before_step();
    keep(stage, app::open_case(stage.office(), opening));
}

/// `look into tampering of M-77`: goes on with the case that a detector opened.
void look_into(Stage& stage, Words& words) {
    words.literal("into");
    const std::string kind = words.text("a kind");
    words.literal("of");
    const std::string meter = words.text("a meter");
    app::CaseDone found;
    bool any = false;
    for (auto& one : storage::CaseRows(stage.office().database()).list()) {
        if (investigation::to_text(one.kind) != kind || one.meter != meter) continue;
        found.evidence = storage::CaseRows(stage.office().database()).evidence(one);
        found.the_case = std::move(one);
        any = true;
    }
    if (!any) throw NotUnderstood("meter " + meter + " has no case of " + kind);
    stage.case_done = std::move(found);
}

/// `answer reads_and_multiplier clear "they follow each other"`
void answer(Stage& stage, Words& words) {
    app::StepAnswer given;
    given.number = number_of(stage);
    given.step = words.text("a step");
    given.result = words.text("a result");
    given.found = words.text("what was found");
    given.dry_run = words.maybe("dry");
    stage.before_step();
    keep(stage, app::answer_step(stage.office(), given));
}

/// `conclude crossed because "..." [from D] [until D] [multiplier X] [registration X] [a-day X]
/// [dry]`
void conclude(Stage& stage, Words& words) {
    app::Conclusion conclusion;
    conclusion.number = number_of(stage);
    conclusion.finding = words.text("a finding");
    words.literal("because");
    conclusion.why = words.text("a reason");
    if (words.maybe("from")) conclusion.from = words.date();
    if (words.maybe("until")) conclusion.until = words.date();
    if (words.maybe("multiplier")) conclusion.multiplier = words.text("a multiplier");
    if (words.maybe("registration")) conclusion.registration = words.text("percent");
    if (words.maybe("a-day")) conclusion.use_a_day = words.text("kWh");
    conclusion.dry_run = words.maybe("dry");
    stage.before_step();
    keep(stage, app::conclude_case(stage.office(), conclusion));
}

/// `detect [dry]`
void detect(Stage& stage, Words& words) {
    const bool dry = words.maybe("dry");
    stage.before_step();
    auto outcome = app::detect_cases(stage.office(), dry);
    if (stage.took(outcome)) stage.detection = *std::move(outcome);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace

bool investigate(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "investigate") {
        open(stage, words);
    } else if (verb == "look") {
        look_into(stage, words);
    } else if (verb == "answer") {
        answer(stage, words);
    } else if (verb == "conclude") {
        conclude(stage, words);
    } else if (verb == "detect") {
        detect(stage, words);
    } else {
        return false;
    }
    return true;
}

std::string expect_case(Stage& stage, Words& words) {
    const std::string kind = words.text("a kind");
    words.literal("of");
    const std::string meter = words.text("a meter");
    const std::string state = words.text("a state");
    std::string found = "no case";
    for (const auto& one : storage::CaseRows(stage.office().database()).list()) {
        if (investigation::to_text(one.kind) == kind && one.meter == meter) found = one.state;
    }
    if (found == state) return {};
    return fmt::format("{} of {}: expected {}, found {}", kind, meter, state, found);
}

std::string expect_cases(Stage& stage, Words& words) {
    const auto wanted = words.whole("a count");
    std::string found;
    const auto cases = storage::CaseRows(stage.office().database()).list();
    for (const auto& one : cases) {
        found += fmt::format("{}{} of {} ({})", found.empty() ? "" : ", ",
                             investigation::to_text(one.kind), one.meter, one.why);
    }
    if (static_cast<std::int64_t>(cases.size()) == wanted) return {};
    return fmt::format("expected {} cases, found {}: {}", wanted, cases.size(), found);
}

std::string expect_evidence(Stage& stage, Words& words) {
    const std::string step = words.text("a step");
    const std::string wanted = words.text("words");
    const Language language =
        words.maybe("in") ? parse_language(words.text("a language")).value_or(Language::english)
                          : Language::english;
    std::string found;
    for (const auto& piece : last_act(stage).evidence) {
        if (piece.step != step) continue;
        const std::string told = worklist::in_words(piece.words, language);
        if (told.find(wanted) != std::string::npos) return {};
        found += (found.empty() ? "" : " | ") + told;
    }
    return fmt::format("evidence of {}: expected {}, found {}", step, quoted(wanted),
                       found.empty() ? "none" : quoted(found));
}

std::string expect_correction(Stage& stage, Words& words) {
    const auto account = words.account();
    const std::string kwh = words.text("kWh");
    const Money amount = words.money();
    words.literal("bills");
    const auto bills = words.whole("a count");
    const auto in_words = [](const std::string& energy, Money money, std::int64_t count) {
        return fmt::format("{} kWh, ${} in {} bills", energy, money.to_string(), count);
    };
    std::string found = "no correction";
    for (const auto& made : last_act(stage).corrections) {
        if (made.account != account.value) continue;
        found = in_words(made.difference.to_string(), made.amount,
                         static_cast<std::int64_t>(made.bills.size()));
        for (const auto& bill : made.bills) {
            found += fmt::format("; {} {} for {}", bill.bill, bill.now.to_string(),
                                 bill.then.to_string());
        }
        const std::string wanted = in_words(kwh, amount, bills);
        if (found.starts_with(wanted)) return {};
    }
    return fmt::format("correction of {}: expected {}, found {}",
                       customers::account_number(account), in_words(kwh, amount, bills), found);
}

std::string expect_letter(Stage& stage, Words& words) {
    words.literal("of");
    const auto account = words.account();
    const std::string wanted = words.text("words");
    std::string found = "no letter";
    for (const auto& item : stage.office().work().list("open")) {
        if (item.kind != "letter_proposed" || item.account != account.value) continue;
        if (item.evidence.find(wanted) != std::string::npos) return {};
        found = item.evidence;
    }
    return fmt::format("letter of {}: expected {}, found {}", customers::account_number(account),
                       quoted(wanted), found);
}

/// `told spike "faltan 3" in es`: what the evidence of an open item of a cause says to a reader.
std::string expect_told(Stage& stage, Words& words) {
    const std::string cause = words.text("a cause");
    const std::string wanted = words.text("words");
    words.literal("in");
    const auto language = parse_language(words.text("a language"));
    if (!language) throw NotUnderstood("en or es");
    std::string found = "no item";
    for (const auto& item : stage.office().work().list("open")) {
        if (item.cause != cause) continue;
        found = worklist::in_words(item.evidence, *language) + " " +
                worklist::in_words(item.next_step, *language);
        if (found.find(wanted) != std::string::npos) return {};
    }
    return fmt::format("{} told in {}: expected {}, found {}", cause, language_code(*language),
                       quoted(wanted), found);
}

}  // namespace watthour::scenarios
