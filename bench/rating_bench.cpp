// SPDX-License-Identifier: Apache-2.0
// Rating by a compiled plan: a register customer against the same tariff hard-coded in C++; a
// 15-minute month of a time-of-use customer with 19 itemised lines against the bare vectorised sum
// over the same packed blocks, and against the way engines usually do it. Every output is compared
// before a time is printed; exits 1 when one is wrong.
#include "bare_sums.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "metering/interval_kernels.hpp"
#include "rating/rating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace watthour;
using metering::BlockView;
using metering::IntervalStatus;
using metering::PeriodTotals;
using rating::Plan;

constexpr int rounds = 15;

[[noreturn]] void fail(const std::string& why) {
    fmt::print("{}\n", why);
    std::exit(1);
}

double seconds(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class Work>
double best_of(Work work) {
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) best = std::min(best, seconds(work));
    return best;
}

// A register customer of R-1.

constexpr int customers = 20'000;

rating::RatingRequest request_of(int customer) {
    rating::RatingRequest request;
    request.schedule = "R-1";
    request.option = "B";
    request.period = {Date::ymd(2026, 1, 9), Date::ymd(2026, 2, 9)};
    request.delivered = Energy::kilowatt_hours(200 + customer % 900);
    return request;
}

/// R-1 of January 2026 in whole cents: three tiers, ECA, PBC, ERS, UUT, minimum.
std::int64_t hard_coded(std::int64_t kwh) {
    const auto cents = [](std::int64_t quantity, std::int64_t price) {
        return (quantity * price + 500) / 1000;  // price in 1/100,000 dollar
    };
    const std::int64_t first = (104 * 31 + 5) / 10;   // 10.4 x 31 = 322.4
    const std::int64_t second = (156 * 31 + 5) / 10;  // 15.6 x 31 = 483.6
    const std::int64_t t1 = std::min(kwh, first);
    const std::int64_t t2 = std::clamp<std::int64_t>(kwh - first, 0, second - first);
    const std::int64_t t3 = std::max<std::int64_t>(kwh - second, 0);
    std::int64_t base = 1975 + cents(t1, 15120) + cents(t2, 21060) + cents(t3, 29350);
    base += std::max<std::int64_t>(2350 - base, 0);
    base += cents(kwh, 195);
    const std::int64_t pbc = (base * 285 + 5000) / 10000;
    const std::int64_t uut = ((base + pbc) * 75 + 500) / 1000;
    return base + pbc + cents(kwh, 28) + uut;
}

void register_customer() {
    const auto& catalogue = tariff::valdoro();
    const Plan plan = *rating::make_plan(catalogue, rating::plan_key_of(request_of(0)));
    std::vector<std::int64_t> slots = plan.initial;
    if (!rating::fill_inputs(plan, request_of(0), slots)) fail("a request does not fill its plan");
    const rating::Slot use = plan.delivered;
    const auto by_plan = [&](int customer) {
        slots[use] = (200 + customer % 900) * std::int64_t{1000};
        rating::run_plan(plan, slots);
        return slots[plan.total];
    };
    for (int i = 0; i < customers; ++i) {
        const std::int64_t cents = hard_coded(200 + i % 900);
        const auto rated = rating::rate(catalogue, request_of(i));
        if (!rated || rated->current_charges.minor_units() != cents ||
            by_plan(i) != cents * rating::amount_units_per_cent) {
            fail(fmt::format("customer {} is rated in two ways", i));
        }
    }
    volatile std::int64_t kept = 0;
    const auto all = [&](const auto& one) {
        return best_of([&] {
                   std::int64_t sum = 0;
                   for (int i = 0; i < customers; ++i) sum += one(i);
                   kept = sum;
               }) /
               customers * 1e9;
    };
    const double bare = all([](int i) { return hard_coded(200 + i % 900); });
    const double planned = all(by_plan);
    const double traced = all(
        [&](int i) { return rating::rate_by(plan, request_of(i))->current_charges.minor_units(); });
    const double fresh = all([&](int i) {
        return rating::rate(catalogue, request_of(i))->current_charges.minor_units();
    });
    fmt::print("Register customer, R-1, {} steps for {} lines (ns a bill)\n", plan.ops.size(),
               plan.lines.size());
    fmt::print(
        "  hard-coded {:.1f}   plan {:.0f} = {:.0f}x   with lines, trace and journal {:.0f}   "
        "and the plan made anew {:.0f}\n",
        bare, planned, planned / bare, traced, fresh);
}

// A 15-minute month of E-ELEC.

constexpr std::size_t meters = 100;

