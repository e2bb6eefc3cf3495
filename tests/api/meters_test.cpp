// SPDX-License-Identifier: Apache-2.0
// The meter shop over the API: what a meter page shows, and an exchange that is looked at first.
#include "app/meter_shop.hpp"
#include "base/files.hpp"
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

struct Home {
    std::string serial;
    std::string account;
    std::string last_read;  ///< of the last billed day
    Date billed_until;
};

/// A home whose meter has a register alone, was there from the beginning, and is billed.
Home find_home(Stage& stage) {
    app::Office& office = stage.office();
    for (const auto id : office.accounts().all_account_ids()) {
        for (const auto& served : office.service().agreements_of_account(id, service::now_known)) {
            if (served.agreement.schedule != "R-1" ||
                served.agreement.active.until != end_of_time || served.point.reading != "ami") {
                continue;
            }
            const auto installed = office.meters().installed_at({served.point.id});
            const auto bills = office.bills().of_account(id);
            if (installed.size() != 1 || bills.empty()) continue;
            const Date until = bills.back().period.until;
            const auto reads =
                office.meters().reads({installed[0].channels[0].id}, {until, until + 1});
            if (reads.empty()) continue;
            return {installed[0].meter.serial, customers::account_number(id), reads[0].reading,
                    until};
        }
    }
    throw std::logic_error("the city has no such home");
}

std::string body_of_exchange(const std::string& fresh, const std::string& removal, Date on) {
    return to_text(json::object{{"in", fresh},
                                {"removal_read", removal},
                                {"set_read", "00003"},
                                {"on", on.to_string()},
                                {"why", "display dark"}});
}

TEST(Meters, AreListedByStateAndShownWithTheirHistory) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto list = object_of(stage.ask(Method::get, "/v1/meters?state=quarantined", token));
    ASSERT_EQ(list.at("items").as_array().size(), 1U) << to_text(list);
    EXPECT_EQ(text_of(list.at("items").as_array()[0].as_object(), "meter"), "V500013");
    const auto meter = object_of(stage.ask(Method::get, "/v1/meters/V500013", token));
    EXPECT_EQ(text_of(meter, "state"), "quarantined");
    ASSERT_EQ(meter.at("tests").as_array().size(), 1U);
    // (4 x 103.08 + 103.08) / 5 = 103.08, above 102.
    const auto& test = meter.at("tests").as_array()[0].as_object();
    EXPECT_EQ(text_of(test, "average"), "103.08");
    EXPECT_EQ(text_of(test, "verdict"), "fast");
    EXPECT_EQ(meter.at("states").as_array().size(), 3U);
    EXPECT_EQ(stage.ask(Method::get, "/v1/meters?state=lost", token).status, 400);
    EXPECT_EQ(stage.ask(Method::get, "/v1/meters/NO-1", token).status, 404);
}

