// SPDX-License-Identifier: Apache-2.0
#include "app/bill_account.hpp"

#include "base/digest.hpp"
#include "billing/errors.hpp"
#include "rating/rating.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

using billing::BillingException;
using billing::BillSegment;
using billing::MeasuredUse;

/// An agreement and period in natural keys; the subject of its work item.
std::string subject_of(const DueAgreement& due, const std::string& check) {
    return fmt::format("{}|{}|{}", check, due.served.agreement.id.value,
                       due.period.from.to_string());
}

worklist::WorkItemId item_of(const DueAgreement& due, const ErrorKind& kind) {
    return worklist::work_item_id("billing_hold", due.served.agreement.account.value,
                                  subject_of(due, std::string(kind.slug)));
}

BillingException exception_of(const DueAgreement& due, const Error& error, Money at_stake) {
    BillingException exception;
    exception.account = due.served.agreement.account;
    exception.agreement = due.served.agreement.id;
    exception.period = due.period;
    exception.cause = std::string(error.slug());
    exception.evidence = error.message();
    exception.next_step = error.next();
    exception.at_stake = at_stake;
    return exception;
}

/// A check that a person may wave through: null when it passes or was accepted.
class Checks {
public:
    Checks(const DueAgreement& due, const Accepted& accepted) : due_(due), accepted_(accepted) {}

    void refuse(const ErrorKind& kind, Facts facts) {
        if (failed_) return;
        const auto item = item_of(due_, kind);
        if (accepted_.contains(item)) return;
        facts.emplace_back("item", std::to_string(item.value));
        failed_ = Error(kind, std::move(facts));
    }
    [[nodiscard]] const std::optional<Error>& failed() const { return failed_; }

private:
    const DueAgreement& due_;
    const Accepted& accepted_;
    std::optional<Error> failed_;
};

/// The period to compare with: the same of last year, else the one before. Source: R1.29.
std::pair<const billing::PeriodUse*, const char*> reference_of(const DueAgreement& due) {
    for (const auto& use : due.history) {
        const int apart = due.period.until - use.period.until;
        if (apart >= 350 && apart <= 380) return {&use, "the same period last year"};
    }
    if (due.history.empty()) return {nullptr, ""};
    return {&due.history.back(), "the period before"};
}

void check_usage(const tariff::Catalogue& catalogue, const DueAgreement& due,
                 const MeasuredUse& use, Checks& checks) {
    const auto& policy = catalogue.policies.use_review;
    const auto [reference, basis] = reference_of(due);
    if (reference == nullptr || reference->delivered.wh() <= 0) return;
    if (use.delivered < policy.min && reference->delivered < policy.min) return;
    // Percent of use per day, compared exactly: a/da against b/db.
    const i128 own = i128{use.delivered.wh()} * reference->period.days() * 100;
    const i128 other = i128{reference->delivered.wh()} * use.period.days();
    const std::int64_t percent = round_divide(own, other, Rounding::half_away_from_zero);
    const auto per_day = [](Energy energy, int days) {
        return Decimal(round_divide(energy.wh(), i128{days} * 10, Rounding::half_away_from_zero), 2)
            .to_string();
    };
    const bool high = own > other * policy.high_percent;
    const bool low = own < other * policy.low_percent;
    if (!high && !low) return;
    checks.refuse(high ? billing::errors::usage_high : billing::errors::usage_low,
                  {{"per_day", per_day(use.delivered, use.period.days())},
                   {"percent", std::to_string(percent)},
                   {"reference", per_day(reference->delivered, reference->period.days())},
                   {"basis", basis},
                   {"limit", std::to_string(high ? policy.high_percent : policy.low_percent)}});
}

void check_amount(const tariff::Catalogue& catalogue, const DueAgreement& due, Money charges,
                  Checks& checks) {
    const auto& policy = catalogue.policies.billing;
    const std::string& schedule = due.served.agreement.schedule;
    const auto found = catalogue.find_schedule(schedule);
    WH_CHECK(found.has_value(), "a rated schedule is not in the catalogue");
    const Money limit = policy.hold_over.limit((*found)->review_class);
    if (charges > limit) {
        checks.refuse(billing::errors::amount_over_limit, {{"amount", charges.to_string()},
                                                           {"limit", limit.to_string()},
                                                           {"class", "schedule " + schedule}});
    }
    if (charges.is_negative() && policy.negative_bill_hold) {
        checks.refuse(billing::errors::amount_negative, {{"amount", charges.to_string()}});
    }
}

