// SPDX-License-Identifier: Apache-2.0
#include "metering/interval_block.hpp"

#include "metering/interval_kernels.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace watthour::metering {
namespace {

using Values = std::vector<std::int64_t>;
using Statuses = std::vector<IntervalStatus>;
using StepRun = Run;  // a test class has a member of the short name

Statuses actual(std::size_t count) { return Statuses(count, IntervalStatus::actual); }

void expect_round_trip(const Values& values, const Statuses& status) {
    const std::string bytes = encode_block(values, status);
    const auto view = BlockView::open(bytes);
    ASSERT_TRUE(view) << view.error().message();
    const IntervalSeries series = view->decode();
    EXPECT_EQ(series.wh, values);
    EXPECT_EQ(series.status, status);
}

TEST(IntervalBlock, KeepsSeriesOfEveryWidthAndLength) {
    std::mt19937_64 random(20260615);
    for (const std::size_t count :
         {0U, 1U, 7U, 8U, 9U, 255U, 256U, 257U, 719U, 720U, 2972U, 2976U, 2980U, 8928U}) {
        for (unsigned bits = 0; bits <= 31; ++bits) {
            Values values(count);
            for (auto& value : values) {
                value = static_cast<std::int64_t>(random() & ((std::uint64_t{1} << bits) - 1));
            }
            expect_round_trip(values, actual(count));
        }
    }
}

TEST(IntervalBlock, KeepsSpikesNegativesAndTheEndsOfTheRange) {
    Values values(600, 410);
    values[17] = 12'300'000;
    values[300] = -40;
    values[301] = std::numeric_limits<std::int64_t>::max();
    values[599] = std::numeric_limits<std::int64_t>::min();
    expect_round_trip(values, actual(600));
    Values narrow(256, std::numeric_limits<std::int32_t>::min());
    narrow[3] = std::numeric_limits<std::int32_t>::max();
    expect_round_trip(narrow, actual(256));
}

TEST(IntervalBlock, KeepsStatusRuns) {
    Values values(720, 500);
    Statuses status = actual(720);
    for (std::size_t i = 100; i < 107; ++i) {
        values[i] = 0;
        status[i] = IntervalStatus::missing;
    }
    status[719] = IntervalStatus::late_actual;
    expect_round_trip(values, status);
    const std::string bytes = encode_block(values, status);
    const BlockView view = *BlockView::open(bytes);
    EXPECT_EQ(view.missing_count(), 7);
    EXPECT_EQ(view.status(99), IntervalStatus::actual);
    EXPECT_EQ(view.status(100), IntervalStatus::missing);
    EXPECT_EQ(view.status(719), IntervalStatus::late_actual);
    EXPECT_EQ(status_letter(IntervalStatus::missing), 'M');
    EXPECT_EQ(status_of_letter('L'), IntervalStatus::late_actual);
    EXPECT_FALSE(status_of_letter('x'));
}

TEST(IntervalBlock, EveryDamagedByteIsNoticed) {
    Values values(300);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<std::int64_t>(i * 37 % 900);
    const std::string bytes = encode_block(values, actual(300));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x20);
        EXPECT_FALSE(BlockView::open(changed)) << at;
        EXPECT_FALSE(BlockView::open(std::string_view(bytes).substr(0, at))) << at;
    }
}

TEST(IntervalBlock, ChecksumIsCastagnoli) {
    // RFC 3720, appendix B.4: 32 bytes of zeros, and of ones.
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
}

TEST(IntervalKernels, SumsAndPeaksEqualAPlainLoop) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        const auto count = static_cast<std::size_t>(1 + random() % 3000);
        Values values(count);
        const std::uint64_t mask = (std::uint64_t{1} << (random() % 30)) - 1;
        for (auto& value : values) value = static_cast<std::int64_t>(random() & mask);
        if (round % 3 == 0) values[random() % count] = std::int64_t{1} << (20 + round % 30);
        std::vector<StepRun> runs;
        for (std::int32_t at = 0; at < static_cast<std::int32_t>(count);) {
            const auto first = at + static_cast<std::int32_t>(random() % 5);
            const auto last = first + static_cast<std::int32_t>(random() % 90);
            at = last;
            if (last > static_cast<std::int32_t>(count)) break;
            runs.push_back({first, last, static_cast<std::int32_t>(random() % 3)});
        }
        std::array<PeriodTotals, 3> expected{};
        for (const StepRun& run : runs) {
            PeriodTotals& total = expected[static_cast<std::size_t>(run.period)];
            for (std::int32_t i = run.first; i < run.last; ++i) {
                total.wh += values[static_cast<std::size_t>(i)];
                total.peak_wh = std::max(total.peak_wh, values[static_cast<std::size_t>(i)]);
            }
        }
        const std::string bytes = encode_block(values, actual(count));
        const BlockView view = *BlockView::open(bytes);
        std::array<PeriodTotals, 3> fast{};
        std::array<PeriodTotals, 3> portable{};
        sum_runs(view, runs, fast);
        sum_runs_portable(view, runs, portable);
        for (std::size_t p = 0; p < 3; ++p) {
            EXPECT_EQ(fast[p].wh, expected[p].wh);
            EXPECT_EQ(fast[p].peak_wh, expected[p].peak_wh);
            EXPECT_EQ(portable[p].wh, expected[p].wh);
            EXPECT_EQ(portable[p].peak_wh, expected[p].peak_wh);
        }
    }
}

}  // namespace
}  // namespace watthour::metering
