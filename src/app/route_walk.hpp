// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/read_routes.hpp"
#include "formats/handheld_codes.hpp"
#include "metering/meter_shop.hpp"
#include "vee/read_limits.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A register of a stop: what was read last, what may be expected, what came.
struct WalkRegister {
    metering::ChannelId channel;
    std::string quantity;  ///< KWH, KW
    std::string last_reading;
    std::optional<Date> last_date;
    std::string last_type;
    std::optional<vee::ReadLimits> limits;
    std::optional<metering::Read> read;  ///< inside the window; an estimate where nothing else is
};

enum class StopState {
    read,         ///< every register, inside the window
    estimated,    ///< no read, but an estimate stands for it
    skipped,      ///< the reader was there and gave a code
    trouble,      ///< not read, and a trouble was reported
    not_visited,  ///< nothing came
    intervals     ///< no register: its use is told by intervals, which the freshness board follows
};
[[nodiscard]] std::string_view stop_state_name(StopState state);

/// A code of the reader as part of a sentence: "dog (DG)".
[[nodiscard]] json::object told_code(const formats::ReaderCode& code);

/// A meter in the order of the walk. A point without a meter is a stop too.
struct WalkStop {
    metering::RoutePlace place;
    service::Premise premise;
    std::optional<service::ServedAgreement> served;
    std::optional<metering::InstalledMeter> installed;
    std::vector<metering::MeterComment> comments;
    std::vector<WalkRegister> registers;
    StopState state = StopState::not_visited;
    std::string skip_code;
    std::string trouble_codes;
    std::optional<Date> visited_on;
    int estimates_in_a_row = 0;  ///< up to the read date, this one included

    [[nodiscard]] std::string serial() const {
        return installed ? installed->meter.serial : std::string();
    }
    [[nodiscard]] bool is_unread() const {
        return state == StopState::skipped || state == StopState::trouble ||
               state == StopState::not_visited;
    }
};

/// How much of a walk is wanted: the limits and comments cost a look into the past.
enum class WalkDetail { states, everything };

struct RouteWalk {
    metering::ReadRoute route;
    tariff::CycleRow row;
    std::optional<Date> previous_read;  ///< of the cycle of the route
    std::optional<Date> next_read;
    DateRange window;   ///< the days on which a read counts for the read date (R1.06)
    int days_left = 0;  ///< until the window closes; negative when it has
    bool estimated_period = false;
    bool closed = false;
    std::vector<WalkStop> stops;

    [[nodiscard]] std::int64_t count(StopState state) const;
    [[nodiscard]] std::int64_t unread() const;
};

/// The walk of a route for a read date. Errors: app.route_unknown, route_read_date_wrong.
[[nodiscard]] Result<RouteWalk> walk_route(Office& office, const std::string& code,
                                           const std::optional<Date>& read_date,
                                           WalkDetail detail = WalkDetail::everything);

/// The stops as rows, those not read first where asked.
[[nodiscard]] json::object to_json(Office& office, const RouteWalk& walk, bool unread_first);

}  // namespace watthour::app
