// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/case_subject.hpp"
#include "investigation/back_bill.hpp"
#include "investigation/case_rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// How bills that rest on an error are computed anew.
struct CorrectionRequest {
    investigation::Correction how = investigation::Correction::none;
    investigation::Claim claim = investigation::Claim::billing_error;
    DateRange error;                      ///< from the first provable day
    Date discovered;                      ///< limits are counted back from here
    std::optional<Decimal> multiplier;    ///< the right one
    std::optional<Decimal> registration;  ///< percent; else that of the meter's last test
    std::optional<Decimal> use_a_day;     ///< kWh; else that of a reference period
    const CaseSubject* other = nullptr;   ///< of crossed meters
};

/// One issued bill beside what it should have been.
struct CorrectedBill {
    std::string bill;
    DateRange period;
    DateRange days;  ///< of the period that are corrected
    Energy billed;
    Energy corrected;
    Money then;
    Money now;
};

struct CaseCorrection {
    std::int64_t account = 0;
    DateRange error;
    DateRange allowed;  ///< the part of it that may be corrected
    int months = 0;     ///< of the limit
    std::vector<CorrectedBill> bills;
    Energy difference;  ///< positive: not billed yet
    Money amount;       ///< positive: the customer owes it
    Energy beyond;      ///< kWh of the error that lie outside the limit
};

/// Computes the bills of an error anew, at the prices of their days, by the rating engine. The
/// direction of all bills together decides the limit. Changes nothing.
///
/// Units:  kWh to the Wh, dollars to the cent; differences are corrected less billed.
/// Errors: investigation.policy_missing, factor_missing, no_reference_use, other_meter_missing;
///         metering.registration_zero; those of measuring and rating.
/// Source: R1.15, R1.62, R1.63, R1.65, R1.66, R4.10, R4.12.
[[nodiscard]] Result<CaseCorrection> correct_bills(Office& office, const CaseSubject& subject,
                                                   const CorrectionRequest& request);

}  // namespace watthour::app
