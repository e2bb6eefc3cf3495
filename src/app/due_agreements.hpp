// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "billing/measure.hpp"

#include <vector>

namespace watthour::app {

/// Everything that billing one agreement for one window needs, fetched in sets beforehand.
struct DueAgreement {
    service::ServedAgreement served;
    std::vector<metering::InstalledMeter> meters;
    DateRange period;
    std::vector<billing::PeriodUse> history;
    Money users_tax_this_year;  ///< already billed in the fiscal year of the last service day
    bool final_period = false;
    bool first_period = false;
};

struct DueSet {
    std::vector<DueAgreement> due;  ///< in order of account
    billing::ReadShelf shelf;
    std::int64_t agreements = 0;
    std::int64_t already_billed = 0;
    std::int64_t merged = 0;
};

/// The agreements of a cycle, of accounts in a range, that have a period to bill up to the read
/// date.
[[nodiscard]] DueSet collect_due(Office& office, const std::string& cycle, Date read_date,
                                 customers::AccountRange range);

/// Makes the time-of-use runs that measuring the set needs, from one thread.
void prepare_runs(const tariff::Catalogue& catalogue, const DueSet& set,
                  tariff::TouRunCache& cache);

/// The accounts that collect_due looks at, in order: a run is divided among workers by them.
[[nodiscard]] std::vector<customers::AccountId> accounts_to_bill(Office& office,
                                                                 const std::string& cycle,
                                                                 Date read_date);

}  // namespace watthour::app
