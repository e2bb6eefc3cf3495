// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/case_subject.hpp"
#include "storage/case_rows.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// Energy over some days; compared by the day.
struct UseOverDays {
    Energy energy;
    int days = 0;

    /// Whole Wh, half away from zero; 0 without days.
    [[nodiscard]] std::int64_t a_day_wh() const;
    /// kWh with two places.
    [[nodiscard]] std::string a_day_text() const;
};

/// Two meters that followed each other at an agreement, and what each counted a day.
struct ExchangeStep {
    Date on;
    std::string old_meter;
    std::string new_meter;
    std::string old_multiplier;
    std::string new_multiplier;
    UseOverDays before;
    UseOverDays after;
};

/// What meters contributed to the billed periods of a case's agreement.
[[nodiscard]] std::vector<storage::BilledMeterUse> meter_uses_of(const CaseSubject& subject);

/// Exchanges within the uses of one agreement, in order of days. Uses of both sides are those of up
/// to three billed parts; a part of fewer than five days says nothing.
[[nodiscard]] std::vector<ExchangeStep> exchange_steps(
    const std::vector<storage::BilledMeterUse>& uses);

/// The billed period that ended a year before one, within 20 days; null without.
[[nodiscard]] const billing::BillSegment* a_year_before(const CaseSubject& subject,
                                                        DateRange period);

/// The same for billed uses of one agreement, in order of period.
[[nodiscard]] const storage::BilledUse* a_year_before(const std::vector<storage::BilledUse>& own,
                                                      DateRange period);

/// What the others of a cycle used in the periods that end on a day, and a year before.
struct ChangeOfOthers {
    std::int64_t count = 0;
    Energy now;
    Energy then;
};
/// `billed` are the uses of a cycle in order of account, agreement and period.
[[nodiscard]] ChangeOfOthers change_of_others(const std::vector<storage::BilledUse>& billed,
                                              Date until, std::int64_t but_account);

}  // namespace watthour::app
