// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

using Row = std::vector<std::optional<Decimal>>;

void only_seasons(const YamlValue& map, const Catalogue& catalogue, std::string_view besides) {
    for (const auto& [key, value] : map.members()) {
        if (key != besides && catalogue.seasons.index_of(key) < 0) {
            value.refuse(errors::key_unknown, {{"key", key}, {"known", "the seasons"}});
        }
    }
}

/// One row of a table: a price, or one for each period of the calendar.
Row read_row(const YamlValue& value, const TouCalendar* calendar, std::string_view besides) {
    if (calendar == nullptr) return {value.decimal()};
    Row prices;
    for (const auto& [key, unused] : value.members()) {
        if (key != besides && calendar->index_of(key) < 0) {
            unused.refuse(errors::key_unknown,
                          {{"key", key}, {"known", "the periods of the calendar"}});
        }
    }
    for (const std::string& period : calendar->periods()) {
        prices.push_back(value.has(period) ? std::optional<Decimal>(value.at(period).decimal())
                                           : std::nullopt);
    }
    return prices;
}

/// The rows below one value of the fact: one, or one for each season.
void read_season_rows(const YamlValue& value, const Catalogue& catalogue, PriceTable& table,
                      const TouCalendar* calendar, std::string_view besides) {
    if (!table.by_season) {
        table.rows.push_back(read_row(value, calendar, besides));
        return;
    }
    only_seasons(value, catalogue, besides);
    for (int i = 0; i < catalogue.seasons.count(); ++i) {
        table.rows.push_back(read_row(value.at(catalogue.seasons.at(i).code), calendar, ""));
    }
}

/// Splits "voltage_season_tou" into the fact and what follows it.
void read_axis(const YamlValue& by, const RateSchedule& schedule, PriceTable& table) {
    const std::string whole = by.text();
    std::string_view rest = whole;
    if (rest == "none") return;
    for (const FactValues& fact : schedule.facts) {
        if (rest == fact.fact || rest.starts_with(fact.fact + "_")) {
            table.by_fact = fact;
            rest.remove_prefix(std::min(rest.size(), fact.fact.size() + 1));
            break;
        }
    }
    table.by_season = rest.starts_with("season");
    if (table.by_season) rest.remove_prefix(std::min<std::size_t>(rest.size(), 7));
    table.by_tou = rest == "tou";
    if (!rest.empty() && !table.by_tou) {
        std::string known = "none, season, tou, season_tou";
        for (const FactValues& fact : schedule.facts) {
            known += ", " + fact.fact + ", " + fact.fact + "_season";
        }
        by.refuse_word(whole, known);
    }
}

}  // namespace

PriceTable read_price(const YamlValue& value, const RateSchedule& schedule,
                      const Catalogue& catalogue, const TouCalendar* calendar) {
    PriceTable table;
    const YamlValue by = value.at("by");
    read_axis(by, schedule, table);
    if (table.by_tou != (calendar != nullptr)) {
        by.refuse_value(calendar == nullptr ? "a price that does not depend on the time of use"
                                            : "a price by tou or season_tou");
        return table;
    }
    const bool plain = table.by_fact.fact.empty() && !table.by_season && !table.by_tou;
    if (plain) {
        value.keys({"by", "each"});
        table.rows.push_back(read_row(value.at("each"), calendar, ""));
        return table;
    }
    if (table.by_fact.fact.empty()) {
        read_season_rows(value, catalogue, table, calendar, "by");
        return table;
    }
    for (const auto& [key, unused] : value.members()) {
        const auto& known = table.by_fact.values;
        if (key != "by" && std::find(known.begin(), known.end(), key) == known.end()) {
            unused.refuse(errors::key_unknown,
                          {{"key", key}, {"known", "the values of " + table.by_fact.fact}});
        }
    }
    for (const std::string& one : table.by_fact.values) {
        read_season_rows(value.at(one), catalogue, table, calendar, "");
    }
    return table;
}

std::vector<Decimal> read_by_season(const YamlValue& value, const Catalogue& catalogue) {
    const auto count = static_cast<std::size_t>(catalogue.seasons.count());
    if (value.is_text()) return std::vector<Decimal>(count, value.decimal());
    only_seasons(value, catalogue, "");
    std::vector<Decimal> values;
    for (int i = 0; i < catalogue.seasons.count(); ++i) {
        values.push_back(value.at(catalogue.seasons.at(i).code).decimal());
    }
    return values;
}

