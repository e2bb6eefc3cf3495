// SPDX-License-Identifier: Apache-2.0
// Time-of-use sums and peaks from packed blocks against the bare vectorised sum and peak over the
// same packed blocks, and bytes per read of every real series. Prints ratios of one run; exits 1
// when an output is wrong.
#include "base/files.hpp"
#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "metering/interval_kernels.hpp"
#include "tariff/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <immintrin.h>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace watthour;
using metering::BlockView;
using metering::IntervalStatus;
using metering::PeriodTotals;
using StepRun = metering::Run;

/// Channel 8, month 10 and record head: what a row costs beside its block.
constexpr double row_overhead = 24;
constexpr int months_of_meters = 4000;
constexpr int rounds = 15;

struct Series {
    std::string name;
    int minutes = 60;
    std::vector<std::int64_t> wh;
};

/// One column of a CSV as Wh: kWh x 1000, or average kW x 1000 x hours of the interval.
Series load(const char* file, std::size_t column, int minutes, bool header, bool average_kw) {
    Series series{file, minutes, {}};
    const auto bytes = read_file(std::string(WATTHOUR_DATA "/") + file);
    if (!bytes) std::exit(1);
    bool first = header;
    for (const auto line : split_text(*bytes, '\n')) {
        if (first || trimmed(line).empty()) {
            first = false;
            continue;
        }
        const auto fields = split_text(trimmed(line), ',');
        const std::string text(fields.size() > column ? fields[column] : "");
        double value = text.empty() ? 0 : std::strtod(text.c_str(), nullptr) * 1000;
        if (average_kw) value = value * minutes / 60;
        series.wh.push_back(static_cast<std::int64_t>(value + 0.5));
    }
    return series;
}

void print_size(const Series& series) {
    const auto month = static_cast<std::size_t>(30 * 24 * 60 / series.minutes);
    double bytes = 0;
    for (std::size_t at = 0; at < series.wh.size(); at += month) {
        const std::size_t count = std::min(month, series.wh.size() - at);
        const std::vector<IntervalStatus> status(count, IntervalStatus::actual);
        const std::span<const std::int64_t> part(series.wh.data() + at, count);
        const std::string block = metering::encode_block(part, status);
        if (metering::BlockView::open(block)->decode().wh !=
            std::vector<std::int64_t>(part.begin(), part.end())) {
            fmt::print("{}: a block does not come back as it went in\n", series.name);
            std::exit(1);
        }
        bytes += static_cast<double>(block.size()) + row_overhead;
    }
    fmt::print("  {:<38} {:>6} reads  {:.2f} bytes a read, all in\n", series.name, series.wh.size(),
               bytes / static_cast<double>(series.wh.size()));
}

/// The baseline: unpack in registers, add and compare; no runs, no statuses, no periods.
__attribute__((target("avx2"))) PeriodTotals bare(const BlockView& block) {
    __m256i low = _mm256_setzero_si256();
    __m256i peak = _mm256_setzero_si256();
    std::int64_t wh = 0;
    for (const BlockView::Mini& mini : block.minis()) {
        const __m256i base = _mm256_set1_epi32(static_cast<int>(mini.base));
        const __m256i mask =
            _mm256_set1_epi32(static_cast<int>((std::uint32_t{1} << mini.width) - 1));
        const auto* from = reinterpret_cast<const __m256i*>(mini.packed);
        const int rows = mini.count / BlockView::lanes;
        __m256i word = mini.width == 0 ? mask : _mm256_loadu_si256(from++);
        int bit = 0;
        __m256i sum = _mm256_setzero_si256();
        for (int row = 0; row < rows; ++row) {
            __m256i value = _mm256_srl_epi32(word, _mm_cvtsi32_si128(bit));
            bit += mini.width;
            if (bit > 32) {
                bit -= 32;
                word = _mm256_loadu_si256(from++);
                value = _mm256_or_si256(
                    value, _mm256_sll_epi32(word, _mm_cvtsi32_si128(mini.width - bit)));
            } else if (bit == 32 && row + 1 < rows) {
                bit = 0;
                word = _mm256_loadu_si256(from++);
            }
            value = _mm256_add_epi32(_mm256_and_si256(value, mask), base);
            sum = _mm256_add_epi32(sum, value);
            peak = _mm256_max_epi32(peak, value);
        }
        low = _mm256_add_epi64(low, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(sum)));
        low = _mm256_add_epi64(low, _mm256_cvtepi32_epi64(_mm256_extracti128_si256(sum, 1)));
    }
    alignas(32) std::int64_t sums[4];
    alignas(32) std::int32_t peaks[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(sums), low);
    _mm256_store_si256(reinterpret_cast<__m256i*>(peaks), peak);
    for (const std::int64_t part : sums) wh += part;
    return {wh, *std::max_element(peaks, peaks + 8)};
}

