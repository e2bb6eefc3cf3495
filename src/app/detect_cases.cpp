// SPDX-License-Identifier: Apache-2.0
#include "app/detect_cases.hpp"

#include "app/authorize.hpp"
#include "app/case_signals.hpp"
#include "app/investigate.hpp"
#include "investigation/errors.hpp"

#include <iterator>

namespace watthour::app {
namespace {

std::vector<CaseSignal> all_signals(Office& office) {
    storage::CaseRows rows(office.database());
    const Date after = office.business_date() - days_looked_at;
    const BilledUses billed = rows.billed_uses(after);
    const MeterUses uses = rows.billed_meter_uses(after);
    const LastMeters meters = last_meters(uses);
    std::vector<CaseSignal> all;
    const auto take = [&](std::vector<CaseSignal> signals) {
        std::move(signals.begin(), signals.end(), std::back_inserter(all));
    };
    take(zero_signals(office, billed, meters));
    take(inactive_signals(office));
    take(multiplier_signals(office, uses));
    take(event_signals(office));
    take(drop_signals(office, billed, meters));
    take(crossed_signals(office, billed, meters));
    return all;
}

}  // namespace

Result<DetectOutcome> detect_cases(Office& office, bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::case_work));
    if (!office.catalogue().policies.investigation) {
        return Error(investigation::errors::policy_missing, {});
    }
    DetectOutcome outcome;
    for (const CaseSignal& signal : all_signals(office)) {
        ++outcome.seen;
        TRY(auto opened, storage::with_retries([&]() -> Result<std::optional<CaseDone>> {
                storage::Transaction transaction(office.database(), office.business_date());
                TRY(auto done, open_detected(office, signal.kind, signal.meter, signal.other_meter,
                                             signal.subject, signal.why));
                if (!dry_run) transaction.commit();
                return done;
            }));
        if (opened) outcome.opened.push_back(std::move(opened->the_case));
    }
    return outcome;
}

}  // namespace watthour::app
