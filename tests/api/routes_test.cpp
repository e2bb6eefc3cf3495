// SPDX-License-Identifier: Apache-2.0
// Read routes over the API: the walk of the sample's opt-outs, a move that is looked at first, the
// read calendar.
#include "stage.hpp"

#include <algorithm>

namespace watthour::api_test {
namespace {

using api::Method;

json::object object_of(const api::Response& response) {
    auto parsed = parse_json(response.body, "answer");
    return parsed && parsed->is_object() ? parsed->as_object() : json::object{};
}

std::string text_of(const json::object& object, const char* field) {
    const auto* value = object.if_contains(field);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t whole_of(const json::object& object, const char* field) {
    return object.at(field).to_number<std::int64_t>();
}

TEST(ReadRoutes, AreListedWithTheirProgress) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto list = object_of(stage.ask(Method::get, "/v1/routes?limit=200", token));
    const auto& items = list.at("items").as_array();
    std::int64_t points = 0;
    bool walked = false;
    for (const auto& value : items) {
        const json::object& row = value.as_object();
        points += whole_of(row, "points");
        EXPECT_EQ(whole_of(row, "meters"),
                  whole_of(row, "read") + whole_of(row, "estimated") + whole_of(row, "unread"))
            << to_text(row);
        if (text_of(row, "route") != "90-01") continue;
        walked = true;
        EXPECT_EQ(text_of(row, "kind"), "opt_out");
        EXPECT_EQ(text_of(row, "cycle"), "20");
        EXPECT_EQ(text_of(row, "reader"), "R07");
    }
    EXPECT_TRUE(walked);
    EXPECT_EQ(points, static_cast<std::int64_t>(stage.office().service().points().size()));
}

TEST(ReadRoutes, TheWalkShowsEveryMeterOnceInItsOrder) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    // Cycle 20 was read on 2025-07-29, and the handheld's file of that day came in.
    const auto walk =
        object_of(stage.ask(Method::get, "/v1/routes/90-01?read_date=2025-07-29", token));
    const auto& stops = walk.at("stops").as_array();
    ASSERT_FALSE(stops.empty());
    std::int64_t before = 0;
    for (const auto& value : stops) {
        const json::object& stop = value.as_object();
        EXPECT_LT(before, whole_of(stop, "order"));
        before = whole_of(stop, "order");
        EXPECT_EQ(text_of(stop, "state"), "read") << to_text(stop);
        EXPECT_FALSE(stop.at("registers").as_array().empty());
    }
    EXPECT_EQ(walk.at("exports").as_array().size(), 1U);  // the sample's walk went out
    EXPECT_EQ(stage.ask(Method::get, "/v1/routes/90-01?read_date=2025-07-28", token).status, 422);
    EXPECT_EQ(stage.ask(Method::get, "/v1/routes/no-such", token).status, 404);
}

TEST(ReadRoutes, TheSameExportIsTheSameFile) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const std::string body = to_text(json::object{{"read_date", "2026-06-29"}});
    const auto first = object_of(stage.ask(Method::post, "/v1/routes/90-01/exports", token, body));
    ASSERT_EQ(whole_of(first, "number"), 1) << to_text(first);
    const auto rows = stage.rows();
    const auto again = object_of(stage.ask(Method::post, "/v1/routes/90-01/exports", token, body));
    EXPECT_TRUE(again.at("again").as_bool());
    EXPECT_EQ(text_of(again, "text"), text_of(first, "text"));
    EXPECT_EQ(text_of(again, "sha256"), text_of(first, "sha256"));
    EXPECT_EQ(stage.rows(), rows);
    const auto ami = stage.ask(Method::post, "/v1/routes/05-01/exports", token, "{}");
    EXPECT_EQ(text_of(object_of(ami), "title"), "app.route_not_walked");
}

TEST(ReadRoutes, AMoveIsLookedAtFirst) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto walk = object_of(stage.ask(Method::get, "/v1/routes/05-01", token));
    const std::string meter = text_of(walk.at("stops").as_array()[0].as_object(), "meter");
    const std::string body = to_text(json::object{{"meters", json::array{meter}},
                                                  {"to_route", "06-01"},
                                                  {"why", "the street was cut in two"}});
    const auto rows = stage.rows();
    const auto look =
        object_of(stage.ask(Method::post, "/v1/routes/05-01/move?dry_run=true", token, body));
    ASSERT_EQ(look.at("points").as_array().size(), 1U) << to_text(look);
    const auto& point = look.at("points").as_array()[0].as_object();
    // Cycle 05 was read on 06-08, cycle 06 is read on 07-08: 30 days.
    EXPECT_EQ(text_of(point, "last_read"), "2026-06-08");
    EXPECT_EQ(text_of(point, "first_read"), "2026-07-08");
    EXPECT_EQ(whole_of(point, "days"), 30);
    EXPECT_EQ(text_of(point, "verdict"), "inside");
    EXPECT_EQ(stage.rows(), rows);
    // The cashier moves nothing.
    EXPECT_EQ(stage.ask(Method::post, "/v1/routes/05-01/move", stage.token("k.brown"), body).status,
              403);
}

TEST(ReadRoutes, TheCalendarOfTheYearIsRight) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto view = object_of(stage.ask(Method::get, "/v1/read-calendar?year=2026", token));
    EXPECT_EQ(view.at("cycles").as_array().size(), 20U);
    EXPECT_TRUE(view.at("findings").as_array().empty());
    EXPECT_EQ(stage.ask(Method::get, "/v1/read-calendar?year=2031", token).status, 400);
    const auto proposal = object_of(stage.ask(Method::get, "/v1/read-calendar/proposal", token));
    EXPECT_EQ(whole_of(proposal, "year"), 2027);
    EXPECT_EQ(whole_of(proposal, "rows"), 240);
    EXPECT_TRUE(proposal.at("findings").as_array().empty());
    const auto bad = stage.ask(
        Method::post, "/v1/read-calendar/checks", token,
        to_text(json::object{
            {"text", "05\t2026-06-06\t2026-06-09\t2026-06-10\t2026-06-30\t2026-07-01\n"}}));
    EXPECT_FALSE(object_of(bad).at("ok").as_bool());
}

}  // namespace
}  // namespace watthour::api_test
