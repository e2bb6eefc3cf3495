// SPDX-License-Identifier: Apache-2.0
#include "app/check_tariff.hpp"

#include "rating/rating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {

namespace {

using tariff::Catalogue;
using tariff::RateSchedule;

/// Which periods of a calendar occur in each season, over the year from a day on.
std::vector<std::set<int>> periods_by_season(const Catalogue& catalogue,
                                             const tariff::TouCalendar& calendar, Date from) {
    constexpr int step = 15 * 60;
    std::vector<std::set<int>> found(static_cast<std::size_t>(catalogue.seasons.count()));
    for (Date date = from; date < from + 366; date = date + 1) {
        auto& season = found[static_cast<std::size_t>(catalogue.seasons.season_of(date))];
        for (int second = 0; second < 86'400; second += step) {
            season.insert(calendar.period_of(date, second));
        }
    }
    return found;
}

class TariffCheck {
public:
    TariffCheck(const Catalogue& catalogue, Date today) : catalogue_(catalogue), today_(today) {}

    Problems run() {
        for (const RateSchedule& schedule : catalogue_.schedules) {
            check_riders(schedule);
            for (const std::string& question : schedule.open_questions) {
                add(schedule.code, "tariff.open_question",
                    fmt::format("nobody has answered the question {}", question),
                    "Import again with --answer, or write the answer and remove the question.");
            }
            for (const tariff::ScheduleVersion& version : schedule.versions) {
                for (const tariff::Charge& charge : version.charges) check(version, charge);
            }
        }
        check_holidays();
        for (const ExampleResult& example : run_examples(catalogue_)) {
            if (example.ok) continue;
            add(example.schedule, "tariff.example_differs",
                fmt::format("{}: the example \"{}\" differs: {}", example.place, example.name,
                            example.difference),
                "Correct the example by hand, or the charge that it shows to be wrong.");
        }
        return std::move(problems_);
    }

private:
    void add(const std::string& field, const char* rule, std::string message, std::string remedy) {
        problems_.push_back({0, field, rule, std::move(message), std::move(remedy)});
    }

    void check_riders(const RateSchedule& schedule) {
        for (const std::string& code : schedule.riders) {
            const auto rider = catalogue_.find_rider(code);
            if (!rider) continue;
            const auto& known = (*rider)->schedules;
            if (std::find(known.begin(), known.end(), schedule.code) != known.end()) continue;
            add(schedule.code, "tariff.rider_one_sided",
                fmt::format("the schedule takes rider {}, which does not name it", code),
                "Name the schedule in the rider's file, or take the rider out.");
        }
    }

    void check(const tariff::ScheduleVersion& version, const tariff::Charge& charge) {
        if (!charge.tou || charge.tiers) return;
        const tariff::TouCalendar* calendar = catalogue_.find_tou_calendar(charge.tou->calendar);
        const auto seasons = periods_by_season(catalogue_, *calendar, version.effective);
        std::set<int> ever;
        for (std::size_t s = 0; s < seasons.size(); ++s) {
            ever.insert(seasons[s].begin(), seasons[s].end());
            for (std::size_t row = 0; row < charge.price.rows.size(); ++row) {
                const std::size_t step = charge.price.by_season ? seasons.size() : 1;
                if (charge.price.by_season && row % step != s) continue;
                check_row(version, charge, *calendar, seasons[s], charge.price.rows[row],
                          charge.price.by_season ? catalogue_.seasons.at(static_cast<int>(s)).code
                                                 : "the year");
            }
        }
        for (std::size_t p = 0; p < calendar->periods().size(); ++p) {
            if (ever.contains(static_cast<int>(p))) continue;
            add(version.clause, "tariff.period_never_occurs",
                fmt::format("period {} of calendar {} has no hour in a year",
                            calendar->periods()[p], calendar->code()),
                "Give it windows, or take it out.");
        }
    }

    void check_row(const tariff::ScheduleVersion& version, const tariff::Charge& charge,
                   const tariff::TouCalendar& calendar, const std::set<int>& occurring,
                   const std::vector<std::optional<Decimal>>& prices, const std::string& season) {
        for (std::size_t p = 0; p < prices.size(); ++p) {
            const bool occurs = occurring.contains(static_cast<int>(p));
            if (occurs == prices[p].has_value()) continue;
            if (!occurs && !charge.price.by_season) continue;
            add(version.clause,
                occurs ? "tariff.hours_without_price" : "tariff.price_without_hours",
                fmt::format("{}: period {} {} in {}", charge.code, calendar.periods()[p],
                            occurs ? "has hours but no price" : "has a price but no hour", season),
                "Correct the prices or the windows of the calendar.");
        }
    }

