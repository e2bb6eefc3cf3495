// SPDX-License-Identifier: Apache-2.0
// Cases of investigation over the API: a call about a high bill, from its opening to the letter.
#include "stage.hpp"

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

/// An account with bills whose meter is still in service.
std::string billed_account(Stage& stage) {
    app::Office& office = stage.office();
    for (const auto id : office.accounts().all_account_ids()) {
        if (office.bills().of_account(id).size() < 2) continue;
        for (const auto& served : office.service().agreements_of_account(id, service::now_known)) {
            if (served.agreement.active.until == end_of_time &&
                office.meters().installed_at({served.point.id}).size() == 1) {
                return customers::account_number(id);
            }
        }
    }
    throw std::logic_error("the city has no such account");
}

TEST(Cases, AreWorkedInTheirOrderAndConcluded) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    const std::string account = billed_account(stage);
    const std::string opening = to_text(
        json::object{{"kind", "high_bill"}, {"account", account}, {"why", "the customer called"}});
    const auto before = stage.rows();
    const auto look = stage.ask(Method::post, "/v1/cases?dry_run=true", token, opening);
    ASSERT_EQ(look.status, 201) << look.body;
    EXPECT_EQ(stage.rows(), before);
    const auto opened = object_of(stage.ask(Method::post, "/v1/cases", token, opening));
    const std::string target = "/v1/cases/" + text_of(opened, "case");
    EXPECT_EQ(text_of(opened, "account"), account);
    EXPECT_EQ(text_of(opened, "state"), "open");
    const auto again = stage.ask(Method::post, "/v1/cases", token, opening);
    EXPECT_EQ(text_of(object_of(again), "title"), "app.case_there");

    const auto view = object_of(stage.ask(Method::get, target, token));
    ASSERT_EQ(view.at("steps").as_array().size(), 10U) << to_text(view);
    const auto& first = view.at("steps").as_array()[0].as_object();
    EXPECT_EQ(text_of(first, "step"), "reads_and_multiplier");
    EXPECT_GE(first.at("evidence").as_array().size(), 2U);
    EXPECT_EQ(text_of(first.at("asks").as_object(), "es"),
              "¿Son correctas las lecturas, y es el multiplicador el de la placa?");

    const std::string late = to_text(json::object{{"step", "weather"}, {"found", "all used more"}});
    const auto refused = stage.ask(Method::post, target + "/steps", token, late);
    EXPECT_EQ(text_of(object_of(refused), "title"), "investigation.step_out_of_order");
    for (const char* step : {"reads_and_multiplier", "estimated_or_true_up", "days_in_period"}) {
        const auto done =
            stage.ask(Method::post, target + "/steps", token,
                      to_text(json::object{{"step", step}, {"found", "nothing unusual"}}));
        ASSERT_EQ(done.status, 200) << done.body;
    }
    const auto ended = stage.ask(
        Method::post, target + "/conclusion", token,
        to_text(json::object{{"finding", "longer_period"}, {"why", "more days than before"}}));
    ASSERT_EQ(ended.status, 200) << ended.body;
    const auto conclusion = object_of(ended);
    EXPECT_EQ(text_of(conclusion, "state"), "concluded");
    ASSERT_EQ(conclusion.at("proposals").as_array().size(), 1U);
    const auto& letter = conclusion.at("proposals").as_array()[0].as_object();
    EXPECT_EQ(text_of(letter, "kind"), "letter");
    const auto item =
        stage.ask(Method::get, "/v1/work-items/" + text_of(letter, "work_item"), token);
    EXPECT_EQ(text_of(object_of(item), "kind"), "letter_proposed") << item.body;
    const auto list =
        object_of(stage.ask(Method::get, "/v1/cases?kind=high_bill&state=concluded", token));
    ASSERT_EQ(list.at("items").as_array().size(), 1U);
    EXPECT_EQ(text_of(list.at("items").as_array()[0].as_object(), "finding"), "longer_period");
    EXPECT_EQ(stage.ask(Method::get, "/v1/cases?kind=ghost", token).status, 400);
}

}  // namespace
}  // namespace watthour::api_test
