// SPDX-License-Identifier: Apache-2.0
#include "formats/urdb_tariff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::formats {

namespace {

constexpr std::string_view letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return out + "\"";
}

std::string text_of(const std::string& en, const std::string& es) {
    return fmt::format("{{en: {}, es: {}}}", quoted(en), quoted(es));
}

std::string number(const Decimal& value) { return "\"" + value.to_shortest() + "\""; }

std::set<int> periods_of(const UrdbSchedule& weekday, const UrdbSchedule& weekend,
                         std::size_t month) {
    std::set<int> used(weekday[month].begin(), weekday[month].end());
    used.insert(weekend[month].begin(), weekend[month].end());
    return used;
}

bool is_zero(const std::vector<UrdbTier>& tiers) {
    return std::all_of(tiers.begin(), tiers.end(),
                       [](const UrdbTier& tier) { return tier.price().is_zero(); });
}

/// Writes one record. Seasons are runs of months in which every monthly table says the same.
class Writer {
public:
    Writer(const UrdbRecord& record, const UrdbTerms& terms) : record_(record), terms_(terms) {
        find_seasons();
    }

    std::string write() {
        write_calendars();
        write_prices("BUY", terms_.buy_prices);
        write_prices("SELL", terms_.sell_prices);
        if (terms_.metering != UrdbMetering::none) write_rider();
        write_schedule();
        return std::move(out_);
    }

private:
    struct Season {
        std::string code;
        int first = 0;
        std::vector<std::size_t> months;
    };

    [[nodiscard]] std::string month_key(std::size_t month) const {
        std::string key;
        if (!record_.flat_demand_months.empty()) {
            key += fmt::format("f{}", record_.flat_demand_months[month]);
        }
        if (!record_.fuel_adjustment.empty()) {
            key += "a" + record_.fuel_adjustment[month].to_shortest();
        }
        if (!record_.demand.empty()) {
            for (const int period :
                 periods_of(record_.demand_weekday, record_.demand_weekend, month)) {
                key += fmt::format("d{}", period);
            }
        }
        return key;
    }