    void check_holidays() {
        if (catalogue_.rate_holidays.empty()) return;
        const Date needed = Date::ymd(today_.year() + 1, 1, 1);
        if (!(catalogue_.rate_holidays.last() < needed)) return;
        add("calendars.yaml", "tariff.holidays_end",
            fmt::format("the rate holidays end on {}, before {}",
                        catalogue_.rate_holidays.last().to_string(), needed.to_string()),
            "Add the holidays of next year before it begins.");
    }

    const Catalogue& catalogue_;
    Date today_;
    Problems problems_;
};

/// A request from the numbers of an example: "kwh", "kwh_received", "kw", "prior_kw", "kvarh",
/// "tax_this_year", "lamp TYPE", or the name of a time-of-use period.
rating::RatingRequest request_of(const Catalogue& catalogue, const RateSchedule& schedule,
                                 const tariff::WorkedExample& example) {
    rating::RatingRequest request;
    request.schedule = schedule.code;
    request.option = example.facts.option;
    request.phase = example.facts.phase;
    request.voltage = example.facts.voltage;
    request.other_facts = example.facts.others;
    request.rider = example.rider;
    request.period = example.period;
    rating::TouSegmentUse piece{example.period, {}};
    const auto kwh = [](const Decimal& value) {
        return Energy::watt_hours(value.rescaled(3, Rounding::half_away_from_zero).units());
    };
    const auto kw = [](const Decimal& value) {
        return Demand::milliwatts(value.rescaled(6, Rounding::half_away_from_zero).units());
    };
    const auto* calendar = tariff::tou_calendar_of(catalogue, schedule, example.period.from);
    for (const auto& [name, value] : example.use) {
        if (name == "kwh") {
            request.delivered = kwh(value);
        } else if (name == "kwh_received") {
            request.received = kwh(value);
        } else if (name == "kw") {
            request.measured_max = kw(value);
        } else if (name == "prior_kw") {
            request.prior_max.push_back(kw(value));
        } else if (name == "kvarh") {
            request.reactive = kwh(value);
        } else if (name == "tax_this_year") {
            request.uut_year_to_date = Money::rounded(value, Rounding::half_away_from_zero);
        } else if (name.starts_with("lamp ")) {
            request.lamps.push_back({name.substr(5), value.units(), example.period});
        } else if (calendar != nullptr && calendar->index_of(name) >= 0) {
            piece.by_period.emplace_back(name, kwh(value));
            request.delivered += kwh(value);
        }
    }
    if (!piece.by_period.empty()) request.tou.push_back(std::move(piece));
    return request;
}

std::string difference_of(const tariff::WorkedExample& example,
                          const rating::RatedStatement& rated) {
    const std::size_t most = std::max(example.lines.size(), rated.lines.size());
    for (std::size_t i = 0; i < most; ++i) {
        const std::string wanted = i < example.lines.size()
                                       ? example.lines[i].first + " " + example.lines[i].second
                                       : "no line";
        const std::string found =
            i < rated.lines.size() ? rated.lines[i].code + " " + rated.lines[i].amount.to_string()
                                   : "no line";
        if (wanted != found) return fmt::format("{} is written, {} is computed", wanted, found);
    }
    if (example.total == rated.current_charges.to_string()) return {};
    return fmt::format("the total {} is written, {} is computed", example.total,
                       rated.current_charges.to_string());
}

}  // namespace

std::vector<ExampleResult> run_examples(const Catalogue& catalogue) {
    std::vector<ExampleResult> results;
    for (const RateSchedule& schedule : catalogue.schedules) {
        for (const tariff::WorkedExample& example : schedule.examples) {
            ExampleResult result{schedule.code, example.name, example.place, false, {}};
            const auto rated = rating::rate(catalogue, request_of(catalogue, schedule, example));
            result.difference = rated ? difference_of(example, *rated) : rated.error().message();
            result.ok = result.difference.empty();
            results.push_back(std::move(result));
        }
    }
    return results;
}

Problems check_tariff(const Catalogue& catalogue, Date today) {
    return TariffCheck(catalogue, today).run();
}

}  // namespace watthour::app
