// SPDX-License-Identifier: Apache-2.0
#include "cases/export_urdb.hpp"

#include "base/arithmetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

namespace watthour::cases {

namespace {

using formats::UrdbPeriods;
using formats::UrdbSchedule;
using formats::UrdbTier;
using tariff::Charge;
using tariff::DemandRule;
using tariff::Quantity;
using tariff::TouCalendar;

constexpr int half_hours = 48;
using DayPattern = std::array<int, half_hours>;
using Tiers = std::vector<UrdbTier>;

DayPattern pattern_of(const TouCalendar& calendar, Date date) {
    DayPattern pattern{};
    for (int at = 0; at < half_hours; ++at) {
        pattern[static_cast<std::size_t>(at)] = calendar.period_of(date, at * 1800);
    }
    return pattern;
}

bool same_bounds(const Tiers& a, const Tiers& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.max == y.max && x.unit == y.unit;
    });
}

/// What tells two periods of a record apart.
std::string key_of(const Tiers& tiers) {
    std::string key;
    for (const UrdbTier& tier : tiers) {
        key += fmt::format("{} {} {} {};", tier.max ? tier.max->to_shortest() : "open", tier.unit,
                           tier.rate.to_shortest(), tier.adj.to_shortest());
    }
    return key;
}

class Exporter {
public:
    Exporter(const tariff::Catalogue& catalogue, const tariff::RateSchedule& schedule,
             const tariff::ScheduleVersion& version, const tariff::ServiceFacts& facts, Date date)
        : catalogue_(catalogue),
          schedule_(schedule),
          version_(version),
          facts_(facts),
          date_(date) {}

    UrdbExport made() {
        put_head();
        find_seasons();
        for (const Charge& charge : version_.charges) take(charge);
        put_energy();
        put_demand();
        tell_surcharges();
        return std::move(out_);
    }

private:
    void leave_out(const std::string& sentence) {
        if (std::find(out_.left_out.begin(), out_.left_out.end(), sentence) ==
            out_.left_out.end()) {
            out_.left_out.push_back(sentence);
        }
    }

    void put_head() {
        formats::UrdbRecord& record = out_.record;
        record.label = schedule_.code;
        record.utility = catalogue_.utility.name;
        record.name = fmt::format("{} {}", schedule_.code, schedule_.name.en);
        record.sector = schedule_.rate_class == "residential" ? "Residential" : "Commercial";
        record.description = schedule_.applies_to.en;
        record.source = version_.clause;
        record.start = version_.effective;
        for (const auto& next : schedule_.versions) {
            if (version_.effective < next.effective) {
                record.end = next.effective - 1;
                break;
            }
        }
    }

    [[nodiscard]] Date first_of(int month) const {
        return Date::ymd(date_.year(), static_cast<unsigned>(month + 1), 1);
    }

    [[nodiscard]] Date end_of(int month) const { return first_of(month).first_of_next_month(); }

    void find_seasons() {
        for (int month = 0; month < 12; ++month) {
            const Date first = first_of(month);
            season_of_month_[static_cast<std::size_t>(month)] = catalogue_.seasons.season_of(first);
            for (const Date start : catalogue_.seasons.starts_inside({first, end_of(month)})) {
                leave_out(fmt::format("A season that begins inside a month: {}.",
                                      start.to_string().substr(5)));
            }
        }
    }

    void take(const Charge& charge) {
        // A charge for other facts is another record.
        const bool ever =
            std::any_of(season_of_month_.begin(), season_of_month_.end(),
                        [&](int season) { return tariff::applies_to(charge, facts_, season); });
        if (!ever) return;
        switch (charge.quantity) {
            case Quantity::months: return take_fixed(charge, "$/month");
            case Quantity::days: return take_fixed(charge, "$/day");
            case Quantity::kwh:
            case Quantity::kwh_tiers:
            case Quantity::kwh_by_tou:
            case Quantity::kwh_by_tou_tiers: return take_energy(charge);
            case Quantity::billing_kw: return take_demand(charge);
            case Quantity::minimum: out_.record.minimum = first_price(charge); return;
            case Quantity::minimum_of_year:
                out_.record.annual_minimum = first_price(charge);
                return;
            default: leave_out(fmt::format("{}: {}.", charge.code, charge.text.en)); return;
        }
    }

