// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/csv.hpp"
#include "formats/urdb.hpp"
#include "formats/urdb_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::formats {

namespace {

using Row = std::vector<std::string>;

constexpr std::array months{"jan", "feb", "mar", "apr", "may", "jun",
                            "jul", "aug", "sep", "oct", "nov", "dec"};

/// One row under the names of the first.
class NamedRow {
public:
    NamedRow(const Row& names, const Row& cells, std::size_t line, UrdbFile& file)
        : cells_(cells), line_(line), file_(file) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            index_.emplace(std::string(trimmed(names[i])), i);
        }
    }

    [[nodiscard]] std::string text(std::string_view name) const {
        const auto found = index_.find(name);
        if (found == index_.end() || found->second >= cells_.size()) return {};
        return std::string(trimmed(cells_[found->second]));
    }
    [[nodiscard]] std::optional<Decimal> number(std::string_view name) const {
        const std::string cell = text(name);
        if (cell.empty()) return std::nullopt;
        const auto value = urdb_number(cell);
        if (!value) {
            problem(name, "urdb.number", fmt::format("{} is {}, not a number", name, cell),
                    "Write a number.");
        }
        return value;
    }
    [[nodiscard]] Decimal number_or_zero(std::string_view name) const {
        return number(name).value_or(Decimal());
    }
    void problem(std::string_view field, std::string_view rule, std::string message,
                 std::string remedy) const {
        urdb_problem(file_, field, rule, std::move(message), std::move(remedy));
        file_.problems.back().line = static_cast<std::int64_t>(line_);
    }

private:
    std::map<std::string, std::size_t, std::less<>> index_;
    const Row& cells_;
    std::size_t line_;
    UrdbFile& file_;
};

/// "energyratestructure/period0/tier0rate" and so on, until no more follow.
UrdbPeriods read_structure(const NamedRow& row, std::string_view name, bool energy) {
    UrdbPeriods periods;
    for (int p = 0; p < 40; ++p) {
        std::vector<UrdbTier> tiers;
        for (int t = 0; t < 20; ++t) {
            const std::string stem = fmt::format("{}/period{}/tier{}", name, p, t);
            const auto rate = row.number(stem + "rate");
            const auto adj = row.number(stem + "adj");
            const auto max = row.number(stem + "max");
            if (!rate && !adj && !max) break;
            UrdbTier tier;
            tier.rate = rate.value_or(Decimal());
            tier.adj = adj.value_or(Decimal());
            tier.sell = row.number_or_zero(stem + "sell");
            if (max && !urdb_no_limit(*max)) tier.max = *max;
            tier.unit = row.text(stem + "unit");
            if (tier.unit.empty()) tier.unit = energy ? "kWh" : "kW";
            tiers.push_back(std::move(tier));
        }
        if (tiers.empty()) break;
        periods.push_back(std::move(tiers));
    }
    return periods;
}

UrdbSchedule read_schedule_cell(const NamedRow& row, std::string_view name) {
    UrdbSchedule schedule;
    const std::string cell = row.text(name);
    if (cell.empty()) return schedule;
    const auto parsed = parse_json(cell, name);
    if (!parsed || !(*parsed).is_array()) {
        row.problem(name, "urdb.malformed", fmt::format("{} is not twelve lists of hours", name),
                    "Write [[0, 0, ...], ...] as the database does.");
        return schedule;
    }
    for (const json::value& month : (*parsed).get_array()) {
        std::vector<int> hours;
        if (month.is_array()) {
            for (const json::value& hour : month.get_array()) {
                const auto number = urdb_number(hour);
                hours.insert(
                    hours.end(), 2,
                    number ? static_cast<int>(number->rescaled(0, Rounding::toward_zero).units())
                           : -1);
            }
        }
        schedule.push_back(std::move(hours));
    }
    return schedule;
}

