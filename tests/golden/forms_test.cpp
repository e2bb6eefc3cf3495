// SPDX-License-Identifier: Apache-2.0
// Forms of the language that no schedule of the sample utility has; worked in forms/README.md.
#include "cases/rate_usage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace watthour {
namespace {

/// A year of this place has no clock change in January.
constexpr int quarters_of_january = 31 * 96;

/// January in quarter hours of 10 kW, and twice as much in the four from `peak_at` on.
std::string january(int peak_at) {
    std::string rows = "start,kwh_delivered,kvarh\n";
    for (int i = 0; i < quarters_of_january; ++i) {
        const bool peak = i >= peak_at && i < peak_at + 4;
        rows += fmt::format("2026-01-{:02}T{:02}:{:02}-08:00,{},{}\n", 1 + i / 96, i % 96 / 4,
                            i % 4 * 15, peak ? "5.000" : "2.500", peak ? "3.750" : "1.875");
    }
    return rows;
}

/// Quantities and amounts by line, and "total".
std::map<std::string, std::string> rated(int peak_at) {
    const auto file =
        std::filesystem::path(::testing::TempDir()) / fmt::format("watthour-forms-{}.csv", peak_at);
    std::ofstream(file) << january(peak_at);
    const auto answer = cases::rate_usage({std::string(WATTHOUR_GOLDEN_DIR) + "/forms/forms.yaml",
                                           "FORMS",
                                           file.string(),
                                           {Date::ymd(2026, 1, 1), Date::ymd(2026, 2, 1)},
                                           {}});
    std::filesystem::remove(file);
    std::map<std::string, std::string> found;
    if (!answer) {
        ADD_FAILURE() << answer.error().message();
        return found;
    }
    const json::object& bill = answer->get_object();
    for (const auto& line : bill.at("lines").get_array()) {
        const json::object& one = line.get_object();
        found[std::string(one.at("code").get_string())] =
            std::string(one.at("quantity").get_string()) + " " +
            std::string(one.at("amount").get_string());
    }
    found["total"] = std::string(bill.at("current_charges").get_string());
    return found;
}

TEST(Forms, CriticalPeakCoincidentPeakApparentPowerAndPowerFactor) {
    const std::map<std::string, std::string> worked = {
        {"CUST", "31 31.00"},     {"EN-CRIT", "50 55.00"},  {"EN-USUAL", "7400 740.00"},
        {"DEM-KVA", "25 100.00"}, {"DEM-COIN", "10 60.00"}, {"DEM-GAP", "21 42.00"},
        {"DEM-PF", "21.3 42.60"}, {"KVARH", "1862.5 3.73"}, {"total", "1074.33"}};
    EXPECT_EQ(rated(13 * 96 + 17 * 4), worked);
}

TEST(Forms, ASlidingHourSeesWhatFixedHoursCut) {
    // 17:30 to 18:30: fixed hours hold 15 kW x 1.05 = 15.75 -> 15.8; the sliding one 20 kW.
    const auto found = rated(13 * 96 + 17 * 4 + 2);
    EXPECT_EQ(found.at("DEM-GAP"), "15.8 31.60");
    EXPECT_EQ(found.at("DEM-PF"), "21.3 42.60");
}

}  // namespace
}  // namespace watthour
