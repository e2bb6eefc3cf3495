// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "rating/trace.hpp"
#include "tariff/catalogue.hpp"
#include "tariff/determinant.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace watthour::rating {

/// A place for one whole number while a plan runs. Energy is in watt-hours, power in milliwatts,
/// amounts in 10^-8 dollars; days and flags are plain counts.
using Slot = std::uint16_t;
inline constexpr Slot no_slot = 0xFFFF;

/// 10^-8 dollars in a cent.
inline constexpr std::int64_t amount_units_per_cent = 1'000'000;

enum class OpCode : std::uint8_t {
    constant,      ///< out = n0
    add,           ///< out = a + b
    subtract,      ///< out = a - b
    sum,           ///< out = sum of the `count` slots listed from n0 on
    larger,        ///< out = max(a, b)
    smaller,       ///< out = min(a, b)
    above_zero,    ///< out = max(0, a)
    below_zero,    ///< out = max(0, -a)
    negate,        ///< out = -a
    scale,         ///< out = round(a x n0 / n1) x n2
    scale_by,      ///< out = round(a x b x n0 / n1) x n2
    offset_scale,  ///< out = round((n0 + a x n1) / n2) x n3
    split,         ///< out = running share of a: whole kWh, n0 to n1 of n2 days
    block,         ///< out = the part of a between b and c, with the sign of a
    whole_block,   ///< out = a when total c lies above b and not above n0's slot, else 0
    share,         ///< out = round(a x c / n0's slot) - round(a x b / n0's slot)
    power_factor,  ///< out = whole percent of a / sqrt(a^2 + b^2)
    cap,           ///< out = min(a, max(0, n0 - b))
    zero_if,       ///< out = b != 0 ? 0 : a
    only_if,       ///< out = b != 0 ? a : 0
    fill_tiers,    ///< chronological fill number n0; out = first of its slots
};

/// One step of a plan; its numbers are in Plan::numbers from `data` on.
struct Op {
    OpCode code = OpCode::constant;
    Rounding rounding = Rounding::half_away_from_zero;
    Slot out = no_slot;
    Slot a = no_slot;
    Slot b = no_slot;
    Slot c = no_slot;
    std::uint32_t data = 0;
};

/// A fact of the account that a plan reads. Everything else is measured use.
enum class FactKind : std::uint8_t {
    determinant,       ///< measured use: Plan::determinants[index]
    register_energy,   ///< total of a channel between two reads: index is the UsageChannel
    register_peak,     ///< the demand read of the period
    discount_days,     ///< days of `range` on which the discount `code` is in force
    exempt,            ///< 1 when tax number `index` is not owed
    tax_this_year,     ///< already charged in the fiscal year, of tax number `index`
    highest_prior,     ///< the highest earlier maximum of ratchet number `index`
    weighted_prior,    ///< the largest earlier maximum x percent units, of ratchet `index`
    contract_power,    ///< contract kW of the agreement
    kwh_bank,          ///< brought forward for the period `code`, Wh
    bank,              ///< dollars brought forward
    true_up,           ///< 1 when the period ends a relevant period
    surplus,           ///< Wh left over in the relevant period
    accrued,           ///< dollars accrued in the relevant period before
    billed_this_year,  ///< what a yearly minimum compares, before this period
    year_ends,         ///< 1 when the yearly minimum is settled with this period
};

struct Input {
    Slot slot = no_slot;
    FactKind kind = FactKind::determinant;
    std::uint16_t index = 0;
    DateRange range;
    std::string code;
};

/// How a slot is printed.
enum class SlotUnit : std::uint8_t { count, energy, power, amount };

/// A number of a line or of its derivation: known when the plan is made, or in a slot.
struct Ref {
    Slot slot = no_slot;
    SlotUnit unit = SlotUnit::count;
    Decimal constant;
};

struct TraceTemplate {
    TraceRule rule = TraceRule::product;
    std::vector<Ref> numbers;
};

/// When a line stands on the bill.
enum class Prints : std::uint8_t {
    quantity_not_zero,
    base_not_zero,
    amount_not_zero,
    flag_set,  ///< `flag` is not zero
};

/// All of a line that does not depend on the account.
struct LineTemplate {
    std::string code;
    tariff::LocalText text;
    tariff::LocalText text_below_zero;  ///< when the quantity is negative; "" = the same
    std::optional<DateRange> period;
    std::string discount;  ///< its period is that of this discount, and its factor active days
    std::optional<Ref> quantity;
    std::string unit;
    std::optional<Decimal> rate;
    bool rate_is_percent = false;
    Ratio factor;
    Slot active_days = no_slot;  ///< the factor is these days of the period
    Slot base = no_slot;
    Slot amount = no_slot;
    Prints prints = Prints::quantity_not_zero;
    Slot flag = no_slot;
    std::string group;
    std::string account;
    std::string clause;
    std::vector<TraceTemplate> trace;
};

/// Energy of one segment of a charge that is billed from registers.
struct SegmentTemplate {
    DateRange range;
    std::string season;
    Slot use = no_slot;
    std::vector<Slot> tier_uppers;
};