void read_table_row(const NamedRow& row, UrdbFile& file) {
    UrdbRecord record;
    record.label = row.text("label");
    record.utility = row.text("utility");
    record.name = row.text("name");
    record.sector = row.text("sector");
    record.description = row.text("description");
    record.source = row.text("source");
    for (const auto& [name, date] :
         {std::pair{"startdate", &record.start}, std::pair{"enddate", &record.end}}) {
        const std::string cell = row.text(name);
        if (cell.empty()) continue;
        *date = urdb_date(cell);
        if (!*date) {
            row.problem(name, "urdb.date", fmt::format("{} is {}, not a date", name, cell),
                        "Write a date such as 7/1/2025 0:00 or 2025-07-01.");
        }
    }
    record.fixed = row.number_or_zero("fixedchargefirstmeter");
    if (const auto unit = row.text("fixedchargeunits"); !unit.empty()) record.fixed_unit = unit;
    record.minimum = row.number_or_zero("mincharge");
    if (const auto unit = row.text("minchargeunits"); !unit.empty()) record.minimum_unit = unit;
    record.energy = read_structure(row, "energyratestructure", true);
    record.energy_weekday = read_schedule_cell(row, "energyweekdayschedule");
    record.energy_weekend = read_schedule_cell(row, "energyweekendschedule");
    record.demand = read_structure(row, "demandratestructure", false);
    record.demand_weekday = read_schedule_cell(row, "demandweekdayschedule");
    record.demand_weekend = read_schedule_cell(row, "demandweekendschedule");
    record.flat_demand = read_structure(row, "flatdemandstructure", false);
    for (const char* month : months) {
        const auto period = row.number(fmt::format("flatDemandMonth_{}", month));
        if (!period || record.flat_demand.empty()) continue;
        record.flat_demand_months.push_back(
            static_cast<int>(period->rescaled(0, Rounding::toward_zero).units()));
    }
    if (const auto window = row.number("demandwindow")) {
        record.demand_window = static_cast<int>(window->rescaled(0, Rounding::toward_zero).units());
    }
    record.lookback_percent = row.number_or_zero("lookbackpercent");
    record.reactive_charge = row.number_or_zero("demandreactivepowercharge");
    record.dg_rules = row.text("dgrules");
    check_urdb(record, file);
    file.records.push_back(std::move(record));
}

/// Half hours of a charge's window: months from 1 or 0, hours may be halves, weekdays from 0.
struct Window {
    int month_start = 0;
    int month_end = 11;
    int from = 0;
    int until = half_hours;
    bool weekdays = true;
    bool weekends = true;
};

Window read_window(const NamedRow& row) {
    const auto whole = [&](std::string_view name, int otherwise) {
        const auto number = row.number(name);
        return number ? static_cast<int>(number->rescaled(0, Rounding::toward_zero).units())
                      : otherwise;
    };
    const auto half = [&](std::string_view name, int otherwise) {
        const auto number = row.number(name);
        if (!number) return otherwise;
        const Decimal twice = *number + *number;
        return static_cast<int>(twice.rescaled(0, Rounding::half_away_from_zero).units());
    };
    Window window;
    const int first = whole("month_start", 1);
    window.month_start = std::max(first, 1) - 1;
    window.month_end = std::min(whole("month_end", 12), 12) - 1;
    window.from = half("hour_start", 0);
    window.until = half("hour_end", half_hours);
    const int day = whole("weekday_start", 0);
    const int last = whole("weekday_end", 6);
    window.weekdays = day < 5;
    window.weekends = last > 4;
    const bool whole_kinds = (day == 0 || day == 5) && (last == 4 || last == 6);
    if (!whole_kinds || window.from < 0 || window.until > half_hours ||
        window.until <= window.from || window.month_end < window.month_start) {
        row.problem("hour_start", "urdb.window",
                    "the charge's months, hours or weekdays are none that a tariff can say",
                    "Give months 1 to 12, half hours from 0 to 24, and weekdays 0 to 4, 5 to 6 or "
                    "0 to 6.");
    }
    return window;
}

template <class Take>
void for_cells(const Window& window, Take take) {
    for (int month = window.month_start; month <= window.month_end; ++month) {
        for (int at = window.from; at < window.until; ++at) {
            if (window.weekdays) take(false, month, at);
            if (window.weekends) take(true, month, at);
        }
    }
}

UrdbSchedule blank(int value) { return UrdbSchedule(12, std::vector<int>(half_hours, value)); }