    void find_seasons() {
        for (std::size_t month = 0; month < 12; ++month) {
            if (month == 0 || month_key(month) != month_key(month - 1)) {
                seasons_.push_back(
                    {fmt::format("from_{:02}", month + 1), static_cast<int>(month) + 1, {}});
            }
            seasons_.back().months.push_back(month);
        }
    }

    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
    }

    void matrix(const std::string& code, const UrdbSchedule& weekday, const UrdbSchedule& weekend,
                std::size_t periods) {
        line("  - code: {}", code);
        line("    clock: local_wall_clock");
        line("    holidays: none");
        std::string names;
        std::string keys;
        for (std::size_t p = 0; p < periods; ++p) {
            names += fmt::format("{}p{}", p == 0 ? "" : ", ", p + 1);
            keys += fmt::format("{}\"{}\": p{}", p == 0 ? "" : ", ", letters[p], p + 1);
        }
        line("    periods: [{}]", names);
        line("    matrix:");
        line("      letters: {{{}}}", keys);
        for (const auto& [kind, rows] :
             {std::pair{"weekday", &weekday}, std::pair{"weekend", &weekend}}) {
            line("      {}:", kind);
            for (const std::vector<int>& row : *rows) {
                std::string cells;
                bool hourly = true;
                for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
                    hourly = hourly && row[i] == row[i + 1];
                }
                for (std::size_t i = 0; i < row.size(); i += hourly ? 2 : 1) {
                    cells += letters[static_cast<std::size_t>(row[i])];
                }
                line("        - \"{}\"", cells);
            }
        }
    }

    void write_calendars() {
        line("seasons:");
        for (const Season& season : seasons_) {
            line("  - {{code: {}, from: {:02}-01, text: {}}}", season.code, season.first,
                 text_of(fmt::format("from month {}", season.first),
                         fmt::format("desde el mes {}", season.first)));
        }
        line("time_zone: {}", terms_.time_zone);
        line("holidays: []");
        if (!record_.coincident.empty()) line("coincident_peaks: []");
        const bool calendars =
            !record_.energy.empty() || !record_.demand.empty() || !record_.windowed_demand.empty();
        line("tou_calendars:{}", calendars ? "" : " []");
        if (!record_.energy.empty()) {
            matrix("ENERGY", record_.energy_weekday, record_.energy_weekend, record_.energy.size());
        }
        if (!record_.demand.empty()) {
            matrix("DEMAND", record_.demand_weekday, record_.demand_weekend, record_.demand.size());
        }
        for (std::size_t i = 0; i < record_.windowed_demand.size(); ++i) {
            const UrdbDemand& demand = record_.windowed_demand[i];
            matrix(fmt::format("WINDOW-{}", i + 1), demand.weekday, demand.weekend, 2);
        }
    }

    void write_prices(const char* code, const std::vector<std::string>& rows) {
        if (rows.empty()) return;
        line("---");
        line("prices: {}", code);
        line("form: dated_hours");
        line("unit: $/kWh");
        line("days:");
        for (std::size_t i = 0; i < rows.size(); ++i) {
            line("  {}: \"{}\"", terms_.price_dates[i], rows[i]);
        }
    }

    struct ChargeHead {
        std::string code;
        std::string en;
        std::string es;
        std::string applies = "everyone";
        std::string quantity;
        bool counts = true;  ///< in the base of the minimums
    };

    /// Only a base that some charge is taken on may be named.
    [[nodiscard]] const char* bases() const {
        return record_.annual_minimum.is_zero() ? "MIN" : "MIN, YEAR";
    }

    static std::string unit_of(const std::string& quantity) {
        if (quantity == "months" || quantity == "minimum") return "$/month";
        if (quantity == "days") return "$/day";
        if (quantity == "minimum_of_year") return "$/year";
        return quantity == "billing_kw" ? "$/kW" : "$/kWh";
    }

    void open_charge(const ChargeHead& head) {
        line("      - code: {}", head.code);
        line("        text: {}", text_of(head.en, head.es));
        line("        applies: {}", head.applies);
        line("        quantity: {}", head.quantity);
        line("        unit: {}", unit_of(head.quantity));
    }
    void close_charge(const ChargeHead& head) {
        line("        proration: none");
        line("        split: own_price");
        line("        rounding: {}", terms_.rounding);
        line("        in_base_of: [{}]", head.counts ? bases() : "");
        line("        ledger: revenue");
    }

    [[nodiscard]] bool tiered() const {
        if (terms_.chronological) return true;
        return std::any_of(record_.energy.begin(), record_.energy.end(),
                           [](const auto& tiers) { return tiers.size() > 1; });
    }
    [[nodiscard]] bool uses_demand_limits() const {
        for (const auto& period : record_.energy) {
            for (const UrdbTier& tier : period) {
                if (tier.unit.find("/kW") != std::string::npos) return true;
            }
        }
        return false;
    }

    [[nodiscard]] static std::string bound(const UrdbTier& tier, bool scaled) {
        if (!tier.max) return "open";
        const bool daily = tier.unit.ends_with("daily");
        const bool by_kw = scaled && tier.unit.find("/kW") != std::string::npos;
        const char* form =
            by_kw ? (daily ? "kwh_per_kw_day" : "kwh_per_kw") : (daily ? "kwh_per_day" : "kwh");
        return fmt::format("{{{}: {}}}", form, number(*tier.max));
    }

    /// A limit in kWh per kW that is followed by limits in kWh is the heading of a block: the
    /// steps after it end with the block.
    void write_tiers(std::size_t period, const std::string& stem, bool sell, bool scaled) {
        const auto& tiers = record_.energy[period];
        const auto per_kw = [](const UrdbTier& tier) {
            return tier.unit.find("/kW") != std::string::npos;
        };
        const UrdbTier* block = nullptr;
        for (std::size_t t = 0; t < tiers.size(); ++t) {
            const UrdbTier& tier = tiers[t];
            if (per_kw(tier)) {
                block = nullptr;
                if (scaled && t + 1 < tiers.size() && !per_kw(tiers[t + 1])) {
                    block = &tier;
                    continue;
                }
            }
            const bool own_sell = sell && !terms_.sell_equals_buy;
            const Decimal price = own_sell ? tier.sell : tier.price();
            line("              - code: {}-{}-T{}", stem, period + 1, t + 1);
            line("                text: {}",
                 text_of(fmt::format("{}, step {}", name_of(period, "en"), t + 1),
                         fmt::format("{}, escalón {}", name_of(period, "es"), t + 1)));
            line("                up_to: {}", bound(tier, scaled));
            if (block != nullptr) line("                within: {}", bound(*block, scaled));
            line("                price: {}", number(price));
        }
    }

    [[nodiscard]] std::string name_of(std::size_t period, const char* language) const {
        std::string name = period < record_.energy_names.size() ? record_.energy_names[period] : "";
        const bool spanish = std::string_view(language) == "es";
        if (name.empty()) {
            name = fmt::format("{} {}", spanish ? "período" : "period", period + 1);
        }
        return (spanish ? "Energía, " : "Energy, ") + name;
    }

    void write_energy(const std::string& code, const char* energy, bool sell) {
        if (record_.energy.empty()) return;
        const std::vector<std::string>& hourly = sell ? terms_.sell_prices : terms_.buy_prices;
        ChargeHead head{code, "Energy", "Energía", "everyone", "kwh_by_tou"};
        if (sell) {
            head.en = "Energy sold";
            head.es = "Energía vendida";
            head.counts = terms_.metering != UrdbMetering::buy_all_sell_all;
        }
        if (!hourly.empty()) {
            head.quantity = "kwh_by_hour";
            open_charge(head);
            line("        energy: {}", energy);
            line("        prices: {}", sell ? "SELL" : "BUY");
            line("        kwh_split: own_intervals");
            close_charge(head);
            return;
        }
        if (tiered()) head.quantity = "kwh_by_tou_tiers";
        open_charge(head);
        line("        energy: {}", energy);
        line("        calendar: ENERGY");
        line("        periods:");
        // The meter that sells does not follow the demand of the customer.
        const bool scaled = !(sell && terms_.metering == UrdbMetering::buy_all_sell_all);
        for (std::size_t p = 0; p < record_.energy.size(); ++p) {
            if (tiered()) {
                line("          p{}:", p + 1);
                line("            tiers:");
                write_tiers(p, code, sell, scaled);
            } else {
                line("          p{}: {{code: {}-{}, text: {}}}", p + 1, code, p + 1,
                     text_of(name_of(p, "en"), name_of(p, "es")));
            }
        }
        if (tiered()) {
            line("        tier_fill: {}", terms_.chronological ? "chronological" : "pro_rata");
            line("        tier_use: marginal");
            line("        limit_rounding: whole_wh_half_away_from_zero");
            line("        demand: {}", uses_demand_limits() && scaled ? "maximum" : "none");
        } else {
            std::string prices;
            for (std::size_t p = 0; p < record_.energy.size(); ++p) {
                const UrdbTier& tier = record_.energy[p].front();
                const bool own_sell = sell && !terms_.sell_equals_buy;
                prices +=
                    fmt::format(", p{}: {}", p + 1, number(own_sell ? tier.sell : tier.price()));
            }
            line("        price: {{by: tou{}}}", prices);
        }
        line("        kwh_split: own_intervals");
        close_charge(head);
    }

    void write_demand_rule(const std::string& name, const std::string& measure,
                           const std::string& calendar, const std::string& periods,
                           bool ratcheted) {
        line("      {}:", name);
        line("        measure: {}", measure);
        if (!calendar.empty()) {
            line("        calendar: {}", calendar);
            line("        periods: [{}]", periods);
        }
        line("        of: kw");
        line("        window: {{minutes: \"{}\", kind: fixed}}", terms_.demand_window);
        line("        rounding_kw: {}",
             terms_.demand_rounding == "none" ? "none" : quoted(terms_.demand_rounding));
        if (ratcheted && terms_.ratchet) {
            std::string percent;
            std::string own;
            for (std::size_t m = 0; m < 12; ++m) {
                const char* comma = m == 0 ? "" : ", ";
                percent += comma + number(terms_.ratchet->percent[m]);
                own += fmt::format("{}{}", comma,
                                   terms_.ratchet->own_whole[m] ? "whole" : "by_percent");
            }
            line(
                "        ratchet: {{percent: [{}], of: highest_measured, periods: \"{}\", "
                "own_maximum: [{}]}}",
                percent, terms_.ratchet->periods, own);
            line("        floor_kw: {}", number(terms_.ratchet->floor_kw));
        } else {
            line("        ratchet: none");
            line("        floor_kw: none");
        }
        line("        contract_percent: none");
        line("        power_factor: none");
    }

    [[nodiscard]] bool raised(std::size_t period) const {
        return terms_.ratchet && period < terms_.ratchet->demand_periods.size() &&
               terms_.ratchet->demand_periods[period];
    }

    void write_demand_rules() {
        line("    demands:");
        if (terms_.ratchet && !terms_.ratchet->demand_periods.empty()) {
            std::string periods;
            for (std::size_t p = 0; p < terms_.ratchet->demand_periods.size(); ++p) {
                if (!raised(p)) continue;
                periods += fmt::format("{}p{}", periods.empty() ? "" : ", ", p + 1);
            }
            write_demand_rule("maximum", "highest_in_periods", "DEMAND", periods, true);
        } else {
            write_demand_rule("maximum", "highest", "", "", true);
        }
        for (std::size_t p = 0; p < record_.demand.size(); ++p) {
            write_demand_rule(fmt::format("tou_{}", p + 1),
                              terms_.single_peak ? "highest_if_in_periods" : "highest_in_periods",
                              "DEMAND", fmt::format("p{}", p + 1), false);
        }
        for (std::size_t i = 0; i < record_.windowed_demand.size(); ++i) {
            write_demand_rule(fmt::format("window_{}", i + 1), "highest_in_periods",
                              fmt::format("WINDOW-{}", i + 1), "p2", false);
        }
        if (!record_.coincident.empty())
            write_demand_rule("coincident", "coincident", "", "", false);
    }

    void write_demand_tiers(const std::string& code, const std::vector<UrdbTier>& tiers) {
        line("        tiers:");
        for (std::size_t t = 0; t < tiers.size(); ++t) {
            const bool open = !tiers[t].max || t + 1 == tiers.size();
            line("          - {{code: {}-{}, text: {}, up_to: {}, price: {}}}", code, t + 1,
                 text_of(fmt::format("Demand, step {}", t + 1),
                         fmt::format("Demanda, escalón {}", t + 1)),
                 open ? "open" : fmt::format("{{kw: {}}}", number(*tiers[t].max)),
                 number(tiers[t].price()));
        }
    }

    /// The seasons in which a monthly table names something.
    template <class In>
    [[nodiscard]] std::string seasons_with(In in) const {
        std::string codes;
        for (const Season& season : seasons_) {
            if (in(season.months.front())) codes += (codes.empty() ? "" : ", ") + season.code;
        }
        return codes;
    }

    void write_demand_charge(const std::string& code, const std::string& demand,
                             const std::string& seasons, const std::vector<UrdbTier>& tiers,
                             const std::string& en, const std::string& es) {
        if (is_zero(tiers) || seasons.empty()) return;
        ChargeHead head{code, en, es, fmt::format("{{season: [{}]}}", seasons), "billing_kw"};
        open_charge(head);
        line("        demand: {}", demand);
        write_demand_tiers(code, tiers);
        close_charge(head);
    }

    void write_demand_charges() {
        for (std::size_t f = 0; f < record_.flat_demand.size(); ++f) {
            write_demand_charge(fmt::format("DEM-F{}", f + 1), "maximum",
                                seasons_with([&](std::size_t month) {
                                    return record_.flat_demand_months[month] == static_cast<int>(f);
                                }),
                                record_.flat_demand[f], "Demand", "Demanda");
        }
        for (std::size_t p = 0; p < record_.demand.size(); ++p) {
            write_demand_charge(
                fmt::format("DEM-T{}", p + 1), raised(p) ? "maximum" : fmt::format("tou_{}", p + 1),
                seasons_with([&](std::size_t month) {
                    return periods_of(record_.demand_weekday, record_.demand_weekend, month)
                        .contains(static_cast<int>(p));
                }),
                record_.demand[p], fmt::format("Demand, period {}", p + 1),
                fmt::format("Demanda, período {}", p + 1));
        }
        for (std::size_t i = 0; i < record_.windowed_demand.size(); ++i) {
            UrdbTier tier;
            tier.rate = record_.windowed_demand[i].price;
            write_demand_charge(fmt::format("DEM-W{}", i + 1), fmt::format("window_{}", i + 1),
                                seasons_with([](std::size_t) { return true; }), {tier},
                                "Demand, " + record_.windowed_demand[i].name,
                                "Demanda, " + record_.windowed_demand[i].name);
        }
        if (!record_.coincident.empty()) {
            write_demand_charge(
                "DEM-C", "coincident", seasons_with([](std::size_t) { return true; }),
                record_.coincident.back(), "Coincident demand", "Demanda coincidente");
        }
    }

    void write_fuel() {
        if (record_.fuel_adjustment.empty()) return;
        ChargeHead head{"FUEL", "Fuel adjustment", "Ajuste por combustible", "everyone", "kwh"};
        open_charge(head);
        line("        energy: billed");
        std::string prices;
        for (const Season& season : seasons_) {
            prices += fmt::format(", {}: {}", season.code,
                                  number(record_.fuel_adjustment[season.months.front()]));
        }
        line("        price: {{by: season{}}}", prices);
        line("        kwh_split: days_cumulative_whole_kwh");
        close_charge(head);
    }

    /// $/year become a twelfth a month; what is left below 10^-12 dollars is dropped.
    static Decimal monthly(const Decimal& price, const std::string& unit) {
        if (unit != "$/year") return price;
        return Decimal(round_divide(i128{price.rescaled(10, Rounding::toward_zero).units()}, 12,
                                    Rounding::half_away_from_zero),
                       10);
    }

    void write_fixed() {
        if (!record_.fixed.is_zero()) {
            const bool daily = record_.fixed_unit == "$/day";
            ChargeHead head{"FIXED", "Customer charge", "Cargo fijo", "everyone",
                            daily ? "days" : "months"};
            open_charge(head);
            line("        price: {{by: none, each: {}}}",
                 number(monthly(record_.fixed, record_.fixed_unit)));
            close_charge(head);
        }
        for (const bool year : {false, true}) {
            const Decimal least =
                year ? record_.annual_minimum : monthly(record_.minimum, record_.minimum_unit);
            if (least.is_zero()) continue;
            ChargeHead head{year ? "MIN-YEAR" : "MIN-MONTH",
                            "Minimum charge",
                            "Cargo mínimo",
                            "everyone",
                            year ? "minimum_of_year" : "minimum",
                            false};
            open_charge(head);
            line("        price: {{by: none, each: {}}}", number(least));
            line("        base: {}", year ? "YEAR" : "MIN");
            line("        base_below_zero: counts_as_zero");
            close_charge(head);
        }
    }

    void write_schedule() {
        line("---");
        line("schedule: {}", terms_.schedule);
        const std::string name = record_.name.empty() ? terms_.schedule : record_.name;
        line("name: {}", text_of(name, name));
        line("applies_to: {}", text_of(record_.utility + " " + name, record_.utility + " " + name));
        const bool home = record_.sector == "Residential";
        line("class: {}", home ? "residential" : "commercial");
        line("review_class: {}", home ? "residential" : "large_commercial");
        line("usage: interval");
        line("versions_apply: service_on_or_after");
        line("facts: {{}}");
        line("discounts: []");
        line("riders: [{}]", terms_.metering == UrdbMetering::none ? "" : urdb_rider);
        if (!terms_.open_questions.empty()) {
            std::string keys;
            for (const std::string& key : terms_.open_questions) {
                keys += (keys.empty() ? "" : ", ") + key;
            }
            line("open_questions: [{}]", keys);
        }
        line("versions:");
        line("  - effective: {}", terms_.effective.to_string());
        line("    proration_rules: {{}}");
        write_demand_rules();
        line("    charges:");
        write_energy("EN", "billed", false);
        write_fuel();
        write_demand_charges();
        write_fixed();
        if (record_.energy.empty() && record_.fixed.is_zero() && record_.flat_demand.empty() &&
            record_.demand.empty() && record_.windowed_demand.empty()) {
            out_.replace(out_.rfind("charges:"), 8, "charges: []");
        }
    }

    void write_bank() {
        const bool kwh = terms_.metering == UrdbMetering::net_kwh;
        const bool carried = terms_.metering == UrdbMetering::net_dollars ||
                             terms_.metering == UrdbMetering::carried_billing;
        if (!carried && !(kwh && terms_.surplus_to_bank)) {
            line("    bank: none");
            return;
        }
        const bool at_once = terms_.metering == UrdbMetering::net_dollars || terms_.use_at_once;
        line("    bank:");
        line("      earns: credit_lines");
        line("      pays: [EN]");
        line("      use: {}", at_once ? "same_period" : "next_period");
        line("      place: after_energy");
        line("      deposit: {{code: BANK-IN, text: {}}}",
             text_of("Credit kept", "Crédito guardado"));
        line("      apply: {{code: BANK-OUT, text: {}}}",
             text_of("Credit applied", "Crédito aplicado"));
        line("      in_base_of: [{}]", bases());
        line("      group: bank");
        line("      ledger: bank");
    }

    void write_true_up() {
        if (terms_.metering == UrdbMetering::net_billing ||
            terms_.metering == UrdbMetering::buy_all_sell_all) {
            line("    true_up: none");
            return;
        }
        const bool kwh = terms_.metering == UrdbMetering::net_kwh;
        line("    true_up:");
        line("      periods: \"12\"");
        line("      bank: {}", kwh ? "kept" : terms_.expires ? "forfeited" : "paid");
        if (!kwh) {
            line("      payout: {{code: PAYOUT, text: {}}}",
                 text_of("Credit paid out", "Crédito pagado"));
        }
        if (!kwh || terms_.surplus_price.is_zero()) {
            line("      surplus: none");
            return;
        }
        line("      surplus:");
        line("        code: SURPLUS");
        line("        text: {}", text_of("Surplus energy", "Energía excedente"));
        line("        to: {}", terms_.surplus_to_bank ? "bank" : "customer");
        line("        group: credit");
        line("        ledger: purchased");
        line("        versions:");
        line("          - {{effective: {}, price: {}}}", terms_.effective.to_string(),
             number(terms_.surplus_price));
    }

    void write_rider() {
        line("---");
        line("rider: {}", urdb_rider);
        line("name: {}", text_of("Own generation", "Generación propia"));
        line("applies_to: {}", text_of("Customers with generation", "Clientes con generación"));
        line("schedules: [{}]", terms_.schedule);
        line("versions:");
        line("  - effective: {}", terms_.effective.to_string());
        line("    proration_rules: {{}}");
        const char* energy = "{billed: delivered, netting: none, below_zero: negative_lines}";
        const char* sold = "received";
        const char* place = "after_energy";
        bool sells = true;
        switch (terms_.metering) {
            case UrdbMetering::net_kwh:
                energy = "{billed: net, netting: tou_period, below_zero: kwh_bank}";
                sells = false;
                break;
            case UrdbMetering::net_dollars:
                energy = "{billed: net, netting: tou_period, below_zero: exported}";
                sold = "exported";
                break;
            case UrdbMetering::buy_all_sell_all:
                sold = "generation";
                place = "after_taxes";
                break;
            default: break;
        }
        if (uses_demand_limits()) write_demand_rules();
        line("    energy: {}", energy);
        line("    without: []");
        line("    credit_text: {}", text_of("{line} credit", "{line}, crédito"));
        line("    charges:{}", sells && !record_.energy.empty() ? "" : " []");
        if (sells && !record_.energy.empty()) {
            write_energy("EXP", sold, true);
            line("        place: {}", place);
            line("        pays: utility");
        }
        write_bank();
        line("    accrual: none");
        write_true_up();
    }

    const UrdbRecord& record_;
    const UrdbTerms& terms_;
    std::vector<Season> seasons_;
    std::string out_;
};

