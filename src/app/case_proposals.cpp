// SPDX-License-Identifier: Apache-2.0
#include "app/case_proposals.hpp"

#include "base/words.hpp"
#include "documents/format.hpp"
#include "storage/case_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

json::object days_object(DateRange days) {
    return {{"from", days.from.to_string()}, {"until", days.until.to_string()}};
}

std::string correction_text(const Words& words, const CaseCorrection& made) {
    const bool owed = Money() < made.amount;
    const auto day = [&](Date date) { return documents::format_date_long(date, words.language()); };
    const Energy kwh = owed ? made.difference : -made.difference;
    // On paper a range names its last day, not the one after.
    return words.filled(owed ? "case.letter.charge" : "case.letter.refund",
                        {{"from", day(made.allowed.from)},
                         {"until", day(made.allowed.until - 1)},
                         {"kwh", documents::format_kwh(kwh)},
                         {"amount", documents::format_money(made.amount.magnitude())},
                         {"months", std::to_string(made.bills.size())}});
}

struct Letter {
    std::string subject;
    std::string body;
};

Letter write_letter(const Words& words, const tariff::Utility& utility, const std::string& finding,
                    const CaseSubject& subject, const CaseCorrection* correction) {
    Letter letter;
    letter.subject = words.filled(
        "case.letter.subject",
        {{"account", subject.account ? subject.account->number() : subject.meter.serial},
         {"finding", std::string(words.text("case.finding." + finding))}});
    letter.body =
        words.filled("case.letter.greeting",
                     {{"name", subject.account ? subject.account->name : subject.address()}});
    letter.body += "\n\n" + words.filled("case.letter.place", {{"meter", subject.meter.serial},
                                                               {"premise", subject.address()}});
    letter.body += " " + std::string(words.text("case.letter." + finding));
    if (correction != nullptr && !correction->bills.empty()) {
        letter.body += "\n\n" + correction_text(words, *correction);
    }
    letter.body += "\n\n" + words.filled("case.letter.closing",
                                         {{"phone", utility.phone}, {"address", utility.address}});
    return letter;
}

json::array bills_array(const CaseCorrection& made) {
    json::array bills;
    for (const CorrectedBill& bill : made.bills) {
        bills.push_back(json::object{{"bill", bill.bill},
                                     {"from", bill.period.from.to_string()},
                                     {"until", bill.period.until.to_string()},
                                     {"days_from", bill.days.from.to_string()},
                                     {"days_until", bill.days.until.to_string()},
                                     {"billed_kwh", bill.billed.to_string()},
                                     {"corrected_kwh", bill.corrected.to_string()},
                                     {"then", bill.then.to_string()},
                                     {"now", bill.now.to_string()},
                                     {"difference", (bill.now - bill.then).to_string()}});
    }
    return bills;
}

std::string_view claim_text(investigation::Claim claim) {
    switch (claim) {
        case investigation::Claim::non_registration: return "non_registration";
        case investigation::Claim::unauthorized_use: return "unauthorized_use";
        case investigation::Claim::billing_error: break;
    }
    return "billing_error";
}

}  // namespace

void CaseProposals::put(const std::string& kind, std::int64_t account, worklist::WorkItem item,
                        const std::string& key, json::object facts) {
    item.account = account;
    item.subject = fmt::format("case:{}|{}", case_.id.value, key);
    item.id = worklist::work_item_id(item.kind, account, item.subject);
    item.opened_on = office_.business_date();
    facts["case"] = std::to_string(case_.id.value);
    facts["meter"] = case_.meter;
    investigation::Proposal proposal;
    proposal.kind = kind;
    proposal.for_account = account;
    proposal.work_item = item.id.value;
    proposal.facts = to_text(facts);
    proposals_.push_back(std::move(proposal));
    items_.push_back(std::move(item));
}

void CaseProposals::order(const std::string& code, const CaseSubject& subject) {
    const std::string asks(Words::of(Language::english).text("case.order." + code));
    worklist::WorkItem item;
    item.kind = "order_proposed";
    item.cause = "investigation." + code;
    item.evidence = worklist::stored(worklist::tell(
        "told.case.order",
        {{"case", std::to_string(case_.id.value)},
         {"kind", worklist::tell(fmt::format("case.kind.{}", investigation::to_text(case_.kind)))},
         {"meter", subject.meter.serial},
         {"place", subject.premise ? json::value(json::string(subject.address()))
                                   : json::value(worklist::tell("told.no_place"))},
         {"asks", worklist::tell("case.order." + code)}}));
    item.next_step = worklist::stored(worklist::tell("told.case.order.next"));
    json::object facts{{"order", code},
                       {"asks", asks},
                       {"serial", subject.meter.serial},
                       {"address", subject.address()}};
    if (subject.point) {
        facts["point"] = std::to_string(subject.point->id.value);
        facts["cycle"] = subject.point->cycle;
        facts["route"] = subject.point->route;
        facts["sequence"] = subject.point->sequence;
    }
    put("order", subject.account_id(), std::move(item),
        fmt::format("{}|{}", code, subject.meter.serial), std::move(facts));
}