TEST(Meters, AreExchangedAfterALookAtTheBalance) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const Home home = find_home(stage);
    const std::string target = "/v1/meters/" + home.serial + "/exchange";
    const auto on = home.billed_until + 3;
    const auto used = std::stoll(home.last_read) + 41;
    std::string removal = std::to_string(used % 100000);
    removal.insert(0, 5 - removal.size(), '0');
    const auto refused =
        stage.ask(Method::post, target, token, body_of_exchange("V500013", removal, on));
    EXPECT_EQ(text_of(object_of(refused), "title"), "app.meter_not_available");
    const auto billed = stage.ask(Method::post, target, token,
                                  body_of_exchange("V500001", removal, home.billed_until - 1));
    EXPECT_EQ(text_of(object_of(billed), "title"), "app.exchange_in_billed_days");
    const std::string body = body_of_exchange("V500001", removal, on);
    const auto before = stage.rows();
    const auto look = object_of(stage.ask(Method::post, target + "?dry_run=true", token, body));
    EXPECT_EQ(stage.rows(), before);
    ASSERT_TRUE(look.at("balance").is_object()) << to_text(look);
    EXPECT_EQ(text_of(look.at("balance").as_object(), "sum_kwh"), "41");
    EXPECT_EQ(text_of(look.at("balance").as_object(), "point_kwh"), "41");
    EXPECT_EQ(text_of(look, "account"), home.account);
    const auto done = stage.ask(Method::post, target, token, body);
    ASSERT_EQ(done.status, 200) << done.body;
    const auto again = stage.ask(Method::post, target, token, body);
    EXPECT_EQ(text_of(object_of(again), "title"), "app.meter_elsewhere");
    const auto old = object_of(stage.ask(Method::get, "/v1/meters/" + home.serial, token));
    EXPECT_EQ(text_of(old, "state"), "removed");
    // What was believed before stands as the first version.
    const auto& versions = old.at("installations").as_array();
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(text_of(versions[1].as_object(), "removal_read"), removal);
    // The day before the paper came it hung there.
    const auto then = object_of(
        stage.ask(Method::get, "/v1/meters/" + home.serial + "?known_on=2026-06-14", token));
    EXPECT_EQ(text_of(then, "state"), "in_service");
    EXPECT_EQ(then.at("installations").as_array().size(), 1U);
    const auto fresh = object_of(stage.ask(Method::get, "/v1/meters/V500001", token));
    EXPECT_EQ(text_of(fresh, "state"), "in_service");
    const auto found =
        object_of(stage.ask(Method::get, "/v1/search?q=V500001", stage.token("c.diaz")));
    ASSERT_FALSE(found.at("items").as_array().empty());
    EXPECT_EQ(text_of(found.at("items").as_array()[0].as_object(), "account"), home.account);
}

TEST(Meters, KeepWhatTheServiceCanCarry) {
    Stage& stage = Stage::shared();
    const std::string shop = stage.token("s.lee");
    const std::string meter = "/v1/meters/" + find_home(stage).serial;
    const auto record = [&](const char* of, const char* kw, const char* query) {
        return stage.ask(Method::post, meter + "/capacities" + query, shop,
                         to_text(json::object{{"of", of}, {"kw", kw}, {"why", "permit 26-118"}}));
    };
    EXPECT_EQ(text_of(object_of(record("cable", "24", "")), "title"), "app.meter_field_wrong");
    EXPECT_EQ(text_of(object_of(record("panel", "-1", "")), "title"), "app.meter_field_wrong");
    const auto capacities = [&] {
        return object_of(stage.ask(Method::get, meter, shop)).at("capacities").as_array();
    };
    const auto tried = record("panel", "24", "?dry_run=true");
    ASSERT_EQ(tried.status, 201) << tried.body;
    EXPECT_TRUE(capacities().empty());
    ASSERT_EQ(record("panel", "24", "").status, 201);
    ASSERT_EQ(record("panel", "48", "").status, 201);
    ASSERT_EQ(capacities().size(), 1U) << "of the same day: corrected";
    EXPECT_EQ(text_of(capacities()[0].as_object(), "kw"), "48");
    EXPECT_EQ(stage
                  .ask(Method::post, meter + "/capacities", stage.token("c.diaz"),
                       to_text(json::object{{"of", "panel"}, {"kw", "24"}, {"why", "said so"}}))
                  .status,
              403);
}

TEST(Meters, TakeCommentsFromTheCounterAndNoWorkFromIt) {
    Stage& stage = Stage::shared();
    const std::string counter = stage.token("c.diaz");
    const auto written =
        stage.ask(Method::post, "/v1/meters/V500002/comments", counter,
                  to_text(json::object{{"kind", "dog"}, {"text", "Two dogs, ring first"}}));
    ASSERT_EQ(written.status, 201) << written.body;
    const std::string comment = text_of(object_of(written), "comment");
    const auto ended = stage.ask(Method::post, "/v1/meter-comments/" + comment + "/end", counter,
                                 to_text(json::object{{"why", "moved away"}}));
    EXPECT_EQ(ended.status, 200) << ended.body;
    const auto twice = stage.ask(Method::post, "/v1/meter-comments/" + comment + "/end", counter,
                                 to_text(json::object{{"why", "moved away"}}));
    EXPECT_EQ(text_of(object_of(twice), "title"), "app.comment_unknown");
    const auto moved =
        stage.ask(Method::post, "/v1/meters/V500002/state", counter,
                  to_text(json::object{{"state", "issued"}, {"why", "with the crew"}}));
    EXPECT_EQ(moved.status, 403);
}

