// SPDX-License-Identifier: Apache-2.0
#include "formats/urdb.hpp"

#include "base/text.hpp"
#include "formats/urdb_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace watthour::formats {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_record(const json::object& object) {
    return std::any_of(object.begin(), object.end(), [](const auto& member) {
        std::string name(member.key());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        return name.starts_with("energyrate") || name.starts_with("energyweekday") ||
               name.starts_with("demandrate") || name.starts_with("flatdemand") ||
               name.starts_with("fixedcharge") || name.starts_with("fixedmonthly");
    });
}

/// Finds the records of a file, however deep they are wrapped.
void find_records(const json::value& value, int depth, UrdbFile& file) {
    constexpr int most_depth = 6;
    if (depth > most_depth) return;
    if (value.is_string()) {
        const auto inner = parse_json(std::string(value.get_string()), "a text inside the file");
        if (inner && !(*inner).is_string()) find_records(*inner, depth + 1, file);
        return;
    }
    if (value.is_array()) {
        const auto& list = value.get_array();
        const bool elements = !list.empty() && list.front().is_object() &&
                              list.front().get_object().contains("rateElementType");
        if (elements) return read_rate_elements(list, file);
        for (const json::value& item : list) find_records(item, depth + 1, file);
        return;
    }
    if (!value.is_object()) return;
    if (is_record(value.get_object())) return read_urdb_object(value.get_object(), file);
    for (const auto& member : value.get_object()) find_records(member.value(), depth + 1, file);
}

std::string first_line(std::string_view bytes) {
    std::string line(bytes.substr(0, bytes.find('\n')));
    return line;
}

void check_schedule(const UrdbSchedule& schedule, std::size_t periods, const char* name,
                    UrdbFile& file) {
    if (schedule.size() != 12) {
        return urdb_problem(file, name, "urdb.months",
                            fmt::format("{} has {} months, not 12", name, schedule.size()),
                            "Give twelve rows, from January on.");
    }
    for (std::size_t month = 0; month < schedule.size(); ++month) {
        if (schedule[month].size() != half_hours) {
            return urdb_problem(file, name, "urdb.hours",
                                fmt::format("{} month {} has {} hours, not 24", name, month + 1,
                                            schedule[month].size() / 2),
                                "Give twenty-four numbers for each month.");
        }
        for (const int period : schedule[month]) {
            if (period >= 0 && static_cast<std::size_t>(period) < periods) continue;
            return urdb_problem(file, name, "urdb.period_missing",
                                fmt::format("{} month {} names period {}, but there are {}", name,
                                            month + 1, period, periods),
                                "Add the period to the structure, or correct the schedule.");
        }
    }
}

void check_tiers(const UrdbPeriods& periods, const char* name, UrdbFile& file) {
    for (std::size_t p = 0; p < periods.size(); ++p) {
        if (periods[p].empty()) {
            urdb_problem(file, name, "urdb.tiers_missing",
                         fmt::format("{} period {} has no tier", name, p),
                         "Give at least one tier with a rate.");
        }
        for (std::size_t t = 0; t < periods[p].size(); ++t) {
            const UrdbTier& tier = periods[p][t];
            const bool last = t + 1 == periods[p].size();
            const bool ends_block = !last &&
                                    periods[p][t + 1].unit.find("/kW") != std::string::npos &&
                                    tier.unit.find("/kW") == std::string::npos;
            if (!last && !tier.max && !ends_block) {
                urdb_problem(
                    file, name, "urdb.tiers_not_rising",
                    fmt::format("{} period {} tier {} has no max, but another follows", name, p, t),
                    "Give the tier its upper limit.");
            }
            if (t == 0 || !tier.max) continue;
            const UrdbTier& before = periods[p][t - 1];
            if (before.max && before.unit == tier.unit && *tier.max <= *before.max) {
                urdb_problem(file, name, "urdb.tiers_not_rising",
                             fmt::format("{} period {} tier {} ends at {}, not above {}", name, p,
                                         t, tier.max->to_shortest(), before.max->to_shortest()),
                             "Order the tiers by their upper limit.");
            }
        }
    }
}

}  // namespace

std::optional<Decimal> urdb_number(std::string_view text) {
    const std::string_view digits = trimmed(text);
    if (digits.empty()) return std::nullopt;
    if (const auto exact = Decimal::parse(std::string(digits))) return *exact;
    // Exponents, and more digits than a price of ours keeps.
    char* end = nullptr;
    const std::string copy(digits);
    const double value = std::strtod(copy.c_str(), &end);  // tidy: money - rounded to a decimal
    if (end != copy.c_str() + copy.size() || !std::isfinite(value)) return std::nullopt;
    return urdb_number(json::value(value));
}

std::optional<Decimal> urdb_number(const json::value& value) {
    if (value.is_int64()) return Decimal(value.get_int64(), 0);
    if (value.is_uint64()) return Decimal(std::int64_t{1} << 60, 0);
    if (value.is_string()) return urdb_number(std::string_view(value.get_string()));
    if (!value.is_double()) return std::nullopt;
    const double number = value.get_double();
    const double size = std::fabs(number);
    if (!(size < 1e18)) return Decimal(std::int64_t{1} << 60, 0);
    const int places = size < 1e5 ? 12 : size < 1e11 ? 6 : 0;
    const auto rounded = Decimal::parse(fmt::format("{:.{}f}", number, places));
    if (!rounded) return std::nullopt;
    const auto shortest = Decimal::parse(rounded->to_shortest());
    return shortest ? std::optional<Decimal>(*shortest) : std::nullopt;
}