/// A price for each half hour, gathered row by row and then named by its distinct values.
struct PriceCells {
    std::array<std::vector<std::vector<Decimal>>, 2> cells{
        std::vector<std::vector<Decimal>>(12, std::vector<Decimal>(half_hours)),
        std::vector<std::vector<Decimal>>(12, std::vector<Decimal>(half_hours))};

    void put(UrdbRecord& record) const {
        std::vector<Decimal> known;
        for (const bool weekend : {false, true}) {
            UrdbSchedule& schedule = weekend ? record.energy_weekend : record.energy_weekday;
            schedule = blank(0);
            for (std::size_t month = 0; month < 12; ++month) {
                for (std::size_t at = 0; at < half_hours; ++at) {
                    const Decimal& price = cells[weekend ? 1 : 0][month][at];
                    const auto found = std::find(known.begin(), known.end(), price);
                    schedule[month][at] = static_cast<int>(found - known.begin());
                    if (found == known.end()) known.push_back(price);
                }
            }
        }
        for (const Decimal& price : known) {
            UrdbTier tier;
            tier.unit = "kWh";
            tier.rate = price;
            record.energy.push_back({tier});
        }
    }
};

void add_windowed_demand(const NamedRow& row, const Window& window, const Decimal& price,
                         UrdbRecord& record) {
    std::string name = row.text("name");
    if (name.empty()) name = row.text("period");
    if (name.empty()) name = fmt::format("demand-{}", record.windowed_demand.size() + 1);
    auto known =
        std::find_if(record.windowed_demand.begin(), record.windowed_demand.end(),
                     [&](const UrdbDemand& one) { return one.name == name && one.price == price; });
    if (known == record.windowed_demand.end()) {
        record.windowed_demand.push_back({name, blank(0), blank(0), price});
        known = record.windowed_demand.end() - 1;
    }
    for_cells(window, [&](bool weekend, int month, int at) {
        auto& schedule = weekend ? known->weekend : known->weekday;
        schedule[static_cast<std::size_t>(month)][static_cast<std::size_t>(at)] = 1;
    });
}

}  // namespace

void read_urdb_table(std::string_view bytes, UrdbFile& file) {
    const std::vector<Row> rows = csv_cells(bytes);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        read_table_row(NamedRow(rows.front(), rows[i], i + 1, file), file);
    }
}

void read_charge_table(std::string_view bytes, UrdbFile& file) {
    const std::vector<Row> rows = csv_cells(bytes);
    UrdbRecord record;
    record.name = "Table of charges";
    PriceCells energy;
    PriceCells sold;
    bool sells = false;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const NamedRow row(rows.front(), rows[i], i + 1, file);
        if (row.text("utility") != "electric") continue;
        const std::string type = row.text("type");
        const Decimal price = row.number_or_zero("charge");
        if (const auto limit = row.number("basic_charge_limit"); limit && !limit->is_zero()) {
            row.problem("basic_charge_limit", "urdb.window",
                        "a charge that begins above a limit is not read",
                        "Write the tiers in the form of the database.");
        }
        if (type == "customer") {
            record.fixed = record.fixed + price;
            continue;
        }
        const Window window = read_window(row);
        if (!file.problems.empty()) return;
        if (type == "demand") {
            add_windowed_demand(row, window, price, record);
        } else if (type == "energy" || type == "export") {
            PriceCells& cells = type == "export" ? sold : energy;
            sells = sells || type == "export";
            for_cells(window, [&](bool weekend, int month, int at) {
                auto& cell = cells.cells[weekend ? 1 : 0][static_cast<std::size_t>(month)]
                                        [static_cast<std::size_t>(at)];
                cell = cell + price;
            });
        } else {
            row.problem("type", "urdb.unit", fmt::format("the charge type {} is unknown", type),
                        "Use customer, energy, demand or export.");
        }
    }
    energy.put(record);
    if (sells) {
        // One export price can be said beside energy prices: that of a winter night.
        record.dg_rules = "Net Billing Hourly";
        for (auto& period : record.energy) period.front().sell = sold.cells[0][0][0];
        for (const auto& kind : sold.cells) {
            for (const auto& month : kind) {
                if (std::all_of(month.begin(), month.end(),
                                [&](const Decimal& one) { return one == sold.cells[0][0][0]; })) {
                    continue;
                }
                urdb_problem(file, "charge", "urdb.window",
                             "export prices that change with the hour are not read here",
                             "Write them as a file of hourly prices.");
                return;
            }
        }
    }
    check_urdb(record, file);
    file.records.push_back(std::move(record));
}

