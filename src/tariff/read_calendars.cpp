// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <array>

namespace watthour::tariff {

namespace {

constexpr std::uint32_t weekdays = 0b0011111;
constexpr std::uint32_t weekend = 0b1100000;

TouWindow read_window(const YamlValue& value, const TouCalendar& names,
                      const SeasonTable& seasons) {
    value.keys({"period", "seasons", "days", "on_holidays", "from", "until"});
    TouWindow window;
    const std::string period = value.at("period").text();
    window.period = names.index_of(period);
    if (window.period < 0) {
        value.at("period").refuse(errors::reference_unknown,
                                  {{"text", period}, {"known", "the periods of the calendar"}});
    }
    for (const YamlValue& item : value.at("seasons").items()) {
        const int index = seasons.index_of(item.text());
        if (index < 0) {
            item.refuse(errors::reference_unknown,
                        {{"text", item.text()}, {"known", "the seasons of this file"}});
            continue;
        }
        window.seasons |= 1U << static_cast<unsigned>(index);
    }
    window.days = value.at("days").word<std::uint32_t>(
        {{"weekdays", weekdays}, {"weekend", weekend}, {"every_day", weekdays | weekend}});
    window.on_holidays = value.at("on_holidays").yes_no();
    window.from_second = value.at("from").clock_second();
    window.until_second = value.at("until").clock_second();
    if (window.until_second <= window.from_second) {
        value.at("until").refuse_value("a time after `from`; a night is written as two windows");
    }
    return window;
}

bool overlap(const TouWindow& a, const TouWindow& b) {
    return (a.seasons & b.seasons) != 0 && (a.days & b.days) != 0 &&
           a.from_second < b.until_second && b.from_second < a.until_second;
}

/// Twelve rows of 24 letters (hours) or 48 (half hours) for each kind of day; a letter stands
/// for a period.
TouMatrix read_matrix(const YamlValue& value, const TouCalendar& names) {
    value.keys({"letters", "weekday", "weekend"});
    std::array<int, 128> period_of{};
    period_of.fill(-1);
    for (const auto& [letter, period] : value.at("letters").members()) {
        const int index = names.index_of(period.text());
        if (letter.size() != 1 || static_cast<unsigned char>(letter[0]) >= period_of.size() ||
            index < 0) {
            period.refuse_value("a period of the calendar under a single letter");
            return TouMatrix(TouCalendar::matrix_cells);
        }
        period_of[static_cast<unsigned char>(letter[0])] = index;
    }
    const auto workdays = value.at("weekday").items();
    const auto rest_days = value.at("weekend").items();
    TouMatrix matrix;
    for (std::size_t month = 0; month < 12; ++month) {
        for (const auto* rows : {&workdays, &rest_days}) {
            const std::string hours = month < rows->size() ? (*rows)[month].text() : "";
            const std::size_t times = hours.size() == 24 ? 2 : 1;
            for (const char letter : hours) {
                const auto at = static_cast<unsigned char>(letter);
                if (at < period_of.size() && period_of[at] >= 0) {
                    matrix.insert(matrix.end(), times, static_cast<std::uint8_t>(period_of[at]));
                }
            }
            if (hours.size() * times != 48 || matrix.size() % 48 != 0) {
                value.refuse_value(
                    "twelve rows of 24 or 48 known letters for weekday and for weekend");
                return TouMatrix(TouCalendar::matrix_cells);
            }
        }
    }
    return matrix;
}

void read_events(const YamlValue& list, TouCalendar& into) {
    std::vector<TouEvent> events;
    for (const YamlValue& item : list.items()) {
        item.keys({"date", "period", "from", "until"});
        TouEvent event{item.at("date").date(), into.index_of(item.at("period").text()),
                       item.at("from").clock_second(), item.at("until").clock_second()};
        if (event.period < 0) {
            item.at("period").refuse(
                errors::reference_unknown,
                {{"text", item.at("period").text()}, {"known", "the periods of the calendar"}});
            event.period = 0;
        }
        if (event.until_second <= event.from_second) {
            item.at("until").refuse_value("a time after `from`");
        }
        for (const TouEvent& earlier : events) {
            if (earlier.date == event.date && earlier.from_second < event.until_second &&
                event.from_second < earlier.until_second) {
                item.refuse(errors::windows_overlap,
                            {{"first", "an event"}, {"second", "another of the same day"}});
            }
        }
        events.push_back(event);
    }
    into.set_events(std::move(events));
}

TouCalendar read_windows(const YamlValue& value, const Catalogue& catalogue, TouCalendar names,
                         Holidays holidays);

TouCalendar read_tou_calendar(const YamlValue& value, const Catalogue& catalogue) {
    if (value.has("matrix")) {
        value.keys({"code", "clock", "holidays", "periods", "matrix"}, {"events"});
    } else {
        value.keys({"code", "clock", "holidays", "periods", "default", "windows"}, {"events"});
    }
    value.at("clock").must_be("local_wall_clock");
    const auto* holidays = value.at("holidays")
                               .word<const Holidays*>({{"rate", &catalogue.rate_holidays},
                                                       {"office", &catalogue.office_holidays},
                                                       {"bank", &catalogue.bank_holidays},
                                                       {"none", nullptr}});
    const std::string code = value.at("code").text();
    const std::vector<std::string> periods = value.at("periods").texts();
    const TouCalendar names(code, periods, 0, {}, catalogue.seasons, {});
    const Holidays closed = holidays == nullptr ? Holidays() : *holidays;
    if (periods.empty() || periods.size() > 64) {
        value.at("periods").refuse_value("one to 64 periods");
        return names;
    }
    TouCalendar calendar =
        value.has("matrix")
            ? TouCalendar(code, periods, read_matrix(value.at("matrix"), names), closed)
            : read_windows(value, catalogue, names, closed);
    if (value.has("events")) read_events(value.at("events"), calendar);
    return calendar;
}

TouCalendar read_windows(const YamlValue& value, const Catalogue& catalogue, TouCalendar names,
                         Holidays holidays) {
    const std::vector<std::string>& periods = names.periods();
    const int other = names.index_of(value.at("default").text());
    if (other < 0) {
        value.at("default").refuse(
            errors::reference_unknown,
            {{"text", value.at("default").text()}, {"known", "the periods of the calendar"}});
    }
    std::vector<TouWindow> windows;
    for (const YamlValue& item : value.at("windows").items()) {
        const TouWindow window = read_window(item, names, catalogue.seasons);
        for (const TouWindow& earlier : windows) {
            if (!item.failed() && overlap(earlier, window)) {
                item.refuse(errors::windows_overlap,
                            {{"first", periods[static_cast<std::size_t>(earlier.period)]},
                             {"second", periods[static_cast<std::size_t>(window.period)]}});
            }
        }
        windows.push_back(window);
    }
    return {names.code(),       periods,           other,
            std::move(windows), catalogue.seasons, std::move(holidays)};
}

void read_holidays(const YamlValue& value, Catalogue& into) {
    value.keys({"list", "dates"});
    std::vector<Date> dates;
    for (const YamlValue& item : value.at("dates").items()) {
        item.keys({"date", "name"});
        const Date date = item.at("date").date();
        if (!dates.empty() && !(dates.back() < date)) {
            item.at("date").refuse_value("a date after the one before it");
        }
        dates.push_back(date);
    }
    *value.at("list").word<Holidays*>({{"rate", &into.rate_holidays},
                                       {"office", &into.office_holidays},
                                       {"bank", &into.bank_holidays}}) = Holidays(std::move(dates));
}

}  // namespace

void read_calendars(const YamlValue& file, Catalogue& into) {
    file.keys({"seasons", "tou_calendars", "holidays"}, {"time_zone", "coincident_peaks"});
    if (file.has("time_zone")) into.utility.time_zone = file.at("time_zone").text();
    if (file.has("coincident_peaks")) {
        for (const YamlValue& item : file.at("coincident_peaks").items()) {
            const auto at = parse_iso_instant(item.text());
            if (!at) item.refuse_value("a moment with its offset, such as 2026-07-14T17:30-07:00");
            if (at) into.coincident_peaks.push_back(*at);
        }
    }
    std::vector<Season> seasons;
    for (const YamlValue& item : file.at("seasons").items()) {
        item.keys({"code", "from", "text"});
        const auto [month, day] = item.at("from").month_day();
        seasons.push_back({item.at("code").text(), month, day, item.at("text").local_text()});
    }
    if (seasons.empty()) file.at("seasons").refuse_value("at least one season");
    into.seasons = SeasonTable(std::move(seasons));
    for (const YamlValue& item : file.at("holidays").items()) read_holidays(item, into);
    for (const YamlValue& item : file.at("tou_calendars").items()) {
        into.tou_calendars.push_back(read_tou_calendar(item, into));
    }
}

Result<CycleCalendar> read_cycle_calendar(const EmbeddedFile& file) {
    std::vector<CycleRow> rows;
    int number = 0;
    for (const std::string_view line : split_text(file.text, '\n')) {
        ++number;
        if (trimmed(line).empty() || line.front() == '#' || line.starts_with("cycle\t")) continue;
        const std::vector<std::string_view> fields = split_text(trimmed_right(line), '\t');
        CycleRow row;
        const std::array<Date*, 5> dates{&row.read, &row.calc, &row.mail, &row.due, &row.late};
        std::size_t bad = fields.size() == dates.size() + 1 ? 0 : fields.size();
        for (std::size_t i = 0; bad == 0 && i < dates.size(); ++i) {
            const auto date = Date::parse(fields[i + 1]);
            if (date)
                *dates[i] = *date;
            else
                bad = i + 2;
        }
        if (bad != 0) {
            return Error(errors::value_malformed,
                         {{"file", std::string(file.name)},
                          {"line", std::to_string(number)},
                          {"column", std::to_string(bad)},
                          {"path", "the row"},
                          {"text", std::string(line)},
                          {"wanted", "a cycle and five dates, separated by tabs,"}});
        }
        row.cycle = std::string(fields[0]);
        row.line = number;
        rows.push_back(std::move(row));
    }
    return CycleCalendar(std::move(rows));
}

}  // namespace watthour::tariff