/// Hours of a real home (data/interval) as quarters that keep the hour's Wh and lean towards the
/// next hour, as in interval_bench; each meter begins elsewhere in the year.
std::vector<std::int64_t> home_of(std::size_t meter, std::size_t count) {
    static const std::vector<std::int64_t> hours = [] {
        const auto bytes = read_file(WATTHOUR_DATA "/fontana-building_1.csv");
        if (!bytes) fail("the series is not there");
        std::vector<std::int64_t> wh;
        for (const auto line : split_text(*bytes, '\n')) {
            const double kwh = std::strtod(std::string(line).c_str(), nullptr);
            if (!line.empty() && line.front() != 'n') wh.push_back(std::llround(kwh * 1000));
        }
        return wh;
    }();
    std::vector<std::int64_t> wh(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t hour = (meter * 97 + i / 4) % hours.size();
        const std::int64_t here = hours[hour];
        const std::int64_t next = hours[(hour + 1) % hours.size()];
        const std::int64_t whole = std::max<std::int64_t>(here * 10 + next * 6, 1);
        const auto part = [&](std::int64_t k) {
            return here * (here * (4 - k) + next * k) / whole;
        };
        const auto k = static_cast<std::int64_t>(i % 4);
        wh[i] = k < 3 ? part(k) : here - part(0) - part(1) - part(2);
    }
    return wh;
}

/// Where a number of the sums goes.
struct Feed {
    rating::Slot slot = rating::no_slot;
    int period = -1;  ///< -1: all periods together
};

std::vector<Feed> feeds_of(const Plan& plan) {
    std::vector<Feed> feeds;
    for (const rating::Input& input : plan.inputs) {
        if (input.kind != rating::FactKind::determinant) fail("the plan wants more than sums");
        const tariff::Determinant& wanted = plan.determinants[input.index];
        const int period = wanted.calendar == nullptr ? -1 : std::countr_zero(wanted.periods);
        feeds.push_back({input.slot, period});
    }
    return feeds;
}

void rate_month(const Plan& plan, const std::vector<Feed>& feeds,
                const std::array<PeriodTotals, 3>& totals, std::vector<std::int64_t>& slots) {
    const std::int64_t whole = totals[0].wh + totals[1].wh + totals[2].wh;
    for (const Feed& feed : feeds) {
        slots[feed.slot] =
            feed.period < 0 ? whole : totals[static_cast<std::size_t>(feed.period)].wh;
    }
    rating::run_plan(plan, slots);
}

/// How engines usually do it: the period looked up for each interval, binary fractions.
struct UsualWay {
    std::vector<int> period_of_hour;  ///< by hour of the week and hour of the day
    std::vector<std::array<double, 3>> prices;
    double fixed = 0;

    double rate(const std::vector<double>& kwh) const {
        std::array<double, 3> sums{};
        std::array<double, 3> peaks{};
        for (std::size_t i = 0; i < kwh.size(); ++i) {
            const std::size_t hour = i / 4 % 24;
            const auto period = static_cast<std::size_t>(period_of_hour[hour]);
            sums[period] += kwh[i];
            peaks[period] = std::max(peaks[period], kwh[i]);
        }
        double total = fixed;
        for (const auto& price : prices) {
            for (std::size_t p = 0; p < 3; ++p) total += sums[p] * price[p];
        }
        return total + 0 * (peaks[0] + peaks[1] + peaks[2]);
    }
};

UsualWay usual_way(const Plan& plan, const tariff::TouCalendar& calendar) {
    UsualWay way;
    for (int hour = 0; hour < 24; ++hour) {
        way.period_of_hour.push_back(calendar.period_of(plan.period.from, hour * 3600));
    }
    for (const rating::LineTemplate& line : plan.lines) {
        const double price = std::strtod(line.rate->to_string().c_str(), nullptr);
        if (line.unit == "day") {
            way.fixed += price * plan.period.days();
            continue;
        }
        std::array<double, 3> by_period{price, price, price};
        for (std::size_t p = 0; p < 3; ++p) {
            std::string suffix = "-" + calendar.periods()[p];
            std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) {
                return c == '_' ? '-' : static_cast<char>(std::toupper(c));
            });
            const bool named = line.code == "DIST" + suffix || line.code == "GEN" + suffix;
            if (!named) continue;
            by_period = {};
            by_period[p] = price;
        }
        way.prices.push_back(by_period);
    }
    return way;
}

struct Home {
    std::string block;
    std::vector<double> kwh;
    std::int64_t expected = 0;
};

