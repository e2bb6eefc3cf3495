// SPDX-License-Identifier: Apache-2.0
// Files over the API: looked at, mapped, previewed, taken, their failed rows repaired and brought
// back; use and determinants out.
#include "stage.hpp"

#include <fmt/format.h>

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

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

struct MeterOfTest {
    std::string serial;
    int minutes = 0;
};

MeterOfTest interval_meter(Stage& stage) {
    for (const auto& address : stage.office().meters().channel_addresses()) {
        if (address.interval_minutes > 0 && address.code.starts_with("KWH")) {
            return {address.serial, address.interval_minutes};
        }
    }
    throw std::logic_error("the city has no interval meter");
}

/// A day that no reads are of yet, by the ends of its intervals: 0.1 kWh each. The second row is
/// no number.
std::string day_of(const MeterOfTest& meter) {
    std::string text = "Contador;Fin;Consumo (kWh)\n";
    const int count = 1440 / meter.minutes;
    for (int i = 1; i <= count; ++i) {
        const int minute = i * meter.minutes;
        text += fmt::format("{};{} {:02}:{:02};{}\n", meter.serial,
                            minute == 1440 ? "2025-04-11" : "2025-04-10", minute / 60 % 24,
                            minute % 60, i == 2 ? "0,x" : "0,1");
    }
    return text;
}

TEST(Files, AreMappedOnceTakenAndRepaired) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const MeterOfTest meter = interval_meter(stage);
    const int count = 1440 / meter.minutes;
    const std::string bytes = day_of(meter);
    const std::string target = "/v1/files?name=day.csv&date=2025-08-01";

    const auto look =
        object_of(stage.ask(Method::post, "/v1/files/look?name=day.csv", token, bytes));
    EXPECT_EQ(text_of(look, "format"), "csv-intervals") << to_text(look);
    EXPECT_TRUE(look.at("columns_guessed").as_bool());
    EXPECT_EQ(look.at("columns").as_array().size(), 3U);
    const auto unknown = stage.ask(Method::post, target, token, bytes);
    EXPECT_EQ(text_of(object_of(unknown), "title"), "app.columns_not_confirmed");

    // What is proposed is looked at before it is remembered.
    const auto rows = stage.rows();
    const auto preview =
        object_of(stage.ask(Method::post,
                            target + "&dry_run=true&profile=" +
                                encoded(to_text(*parse_json(text_of(look, "profile"), "mapping"))),
                            token, bytes));
    EXPECT_EQ(stage.rows(), rows);
    // All but one row of 0.1 kWh.
    EXPECT_EQ(text_of(preview, "kwh"), fmt::format("{}.{}", (count - 1) / 10, (count - 1) % 10))
        << to_text(preview);
    EXPECT_EQ(preview.at("failed_rows").as_int64(), 1);
    EXPECT_EQ(preview.at("meters_known").as_int64(), 1);
    ASSERT_EQ(preview.at("rows").as_array().size(),
              static_cast<std::size_t>(std::min(50, count - 1)));
    const auto& first = preview.at("rows").as_array()[0].as_object();
    EXPECT_EQ(text_of(first, "start"), "2025-04-10T00:00:00-07:00");
    EXPECT_EQ(text_of(first, "kwh"), "0.1");
    ASSERT_EQ(preview.at("causes").as_array().size(), 1U);

    const std::string mapping =
        to_text(json::object{{"name", "Test feeder"},
                             {"profile", text_of(look, "profile")},
                             {"fingerprint", text_of(look, "fingerprint")}});
    EXPECT_EQ(stage.ask(Method::post, "/v1/read-profiles", token, mapping).status, 201);
    const auto taken = object_of(stage.ask(Method::post, target, token, bytes));
    EXPECT_EQ(text_of(taken, "profile_name"), "Test feeder") << to_text(taken);
    EXPECT_EQ(taken.at("posted").as_int64(), count - 1);
    const std::string file = "/v1/files/" + text_of(taken, "file_id");
    EXPECT_EQ(text_of(object_of(stage.ask(Method::get, file, token)), "state"), "waiting");

    auto errors = stage.ask(Method::get, file + "/error-file", token);
    ASSERT_EQ(errors.status, 200) << errors.body;
    EXPECT_EQ(std::count(errors.body.begin(), errors.body.end(), '\n'), 2);
    const std::size_t bad = errors.body.find("0,x;");
    ASSERT_NE(bad, std::string::npos) << errors.body;
    std::string repaired = errors.body;
    repaired.replace(bad, 3, "0,1");
    const auto back = object_of(
        stage.ask(Method::post, "/v1/files?name=repaired.csv&date=2025-08-01", token, repaired));
    EXPECT_EQ(back.at("posted").as_int64(), 1) << to_text(back);
    EXPECT_EQ(back.at("repaired").as_int64(), 1);
    const auto page = object_of(stage.ask(Method::get, file, token));
    EXPECT_EQ(text_of(page, "state"), "settled");
    EXPECT_EQ(page.at("repaired").as_int64(), 1);
    const auto rejects = object_of(stage.ask(Method::get, file + "/rejects", token));
    ASSERT_EQ(rejects.at("items").as_array().size(), 1U);
    EXPECT_EQ(text_of(rejects.at("items").as_array()[0].as_object(), "state"), "repaired");
    EXPECT_EQ(text_of(object_of(stage.ask(Method::get, file + "/error-file", token)), "title"),
              "app.file_without_failed_rows");

    const auto retired = stage.ask(Method::post, "/v1/read-profiles/Test%20feeder/retirement",
                                   token, R"({"why":"test"})");
    EXPECT_EQ(retired.status, 200) << retired.body;
    EXPECT_EQ(text_of(object_of(stage.ask(Method::get, "/v1/read-profiles/Test%20feeder", token)),
                      "state"),
              "retired");
}

