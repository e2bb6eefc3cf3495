// SPDX-License-Identifier: Apache-2.0
#include "metering/interval_kernels.hpp"

#include "metering/varint.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace watthour::metering {
namespace {

constexpr int lanes = BlockView::lanes;

/// Calls `patch` with position and high part of every exception.
template <class Patch>
void each_exception(const BlockView::Mini& mini, Patch patch) {
    const unsigned char* at = mini.patches;
    for (int i = 0; i < mini.exceptions; ++i) {
        const std::size_t position = *at++;
        std::uint64_t high = 0;
        // The block was checked when it was opened; the varint ends inside it.
        (void)get_varint(at, at + 10, high);
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

void patch_mini(const BlockView::Mini& mini, std::int32_t* out) {
    each_exception(mini, [&](std::size_t position, std::uint64_t high) {
        const std::int64_t delta =
            static_cast<std::int64_t>(high << mini.width) + (out[position] - mini.base);
        out[position] = static_cast<std::int32_t>(mini.base + delta);
    });
}

struct Sums {
    std::int64_t wh = 0;
    std::int64_t peak = 0;
};

Sums sum_portable(const std::int32_t* values, int count) {
    Sums sums;
    for (int i = 0; i < count; ++i) {
        sums.wh += values[i];
        sums.peak = std::max<std::int64_t>(sums.peak, values[i]);
    }
    return sums;
}

/// Walks minis and runs together; `unpack` and `sum` are the machine's best.
template <class Unpack, class Sum>
void walk(const BlockView& block, std::span<const Run> runs, std::span<PeriodTotals> totals,
          Unpack unpack, Sum sum) {
    alignas(32) std::array<std::int32_t, BlockView::mini_size> buffer;
    auto run = runs.begin();
    std::int32_t begin = 0;
    for (const BlockView::Mini& mini : block.minis()) {
        const std::int32_t end = begin + mini.count;
        while (run != runs.end() && run->last <= begin) ++run;
        if (run == runs.end()) return;
        if (run->first >= end) {
            begin = end;
            continue;
        }
        if (mini.wide) {
            std::array<std::int64_t, BlockView::mini_size> wide;
            unpack_mini_wide(mini, wide.data());
            for (auto at = run; at != runs.end() && at->first < end; ++at) {
                PeriodTotals& total = totals[static_cast<std::size_t>(at->period)];
                for (int i = std::max(at->first, begin); i < std::min(at->last, end); ++i) {
                    const std::int64_t value = wide[static_cast<std::size_t>(i - begin)];
                    total.wh += value;
                    total.peak_wh = std::max(total.peak_wh, value);
                }
            }
        } else {
            unpack(mini, buffer.data());
            for (auto at = run; at != runs.end() && at->first < end; ++at) {
                const int first = std::max(at->first, begin) - begin;
                const int last = std::min(at->last, end) - begin;
                PeriodTotals& total = totals[static_cast<std::size_t>(at->period)];
                const Sums sums = sum(buffer.data() + first, last - first);
                total.wh += sums.wh;
                total.peak_wh = std::max(total.peak_wh, sums.peak);
            }
        }
        begin = end;
    }
}

void check_runs(const BlockView& block, std::span<const Run> runs, std::span<PeriodTotals> totals) {
    std::int32_t before = 0;
    for (const Run& run : runs) {
        WH_CHECK(run.first >= before && run.first <= run.last && run.last <= block.count(),
                 "runs ascend inside the block");
        WH_CHECK(run.period >= 0 && static_cast<std::size_t>(run.period) < totals.size(),
                 "a run of a period without a total");
        before = run.last;
    }
}

#if defined(__x86_64__)

bool has_avx2() {
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

__attribute__((target("avx2"))) void unpack_avx2(const BlockView::Mini& mini, std::int32_t* out) {
    const __m256i base = _mm256_set1_epi32(static_cast<int>(mini.base));
    const int rows = (mini.count + lanes - 1) / lanes;
    auto* to = reinterpret_cast<__m256i*>(out);
    const int width = mini.width;
    if (width == 0) {
        for (int row = 0; row < rows; ++row) _mm256_storeu_si256(to + row, base);
    } else {
        const auto* from = reinterpret_cast<const __m256i*>(mini.packed);
        const __m256i mask = _mm256_set1_epi32(static_cast<int>((std::uint32_t{1} << width) - 1));
        __m256i word = _mm256_loadu_si256(from++);
        int bit = 0;
        for (int row = 0; row < rows; ++row) {
            __m256i value = _mm256_srl_epi32(word, _mm_cvtsi32_si128(bit));
            bit += width;
            if (bit > 32) {
                bit -= 32;
                word = _mm256_loadu_si256(from++);
                value =
                    _mm256_or_si256(value, _mm256_sll_epi32(word, _mm_cvtsi32_si128(width - bit)));
            } else if (bit == 32 && row + 1 < rows) {
                bit = 0;
                word = _mm256_loadu_si256(from++);
            }
            _mm256_storeu_si256(to + row, _mm256_add_epi32(_mm256_and_si256(value, mask), base));
        }
    }
    if (mini.exceptions != 0) patch_mini(mini, out);
}

/// Lane masks for the last, partial vector of a run.
alignas(32) constexpr std::array<std::int32_t, 16> tail_masks = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                                 0,  0,  0,  0,  0,  0,  0,  0};

__attribute__((target("avx2"))) Sums sum_avx2(const std::int32_t* values, int count) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    __m256i peak = _mm256_setzero_si256();
    const auto add = [&](__m256i v) __attribute__((target("avx2"))) {
        low = _mm256_add_epi64(low, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(v)));
        high = _mm256_add_epi64(high, _mm256_cvtepi32_epi64(_mm256_extracti128_si256(v, 1)));
        peak = _mm256_max_epi32(peak, v);
    };
    int i = 0;
    for (; i + lanes <= count; i += lanes) {
        add(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + i)));
    }
    if (i < count) {
        const __m256i mask = _mm256_loadu_si256(
            reinterpret_cast<const __m256i*>(tail_masks.data() + lanes - (count - i)));
        add(_mm256_maskload_epi32(values + i, mask));
    }
    alignas(32) std::array<std::int64_t, 4> sums;
    alignas(32) std::array<std::int32_t, 8> peaks;
    _mm256_store_si256(reinterpret_cast<__m256i*>(sums.data()), _mm256_add_epi64(low, high));
    _mm256_store_si256(reinterpret_cast<__m256i*>(peaks.data()), peak);
    return {sums[0] + sums[1] + sums[2] + sums[3], *std::max_element(peaks.begin(), peaks.end())};
}

__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::string_view bytes) {
    std::uint64_t crc = 0xFFFFFFFFU;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
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
    check_runs(block, runs, totals);
#if defined(__x86_64__)
    if (has_avx2()) {
        walk(block, runs, totals, unpack_avx2, sum_avx2);
        return;
    }
#endif
    walk(block, runs, totals, unpack_mini_portable, sum_portable);
}

void sum_runs_portable(const BlockView& block, std::span<const Run> runs,
                       std::span<PeriodTotals> totals) {
    check_runs(block, runs, totals);
    walk(block, runs, totals, unpack_mini_portable, sum_portable);
}

std::uint32_t crc32c(std::string_view bytes) {
#if defined(__x86_64__)
    static const bool hardware = __builtin_cpu_supports("sse4.2") != 0;
    if (hardware) return crc32c_hardware(bytes);
#endif
    return crc32c_portable(bytes);
}

}  // namespace watthour::metering
