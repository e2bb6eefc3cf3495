// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rating/plan.hpp"

#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::rating {

// Places of a slot's numbers when they are multiplied by a price.
inline constexpr int energy_scale = 3;  ///< Wh in kWh
inline constexpr int power_scale = 6;   ///< mW in kW

/// Writes the steps of a plan. Internal to the room; the parts of a bill are members of it, in
/// files of their own.
class PlanMaker {
public:
    PlanMaker(const tariff::Catalogue& catalogue, const PlanKey& key) : key_(key) {
        plan_.catalogue = &catalogue;
        plan_.facts = key.facts;
        plan_.period = key.period;
    }

    [[nodiscard]] Result<Plan> make();

private:
    using Segments = std::vector<tariff::PriceSegment>;
    enum class Sign { charge, credit };

    // make_plan.cpp: the order of a bill, and small steps.
    [[nodiscard]] Result<void> find_documents();
    [[nodiscard]] Result<void> schedule_charges();
    [[nodiscard]] Result<void> one_charge(const Segments& segments);
    [[nodiscard]] Result<Segments> segments_of(const tariff::RateSchedule& schedule,
                                               std::string_view code) const;
    [[nodiscard]] Slot new_slot();
    [[nodiscard]] std::uint32_t put_numbers(std::initializer_list<std::int64_t> numbers);
    [[nodiscard]] Slot emit(OpCode code, Slot a, Slot b = no_slot, Slot c = no_slot,
                            std::initializer_list<std::int64_t> numbers = {},
                            Rounding rounding = Rounding::half_away_from_zero);
    [[nodiscard]] Slot constant(std::int64_t value);
    [[nodiscard]] Slot zero() { return constant(0); }
    [[nodiscard]] Slot sum(const std::vector<Slot>& slots);
    [[nodiscard]] Slot input(FactKind kind, std::uint16_t index = 0, DateRange range = {},
                             const std::string& code = {});
    [[nodiscard]] Slot measured(const tariff::Determinant& wanted, std::string_view charge);
    /// quantity x price x factor, rounded as the charge says.
    [[nodiscard]] Slot priced(Slot quantity, int scale, const Decimal& price, Ratio factor,
                              tariff::AmountRounding rounding, Sign sign);
    [[nodiscard]] Slot percent_of(Slot base, const Decimal& percent, Rounding rounding,
                                  Slot times = no_slot, std::int64_t divisor = 1);
    void add_line(LineTemplate line, tariff::BaseSet bases);
    [[nodiscard]] Slot sum_of_base(int base);
    [[nodiscard]] Slot sum_of_charges(const std::vector<std::string>& codes, std::size_t from = 0);
    [[nodiscard]] std::string account_of(const std::string& ledger) const;
    [[nodiscard]] int days() const { return plan_.period.days(); }
    [[nodiscard]] bool by_intervals() const {
        return plan_.schedule->usage == tariff::UsageSource::intervals;
    }
    [[nodiscard]] LineTemplate line_of(const tariff::PriceSegment& segment, const std::string& code,
                                       const tariff::LocalText& text) const;
    [[nodiscard]] TraceTemplate product_trace(const LineTemplate& line) const;
    [[nodiscard]] Ratio month_share(const tariff::PriceSegment& segment,
                                    std::vector<TraceTemplate>& trace) const;

    // plan_energy.cpp
    struct SegmentUse {
        Slot energy = no_slot;
        std::vector<TraceTemplate> trace;
    };
    [[nodiscard]] Result<void> energy_charge(const Segments& segments);
    [[nodiscard]] Slot channel_total(tariff::EnergyKind kind);
    [[nodiscard]] tariff::EnergyKind resolved(tariff::EnergyKind kind) const;
    [[nodiscard]] std::vector<SegmentUse> uses_of(tariff::EnergyKind kind,
                                                  std::span<const DateRange> ranges,
                                                  std::string_view charge);
    [[nodiscard]] Slot interval_energy(tariff::EnergyKind kind, DateRange range,
                                       const tariff::TouCalendar* calendar, int period,
                                       std::string_view charge);
    void flat_energy(const tariff::PriceSegment& segment, const SegmentUse& use);
    void tier_energy(const tariff::PriceSegment& segment, const SegmentUse& use,
                     SegmentTemplate& detail);
    void tou_energy(const tariff::PriceSegment& segment);
    void tou_tier_energy(const tariff::PriceSegment& segment);
    void hourly_energy(const tariff::PriceSegment& segment);
    void energy_line(const tariff::PriceSegment& segment, LineTemplate line, Slot energy,
                     const Decimal& price);
    [[nodiscard]] std::vector<Slot> period_uses(const tariff::PriceSegment& segment,
                                                const tariff::TouCalendar& calendar);
    [[nodiscard]] std::vector<Slot> tier_limits(const std::vector<tariff::Tier>& tiers,
                                                const tariff::PriceSegment& segment,
                                                std::vector<TraceTemplate>* traces);
    [[nodiscard]] Slot bound(const tariff::TierBound& bound, const tariff::PriceSegment& segment,
                             TraceTemplate* trace);
    [[nodiscard]] Slot baseline_bound(const tariff::TierBound& bound,
                                      const tariff::PriceSegment& segment, TraceTemplate* trace);
    void tier_line(const tariff::PriceSegment& segment, const tariff::Tier& tier, Slot energy,
                   std::vector<TraceTemplate> trace);
    [[nodiscard]] Result<void> adjustments();
    void lamp_charge(const Segments& segments);
    [[nodiscard]] std::int64_t all_lamp_kwh() const;

