// SPDX-License-Identifier: Apache-2.0
#include "metering/interval_block.hpp"

#include "base/check.hpp"
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
    EXPECT_EQ(view.count_of(IntervalStatus::missing), 7);
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

TEST(IntervalBlock, KeepsMonthsWithTheHourTooFewAndTheHourTooMany) {
    // Quarter-hours in a zone with summer time, 2026: March 31 x 96 - 4, November 30 x 96 + 4;
    // hours: 743 and 721.
    for (const std::size_t count : {2972U, 2884U, 743U, 721U}) {
        Values values(count);
        for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::int64_t>(i % 96 * 11);
        expect_round_trip(values, actual(count));
        const std::string bytes = encode_block(values, actual(count));
        EXPECT_EQ(BlockView::open(bytes)->count(), static_cast<int>(count));
    }
}

TEST(IntervalBlock, KeepsAMonthThatIsMissing) {
    const Statuses missing(2976, IntervalStatus::missing);
    expect_round_trip(Values(2976, 0), missing);
    const std::string bytes = encode_block(Values(2976, 0), missing);
    const BlockView view = *BlockView::open(bytes);
    EXPECT_EQ(view.count_of(IntervalStatus::missing), 2976);
    EXPECT_FALSE(view.all_actual());
    EXPECT_LT(bytes.size(), 64U);
}

TEST(IntervalBlock, DecodesIntoRoomOfTheCaller) {
    Values values(743);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(i) - 40;
    values[600] = 2'000'000'000;
    const std::string bytes = encode_block(values, actual(743));
    const BlockView view = *BlockView::open(bytes);
    EXPECT_FALSE(view.is_wide());
    std::vector<std::int32_t> narrow(743);
    Values wide(743);
    view.decode(std::span(narrow));
    view.decode(std::span(wide));
    EXPECT_EQ(Values(narrow.begin(), narrow.end()), values);
    EXPECT_EQ(wide, values);
    EXPECT_THROW(view.decode(std::span(narrow).first(742)), Defect);
    values[3] = std::int64_t{1} << 40;
    const std::string wide_bytes = encode_block(values, actual(743));
    const BlockView wide_view = *BlockView::open(wide_bytes);
    EXPECT_TRUE(wide_view.is_wide());
    EXPECT_THROW(wide_view.decode(std::span(narrow)), Defect);
}

/// The block with other bytes and the checksum that belongs to them.
std::string forged(std::string body) {
    const std::uint32_t checksum = crc32c(body);
    for (int i = 0; i < 4; ++i) body.push_back(static_cast<char>(checksum >> (8 * i) & 0xFFU));
    return body;
}

TEST(IntervalBlock, ARightChecksumOverWrongContentIsNotBelieved) {
    Values values(40, 7);
    values[5] = std::int64_t{1} << 35;
    std::string body = encode_block(values, actual(40));
    body.resize(body.size() - 4);
    ASSERT_TRUE(BlockView::open(forged(body)));
    std::string narrow = body;
    narrow[4] = static_cast<char>(narrow[4] & 0x7F);  // says that every value fits 32 bits
    EXPECT_FALSE(BlockView::open(forged(narrow)));
    EXPECT_FALSE(BlockView::open(forged(body + std::string(1, '\0'))));    // a run of no steps
    EXPECT_FALSE(BlockView::open(forged(body + std::string(1, '\x08'))));  // runs end at step 1
    std::string many = body;
    many[2] = '\x7F';  // claims 32,552 intervals
    EXPECT_FALSE(BlockView::open(forged(many)));
}

std::array<PeriodTotals, 3> plain_totals(const Values& values, const std::vector<StepRun>& runs) {
    std::array<PeriodTotals, 3> totals{};
    for (const StepRun& run : runs) {
        PeriodTotals& total = totals[static_cast<std::size_t>(run.period)];
        for (std::int32_t i = run.first; i < run.last; ++i) {
            total.wh += values[static_cast<std::size_t>(i)];
            total.peak_wh = std::max(total.peak_wh, values[static_cast<std::size_t>(i)]);
        }
    }
    return totals;
}

