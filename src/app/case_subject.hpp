// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "metering/meter_shop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A billed period of an agreement with the bill that holds it.
struct BilledSegment {
    std::string bill;
    std::string cycle;
    billing::BillSegment segment;
};

/// A meter of a case with where it hangs and who is served there.
struct CaseSubject {
    metering::Meter meter;
    std::optional<metering::InstalledMeter> installed;  ///< its last installation
    std::optional<service::ServicePoint> point;
    std::optional<service::Premise> premise;
    std::optional<service::ServedAgreement> served;  ///< on the day
    std::optional<customers::Account> account;
    std::vector<BilledSegment> billed;  ///< of the agreement, oldest first, at most `most_billed`

    [[nodiscard]] std::int64_t account_id() const { return account ? account->id.value : 0; }
    /// "12 Oak Street 3, Valdoro"; empty where the meter hangs nowhere.
    [[nodiscard]] std::string address() const;
};

inline constexpr std::size_t most_billed = 40;  ///< periods: three years and a little

/// The meter of a serial as it hung and was served on a day. Errors: app.meter_unknown.
[[nodiscard]] Result<CaseSubject> case_subject(Office& office, const std::string& serial, Date day);

/// The meter by which an account is billed on a day; of several the first additive one.
/// Errors: app.account_unknown, app.account_without_meter.
[[nodiscard]] Result<std::string> meter_of_account(Office& office, customers::AccountId account,
                                                   Date day);

}  // namespace watthour::app
