// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/import_parts.hpp"
#include "tariff/vee_rules.hpp"

#include <vector>

namespace watthour::app {

/// R1.20: the time of the collector as its files show it, against the time of receipt and against
/// the newest interval.
class CollectorClock {
public:
    CollectorClock(Office& office, ImportOutcome& outcome);

    [[nodiscard]] Instant received() const { return received_; }
    /// What answers a request comes while it is waited for, whatever day the office is at.
    void received_at(Instant at) { received_ = at; }
    /// When a file of history was received is not known: nothing is checked.
    void forget() { verdict_ = tariff::VeeVerdict::off; }
    [[nodiscard]] bool is_future(Instant end) const {
        return verdict_ == tariff::VeeVerdict::fail && received_ + seconds_ < end;
    }

    /// Reports the first row of a file whose creation lies after the receipt, or before its newest
    /// interval has ended.
    void see(const formats::CmepRow& row, std::vector<worklist::WorkItem>& items);

private:
    void report(const formats::CmepRow& row, std::vector<worklist::WorkItem>& items,
                const char* what, Instant when, Instant other);

    ImportOutcome& outcome_;
    Instant received_;
    tariff::VeeVerdict verdict_ = tariff::VeeVerdict::off;
    int seconds_ = 0;
    bool said_ = false;
};

}  // namespace watthour::app
