// SPDX-License-Identifier: Apache-2.0
// Reads over the API: entered with what they say beside it, taken back, shown by interval; meters
// that are silent; and evidence in the language of who reads it.
#include "metering/measured_quantity.hpp"
#include "stage.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

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

struct Register {
    std::string serial;
    std::string last_read;
};

/// A home with a register of five dials that was billed, and what it showed last.
Register find_register(Stage& stage) {
    app::Office& office = stage.office();
    for (const auto id : office.accounts().all_account_ids()) {
        for (const auto& served : office.service().agreements_of_account(id, service::now_known)) {
            const auto bills = office.bills().of_account(id);
            const auto installed = office.meters().installed_at({served.point.id});
            if (served.agreement.schedule != "R-1" || bills.empty() || installed.size() != 1 ||
                served.agreement.active.until != end_of_time ||
                !installed[0].channels[0].is_register() || installed[0].meter.decimals > 0) {
                continue;
            }
            const Date today = office.business_date();
            const auto reads =
                office.meters().reads({installed[0].channels[0].id}, {today - 400, today});
            if (!reads.empty()) return {installed[0].meter.serial, reads.back().reading};
        }
    }
    throw std::logic_error("no home with a register");
}

TEST(Reads, OfARegisterAloneAreItsUsage) {
    Stage& stage = Stage::shared();
    const Register home = find_register(stage);
    const std::string token = stage.token("s.lee");
    const Date today = stage.office().business_date();
    const std::string asked =
        "/v1/usage?meter=" + home.serial + "&from=" + (today - 400).to_string() + "&step=";
    const auto usage = object_of(stage.ask(Method::get, asked + "month", token));
    ASSERT_TRUE(usage.contains("rows")) << to_text(usage);
    Decimal sum(0, 3);
    for (const auto& row : usage.at("rows").as_array()) {
        sum = sum + *Decimal::parse(text_of(row.as_object(), "kwh"));
        EXPECT_FALSE(text_of(row.as_object(), "read_types").empty()) << to_text(row);
    }
    EXPECT_EQ(sum.to_shortest(), Decimal::parse(text_of(usage, "kwh"))->to_shortest());
    EXPECT_FALSE(usage.at("rows").as_array().empty());
    const auto refused = object_of(stage.ask(Method::get, asked + "hour", token));
    EXPECT_EQ(text_of(refused, "title"), "app.usage_step_of_registers") << to_text(refused);
}

TEST(Reads, AreEnteredWithWhatTheySayAndTakenBackOnTheSameDay) {
    Stage& stage = Stage::shared();
    const Register home = find_register(stage);
    const std::string where = "/v1/meters/" + home.serial;
    const std::string clerk = stage.token("s.lee");
    // 40,000 kWh more: far over any home of the sample, and less than half of what the dials hold.
    const std::string high = fmt::format("{:05}", (std::stoll(home.last_read) + 40000) % 100000);
    const auto body = [&](const std::string& reading) {
        return to_text(json::object{{"date", stage.office().business_date().to_string()},
                                    {"reading", reading},
                                    {"type", "verified"},
                                    {"why", "photograph"}});
    };
    const auto before = stage.rows();
    const auto look = stage.ask(Method::post, where + "/reads?dry_run=true", clerk, body(high));
    ASSERT_EQ(look.status, 200) << look.body;
    const auto seen = object_of(look);
    EXPECT_EQ(text_of(seen, "looks"), "high") << look.body;
    EXPECT_FALSE(text_of(seen, "usual_kwh").empty());
    EXPECT_EQ(seen.at("rolled_over").as_bool(), std::stoll(home.last_read) + 40000 > 99999);
    EXPECT_EQ(stage.rows(), before);
    EXPECT_EQ(stage.ask(Method::post, where + "/reads", stage.token("c.diaz"), body(high)).status,
              403);
    // Over the limit of the role the entry itself waits; one of few kWh does not.
    const std::string right = fmt::format("{:05}", (std::stoll(home.last_read) + 20) % 100000);
    ASSERT_EQ(stage.ask(Method::post, where + "/reads", clerk, body(right)).status, 201);
    const auto back = stage.ask(Method::post, where + "/read-withdrawals", clerk, body(right));
    EXPECT_EQ(back.status, 200) << back.body;
    EXPECT_FALSE(object_of(back).at("stands").as_bool());
    EXPECT_EQ(
        text_of(object_of(stage.ask(Method::post, where + "/read-withdrawals", clerk, body(right))),
                "title"),
        "app.read_taken_back");
    const auto shown = stage.ask(Method::get, where, clerk);
    EXPECT_EQ(shown.body.find("\"type\":\"verified\",\"reading\":\"" + right), std::string::npos);
}