void interval_customer() {
    const auto text = read_file(WATTHOUR_TARIFFS "/pge/e-elec.yaml");
    if (!text) fail("the tariff is not there");
    const auto catalogue = tariff::load_tariff_file("e-elec.yaml", *text);
    if (!catalogue) fail(catalogue.error().message());
    rating::PlanKey key;
    key.schedule = "E-ELEC";
    key.facts.others = {{"supply", "bundled"}, {"income_tier", "3"}};
    key.period = {Date::ymd(2026, 7, 1), Date::ymd(2026, 8, 1)};
    const Plan plan = *rating::make_plan(*catalogue, key);
    const auto& calendar = *catalogue->find_tou_calendar("E-ELEC");
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    std::vector<metering::Run> runs;
    for (const auto& run : tariff::tou_runs(calendar, zone, key.period, 15)) {
        runs.push_back({run.first, run.last, run.period});
    }
    const auto count = static_cast<std::size_t>(runs.back().last);
    const std::vector<Feed> feeds = feeds_of(plan);
    const UsualWay usual = usual_way(plan, calendar);
    std::vector<Home> homes(meters);
    std::vector<BlockView> views;
    std::vector<std::int64_t> slots = plan.initial;
    std::size_t bytes = 0;
    for (std::size_t m = 0; m < meters; ++m) {
        const std::vector<std::int64_t> wh = home_of(m, count);
        homes[m].block =
            metering::encode_block(wh, std::vector<IntervalStatus>(count, IntervalStatus::actual));
        bytes += homes[m].block.size();
        for (const std::int64_t one : wh) homes[m].kwh.push_back(static_cast<double>(one) / 1000);
        std::array<PeriodTotals, 3> plain{};
        for (const metering::Run& run : runs) {
            for (auto i = run.first; i < run.last; ++i) {
                plain[static_cast<std::size_t>(run.period)].wh += wh[static_cast<std::size_t>(i)];
            }
        }
        rate_month(plan, feeds, plain, slots);
        homes[m].expected = slots[plan.total];
        // Nineteen roundings to the cent lie between the exact bill and the unrounded one.
        const double unrounded = usual.rate(homes[m].kwh);
        if (std::fabs(unrounded - static_cast<double>(slots[plan.total]) / 1e8) > 0.10) {
            fail(fmt::format("meter {}: {} and {}", m, unrounded, slots[plan.total]));
        }
    }
    for (const Home& home : homes) views.push_back(*BlockView::open(home.block));
    volatile std::int64_t kept = 0;
    const auto per_month = [&](const auto& one) {
        return best_of([&] {
                   std::int64_t sum = 0;
                   for (int again = 0; again < 20; ++again) {
                       for (std::size_t m = 0; m < meters; ++m) sum += one(m);
                   }
                   kept = sum;
               }) /
               static_cast<double>(meters * 20) * 1e9;
    };
    const metering::RunTable table(runs, static_cast<std::int32_t>(count), 3);
    const auto sums = [&](std::size_t m) {
        std::array<PeriodTotals, 3> totals{};
        metering::sum_runs(views[m], table, totals);
        return totals;
    };
    const auto rated = [&](const std::array<PeriodTotals, 3>& totals, std::size_t m) {
        rate_month(plan, feeds, totals, slots);
        if (slots[plan.total] != homes[m].expected) fail("a bill differs from the plain one");
        return slots[plan.total];
    };
    const double bare = per_month([&](std::size_t m) {
        const PeriodTotals all = bench::bare_sums(views[m]);
        return all.wh + all.peak_wh;
    });
    const double summed = per_month([&](std::size_t m) {
        const auto totals = sums(m);
        return totals[0].wh + totals[1].peak_wh + totals[2].wh;
    });
    if (std::getenv("WATTHOUR_BENCH_PARTS") != nullptr) {
        std::size_t exceptions = 0;
        std::size_t width = 0;
        for (const BlockView& view : views) {
            for (const auto& mini : view.minis()) {
                exceptions += mini.exceptions;
                width += mini.width;
            }
        }
        std::array<std::int32_t, 256> room;
        const double unpacked = per_month([&](std::size_t m) {
            for (const auto& mini : views[m].minis()) metering::unpack_mini(mini, room.data());
            return room[7];
        });
        fmt::print("  parts: unpack {:.0f} ns, {:.1f} exceptions a month, {:.1f} bits\n", unpacked,
                   static_cast<double>(exceptions) / meters,
                   static_cast<double>(width) / meters / 12);
    }
    const double full = per_month([&](std::size_t m) { return rated(sums(m), m); });
    BlockView again = views.front();
    const double decoded = per_month([&](std::size_t m) {
        std::array<PeriodTotals, 3> totals{};
        if (!again.reopen(homes[m].block)) fail("a block is damaged");
        metering::sum_runs(again, table, totals);
        return rated(totals, m);
    });
    const double usually = per_month(
        [&](std::size_t m) { return static_cast<std::int64_t>(usual.rate(homes[m].kwh) * 100); });
    fmt::print(
        "15-minute month of E-ELEC, {} steps for {} lines, {:.2f} bytes an interval (ns a "
        "month)\n",
        plan.ops.size(), plan.lines.size(),
        static_cast<double>(bytes) / static_cast<double>(count * meters));
    fmt::print(
        "  bare sum {:.0f}   sums and peaks {:.0f} = {:.2f}x   rated {:.0f} = {:.2f}x   with "
        "decode {:.0f} = {:.2f}x\n",
        bare, summed, summed / bare, full, full / bare, decoded, decoded / bare);
    fmt::print("  the usual way {:.0f} = {:.1f} times ours with decode\n", usually,
               usually / decoded);
}

