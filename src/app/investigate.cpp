// SPDX-License-Identifier: Apache-2.0
#include "app/investigate.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/case_evidence.hpp"
#include "app/case_proposals.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "investigation/errors.hpp"
#include "storage/case_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using access::permissions::case_work;
using investigation::Case;
using investigation::CaseChange;
using investigation::CaseKind;
using investigation::Correction;
using investigation::Finding;
using storage::CaseRows;

/// The step for which someone is sent as soon as a case of a kind is opened: what waits is lost.
std::string_view sent_at_once(CaseKind kind) {
    switch (kind) {
        case CaseKind::zero_usage: return "check_for_load";    // R1.14
        case CaseKind::tampering: return "preserve_evidence";  // R1.68
        default: return {};
    }
}

std::string audit_subject(const Case& of) { return fmt::format("case:{}", of.id.value); }

/// A case of a kind about a meter of which the finding is not made yet.
std::optional<Case> undecided_case(CaseRows& rows, CaseKind kind, const std::string& meter) {
    for (auto& known : rows.list()) {
        const bool about = known.meter == meter || known.other_meter == meter;
        if (known.kind == kind && about && investigation::is_undecided(known.state)) {
            return std::move(known);
        }
    }
    return std::nullopt;
}

CaseChange next_change(CaseRows& rows, Office& office, const Case& of) {
    CaseChange change;
    change.number = static_cast<std::int64_t>(rows.changes(of).size()) + 1;
    change.state = of.state;
    change.by = office.actor().name;
    change.on = office.business_date();
    return change;
}

const investigation::CaseStep* step_of(CaseKind kind, std::string_view code) {
    for (const auto& step : investigation::steps_of(kind)) {
        if (step.code == code) return &step;
    }
    return nullptr;
}

/// The evidence of a case: of both meters where there are two.
std::vector<investigation::Evidence> evidence_of(Office& office, CaseKind kind,
                                                 const CaseSubject& subject,
                                                 const std::string& other_meter, Date on) {
    auto evidence = gather_evidence(office, kind, subject, on);
    if (other_meter.empty()) return evidence;
    const auto other = case_subject(office, other_meter, on);
    if (!other) return evidence;
    for (auto& piece : gather_evidence(office, kind, *other, on)) {
        piece.fact = "other_" + piece.fact;
        piece.words = "Meter " + other_meter + ": " + piece.words;
        evidence.push_back(std::move(piece));
    }
    return evidence;
}

/// Writes a new case with its evidence and whom it sends at once. None where it is there already.
std::optional<CaseDone> write_case(Office& office, Case fresh, const CaseSubject& subject) {
    CaseRows rows(office.database());
    fresh.account = subject.account_id();
    fresh.id = investigation::case_id(fresh.kind, fresh.account, fresh.subject);
    fresh.opened_by = office.actor().name;
    fresh.state = investigation::first_state(fresh.kind);
    CaseDone done;
    done.evidence =
        evidence_of(office, fresh.kind, subject, fresh.other_meter, fresh.discovered_on);
    if (!rows.add(fresh, done.evidence)) return std::nullopt;
    done.the_case = fresh;
    if (const auto code = sent_at_once(fresh.kind); !code.empty()) {
        const auto* step = step_of(fresh.kind, code);
        CaseProposals proposals(office, fresh);
        proposals.order(std::string(step->order), subject);
        done.proposals = proposals.write();
        CaseChange sent = next_change(rows, office, fresh);
        sent.kind = "step";
        sent.step = code;
        sent.result = "ordered";
        rows.add(fresh, sent);
    }
    record(office, case_work,
           {fresh.account, audit_subject(fresh), "",
            fmt::format("{} of meter {} {}", investigation::to_text(fresh.kind), fresh.meter,
                        fresh.state),
            fresh.why, 0});
    return done;
}

Result<CaseSubject> subject_of(Office& office, const Case& of) {
    return case_subject(office, of.meter, of.discovered_on);
}

