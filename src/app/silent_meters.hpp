// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/head_end.hpp"
#include "base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A meter of which a channel was silent for some days.
struct SilentMeter {
    std::string serial;
    std::string quantities;  ///< "KWH, GKWH": the channels that are silent
    std::string route;
    std::string head_end;          ///< "" = no settings name one
    std::string account;           ///< "" = nobody is served there
    std::optional<Date> last_day;  ///< none = not within the days looked back
    int days = 0;
    std::string age;             ///< "1-3", "4-7", "8-30" or "over 30" days
    std::string no_power_since;  ///< local time; "" = it did not say so
    std::optional<metering::HeadEndRequest> last_request;  ///< of the last two months
};

struct SilentMeters {
    Date day;                         ///< through which reads are awaited
    std::vector<SilentMeter> meters;  ///< the longest silent first
};

/// Meters that were silent on the day before a date and at least `days` days long.
/// Source: R1.45, R1.08.
[[nodiscard]] SilentMeters silent_meters(Office& office, Date date, int days);

/// What the administrator of the head-end gets: a line a meter, CSV.
[[nodiscard]] std::string ticket_csv(const SilentMeters& silent);

/// What became of a ping of several.
struct PingedMeter {
    std::string serial;
    std::optional<AskedMeter> asked;
    std::optional<Error> refusal;  ///< why it was not asked
};

/// Meters that are pinged at once at most.
inline constexpr std::size_t most_pings = 500;

/// Pings meters, each by itself: one that is refused does not stop the others.
/// Errors: access.not_allowed, access.reason_missing, app.too_many_pings.
[[nodiscard]] Result<std::vector<PingedMeter>> ping_meters(Office& office,
                                                           const std::vector<std::string>& serials,
                                                           const std::string& system,
                                                           const std::string& why, bool dry_run);

/// Those of the silent meters that are named.
[[nodiscard]] SilentMeters only(const SilentMeters& silent,
                                const std::vector<std::string>& serials);

/// Proposes a field order for each meter in the inbox; answers how many are new.
/// Errors: access.not_allowed.
[[nodiscard]] Result<std::int64_t> propose_orders(Office& office, const SilentMeters& silent,
                                                  bool dry_run = false);

[[nodiscard]] json::object to_json(const SilentMeters& silent);
[[nodiscard]] json::array to_json(const std::vector<PingedMeter>& pinged);

}  // namespace watthour::app
