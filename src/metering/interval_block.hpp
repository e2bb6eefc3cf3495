// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::metering {

/// What is known of an interval; the letters are those of R1.44.
enum class IntervalStatus : std::uint8_t {
    actual,        ///< A
    estimated,     ///< E
    verified,      ///< V, verified or edited
    failed,        ///< F, not billable
    missing,       ///< M, its value is 0
    outage,        ///< P
    time_changed,  ///< T
    late_actual,   ///< L, replaced an estimate
};

[[nodiscard]] char status_letter(IntervalStatus status);
[[nodiscard]] std::optional<IntervalStatus> status_of_letter(char letter);

/// Intervals of one channel in order of time; both vectors have one entry an interval.
struct IntervalSeries {
    std::vector<std::int64_t> wh;
    std::vector<IntervalStatus> status;
};

/// Packs a month of intervals. A block is
///
///   version (1), count (2 bytes), mini-blocks of 256 values, status runs, CRC-32C (4 bytes).
///
/// A mini-block is its base (zigzag varint), a width byte (bits a value; 0x80: values outside 32
/// bits), the number of exceptions, the packed bits and the exceptions. Value i is base + d(i);
/// the low bits of d stand in lane i % 8, row i / 8, of words of eight lanes, so that one load
/// serves eight neighbours; a d that needs more bits is an exception: its position (1 byte) and
/// its high part (varint). The width is the one that costs the fewest bytes. A block whose
/// intervals are all actual has no status runs. Source: ADR-0007.
[[nodiscard]] std::string encode_block(std::span<const std::int64_t> wh,
                                       std::span<const IntervalStatus> status);

/// A packed block, read where it lies; the bytes must outlive the view.
class BlockView {
public:
    static constexpr int mini_size = 256;
    static constexpr int lanes = 8;
    static constexpr int small_bits = 19;

    /// How far from zero the values of a mini-block may lie.
    enum class Reach : std::uint8_t {
        bits_16,  ///< within 16 bits, and so is each packed difference
        small,    ///< within 2^small_bits
        any,
    };

    struct Mini {
        std::int64_t base = 0;
        std::int32_t count = 0;  ///< values, 1 to 256
        std::uint8_t width = 0;
        bool wide = false;  ///< a value lies outside 32 bits
        std::uint8_t exceptions = 0;
        Reach reach = Reach::any;
        const unsigned char* packed = nullptr;
        const unsigned char* patches = nullptr;
    };

    /// Checks lengths and checksum. Errors: metering.block_damaged.
    [[nodiscard]] static Result<BlockView> open(std::string_view bytes);
    /// The same into a view that is used again, for loops over many blocks; undefined when refused.
    [[nodiscard]] Result<void> reopen(std::string_view bytes);

    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] bool all_actual() const { return runs_.empty(); }
    [[nodiscard]] int count_of(IntervalStatus status) const;
    [[nodiscard]] IntervalStatus status(int step) const;
    /// A value lies outside 32 bits.
    [[nodiscard]] bool is_wide() const;
    [[nodiscard]] IntervalSeries decode() const;
    /// The values alone, `count()` of them, without allocating; 32 bits only when not `is_wide()`.
    void decode(std::span<std::int32_t> wh) const;
    void decode(std::span<std::int64_t> wh) const;
    [[nodiscard]] std::span<const Mini> minis() const { return {minis_.data(), mini_count_}; }

private:
    struct StatusRun {
        std::int32_t until = 0;
        IntervalStatus status = IntervalStatus::actual;
    };
    /// Room for a month of 5-minute intervals without an allocation.
    static constexpr std::size_t most_minis = 36;

    std::int32_t count_ = 0;
    std::size_t mini_count_ = 0;
    std::array<Mini, most_minis> minis_{};
    std::vector<StatusRun> runs_;
};

/// Most intervals that a block holds.
inline constexpr int most_intervals = 36 * BlockView::mini_size;

}  // namespace watthour::metering
