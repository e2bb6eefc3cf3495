// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/plan.hpp"

#include <algorithm>
#include <array>

namespace watthour::rating {

namespace {

constexpr std::int64_t wh_per_kwh = 1000;

// Checked like those of base, but in line: a plan does thirty of them in a hundred nanoseconds.

[[noreturn, gnu::cold]] void overflow() {
    raise_defect(__FILE__, __LINE__, "overflow", "a number of a plan does not fit 64 bits");
}

inline std::int64_t plus(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) overflow();
    return sum;
}

inline std::int64_t minus(std::int64_t a, std::int64_t b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) overflow();
    return difference;
}

inline std::int64_t times(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) overflow();
    return product;
}

inline std::int64_t divide_short(std::int64_t numerator, std::int64_t denominator) {
    std::int64_t quotient = numerator / denominator;
    const std::int64_t rest = numerator % denominator;
    const std::int64_t magnitude = rest < 0 ? -rest : rest;
    if (magnitude >= denominator - magnitude) quotient += numerator < 0 ? -1 : 1;
    return quotient;
}

/// round(numerator / denominator); the short division where both fit, which is nearly always.
inline std::int64_t divide(i128 numerator, std::int64_t denominator, Rounding rounding) {
    const auto low = static_cast<std::int64_t>(numerator);
    if (low != numerator || rounding != Rounding::half_away_from_zero) {
        return round_divide(numerator, denominator, rounding);
    }
    return divide_short(low, denominator);
}

/// round(a x b / denominator).
inline std::int64_t multiply_divide(std::int64_t a, std::int64_t b, std::int64_t denominator,
                                    Rounding rounding) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product) || rounding != Rounding::half_away_from_zero) {
        return round_divide(i128{a} * b, denominator, rounding);
    }
    return divide_short(product, denominator);
}

/// The part of `use` between two limits; use below zero fills the same limits on its other side.
std::int64_t block_of(std::int64_t use, std::int64_t lower, std::int64_t upper) {
    const std::int64_t size = use < 0 ? -use : use;
    const std::int64_t part = std::max<std::int64_t>(0, std::min(size, upper) - lower);
    return use < 0 ? -part : part;
}

/// Cumulative whole kWh by days; the last part takes what is left, so that the parts add up to the
/// total where that is no whole kWh either. Source: VEU-RATING "Splitting", R2.03.
std::int64_t split_of(std::int64_t total, const std::int64_t* days) {
    const std::int64_t size = total < 0 ? -total : total;
    const auto through = [&](std::int64_t count) {
        if (count == days[2]) return size;
        return wh_per_kwh *
               divide(i128{size} * count, days[2] * wh_per_kwh, Rounding::half_away_from_zero);
    };
    const std::int64_t part = through(days[1]) - through(days[0]);
    return total < 0 ? -part : part;
}