/// Carries out a conclusion within a transaction.
class Concluder {
public:
    Concluder(Office& office, Case of, Finding finding, const Conclusion& conclusion)
        : office_(office),
          rows_(office.database()),
          case_(std::move(of)),
          finding_(finding),
          conclusion_(conclusion) {}

    Result<CaseDone> go() {
        TRY(subject_, subject_of(office_, case_));
        if (!case_.other_meter.empty()) {
            TRY(other_, case_subject(office_, case_.other_meter, case_.discovered_on));
        }
        const std::string code(finding_.code);
        const std::string before = case_.state;
        TRY_DONE(correct());
        change("concluded", code, finding_.state);
        if (finding_.state == "confirmed" && !done_.corrections.empty()) {
            change("state", "", "calculated");
        }
        propose(code);
        TRY_DONE(follow());
        record(office_, case_work,
               {case_.account, audit_subject(case_), before,
                fmt::format("{}: {}{}", case_.state, code, dollars()), conclusion_.why, 0});
        done_.the_case = case_;
        return std::move(done_);
    }

private:
    [[nodiscard]] std::string dollars() const {
        std::string text;
        for (const auto& made : done_.corrections) {
            text +=
                fmt::format("; account {}: {} kWh, ${}", customers::account_number({made.account}),
                            made.difference.to_string(), made.amount.to_string());
        }
        return text;
    }

    void change(const std::string& kind, const std::string& step, std::string_view state) {
        CaseChange made = next_change(rows_, office_, case_);
        made.kind = kind;
        made.step = step;
        made.found = conclusion_.why;
        made.state = state;
        rows_.add(case_, made);
        case_.state = state;
        if (kind == "concluded") case_.finding = step;
    }

    static Result<std::optional<Decimal>> number_or_none(const std::string& text) {
        if (text.empty()) return std::optional<Decimal>();
        TRY(const Decimal number, Decimal::parse(text));
        return std::optional<Decimal>(number);
    }

    Result<CorrectionRequest> request() const {
        CorrectionRequest asked;
        asked.how = finding_.correction;
        asked.claim = finding_.claim;
        asked.discovered = case_.discovered_on;
        if (!conclusion_.from) {
            return Error(investigation::errors::range_missing,
                         {{"finding", std::string(finding_.code)}});
        }
        asked.error = {*conclusion_.from, conclusion_.until.value_or(case_.discovered_on)};
        if (asked.error.is_empty() || case_.discovered_on < asked.error.until) {
            return Error(errors::case_day_wrong,
                         {{"date", asked.error.from.to_string()},
                          {"why", fmt::format("the error must lie before {} and end by {}",
                                              asked.error.until.to_string(),
                                              case_.discovered_on.to_string())}});
        }
        TRY(asked.multiplier, number_or_none(conclusion_.multiplier));
        TRY(asked.registration, number_or_none(conclusion_.registration));
        TRY(asked.use_a_day, number_or_none(conclusion_.use_a_day));
        return asked;
    }

    /// The bills of the account, and of crossed meters those of the other one too.
    Result<void> correct() {
        if (finding_.correction == Correction::none) return {};
        TRY(auto asked, request());
        if (other_) asked.other = &*other_;
        TRY(auto made, correct_bills(office_, subject_, asked));
        done_.corrections.push_back(std::move(made));
        if (finding_.correction != Correction::exchange || !other_) return {};
        asked.other = &subject_;
        TRY(auto others, correct_bills(office_, *other_, asked));
        done_.corrections.push_back(std::move(others));
        return {};
    }

    void propose(const std::string& code) {
        CaseProposals proposals(office_, case_);
        const auto& made = done_.corrections;
        if (!finding_.order.empty()) proposals.order(std::string(finding_.order), subject_);
        proposals.letter(code, subject_, made.empty() ? nullptr : made.data());
        if (!made.empty()) proposals.correction(code, finding_.claim, subject_, made[0]);
        if (other_ && finding_.kind == CaseKind::crossed_meters) {
            const bool both = made.size() > 1;
            proposals.letter(code, *other_, both ? &made[1] : nullptr);
            if (both) proposals.correction(code, finding_.claim, *other_, made[1]);
        }
        done_.proposals = proposals.write();
    }

