// SPDX-License-Identifier: Apache-2.0
#include "metering/interval_kernels.hpp"

#include "metering/varint.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace watthour::metering {
namespace {

constexpr int lanes = BlockView::lanes;
constexpr int most_rows = BlockView::mini_size / lanes;

/// Calls `patch` with position and high part of every exception.
template <class Patch>
void each_exception(const BlockView::Mini& mini, Patch patch) {
    const unsigned char* at = mini.patches;
    for (int i = 0; i < mini.exceptions; ++i) {
        const std::size_t position = *at++;
        std::uint64_t high = *at;
        if (high < 0x80U) {
            ++at;
        } else {
            // The block was checked when it was opened; the varint ends inside it.
            (void)get_varint(at, at + 10, high);
        }
        patch(position, high);
    }
}

std::uint32_t low_bits(const BlockView::Mini& mini, int position) {
    if (mini.width == 0) return 0;
    const int lane = position % lanes;
    const int bit = position / lanes * mini.width;
    const auto load = [&](int word) {
        std::uint32_t value = 0;
        std::memcpy(&value, mini.packed + (word * lanes + lane) * 4, sizeof value);
        return std::uint64_t{value};
    };
    std::uint64_t bits = load(bit / 32) >> (bit % 32);
    if (bit % 32 + mini.width > 32) bits |= load(bit / 32 + 1) << (32 - bit % 32);
    return static_cast<std::uint32_t>(bits & ((std::uint64_t{1} << mini.width) - 1));
}

/// Adds the high parts; a sum that wraps comes out as what was packed, which fits.
template <class Value>
void patch_mini(const BlockView::Mini& mini, Value* out) {
    each_exception(mini, [&](std::size_t position, std::uint64_t high) {
        out[position] =
            static_cast<Value>(static_cast<std::uint64_t>(out[position]) + (high << mini.width));
    });
}

/// A run that does not follow `before`, or whose period has no total, is a defect. Tested where
/// the run is summed: a loop of its own would cost a tenth of the whole.
inline void check_run(const Run& run, std::int32_t before, std::size_t periods) {
    WH_CHECK(run.first >= before && run.first <= run.last, "runs ascend inside the block");
    WH_CHECK(static_cast<std::size_t>(run.period) < periods, "a run of a period without a total");
}

/// One mini-block from step `begin` on into the runs from `run` on, in 64 bits.
template <class Value>
void add_mini(const Value* values, std::int32_t begin, std::int32_t end, std::span<const Run> runs,
              std::span<PeriodTotals> totals) {
    std::int32_t before = 0;
    for (const Run& run : runs) {
        if (run.first >= end) return;
        check_run(run, before, totals.size());
        before = run.last;
        PeriodTotals& total = totals[static_cast<std::size_t>(run.period)];
        for (int i = std::max(run.first, begin); i < std::min(run.last, end); ++i) {
            const std::int64_t value = values[i - begin];
            total.wh += value;
            total.peak_wh = std::max(total.peak_wh, value);
        }
    }
}

void add_wide_mini(const BlockView::Mini& mini, std::int32_t begin, std::span<const Run> runs,
                   std::span<PeriodTotals> totals) {
    std::array<std::int64_t, BlockView::mini_size> values;
    unpack_mini_wide(mini, values.data());
    add_mini(values.data(), begin, begin + mini.count, runs, totals);
}

void check_ends(const BlockView& block, std::span<const Run> runs) {
    if (runs.empty()) return;
    WH_CHECK(runs.front().first >= 0 && runs.back().last <= block.count(),
             "runs ascend inside the block");
}

/// The runs that do not end at or before `step`.
std::span<const Run> runs_from(std::span<const Run> runs, std::int32_t step) {
    while (!runs.empty() && runs.front().last <= step) runs = runs.subspan(1);
    return runs;
}

#if defined(__x86_64__)

bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

/// Row `Row` of packed values of `Width` bits; both are known when compiling, so that every shift
/// is a constant and nothing branches.
template <int Width, int Row>
__attribute__((target("avx2"), always_inline)) inline __m256i row_of(const __m256i* from) {
    if constexpr (Width == 0) return _mm256_setzero_si256();
    constexpr int word = Row * Width / 32;
    constexpr int shift = Row * Width % 32;
    __m256i value = _mm256_srli_epi32(_mm256_loadu_si256(from + word), shift);
    if constexpr (shift + Width > 32) {
        value = _mm256_or_si256(value,
                                _mm256_slli_epi32(_mm256_loadu_si256(from + word + 1), 32 - shift));
    }
    if constexpr (shift + Width == 32) return value;
    return _mm256_and_si256(value, _mm256_set1_epi32(static_cast<int>((1U << Width) - 1)));
}

/// Row by row into 32 bits; rows that are not there are not read.
template <int Width, int Row>
__attribute__((target("avx2"), always_inline)) inline void store_part(const __m256i* from, int rows,
                                                                      __m256i base,
                                                                      std::int32_t* out) {
    if (rows <= Row) return;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + Row,
                        _mm256_add_epi32(row_of<Width, Row>(from), base));
}