/// Identity of all that the segment was computed from (design, idea 2).
std::string inputs_hash(const tariff::Catalogue& catalogue, const DueAgreement& due,
                        const MeasuredUse& use, const rating::RatingRequest& request) {
    std::string text =
        fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", catalogue.content_hash,
                    due.served.agreement.id.value, request.schedule, request.option, request.phase,
                    use.period.from.to_string(), use.period.until.to_string(), use.delivered.wh());
    for (const auto& read : use.reads) {
        text += fmt::format("|{}:{}:{}:{}", read.meter, read.from_read, read.until_read,
                            read.energy.wh());
    }
    for (const auto& segment : use.tou) {
        for (const auto& [period, energy] : segment.by_period) {
            text += fmt::format("|{}:{}:{}", segment.segment.from.to_string(), period, energy.wh());
        }
    }
    for (const auto& code : request.discounts) {
        text += fmt::format("|{}:{}:{}", code.code, code.active.from.to_string(),
                            code.active.until.to_string());
    }
    for (const auto& code : request.exemptions) {
        text += fmt::format("|{}:{}:{}", code.code, code.active.from.to_string(),
                            code.active.until.to_string());
    }
    text += "|uut:" + request.uut_year_to_date.to_string();
    for (const Demand prior : request.prior_max) text += fmt::format("|{}", prior.w());
    return sha256_hex(text);
}

}  // namespace

rating::RatingRequest rating_request(const tariff::Catalogue& catalogue, const DueAgreement& due,
                                     const billing::MeasuredUse& use) {
    const auto& agreement = due.served.agreement;
    rating::RatingRequest request;
    request.schedule = agreement.schedule;
    request.option = agreement.option;
    request.phase = agreement.phase;
    request.period = use.period;
    request.delivered = use.delivered;
    request.tou = use.tou;
    request.measured_max = use.measured_demand;
    request.uut_year_to_date = due.users_tax_this_year;
    for (const auto& program : agreement.programs) {
        auto& list = program.kind == "discount" ? request.discounts : request.exemptions;
        list.push_back({program.code, program.active});
    }
    // The schedule's own ratchet says how many of them count.
    for (const auto& period : due.history) {
        if (use.measured_demand && period.measured_demand) {
            request.prior_max.push_back(*period.measured_demand);
        }
    }
    if (due.served.point.reading == "opt_out" && catalogue.find_fee("OPT-OUT", use.period.from)) {
        request.fees.push_back({"OPT-OUT", Money()});
    }
    return request;
}

SegmentOrException bill_agreement(const billing::MeasureContext& context, const DueAgreement& due,
                                  const Accepted& accepted) {
    Checks checks(due, accepted);
    const auto& limits = context.catalogue->policies.billing;
    if (due.period.days() > limits.max_days_without_bill) {
        checks.refuse(billing::errors::period_too_long,
                      {{"from", due.period.from.to_string()},
                       {"until", due.period.until.to_string()},
                       {"days", std::to_string(due.period.days())},
                       {"limit", std::to_string(limits.max_days_without_bill)}});
        if (checks.failed()) return exception_of(due, *checks.failed(), Money());
    }
    const auto use = billing::measure(context, due.served, due.meters, due.period);
    if (!use) return exception_of(due, use.error(), Money());
    const rating::RatingRequest request = rating_request(*context.catalogue, due, *use);
    auto rated = context.plans != nullptr ? context.plans->rate(request)
                                          : rating::rate(*context.catalogue, request);
    if (!rated) return exception_of(due, rated.error(), Money());
    check_usage(*context.catalogue, due, *use, checks);
    check_amount(*context.catalogue, due, rated->current_charges, checks);
    if (checks.failed()) return exception_of(due, *checks.failed(), rated->current_charges);

    BillSegment segment;
    segment.agreement = due.served.agreement.id;
    segment.period = use->period;
    segment.schedule = request.schedule;
    segment.option = request.option;
    segment.phase = request.phase;
    segment.delivered = use->delivered;
    segment.by_tou = use->by_tou;
    segment.measured_demand = use->measured_demand;
    if (!rated->demands.empty()) segment.billed_demand = rated->demands.front().billing;
    segment.reads = use->reads;
    segment.inputs_hash = inputs_hash(*context.catalogue, due, *use, request);
    segment.current_charges = rated->current_charges;
    segment.lines = std::move(rated->lines);
    return segment;
}

worklist::WorkItem to_work_item(const BillingException& exception, Date opened_on) {
    worklist::WorkItem item;
    item.account = exception.account.value;
    item.kind = "billing_hold";
    item.cause = exception.cause;
    item.subject = fmt::format("{}|{}|{}", exception.cause, exception.agreement.value,
                               exception.period.from.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = fmt::format("Period {} to {}: {}", exception.period.from.to_string(),
                                exception.period.until.to_string(), exception.evidence);
    item.next_step = exception.next_step;
    item.at_stake = exception.at_stake;
    item.opened_on = opened_on;
    item.recurs = true;
    return item;
}

}  // namespace watthour::app