    /// What was found may be another case: use that the meter does not see is one of tampering.
    Result<void> follow() {
        if (!finding_.opens || undecided_case(rows_, *finding_.opens, case_.meter)) return {};
        Case next;
        next.kind = *finding_.opens;
        next.meter = case_.meter;
        next.subject = fmt::format("{}|case {}", case_.meter, case_.id.value);
        next.discovered_on = case_.discovered_on;
        next.why = fmt::format("case {}: {}", case_.id.value, finding_.code);
        if (auto opened = write_case(office_, std::move(next), subject_)) {
            done_.follows = std::move(opened->the_case);
        }
        return {};
    }

    Office& office_;
    CaseRows rows_;
    Case case_;
    Finding finding_;
    const Conclusion& conclusion_;
    CaseSubject subject_;
    std::optional<CaseSubject> other_;
    CaseDone done_;
};

Error decided(const Case& of) {
    return {errors::case_decided, {{"case", std::to_string(of.id.value)}, {"state", of.state}}};
}

/// A state that only people can tell of.
Result<CaseDone> tell_state(Office& office, const Case& of, const StepAnswer& answer) {
    TRY_DONE(investigation::check_state(of.state, answer.step));
    storage::Transaction transaction(office.database(), office.business_date());
    CaseRows rows(office.database());
    CaseChange change = next_change(rows, office, of);
    change.kind = "state";
    change.state = answer.step;
    change.found = answer.found;
    rows.add(of, change);
    record(office, case_work,
           {of.account, audit_subject(of), of.state, change.state, answer.found, 0});
    if (!answer.dry_run) transaction.commit();
    CaseDone done;
    done.the_case = of;
    done.the_case.state = change.state;
    return done;
}

Result<CaseDone> write_answer(Office& office, const Case& of, const investigation::CaseStep& step,
                              const StepAnswer& answer) {
    TRY(const auto subject, subject_of(office, of));
    storage::Transaction transaction(office.database(), office.business_date());
    CaseRows rows(office.database());
    CaseChange change = next_change(rows, office, of);
    change.kind = "step";
    change.step = answer.step;
    change.result = answer.result;
    change.found = answer.found;
    CaseDone done;
    if (answer.result == "ordered") {
        CaseProposals proposals(office, of);
        proposals.order(std::string(step.order), subject);
        done.proposals = proposals.write();
        if (of.kind != CaseKind::tampering) change.state = "in_work";
    } else {
        change.state = investigation::state_after_step(of.kind, answer.step, of.state);
    }
    rows.add(of, change);
    record(office, case_work,
           {of.account, audit_subject(of), of.state,
            fmt::format("{}: {} {}", change.state, answer.step, answer.result), answer.found, 0});
    if (!answer.dry_run) transaction.commit();
    done.the_case = of;
    done.the_case.state = change.state;
    return done;
}

}  // namespace

Result<Case> find_case(Office& office, const std::string& number) {
    const auto id = parse_integer(number);
    auto found = id ? CaseRows(office.database()).find({*id}) : std::optional<Case>();
    if (!found) return Error(errors::case_unknown, {{"case", number.substr(0, 40)}});
    return *std::move(found);
}

