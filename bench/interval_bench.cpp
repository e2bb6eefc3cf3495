// SPDX-License-Identifier: Apache-2.0
// Time-of-use sums and peaks from packed blocks against the bare vectorised sum and peak over the
// same packed blocks, and bytes per read of every real series. Prints ratios of one run; exits 1
// when an output is wrong.
#include "bare_sums.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "metering/interval_kernels.hpp"
#include "tariff/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace watthour;
using metering::BlockView;
using metering::IntervalStatus;
using metering::PeriodTotals;
using StepRun = metering::Run;

/// Channel 8, month as text 10 and record head 6: what a row costs beside its block.
constexpr std::size_t row_overhead = 24;
constexpr int rounds = 40;

/// A calendar month of a series.
struct Month {
    std::string name;
    std::vector<std::int64_t> wh;
    std::vector<IntervalStatus> status;
};

struct Series {
    std::string file;
    int minutes = 60;
    std::vector<Month> months;
};

struct Source {
    const char* file;
    int minutes;
    std::size_t column;
    bool header;
    Date first;       ///< local day of the first row
    bool stamped;     ///< the first column is a time; its month is the row's
    bool average_kw;  ///< else kWh
};

[[noreturn]] void fail(const std::string& why) {
    fmt::print("{}\n", why);
    std::exit(1);
}

/// A file by calendar months; a row without a value is a missing interval.
Series load(const Source& source) {
    Series series{source.file, source.minutes, {}};
    const auto bytes = read_file(std::string(WATTHOUR_DATA "/") + source.file);
    if (!bytes) fail(fmt::format("{}: not there", source.file));
    const int a_day = 24 * 60 / source.minutes;
    int row = source.header ? -1 : 0;
    for (const auto line : split_text(*bytes, '\n')) {
        if (trimmed(line).empty() || row < 0) {
            if (row < 0) ++row;
            continue;
        }
        const auto fields = split_text(trimmed(line), ',');
        const std::string month = source.stamped
                                      ? std::string(fields[0].substr(0, 7))
                                      : (source.first + row / a_day).to_string().substr(0, 7);
        if (series.months.empty() || series.months.back().name != month) {
            series.months.push_back({month, {}, {}});
        }
        const std::string text(fields.size() > source.column ? fields[source.column] : "");
        const double kwh = text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
        series.months.back().wh.push_back(
            std::llround(kwh * (source.average_kw ? 1000.0 * source.minutes / 60 : 1000.0)));
        series.months.back().status.push_back(text.empty() ? IntervalStatus::missing
                                                           : IntervalStatus::actual);
        ++row;
    }
    return series;
}

void print_size(const Series& series) {
    std::size_t reads = 0;
    std::size_t block_bytes = 0;
    for (const Month& month : series.months) {
        const std::string block = metering::encode_block(month.wh, month.status);
        const metering::IntervalSeries back = BlockView::open(block)->decode();
        if (back.wh != month.wh || back.status != month.status) {
            fail(fmt::format("{} {}: the block does not come back", series.file, month.name));
        }
        reads += month.wh.size();
        block_bytes += block.size();
    }
    const auto a_read = [&](std::size_t bytes) {
        return static_cast<double>(bytes) / static_cast<double>(reads);
    };
    fmt::print("  {:<36} {:>6} reads {:>3} months {:>6.2f} block {:>6.2f} all in\n", series.file,
               reads, series.months.size(), a_read(block_bytes),
               a_read(block_bytes + series.months.size() * row_overhead));
}

/// Hours in order, whatever month they are of.
std::vector<std::int64_t> values_of(const Series& series) {
    std::vector<std::int64_t> all;
    for (const Month& month : series.months) {
        all.insert(all.end(), month.wh.begin(), month.wh.end());
    }
    return all;
}

/// Quarters that lean towards the next hour and keep the hour's Wh: quarter k is in proportion to
/// a line from this hour to the next, the last quarter takes the rest.
std::vector<std::int64_t> quarters_of(const std::vector<std::int64_t>& hours) {
    std::vector<std::int64_t> wh;
    for (std::size_t i = 0; i < hours.size(); ++i) {
        const std::int64_t here = hours[i];
        const std::int64_t next = hours[(i + 1) % hours.size()];
        const std::int64_t whole = std::max<std::int64_t>(here * 10 + next * 6, 1);
        std::int64_t rest = here;
        for (std::int64_t k = 0; k < 3; ++k) {
            wh.push_back(here * (here * (4 - k) + next * k) / whole);
            rest -= wh.back();
        }
        wh.push_back(rest);
    }
    return wh;
}