    [[nodiscard]] Decimal price_at(const Charge& charge, int season, int period) const {
        const auto& row = tariff::price_row(charge.price, season, facts_);
        const auto at = charge.price.by_tou ? static_cast<std::size_t>(period) : 0;
        return at < row.size() ? row[at].value_or(Decimal()) : Decimal();
    }

    [[nodiscard]] Decimal first_price(const Charge& charge) const {
        return price_at(charge, season_of_month_[0], 0);
    }

    void take_fixed(const Charge& charge, const char* unit) {
        formats::UrdbRecord& record = out_.record;
        if (!record.fixed.is_zero() && record.fixed_unit != unit) {
            leave_out(fmt::format("{}: a second fixed charge, {}.", charge.code, unit));
            return;
        }
        record.fixed = record.fixed + first_price(charge);
        record.fixed_unit = unit;
    }

    void take_energy(const Charge& charge) {
        using tariff::EnergyKind;
        if (charge.energy != EnergyKind::billed && charge.energy != EnergyKind::delivered) {
            leave_out(fmt::format("{}: energy other than what is delivered.", charge.code));
            return;
        }
        if (charge.tiers && !charge.tiers->allowance.empty()) {
            leave_out(fmt::format("{}: the allowance {}, which widens the tiers.", charge.code,
                                  charge.tiers->allowance));
        }
        energy_.push_back(&charge);
    }

    [[nodiscard]] UrdbTier tier_of(const Charge& charge, const tariff::Tier& tier, int season) {
        using Form = tariff::TierBound::Form;
        const auto at = static_cast<std::size_t>(season);
        UrdbTier made;
        made.rate = tier.price_by_season[at];
        made.unit = "kWh";
        if (tier.within.form != Form::open) {
            leave_out(fmt::format("{}: a step that ends with its block.", tier.code));
        }
        if (tier.up_to.form == Form::open) return made;
        const Decimal& bound = tier.up_to.by_season[at];
        made.max = bound;
        switch (tier.up_to.form) {
            case Form::kwh_per_day: made.unit = "kWh daily"; break;
            case Form::kwh_per_kw: made.unit = "kWh/kW"; break;
            case Form::kwh_per_kw_day: made.unit = "kWh/kW daily"; break;
            case Form::baselines: {
                const auto row = tariff::baseline_index(*charge.tiers, facts_);
                const Decimal& baseline = charge.tiers->baseline_kwh_per_day[row][at];
                made.max = Decimal(checked_mul(bound.units(), baseline.units()),
                                   bound.scale() + baseline.scale());
                made.unit = "kWh daily";
                break;
            }
            default: break;
        }
        return made;
    }

    [[nodiscard]] Tiers tiers_of(const Charge& charge, int season, int period) {
        if (!tariff::applies_to(charge, facts_, season)) return {UrdbTier{{}, "kWh", {}, {}, {}}};
        const std::vector<tariff::Tier>* tiers = nullptr;
        if (charge.quantity == Quantity::kwh_tiers) tiers = &charge.tiers->tiers;
        if (charge.quantity == Quantity::kwh_by_tou_tiers) {
            tiers = &charge.tou->periods[static_cast<std::size_t>(period)].tiers;
        }
        if (tiers == nullptr) {
            return {UrdbTier{{}, "kWh", price_at(charge, season, period), {}, {}}};
        }
        Tiers made;
        for (const tariff::Tier& tier : *tiers) made.push_back(tier_of(charge, tier, season));
        return made;
    }

