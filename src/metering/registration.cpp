// SPDX-License-Identifier: Apache-2.0
#include "metering/registration.hpp"

#include "metering/errors.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace watthour::metering {
namespace {

constexpr int most_places = 4;
constexpr Decimal most_percent{200, 0};

/// How many parts of the average each load is.
struct Weights {
    std::string_view name;
    int full_load;
    int light_load;
    int power_factor;
};
constexpr std::array<Weights, 4> weights = {{{"full_and_light", 4, 1, 0},
                                             {"mean", 1, 1, 0},
                                             {"single_point", 1, 0, 0},
                                             {"three_loads", 4, 2, 1}}};

struct Limits {
    std::string_view name;
    Decimal lowest;
    Decimal highest;
};
constexpr std::array<Limits, 2> limits_of = {
    {{"in_service", {980, 1}, {1020, 1}}, {"refurbished", {995, 1}, {1005, 1}}}};

constexpr std::array<std::string_view, 3> verdicts = {"within", "fast", "slow"};

const Weights& weights_of(TestMethod method) { return weights[static_cast<std::size_t>(method)]; }

/// `percent` x `parts` against the sum, exactly.
std::strong_ordering compare(const AverageRegistration& average, const Decimal& percent) {
    return average.sum <=> Decimal(checked_mul(percent.units(), average.parts), percent.scale());
}

template <class Kind, class Table>
std::optional<Kind> find(const Table& table, std::string_view text) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].name == text) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

}  // namespace

Decimal AverageRegistration::rounded() const {
    constexpr int places = 2;
    return {round_divide(i128{sum.units()} * power_of_ten(places),
                         i128{power_of_ten(sum.scale())} * parts, Rounding::half_away_from_zero),
            places};
}

Result<AverageRegistration> average_registration(TestMethod method, const LoadResults& loads) {
    const Weights& w = weights_of(method);
    struct Load {
        const char* name;
        int weight;
        const std::optional<Decimal>& result;
    };
    const std::array<Load, 3> all = {{{"full load", w.full_load, loads.full_load},
                                      {"light load", w.light_load, loads.light_load},
                                      {"power factor", w.power_factor, loads.power_factor}}};
    std::vector<std::string> missing;
    AverageRegistration average{{0, most_places}, 0};
    for (const Load& load : all) {
        if (load.result) {
            const Decimal& percent = *load.result;
            if (percent.is_negative() || percent > most_percent || percent.scale() > most_places) {
                return Error(errors::registration_malformed, {{"text", percent.to_string()}});
            }
        }
        if (load.weight == 0) continue;
        if (!load.result) {
            missing.emplace_back(load.name);
            continue;
        }
        TRY(const std::int64_t units, load.result->exact_units(most_places));
        average.sum = average.sum + Decimal(units * load.weight, most_places);
        average.parts += load.weight;
    }
    if (!missing.empty()) {
        return Error(errors::load_missing,
                     {{"method", std::string(w.name)},
                      {"loads", fmt::format("{}", fmt::join(missing, ", "))}});
    }
    return average;
}

Verdict judge(const AverageRegistration& average, TestLimits limits) {
    const Limits& own = limits_of[static_cast<std::size_t>(limits)];
    if (compare(average, own.highest) > 0) return Verdict::fast;
    return compare(average, own.lowest) < 0 ? Verdict::slow : Verdict::within;
}

Result<Energy> corrected_energy(const std::string& serial, Energy registered,
                                const AverageRegistration& average) {
    if (average.sum.is_zero()) return Error(errors::registration_zero, {{"meter", serial}});
    // kWh = Wh / 1000; / (sum / parts / 100); in steps of 10 Wh.
    constexpr std::int64_t step_wh = 10;
    const i128 numerator =
        i128{registered.wh()} * 100 * average.parts * power_of_ten(average.sum.scale());
    const i128 denominator = i128{average.sum.units()} * step_wh;
    return Energy::watt_hours(
        checked_mul(round_divide(numerator, denominator, Rounding::half_away_from_zero), step_wh));
}

std::string_view to_text(TestMethod method) { return weights_of(method).name; }
std::string_view to_text(TestLimits limits) {
    return limits_of[static_cast<std::size_t>(limits)].name;
}
std::string_view to_text(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }

std::optional<TestMethod> test_method_of(std::string_view text) {
    return find<TestMethod>(weights, text);
}
std::optional<TestLimits> test_limits_of(std::string_view text) {
    return find<TestLimits>(limits_of, text);
}
std::optional<Verdict> verdict_of(std::string_view text) {
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (verdicts[i] == text) return static_cast<Verdict>(i);
    }
    return std::nullopt;
}

}  // namespace watthour::metering