/// Two rows at a time into 16 bits.
template <int Width, int Pair>
__attribute__((target("avx2"), always_inline)) inline void store_part(const __m256i* from, int rows,
                                                                      __m256i base,
                                                                      std::int16_t* out) {
    if constexpr (Pair < most_rows / 2) {
        if (rows <= 2 * Pair) return;
        const __m256i first = row_of<Width, 2 * Pair>(from);
        const __m256i second =
            rows > 2 * Pair + 1 ? row_of<Width, 2 * Pair + 1>(from) : _mm256_setzero_si256();
        // packs works on halves of 128 bits; the permutation brings the quarters into order.
        const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi32(first, second), 0xD8);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + Pair, _mm256_add_epi16(both, base));
    }
}

template <int Width, class Value, int... Part>
__attribute__((target("avx2"), always_inline)) inline void store_parts(
    const __m256i* from, int rows, __m256i base, Value* out, std::integer_sequence<int, Part...>) {
    (store_part<Width, Part>(from, rows, base, out), ...);
}

/// Unpacks `mini` without its exceptions; writes whole vectors.
template <int Width, class Value>
__attribute__((target("avx2"))) void unpack_width(const BlockView::Mini& mini, Value* out) {
    const __m256i base = sizeof(Value) == 2 ? _mm256_set1_epi16(static_cast<short>(mini.base))
                                            : _mm256_set1_epi32(static_cast<int>(mini.base));
    const auto* from = reinterpret_cast<const __m256i*>(mini.packed);
    const int rows = (mini.count + lanes - 1) / lanes;
    constexpr auto parts = std::make_integer_sequence<int, most_rows>();
    if (rows == most_rows) {
        store_parts<Width>(from, most_rows, base, out, parts);
    } else {
        store_parts<Width>(from, rows, base, out, parts);
    }
}

template <class Value, int... Width>
constexpr auto unpack_table(std::integer_sequence<int, Width...>) {
    return std::array{&unpack_width<Width, Value>...};
}

void unpack_avx2(const BlockView::Mini& mini, std::int32_t* out) {
    static constexpr auto table = unpack_table<std::int32_t>(std::make_integer_sequence<int, 32>());
    table[mini.width](mini, out);
    if (mini.exceptions != 0) patch_mini(mini, out);
}

void unpack_avx2(const BlockView::Mini& mini, std::int16_t* out) {
    static constexpr auto table = unpack_table<std::int16_t>(std::make_integer_sequence<int, 16>());
    table[mini.width](mini, out);
    if (mini.exceptions != 0) patch_mini(mini, out);
}

/// Mini-blocks summed at one go: a month of quarter-hours, which stays in the first-level cache.
constexpr int stretch_minis = 12;
constexpr int stretch_size = stretch_minis * BlockView::mini_size;
static_assert(std::int64_t{stretch_size} << BlockView::small_bits <=
                  std::numeric_limits<std::int32_t>::max(),
              "a lane takes every value of a stretch");

/// Sum and peak of one period, lane by lane; peaks are of 16 or 32 bits as the values are.
struct PeriodLanes {
    alignas(32) std::array<std::int32_t, lanes> sum{};
    alignas(32) std::array<std::int32_t, lanes> peak{};
};
constexpr std::size_t most_periods = 8;