    // plan_demand.cpp
    [[nodiscard]] Slot billing_demand(const tariff::PriceSegment& segment, const std::string& name,
                                      std::string_view charge);
    [[nodiscard]] Slot measured_demand(const tariff::DemandRule& rule, std::string_view charge);
    [[nodiscard]] Slot ratcheted(const tariff::DemandRule& rule, Slot measured,
                                 DemandTemplate& detail);
    [[nodiscard]] Slot adjusted_by_power_factor(const tariff::DemandRule& rule, Slot demand);
    [[nodiscard]] Slot power_factor();
    [[nodiscard]] Slot reactive_energy();
    void demand_charge(const tariff::PriceSegment& segment);
    void demand_line(const tariff::PriceSegment& segment, LineTemplate line, Slot quantity,
                     const Decimal& price, const char* unit);
    void power_factor_charge(const tariff::PriceSegment& segment);
    void reactive_charge(const tariff::PriceSegment& segment);

    // plan_percent.cpp
    void fixed_charge(const tariff::PriceSegment& segment);
    void percent_charge(const tariff::PriceSegment& segment);
    void minimum_charge(const Segments& segments);
    void minimum_of_year(const tariff::PriceSegment& segment);
    void discounts();
    [[nodiscard]] Result<void> taxes();
    void tax_line(std::uint16_t number, const tariff::DatedPrice& version);

    // plan_rider.cpp
    [[nodiscard]] bool accrues(std::string_view code) const;
    [[nodiscard]] bool left_out(std::string_view code) const;
    [[nodiscard]] Result<void> rider_lines(tariff::RiderPlace place);
    void bank_lines(const tariff::BankTerms& bank, Slot surplus);
    [[nodiscard]] Result<void> accrue(const Segments& segments);
    void accrue_part(const tariff::PriceSegment& segment, DateRange range, const Decimal& less,
                     tariff::EnergyKind kind, const tariff::TouCalendar* calendar, int period);
    void accrue_adjustment(const tariff::Adjustment& adjustment,
                           const tariff::AdjustmentSegment& segment, Slot energy);
    void settle_accrual();
    [[nodiscard]] Result<Slot> surplus_line(const tariff::SurplusTerms& surplus);

    const PlanKey& key_;
    Plan plan_;
    const tariff::RiderTerms* terms_ = nullptr;
    std::vector<tariff::BaseSet> in_base_of_;  ///< of each line
    std::vector<std::string> line_charge_;     ///< the charge of each line
    std::vector<bool> line_is_credit_;         ///< earned by a bank
    std::map<std::int64_t, Slot> constants_;
    std::map<std::string, Slot> demands_;    ///< made before, by name and version
    std::map<std::string, Slot> kwh_banks_;  ///< what is left of each, by period
    Slot kind_totals_[8] = {no_slot, no_slot, no_slot, no_slot, no_slot, no_slot, no_slot, no_slot};
    std::vector<Slot> accrued_;
    std::string current_charge_;  ///< whose lines are being written
    bool current_is_credit_ = false;
};

[[nodiscard]] Ref ref(Decimal constant);
[[nodiscard]] Ref ref(std::int64_t constant);
[[nodiscard]] Ref ref_energy(Slot slot);
[[nodiscard]] Ref ref_power(Slot slot);
[[nodiscard]] Ref ref_amount(Slot slot);
[[nodiscard]] Ref ref_count(Slot slot);

}  // namespace watthour::rating
