// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "vee/estimate.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// A register read that a person writes: what the customer told, what was read by hand, or what
/// stands after the shop has looked.
struct ReadEntry {
    std::string meter;
    Date date;  ///< the read at 00:00 local of this date
    std::string reading;
    std::string type = "verified";  ///< verified, customer, actual_manual, on_demand
    std::string quantity = "KWH";
    std::string why;
    bool dry_run = false;
};

/// What an entry says beside the reads that are there.
struct EnteredRead {
    std::string meter;
    Date date;
    std::string reading;
    std::string type;
    std::optional<Date> previous_date;
    std::string previous_reading;
    std::string previous_type;
    Energy use;                ///< between the two
    Money worth;               ///< of the use, by the policy's worth of a kWh
    bool stands = true;        ///< false where a stronger read of the same day counts (R1.02)
    bool rolled_over = false;  ///< the dials passed from all nines to zero between the two (R1.03)
    /// What was used before would be over the same days; none without a billed period.
    std::optional<Energy> usual;
    std::string looks;  ///< "high" or "low" beside it, by the policy of R1.29; else ""
};

/// Keeps the read beside what is there; raw reads are never changed, and of two for one day the
/// stronger type counts. Above the actor's limit, by the worth of the use, it waits for a second
/// person. Errors: app.meter_unknown, app.meter_not_in_service, app.register_unknown,
/// app.read_type_unknown, app.reason_missing, usage.read_malformed, read_too_fine,
/// read_beyond_dials, usage.read_rolls_backward, access.needs_approval, access.not_allowed.
[[nodiscard]] Result<EnteredRead> enter_read(Office& office, const ReadEntry& entry);

/// A read that was written by mistake.
struct ReadTakenBack {
    std::string meter;
    Date date;
    std::string reading;
    std::string type = "verified";
    std::string quantity = "KWH";
    std::string why;
    bool dry_run = false;
};

/// Takes back a read that the actor entered or estimated on this business date: what stood there
/// before counts again. Nothing is erased: the read stays as a version that a later one, without a
/// reading, has ended. Refused once a bill rests on it.
/// Errors: app.read_not_of_today, app.read_taken_back, app.read_billed, app.reason_missing and
/// those of enter_read about the meter.
[[nodiscard]] Result<EnteredRead> take_read_back(Office& office, const ReadTakenBack& wanted);

struct ReadEstimateRequest {
    std::string meter;
    Date date;  ///< the scheduled read day that has no read
    std::string why;
    bool dry_run = false;
};

struct EstimatedRead {
    EnteredRead read;
    vee::RegisterEstimate estimate;
    DateRange reference;     ///< the period whose use a day was taken
    Energy reference_use;    ///< of all its days
    int days = 0;            ///< since the read before
    std::string multiplier;  ///< of the meter
    std::string basis;       ///< "the same period last year", "the period before"
    int in_a_row = 0;        ///< estimates in a row, this one included
    bool order_proposed = false;
    bool warned = false;  ///< so many in a row that the policy warns
};

/// Estimates a missing register read from average daily use, and counts the estimates in a row: the
/// last that the policy allows proposes a field order, one more is refused. Source: R1.08, R1.10.
/// Errors: as enter_read, and app.read_is_there, app.no_use_to_estimate_from,
/// app.too_many_estimates.
[[nodiscard]] Result<EstimatedRead> estimate_read(Office& office,
                                                  const ReadEstimateRequest& request);

/// Carries out an entry that a second person approved.
[[nodiscard]] Result<void> carry_out_entry(Office& office, const std::string& parameters,
                                           const std::string& maker, std::int64_t approval);

}  // namespace watthour::app
