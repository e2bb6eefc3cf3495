// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/run_cycle.hpp"
#include "base/json.hpp"

#include <vector>

namespace watthour::app {

/// What a part of a run did, as the job keeps it: numbers in whole units, to be added up.
[[nodiscard]] json::object to_record(const CycleOutcome& part);
/// The records of all parts as one.
[[nodiscard]] json::object add_records(const std::vector<json::object>& records);
/// The outcome for people and programs, from the record of the whole run.
[[nodiscard]] json::object to_report(const tariff::CycleRow& window, RunMode mode,
                                     const json::object& record);

/// Puts beside each bill of a preview's report what the account's last bill charged, as
/// "last_charges", null for a first bill: what differs much is looked at before it is posted. The
/// report itself is left as the run would give it, so that the two compare.
void add_last_charges(Office& office, json::object& report);

}  // namespace watthour::app