bool one_of(std::string_view value, std::string_view choices) {
    if (choices.empty()) return true;
    std::size_t from = 0;
    while (from <= choices.size()) {
        const std::size_t bar = std::min(choices.find('|', from), choices.size());
        if (choices.substr(from, bar - from) == value) return true;
        from = bar + 1;
    }
    return false;
}

bool has_tiers(const UrdbRecord& record) {
    return std::any_of(record.energy.begin(), record.energy.end(),
                       [](const auto& tiers) { return tiers.size() > 1; });
}

std::string code_from(const UrdbRecord& record) {
    std::string code;
    for (const char c : record.name.substr(0, record.name.find('('))) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte)) {
            code += static_cast<char>(std::toupper(byte));
        } else if (!code.empty() && code.back() != '-') {
            code += '-';
        }
        if (code.size() == 20) break;
    }
    while (!code.empty() && code.back() == '-') code.pop_back();
    return code.empty() ? "IMPORTED" : code;
}

}  // namespace

std::vector<UrdbQuestion> urdb_questions(const UrdbRecord& record) {
    std::vector<UrdbQuestion> asked;
    asked.push_back(
        {"schedule", "Under which code shall the schedule be known?", "", code_from(record)});
    asked.push_back({"time_zone", "In which time zone do the hours of the rate count?", "", "UTC"});
    asked.push_back({"rounding", "How is a line rounded to the cent?",
                     "cent_half_away_from_zero|cent_half_even|cent_toward_zero|"
                     "eighth_place_half_away_from_zero",
                     "cent_half_away_from_zero"});
    if (!record.start) {
        asked.push_back({"effective", "From which day on does the rate hold?", "", "2000-01-01"});
    }
    if (has_tiers(record)) {
        asked.push_back({"tier_fill",
                         "Do the periods share the tiers in proportion, or do kWh fill them in the "
                         "order of time?",
                         "pro_rata|chronological", "pro_rata"});
    }
    const bool demand =
        !record.demand.empty() || !record.flat_demand.empty() || !record.windowed_demand.empty();
    if (demand && !record.demand_window) {
        asked.push_back(
            {"demand_window", "Over how many minutes is demand measured?", "5|15|30|60", "15"});
    }
    if (demand) {
        asked.push_back({"demand_rounding", "To which part of a kW is demand rounded?",
                         "none|1|0.1|0.01", "0.1"});
    }
    if (!record.energy.empty()) {
        asked.push_back({"holidays",
                         "The record lists no holidays. Which days count as weekend days?", "none",
                         "none"});
    }
    if (!record.reactive_charge.is_zero()) {
        asked.push_back({"reactive_charge",
                         "The charge per kVAR is left out: how is reactive demand measured?",
                         "left_out", "left_out"});
    }
    if (!record.coincident.empty()) {
        asked.push_back({"coincident_peaks",
                         "When did the system peak? The list of moments is empty.", "empty",
                         "empty"});
    }
    return asked;
}