/// Masks of the values of a last, partial vector.
template <class Value>
alignas(32) constexpr auto tail_masks = [] {
    std::array<Value, 64 / sizeof(Value)> masks{};
    for (std::size_t i = 0; i < masks.size() / 2; ++i) masks[i] = -1;
    return masks;
}();

template <class Value>
__attribute__((target("avx2"), always_inline)) inline __m256i max_of(__m256i a, __m256i b) {
    return sizeof(Value) == 2 ? _mm256_max_epi16(a, b) : _mm256_max_epi32(a, b);
}

template <class Value>
__attribute__((target("avx2"), always_inline)) inline void add_vector(__m256i v, __m256i& sum,
                                                                      __m256i& peak) {
    const __m256i wide = sizeof(Value) == 2 ? _mm256_madd_epi16(v, _mm256_set1_epi16(1)) : v;
    sum = _mm256_add_epi32(sum, wide);
    peak = max_of<Value>(peak, v);
}

/// Adds the runs to their periods; `values` begins with step `begin` and can be read 32 bytes
/// beyond step `end`.
template <class Value>
__attribute__((target("avx2"))) void add_stretch(const Value* values, std::int32_t begin,
                                                 std::int32_t end, std::span<const Run> runs,
                                                 std::span<PeriodLanes> periods) {
    constexpr int step = 32 / sizeof(Value);
    std::int32_t before = 0;
    for (const Run& run : runs) {
        if (run.first >= end) return;
        check_run(run, before, periods.size());
        before = run.last;
        const std::int32_t first = std::max(run.first, begin);
        const auto* at = reinterpret_cast<const __m256i*>(values + (first - begin));
        std::int32_t left = std::min(run.last, end) - first;
        // The run gathers in registers first, so that no run waits for the one before it.
        __m256i sum = _mm256_setzero_si256();
        __m256i peak = sum;
        for (; left >= 2 * step; left -= 2 * step, at += 2) {
            add_vector<Value>(_mm256_loadu_si256(at), sum, peak);
            add_vector<Value>(_mm256_loadu_si256(at + 1), sum, peak);
        }
        if (left >= step) {
            add_vector<Value>(_mm256_loadu_si256(at++), sum, peak);
            left -= step;
        }
        const __m256i mask = _mm256_loadu_si256(
            reinterpret_cast<const __m256i*>(tail_masks<Value>.data() + step - left));
        add_vector<Value>(_mm256_and_si256(_mm256_loadu_si256(at), mask), sum, peak);
        PeriodLanes& period = periods[static_cast<std::size_t>(run.period)];
        auto* sums = reinterpret_cast<__m256i*>(period.sum.data());
        auto* peaks = reinterpret_cast<__m256i*>(period.peak.data());
        _mm256_store_si256(sums, _mm256_add_epi32(_mm256_load_si256(sums), sum));
        _mm256_store_si256(peaks, max_of<Value>(_mm256_load_si256(peaks), peak));
    }
}

/// Unpacks and sums mini-blocks from the first on, which fits, as long as their reach is no
/// wider; returns the steps done.
template <class Value>
std::int32_t sum_stretch(std::span<const BlockView::Mini> minis, BlockView::Reach reach,
                         std::int32_t begin, std::span<const Run> runs,
                         std::span<PeriodTotals> totals) {
    alignas(32) std::array<Value, stretch_size + 32 / sizeof(Value)> values;
    std::int32_t end = begin;
    for (const BlockView::Mini& mini :
         minis.first(std::min<std::size_t>(minis.size(), stretch_minis))) {
        if (mini.reach > reach || (end != begin && end >= runs.back().last)) break;
        unpack_avx2(mini, values.data() + (end - begin));
        end += mini.count;
    }
    std::fill_n(values.data() + (end - begin), 32 / sizeof(Value), Value{0});
    std::array<PeriodLanes, most_periods> room;
    const std::span<PeriodLanes> periods = std::span(room).first(totals.size());
    std::fill(periods.begin(), periods.end(), PeriodLanes{});
    add_stretch(values.data(), begin, end, runs, periods);
    for (std::size_t p = 0; p < totals.size(); ++p) {
        std::array<Value, 32 / sizeof(Value)> peaks;
        std::memcpy(peaks.data(), periods[p].peak.data(), sizeof peaks);
        std::int32_t sum = 0;
        Value peak = 0;
        for (const std::int32_t lane : periods[p].sum) sum += lane;
        for (const Value lane : peaks) peak = std::max(peak, lane);
        totals[p].wh += sum;
        totals[p].peak_wh = std::max<std::int64_t>(totals[p].peak_wh, peak);
    }
    return end - begin;
}