TEST(Meters, ShowWhatATestWouldSayBeforeItIsKept) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const std::string body =
        to_text(json::object{{"standard", "RD-21"}, {"full_load", "99.8"}, {"light_load", "97.6"}});
    const auto before = stage.rows();
    const auto look = stage.ask(Method::post, "/v1/meters/V500003/tests?dry_run=true", token, body);
    EXPECT_EQ(stage.rows(), before);
    EXPECT_EQ(text_of(object_of(look), "average"), "99.36") << look.body;
    const auto kept = stage.ask(Method::post, "/v1/meters/V500003/tests", token, body);
    EXPECT_EQ(kept.status, 201) << kept.body;
    EXPECT_EQ(text_of(object_of(kept), "verdict"), "within");
}

TEST(Meters, AreCorrectedByTwoWhereBillsCountByWhatWasWrong) {
    Stage& stage = Stage::shared();
    const std::string shop = stage.token("s.lee");
    const Home home = find_home(stage);
    const std::string meter = "/v1/meters/" + home.serial;
    const auto correct = [&](json::object body, const char* query, const std::string& who) {
        body.emplace("why", "plate read by the crew");
        return stage.ask(Method::post, meter + "/corrections" + query, who, to_text(body));
    };
    const auto multiplier = [&](const char* query) {
        return text_of(object_of(stage.ask(Method::get, meter + query, shop)), "multiplier");
    };
    EXPECT_EQ(correct({{"form", "2S"}}, "", stage.token("c.diaz")).status, 403);
    EXPECT_EQ(text_of(object_of(correct({}, "", shop)), "title"), "app.correction_changes_nothing");
    EXPECT_EQ(text_of(object_of(correct({{"multiplier", "3"}}, "", shop)), "title"),
              "metering.multiplier_disagrees");
    EXPECT_EQ(correct({{"dials", "six"}}, "", shop).status, 422);

    // Every read counts twice what it counted; all else is as it was billed.
    const auto before = stage.rows();
    const auto look = object_of(correct({{"register_constant", "2"}}, "?dry_run=true", shop));
    EXPECT_EQ(stage.rows(), before);
    ASSERT_TRUE(look.contains("bills")) << to_text(look);
    EXPECT_TRUE(look.at("second_person").as_bool());
    ASSERT_FALSE(look.at("bills").as_array().empty());
    Money difference;
    for (const auto& one : look.at("bills").as_array()) {
        const auto& bill = one.as_object();
        EXPECT_EQ(text_of(bill, "account"), home.account);
        const auto billed = *Decimal::parse(text_of(bill, "billed_kwh"));
        EXPECT_EQ(*Decimal::parse(text_of(bill, "kwh")), billed + billed) << to_text(bill);
        difference += *Money::parse(text_of(bill, "difference"));
    }
    EXPECT_EQ(text_of(look, "difference"), difference.to_string());

    const auto asked = object_of(correct({{"register_constant", "2"}}, "", shop));
    EXPECT_EQ(text_of(asked, "title"), "access.needs_approval");
    EXPECT_EQ(multiplier(""), "1");
    const auto agree = [&] {
        // Other tests of the program leave requests of theirs waiting.
        std::string waiting;
        for (const auto& approval : stage.office().approvals().open()) {
            if (approval.use_case == "meter.correct") waiting = std::to_string(approval.id.value);
        }
        const auto decided = stage.ask(
            Method::post, "/v1/approvals/" + waiting + "/decision", stage.token("f.gomez"),
            to_text(json::object{{"verdict", "approve"}, {"why", "photograph seen"}}));
        EXPECT_EQ(decided.status, 200) << decided.body;
    };
    const auto items = [&] {
        std::vector<worklist::WorkItem> found;
        for (auto& item : stage.office().work().list("open")) {
            if (item.cause == "metering.details_corrected") found.push_back(std::move(item));
        }
        return found;
    };
    agree();
    EXPECT_EQ(multiplier(""), "2");
    EXPECT_EQ(multiplier("?known_on=2026-06-14"), "1") << "as it was believed";
    ASSERT_EQ(items().size(), 1U);
    EXPECT_EQ(items()[0].at_stake, difference.magnitude());

    // Back again: the bills were right, and nobody is asked to make them anew.
    EXPECT_EQ(text_of(object_of(correct({{"register_constant", "1"}}, "", shop)), "title"),
              "access.needs_approval");
    agree();
    EXPECT_EQ(multiplier(""), "1");
    EXPECT_TRUE(items().empty());
    const auto form = correct({{"form", "9S"}, {"maker", "Calder"}}, "", shop);
    ASSERT_EQ(form.status, 200) << form.body;
    EXPECT_FALSE(object_of(form).at("second_person").as_bool());
    EXPECT_EQ(text_of(object_of(stage.ask(Method::get, meter, shop)), "form"), "9S");
}

