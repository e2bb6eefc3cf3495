// SPDX-License-Identifier: Apache-2.0
#include "tariff/rate_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace watthour::tariff {

namespace {

class SheetWriter {
public:
    SheetWriter(const Catalogue& catalogue, const ScheduleVersion& version, Language language)
        : catalogue_(catalogue), version_(version), language_(language) {}

    std::vector<SheetRow> rows() {
        for (const Charge& charge : version_.charges) write(charge);
        return std::move(rows_);
    }

    std::vector<std::string> terms() {
        std::vector<std::string> said;
        for (const ProrationRule& rule : version_.proration_rules) {
            said.push_back(say("Monthly prices count whole for {} to {} days; otherwise days/{}.",
                               "Los precios mensuales cuentan completos de {} a {} días; si no, "
                               "días/{}.",
                               rule.whole_from, rule.whole_through, ratio(rule.divisor)));
        }
        for (const DemandRule& rule : version_.demands) {
            said.push_back(say("Demand is the highest average of {} minutes.",
                               "La demanda es el promedio más alto de {} minutos.",
                               rule.window_minutes));
            if (!rule.ratchet) continue;
            said.push_back(say("It is not less than {}% of the highest of the {} periods before.",
                               "No es menos del {}% de la más alta de los {} períodos anteriores.",
                               rule.ratchet->percent_by_month.front().to_shortest(),
                               rule.ratchet->periods));
        }
        return said;
    }

private:
    template <class... Args>
    std::string say(const char* en, const char* es, const Args&... args) const {
        return fmt::format(fmt::runtime(language_ == Language::spanish ? es : en), args...);
    }

    static std::string ratio(Ratio value) {
        return value.denominator == 1 ? std::to_string(value.numerator)
                                      : fmt::format("({}/{})", value.numerator, value.denominator);
    }

    static void join(std::string& to, const std::string& part) {
        if (part.empty()) return;
        to += (to.empty() ? "" : ", ") + part;
    }

    void add(const Charge& charge, const std::string& code, const std::string& text,
             const std::string& what, const Decimal& price) {
        std::string condition = what;
        for (const FactValues& fact : charge.applies) {
            std::string values;
            for (const std::string& one : fact.values) join(values, one);
            join(condition, fact.fact + " " + values);
        }
        rows_.push_back({text, condition, price.to_string(), price_unit(charge, version_), code});
    }

    [[nodiscard]] std::string season(int index) const {
        return catalogue_.seasons.at(index).text.in(language_);
    }

    /// One row where all seasons say the same, else one for each.
    template <class Of>
    void by_season(const Charge& charge, const std::string& code, const std::string& text,
                   const std::string& what, Of of) {
        const int seasons = catalogue_.seasons.count();
        bool same = true;
        for (int s = 1; s < seasons; ++s) same = same && of(s) == of(0);
        for (int s = 0; s < (same ? 1 : seasons); ++s) {
            if (!of(s)) continue;
            std::string where = what;
            if (!same) join(where, season(s));
            add(charge, code, text, where, *of(s));
        }
    }

    void write_table(const Charge& charge) {
        const PriceTable& table = charge.price;
        const std::size_t facts = table.by_fact.fact.empty() ? 1 : table.by_fact.values.size();
        const std::size_t periods = charge.tou ? charge.tou->periods.size() : 1;
        const std::size_t per_fact = table.rows.size() / facts;
        for (std::size_t f = 0; f < facts; ++f) {
            const std::string fact = table.by_fact.fact.empty()
                                         ? ""
                                         : table.by_fact.fact + " " + table.by_fact.values[f];
            for (std::size_t p = 0; p < periods; ++p) {
                const auto of = [&](int s) {
                    const std::size_t row =
                        f * per_fact + (table.by_season ? static_cast<std::size_t>(s) : 0);
                    return table.rows[row][p];
                };
                const std::string code = charge.tou ? charge.tou->periods[p].code : charge.code;
                const std::string text = charge.tou ? charge.tou->periods[p].text.in(language_)
                                                    : charge.text.in(language_);
                by_season(charge, code, text, fact, of);
            }
        }
    }