void CaseProposals::letter(const std::string& finding, const CaseSubject& subject,
                           const CaseCorrection* correction) {
    const tariff::Utility& utility = office_.catalogue().utility;
    json::object facts{{"finding", finding}, {"serial", subject.meter.serial}};
    Letter letter;
    if (subject.account) {
        const Language language =
            parse_language(subject.account->language).value_or(Language::english);
        letter = write_letter(Words::of(language), utility, finding, subject, correction);
        const auto& mailing = subject.account->mailing;
        facts["language"] = language_code(language);
        facts["to"] = json::object{{"name", subject.account->name},
                                   {"street", mailing.street},
                                   {"city", mailing.city},
                                   {"state", mailing.state},
                                   {"zip", mailing.zip}};
    } else {
        // Who lives there is not known, nor in which language they read.
        letter = write_letter(Words::of(Language::english), utility, finding, subject, nullptr);
        const Letter other =
            write_letter(Words::of(Language::spanish), utility, finding, subject, nullptr);
        letter.subject += " / " + other.subject;
        letter.body += "\n\n--\n\n" + other.body;
        facts["language"] = "en es";
        facts["to"] = json::object{{"street", subject.address()}};
    }
    facts["subject"] = letter.subject;
    facts["body"] = letter.body;
    worklist::WorkItem item;
    item.kind = "letter_proposed";
    item.cause = "investigation.letter";
    item.evidence = letter.subject + "\n\n" + letter.body;
    item.next_step = worklist::stored(worklist::tell("told.case.letter.next"));
    put("letter", subject.account_id(), std::move(item), "letter|" + subject.meter.serial,
        std::move(facts));
}

void CaseProposals::correction(const std::string& finding, investigation::Claim claim,
                               const CaseSubject& subject, const CaseCorrection& made) {
    if (made.bills.empty()) return;
    const bool owed = Money() < made.amount;
    worklist::WorkItem item;
    item.kind = "rebill";
    item.cause = owed ? "investigation.back_bill" : "investigation.refund";
    json::array evidence;
    evidence.push_back(worklist::tell(
        made.beyond.is_zero() ? "told.case.correction" : "told.case.correction_beyond",
        {{"case", std::to_string(case_.id.value)},
         {"finding", worklist::tell("case.finding." + finding)},
         {"kwh", made.difference.to_string()},
         {"amount", made.amount.to_string()},
         {"from", made.allowed.from.to_string()},
         {"until", made.allowed.until.to_string()},
         {"months", std::to_string(made.months)},
         {"beyond", made.beyond.to_string()}}));
    for (const CorrectedBill& bill : made.bills) {
        evidence.push_back(
            worklist::tell("told.case.correction_bill", {{"bill", bill.bill},
                                                         {"kwh", bill.corrected.to_string()},
                                                         {"billed", bill.billed.to_string()},
                                                         {"now", bill.now.to_string()},
                                                         {"then", bill.then.to_string()}}));
    }
    item.evidence = worklist::stored(std::move(evidence));
    item.next_step = worklist::stored(worklist::tell("told.case.correction.next"));
    item.at_stake = made.amount.magnitude();
    json::object facts{{"finding", finding},
                       {"claim", claim_text(claim)},
                       {"direction", owed ? "undercharge" : "overcharge"},
                       {"error", days_object(made.error)},
                       {"allowed", days_object(made.allowed)},
                       {"limit_months", made.months},
                       {"kwh", made.difference.to_string()},
                       {"beyond_kwh", made.beyond.to_string()},
                       {"amount", made.amount.to_string()},
                       {"parts", made.bills.size()},
                       {"bills", bills_array(made)}};
    put("correction", made.account, std::move(item), "correction|" + subject.meter.serial,
        std::move(facts));
}

std::vector<investigation::Proposal> CaseProposals::write() {
    storage::CaseRows rows(office_.database());
    auto number = static_cast<std::int64_t>(rows.proposals(case_).size());
    for (auto& proposal : proposals_) proposal.number = ++number;
    rows.add(case_, proposals_);
    (void)office_.work().open(items_);
    return proposals_;
}

}  // namespace watthour::app