TEST(Reads, OfAMeterAreShownAsTheyStand) {
    Stage& stage = Stage::shared();
    std::string serial;
    int minutes = 0;
    for (const auto& point : stage.office().service().points()) {
        for (const auto& installed : stage.office().meters().installed_at({point.id})) {
            for (const auto& channel : installed.channels) {
                if (channel.is_register() || metering::measured_quantity(channel.code) != "KWH" ||
                    installed.installation.active.until != end_of_time) {
                    continue;
                }
                serial = installed.meter.serial;
                minutes = channel.interval_minutes;
            }
        }
    }
    ASSERT_GT(minutes, 0);
    const std::string where = "/v1/meters/" + serial + "/intervals/KWH";
    const std::string clerk = stage.token("c.diaz");
    const auto day = stage.ask(Method::get, where + "?from=2025-07-28&until=2025-07-30", clerk);
    ASSERT_EQ(day.status, 200) << day.body;
    const auto shown = object_of(day);
    EXPECT_EQ(shown.at("minutes").as_int64(), minutes);
    EXPECT_EQ(shown.at("intervals").as_array().size(),
              static_cast<std::size_t>(2 * 24 * 60 / minutes));
    EXPECT_EQ(stage.ask(Method::get, where + "?from=2025-07-28&until=2025-07-28", clerk).status,
              400);
    EXPECT_EQ(stage.ask(Method::get, "/v1/meters/NONE/intervals/KWH", clerk).status, 404);
}

TEST(Freshness, AwaitsRegistersOfTheNetworkBesideIntervals) {
    Stage& stage = Stage::shared();
    const auto board = object_of(
        stage.ask(Method::get, "/v1/reads/freshness?date=2025-07-31", stage.token("c.diaz")));
    // The city lives until August 1: what the network reads of July 30 came.
    std::int64_t channels = 0;
    std::int64_t came = 0;
    for (const auto& route : board.at("routes").as_array()) {
        channels += route.at("channels").as_int64();
        came += route.at("came").as_int64();
    }
    EXPECT_EQ(board.at("channels").as_int64(), channels);
    EXPECT_EQ(board.at("came").as_int64(), came);
    EXPECT_GT(came * 10, channels * 9);
    // Of the days after that nothing came: every channel is silent, registers too.
    const auto after = object_of(
        stage.ask(Method::get, "/v1/reads/freshness?date=2025-08-10", stage.token("c.diaz")));
    const auto& silent = after.at("silent").as_array();
    EXPECT_EQ(static_cast<std::int64_t>(silent.size()), after.at("channels").as_int64());
    EXPECT_TRUE(std::any_of(silent.begin(), silent.end(), [](const auto& one) {
        return one.at("quantity").as_string() == "KWH-REG";
    }));
    std::int64_t of_head_ends = 0;
    for (const auto& one : after.at("head_ends").as_array()) {
        of_head_ends += one.at("channels").as_int64();
    }
    EXPECT_TRUE(of_head_ends == 0 || of_head_ends == after.at("channels").as_int64())
        << "each channel is of one head-end, where settings name any";
}

