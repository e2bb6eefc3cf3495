// SPDX-License-Identifier: Apache-2.0
#include "app/change_programs.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

using service::AgreementProgram;
using service::ServiceAgreement;

/// Programs as a tariff names them: discounts, and the flags that its taxes exempt.
Result<std::string> kind_of(const tariff::Catalogue& catalogue, const std::string& code) {
    if (catalogue.find_discount(code) != nullptr) return std::string("discount");
    std::set<std::string> known;
    for (const auto& tax : catalogue.taxes) {
        for (const auto& flag : tax.exempt_flags) {
            if (flag == code) return std::string("exemption");
            known.insert(flag);
        }
    }
    for (const auto& discount : catalogue.discounts) known.insert(discount.code);
    return Error(errors::program_unknown,
                 {{"code", code}, {"known", fmt::format("{}", fmt::join(known, ", "))}});
}

Result<ServiceAgreement> agreement_of(Office& office, const customers::Account& account,
                                      const ProgramChange& change) {
    std::vector<ServiceAgreement> candidates;
    std::vector<std::string> known;
    for (const auto& served :
         office.service().agreements_of_account(account.id, service::now_known)) {
        const auto& agreement = served.agreement;
        known.push_back(fmt::format("{} ({} from {})", agreement.id.value, agreement.schedule,
                                    agreement.active.from.to_string()));
        const bool meant = change.agreement ? agreement.id.value == *change.agreement
                                            : agreement.active.contains(change.on);
        if (meant) candidates.push_back(agreement);
    }
    const std::string list = fmt::format("{}", fmt::join(known, ", "));
    if (candidates.empty()) {
        return Error(
            errors::agreement_unknown,
            {{"account", account.number()}, {"date", change.on.to_string()}, {"known", list}});
    }
    if (candidates.size() > 1) {
        return Error(errors::agreement_ambiguous, {{"account", account.number()}, {"known", list}});
    }
    return candidates.front();
}

std::string subject_of(const ServiceAgreement& agreement, const std::string& code) {
    return fmt::format("program:{}:{}", agreement.id.value, code);
}

std::string in_words(const AgreementProgram& program) {
    if (program.code.empty() || program.active.is_empty()) return "none";
    return fmt::format(
        "{} {} from {}{}", program.kind, program.code, program.active.from.to_string(),
        program.active.until == end_of_time ? "" : " until " + program.active.until.to_string());
}

json::object told(const AgreementProgram& program) {
    if (program.code.empty() || program.active.is_empty())
        return worklist::tell("told.program.none");
    const std::string kind = program.kind == "exemption" ? "exemption" : "discount";
    if (program.active.until == end_of_time) {
        return worklist::tell("told.program." + kind,
                              {{"code", program.code}, {"from", program.active.from.to_string()}});
    }
    return worklist::tell("told.program." + kind + "_until",
                          {{"code", program.code},
                           {"from", program.active.from.to_string()},
                           {"until", program.active.until.to_string()}});
}

/// Bills of the agreement that hold a day of the range.
std::vector<std::string> bills_within(Office& office, const ServiceAgreement& agreement,
                                      DateRange days) {
    std::vector<std::string> numbers;
    for (const auto& bill : office.bills().of_account(agreement.account)) {
        if (bill.period.from < days.until && days.from < bill.period.until) {
            numbers.push_back(bill.number);
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// The bills were right for what was known; someone decides whether they are made anew.
worklist::WorkItem rebill_item(const Office& office, const ProgramOutcome& outcome) {
    worklist::WorkItem item;
    item.account = outcome.agreement.account.value;
    item.kind = "rebill";
    item.cause = "app.program_changed_after_billing";
    item.subject = fmt::format("{}|{}|{}", outcome.agreement.id.value, outcome.after.code,
                               outcome.billed_before.front());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = worklist::stored(
        worklist::tell("told.program.changed",
                       {{"before", told(outcome.before)},
                        {"after", told(outcome.after)},
                        {"n", std::to_string(outcome.billed_before.size())},
                        {"bills", fmt::format("{}", fmt::join(outcome.billed_before, ", "))}}));
    item.next_step = worklist::stored(worklist::tell("told.program.changed.next"));
    item.opened_on = office.business_date();
    item.recurs = true;
    return item;
}

using Alter = Result<void> (*)(Office&, const ProgramChange&, ProgramOutcome&, DateRange&);

Result<ProgramOutcome> change_program(Office& office, const ProgramChange& change, Alter alter) {
    TRY_DONE(authorize(office, access::permissions::agreement_change));
    if (trimmed(change.why).empty()) return Error(errors::program_reason_missing, {});
    TRY(const auto account, find_account(office, change.account));
    TRY(const std::string kind, kind_of(office.catalogue(), change.code));
    return storage::with_retries([&]() -> Result<ProgramOutcome> {
        storage::Transaction transaction(office.database(), office.business_date());
        office.accounts().hold({account.id});
        ProgramOutcome outcome;
        TRY(outcome.agreement, agreement_of(office, account, change));
        outcome.after.code = change.code;
        outcome.after.kind = kind;
        DateRange days;
        TRY_DONE(alter(office, change, outcome, days));
        office.service().put_program(outcome.agreement, outcome.after);
        record(office, access::permissions::agreement_change,
               {account.id.value, subject_of(outcome.agreement, change.code),
                in_words(outcome.before), in_words(outcome.after), change.why, 0});
        outcome.billed_before = bills_within(office, outcome.agreement, days);
        if (!outcome.billed_before.empty())
            (void)office.work().open({rebill_item(office, outcome)});
        if (!change.dry_run) transaction.commit();
        return outcome;
    });
}

Result<void> begin(Office& office, const ProgramChange& change, ProgramOutcome& outcome,
                   DateRange& days) {
    const ServiceAgreement& agreement = outcome.agreement;
    outcome.after.active = {change.on, agreement.active.until};
    if (outcome.after.kind == "discount") {
        TRY(const auto* schedule, office.catalogue().find_schedule(agreement.schedule));
        if (!schedule->offers(change.code)) {
            return Error(errors::program_not_offered,
                         {{"code", change.code},
                          {"schedule", agreement.schedule},
                          {"offered", fmt::format("{}", fmt::join(schedule->discounts, ", "))}});
        }
    }
    if (!agreement.active.contains(change.on)) {
        return Error(errors::program_outside, {{"date", change.on.to_string()},
                                               {"from", agreement.active.from.to_string()},
                                               {"until", agreement.active.until.to_string()}});
    }
    for (const AgreementProgram& program : agreement.programs) {
        if (program.code == change.code && program.active.until > change.on) {
            return Error(errors::program_held,
                         {{"code", change.code}, {"held", in_words(program)}});
        }
    }
    days = outcome.after.active;
    return {};
}

Result<void> end(Office& /*office*/, const ProgramChange& change, ProgramOutcome& outcome,
                 DateRange& days) {
    for (const AgreementProgram& program : outcome.agreement.programs) {
        const bool held = program.code == change.code && program.active.from <= change.on &&
                          change.on < program.active.until;
        if (!held) continue;
        outcome.before = program;
        outcome.after = program;
        outcome.after.active.until = change.on;
        days = {change.on, program.active.until};
        return {};
    }
    return Error(errors::program_not_held,
                 {{"code", change.code}, {"date", change.on.to_string()}});
}

}  // namespace

Result<ProgramOutcome> add_program(Office& office, const ProgramChange& change) {
    return change_program(office, change, begin);
}

Result<ProgramOutcome> end_program(Office& office, const ProgramChange& change) {
    return change_program(office, change, end);
}

}  // namespace watthour::app