UrdbTerms urdb_terms(const UrdbRecord& record, const std::map<std::string, std::string>& answers,
                     Problems& problems) {
    UrdbTerms terms;
    std::map<std::string, std::string> said;
    const std::vector<UrdbQuestion> asked = urdb_questions(record);
    for (const UrdbQuestion& question : asked) {
        const auto answer = answers.find(question.key);
        if (answer == answers.end()) {
            said[question.key] = question.proposal;
            terms.open_questions.push_back(question.key);
            continue;
        }
        said[question.key] = answer->second;
        if (one_of(answer->second, question.choices)) continue;
        problems.push_back({0, question.key, "urdb.answer",
                            fmt::format("{} is no answer to {}", answer->second, question.key),
                            "Use one of: " + question.choices + "."});
    }
    for (const auto& [key, value] : answers) {
        if (said.contains(key)) continue;
        problems.push_back({0, key, "urdb.answer", "nothing is asked under " + key,
                            "Leave the answer out, or correct its name."});
    }
    terms.schedule = said["schedule"];
    terms.time_zone = said["time_zone"];
    terms.rounding = said["rounding"];
    terms.chronological = said["tier_fill"] == "chronological";
    if (!said["demand_rounding"].empty()) terms.demand_rounding = said["demand_rounding"];
    terms.demand_window = record.demand_window.value_or(15);
    if (const auto window = Decimal::parse(said["demand_window"])) {
        terms.demand_window = static_cast<int>(window->units());
    }
    if (record.start) terms.effective = *record.start;
    if (const auto date = Date::parse(said["effective"])) terms.effective = *date;
    const bool looks_back = !record.lookback_percent.is_zero();
    const bool by_month = std::any_of(record.ratchet_percent.begin(), record.ratchet_percent.end(),
                                      [](const Decimal& one) { return !one.is_zero(); });
    if (!looks_back && !by_month) return terms;
    UrdbRatchet ratchet;
    ratchet.own_whole.fill(true);
    ratchet.periods = record.lookback_range > 0 ? record.lookback_range : 11;
    for (std::size_t m = 0; m < 12; ++m) {
        const bool counts = record.lookback_months.size() != 12 || record.lookback_months[m];
        const Decimal share = by_month && record.ratchet_percent.size() == 12
                                  ? record.ratchet_percent[m]
                              : counts ? record.lookback_percent
                                       : Decimal();
        const Decimal fine = share.rescaled(10, Rounding::half_away_from_zero);
        ratchet.percent[m] = Decimal(fine.units(), 8);
    }
    terms.ratchet = ratchet;
    return terms;
}

std::string urdb_tariff_text(const UrdbRecord& record, const UrdbTerms& terms) {
    return Writer(record, terms).write();
}

}  // namespace watthour::formats