    [[nodiscard]] std::string limit(const TierBound& bound, int index) const {
        if (bound.form == TierBound::Form::open) return say("above", "en adelante");
        const std::string amount = bound.by_season[static_cast<std::size_t>(index)].to_shortest();
        switch (bound.form) {
            case TierBound::Form::baselines:
                return say("to {} x baseline", "hasta {} x consumo básico", amount);
            case TierBound::Form::kwh_per_day:
                return say("to {} kWh a day", "hasta {} kWh por día", amount);
            case TierBound::Form::kwh_per_kw:
                return say("to {} kWh per kW", "hasta {} kWh por kW", amount);
            case TierBound::Form::kwh_per_kw_day:
                return say("to {} kWh per kW a day", "hasta {} kWh por kW por día", amount);
            default: return say("to {}", "hasta {}", amount);
        }
    }

    void write_tiers(const Charge& charge, const std::vector<Tier>& tiers,
                     const std::string& where) {
        for (const Tier& tier : tiers) {
            std::string what = where;
            join(what, limit(tier.up_to, 0));
            by_season(charge, tier.code, tier.text.in(language_), what, [&](int s) {
                return std::optional<Decimal>(tier.price_by_season[static_cast<std::size_t>(s)]);
            });
        }
    }

    void write(const Charge& charge) {
        const std::string& text = charge.text.in(language_);
        if (charge.tiers && charge.tou) {
            for (const TouPeriodText& period : charge.tou->periods) {
                write_tiers(charge, period.tiers, period.code);
            }
        } else if (charge.tiers) {
            write_tiers(charge, charge.tiers->tiers, "");
        } else if (!charge.demand_tiers.empty()) {
            write_tiers(charge, charge.demand_tiers, "");
        } else if (charge.points) {
            add(charge, charge.code, text,
                say("below {}%", "por debajo de {}%", charge.points->threshold),
                charge.points->percent_per_point);
        } else if (charge.quantity == Quantity::percent_of_base) {
            add(charge, charge.code, text, "", charge.percent);
        } else if (charge.quantity == Quantity::lamps) {
            for (const auto& [lamp, price] : charge.lamp_prices) {
                add(charge, charge.code, text, lamp, price);
            }
        } else if (charge.quantity == Quantity::kwh_by_hour) {
            rows_.push_back(
                {text, charge.price_series, say("by the hour", "por hora"), "$/kWh", charge.code});
        } else {
            write_table(charge);
        }
    }

    const Catalogue& catalogue_;
    const ScheduleVersion& version_;
    Language language_;
    std::vector<SheetRow> rows_;
};

/// Everything that a set of tariffs says, as pairs of a name and a value, by document.
using Statements = std::map<std::string, std::map<std::string, std::string>>;

void put_versions(Statements& all, const Catalogue& catalogue, const RateSchedule& schedule) {
    for (const ScheduleVersion& version : schedule.versions) {
        auto& said = all[schedule.code + " " + version.effective.to_string()];
        SheetWriter writer(catalogue, version, Language::english);
        for (const SheetRow& row : writer.rows()) {
            said[row.code + (row.what.empty() ? "" : ", " + row.what) + " (" + row.unit + ")"] =
                row.price;
        }
        int number = 0;
        for (const std::string& term : writer.terms()) {
            said["term " + std::to_string(++number)] = term;
        }
    }
}

void put_prices(Statements& all, const std::string& code, const std::vector<DatedPrice>& versions,
                const char* unit) {
    for (const DatedPrice& version : versions) {
        all[code + " " + version.effective.to_string()][code + " (" + unit + ")"] =
            version.price.to_string();
    }
}

Statements statements_of(const Catalogue& catalogue) {
    Statements all;
    for (const RateSchedule& schedule : catalogue.schedules) {
        put_versions(all, catalogue, schedule);
    }
    for (const Rider& rider : catalogue.riders) {
        put_versions(all, catalogue, rider.charges);
        for (const RiderTerms& terms : rider.terms) {
            if (terms.true_up && terms.true_up->surplus) {
                put_prices(all, rider.code + " " + terms.true_up->surplus->code,
                           terms.true_up->surplus->versions, "$/kWh");
            }
        }
    }
    for (const Adjustment& one : catalogue.adjustments) {
        put_prices(all, one.code, one.versions, "$/kWh");
    }
    for (const Tax& one : catalogue.taxes) {
        put_prices(all, one.code, one.versions,
                   one.form == TaxForm::percent_of_base ? "%" : "$/kWh");
    }
    for (const Discount& one : catalogue.discounts) {
        auto& said = all["discount " + one.code];
        said["percent"] = one.percent.to_string();
        said["kWh a day"] = one.kwh_per_day.to_string();
    }
    for (const FeeVersion& version : catalogue.fees.versions) {
        auto& said = all["fees " + version.effective.to_string()];
        for (const Fee& fee : version.fees) said[fee.code] = fee.amount.to_string();
    }
    return all;
}

template <class Version>
void keep_newest(std::vector<Version>& versions) {
    if (versions.empty()) return;
    versions.erase(versions.begin(), versions.end() - 1);
    versions.front().effective = Date::ymd(1900, 1, 1);
}

}  // namespace