TEST(Files, RowsThatNobodyNeedsAreSetAsideWithAReason) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const std::string bytes =
        "meter,start,kwh_delivered\nNOBODY-1,2025-04-12T00:00-07:00,1\n"
        "NOBODY-1,2025-04-12T01:00-07:00,1\n";
    const auto taken = object_of(
        stage.ask(Method::post, "/v1/files?name=nobody.csv&date=2025-08-01", token, bytes));
    EXPECT_EQ(taken.at("failed_rows").as_int64(), 2) << to_text(taken);
    EXPECT_EQ(taken.at("meters_unknown").as_int64(), 1);
    const std::string file = "/v1/files/" + text_of(taken, "file_id");
    const auto aside = stage.ask(Method::post, file + "/rows-set-aside", token,
                                 R"({"lines":["2"],"why":"test meter"})");
    EXPECT_EQ(object_of(aside).at("rows").as_int64(), 1) << aside.body;
    EXPECT_EQ(object_of(stage.ask(Method::get, file, token)).at("waiting").as_int64(), 1);
    EXPECT_EQ(text_of(object_of(stage.ask(Method::post, file + "/rows-set-aside", token,
                                          R"({"lines":["2"],"why":"again"})")),
                      "title"),
              "app.file_row_not_waiting");
    EXPECT_EQ(text_of(object_of(stage.ask(Method::get, "/v1/files/17", token)), "title"),
              "app.file_unknown");
}

TEST(Files, UseAndDeterminantsAreHandedOut) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    std::string account;
    for (const auto id : stage.office().accounts().all_account_ids()) {
        for (const auto& served :
             stage.office().service().agreements_of_account(id, service::now_known)) {
            const bool tou = served.agreement.schedule.find("TOU") != std::string::npos;
            if (tou && !stage.office().bills().of_account(id).empty()) {
                account = customers::account_number(id);
            }
        }
    }
    ASSERT_FALSE(account.empty());
    const auto feed =
        stage.ask(Method::get, "/v1/accounts/" + account + "/usage-export?from=2025-05-01", token);
    EXPECT_EQ(feed.status, 200) << feed.body.substr(0, 300);
    EXPECT_NE(feed.body.find("naesb.org/espi"), std::string::npos);
    EXPECT_EQ(feed.body.find(account), std::string::npos);
    const auto found = object_of(
        stage.ask(Method::get, "/v1/bills?from=2025-05-01&until=2025-12-31&limit=200", token));
    for (const auto& bill : found.at("items").as_array()) {
        if (text_of(bill.as_object(), "account") != account) continue;
        const std::string until = text_of(bill.as_object(), "until");
        const auto rows = object_of(stage.ask(
            Method::get, "/v1/determinants?account=" + account + "&read_date=" + until, token));
        ASSERT_FALSE(rows.at("items").as_array().empty()) << to_text(rows);
        EXPECT_EQ(text_of(rows.at("items").as_array()[0].as_object(), "determinant"), "KWH");
        break;
    }
    const auto csv =
        stage.ask(Method::get, "/v1/determinants?cycle=05&read_date=2025-06-07&format=csv", token);
    EXPECT_EQ(csv.status, 200) << csv.body;
    EXPECT_NE(csv.body.find("account,agreement,point,schedule,determinant,quantity"),
              std::string::npos)
        << csv.body;
    EXPECT_EQ(stage.ask(Method::get, "/v1/determinants", token).status, 422);
}

}  // namespace
}  // namespace watthour::api_test
