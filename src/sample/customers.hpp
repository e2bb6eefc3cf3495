// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sample/names.hpp"
#include "sample/sample_utility.hpp"

#include <string>
#include <vector>

namespace watthour::sample {

struct CustomerSeat {
    customers::AccountId account;
    std::string schedule;
    DateRange served;
    service::Premise premise;
    bool opt_out = false;
};

/// Adds the person, the account and, for three of ten, the standing order to draft the bill.
void add_customer(SampleUtility& utility, const CustomerSeat& seat, std::int64_t seed);

/// Programs of a new agreement: EAP for 12% of homes, medical help, senior and public bodies'
/// tax exemptions; one in five of them begins or ends inside the year.
[[nodiscard]] std::vector<service::AgreementProgram> programs_of(const std::string& schedule,
                                                                 DateRange served,
                                                                 customers::AccountId account,
                                                                 std::int64_t seed);

}  // namespace watthour::sample