void sum_runs_avx2(const BlockView& block, std::span<const Run> runs,
                   std::span<PeriodTotals> totals) {
    std::span<const BlockView::Mini> minis = block.minis();
    std::int32_t begin = 0;
    while (!minis.empty()) {
        const BlockView::Mini& mini = minis.front();
        runs = runs_from(runs, begin);
        if (runs.empty()) return;
        std::int32_t steps = mini.count;
        if (runs.front().first >= begin + steps) {
            // No run wants this one.
        } else if (mini.reach == BlockView::Reach::bits_16) {
            steps =
                sum_stretch<std::int16_t>(minis, BlockView::Reach::bits_16, begin, runs, totals);
        } else if (mini.reach == BlockView::Reach::small) {
            steps = sum_stretch<std::int32_t>(minis, BlockView::Reach::small, begin, runs, totals);
        } else {
            add_wide_mini(mini, begin, runs, totals);
        }
        begin += steps;
        minis = minis.subspan(
            static_cast<std::size_t>((steps + BlockView::mini_size - 1) / BlockView::mini_size));
    }
    WH_CHECK(runs_from(runs, begin).empty(), "runs ascend inside the block");
}

/// All of a month in the first-level cache, then period by period over its vectors.
__attribute__((target("avx2"))) void sum_table_avx2(const BlockView& block, const RunTable& table,
                                                    std::span<PeriodTotals> totals) {
    alignas(32) std::array<std::int16_t, stretch_size + RunTable::vector_steps> values;
    std::int16_t* out = values.data();
    for (const BlockView::Mini& mini : block.minis()) {
        unpack_avx2(mini, out);
        out += mini.count;
    }
    // Steps that are not there count as nothing in the last vector.
    std::fill_n(out, RunTable::vector_steps, std::int16_t{0});
    const auto* vectors = reinterpret_cast<const __m256i*>(values.data());
    const auto* masks = reinterpret_cast<const __m256i*>(table.masks().data());
    for (std::size_t p = 0; p < totals.size(); ++p) {
        const RunTable::Period& period = table.period(p);
        __m256i sum = _mm256_setzero_si256();
        __m256i other = sum;
        __m256i peak = sum;
        std::size_t i = 0;
        for (; i + 1 < period.whole.size(); i += 2) {
            add_vector<std::int16_t>(_mm256_load_si256(vectors + period.whole[i]), sum, peak);
            add_vector<std::int16_t>(_mm256_load_si256(vectors + period.whole[i + 1]), other, peak);
        }
        if (i < period.whole.size()) {
            add_vector<std::int16_t>(_mm256_load_si256(vectors + period.whole[i]), sum, peak);
        }
        for (const RunTable::Part& part : period.parts) {
            add_vector<std::int16_t>(_mm256_and_si256(_mm256_load_si256(vectors + part.vector),
                                                      _mm256_load_si256(masks + part.mask)),
                                     other, peak);
        }
        alignas(32) std::array<std::int32_t, lanes> sums;
        alignas(32) std::array<std::int16_t, RunTable::vector_steps> peaks;
        _mm256_store_si256(reinterpret_cast<__m256i*>(sums.data()), _mm256_add_epi32(sum, other));
        _mm256_store_si256(reinterpret_cast<__m256i*>(peaks.data()), peak);
        std::int64_t whole = 0;
        std::int16_t highest = 0;
        for (const std::int32_t lane : sums) whole += lane;
        for (const std::int16_t lane : peaks) highest = std::max(highest, lane);
        totals[p].wh += whole;
        totals[p].peak_wh = std::max<std::int64_t>(totals[p].peak_wh, highest);
    }
}

