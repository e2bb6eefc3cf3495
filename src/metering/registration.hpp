// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "metering/meter.hpp"
#include "quantity/energy.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace watthour::metering {

/// How the average registration follows from the loads of a test. Source: R1.60.
enum class TestMethod {
    full_and_light,  ///< (4 FL + LL) / 5
    mean,            ///< (FL + LL) / 2
    single_point,    ///< FL alone
    three_loads,     ///< (4 FL + 2 LL + PF) / 7
};

/// Which limits a meter must keep. Source: R1.61.
enum class TestLimits {
    in_service,   ///< 98.0 to 102.0%
    refurbished,  ///< 99.5 to 100.5%, before it goes out again
};

enum class Verdict { within, fast, slow };

/// Registrations in percent of the true energy.
struct LoadResults {
    std::optional<Decimal> full_load;
    std::optional<Decimal> light_load;
    std::optional<Decimal> power_factor;
};

/// An average that is exact: `sum` percent over `parts`.
struct AverageRegistration {
    Decimal sum;
    int parts = 1;

    /// In percent, with two places, half away from zero; for people.
    [[nodiscard]] Decimal rounded() const;
};

/// The average registration of a test.
///
/// Units:    percent; FL 99.8 and LL 97.6 make 99.36 by `full_and_light`.
/// Rounding: none.
/// Errors:   metering.load_missing, registration_malformed.
/// Source:   R1.60.
[[nodiscard]] Result<AverageRegistration> average_registration(TestMethod method,
                                                               const LoadResults& loads);

/// Judged on the exact average, both limits inclusive. Source: R1.61.
[[nodiscard]] Verdict judge(const AverageRegistration& average, TestLimits limits);

/// What a meter would have registered had it been right: registered / (registration / 100).
///
/// Units:    registration in percent; 12,480 kWh at 104.1% are 11,988.47 kWh.
/// Rounding: to 0.01 kWh, half away from zero.
/// Errors:   metering.registration_zero.
/// Source:   R1.63.
[[nodiscard]] Result<Energy> corrected_energy(const std::string& serial, Energy registered,
                                              const AverageRegistration& average);

[[nodiscard]] std::string_view to_text(TestMethod method);
[[nodiscard]] std::string_view to_text(TestLimits limits);
[[nodiscard]] std::string_view to_text(Verdict verdict);
[[nodiscard]] std::optional<TestMethod> test_method_of(std::string_view text);
[[nodiscard]] std::optional<TestLimits> test_limits_of(std::string_view text);
[[nodiscard]] std::optional<Verdict> verdict_of(std::string_view text);

}  // namespace watthour::metering