namespace {

const json::value* member_of(const json::object& object, std::string_view name) {
    return object.if_contains(name);
}

std::vector<int> numbers_of(const json::object& object, std::string_view name) {
    std::vector<int> numbers;
    const json::value* value = member_of(object, name);
    if (value == nullptr || !value->is_array()) return numbers;
    for (const json::value& item : value->get_array()) {
        const auto number = urdb_number(item);
        if (number) {
            numbers.push_back(static_cast<int>(number->rescaled(0, Rounding::toward_zero).units()));
        }
    }
    return numbers;
}

Decimal charge_of(const json::object& object) {
    const json::value* value = member_of(object, "charge");
    return value == nullptr ? Decimal() : urdb_number(*value).value_or(Decimal());
}

void add_time_of_use(const json::object& component, PriceCells& energy, UrdbFile& file) {
    const std::vector<int> days = numbers_of(component, "daysOfWeek");
    const auto has = [&](int day) {
        return std::find(days.begin(), days.end(), day) != days.end();
    };
    const int workdays = static_cast<int>(has(1)) + has(2) + has(3) + has(4) + has(5);
    const int rest = static_cast<int>(has(0)) + has(6);
    if ((workdays != 0 && workdays != 5) || rest == 1) {
        return urdb_problem(file, "daysOfWeek", "urdb.window",
                            "prices of single weekdays cannot be said",
                            "Give Monday to Friday, Saturday and Sunday, or all days.");
    }
    for (const int month : numbers_of(component, "months")) {
        for (const int hour : numbers_of(component, "hourStarts")) {
            if (month < 0 || month > 11 || hour < 0 || hour > 23) continue;
            for (const bool weekend : {false, true}) {
                if (weekend ? rest == 0 : workdays == 0) continue;
                for (const int half : {0, 1}) {
                    auto& cell = energy.cells[weekend ? 1 : 0][static_cast<std::size_t>(month)]
                                             [static_cast<std::size_t>(hour * 2 + half)];
                    cell = cell + charge_of(component);
                }
            }
        }
    }
}

}  // namespace

void read_rate_elements(const json::array& elements, UrdbFile& file) {
    UrdbRecord record;
    record.name = "Rate elements";
    PriceCells energy;
    for (const json::value& element : elements) {
        if (!element.is_object()) continue;
        const json::object& object = element.get_object();
        const json::value* type = member_of(object, "rateElementType");
        const json::value* components = member_of(object, "rateComponents");
        if (type == nullptr || !type->is_string() || components == nullptr ||
            !components->is_array()) {
            urdb_problem(file, "rateElementType", "urdb.malformed",
                         "an element has no type or no components",
                         "Give rateElementType and rateComponents.");
            continue;
        }
        const std::string_view kind = type->get_string();
        for (const json::value& item : components->get_array()) {
            if (!item.is_object()) continue;
            const json::object& component = item.get_object();
            if (kind == "FixedPerMonth") {
                record.fixed = record.fixed + charge_of(component);
            } else if (kind == "EnergyTimeOfUse") {
                add_time_of_use(component, energy, file);
            } else if (kind == "Demand") {
                if (charge_of(component).is_zero()) continue;
                UrdbTier tier;
                tier.unit = "kW";
                tier.rate = charge_of(component);
                record.flat_demand = {{tier}};
                record.flat_demand_months.assign(12, 0);
            } else {
                urdb_problem(file, "rateElementType", "urdb.unit",
                             fmt::format("elements of type {} are unknown", kind),
                             "Use FixedPerMonth, EnergyTimeOfUse or Demand.");
            }
        }
    }
    energy.put(record);
    check_urdb(record, file);
    file.records.push_back(std::move(record));
}

}  // namespace watthour::formats