double seconds(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Quarters on a line between the neighbours of their hour, so that they differ as real ones do.
std::vector<std::int64_t> quarters(const std::vector<std::int64_t>& hours, std::size_t from,
                                   std::size_t count) {
    std::vector<std::int64_t> wh(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t here = hours[(from + i / 4) % hours.size()];
        const std::int64_t next = hours[(from + i / 4 + 1) % hours.size()];
        wh[i] = (here * (4 - static_cast<std::int64_t>(i % 4)) +
                 next * static_cast<std::int64_t>(i % 4)) /
                16;
    }
    return wh;
}

void compare(const Series& home) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    const auto& calendar = *tariff::valdoro().find_tou_calendar("COM-TOU");
    const Date july = Date::ymd(2026, 7, 1);
    std::vector<StepRun> runs;
    for (const auto& run :
         tariff::tou_runs(calendar, zone, {july, july.first_of_next_month()}, 15)) {
        runs.push_back({run.first, run.last, run.period});
    }
    std::vector<std::string> blocks;
    std::vector<BlockView> views;
    const auto count = static_cast<std::size_t>(runs.back().last);
    for (std::size_t meter = 0; meter < months_of_meters; ++meter) {
        blocks.push_back(
            metering::encode_block(quarters(home.wh, meter * 7, count),
                                   std::vector<IntervalStatus>(count, IntervalStatus::actual)));
    }
    for (const std::string& block : blocks) views.push_back(*BlockView::open(block));
    for (std::size_t meter = 0; meter < months_of_meters; meter += 97) {
        std::vector<PeriodTotals> totals(3);
        metering::sum_runs(views[meter], runs, totals);
        std::vector<PeriodTotals> expected(3);
        const auto wh = quarters(home.wh, meter * 7, count);
        for (const StepRun& run : runs) {
            auto& total = expected[static_cast<std::size_t>(run.period)];
            for (auto i = run.first; i < run.last; ++i) {
                total.wh += wh[static_cast<std::size_t>(i)];
                total.peak_wh = std::max(total.peak_wh, wh[static_cast<std::size_t>(i)]);
            }
        }
        for (std::size_t p = 0; p < 3; ++p) {
            if (totals[p].wh != expected[p].wh || totals[p].peak_wh != expected[p].peak_wh) {
                fmt::print("sums of meter {} are wrong\n", meter);
                std::exit(1);
            }
        }
    }
    double best_bare = 1e9;
    double best_runs = 1e9;
    double best_open = 1e9;
    std::int64_t kept = 0;
    for (int round = 0; round < rounds; ++round) {
        best_bare = std::min(best_bare, seconds([&] {
                                 for (const BlockView& view : views) kept += bare(view).wh;
                             }));
        best_runs = std::min(best_runs, seconds([&] {
                                 std::array<PeriodTotals, 3> totals{};
                                 for (const BlockView& view : views)
                                     metering::sum_runs(view, runs, totals);
                                 kept += totals[0].wh;
                             }));
        best_open = std::min(best_open, seconds([&] {
                                 std::array<PeriodTotals, 3> totals{};
                                 for (const std::string& block : blocks) {
                                     metering::sum_runs(*BlockView::open(block), runs, totals);
                                 }
                                 kept += totals[0].wh;
                             }));
    }
    const double reads = static_cast<double>(count) * months_of_meters;
    fmt::print("Time-of-use sums and peaks, {} runs, 3 periods, {} intervals a month, {} months\n",
               runs.size(), count, months_of_meters);
    fmt::print("  bare sum and peak over the packed blocks   {:.2f} G intervals/s\n",
               reads / best_bare / 1e9);
    fmt::print(
        "  time-of-use from open blocks               {:.2f} G intervals/s, {:.2f} times the "
        "bare time\n",
        reads / best_runs / 1e9, best_runs / best_bare);
    fmt::print(
        "  with opening and checksum                  {:.2f} G intervals/s, {:.2f} times the "
        "bare time\n",
        reads / best_open / 1e9, best_open / best_bare);
    fmt::print("  (kept {})\n", kept % 7);
}

}  // namespace

int main() {
    const Series home = load("fontana-building_1.csv", 0, 60, true, false);
    compare(home);
    fmt::print("Bytes a read, block and row, by calendar month of 30 days\n");
    print_size(home);
    print_size(load("fontana-building_2.csv", 0, 60, true, false));
    print_size(load("fontana-building_4.csv", 0, 60, true, false));
    print_size(load("il-electricity-hourly.csv", 1, 60, true, false));
    print_size(load("uk-electricity-hourly.csv", 1, 60, true, false));
    print_size(load("nrel-residential-load-kw-15min.csv", 0, 15, false, true));
    print_size(load("nrel-commercial-load-kw-hourly.csv", 0, 60, false, true));
    return 0;
}