// A study: a million homes, twelve months each, blocks in memory.

struct MonthPlan {
    Plan plan;
    std::vector<Feed> feeds;
    metering::RunTable table;
    std::vector<std::string> blocks;
};

constexpr std::size_t study_homes = 1'000;
constexpr std::size_t study_accounts = 1'000'000;

std::vector<MonthPlan> months_of(const tariff::Catalogue& catalogue) {
    const auto& calendar = *catalogue.find_tou_calendar("E-ELEC");
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    std::vector<MonthPlan> months;
    for (Date first = Date::ymd(2026, 4, 1); first < Date::ymd(2027, 4, 1);
         first = first.first_of_next_month()) {
        rating::PlanKey key;
        key.schedule = "E-ELEC";
        key.facts.others = {{"supply", "bundled"}, {"income_tier", "3"}};
        key.period = {first, first.first_of_next_month()};
        std::vector<metering::Run> runs;
        for (const auto& run : tariff::tou_runs(calendar, zone, key.period, 15)) {
            runs.push_back({run.first, run.last, run.period});
        }
        Plan plan = *rating::make_plan(catalogue, key);
        const std::vector<Feed> feeds = feeds_of(plan);
        const std::int32_t count = runs.back().last;
        months.push_back({std::move(plan), feeds, metering::RunTable(runs, count, 3), {}});
        for (std::size_t home = 0; home < study_homes; ++home) {
            const auto wh = home_of(home, static_cast<std::size_t>(count));
            months.back().blocks.push_back(metering::encode_block(
                wh, std::vector<IntervalStatus>(wh.size(), IntervalStatus::actual)));
        }
    }
    return months;
}

void study() {
    const auto text = read_file(WATTHOUR_TARIFFS "/pge/e-elec.yaml");
    if (!text) fail("the tariff is not there");
    const auto catalogue = tariff::load_tariff_file("e-elec.yaml", *text);
    const std::vector<MonthPlan> months = months_of(*catalogue);
    std::array<std::int64_t, 2> sums{};
    const auto work = [&](std::size_t thread) {
        std::vector<std::vector<std::int64_t>> slots;
        for (const MonthPlan& month : months) slots.push_back(month.plan.initial);
        BlockView view = *BlockView::open(months.front().blocks.front());
        std::int64_t sum = 0;
        for (std::size_t account = thread; account < study_accounts; account += 2) {
            for (std::size_t m = 0; m < months.size(); ++m) {
                if (!view.reopen(months[m].blocks[account % study_homes])) {
                    fail("a block is damaged");
                }
                std::array<PeriodTotals, 3> totals{};
                metering::sum_runs(view, months[m].table, totals);
                rate_month(months[m].plan, months[m].feeds, totals, slots[m]);
                sum += slots[m][months[m].plan.total] / rating::amount_units_per_cent;
            }
        }
        sums[thread] = sum;
    };
    const double took = seconds([&] {
        std::thread other(work, 1);
        work(0);
        other.join();
    });
    fmt::print(
        "Study of 1,000,000 interval accounts x 12 months on 2 threads: {:.1f} s, {:.0f} ns a "
        "month "
        "and core ({} homes' blocks in turn; {} cents in all)\n",
        took, took * 2 / (static_cast<double>(study_accounts) * 12) * 1e9, study_homes,
        sums[0] + sums[1]);
}

}  // namespace

int main() {
    register_customer();
    interval_customer();
    study();
    return 0;
}
