// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "metering/meter_shop.hpp"
#include "service/service_capacity.hpp"
#include "storage/meter_shop_rows.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watthour::app {

/// The meter of a serial. Errors: app.meter_unknown.
[[nodiscard]] Result<metering::Meter> find_meter(Office& office, const std::string& serial);

/// The state that holds; of a meter without states, what its installations say.
[[nodiscard]] metering::StockState state_of(storage::MeterShopRows& shop, metering::MeterId meter);

/// The details of a day as they were believed at the end of another; of a meter without any, what
/// `meters` says.
[[nodiscard]] metering::MeterDetails details_on(storage::MeterShopRows& shop,
                                                const metering::Meter& meter, Date day,
                                                Date known_on = service::now_known);

/// Details as the audit keeps them: "Tessera A2 form 9S, 5 dials, 0 decimals, CT 600:5, ...".
[[nodiscard]] std::string in_words(const metering::MeterDetails& details);

/// Whether words and numbers of details are such as a meter can have.
/// Errors: app.meter_field_wrong.
[[nodiscard]] Result<void> check_details(const metering::MeterDetails& details);

/// The state of a text. Errors: app.meter_state_unknown.
[[nodiscard]] Result<metering::StockState> parse_state(const std::string& text);

/// A meter that is not there yet. Its multiplier follows from the nameplates where it is not said.
struct MeterEntry {
    std::string serial;
    metering::MeterDetails details;
    std::optional<Decimal> multiplier;
    /// Codes with their interval minutes, 0 = register; none: a register of delivered kWh.
    std::vector<std::pair<std::string, int>> channels;
    metering::StockState state = metering::StockState::received;  ///< ordered or received
    std::string why;
    bool dry_run = false;
};

/// Takes a meter into the inventory. Errors: access.not_allowed, access.reason_missing;
/// app.meter_exists, meter_field_wrong; metering.ratio_malformed, factor_malformed,
/// multiplier_disagrees.
[[nodiscard]] Result<metering::InventoryRow> add_meter(Office& office, const MeterEntry& entry);

struct StateWish {
    std::string serial;
    std::string state;
    std::optional<Date> since;  ///< none: the business date
    std::string why;
    bool dry_run = false;
};

/// Moves a meter through the stock. What becomes available after a repair needs a test within the
/// limits of refurbished stock, and none may follow a test that failed.
/// Errors: access.*; app.meter_unknown, meter_state_unknown, meter_state_by_work,
/// meter_test_wanting; metering.state_cannot_follow. Source: R7.05, R1.61.
[[nodiscard]] Result<metering::StateChange> change_state(Office& office, const StateWish& wish);

struct TestEntry {
    std::string serial;
    std::optional<Date> on;
    std::string standard;
    std::string tester;
    std::string method = "full_and_light";
    std::string full_load;  ///< percent as text; empty where it was not tested
    std::string light_load;
    std::string power_factor;
    std::string limits;  ///< empty: those of refurbished stock for a refurbished meter
    bool dry_run = false;
};

/// Records a test with its average and verdict. Errors: access.not_allowed; app.meter_unknown,
/// meter_field_wrong; metering.load_missing, registration_malformed; base.number_malformed.
[[nodiscard]] Result<metering::MeterTest> record_test(Office& office, const TestEntry& entry);

struct SealEntry {
    std::string serial;
    std::string seal;
    std::string event = "applied";
    std::optional<Date> on;
    std::string why;
    bool dry_run = false;
};

/// Errors: access.not_allowed; app.meter_unknown, meter_field_wrong.
[[nodiscard]] Result<metering::SealEvent> record_seal(Office& office, const SealEntry& entry);

struct CommentEntry {
    std::string serial;
    bool at_point = false;  ///< of the point where the meter hangs, whatever meter hangs there
    std::string kind = "other";
    std::string text;
    std::optional<Date> from;
    bool dry_run = false;
};

/// Writes what the next person at the meter must know. Errors: access.not_allowed;
/// app.meter_unknown, meter_field_wrong, note_empty, meter_elsewhere.
[[nodiscard]] Result<metering::MeterComment> add_comment(Office& office, const CommentEntry& entry);

/// The dog is gone: the comment holds no longer. Errors: access.*; app.comment_unknown.
[[nodiscard]] Result<metering::MeterComment> end_comment(Office& office, std::int64_t comment,
                                                         Date on, const std::string& why,
                                                         bool dry_run);

struct CapacityEntry {
    std::string serial;          ///< of the meter that hangs at the point
    std::string kind = "panel";  ///< or transformer
    Decimal kw;                  ///< what it can carry
    std::optional<Date> from;    ///< else the business date
    std::string why;
    bool dry_run = false;
};

/// Records what the panel or the transformer of the point can carry where a meter hangs; the
/// smaller of the two is what R1.30 holds demand against, unless an override of the meter says
/// another. One of the same kind and first day is corrected.
/// Errors: access.not_allowed, access.reason_missing; app.meter_unknown, meter_field_wrong,
/// meter_elsewhere.
[[nodiscard]] Result<service::ServiceCapacity> record_capacity(Office& office,
                                                               const CapacityEntry& entry);

/// Whether tests let a meter out. Errors: app.meter_test_wanting.
[[nodiscard]] Result<void> check_tests(storage::MeterShopRows& shop, const metering::Meter& meter);

}  // namespace watthour::app