TEST(SilentMeters, AreListedWithATicketPingedAndVisited) {
    Stage& stage = Stage::shared();
    const std::string clerk = stage.token("c.diaz");
    const auto list = stage.ask(Method::get, "/v1/head-end/silent?days=1", clerk);
    ASSERT_EQ(list.status, 200) << list.body;
    const auto silent = object_of(list).at("meters").as_array();
    EXPECT_EQ(stage.ask(Method::get, "/v1/head-end/silent", stage.token("k.brown")).status, 403);
    EXPECT_EQ(stage.ask(Method::get, "/v1/head-end/silent?days=32", clerk).status, 422);
    const auto ticket = stage.ask(Method::get, "/v1/head-end/silent/ticket?days=1", clerk);
    EXPECT_EQ(ticket.content_type, "text/csv; charset=utf-8");
    EXPECT_TRUE(ticket.body.starts_with("meter,quantities,route,account,last_day,days_silent,"));
    EXPECT_EQ(static_cast<std::size_t>(std::count(ticket.body.begin(), ticket.body.end(), '\n')),
              silent.size() + 1);
    // One that nobody knows is told by itself and stops nobody else.
    const auto pings = stage.ask(Method::post, "/v1/head-end/pings?dry_run=true", clerk,
                                 R"({"meters":["NONE"],"why":"silent"})");
    ASSERT_EQ(pings.status, 202) << pings.body;
    EXPECT_EQ(object_of(pings).at("asked").as_int64(), 0);
    EXPECT_FALSE(
        text_of(object_of(pings).at("pinged").as_array()[0].as_object(), "refused").empty());
    EXPECT_EQ(
        stage.ask(Method::post, "/v1/head-end/pings", clerk, R"({"meters":["NONE"],"why":" "})")
            .status,
        422);
    // A meter that is not silent is not visited.
    const auto orders =
        stage.ask(Method::post, "/v1/head-end/order-proposals", clerk, R"({"meters":["NONE"]})");
    ASSERT_EQ(orders.status, 200) << orders.body;
    EXPECT_EQ(object_of(orders).at("proposed").as_int64(), 0);
}

TEST(WorkItems, AreToldInTheLanguageOfTheReader) {
    Stage& stage = Stage::shared();
    worklist::WorkItem item;
    item.kind = "vacant_use";
    item.cause = "service.vacant_use";
    item.subject = "V-TOLD|2025-07-30";
    item.id = worklist::work_item_id(item.kind, 0, item.subject);
    item.evidence = worklist::stored(worklist::tell(
        "told.vacant_use",
        {{"meter", "V-TOLD"}, {"kwh", "31.000"}, {"from", "2025-07-23"}, {"until", "2025-07-30"}}));
    item.next_step = worklist::stored(worklist::tell("told.vacant_use.next"));
    item.opened_on = stage.office().business_date();
    {
        storage::Transaction transaction(stage.office().database(), stage.office().business_date());
        (void)stage.office().work().open({item});
        transaction.commit();
    }
    const std::string where = fmt::format("/v1/work-items/{}", item.id.value);
    const std::string clerk = stage.token("s.lee");
    const auto told = [&](const char* languages) {
        return text_of(
            object_of(stage.ask(Method::get, where, clerk, "", {{"accept-language", languages}})),
            "evidence");
    };
    const std::string english =
        "Meter V-TOLD used 31.000 kWh from 2025-07-23 to 2025-07-30 and nobody has an agreement.";
    const std::string spanish =
        "El medidor V-TOLD consumió 31.000 kWh del 2025-07-23 al 2025-07-30 y nadie tiene "
        "contrato.";
    EXPECT_EQ(told("en"), english);
    EXPECT_EQ(told("es-MX,es;q=0.9,en;q=0.8"), spanish);
    EXPECT_EQ(told("fr, es"), spanish);
    for (const char* other : {"", "fr", ",,", "*", "EN"}) EXPECT_EQ(told(other), english) << other;
}

}  // namespace
}  // namespace watthour::api_test