/// Energy of one segment by time-of-use period.
struct PeriodsTemplate {
    DateRange range;
    std::vector<std::string> periods;
    std::vector<Slot> delivered;
    std::vector<Slot> received;  ///< empty when the schedule does not count it
    std::vector<bool> priced;    ///< periods without a price are told only when there is use
};

struct DemandTemplate {
    std::string charge;
    Slot measured = no_slot;
    Slot floor = no_slot;  ///< no_slot: no ratchet
    std::uint16_t ratchet = 0;
    Slot billing = no_slot;
};

struct TaxTemplate {
    std::uint16_t tax = 0;
    Slot calculated = no_slot;
    Slot room = no_slot;
};

/// Where the dollars of a bank go, in slots.
struct BankTemplate {
    std::string rider;
    Slot open = no_slot;
    Slot deposit = no_slot;
    Slot applied = no_slot;
    Slot forfeited = no_slot;
    Slot paid = no_slot;
    Slot close = no_slot;
    std::string group;
    std::string account;
};

struct AccrualTemplate {
    std::string code;
    DateRange range;
    Ref quantity;
    Decimal price;
    Slot amount = no_slot;
};

struct KwhBankTemplate {
    std::string period;
    Slot close = no_slot;
};

/// A period of the calendar that has no price in a season: use in it is refused.
struct UnpricedUse {
    Slot slot = no_slot;
    std::string period;
    std::string season;
};

struct RatchetRule {
    tariff::Ratchet ratchet;
    int percent_scale = 0;
    int month = 1;  ///< of the last service day
};

struct ChronologicalTemplate {
    tariff::ChronologicalFill fill;
    std::vector<Slot> limits;
};

/// What is the same for all accounts of one schedule, rider, facts and period: a list of steps on
/// slots, and how the results are printed. Read-only once made; any number of threads may run it.
struct Plan {
    const tariff::Catalogue* catalogue = nullptr;
    const tariff::RateSchedule* schedule = nullptr;
    const tariff::Rider* rider = nullptr;
    tariff::ServiceFacts facts;
    DateRange period;
    Ratio month_factor;

    std::vector<Op> ops;  ///< what depends on the account; the rest was done when it was made
    std::vector<std::int64_t> initial;  ///< slots before a run, with everything that is fixed
    std::vector<std::int64_t> numbers;
    std::vector<Slot> lists;
    std::vector<Input> inputs;
    std::vector<tariff::Determinant> determinants;
    std::vector<std::string> determinant_charges;  ///< the charge that asks, for messages
    std::vector<RatchetRule> ratchets;
    std::vector<ChronologicalTemplate> fills;
    Slot slot_count = 0;

    std::vector<LineTemplate> lines;
    Slot total = no_slot;
    Slot delivered = no_slot;  ///< Wh, of the whole period
    Slot net = no_slot;        ///< Wh; no_slot without netting
    std::vector<SegmentTemplate> segments;
    std::vector<PeriodsTemplate> by_period;
    std::vector<DemandTemplate> demands;
    Slot power_factor = no_slot;
    Slot reactive = no_slot;
    Slot minimum = no_slot;
    Slot minimum_compared = no_slot;
    std::vector<TaxTemplate> capped_taxes;
    std::optional<BankTemplate> bank;
    std::vector<KwhBankTemplate> kwh_banks;
    std::vector<AccrualTemplate> accruals;
    Slot accrued = no_slot;        ///< of this period
    Slot year_compared = no_slot;  ///< what a yearly minimum compares, of this period
    std::vector<UnpricedUse> unpriced;
};

/// Lamps or devices of an agreement that is billed by inventory.
struct LampGroup {
    std::string type;
    std::int64_t count = 0;
    DateRange active;  ///< cut to the period
};

/// Whole kWh of a row of lamps in the days it burned. Source: VEU-RATING "SL-1".
[[nodiscard]] std::int64_t lamp_kwh(const tariff::ScheduleVersion& version, const LampGroup& group,
                                    DateRange active, int period_days);

struct PlanKey {
    std::string schedule;
    tariff::ServiceFacts facts;
    std::string rider;  ///< "" = none
    DateRange period;
    std::vector<LampGroup> lamps;  ///< of schedules billed by inventory
};

/// Makes the plan of a period.
///
/// Errors: tariff.schedule_unknown, tariff.rider_unknown, tariff.no_version_on_date,
///         tariff.fact_missing, tariff.fact_unknown, rating.rider_not_taken, rating.lamp_unknown.
[[nodiscard]] Result<Plan> make_plan(const tariff::Catalogue& catalogue, const PlanKey& key);

/// Runs a plan whose input slots are filled: no allocation, no look-up, whole numbers only. The
/// slots begin as a copy of Plan::initial and may be used again for the next account.
///
/// Errors: a sum outside 64 bits is a defect.
void run_plan(const Plan& plan, std::span<std::int64_t> slots,
              tariff::TierFiller* filler = nullptr);

/// Does the steps that depend on nothing but the plan, once, and takes them out of it.
void fold_plan(Plan& plan);

}  // namespace watthour::rating