Result<RateSheet> rate_sheet(const Catalogue& catalogue, const RateSchedule& schedule, Date date,
                             Language language) {
    TRY(const ScheduleVersion* version, schedule.version_on(date));
    SheetWriter writer(catalogue, *version, language);
    RateSheet sheet;
    sheet.schedule = schedule.code;
    sheet.name = schedule.name.in(language);
    sheet.applies_to = schedule.applies_to.in(language);
    sheet.effective = version->effective;
    sheet.clause = version->clause;
    sheet.rows = writer.rows();
    sheet.terms = writer.terms();
    return sheet;
}

std::vector<TariffChange> tariff_changes(const Catalogue& before, const Catalogue& after) {
    const Statements old_ones = statements_of(before);
    const Statements new_ones = statements_of(after);
    std::vector<TariffChange> changes;
    static const std::map<std::string, std::string> nothing;
    const auto compare = [&](const std::string& document,
                             const std::map<std::string, std::string>& a,
                             const std::map<std::string, std::string>& b) {
        for (const auto& [what, value] : a) {
            const auto other = b.find(what);
            const std::string now = other == b.end() ? "" : other->second;
            if (now != value) changes.push_back({document, what, value, now});
        }
        for (const auto& [what, value] : b) {
            if (!a.contains(what)) changes.push_back({document, what, "", value});
        }
    };
    for (const auto& [document, said] : old_ones) {
        const auto other = new_ones.find(document);
        compare(document, said, other == new_ones.end() ? nothing : other->second);
    }
    for (const auto& [document, said] : new_ones) {
        if (!old_ones.contains(document)) compare(document, nothing, said);
    }
    return changes;
}

Catalogue as_if_in_force(Catalogue catalogue) {
    for (RateSchedule& schedule : catalogue.schedules) keep_newest(schedule.versions);
    for (Rider& rider : catalogue.riders) {
        keep_newest(rider.charges.versions);
        rider.terms.erase(rider.terms.begin(), rider.terms.end() - 1);
        for (RiderTerms& terms : rider.terms) {
            if (terms.true_up && terms.true_up->surplus) {
                keep_newest(terms.true_up->surplus->versions);
            }
        }
    }
    for (Adjustment& one : catalogue.adjustments) keep_newest(one.versions);
    for (Tax& one : catalogue.taxes) keep_newest(one.versions);
    return catalogue;
}

json::object to_json(const RateSheet& sheet) {
    json::array rows;
    for (const SheetRow& row : sheet.rows) {
        rows.push_back(json::object{{"code", row.code},
                                    {"charge", row.charge},
                                    {"what", row.what},
                                    {"price", row.price},
                                    {"unit", row.unit}});
    }
    json::array terms;
    for (const std::string& term : sheet.terms) terms.push_back(json::value(term));
    return {{"schedule", sheet.schedule},     {"name", sheet.name},
            {"applies_to", sheet.applies_to}, {"effective", sheet.effective.to_string()},
            {"clause", sheet.clause},         {"rows", std::move(rows)},
            {"terms", std::move(terms)}};
}

}  // namespace watthour::tariff