Result<CaseDone> open_case(Office& office, const CaseOpening& opening) {
    TRY_DONE(authorize(office, case_work));
    if (trimmed(opening.why).empty()) return Error(access::errors::reason_missing, {});
    Case fresh;
    TRY(fresh.kind, investigation::parse_kind(opening.kind));
    fresh.discovered_on = opening.discovered.value_or(office.business_date());
    if (office.business_date() < fresh.discovered_on) {
        return Error(errors::case_day_wrong, {{"date", fresh.discovered_on.to_string()},
                                              {"why", "it is after the business date " +
                                                          office.business_date().to_string()}});
    }
    fresh.meter = opening.meter;
    if (fresh.meter.empty()) {
        const auto account = parse_integer(opening.account);
        if (!account) return Error(errors::account_unknown, {{"account", opening.account}});
        TRY(fresh.meter, meter_of_account(office, {*account}, fresh.discovered_on));
    }
    if (fresh.kind == CaseKind::crossed_meters) {
        fresh.other_meter = opening.other_meter;
        if (fresh.other_meter.empty() || fresh.other_meter == fresh.meter) {
            return Error(investigation::errors::other_meter_missing, {});
        }
        TRY_DONE(case_subject(office, fresh.other_meter, fresh.discovered_on));
    }
    fresh.why = opening.why;
    TRY(const auto subject, case_subject(office, fresh.meter, fresh.discovered_on));
    return storage::with_retries([&]() -> Result<CaseDone> {
        CaseRows rows(office.database());
        if (const auto there = undecided_case(rows, fresh.kind, fresh.meter)) {
            return Error(errors::case_there, {{"meter", fresh.meter},
                                              {"case", std::to_string(there->id.value)},
                                              {"kind", std::string(to_text(fresh.kind))},
                                              {"state", there->state}});
        }
        storage::Transaction transaction(office.database(), office.business_date());
        Case mine = fresh;
        // A meter may have a second case of the kind later, on the same day as well.
        mine.subject =
            fmt::format("{}|{}|{}", mine.meter, mine.discovered_on.to_string(), rows.list().size());
        auto done = write_case(office, mine, subject);
        if (!done) {
            return Error(errors::case_there, {{"meter", fresh.meter},
                                              {"case", "of this moment"},
                                              {"kind", std::string(to_text(fresh.kind))},
                                              {"state", "open"}});
        }
        if (!opening.dry_run) transaction.commit();
        return *std::move(done);
    });
}

Result<std::optional<CaseDone>> open_detected(Office& office, CaseKind kind,
                                              const std::string& meter,
                                              const std::string& other_meter,
                                              const std::string& subject, const std::string& why) {
    TRY(const auto found, case_subject(office, meter, office.business_date()));
    CaseRows rows(office.database());
    const auto id = investigation::case_id(kind, found.account_id(), subject);
    if (rows.find(id) || undecided_case(rows, kind, meter)) return std::optional<CaseDone>();
    Case fresh;
    fresh.kind = kind;
    fresh.meter = meter;
    fresh.other_meter = other_meter;
    fresh.subject = subject;
    fresh.discovered_on = office.business_date();
    fresh.why = why;
    return write_case(office, std::move(fresh), found);
}

Result<CaseDone> answer_step(Office& office, const StepAnswer& answer) {
    TRY_DONE(authorize(office, case_work));
    TRY(const Case of, find_case(office, answer.number));
    if (trimmed(answer.found).empty()) return Error(errors::case_words_missing, {});
    if (!investigation::is_undecided(of.state)) {
        if (investigation::followers_of(of.state).empty()) return decided(of);
        return tell_state(office, of, answer);
    }
    TRY_DONE(investigation::check_result(answer.result));
    CaseRows rows(office.database());
    TRY(const auto step,
        investigation::check_step(of.kind, answer.step,
                                  investigation::answered_steps(rows.changes(of))));
    if (answer.result == "ordered" && step.order.empty()) {
        return Error(investigation::errors::step_without_order, {{"step", answer.step}});
    }
    return storage::with_retries([&] { return write_answer(office, of, step, answer); });
}

Result<CaseDone> conclude_case(Office& office, const Conclusion& conclusion) {
    TRY_DONE(authorize(office, case_work));
    if (trimmed(conclusion.why).empty()) return Error(access::errors::reason_missing, {});
    return storage::with_retries([&]() -> Result<CaseDone> {
        TRY(const Case of, find_case(office, conclusion.number));
        if (!investigation::is_undecided(of.state)) return decided(of);
        CaseRows rows(office.database());
        TRY(const Finding finding,
            investigation::check_finding(of.kind, conclusion.finding,
                                         investigation::answered_steps(rows.changes(of))));
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(auto done, Concluder(office, of, finding, conclusion).go());
        if (!conclusion.dry_run) transaction.commit();
        return done;
    });
}

}  // namespace watthour::app