/// round(100 x kWh / sqrt(kWh^2 + kVARh^2)), found without a root: the largest p whose half
/// step below does not pass it. Source: VEU-RATING "Power factor"; R2.22.
std::int64_t power_factor_of(std::int64_t active, std::int64_t reactive) {
    if (active <= 0) return reactive > 0 ? 0 : 100;
    // The squares below stay far inside 128 bits.
    constexpr std::int64_t beyond_any_meter = 1'000'000'000'000'000;
    WH_CHECK(active < beyond_any_meter && reactive < beyond_any_meter, "energy beyond any meter");
    const i128 square = i128{active} * active;
    const i128 whole = square + i128{reactive} * reactive;
    std::int64_t percent = 100;
    while (percent > 0) {
        const i128 edge = i128{2 * percent - 1} * (2 * percent - 1);
        if (edge * whole <= 40'000 * square) break;
        --percent;
    }
    return percent;
}

class Machine {
public:
    Machine(const Plan& plan, std::span<std::int64_t> slots, tariff::TierFiller* filler)
        : plan_(plan), slots_(slots.data()), filler_(filler) {}

    void run(const Op& op) {
        const std::int64_t* n = plan_.numbers.data() + op.data;
        switch (op.code) {
            case OpCode::constant: out(op) = n[0]; return;
            case OpCode::add: out(op) = plus(a(op), b(op)); return;
            case OpCode::subtract: out(op) = minus(a(op), b(op)); return;
            case OpCode::larger: out(op) = std::max(a(op), b(op)); return;
            case OpCode::smaller: out(op) = std::min(a(op), b(op)); return;
            case OpCode::above_zero: out(op) = std::max<std::int64_t>(0, a(op)); return;
            case OpCode::below_zero: out(op) = std::max<std::int64_t>(0, -a(op)); return;
            case OpCode::negate: out(op) = minus(0, a(op)); return;
            case OpCode::scale:
                out(op) = times(multiply_divide(a(op), n[0], n[1], op.rounding), n[2]);
                return;
            case OpCode::scale_by:
                out(op) = times(divide(i128{a(op)} * b(op) * n[0], n[1], op.rounding), n[2]);
                return;
            case OpCode::offset_scale:
                out(op) = times(divide(n[0] + i128{a(op)} * n[1], n[2], op.rounding), n[3]);
                return;
            case OpCode::split: out(op) = split_of(a(op), n); return;
            case OpCode::block: out(op) = block_of(a(op), b(op), c(op)); return;
            default: run_rare(op, n); return;
        }
    }

private:
    std::int64_t& out(const Op& op) { return slots_[op.out]; }
    [[nodiscard]] std::int64_t a(const Op& op) const { return slots_[op.a]; }
    [[nodiscard]] std::int64_t b(const Op& op) const { return slots_[op.b]; }
    [[nodiscard]] std::int64_t c(const Op& op) const { return slots_[op.c]; }

    void run_rare(const Op& op, const std::int64_t* n) {
        switch (op.code) {
            case OpCode::sum: {
                std::int64_t sum = 0;
                for (std::int64_t i = 0; i < n[1]; ++i) {
                    sum = plus(sum, slots_[plan_.lists[static_cast<std::size_t>(n[0] + i)]]);
                }
                out(op) = sum;
                return;
            }
            case OpCode::whole_block: {
                const std::int64_t upper = slots_[n[0]];
                const bool reached = b(op) < c(op) && c(op) <= upper;
                out(op) = reached ? a(op) : 0;
                return;
            }
            case OpCode::share: {
                const std::int64_t whole = slots_[n[0]];
                out(op) = whole == 0 ? 0
                                     : divide(i128{a(op)} * c(op), whole, op.rounding) -
                                           divide(i128{a(op)} * b(op), whole, op.rounding);
                return;
            }
            case OpCode::power_factor: out(op) = power_factor_of(a(op), b(op)); return;
            case OpCode::cap:
                out(op) = std::min(a(op), std::max<std::int64_t>(0, minus(n[0], b(op))));
                return;
            case OpCode::zero_if: out(op) = b(op) != 0 ? 0 : a(op); return;
            case OpCode::only_if: out(op) = b(op) != 0 ? a(op) : 0; return;
            case OpCode::fill_tiers: fill(op, static_cast<std::size_t>(n[0])); return;
            default: WH_CHECK(false, "a plan has an unknown step");
        }
    }

    void fill(const Op& op, std::size_t number) {
        constexpr std::size_t most_limits = 64;
        const ChronologicalTemplate& wanted = plan_.fills[number];
        WH_CHECK(filler_ != nullptr, "chronological tiers need the intervals");
        WH_CHECK(wanted.limits.size() <= most_limits, "more than 64 tiers");
        std::array<std::int64_t, most_limits> limits{};
        for (std::size_t i = 0; i < wanted.limits.size(); ++i) limits[i] = slots_[wanted.limits[i]];
        const std::size_t count =
            wanted.fill.calendar->periods().size() * static_cast<std::size_t>(wanted.fill.tiers);
        filler_->fill(wanted.fill, {limits.data(), wanted.limits.size()}, {slots_ + op.out, count});
    }

    const Plan& plan_;
    std::int64_t* slots_;
    tariff::TierFiller* filler_;
};

}  // namespace

void run_plan(const Plan& plan, std::span<std::int64_t> slots, tariff::TierFiller* filler) {
    WH_CHECK(slots.size() >= plan.slot_count, "too few slots for a plan");
    Machine machine(plan, slots, filler);
    for (const Op& op : plan.ops) machine.run(op);
}

void fold_plan(Plan& plan) {
    plan.initial.assign(plan.slot_count, 0);
    std::vector<bool> varies(plan.slot_count, false);
    for (const Input& input : plan.inputs) varies[input.slot] = true;
    std::vector<Op> kept;
    Machine machine(plan, plan.initial, nullptr);
    for (const Op& op : plan.ops) {
        bool depends = op.code == OpCode::fill_tiers;
        for (const Slot slot : {op.a, op.b, op.c}) depends |= slot != no_slot && varies[slot];
        const std::int64_t* n = plan.numbers.data() + op.data;
        if (op.code == OpCode::whole_block || op.code == OpCode::share) {
            depends |= varies[static_cast<std::size_t>(n[0])];
        }
        for (std::int64_t i = 0; op.code == OpCode::sum && i < n[1]; ++i) {
            depends |= varies[plan.lists[static_cast<std::size_t>(n[0] + i)]];
        }
        if (!depends) {
            machine.run(op);
            continue;
        }
        kept.push_back(op);
        varies[op.out] = true;
        if (op.code != OpCode::fill_tiers) continue;
        const ChronologicalTemplate& wanted = plan.fills[static_cast<std::size_t>(n[0])];
        const std::size_t count =
            wanted.fill.calendar->periods().size() * static_cast<std::size_t>(wanted.fill.tiers);
        for (std::size_t i = 0; i < count; ++i) varies[op.out + i] = true;
    }
    plan.ops = std::move(kept);
}

}  // namespace watthour::rating