bool urdb_no_limit(const Decimal& max) { return Decimal(1'000'000'000'000, 0) < max; }

std::optional<Date> urdb_date(std::string_view text) {
    const std::string_view clean = trimmed(text);
    if (clean.size() >= 10) {
        if (const auto iso = Date::parse(std::string(clean.substr(0, 10)))) return *iso;
    }
    const auto day = split_text(clean.substr(0, clean.find(' ')), '/');
    if (day.size() == 3) {
        const auto month = parse_integer(day[0]);
        const auto number = parse_integer(day[1]);
        const auto year = parse_integer(day[2]);
        if (month && number && year && *year < 10'000) {
            const auto date = Date::parse(fmt::format("{:04}-{:02}-{:02}", *year, *month, *number));
            if (date) return *date;
        }
        return std::nullopt;
    }
    constexpr std::int64_t day_seconds = 86'400;
    const auto seconds = parse_integer(clean.substr(0, clean.find('.')));
    if (!seconds || *seconds < 0 || *seconds > 32'503'680'000) return std::nullopt;
    return Date(static_cast<std::int32_t>(*seconds / day_seconds));
}

void urdb_problem(UrdbFile& file, std::string_view field, std::string_view rule,
                  std::string message, std::string remedy) {
    file.problems.push_back(
        {0, std::string(field), std::string(rule), std::move(message), std::move(remedy)});
}

void check_urdb(const UrdbRecord& record, UrdbFile& file) {
    if (!record.energy.empty()) {
        check_tiers(record.energy, "energyratestructure", file);
        check_schedule(record.energy_weekday, record.energy.size(), "energyweekdayschedule", file);
        check_schedule(record.energy_weekend, record.energy.size(), "energyweekendschedule", file);
    }
    check_tiers(record.demand, "demandratestructure", file);
    if (!record.demand.empty()) {
        check_schedule(record.demand_weekday, record.demand.size(), "demandweekdayschedule", file);
        check_schedule(record.demand_weekend, record.demand.size(), "demandweekendschedule", file);
    }
    check_tiers(record.flat_demand, "flatdemandstructure", file);
    if (!record.flat_demand.empty() && record.flat_demand_months.size() != 12) {
        urdb_problem(
            file, "flatdemandmonths", "urdb.months",
            fmt::format("flatdemandmonths has {} months, not 12", record.flat_demand_months.size()),
            "Give twelve numbers, from January on.");
    }
    for (const int period : record.flat_demand_months) {
        if (period >= 0 && static_cast<std::size_t>(period) < record.flat_demand.size()) continue;
        urdb_problem(file, "flatdemandmonths", "urdb.period_missing",
                     fmt::format("flatdemandmonths names period {}, but there are {}", period,
                                 record.flat_demand.size()),
                     "Add the period to flatdemandstructure, or correct the months.");
        break;
    }
    if (!record.fuel_adjustment.empty() && record.fuel_adjustment.size() != 12) {
        urdb_problem(file, "fueladjustmentsmonthly", "urdb.months",
                     fmt::format("fueladjustmentsmonthly has {} months, not 12",
                                 record.fuel_adjustment.size()),
                     "Give twelve numbers, from January on.");
    }
    if (record.start && record.end && *record.end <= *record.start) {
        urdb_problem(file, "enddate", "urdb.dates",
                     fmt::format("the rate ends on {}, not after its start on {}",
                                 record.end->to_string(), record.start->to_string()),
                     "Correct one of the two dates.");
    }
}

UrdbFile read_urdb(std::string_view bytes) {
    UrdbFile file;
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    const std::string head = first_line(bytes);
    const std::string_view text = trimmed(bytes);
    if (!text.starts_with("{") && !text.starts_with("[") && !text.starts_with("\"")) {
        if (head.find("charge") != std::string::npos &&
            head.find("month_start") != std::string::npos) {
            read_charge_table(bytes, file);
        } else if (head.find("energyratestructure") != std::string::npos ||
                   head.find("fixedchargefirstmeter") != std::string::npos) {
            read_urdb_table(bytes, file);
        } else {
            urdb_problem(file, "", "urdb.malformed",
                         "this is neither JSON nor a CSV with the columns of a rate",
                         "Give an API answer, a bulk CSV row or a table of charges.");
        }
    } else {
        const auto parsed = parse_json(text, "the record");
        if (!parsed) {
            urdb_problem(file, "", "urdb.malformed", parsed.error().message(),
                         "Repair the JSON at the place named.");
            return file;
        }
        find_records(*parsed, 0, file);
    }
    if (file.records.empty() && file.problems.empty()) {
        urdb_problem(file, "", "urdb.empty", "the file holds no rate",
                     "Check that the right file was given.");
    }
    return file;
}

}  // namespace watthour::formats
