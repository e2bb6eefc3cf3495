// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/interval_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <immintrin.h>
#include <utility>

/// The one baseline of all interval figures: a straight-line kernel over the same packed blocks.
/// It unpacks in registers and adds and compares into one bucket; no runs, periods, statuses or
/// exceptions, and a month's values are taken to be small enough for 32-bit lanes.
namespace watthour::bench {

struct BareState {
    alignas(32) std::array<std::int64_t, 4> sum{};
    alignas(32) std::array<std::int32_t, 8> peak{};
    std::int64_t bases = 0;
};

/// Differences of one row of eight lanes. Width and row are known when compiling, so that every
/// shift is a constant and nothing branches.
template <int Width, int Row>
__attribute__((target("avx2"), always_inline)) inline __m256i bare_row(const __m256i* from) {
    if constexpr (Width == 0) return _mm256_setzero_si256();
    constexpr int word = Row * Width / 32;
    constexpr int shift = Row * Width % 32;
    __m256i value = _mm256_srli_epi32(_mm256_loadu_si256(from + word), shift);
    if constexpr (shift + Width > 32) {
        value = _mm256_or_si256(value,
                                _mm256_slli_epi32(_mm256_loadu_si256(from + word + 1), 32 - shift));
    }
    if constexpr (shift + Width == 32) return value;
    return _mm256_and_si256(value, _mm256_set1_epi32((1 << Width) - 1));
}

template <int Width, int Row>
__attribute__((target("avx2"), always_inline)) inline void add_row(const __m256i* from,
                                                                   __m256i& sum, __m256i& peak) {
    const __m256i value = bare_row<Width, Row>(from);
    sum = _mm256_add_epi32(sum, value);
    peak = _mm256_max_epi32(peak, value);
}

/// Rows First to First + 3, as far as they are there.
template <int Width, int First>
__attribute__((target("avx2"), always_inline)) inline void add_four(const __m256i* from, int rows,
                                                                    __m256i& sum, __m256i& peak) {
    if (rows >= First + 4) {
        const __m256i a = bare_row<Width, First>(from);
        const __m256i b = bare_row<Width, First + 1>(from);
        const __m256i c = bare_row<Width, First + 2>(from);
        const __m256i d = bare_row<Width, First + 3>(from);
        sum =
            _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_add_epi32(a, b), _mm256_add_epi32(c, d)));
        peak = _mm256_max_epi32(peak,
                                _mm256_max_epi32(_mm256_max_epi32(a, b), _mm256_max_epi32(c, d)));
        return;
    }
    if (rows > First) add_row<Width, First>(from, sum, peak);
    if (rows > First + 1) add_row<Width, First + 1>(from, sum, peak);
    if (rows > First + 2) add_row<Width, First + 2>(from, sum, peak);
}

template <int Width, int... Part>
__attribute__((target("avx2"), always_inline)) inline void add_rows(
    const __m256i* from, int rows, __m256i& sum, __m256i& peak,
    std::integer_sequence<int, Part...>) {
    (add_four<Width, Part * 4>(from, rows, sum, peak), ...);
}

template <int Width>
__attribute__((target("avx2"))) void bare_mini(const metering::BlockView::Mini& mini,
                                               BareState& state) {
    constexpr int lanes = metering::BlockView::lanes;
    __m256i sum = _mm256_setzero_si256();
    __m256i peak = sum;
    add_rows<Width>(reinterpret_cast<const __m256i*>(mini.packed), (mini.count + lanes - 1) / lanes,
                    sum, peak, std::make_integer_sequence<int, 8>());
    auto* sums = reinterpret_cast<__m256i*>(state.sum.data());
    auto* peaks = reinterpret_cast<__m256i*>(state.peak.data());
    *sums = _mm256_add_epi64(
        *sums, _mm256_add_epi64(_mm256_cvtepu32_epi64(_mm256_castsi256_si128(sum)),
                                _mm256_cvtepu32_epi64(_mm256_extracti128_si256(sum, 1))));
    *peaks = _mm256_max_epi32(
        *peaks, _mm256_add_epi32(peak, _mm256_set1_epi32(static_cast<int>(mini.base))));
    state.bases += mini.base * mini.count;
}

template <int... Width>
constexpr auto bare_table(std::integer_sequence<int, Width...>) {
    return std::array{&bare_mini<Width>...};
}

inline metering::PeriodTotals bare_sums(const metering::BlockView& block) {
    static constexpr auto table = bare_table(std::make_integer_sequence<int, 28>());
    BareState state;
    for (const metering::BlockView::Mini& mini : block.minis()) table[mini.width](mini, state);
    std::int64_t wh = state.bases;
    for (const std::int64_t part : state.sum) wh += part;
    return {wh, *std::max_element(state.peak.begin(), state.peak.end())};
}

}  // namespace watthour::bench