/// A month of values of 16 bits, which is nearly every one.
bool fits_table(const BlockView& block) {
    if (block.count() > stretch_size) return false;
    return std::all_of(block.minis().begin(), block.minis().end(), [](const BlockView::Mini& mini) {
        return mini.reach == BlockView::Reach::bits_16;
    });
}

/// The effect of `length` zero bytes on a checksum, four lookups a time.
class ZeroShift {
public:
    explicit ZeroShift(std::size_t length) {
        // Column by column: what a single bit becomes after that many zero bytes.
        std::array<std::uint32_t, 32> columns{};
        for (int bit = 0; bit < 32; ++bit) {
            std::uint32_t crc = 1U << bit;
            for (std::size_t i = 0; i < length * 8; ++i) {
                crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
            }
            columns[static_cast<std::size_t>(bit)] = crc;
        }
        for (std::size_t byte = 0; byte < 4; ++byte) {
            for (std::uint32_t value = 0; value < 256; ++value) {
                for (std::size_t bit = 0; bit < 8; ++bit) {
                    if ((value >> bit & 1U) != 0) table_[byte][value] ^= columns[byte * 8 + bit];
                }
            }
        }
    }
    [[nodiscard]] std::uint32_t after(std::uint32_t crc) const {
        return table_[0][crc & 0xFFU] ^ table_[1][crc >> 8 & 0xFFU] ^ table_[2][crc >> 16 & 0xFFU] ^
               table_[3][crc >> 24];
    }

private:
    std::array<std::array<std::uint32_t, 256>, 4> table_{};
};

/// Three checksums side by side: the instruction answers after three steps, so one chain alone
/// would wait two of them. What the first two would become over the bytes behind them is added.
__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::string_view bytes) {
    constexpr std::size_t part = 256;
    static const ZeroShift shift(part);
    std::uint64_t crc = 0xFFFFFFFFU;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 3 * part; left -= 3 * part, at += 3 * part) {
        std::uint64_t second = 0;
        std::uint64_t third = 0;
        for (std::size_t i = 0; i < part; i += 8) {
            std::array<std::uint64_t, 3> words;
            std::memcpy(&words[0], at + i, 8);
            std::memcpy(&words[1], at + part + i, 8);
            std::memcpy(&words[2], at + 2 * part + i, 8);
            crc = _mm_crc32_u64(crc, words[0]);
            second = _mm_crc32_u64(second, words[1]);
            third = _mm_crc32_u64(third, words[2]);
        }
        crc = shift.after(static_cast<std::uint32_t>(crc)) ^ second;
        crc = shift.after(static_cast<std::uint32_t>(crc)) ^ third;
    }
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        crc = _mm_crc32_u64(crc, word);
    }
    auto narrow = static_cast<std::uint32_t>(crc);
    for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
    return ~narrow;
}

#endif

std::uint32_t crc32c_portable(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t crc = i;
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
            made[i] = crc;
        }
        return made;
    }();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
    return ~crc;
}

}  // namespace

void unpack_mini_portable(const BlockView::Mini& mini, std::int32_t* out) {
    for (int i = 0; i < mini.count; ++i) {
        out[i] = static_cast<std::int32_t>(mini.base + std::int64_t{low_bits(mini, i)});
    }
    patch_mini(mini, out);
}

void unpack_mini_wide(const BlockView::Mini& mini, std::int64_t* out) {
    const auto base = static_cast<std::uint64_t>(mini.base);
    for (int i = 0; i < mini.count; ++i) {
        out[i] = static_cast<std::int64_t>(base + low_bits(mini, i));
    }
    each_exception(mini, [&](std::size_t position, std::uint64_t high) {
        out[position] = static_cast<std::int64_t>(static_cast<std::uint64_t>(out[position]) +
                                                  (high << mini.width));
    });
}

void unpack_mini(const BlockView::Mini& mini, std::int32_t* out) {
#if defined(__x86_64__)
    if (has_avx2()) {
        unpack_avx2(mini, out);
        return;
    }
#endif
    unpack_mini_portable(mini, out);
}

