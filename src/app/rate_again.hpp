// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/due_agreements.hpp"
#include "app/office.hpp"
#include "billing/bill.hpp"
#include "rating/rating.hpp"

#include <functional>
#include <map>
#include <string>

namespace watthour::app {

/// A segment of an issued bill beside what rating it again gives.
struct RatedAgain {
    const billing::Bill* bill = nullptr;
    const billing::BillSegment* segment = nullptr;
    const service::ServedAgreement* served = nullptr;  ///< as known on the bill date
    DueAgreement due;
    billing::MeasuredUse use;  ///< recorded, or measured again
    rating::RatingRequest request;
    bool intervals_changed = false;  ///< the intervals say another sum than the bill recorded
};

/// Rebuilds what issued segments were computed from: reads and facts as the bill recorded and
/// knew them, intervals from their blocks, earlier demand maxima and taxes from earlier bills.
class BillsAgain {
public:
    /// What to do with a bill whose agreement was recorded after its date.
    enum class RecordedLater {
        refused,      ///< to prove the bill
        as_known_now  ///< to correct it
    };
    /// Interval-billed schedules follow the calendars of `catalogue`, which outlives this.
    BillsAgain(Office& office, const tariff::Catalogue& catalogue,
               RecordedLater later = RecordedLater::refused)
        : office_(office), catalogue_(catalogue), later_(later), runs_(office.zone()) {}

    /// Calls `take` for each segment of the account's bills dated in a range, oldest first. What
    /// cannot be rebuilt is handed on as an error. Returns the number of segments.
    std::int64_t of_account(customers::AccountId account, DateRange bill_dates,
                            const std::function<void(Result<RatedAgain>)>& take);

    /// The same use under other terms of the agreement, measured again where they need intervals.
    /// Errors: those of billing and tariff, when the meter does not measure what they need.
    [[nodiscard]] Result<RatedAgain> on_other_terms(const RatedAgain& again,
                                                    const std::string& schedule,
                                                    const std::string& option,
                                                    const std::string& phase);

private:
    struct Past {
        std::map<service::AgreementId, std::vector<billing::PeriodUse>> history;
        std::vector<billing::BilledTax> taxed;
    };

    Result<RatedAgain> rebuild(const billing::Bill& bill, const billing::BillSegment& segment,
                               const Past& past);
    Result<void> measure(RatedAgain& again);
    Result<void> measure_intervals(RatedAgain& again);
    static void remember(const billing::BillSegment& segment, Past& past);

    Office& office_;
    const tariff::Catalogue& catalogue_;
    RecordedLater later_;
    tariff::TouRunCache runs_;
    std::vector<service::ServedAgreement> served_;
};

/// Every account that has bills, in order.
[[nodiscard]] std::vector<customers::AccountId> billed_accounts(Office& office);

}  // namespace watthour::app