int read_season(const YamlValue& value, const Catalogue& catalogue) {
    const int index = catalogue.seasons.index_of(value.text());
    if (index < 0) {
        value.refuse(errors::reference_unknown,
                     {{"text", value.text()}, {"known", "the seasons of calendars.yaml"}});
    }
    return std::max(index, 0);
}

const TouCalendar* read_calendar_name(const YamlValue& value, const Catalogue& catalogue) {
    const TouCalendar* calendar = catalogue.find_tou_calendar(value.text());
    if (calendar == nullptr) {
        value.refuse(errors::reference_unknown,
                     {{"text", value.text()}, {"known", "the calendars"}});
    }
    return calendar;
}

namespace {

/// Numbers of one line of a table, brought to the finest scale met.
struct PriceCells {
    std::vector<Decimal> values;

    void add(const YamlValue& row, std::size_t wanted) {
        std::size_t found = 0;
        const std::string text = row.text();
        for (const std::string_view word : split_text(text, ' ')) {
            if (trimmed(word).empty()) continue;
            const auto value = Decimal::parse(trimmed(word));
            if (!value) return row.refuse_value("prices with spaces between them");
            values.push_back(*value);
            ++found;
        }
        if (found != wanted && !row.failed()) {
            row.refuse_value(std::to_string(wanted) + " prices with spaces between them");
        }
    }
    [[nodiscard]] int scale() const {
        int most = 0;
        for (const Decimal& value : values) most = std::max(most, value.scale());
        return most;
    }
    [[nodiscard]] std::vector<std::int64_t> units(int scale) const {
        std::vector<std::int64_t> all;
        for (const Decimal& value : values) {
            all.push_back(value.rescaled(scale, Rounding::half_away_from_zero).units());
        }
        return all;
    }
};

void read_matrix(const YamlValue& file, const std::string& code, Catalogue& into) {
    PriceCells cells;
    const YamlValue weekday = file.at("weekday");
    const YamlValue weekend = file.at("weekend");
    const auto days = weekday.items();
    const auto ends = weekend.items();
    if (days.size() != 12 || ends.size() != 12) {
        return file.refuse_value("twelve rows of weekday and of weekend prices");
    }
    for (std::size_t month = 0; month < 12; ++month) {
        cells.add(days[month], 24);
        cells.add(ends[month], 24);
    }
    if (file.failed()) return;
    const int scale = cells.scale();
    into.price_series.emplace_back(code, scale, cells.units(scale), std::vector<Date>());
}

void read_dated(const YamlValue& file, const std::string& code, Catalogue& into) {
    PriceCells cells;
    std::vector<Date> dates;
    for (const auto& [date, row] : file.at("days").members()) {
        const auto day = Date::parse(date);
        if (!day) return row.refuse_value("prices under a date such as 2026-07-14");
        if (!dates.empty() && !(dates.back() < *day)) {
            return row.refuse_value("a day after the one before it");
        }
        dates.push_back(*day);
        cells.add(row, 24);
    }
    if (file.failed()) return;
    const int scale = cells.scale();
    const std::vector<std::int64_t> units = cells.units(scale);
    std::map<Date, std::vector<std::int64_t>> by_day;
    for (std::size_t i = 0; i < dates.size(); ++i) {
        const auto first = units.begin() + static_cast<std::ptrdiff_t>(i * 24);
        by_day.emplace(dates[i], std::vector<std::int64_t>(first, first + 24));
    }
    into.price_series.emplace_back(code, scale, std::move(by_day));
}

}  // namespace

void read_price_series(const YamlValue& file, Catalogue& into) {
    const std::string form = file.at("form").text();
    const std::string code = file.at("prices").text();
    if (into.find_price_series(code) != nullptr) {
        file.at("prices").refuse(errors::code_repeated, {{"text", code}});
    }
    if (form == "month_day_hour") {
        file.keys({"prices", "form", "unit", "weekday", "weekend"});
        read_matrix(file, code, into);
    } else if (form == "dated_hours") {
        file.keys({"prices", "form", "unit", "days"});
        read_dated(file, code, into);
    } else {
        file.at("form").refuse_word(form, "month_day_hour, dated_hours");
    }
    file.at("unit").must_be("$/kWh");
}

}  // namespace watthour::tariff