void sum_runs(const BlockView& block, std::span<const Run> runs, std::span<PeriodTotals> totals) {
#if defined(__x86_64__)
    if (has_avx2() && totals.size() <= most_periods) {
        check_ends(block, runs);
        sum_runs_avx2(block, runs, totals);
        return;
    }
#endif
    sum_runs_portable(block, runs, totals);
}

RunTable::RunTable(std::span<const Run> runs, std::int32_t count, std::size_t periods)
    : runs_(runs.begin(), runs.end()), count_(count), periods_(periods) {
    std::int32_t before = 0;
    for (const Run& run : runs_) {
        check_run(run, before, periods);
        before = run.last;
    }
    WH_CHECK(before <= count, "runs ascend inside the block");
    std::size_t at = 0;
    for (std::int32_t first = 0; first < count; first += vector_steps) {
        std::vector<Mask> masks(periods);
        while (at < runs_.size() && runs_[at].last <= first) ++at;
        for (std::size_t r = at; r < runs_.size() && runs_[r].first < first + vector_steps; ++r) {
            const std::int32_t from = std::max(runs_[r].first, first);
            const std::int32_t until = std::min(runs_[r].last, first + vector_steps);
            auto& mask = masks[static_cast<std::size_t>(runs_[r].period)];
            for (std::int32_t step = from; step < until; ++step) {
                mask.steps[static_cast<std::size_t>(step - first)] = -1;
            }
        }
        const auto vector = static_cast<std::uint16_t>(first / vector_steps);
        for (std::size_t p = 0; p < periods; ++p) {
            const auto& steps = masks[p].steps;
            const auto covered = std::count(steps.begin(), steps.end(), std::int16_t{-1});
            if (covered == vector_steps) {
                periods_[p].whole.push_back(vector);
            } else if (covered > 0) {
                periods_[p].parts.push_back({vector, mask_of(masks[p])});
            }
        }
    }
}

std::uint16_t RunTable::mask_of(const Mask& mask) {
    const auto found = std::find(masks_.begin(), masks_.end(), mask);
    if (found == masks_.end()) {
        masks_.push_back(mask);
        return static_cast<std::uint16_t>(masks_.size() - 1);
    }
    return static_cast<std::uint16_t>(found - masks_.begin());
}

void sum_runs(const BlockView& block, const RunTable& table, std::span<PeriodTotals> totals) {
    WH_CHECK(block.count() == table.count() && totals.size() <= table.periods(),
             "a table of another month");
#if defined(__x86_64__)
    if (has_avx2() && fits_table(block)) {
        sum_table_avx2(block, table, totals);
        return;
    }
#endif
    sum_runs(block, table.runs(), totals);
}

void sum_runs_portable(const BlockView& block, std::span<const Run> runs,
                       std::span<PeriodTotals> totals) {
    check_ends(block, runs);
    std::int32_t begin = 0;
    for (const BlockView::Mini& mini : block.minis()) {
        runs = runs_from(runs, begin);
        if (runs.empty()) return;
        if (runs.front().first < begin + mini.count) add_wide_mini(mini, begin, runs, totals);
        begin += mini.count;
    }
    WH_CHECK(runs_from(runs, begin).empty(), "runs ascend inside the block");
}

std::int32_t peak_step(const BlockView& block, std::span<const Run> runs, std::int32_t period,
                       std::int64_t peak_wh) {
    std::array<std::int64_t, BlockView::mini_size> values;
    std::int32_t begin = 0;
    for (const BlockView::Mini& mini : block.minis()) {
        unpack_mini_wide(mini, values.data());
        const std::int32_t end = begin + mini.count;
        for (const Run& run : runs) {
            if (run.period != period) continue;
            for (int i = std::max(run.first, begin); i < std::min(run.last, end); ++i) {
                if (values[static_cast<std::size_t>(i - begin)] == peak_wh) return i;
            }
        }
        begin = end;
    }
    return -1;
}

std::uint32_t crc32c(std::string_view bytes) {
#if defined(__x86_64__)
    static const bool hardware = __builtin_cpu_supports("sse4.2") != 0;
    if (hardware) return crc32c_hardware(bytes);
#endif
    return crc32c_portable(bytes);
}

}  // namespace watthour::metering