/// Both ways against the plain loop, and the first step of every peak.
void expect_sums(const Values& values, const std::vector<StepRun>& runs) {
    const std::array<PeriodTotals, 3> expected = plain_totals(values, runs);
    const std::string bytes = encode_block(values, actual(values.size()));
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
        std::int32_t step = -1;
        for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
            if (run->period != static_cast<std::int32_t>(p)) continue;
            for (std::int32_t i = run->last - 1; i >= run->first; --i) {
                if (values[static_cast<std::size_t>(i)] == expected[p].peak_wh) step = i;
            }
        }
        EXPECT_EQ(peak_step(view, runs, static_cast<std::int32_t>(p), expected[p].peak_wh), step);
    }
}

std::vector<StepRun> random_runs(std::mt19937_64& random, std::size_t count, std::uint64_t gap,
                                 std::uint64_t length) {
    std::vector<StepRun> runs;
    for (std::int32_t at = 0;;) {
        const auto first = at + static_cast<std::int32_t>(random() % gap);
        const auto last = first + static_cast<std::int32_t>(random() % length);
        if (last > static_cast<std::int32_t>(count)) return runs;
        runs.push_back({first, last, static_cast<std::int32_t>(random() % 3)});
        at = last;
        if (last == static_cast<std::int32_t>(count)) return runs;
    }
}

TEST(IntervalKernels, SumsAndPeaksEqualAPlainLoop) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 400; ++round) {
        const auto count = static_cast<std::size_t>(1 + random() % 9216);
        Values values(count);
        const std::uint64_t mask = (std::uint64_t{1} << (random() % 30)) - 1;
        for (auto& value : values) value = static_cast<std::int64_t>(random() & mask);
        if (round % 3 == 0) values[random() % count] = std::int64_t{1} << (20 + round % 30);
        if (round % 4 == 0) {
            for (auto& value : values) value -= static_cast<std::int64_t>(mask / 2);
        }
        expect_sums(values, random_runs(random, count, 1 + random() % 700, 2 + random() % 300));
    }
}

