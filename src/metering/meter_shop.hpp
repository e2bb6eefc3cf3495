// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter_details.hpp"
#include "metering/registration.hpp"
#include "metering/stock_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::metering {

struct StateChange {
    MeterId meter;
    std::int64_t number = 0;  ///< 1, 2, ... of the meter
    StockState state = StockState::received;
    Date since;
    std::string why;
    std::string by;
    Date recorded_on;
};

struct MeterTest {
    MeterId meter;
    std::int64_t number = 0;
    Date on;
    std::string standard;  ///< the reference it was compared with
    std::string tester;
    TestMethod method = TestMethod::full_and_light;
    LoadResults loads;
    Decimal average;  ///< percent, rounded to two places; the verdict is on the exact one
    TestLimits limits = TestLimits::in_service;
    Verdict verdict = Verdict::within;
    std::string by;
    Date recorded_on;
};

struct SealEvent {
    MeterId meter;
    std::int64_t number = 0;
    std::string seal;   ///< its own number
    std::string event;  ///< applied, removed, broken, missing
    Date on;
    std::string why;
    std::string by;
    Date recorded_on;
};

using CommentId = Id<struct CommentTag>;

/// What the next person at the meter must know.
struct MeterComment {
    CommentId id;
    service::ServicePointId point;  ///< 0: of the meter, wherever it goes
    MeterId meter;                  ///< 0: of the point, whatever meter hangs there
    std::string kind;               ///< location, key, dog, hazard, other
    std::string text;
    DateRange active;
    std::string by;
    Date recorded_on;
};

/// A version of an installation, as it was or is known.
struct KnownInstallation {
    MeterInstallation installation;
    std::int64_t version = 1;
    Date recorded_on;
    Date superseded_on;  ///< end_of_time while it is believed
};

/// A meter of the inventory with the state it is in.
struct InventoryRow {
    Meter meter;
    MeterDetails details;
    StockState state = StockState::received;
    Date since;
    service::ServicePointId point;  ///< 0 while it hangs nowhere
};

/// What the dials of a meter can show, as believed for some days.
struct DialFace {
    std::string serial;
    DateRange active;
    int dials = 5;
    int decimals = 0;
};

/// A bill that holds days of a point.
struct BilledDays {
    std::string bill;
    DateRange period;
};

/// The meter shop's memory. Whatever writes needs a transaction with a date.
class MeterShopStore {
public:
    virtual ~MeterShopStore() = default;
    [[nodiscard]] virtual std::optional<Meter> find(const std::string& serial) = 0;
    /// In order of code.
    [[nodiscard]] virtual std::vector<Channel> channels(MeterId meter) = 0;
    /// First versions; the meters themselves are there already.
    virtual void add(const std::vector<MeterDetails>& details) = 0;
    /// Believes other details in the place of those of a meter that begin on a day, if there are
    /// any; what was believed stays under the day on which it was recorded.
    virtual void supersede(MeterId meter, Date active_from,
                           const std::vector<MeterDetails>& instead) = 0;
    virtual void add(const std::vector<StateChange>& changes) = 0;
    virtual void add(const MeterTest& test) = 0;
    virtual void add(const SealEvent& event) = 0;
    /// The first version of a comment, or the next one of the same id.
    virtual void put(const MeterComment& comment) = 0;

    /// Known at the end of a business date, in order of their first day. A meter without any has
    /// what `meters` says.
    [[nodiscard]] virtual std::vector<MeterDetails> details(MeterId meter, Date known_on) = 0;
    /// In order; none for a meter of which only the installations are known.
    [[nodiscard]] virtual std::vector<StateChange> states(MeterId meter) = 0;
    [[nodiscard]] virtual std::vector<MeterTest> tests(MeterId meter) = 0;
    [[nodiscard]] virtual std::vector<SealEvent> seals(MeterId meter) = 0;
    /// Of a meter or of a point, as known at the end of a day; those that hold and those that are
    /// over.
    [[nodiscard]] virtual std::vector<MeterComment> comments(MeterId meter, Date known_on) = 0;
    [[nodiscard]] virtual std::vector<MeterComment> comments(service::ServicePointId point,
                                                             Date known_on) = 0;
    [[nodiscard]] virtual std::optional<MeterComment> comment(CommentId id) = 0;

    /// Every version, in order of point, first day and version.
    [[nodiscard]] virtual std::vector<KnownInstallation> installations(MeterId meter) = 0;
    /// Begins an installation, or believes another version of the one of the same first day.
    virtual void put(const MeterInstallation& installation) = 0;

    /// The inventory in order of serial, of one state or of all.
    [[nodiscard]] virtual std::vector<InventoryRow> inventory(std::optional<StockState> state,
                                                              const std::string& after,
                                                              std::size_t most) = 0;
    /// Frozen segments of a point that end after a day, in order of their period.
    [[nodiscard]] virtual std::vector<BilledDays> billed_after(service::ServicePointId point,
                                                               Date day) = 0;
    /// Accounts with an agreement at the point on a day.
    [[nodiscard]] virtual std::vector<customers::AccountId> served_at(service::ServicePointId point,
                                                                      Date day) = 0;
    [[nodiscard]] virtual std::vector<IntervalCorrection> corrections(ChannelId channel) = 0;
    /// All believed details of meters, for the check of multipliers.
    [[nodiscard]] virtual std::vector<InventoryRow> believed_details() = 0;
    /// The dials of all meters, for files of register reads.
    [[nodiscard]] virtual std::vector<DialFace> dial_faces() = 0;
};

}  // namespace watthour::metering
