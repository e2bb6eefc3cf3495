// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/interval_block.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace watthour::metering {

/// Neighbouring steps of one period, half-open; runs ascend and do not overlap.
struct Run {
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::int32_t period = 0;
};

struct PeriodTotals {
    std::int64_t wh = 0;
    std::int64_t peak_wh = 0;  ///< highest interval, at least 0
};

/// Adds sums and peaks of the runs to their periods, straight from the packed block: up to twelve
/// mini-blocks are unpacked into the first-level cache, summed and forgotten. Values of 16 bits go
/// sixteen at a time, those up to 524 kWh eight, larger ones singly. Does not allocate. Steps
/// outside the block and runs out of order are a defect.
void sum_runs(const BlockView& block, std::span<const Run> runs, std::span<PeriodTotals> totals);

/// Runs of a month laid out once for vectors of sixteen steps, for all the blocks of a bill run
/// that follow one calendar: each period has its whole vectors and, under masks, its parts of
/// others, so that a boundary costs a mask and not a loop of its own.
class RunTable {
public:
    /// Runs ascend, do not overlap and lie inside `count` steps; anything else is a defect.
    RunTable(std::span<const Run> runs, std::int32_t count, std::size_t periods);

    [[nodiscard]] std::span<const Run> runs() const { return runs_; }
    [[nodiscard]] std::int32_t count() const { return count_; }
    [[nodiscard]] std::size_t periods() const { return periods_.size(); }

    static constexpr int vector_steps = 16;
    struct Part {
        std::uint16_t vector = 0;
        std::uint16_t mask = 0;
    };
    struct Period {
        std::vector<std::uint16_t> whole;
        std::vector<Part> parts;
    };
    struct alignas(32) Mask {
        std::array<std::int16_t, vector_steps> steps{};
        friend bool operator==(const Mask&, const Mask&) = default;
    };
    [[nodiscard]] const Period& period(std::size_t index) const { return periods_[index]; }
    [[nodiscard]] std::span<const Mask> masks() const { return masks_; }

private:
    std::uint16_t mask_of(const Mask& mask);

    std::vector<Run> runs_;
    std::int32_t count_ = 0;
    std::vector<Period> periods_;
    std::vector<Mask> masks_;
};

/// Adds sums and peaks by a table made before; the block has as many steps as the table.
void sum_runs(const BlockView& block, const RunTable& table, std::span<PeriodTotals> totals);

/// The same without vector instructions; for machines without AVX2 and for tests.
void sum_runs_portable(const BlockView& block, std::span<const Run> runs,
                       std::span<PeriodTotals> totals);

/// First step of the period's runs whose interval is `peak_wh`; -1 without one. It is asked for
/// when a peak is explained, so that a bill run does not pay for it.
[[nodiscard]] std::int32_t peak_step(const BlockView& block, std::span<const Run> runs,
                                     std::int32_t period, std::int64_t peak_wh);

/// Unpacks one mini-block of 32-bit values; `out` has room for 256.
void unpack_mini(const BlockView::Mini& mini, std::int32_t* out);
void unpack_mini_portable(const BlockView::Mini& mini, std::int32_t* out);
/// Any mini-block, one value at a time.
void unpack_mini_wide(const BlockView::Mini& mini, std::int64_t* out);

/// CRC-32C (Castagnoli).
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace watthour::metering