TEST(IntervalKernels, SumsValuesAtTheEdgesOfEachWidthOfLane) {
    // 16 bits, 2^19 and 32 bits are where the kernel takes another path; mini-blocks of all
    // paths stand in one block, and runs of one step make the most sums a lane can take.
    const Values edges = {32'767,        32'768,           -32'768, -32'769,
                          524'287,       -524'287,         524'288, -524'288,
                          2'147'483'647, -2'147'483'648LL, 0,       2'147'483'648LL};
    std::mt19937_64 random(11);
    for (const std::int64_t edge : edges) {
        Values values(9216, edge);
        std::vector<StepRun> single;
        for (std::int32_t i = 0; i < 9216; ++i) single.push_back({i, i + 1, 1});
        expect_sums(values, single);
        expect_sums(values, {{0, 9216, 2}});
        for (std::size_t mini = 0; mini < 36; ++mini) {
            const std::int64_t other = edges[random() % edges.size()];
            for (std::size_t i = 0; i < 256; ++i) {
                values[mini * 256 + i] = i % 7 == 0 ? other : other / 2;
            }
        }
        expect_sums(values, random_runs(random, 9216, 3, 400));
        expect_sums(values, {{300, 301, 0}, {9215, 9216, 1}});
    }
}

TEST(IntervalKernels, SumsAddToWhatIsThere) {
    const Values values(300, 5);
    const std::string bytes = encode_block(values, actual(300));
    std::array<PeriodTotals, 1> totals{PeriodTotals{1000, 900}};
    sum_runs(*BlockView::open(bytes), std::array{StepRun{10, 20, 0}}, totals);
    EXPECT_EQ(totals[0].wh, 1050);
    EXPECT_EQ(totals[0].peak_wh, 900);
    sum_runs(*BlockView::open(bytes), {}, totals);
    EXPECT_EQ(totals[0].wh, 1050);
}

TEST(IntervalKernels, MorePeriodsThanLanesAreKeptForAreSummedToo) {
    const Values values(300, 5);
    const std::string bytes = encode_block(values, actual(300));
    std::array<PeriodTotals, 12> totals{};
    sum_runs(*BlockView::open(bytes), std::array{StepRun{0, 10, 11}}, totals);
    EXPECT_EQ(totals[11].wh, 50);
}

TEST(IntervalKernels, RunsOutOfOrderOrOutsideAreDefects) {
    const std::string bytes = encode_block(Values(3010, 5), actual(3010));
    const BlockView view = *BlockView::open(bytes);
    const std::vector<std::vector<StepRun>> wrong = {
        {{0, 3011, 0}},
        {{-1, 5, 0}},
        {{9, 5, 0}},
        {{0, 10, 3}},
        {{0, 10, -1}},
        {{0, 10, 0}, {9, 20, 0}},
        {{0, 10, 0}, {3000, 3010, 0}, {20, 30, 0}},
        {{0, 10, 0}, {5000, 6000, 0}, {20, 30, 0}},
    };
    for (const auto& runs : wrong) {
        std::array<PeriodTotals, 3> totals{};
        EXPECT_THROW(sum_runs(view, runs, totals), Defect);
        EXPECT_THROW(sum_runs_portable(view, runs, totals), Defect);
    }
}

TEST(IntervalKernels, BothUnpackAlike) {
    std::mt19937_64 random(3);
    for (unsigned bits = 0; bits <= 31; ++bits) {
        for (const std::size_t count : {1U, 8U, 9U, 72U, 208U, 232U, 256U}) {
            Values values(count);
            for (auto& value : values) {
                value = static_cast<std::int64_t>(random() & ((std::uint64_t{1} << bits) - 1));
            }
            const std::string bytes = encode_block(values, actual(count));
            const BlockView view = *BlockView::open(bytes);
            std::array<std::int32_t, BlockView::mini_size> fast{};
            std::array<std::int32_t, BlockView::mini_size> portable{};
            unpack_mini(view.minis()[0], fast.data());
            unpack_mini_portable(view.minis()[0], portable.data());
            for (std::size_t i = 0; i < count; ++i) {
                EXPECT_EQ(fast[i], values[i]);
                EXPECT_EQ(portable[i], values[i]);
            }
        }
    }
}

TEST(RunTable, SumsAsTheRunsDo) {
    std::mt19937_64 engine(7);
    for (int round = 0; round < 300; ++round) {
        const auto count = static_cast<std::int32_t>(1 + engine() % 3'000);
        std::vector<std::int64_t> wh(static_cast<std::size_t>(count));
        // Most months fit 16 bits; some have a value that does not, some one below zero.
        for (auto& value : wh) value = static_cast<std::int64_t>(engine() % 900);
        if (round % 5 == 0) wh[engine() % wh.size()] = 70'000;
        if (round % 7 == 0) wh[engine() % wh.size()] = -40;
        const std::string block =
            encode_block(wh, std::vector<IntervalStatus>(wh.size(), IntervalStatus::actual));
        const BlockView view = *BlockView::open(block);
        std::vector<metering::Run> runs;
        for (std::int32_t step = 0; step < count;) {
            const auto next =
                std::min<std::int32_t>(count, step + static_cast<std::int32_t>(1 + engine() % 60));
            if (engine() % 10 != 0) {
                runs.push_back({step, next, static_cast<std::int32_t>(engine() % 4)});
            }
            step = next;
        }
        const RunTable table(runs, count, 4);
        std::array<PeriodTotals, 4> expected{};
        std::array<PeriodTotals, 4> found{};
        sum_runs_portable(view, runs, expected);
        sum_runs(view, table, found);
        for (std::size_t p = 0; p < 4; ++p) {
            ASSERT_EQ(found[p].wh, expected[p].wh) << round;
            ASSERT_EQ(found[p].peak_wh, expected[p].peak_wh) << round;
        }
    }
}

TEST(Checksum, ThreeAtATimeIsOneAfterTheOther) {
    // The check value of CRC-32C, and lengths around the parts that are taken side by side.
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    std::string text;
    std::mt19937_64 engine(9);
    for (int i = 0; i < 3'000; ++i) text += static_cast<char>(engine());
    for (const std::size_t length : {767U, 768U, 769U, 1535U, 1536U, 2999U}) {
        std::uint32_t crc = 0xFFFFFFFFU;
        for (std::size_t i = 0; i < length; ++i) {
            crc ^= static_cast<unsigned char>(text[i]);
            for (int bit = 0; bit < 8; ++bit) {
                crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
            }
        }
        EXPECT_EQ(crc32c(std::string_view(text).substr(0, length)), ~crc) << length;
    }
}

}  // namespace
}  // namespace watthour::metering