double seconds(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Every meter's sums against a plain loop over its values, and the bare sum against one over the
/// packed values, exceptions left out as the baseline leaves them out.
void check_sums(const BlockView& view, const std::vector<StepRun>& runs, std::size_t meter) {
    const std::vector<std::int64_t> wh = view.decode().wh;
    std::array<PeriodTotals, 3> totals{};
    std::array<PeriodTotals, 3> expected{};
    metering::sum_runs(view, runs, totals);
    for (const StepRun& run : runs) {
        auto& total = expected[static_cast<std::size_t>(run.period)];
        for (auto i = run.first; i < run.last; ++i) {
            total.wh += wh[static_cast<std::size_t>(i)];
            total.peak_wh = std::max(total.peak_wh, wh[static_cast<std::size_t>(i)]);
        }
    }
    for (std::size_t p = 0; p < totals.size(); ++p) {
        if (totals[p].wh != expected[p].wh || totals[p].peak_wh != expected[p].peak_wh) {
            fail(fmt::format("sums of meter {} are wrong", meter));
        }
    }
    PeriodTotals packed;
    for (BlockView::Mini mini : view.minis()) {
        mini.exceptions = 0;
        std::array<std::int32_t, BlockView::mini_size> values;
        metering::unpack_mini_portable(mini, values.data());
        for (int i = 0; i < mini.count; ++i) {
            const std::int64_t value = values[static_cast<std::size_t>(i)];
            packed.wh += value;
            packed.peak_wh = std::max(packed.peak_wh, value);
        }
    }
    const PeriodTotals bare = bench::bare_sums(view);
    if (bare.wh != packed.wh || bare.peak_wh != packed.peak_wh) {
        fail(fmt::format("the bare sum of meter {} is wrong", meter));
    }
}

/// Months of one length made from `values`, each meter beginning elsewhere.
void compare(const char* what, const std::vector<std::int64_t>& values, int minutes,
             std::size_t months) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    const auto& calendar = *tariff::valdoro().find_tou_calendar("COM-TOU");
    const Date july = Date::ymd(2026, 7, 1);
    std::vector<StepRun> runs;
    for (const auto& run :
         tariff::tou_runs(calendar, zone, {july, july.first_of_next_month()}, minutes)) {
        runs.push_back({run.first, run.last, run.period});
    }
    const auto count = static_cast<std::size_t>(runs.back().last);
    std::vector<std::string> blocks;
    std::vector<BlockView> views;
    for (std::size_t meter = 0; meter < months; ++meter) {
        std::vector<std::int64_t> wh(count);
        for (std::size_t i = 0; i < count; ++i) wh[i] = values[(meter * 31 + i) % values.size()];
        blocks.push_back(
            metering::encode_block(wh, std::vector<IntervalStatus>(count, IntervalStatus::actual)));
    }
    for (const std::string& block : blocks) views.push_back(*BlockView::open(block));
    for (std::size_t meter = 0; meter < months; ++meter) check_sums(views[meter], runs, meter);
    std::array<double, 3> best{1e9, 1e9, 1e9};
    std::array<PeriodTotals, 3> totals{};
    volatile std::int64_t kept = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto keep = [&](std::size_t which, const auto& work) {
            best[which] = std::min(best[which], seconds(work));
        };
        keep(0, [&] {
            std::int64_t wh = 0;
            for (const BlockView& view : views) {
                const PeriodTotals sums = bench::bare_sums(view);
                wh += sums.wh + sums.peak_wh;
            }
            kept = wh;
        });
        keep(1, [&] {
            for (const BlockView& view : views) metering::sum_runs(view, runs, totals);
        });
        keep(2, [&] {
            for (const std::string& block : blocks) {
                metering::sum_runs(*BlockView::open(block), runs, totals);
            }
        });
        kept = totals[0].wh;
    }
    const double all = static_cast<double>(count * months);
    fmt::print(
        "  {:<30} {:>5} x {} in {:>2} runs {:>6.2f} {:>6.2f} {:>6.2f} G/s {:>6.2f} {:>6.2f}\n",
        what, months, count, runs.size(), all / best[0] / 1e9, all / best[1] / 1e9,
        all / best[2] / 1e9, best[1] / best[0], best[2] / best[0]);
}

}  // namespace

int main() {
    if (__builtin_cpu_supports("avx2") == 0) fail("the baseline needs AVX2");
    const Date august = Date::ymd(2016, 8, 1);
    const Date january = Date::ymd(2025, 1, 1);
    std::vector<Series> all;
    for (const Source& source : {
             Source{"fontana-building_1.csv", 60, 0, true, august, false, false},
             Source{"fontana-building_2.csv", 60, 0, true, august, false, false},
             Source{"fontana-building_4.csv", 60, 0, true, august, false, false},
             Source{"il-electricity-hourly.csv", 60, 1, true, january, true, false},
             Source{"uk-electricity-hourly.csv", 60, 1, true, january, true, false},
             Source{"nrel-residential-load-kw-15min.csv", 15, 0, false, january, false, true},
             Source{"nrel-commercial-load-kw-hourly.csv", 60, 0, false, january, false, true},
         }) {
        all.push_back(load(source));
    }
    fmt::print(
        "Time-of-use sums and peaks of 3 periods, one core: bare, open blocks, opening them "
        "too; times the bare time\n");
    const std::vector<std::int64_t> home = quarters_of(values_of(all[0]));
    compare("home, quarters, in cache", home, 15, 50);
    compare("home, quarters, beyond cache", home, 15, 8000);
    compare("home, hours, in cache", values_of(all[0]), 60, 50);
    compare("commercial, hours, in cache", values_of(all[6]), 60, 50);
    fmt::print("Bytes a read, by calendar month; all in adds {} bytes a row\n", row_overhead);
    for (const Series& series : all) print_size(series);
    return 0;
}