    /// Two charges on the same kWh as one.
    [[nodiscard]] Tiers together(Tiers a, Tiers b, const Charge& charge) {
        if (a.size() < b.size()) std::swap(a, b);
        if (b.size() > 1 && !same_bounds(a, b)) {
            leave_out(fmt::format("{}: tiers besides tiers with other limits.", charge.code));
            return a;
        }
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i].rate = a[i].rate + b[b.size() == 1 ? 0 : i].rate;
        }
        return a;
    }

    /// The hours that most weekdays, or weekend days, of a month have.
    [[nodiscard]] DayPattern usual_day(const TouCalendar& calendar, int month, bool weekend) {
        std::map<DayPattern, int> seen;
        for (Date day = first_of(month); day < end_of(month); day = day + 1) {
            if ((day.weekday() >= Weekday::saturday) == weekend) ++seen[pattern_of(calendar, day)];
        }
        if (seen.size() > 1) {
            leave_out(fmt::format("Days of {} that have other hours: holidays, events, Saturdays.",
                                  calendar.code()));
        }
        return std::max_element(seen.begin(), seen.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; })
            ->first;
    }

    using CellTiers = std::function<Tiers(int season, int month, bool weekend, int half_hour)>;

    /// Fills a structure and its two schedules from what each cell of a year says.
    static void put_cells(const std::array<int, 12>& seasons, const CellTiers& tiers_at,
                          UrdbPeriods& periods, UrdbSchedule& weekday, UrdbSchedule& weekend) {
        std::map<std::string, int> known;
        for (const bool end_of_week : {false, true}) {
            UrdbSchedule& schedule = end_of_week ? weekend : weekday;
            schedule.assign(12, std::vector<int>(half_hours));
            for (int month = 0; month < 12; ++month) {
                for (int at = 0; at < half_hours; ++at) {
                    const int season = seasons[static_cast<std::size_t>(month)];
                    Tiers tiers = tiers_at(season, month, end_of_week, at);
                    const auto [place, fresh] =
                        known.try_emplace(key_of(tiers), static_cast<int>(periods.size()));
                    if (fresh) periods.push_back(std::move(tiers));
                    schedule[static_cast<std::size_t>(month)][static_cast<std::size_t>(at)] =
                        place->second;
                }
            }
        }
    }

    [[nodiscard]] int period_at(const TouCalendar& calendar, int month, bool weekend,
                                int half_hour) {
        const auto key = std::tuple(calendar.code(), month, weekend);
        auto known = days_.find(key);
        if (known == days_.end()) {
            known = days_.emplace(key, usual_day(calendar, month, weekend)).first;
            const DayPattern& day = known->second;
            for (std::size_t i = 0; i < day.size(); i += 2) {
                if (day[i] != day[i + 1]) {
                    leave_out(
                        fmt::format("Hours of {} that change at half past.", calendar.code()));
                }
            }
        }
        return known->second[static_cast<std::size_t>(half_hour)];
    }

    void put_energy() {
        Decimal adjustment;
        for (const auto& one : catalogue_.adjustments) {
            const tariff::DatedPrice* in_force = nullptr;
            for (const auto& version : one.versions) {
                if (version.effective <= date_) in_force = &version;
            }
            if (in_force != nullptr) adjustment = adjustment + in_force->price;
        }
        if (energy_.empty() && adjustment.is_zero()) return;
        put_cells(
            season_of_month_,
            [&](int season, int month, bool weekend, int at) {
                Tiers all{UrdbTier{{}, "kWh", {}, {}, {}}};
                for (const Charge* charge : energy_) {
                    int period = 0;
                    if (charge->tou) {
                        const auto* calendar = catalogue_.find_tou_calendar(charge->tou->calendar);
                        period = period_at(*calendar, month, weekend, at);
                    }
                    all = together(std::move(all), tiers_of(*charge, season, period), *charge);
                }
                for (UrdbTier& tier : all) tier.adj = adjustment;
                return all;
            },
            out_.record.energy, out_.record.energy_weekday, out_.record.energy_weekend);
    }

    void take_demand(const Charge& charge) {
        const DemandRule& rule = *version_.find_demand(charge.demand);
        using Measure = DemandRule::Measure;
        const bool by_tou = rule.measure == Measure::highest_in_periods;
        if (rule.of != DemandRule::Of::kw || (!by_tou && rule.measure != Measure::highest)) {
            leave_out(fmt::format("{}: {}.", charge.code, charge.text.en));
            return;
        }
        if (rule.ratchet) leave_out(fmt::format("{}: the ratchet of its demand.", charge.code));
        if (!rule.floor_kw.is_zero() || !rule.contract_percent.is_zero()) {
            leave_out(fmt::format("{}: the least kW that are billed.", charge.code));
        }
        if (rule.power_factor != DemandRule::PowerFactor::none) {
            leave_out(fmt::format("{}: kW raised by the power factor.", charge.code));
        }
        out_.record.demand_window = rule.window_minutes;
        (by_tou ? tou_demand_ : flat_demand_).push_back(&charge);
    }

    [[nodiscard]] Tiers demand_tiers(const Charge& charge, int season) const {
        if (!tariff::applies_to(charge, facts_, season)) return {UrdbTier{{}, "kW", {}, {}, {}}};
        if (charge.demand_tiers.empty()) {
            return {UrdbTier{{}, "kW", price_at(charge, season, 0), {}, {}}};
        }
        Tiers made;
        const auto at = static_cast<std::size_t>(season);
        for (const tariff::Tier& tier : charge.demand_tiers) {
            UrdbTier one{{}, "kW", tier.price_by_season[at], {}, {}};
            if (!tier.up_to.by_season.empty()) one.max = tier.up_to.by_season[at];
            made.push_back(std::move(one));
        }
        return made;
    }

    void put_demand() {
        std::map<std::string, int> known;
        for (const int season : season_of_month_) {
            if (flat_demand_.empty()) break;
            Tiers all{UrdbTier{{}, "kW", {}, {}, {}}};
            for (const Charge* charge : flat_demand_) {
                all = together(std::move(all), demand_tiers(*charge, season), *charge);
            }
            const auto [place, fresh] =
                known.try_emplace(key_of(all), static_cast<int>(out_.record.flat_demand.size()));
            if (fresh) out_.record.flat_demand.push_back(std::move(all));
            out_.record.flat_demand_months.push_back(place->second);
        }
        if (tou_demand_.empty()) return;
        put_cells(
            season_of_month_,
            [&](int season, int month, bool weekend, int at) {
                const Charge* here = nullptr;
                for (const Charge* charge : tou_demand_) {
                    const DemandRule& rule = *version_.find_demand(charge->demand);
                    const auto* calendar = catalogue_.find_tou_calendar(rule.calendar);
                    const int period = period_at(*calendar, month, weekend, at);
                    if (((rule.periods >> static_cast<unsigned>(period)) & 1U) == 0) continue;
                    if (here != nullptr) {
                        leave_out(fmt::format("{}: demand of hours that have another demand.",
                                              charge->code));
                        continue;
                    }
                    here = charge;
                }
                return here == nullptr ? Tiers{UrdbTier{{}, "kW", {}, {}, {}}}
                                       : demand_tiers(*here, season);
            },
            out_.record.demand, out_.record.demand_weekday, out_.record.demand_weekend);
    }

    void tell_surcharges() {
        for (const tariff::Tax& tax : catalogue_.taxes) {
            leave_out(fmt::format("{}: {}.", tax.code, tax.text.en));
        }
        for (const std::string& code : schedule_.discounts) {
            leave_out(fmt::format("The discount {}.", code));
        }
        for (const std::string& code : schedule_.riders) {
            leave_out(fmt::format("The rider {}.", code));
        }
        leave_out("Rounding of each line, and how a short or long period counts.");
    }

    const tariff::Catalogue& catalogue_;
    const tariff::RateSchedule& schedule_;
    const tariff::ScheduleVersion& version_;
    const tariff::ServiceFacts& facts_;
    Date date_;
    UrdbExport out_;
    std::array<int, 12> season_of_month_{};
    std::vector<const Charge*> energy_;
    std::vector<const Charge*> flat_demand_;
    std::vector<const Charge*> tou_demand_;
    std::map<std::tuple<std::string, int, bool>, DayPattern> days_;
};

}  // namespace

Result<UrdbExport> export_urdb(const tariff::Catalogue& catalogue, std::string_view schedule,
                               const tariff::ServiceFacts& facts, Date date) {
    TRY(const tariff::RateSchedule* found, catalogue.find_schedule(schedule));
    TRY_DONE(tariff::check_facts(*found, facts));
    TRY(const tariff::ScheduleVersion* version, found->version_on(date));
    return Exporter(catalogue, *found, *version, facts, date).made();
}

}  // namespace watthour::cases
