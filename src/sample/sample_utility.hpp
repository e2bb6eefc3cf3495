// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/time_zone.hpp"
#include "customers/account.hpp"
#include "metering/meter.hpp"
#include "metering/meter_details.hpp"
#include "sample/channel_load.hpp"
#include "service/service_agreement.hpp"
#include "tariff/catalogue.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watthour::sample {

/// The day on which the old system stopped and Watthour's reads begin.
inline constexpr Date reads_begin = Date::ymd(2025, 5, 1);
/// The meters of the whole city.
inline constexpr int most_accounts = 36000;

/// A city of invented customers and their meters, with the load behind every channel.
struct SampleUtility {
    std::vector<customers::Person> people;
    std::vector<customers::Account> accounts;  ///< rising by number, contiguous inside a cycle
    std::vector<customers::BankMandate> mandates;
    std::vector<service::Premise> premises;
    std::vector<service::ServicePoint> points;
    std::vector<service::ServiceAgreement> agreements;
    std::vector<metering::Meter> meters;
    std::vector<metering::MeterDetails> details;  ///< one a meter, in the same order
    std::vector<metering::Channel> channels;
    std::vector<metering::MeterInstallation> installations;
    std::vector<ChannelLoad> loads;  ///< in the order of the accounts
    /// What is wrong on purpose: kind and account number. Kinds: see slots.hpp.
    std::vector<std::pair<std::string, std::string>> awkward;
};

/// Makes the sample city: the same catalogue, count, seed and date give the same city.
///
/// Existing customers' agreements begin on their cycle's first read date on or after
/// reads_begin, the day through which the old system billed them.
/// Errors: sample.accounts_out_of_range, sample.calendar_too_short.
/// Source: VEU for the mix of classes, VEU-CAL.
[[nodiscard]] Result<SampleUtility> make_sample(const tariff::Catalogue& catalogue,
                                                const TimeZone& zone, int accounts,
                                                std::int64_t seed, Date business_date);

}  // namespace watthour::sample
