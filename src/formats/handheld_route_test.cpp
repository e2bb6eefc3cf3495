// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld_route.hpp"

#include "base/text.hpp"
#include "formats/handheld_codes.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

HandheldRoute walk() {
    HandheldRoute route;
    route.read_date = Date::ymd(2026, 6, 29);
    route.utility = "VALDORO ELECTRIC";
    route.cycle = "20";
    route.route = "90-01";
    route.message = "READ 2026-06-26 TO 2026-07-02";
    RouteDoor door;
    door.account = "10000000017";
    door.name = "Ñuñez, Ana";
    door.street = "412 Oak Street";
    door.meter = "V090001";
    door.messages = {{"dog", "big and loose"}, {"language", "es"}};
    RouteRegister energy;
    energy.last_reading = Decimal(4120, 0);
    energy.last_date = Date::ymd(2026, 5, 29);
    energy.low_limit = 4435;
    energy.high_limit = 5382;
    RouteRegister demand;
    demand.reg = "KW";
    demand.dials = 3;
    demand.decimals = 2;
    door.registers = {energy, demand};
    route.doors = {door, door};
    route.doors[1].meter = "V090002";
    route.doors[1].messages.clear();
    return route;
}

TEST(HandheldRoute, EveryLineIsOfTheLayoutAndCountedByTheTrailers) {
    const Layout& layout = shipped_layout("mvrs-126");
    const std::string text = write_handheld_route(walk());
    std::vector<std::string> types;
    std::optional<RecordView> energy;
    std::optional<RecordView> demand;
    std::optional<RecordView> customer;
    std::optional<RecordView> trailer;
    std::optional<RecordView> message;
    for (const std::string_view line : split_text(text, '\n')) {
        if (line.empty()) continue;
        ASSERT_EQ(line.size(), 127U) << line;  // 126 and a carriage return
        const LayoutRecord* record = layout.record_of(line);
        ASSERT_NE(record, nullptr) << line;
        types.emplace_back(record->type);
        const RecordView view(*record, line.substr(0, 126));
        Problems problems;
        EXPECT_TRUE(view.check("handheld", 1, problems)) << line;
        if (record->type == "RDG" && !energy) energy = view;
        if (record->type == "RDG") demand = view;
        if (record->type == "CUS") customer = view;
        if (record->type == "MTX" && !message) message = view;
        if (record->type == "FTR") trailer = view;
    }
    EXPECT_EQ(types, (std::vector<std::string>{"FHD", "CHD", "RHD", "RHM", "CUS", "MTR", "MTX",
                                               "MTX", "RDG", "RDG", "CUS", "MTR", "RDG", "RDG",
                                               "RTR", "CTR", "FTR"}));
    EXPECT_EQ(energy->number("last_reading"), 4120);
    EXPECT_EQ(energy->date("last_date"), Date::ymd(2026, 5, 29));
    EXPECT_EQ(energy->number("low_limit"), 4435);
    EXPECT_EQ(energy->number("high_limit"), 5382);
    EXPECT_EQ(demand->text("register"), "KW");
    EXPECT_EQ(demand->number("dials"), 5);  // three before the point, two behind it
    EXPECT_EQ(demand->number("decimals"), 2);
    EXPECT_EQ(demand->text("last_reading"), "");
    EXPECT_EQ(customer->text("name"), "Nunez, Ana");
    EXPECT_EQ(customer->text("street_number"), "412");
    EXPECT_EQ(customer->text("street"), "Oak Street");
    EXPECT_EQ(message->text("kind"), "dog");
    EXPECT_EQ(message->text("text"), "big and loose");
    EXPECT_EQ(trailer->number("customers"), 2);
    EXPECT_EQ(trailer->number("meters"), 2);
    EXPECT_EQ(trailer->number("reads"), 4);
}

TEST(HandheldRoute, TheSameRouteGivesTheSameBytes) {
    EXPECT_EQ(write_handheld_route(walk()), write_handheld_route(walk()));
}

TEST(HandheldRoute, WhatAPersonWroteCannotBreakALine) {
    HandheldRoute route = walk();
    route.doors[0].messages = {{"dog", "bites\r\nFTR000"}};
    for (const std::string_view line : split_text(write_handheld_route(route), '\n')) {
        EXPECT_TRUE(line.empty() || line.size() == 127U) << line;
    }
}

TEST(ReaderCodes, AreOursByName) {
    EXPECT_EQ(skip_code("DG").name, "dog");
    EXPECT_EQ(skip_code("dg").name, "dog");
    EXPECT_EQ(trouble_code("SC").name, "seal_cut");
    EXPECT_EQ(trouble_code("SC").opens, "trouble_reported");
    // A site's own code is not lost: it is another one, under its own letters.
    EXPECT_EQ(skip_code("ZZ").name, "other");
    EXPECT_EQ(skip_code("ZZ").code, "ZZ");
}

}  // namespace
}  // namespace watthour::formats