/// Settings of a head-end that is away.
void write_settings() {
    const std::string path = folder_of_test() + "/head-end.json";
    write_file(path, R"({"systems": [{"name": "north", "protocol": "multispeak", )"
                     R"("url": "http://127.0.0.1:1/MR", "reply_secret": "sixteen-letters-1"}]})");
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    ::setenv("WATTHOUR_HEAD_END", path.c_str(), 1);
}

TEST(Meters, AreAskedAndAnswerThroughTheDoor) {
    Stage& stage = Stage::shared();
    write_settings();
    const Home home = find_home(stage);
    const std::string where = "/v1/meters/" + home.serial + "/commands";
    const auto body = [](const char* kind) {
        return to_text(json::object{{"kind", kind}, {"why", "no read"}});
    };
    const std::string clerk = stage.token("c.diaz");
    EXPECT_EQ(stage.ask(Method::post, where, stage.token("k.brown"), body("read")).status, 403);
    EXPECT_EQ(stage.ask(Method::post, where, clerk, body("connect")).status, 403);
    EXPECT_EQ(stage.ask(Method::post, where, clerk, body("explode")).status, 400);
    const auto cut = stage.ask(Method::post, where, stage.token("s.lee"), body("disconnect"));
    EXPECT_EQ(text_of(object_of(cut), "title"), "access.needs_approval") << cut.body;
    const auto before = stage.rows();
    const auto look = stage.ask(Method::post, where + "?dry_run=true", clerk, body("read"));
    EXPECT_EQ(look.status, 202) << look.body;
    EXPECT_EQ(stage.rows(), before);
    const auto asked = stage.ask(Method::post, where, clerk, body("read"));
    ASSERT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(text_of(object_of(asked), "state"), "sent");
    const std::string request = text_of(object_of(asked), "request");

    const std::string answer =
        "<ReadingChangedNotification><changedMeterReads><meterRead><meterNo>" + home.serial +
        "</meterNo><readingDate>2025-08-01T13:20:00-07:00</readingDate><posKWh>" + home.last_read +
        "</posKWh></meterRead></changedMeterReads><transactionID>wh-" + request +
        "</transactionID></ReadingChangedNotification>";
    for (const char* stranger : {"/head-end/multispeak", "/head-end/multispeak/another-secret-17",
                                 "/head-end/iec61968/sixteen-letters-1", "/head-end/"}) {
        EXPECT_EQ(stage.ask(Method::post, stranger, "", answer).status, 401) << stranger;
        EXPECT_EQ(stage.ask(Method::post, stranger, clerk, answer).status, 401) << stranger;
    }
    const char* door = "/head-end/multispeak/sixteen-letters-1";
    EXPECT_EQ(stage.ask(Method::post, door, "", answer).status, 200);
    EXPECT_EQ(stage.ask(Method::post, door, "", answer).status, 200);
    const auto list =
        object_of(stage.ask(Method::get, "/v1/head-end/requests?meter=" + home.serial, clerk));
    ASSERT_EQ(list.at("items").as_array().size(), 1U) << to_text(list);
    const auto& row = list.at("items").as_array()[0].as_object();
    EXPECT_EQ(text_of(row, "state"), "done");
    // Sent, not delivered, done, and the same once more.
    EXPECT_EQ(row.at("changes").as_array().size(), 4U) << to_text(row);
    EXPECT_EQ(stage.ask(Method::get, "/v1/head-end/requests?state=lost", clerk).status, 400);
}

}  // namespace
}  // namespace watthour::api_test
