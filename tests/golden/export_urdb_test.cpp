// SPDX-License-Identifier: Apache-2.0
// A schedule written as a rate record and read back prices the same use alike.
#include "cases/export_urdb.hpp"

#include "cases/rate_usage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace watthour {
namespace {

const Date june = Date::ymd(2026, 6, 8);

cases::UrdbExport exported(const char* schedule, const tariff::ServiceFacts& facts) {
    auto made = cases::export_urdb(tariff::valdoro(), schedule, facts, june);
    EXPECT_TRUE(made) << made.error().message();
    return made ? *std::move(made) : cases::UrdbExport{};
}

/// What June 2026 costs by a record, at the same load in every hour.
std::string june_by(const formats::UrdbRecord& record, const char* kwh_an_hour) {
    const auto folder = std::filesystem::path(::testing::TempDir());
    const auto file = folder / "watthour-exported.json";
    const auto use = folder / "watthour-exported.csv";
    std::ofstream(file) << to_text(formats::to_urdb_json(record));
    std::ofstream rows(use);
    rows << "start,kwh_delivered\n";
    for (int hour = 0; hour < 720; ++hour) {
        rows << fmt::format("2026-06-{:02}T{:02}:00:00Z,{}\n", 1 + hour / 24, hour % 24,
                            kwh_an_hour);
    }
    rows.close();
    const auto rated = cases::rate_usage(
        {file.string(), "BACK", use.string(), {Date::ymd(2026, 6, 1), Date::ymd(2026, 7, 1)}, {}});
    if (!rated) return rated.error().message();
    return std::string(rated->at("current_charges").get_string());
}

TEST(ExportUrdb, TiersOfEachSeasonWithTheAdjustmentBesideThePrice) {
    const auto made = exported("R-1", {"B", "", "", {}});
    const formats::UrdbRecord& record = made.record;
    ASSERT_EQ(record.energy.size(), 2U);
    // Winter comes first: January. 10.4 kWh a day, and one and a half times as much.
    EXPECT_EQ(record.energy[0][0].max, Decimal(104, 1));
    EXPECT_EQ(record.energy[0][1].max, Decimal(156, 1));
    EXPECT_EQ(record.energy[1][1].max, Decimal(1425, 2));
    EXPECT_FALSE(record.energy[1][2].max);
    EXPECT_EQ(record.energy[1][2].price(), Decimal(29590, 5));
    EXPECT_EQ(record.energy_weekend[5][0], 1);
    EXPECT_EQ(record.energy_weekday[9][47], 0);
    // 285 kWh x 0.1536 = 43.78 and 75 x 0.2130 = 15.98, with 19.75 a month.
    EXPECT_EQ(june_by(record, "0.5"), "79.51");
    const auto says = [&](const char* text) {
        return std::any_of(made.left_out.begin(), made.left_out.end(),
                           [&](const std::string& one) { return one.starts_with(text); });
    };
    EXPECT_TRUE(says("PBC:") && says("UUT:") && says("The rider NEM-1") && says("EN: the allow"));
}

TEST(ExportUrdb, HoursByTheUsualDayOfTheMonth) {
    const formats::UrdbRecord record = exported("R-TOU", {}).record;
    ASSERT_EQ(record.energy_weekday[6].size(), 48U);
    EXPECT_NE(record.energy_weekday[6][32], record.energy_weekday[6][31]);  // 16:00
    EXPECT_NE(record.energy_weekday[6][41], record.energy_weekday[6][42]);  // 21:00
    EXPECT_EQ(record.energy_weekend[6][32], record.energy_weekend[6][31]);
    const auto on = static_cast<std::size_t>(record.energy_weekday[6][32]);
    EXPECT_EQ(record.energy[on][0].price(), Decimal(38450, 5));
}

TEST(ExportUrdb, DemandOfThePeriodAndOfItsHours) {
    const auto made = exported("C-3", {"", "", "secondary", {}});
    ASSERT_EQ(made.record.flat_demand.size(), 1U);
    EXPECT_EQ(made.record.flat_demand[0][0].rate, Decimal(555, 2));
    ASSERT_EQ(made.record.demand.size(), 3U);
    EXPECT_EQ(made.record.demand[2][0].rate, Decimal(1495, 2));
    EXPECT_EQ(made.record.demand_weekday[6][34], 2);
    EXPECT_EQ(made.record.demand_weekend[6][34], 0);
    EXPECT_EQ(made.left_out.front(), "FACDEM: the ratchet of its demand.");
}

}  // namespace
}  // namespace watthour
