// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/urdb.hpp"
#include "formats/urdb_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::formats {

namespace {

/// The names of the database export and of older versions, in lower case, by the name of today.
const std::map<std::string, std::string, std::less<>>& aliases() {
    static const std::map<std::string, std::string, std::less<>> names{
        {"energyratestrux", "energyratestructure"},
        {"demandratestrux", "demandratestructure"},
        {"flatdemandstrux", "flatdemandstructure"},
        {"coincidentratestrux", "coincidentratestructure"},
        {"energyweekdaysched", "energyweekdayschedule"},
        {"energyweekendsched", "energyweekendschedule"},
        {"demandweekdaysched", "demandweekdayschedule"},
        {"demandweekendsched", "demandweekendschedule"},
        {"coincidentsched", "coincidentschedule"},
        {"fixedmonthlycharge", "fixedchargefirstmeter"},
        {"minmonthlycharge", "mincharge"},
        {"annualmincharge", "annualmincharge"},
        {"utilityname", "utility"},
        {"ratename", "name"},
        {"effectivedate", "startdate"},
        {"demandratewindow", "demandwindow"},
        {"demandratchetpercentages", "demandratchetpercentage"},
        {"fueladjustments", "fueladjustmentsmonthly"},
        {"sourcereference", "source"},
    };
    return names;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// One record's members by today's names.
class Members {
public:
    Members(const json::object& object, UrdbFile& file) : file_(file) {
        for (const auto& member : object) {
            std::string name = lower(member.key());
            if (const auto known = aliases().find(name); known != aliases().end()) {
                name = known->second;
            }
            values_.emplace(std::move(name), &member.value());
        }
    }

    [[nodiscard]] const json::value* find(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() || found->second->is_null() ? nullptr : found->second;
    }

    [[nodiscard]] std::string text(std::string_view name) const {
        const json::value* value = find(name);
        if (value == nullptr) return {};
        return value->is_string() ? std::string(value->get_string()) : to_text(*value);
    }

    [[nodiscard]] Decimal number(std::string_view name) const {
        const json::value* value = find(name);
        if (value == nullptr) return {};
        if (const auto number = urdb_number(*value)) return *number;
        urdb_problem(file_, name, "urdb.number",
                     fmt::format("{} is {}, not a number", name, to_text(*value)),
                     "Write a number.");
        return {};
    }

    /// A date; a text that is none is a problem, for a rate without its day cannot be adopted.
    [[nodiscard]] std::optional<Date> date(std::string_view name) const {
        const json::value* value = find(name);
        if (value == nullptr) return std::nullopt;
        if (value->is_object() && value->get_object().contains("$date")) {
            const json::value& inner = value->get_object().at("$date");
            return urdb_date(inner.is_string() ? std::string(inner.get_string()) : to_text(inner));
        }
        const auto read = urdb_date(text(name));
        if (!read) {
            urdb_problem(file_, name, "urdb.date",
                         fmt::format("{} is {}, not a date", name, to_text(*value)),
                         "Write seconds since 1970, or a date such as 2025-07-01.");
        }
        return read;
    }

private:
    std::map<std::string, const json::value*, std::less<>> values_;
    UrdbFile& file_;
};

constexpr std::array energy_units{"kWh", "kWh daily", "kWh/kW", "kWh/kW daily"};
constexpr std::array demand_units{"kW", "hp", "kVA", "kW daily"};

UrdbTier read_tier(const json::object& object, std::string_view name, bool energy, UrdbFile& file) {
    const Members tier(object, file);
    UrdbTier read;
    read.rate = tier.number("rate");
    read.adj = tier.number("adj");
    read.sell = tier.number("sell");
    if (tier.find("max") != nullptr) {
        const Decimal max = tier.number("max");
        if (!urdb_no_limit(max)) read.max = max;
    }
    read.unit = tier.text("unit");
    if (read.unit.empty()) {
        // A lone tier without an end needs no unit; a limit without one could be read two ways.
        if (energy && read.max && object.size() > 1) {
            urdb_problem(file, name, "urdb.unit",
                         fmt::format("{} has a tier that ends at {} but says no unit", name,
                                     read.max->to_shortest()),
                         "Write the unit: kWh, kWh daily, kWh/kW or kWh/kW daily.");
        }
        read.unit = energy ? "kWh" : "kW";
    }
    const auto known = [&](const auto& units) {
        return std::find(units.begin(), units.end(), read.unit) != units.end();
    };
    if (energy ? !known(energy_units) : !known(demand_units) && read.unit != "kWh") {
        urdb_problem(file, name, "urdb.unit", fmt::format("{} has the unit {}", name, read.unit),
                     "Write one of the units of the database.");
    }
    return read;
}

/// Periods as lists of tiers, or as objects that hold such a list under any name.
UrdbPeriods read_periods(const Members& record, std::string_view name, bool energy,
                         UrdbFile& file) {
    UrdbPeriods periods;
    const json::value* value = record.find(name);
    if (value == nullptr) return periods;
    if (!value->is_array()) {
        urdb_problem(file, name, "urdb.malformed", fmt::format("{} is not a list", name),
                     "Give one list of tiers for each period.");
        return periods;
    }
    for (const json::value& item : value->get_array()) {
        const json::array* tiers = item.if_array();
        if (item.is_object()) {
            for (const auto& member : item.get_object()) {
                if (member.value().is_array()) tiers = &member.value().get_array();
            }
        }
        std::vector<UrdbTier> period;
        if (tiers == nullptr) {
            urdb_problem(file, name, "urdb.malformed",
                         fmt::format("{} has a period that is not a list of tiers", name),
                         "Give one list of tiers for each period.");
            continue;
        }
        for (const json::value& tier : *tiers) {
            if (tier.is_object())
                period.push_back(read_tier(tier.get_object(), name, energy, file));
        }
        periods.push_back(std::move(period));
    }
    return periods;
}

int whole_of(const json::value& value) {
    const auto number = urdb_number(value);
    if (!number) return -1;
    return static_cast<int>(
        std::clamp<std::int64_t>(number->rescaled(0, Rounding::toward_zero).units(), -1, 1'000));
}

UrdbSchedule read_schedule(const Members& record, std::string_view name) {
    UrdbSchedule schedule;
    const json::value* value = record.find(name);
    if (value == nullptr || !value->is_array()) return schedule;
    for (const json::value& month : value->get_array()) {
        std::vector<int> hours;
        if (month.is_array()) {
            for (const json::value& hour : month.get_array()) {
                hours.insert(hours.end(), 2, whole_of(hour));
            }
        }
        schedule.push_back(std::move(hours));
    }
    return schedule;
}

std::vector<Decimal> read_months(const Members& record, std::string_view name) {
    std::vector<Decimal> months;
    const json::value* value = record.find(name);
    if (value == nullptr || !value->is_array()) return months;
    for (const json::value& month : value->get_array()) {
        months.push_back(urdb_number(month).value_or(Decimal()));
    }
    return months;
}

void read_demand(const Members& members, UrdbRecord& record, UrdbFile& file) {
    record.demand = read_periods(members, "demandratestructure", false, file);
    record.demand_weekday = read_schedule(members, "demandweekdayschedule");
    record.demand_weekend = read_schedule(members, "demandweekendschedule");
    record.flat_demand = read_periods(members, "flatdemandstructure", false, file);
    for (const Decimal& month : read_months(members, "flatdemandmonths")) {
        record.flat_demand_months.push_back(
            static_cast<int>(month.rescaled(0, Rounding::toward_zero).units()));
    }
    if (members.find("demandwindow") != nullptr) {
        record.demand_window = static_cast<int>(
            members.number("demandwindow").rescaled(0, Rounding::toward_zero).units());
    }
    record.ratchet_percent = read_months(members, "demandratchetpercentage");
    record.lookback_percent = members.number("lookbackpercent");
    for (const Decimal& month : read_months(members, "lookbackmonths")) {
        record.lookback_months.push_back(!month.is_zero());
    }
    record.lookback_range = static_cast<int>(
        members.number("lookbackrange").rescaled(0, Rounding::toward_zero).units());
    record.coincident = read_periods(members, "coincidentratestructure", false, file);
    record.coincident_schedule = read_schedule(members, "coincidentschedule");
    record.reactive_charge = members.number("demandreactivepowercharge");
}

}  // namespace

void read_urdb_object(const json::object& object, UrdbFile& file) {
    const Members members(object, file);
    UrdbRecord record;
    record.label = members.text("label");
    record.utility = members.text("utility");
    record.name = members.text("name");
    record.sector = members.text("sector");
    record.description = members.text("description");
    record.source = members.text("source");
    record.start = members.date("startdate");
    record.end = members.date("enddate");
    record.fixed = members.number("fixedchargefirstmeter");
    if (members.find("fixedchargeunits") != nullptr) {
        record.fixed_unit = members.text("fixedchargeunits");
    }
    record.minimum = members.number("mincharge");
    if (members.find("minchargeunits") != nullptr) {
        record.minimum_unit = members.text("minchargeunits");
    }
    record.annual_minimum = members.number("annualmincharge");
    record.energy = read_periods(members, "energyratestructure", true, file);
    record.energy_weekday = read_schedule(members, "energyweekdayschedule");
    record.energy_weekend = read_schedule(members, "energyweekendschedule");
    if (const json::value* names = members.find("energytoulabels"); names && names->is_array()) {
        for (const json::value& name : names->get_array()) {
            record.energy_names.push_back(name.is_string() ? std::string(name.get_string()) : "");
        }
    }
    record.fuel_adjustment = read_months(members, "fueladjustmentsmonthly");
    read_demand(members, record, file);
    record.dg_rules = members.text("dgrules");
    for (const auto* unit : {&record.fixed_unit, &record.minimum_unit}) {
        if (*unit == "$/day" || *unit == "$/month" || *unit == "$/year") continue;
        urdb_problem(file, "fixedchargeunits", "urdb.unit",
                     fmt::format("a charge is per {}", *unit), "Write $/day, $/month or $/year.");
    }
    check_urdb(record, file);
    file.records.push_back(std::move(record));
}

}  // namespace watthour::formats
