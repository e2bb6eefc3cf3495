// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"
#include "investigation/back_bill.hpp"
#include "investigation/case_rules.hpp"
#include "investigation/case_store.hpp"
#include "investigation/errors.hpp"

#include <gtest/gtest.h>

#include <set>

namespace watthour::investigation {
namespace {

constexpr Date day(int year, unsigned month, unsigned of_month) {
    return Date::ymd(year, month, of_month);
}

TEST(BackBill, GoesBackSoManyMonthsFromTheDiscovery) {
    // R4.12: since February, found 15 September: residential recovers 15 June to 15 September.
    const DateRange error{day(2026, 2, 1), day(2026, 9, 15)};
    EXPECT_EQ(days_allowed(error, day(2026, 9, 15), 3),
              (DateRange{day(2026, 6, 15), day(2026, 9, 15)}));
    EXPECT_EQ(months_before(day(2026, 5, 31), 3), day(2026, 2, 28));
    EXPECT_EQ(months_before(day(2026, 1, 15), 36), day(2023, 1, 15));
    // An error that ended before the limit leaves nothing.
    EXPECT_TRUE(days_allowed({day(2025, 1, 1), day(2025, 2, 1)}, day(2026, 9, 15), 3).is_empty());
}

TEST(BackBill, MonthsFollowFromTheClaimAndTheDirection) {
    tariff::InvestigationPolicy policy;
    policy.undercharge_months_residential = 3;
    policy.undercharge_months_other = 36;
    policy.overcharge_months = 24;
    policy.non_registration_months = 4;
    policy.unauthorized_months = 30;
    using enum Claim;
    using enum Direction;
    EXPECT_EQ(months_allowed(policy, billing_error, true, undercharge), 3);
    EXPECT_EQ(months_allowed(policy, billing_error, false, undercharge), 36);
    EXPECT_EQ(months_allowed(policy, non_registration, false, undercharge), 4);
    EXPECT_EQ(months_allowed(policy, unauthorized_use, true, undercharge), 30);
    EXPECT_EQ(months_allowed(policy, unauthorized_use, true, overcharge), 24);
}

TEST(BackBill, APeriodHasItsShareOfTheDays) {
    const DateRange period{day(2026, 5, 7), day(2026, 6, 8)};  // 32 days
    const auto kwh = Energy::kilowatt_hours(320);
    EXPECT_EQ(share_of(kwh, period, period), kwh);
    EXPECT_EQ(share_of(kwh, period, {day(2026, 6, 1), day(2026, 9, 1)}),
              Energy::kilowatt_hours(70));  // 7 days of 10 kWh
    EXPECT_EQ(share_of(-kwh, period, {day(2026, 6, 1), day(2026, 9, 1)}),
              Energy::kilowatt_hours(-70));
    EXPECT_EQ(share_of(kwh, period, {day(2026, 6, 8), day(2026, 9, 1)}), Energy());
}

TEST(BackBill, EstimatesByUseADay) {
    // R1.10: 653 kWh of 31 days are 21.06 a day; in 30 days 631.80, truncated.
    const ReferenceUse use{{day(2025, 6, 1), day(2025, 7, 2)}, Energy::kilowatt_hours(653)};
    EXPECT_EQ(estimated_use(use, 30), Energy::kilowatt_hours(631));
}

TEST(BackBill, TheReferenceIsAYearBeforeElseTheLastGoodPeriod) {
    const std::vector<ReferenceUse> billed = {
        {{day(2025, 5, 8), day(2025, 6, 9)}, Energy::kilowatt_hours(600)},
        {{day(2026, 1, 8), day(2026, 2, 9)}, Energy::kilowatt_hours(400)},
        {{day(2026, 2, 9), day(2026, 3, 10)}, Energy::kilowatt_hours(90)},
    };
    const Date began = day(2026, 2, 9);
    EXPECT_EQ(reference_for({day(2026, 5, 8), day(2026, 6, 8)}, began, billed)->energy,
              Energy::kilowatt_hours(600));
    EXPECT_EQ(reference_for({day(2026, 2, 9), day(2026, 3, 10)}, began, billed)->energy,
              Energy::kilowatt_hours(400));
    EXPECT_FALSE(reference_for({day(2025, 5, 8), day(2025, 6, 9)}, day(2025, 5, 8), billed));
}

TEST(BackBill, AnotherMultiplierIsAnotherUse) {
    // Billed with 40 where 600:5 makes 120.
    EXPECT_EQ(remultiplied(Energy::kilowatt_hours(4000), Decimal(40, 0), Decimal(120, 0)),
              Energy::kilowatt_hours(12000));
    EXPECT_EQ(remultiplied(Energy::watt_hours(1), Decimal(3, 0), Decimal(15, 1)),
              Energy::watt_hours(1));  // 0.5 Wh
}

TEST(CaseRules, AHighBillIsWorkedInTheFixedOrder) {
    // R4.16.
    std::string order;
    for (const CaseStep& step : steps_of(CaseKind::high_bill)) {
        order += std::string(step.code) + " ";
    }
    EXPECT_EQ(order,
              "reads_and_multiplier estimated_or_true_up days_in_period price_or_season "
              "discount_lost weather intervals_and_night_load on_demand_read field_read "
              "meter_test ");
    const std::vector<std::string> done = {"reads_and_multiplier"};
    EXPECT_TRUE(check_step(CaseKind::high_bill, "estimated_or_true_up", done));
    EXPECT_TRUE(check_step(CaseKind::high_bill, "reads_and_multiplier", done));
    EXPECT_TRUE(
        check_step(CaseKind::high_bill, "weather", done).error().is(errors::step_out_of_order));
    EXPECT_TRUE(check_step(CaseKind::high_bill, "guess", done).error().is(errors::step_unknown));
    EXPECT_EQ(next_step(CaseKind::high_bill, done)->code, "estimated_or_true_up");
}

TEST(CaseRules, AFindingNeedsTheStepThatShowsIt) {
    const std::vector<std::string> done = {"reads_and_multiplier"};
    EXPECT_TRUE(check_finding(CaseKind::high_bill, "wrong_read", done));
    EXPECT_TRUE(check_finding(CaseKind::high_bill, "meter_fast", done)
                    .error()
                    .is(errors::step_out_of_order));
    EXPECT_TRUE(
        check_finding(CaseKind::high_bill, "crossed", done).error().is(errors::finding_unknown));
    // R1.66: nobody is charged before he was heard.
    EXPECT_TRUE(check_finding(CaseKind::tampering, "tamper_confirmed",
                              {"events_and_use", "preserve_evidence"})
                    .error()
                    .is(errors::step_out_of_order));
}

TEST(CaseRules, EveryFindingFollowsAStepOfItsKind) {
    for (const CaseKind kind : all_kinds()) {
        std::set<std::string_view> steps;
        for (const CaseStep& step : steps_of(kind)) steps.insert(step.code);
        EXPECT_FALSE(findings_of(kind).empty());
        for (const Finding& finding : findings_of(kind)) {
            EXPECT_TRUE(steps.contains(finding.after)) << finding.code;
        }
        EXPECT_EQ(parse_kind(to_text(kind)).value(), kind);
    }
    EXPECT_TRUE(parse_kind("ghost").error().is(errors::kind_unknown));
}

TEST(CaseRules, TamperingGoesThroughItsOwnStates) {
    // R1.68.
    EXPECT_EQ(first_state(CaseKind::tampering), "suspected");
    EXPECT_EQ(state_after_step(CaseKind::tampering, "preserve_evidence", "suspected"),
              "evidence_preserved");
    EXPECT_EQ(state_after_step(CaseKind::zero_usage, "occupancy", "open"), "in_work");
    EXPECT_TRUE(check_state("calculated", "charged"));
    EXPECT_TRUE(check_state("charged", "disputed"));
    EXPECT_TRUE(check_state("suspected", "charged").error().is(errors::state_cannot_follow));
    EXPECT_TRUE(check_state("paid", "charged").error().is(errors::state_cannot_follow));
    EXPECT_TRUE(is_closed("unfounded"));
    EXPECT_FALSE(is_closed("calculated"));
    EXPECT_FALSE(is_undecided("confirmed"));
}

TEST(CaseRules, EverythingHasANameInBothLanguages) {
    for (const Language language : {Language::english, Language::spanish}) {
        const Words& words = Words::of(language);
        const auto has = [&](const std::string& key) { EXPECT_TRUE(words.has(key)) << key; };
        for (const CaseKind kind : all_kinds()) {
            has("case.kind." + std::string(to_text(kind)));
            for (const CaseStep& step : steps_of(kind)) {
                has("case.step." + std::string(step.code));
                if (!step.order.empty()) has("case.order." + std::string(step.order));
            }
            for (const Finding& finding : findings_of(kind)) {
                has("case.finding." + std::string(finding.code));
                has("case.letter." + std::string(finding.code));
                if (!finding.order.empty()) has("case.order." + std::string(finding.order));
            }
        }
    }
}

TEST(CaseStore, AnOrderedStepIsNotAnswered) {
    std::vector<CaseChange> changes(2);
    changes[0] = {1, "step", "check_for_load", "ordered", "", "in_work", "t", day(2026, 6, 15)};
    EXPECT_TRUE(answered_steps(changes).empty());
    changes[1] = {2, "step", "check_for_load", "clear", "", "in_work", "t", day(2026, 6, 16)};
    EXPECT_EQ(answered_steps(changes), std::vector<std::string>{"check_for_load"});
}

}  // namespace
}  // namespace watthour::investigation
