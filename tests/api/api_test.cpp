// SPDX-License-Identifier: Apache-2.0
// The operations against the contract that is generated from them: who may, what is answered, and
// what hostile words do.
#include "access/role.hpp"
#include "access/second_factor.hpp"
#include "api/openapi.hpp"
#include "app/change_users.hpp"
#include "app/import_file.hpp"
#include "app/post_payments.hpp"
#include "app/work_jobs.hpp"
#include "base/files.hpp"
#include "contract.hpp"
#include "stage.hpp"
#include "tariff/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::api_test {
namespace {

using api::Access;
using api::Method;
using api::Route;

const std::vector<std::pair<std::string, std::string>> staff = {{"m.ortiz", "billing_technician"},
                                                                {"s.lee", "billing_supervisor"},
                                                                {"f.gomez", "finance"},
                                                                {"c.diaz", "csr"},
                                                                {"k.brown", "cashier"},
                                                                {"j.park", "meter_shop"},
                                                                {"a.reyes", "auditor"}};

json::object body_of(const api::Response& response) {
    auto parsed = parse_json(response.body, "answer");
    return parsed && parsed->is_object() ? parsed->as_object() : json::object{};
}

std::string title_of(const api::Response& response) {
    const auto body = body_of(response);
    const auto* title = body.if_contains("title");
    return title == nullptr ? response.body : std::string(title->as_string());
}

/// An address of the operation, about things that are there.
std::string target_of(const Route& route) {
    Stage& stage = Stage::shared();
    std::string target(route.pattern);
    const auto put = [&](const std::string& name, const std::string& value) {
        const auto at = target.find(name);
        if (at != std::string::npos) target.replace(at, name.size(), value);
    };
    put("{account}", stage.first_account());
    put("{bill}", stage.last_bill());
    put("{report}", "trial-balance");
    put("{meter}", "V500001");
    // What follows is not there: an operation that is allowed says so.
    for (const char* name :
         {"{item}", "{job}", "{user}", "{draft}", "{approval}", "{run}", "{comment}", "{case}"}) {
        put(name, "1");
    }
    char mark = '?';
    for (const auto& field : route.query) {
        if (!field.required) continue;
        target += fmt::format("{}{}={}", mark, field.name,
                              field.type == api::Type::date ? "2025-08-01" : "ana");
        mark = '&';
    }
    if (route.dry_run) target += fmt::format("{}dry_run=true", mark);
    return target;
}

/// A body with every required field, each of its type but of no particular sense.
std::string body_for(const Route& route) {
    if (route.body.empty()) return {};
    json::object body;
    for (const auto& field : route.body) {
        if (!field.required) continue;
        switch (field.type) {
            case api::Type::file_text:
            case api::Type::text: body[field.name] = "nothing"; break;
            case api::Type::money: body[field.name] = "1.00"; break;
            case api::Type::date: body[field.name] = "2025-08-01"; break;
            case api::Type::whole: body[field.name] = 1; break;
            case api::Type::flag: body[field.name] = true; break;
            case api::Type::texts: body[field.name] = json::array{"nothing"}; break;
        }
    }
    return to_text(body);
}

std::map<std::string, std::string> headers_for(const Route& route, const std::string& key) {
    if (!route.idempotency_key) return {};
    return {{"idempotency-key", key}};
}

TEST(Api, SaysNothingToStrangers) {
    Stage& stage = Stage::shared();
    const auto before = stage.rows();
    for (const std::string& token :
         {std::string(), std::string("nobody's"), std::string(64, 'a')}) {
        for (const Route& route : api::routes()) {
            if (route.access == Access::open) continue;
            // Whether the body is good is nothing to a stranger.
            for (const std::string& body : {body_for(route), std::string("{\"no"), std::string()}) {
                const auto response = stage.ask(route.method, target_of(route), token, body);
                EXPECT_EQ(response.status, 401) << route.operation;
            }
        }
        for (const char* target : {"/v1", "/v1/nothing", "/v1/accounts", "/v1/accounts/1/x",
                                   "/v1/me/../users", "/admin", "/v1/sessions/1"}) {
            EXPECT_EQ(stage.ask(Method::get, target, token).status, 401) << target;
        }
        EXPECT_EQ(stage.ask(Method::put, "/v1/me", token).status, 401);
        EXPECT_EQ(stage.ask(Method::other, "/v1/accounts/1", token).status, 401);
    }
    EXPECT_EQ(stage.rows(), before);
}

TEST(Api, LetsEachRoleDoWhatItMayAndNoMore) {
    Stage& stage = Stage::shared();
    int allowed = 0;
    int refused = 0;
    for (const auto& [user, role_name] : staff) {
        const auto* role = access::find_role(role_name);
        ASSERT_NE(role, nullptr);
        const std::string token = stage.token(user);
        for (const Route& route : api::routes()) {
            if (route.access != Access::permission) continue;
            const auto before = stage.rows();
            const auto response =
                stage.ask(route.method, target_of(route), token, body_for(route),
                          headers_for(route, user + std::string(route.operation)));
            if (role->allows(*route.permission)) {
                EXPECT_NE(response.status, 401) << user << ' ' << route.operation;
                EXPECT_NE(title_of(response), "access.not_allowed")
                    << user << ' ' << route.operation;
                EXPECT_LT(response.status, 500) << user << ' ' << route.operation << response.body;
                ++allowed;
            } else {
                EXPECT_EQ(response.status, 403) << user << ' ' << route.operation << response.body;
                EXPECT_EQ(stage.rows(), before) << user << ' ' << route.operation;
                ++refused;
            }
        }
    }
    EXPECT_GT(allowed, 50);
    EXPECT_GE(refused, 50);
}

TEST(Api, AnswersAsItsContractSays) {
    Stage& stage = Stage::shared();
    int good = 0;
    for (const Route& route : api::routes()) {
        for (const auto& [user, role] : staff) {
            if (route.operation == "signOut") continue;
            const auto response = stage.ask(route.method, target_of(route), stage.token(user),
                                            body_for(route), headers_for(route, "contract" + user));
            EXPECT_EQ(breaks_contract(api::openapi(), route.pattern, api::method_name(route.method),
                                      response),
                      "")
                << user << ' ' << route.operation << '\n'
                << response.body.substr(0, 300);
            good += response.status < 300;
        }
    }
    EXPECT_GT(good, 60);
}

TEST(Api, EndsASessionThatRestsAndOneThatIsOld) {
    Stage& stage = Stage::shared();
    (void)stage.token("c.diaz");
    const auto sign_in = [&] {
        const auto response =
            stage.ask(Method::post, "/v1/sessions", {},
                      to_text(json::object{{"user", "c.diaz"}, {"password", good_password}}));
        EXPECT_EQ(response.status, 201) << response.body;
        return std::string(body_of(response).at("token").as_string());
    };
    const auto start = stage.clock().now();
    const std::string rests = sign_in();
    stage.clock().set(start + app::session_idle_seconds - 1);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", rests).status, 200);
    stage.clock().set(stage.clock().now() + app::session_idle_seconds + 1);
    EXPECT_EQ(title_of(stage.ask(Method::get, "/v1/me", rests)), "access.session_over");
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", rests).status, 401);

    const std::string busy = sign_in();
    const auto signed_in_at = stage.clock().now();
    for (std::int64_t t = 0; t < app::session_most_seconds; t += 1200) {
        stage.clock().set(signed_in_at + t);
        ASSERT_EQ(stage.ask(Method::get, "/v1/me", busy).status, 200) << t;
    }
    stage.clock().set(signed_in_at + app::session_most_seconds);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", busy).status, 401);

    const std::string left = sign_in();
    EXPECT_EQ(stage.ask(Method::remove, "/v1/sessions/current", left).status, 200);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", left).status, 401);
    stage.clock().set(start);
}

TEST(Api, LocksOutWhoGuesses) {
    Stage& stage = Stage::shared();
    (void)stage.token("k.brown");
    const auto start = stage.clock().now();
    const auto attempt = [&](const std::string& user, const std::string& password) {
        return stage.ask(Method::post, "/v1/sessions", {},
                         to_text(json::object{{"user", user}, {"password", password}}));
    };
    // A name that is there and one that is not get the same words.
    auto wrong = body_of(attempt("k.brown", "wrong"));
    auto nobody = body_of(attempt("no.body", "wrong"));
    wrong.erase("request_id");
    nobody.erase("request_id");
    EXPECT_EQ(wrong, nobody);
    for (int i = 1; i < 5; ++i) {
        EXPECT_EQ(attempt("k.brown", "wrong").status, 401);
    }
    EXPECT_EQ(title_of(attempt("k.brown", good_password)), "access.locked");
    stage.clock().set(start + 15 * 60 + 1);
    EXPECT_EQ(attempt("k.brown", good_password).status, 201);
    stage.clock().set(start);
}

TEST(Api, PostsAPaymentOnceForOneKey) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("k.brown");
    const std::string account = stage.first_account();
    const auto pay = [&](const std::string& key, const std::string& amount) {
        return stage.ask(
            Method::post, "/v1/payments", token,
            to_text(json::object{{"account", account}, {"amount", amount}, {"tender", "cash"}}),
            {{"idempotency-key", key}});
    };
    const auto before = stage.rows();
    EXPECT_EQ(title_of(stage.ask(Method::post, "/v1/payments", token,
                                 R"({"account":"1","amount":"1.00","tender":"cash"})")),
              "api.key_missing");
    EXPECT_EQ(pay("bad", "12.5.0").status, 422);
    EXPECT_EQ(stage.rows(), before);

    const auto first = pay("key-1", "40.00");
    ASSERT_EQ(first.status, 201) << first.body;
    const auto rows = stage.rows();
    EXPECT_GT(rows, before);
    const auto again = pay("key-1", "40.00");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(stage.rows(), rows);
    EXPECT_EQ(title_of(pay("key-1", "41.00")), "app.key_reused");
    EXPECT_EQ(stage.rows(), rows);
    const auto receipt = body_of(first);
    EXPECT_EQ(*Money::parse(std::string(receipt.at("balance_before").as_string())) -
                  *Money::parse(std::string(receipt.at("balance_after").as_string())),
              *Money::parse("40.00"));
}

TEST(Api, TellsThatASecondPersonMustAgreeAndPostsNothing) {
    Stage& stage = Stage::shared();
    const auto before = body_of(
        stage.ask(Method::get, "/v1/accounts/" + stage.first_account(), stage.token("c.diaz")));
    const auto waits = stage.ask(
        Method::post, "/v1/payments", stage.token("k.brown"),
        to_text(json::object{
            {"account", stage.first_account()}, {"amount", "6000.00"}, {"tender", "check"}}),
        {{"idempotency-key", "over the limit"}});
    // No 2xx: a program that looks at the status alone must not take it for done.
    EXPECT_EQ(waits.status, 403) << waits.body;
    EXPECT_EQ(title_of(waits), "access.needs_approval");
    EXPECT_EQ(body_of(waits).at("exit_code").as_int64(), 6);
    EXPECT_EQ(body_of(stage.ask(Method::get, "/v1/accounts/" + stage.first_account(),
                                stage.token("c.diaz")))
                  .at("balance"),
              before.at("balance"));
}

TEST(Api, WritesNothingInADryRun) {
    Stage& stage = Stage::shared();
    for (const Route& route : api::routes()) {
        if (!route.dry_run) continue;
        const auto before = stage.rows();
        for (const auto& [user, role] : staff) {
            (void)stage.ask(route.method, target_of(route), stage.token(user), body_for(route));
        }
        EXPECT_EQ(stage.rows(), before) << route.operation;
    }
    const auto before = stage.rows();
    const auto response = stage.ask(
        Method::post, "/v1/payments?dry_run=true", stage.token("k.brown"),
        to_text(json::object{
            {"account", stage.first_account()}, {"amount", "40.00"}, {"tender", "cash"}}));
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(stage.rows(), before);
}

TEST(Api, RefusesWhatTheContractDoesNotName) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    EXPECT_EQ(title_of(stage.ask(Method::get, "/v1/search?q=ana&limits=1", token)),
              "api.parameter_unknown");
    EXPECT_EQ(title_of(stage.ask(Method::get, "/v1/search", token)), "api.field_missing");
    EXPECT_EQ(title_of(stage.ask(Method::get, "/v1/nothing", token)), "api.operation_unknown");
    EXPECT_EQ(stage.ask(Method::put, "/v1/search?q=a", token).status, 405);
    const std::map<std::string, std::string> xml{{"content-type", "text/xml"},
                                                 {"idempotency-key", "x"}};
    EXPECT_EQ(stage.ask(Method::post, "/v1/payments", token, "<a/>", xml).status, 415);
    EXPECT_EQ(
        title_of(stage.ask(Method::post, "/v1/payments", token, "[1]", {{"idempotency-key", "x"}})),
        "api.body_malformed");
    EXPECT_EQ(title_of(stage.ask(Method::post, "/v1/payments", token,
                                 R"({"account":"1","amount":"1.00","tender":"cash","admin":true})",
                                 {{"idempotency-key", "x"}})),
              "api.field_unknown");
    EXPECT_EQ(title_of(stage.ask(Method::post, "/v1/payments", token,
                                 R"({"account":1,"amount":"1.00","tender":"cash"})",
                                 {{"idempotency-key", "x"}})),
              "api.field_malformed");
    EXPECT_EQ(title_of(stage.ask(Method::post, "/v1/payments", token,
                                 std::string(200, '[') + std::string(200, ']'),
                                 {{"idempotency-key", "x"}})),
              "api.body_malformed");
}

std::vector<std::string> hostile_texts() {
    std::vector<std::string> texts = {"'",
                                      "''",
                                      "\"",
                                      "\\",
                                      "';--",
                                      "1;DROP TABLE accounts",
                                      "'; DROP TABLE accounts;--",
                                      "' OR '1'='1",
                                      "\" OR \"\"=\"",
                                      "1 OR 1=1",
                                      "') OR ('1'='1",
                                      "admin'--",
                                      "' UNION SELECT 1--",
                                      "' UNION ALL SELECT NULL,NULL,NULL--",
                                      "1' AND SLEEP(9)--",
                                      "'||(SELECT 1)||'",
                                      "$$",
                                      "$1",
                                      "?1",
                                      ":name",
                                      "@x",
                                      "%s%s%n",
                                      "%",
                                      "_",
                                      "%%",
                                      "NULL",
                                      "null",
                                      "undefined",
                                      "NaN",
                                      "-1",
                                      "0",
                                      "1e309",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999",
                                      "0x10",
                                      "1.0e-5",
                                      "\xc0\xaf",
                                      "\xff\xfe",
                                      "\xed\xa0\x80",
                                      "\xf0\x9f\x92\xa3",
                                      "\u202e",
                                      "../../etc/passwd",
                                      "..\\..\\x",
                                      "file:///etc/passwd",
                                      "http://localhost/",
                                      "{{7*7}}",
                                      "${7*7}",
                                      "<%= 1 %>",
                                      "<script>alert(1)</script>",
                                      "\"><img src=x onerror=alert(1)>",
                                      "javascript:alert(1)",
                                      "<svg/onload=alert(1)>",
                                      "=1+1",
                                      "+1",
                                      "@SUM(A1)",
                                      "\t=1",
                                      "\r\nX: y",
                                      "a\nb",
                                      "()",
                                      "[]",
                                      "{}",
                                      "true",
                                      "2025-02-30",
                                      "0000-00-00",
                                      "9999-12-31",
                                      "10000-01-01",
                                      std::string(5000, 'x'),
                                      std::string(300, '\''),
                                      std::string(1, '\x01'),
                                      " ",
                                      "  a  "};
    // The same in other coats, until there are more than two hundred.
    const auto plain = texts;
    for (const auto& text : plain) texts.push_back("10000000017" + text);
    for (const auto& text : plain) texts.push_back(text + "/*" + text + "*/");
    return texts;
}

std::string encoded(const std::string& text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

TEST(Api, IsNotMovedByHostileWords) {
    Stage& stage = Stage::shared();
    const auto texts = hostile_texts();
    ASSERT_GT(texts.size(), 200U);
    const std::string token = stage.token("s.lee");
    for (const Route& route : api::routes()) {
        if (route.operation == "signIn" || route.operation == "setPassword" ||
            route.operation == "check") {
            continue;  // the first two: below; the last one has no text
        }
        const std::string base(route.pattern);
        const bool takes_path = base.find('{') != std::string::npos;
        const auto before = stage.rows();
        for (const auto& text : texts) {
            const auto tell = [&] {
                return std::string(route.operation) + " with " + text.substr(0, 60);
            };
            if (takes_path) {
                const auto open = base.find('{');
                const auto close = base.find('}');
                const auto response = stage.ask(
                    route.method, base.substr(0, open) + encoded(text) + base.substr(close + 1),
                    token, body_for(route), headers_for(route, "hostile"));
                EXPECT_LT(response.status, 500) << tell() << response.body;
            }
            for (const auto& field : route.query) {
                const std::string target = target_of(route);
                const auto response =
                    stage.ask(route.method,
                              fmt::format("{}{}{}={}", target,
                                          target.find('?') == std::string::npos ? '?' : '&',
                                          field.name, encoded(text)),
                              token);
                EXPECT_LT(response.status, 500) << tell() << response.body;
                if (route.operation == "runReport") break;  // once is enough for what is slow
            }
            for (const auto& field : route.body) {
                auto body = *parse_json(body_for(route), "body");
                body.as_object()[field.name] = text;
                const auto response = stage.ask(route.method, target_of(route), token,
                                                to_text(body), headers_for(route, text));
                EXPECT_LT(response.status, 500) << tell() << response.body;
                EXPECT_GE(response.status, 200);
            }
        }
        // Any words are a note, and any words name a key.
        if (route.operation == "addNote" || route.operation == "makeKey") continue;
        EXPECT_EQ(stage.rows(), before) << route.operation;
    }
    // Sign-in hashes: a few are enough.
    for (const char* text : {"' OR 1=1--", "\xff", "<script>"}) {
        const auto response = stage.ask(Method::post, "/v1/sessions", {},
                                        to_text(json::object{{"user", text}, {"password", text}}));
        EXPECT_LT(response.status, 500);
        EXPECT_NE(response.status, 201);
    }
}

TEST(Api, HasOneNameAndOneAddressForEachOperation) {
    std::map<std::string_view, int> names;
    std::map<std::string, int> addresses;
    for (const Route& route : api::routes()) {
        EXPECT_EQ(++names[route.operation], 1) << route.operation;
        EXPECT_EQ(++addresses[fmt::format("{} {}", api::method_name(route.method), route.pattern)],
                  1)
            << route.pattern;
        EXPECT_EQ(route.access == Access::permission, route.permission != nullptr);
        if (route.method == Method::get) {
            EXPECT_TRUE(route.body.empty());
            EXPECT_FALSE(route.idempotency_key);
        }
    }
}

TEST(Api, IsTheContractInTheTree) {
    const auto file = read_file(WATTHOUR_CONTRACT);
    ASSERT_TRUE(file) << "make contract writes it";
    EXPECT_EQ(*parse_json(*file, WATTHOUR_CONTRACT), json::value(api::openapi()))
        << "make contract writes it anew; what another program relies on must stay";
}

std::vector<std::string> all_of(const std::string& target, const std::string& token,
                                const std::string& field) {
    Stage& stage = Stage::shared();
    std::vector<std::string> values;
    std::string cursor;
    for (int pages = 0; pages < 1000; ++pages) {
        const auto response = stage.ask(Method::get, target + "&cursor=" + cursor, token);
        EXPECT_EQ(response.status, 200) << response.body;
        const auto body = body_of(response);
        for (const auto& row : body.at("items").as_array()) {
            values.emplace_back(to_text(row.at(field)));
        }
        if (!body.at("has_more").as_bool()) return values;
        cursor = std::string(body.at("cursor").as_string());
    }
    return values;
}

TEST(Api, GivesAListInPagesWithoutLossOrRepetition) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    for (const auto& [target, field] :
         std::map<std::string, std::string>{{"/v1/accounts?", "account"},
                                            {"/v1/bills?from=2025-05-01&until=2025-09-01&", "bill"},
                                            {"/v1/work-items?state=all&", "id"},
                                            {"/v1/cycle-runs?", "run"}}) {
        const auto whole = all_of(target + "limit=200", token, field);
        const auto parts = all_of(target + "limit=7", token, field);
        EXPECT_EQ(parts, whole) << target;
        EXPECT_GT(whole.size(), 7U) << target;
        EXPECT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), whole.size()) << target;
    }
    EXPECT_EQ(all_of("/v1/accounts?limit=50", token, "account").size(), 60U);
    for (const char* limit : {"0", "201", "-1", "x"}) {
        EXPECT_EQ(stage.ask(Method::get, std::string("/v1/accounts?limit=") + limit, token).status,
                  422);
    }
    EXPECT_EQ(title_of(stage.ask(Method::get, "/v1/accounts?cursor=zz", token)),
              "api.cursor_malformed");
}

TEST(Api, GivesAllRowsOfAListAsAFileAndRecordsIt) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto csv = stage.ask(Method::get, "/v1/accounts?format=csv", token);
    EXPECT_EQ(csv.status, 200) << csv.body;
    EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 61);
    EXPECT_NE(csv.body.find("account,name,street,schedule,cycle,language,balance"),
              std::string::npos);
    const auto sheet = stage.ask(Method::get, "/v1/accounts?format=xlsx", token);
    EXPECT_EQ(sheet.body.substr(0, 2), "PK");
    EXPECT_EQ(stage.ask(Method::get, "/v1/accounts?format=exe", token).status, 422);
    const auto audit = body_of(stage.ask(Method::get, "/v1/audit-entries?subject=export:", token));
    EXPECT_EQ(audit.at("items").as_array().size(), 2U);
    EXPECT_EQ(audit.at("items").as_array()[1].at("after").as_string(), "60 rows as csv");
}

std::string header_of(const api::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

TEST(Api, LosesNoEditOfTwoWhoEditOneRecord) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    const std::string target = "/v1/accounts/" + stage.first_account() + "/contact";
    const auto first = stage.ask(Method::get, target, token);
    const std::string version = header_of(first, "ETag");
    ASSERT_FALSE(version.empty());
    auto mine = body_of(first);
    mine["phone"] = "555-0101";
    mine["why"] = "called in";
    EXPECT_EQ(stage.ask(Method::put, target, token, to_text(mine)).status, 428);
    const auto saved =
        stage.ask(Method::put, target, token, to_text(mine), {{"if-match", version}});
    ASSERT_EQ(saved.status, 200) << saved.body;
    auto theirs = body_of(first);
    theirs["email"] = "ana@example.org";
    theirs["why"] = "wrote in";
    const auto stale =
        stage.ask(Method::put, target, token, to_text(theirs), {{"if-match", version}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(title_of(stale), "app.contact_changed");
    EXPECT_NE(stale.body.find("phone"), std::string::npos);
    const auto now = body_of(stage.ask(Method::get, target, token));
    EXPECT_EQ(now.at("phone").as_string(), "555-0101");
    theirs["phone"] = "555-0101";
    EXPECT_EQ(stage
                  .ask(Method::put, target, token, to_text(theirs),
                       {{"if-match", header_of(saved, "ETag")}})
                  .status,
              200);
    theirs["mailing_zip"] = "9";
    EXPECT_EQ(title_of(stage.ask(Method::put, target, token, to_text(theirs), {{"if-match", "x"}})),
              "app.contact_wrong");
    // Every field that was changed stands in the account's past, with who and why.
    const auto past =
        stage.ask(Method::get, "/v1/accounts/" + stage.first_account() + "/past?kinds=edit", token);
    EXPECT_NE(past.body.find("contact:phone"), std::string::npos) << past.body;
    EXPECT_NE(past.body.find("wrote in"), std::string::npos);
}

TEST(Api, TakesNoCookieFromAnotherSite) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    const std::string target = "/v1/accounts/" + stage.first_account() + "/notes";
    const std::string body = R"({"text":"called about the bill"})";
    const auto from = [&](std::map<std::string, std::string> headers) {
        headers["cookie"] = "a=b; watthour_session=" + token;
        headers["host"] = "127.0.0.1:8080";
        return stage.ask(Method::post, target, {}, body, headers);
    };
    EXPECT_EQ(title_of(from({})), "api.foreign_origin");
    EXPECT_EQ(from({{"origin", "http://evil.example"}}).status, 403);
    EXPECT_EQ(from({{"sec-fetch-site", "cross-site"}}).status, 403);
    EXPECT_EQ(from({{"origin", "http://127.0.0.1:8080"}}).status, 201);
    EXPECT_EQ(from({{"sec-fetch-site", "same-origin"}}).status, 201);
}

TEST(Api, AsksForASecondFactorOnceItIsConfirmed) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("a.reyes");
    const auto begun = body_of(stage.ask(Method::post, "/v1/me/second-factor", token));
    const std::string letters(begun.at("secret").as_string());
    ASSERT_EQ(letters.size(), 32U);
    std::string secret;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : letters) {
        held = held << 5U | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            secret += static_cast<char>(held >> static_cast<unsigned>(bits) & 255U);
        }
    }
    const auto code = [&] { return access::factor_code(secret, stage.clock().now() / 30); };
    const auto confirm = [&](const std::string& text) {
        return stage.ask(Method::post, "/v1/me/second-factor/confirmation", token,
                         to_text(json::object{{"code", text}}));
    };
    EXPECT_EQ(title_of(confirm("12")), "access.code_wrong");
    EXPECT_EQ(confirm(code()).status, 200);
    const auto sign_in = [&](const std::string& text) {
        return stage.ask(Method::post, "/v1/sessions", {},
                         to_text(json::object{
                             {"user", "a.reyes"}, {"password", good_password}, {"code", text}}));
    };
    EXPECT_EQ(title_of(sign_in("")), "access.code_needed");
    // A code works once: that of the confirmation is used up.
    EXPECT_EQ(title_of(sign_in(code())), "access.code_wrong");
    const auto start = stage.clock().now();
    stage.clock().set(start + 30);
    EXPECT_EQ(sign_in(code()).status, 201);
    EXPECT_EQ(sign_in(code()).status, 401);
    stage.clock().set(start);
}

TEST(Api, ComparesABillWithTheOneBeforeToTheCent) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    int compared = 0;
    for (const auto id : stage.office().accounts().all_account_ids()) {
        const auto bills = stage.office().bills().of_account(id);
        for (std::size_t i = 1; i < bills.size(); ++i) {
            const auto response =
                stage.ask(Method::get, "/v1/bills/" + bills[i].number + "/comparison", token);
            ASSERT_EQ(response.status, 200) << response.body;
            const auto body = body_of(response);
            Money sum;
            for (const auto& reason : body.at("reasons").as_array()) {
                sum += *Money::parse(std::string(reason.at("amount").as_string()));
            }
            EXPECT_EQ(sum, bills[i].current_charges - bills[i - 1].current_charges);
            EXPECT_EQ(sum.to_string(), std::string(body.at("difference").as_string()));
            ++compared;
        }
    }
    EXPECT_GT(compared, 20);
}

TEST(Api, TakesAFileInOnceAndShowsFirstWhatItWouldDo) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("m.ortiz");
    const auto deliveries =
        sample::deliver(stage.office(), folder_of_test(), Date::ymd(2025, 8, 1));
    ASSERT_FALSE(deliveries.empty());
    const auto& file = deliveries.front();
    const std::string bytes = *read_file(file.path);
    const std::string target =
        "/v1/files?name=..%2F..%2Fetc%2Fpasswd&date=2025-08-01&format=" + file.format;
    const auto before = stage.rows();
    const auto preview = stage.ask(Method::post, target + "&dry_run=true", token, bytes);
    EXPECT_EQ(preview.status, 200) << preview.body;
    EXPECT_EQ(stage.rows(), before);
    const auto taken = stage.ask(Method::post, target, token, bytes);
    EXPECT_EQ(taken.status, 201) << taken.body;
    EXPECT_EQ(body_of(taken).at("file").as_string(), "passwd");
    EXPECT_EQ(body_of(taken).at("records"), body_of(preview).at("records"));
    EXPECT_EQ(title_of(stage.ask(Method::post, target, token, bytes)), "app.file_already_taken");
}

TEST(Api, ShowsInAPreviewWhatEachLastBillCharged) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    // The reads of the next days are there, the runs are not.
    for (Date day = Date::ymd(2025, 8, 1); day < Date::ymd(2025, 8, 7); day = day + 1) {
        for (const auto& file : sample::deliver(stage.office(), folder_of_test(), day)) {
            (void)app::import_file(stage.office(), {file.format, file.path, day, false});
        }
    }
    const auto due = body_of(stage.ask(Method::get, "/v1/cycles/due?date=2025-08-06", token));
    int compared = 0;
    for (const auto& cycle : due.at("items").as_array()) {
        const auto before = stage.rows();
        const auto response =
            stage.ask(Method::post, "/v1/cycle-previews", token,
                      to_text(json::object{{"cycle", cycle.at("cycle")}, {"date", "2025-08-06"}}));
        ASSERT_EQ(response.status, 200) << response.body;
        EXPECT_EQ(stage.rows(), before);
        const auto report = body_of(response);
        for (const auto& bill : report.at("bills").as_array()) {
            const auto account =
                app::find_account(stage.office(), std::string(bill.at("account").as_string()));
            const auto last = stage.office().bills().of_account(account->id);
            if (last.empty()) {
                EXPECT_TRUE(bill.at("last_charges").is_null());
                continue;
            }
            EXPECT_EQ(std::string(bill.at("last_charges").as_string()),
                      last.back().current_charges.to_string());
            ++compared;
        }
    }
    EXPECT_GT(compared, 0);
}

TEST(Api, DecidesManyItemsAfterAPreview) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("f.gomez");
    const auto causes = body_of(stage.ask(Method::get, "/v1/work-causes", token));
    ASSERT_FALSE(causes.at("items").as_array().empty());
    const auto& first = causes.at("items").as_array().front();
    const std::string cause(first.at("cause").as_string());
    const auto ask = [&](const std::string& query) {
        return stage.ask(
            Method::post, "/v1/work-resolutions" + query, token,
            to_text(json::object{
                {"cause", cause}, {"resolution", "accepted"}, {"why", "looked at together"}}));
    };
    const auto before = stage.rows();
    const auto preview = body_of(ask("?dry_run=true"));
    EXPECT_EQ(stage.rows(), before);
    EXPECT_EQ(preview.at("count"), first.at("count"));
    EXPECT_EQ(preview.at("at_stake"), first.at("at_stake"));
    const auto done = ask("");
    EXPECT_EQ(done.status, 200) << done.body;
    const auto left = body_of(stage.ask(Method::get, "/v1/work-items?cause=" + cause, token));
    EXPECT_TRUE(left.at("items").as_array().empty());
    EXPECT_EQ(body_of(ask("")).at("count").as_int64(), 0);
}

TEST(Api, TellsTheProgressOfAJobUntilItEnds) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto asked = stage.ask(Method::post, "/v1/jobs", token,
                                 R"({"kind":"check_books","parameters":["since=2025-07-01"]})",
                                 {{"idempotency-key", "check"}});
    ASSERT_EQ(asked.status, 202) << asked.body;
    const std::string job(body_of(asked).at("job").as_string());
    const auto events = stage.ask(Method::get, "/v1/jobs/" + job + "/events", token);
    ASSERT_TRUE(events.more);
    std::string text;
    EXPECT_TRUE(events.more(text));
    EXPECT_NE(text.find("event: progress"), std::string::npos);
    app::work_jobs(stage.office(), {});
    EXPECT_FALSE(events.more(text));
    EXPECT_NE(text.find("event: end"), std::string::npos);
    const auto done = body_of(stage.ask(Method::get, "/v1/jobs/" + job, token));
    EXPECT_EQ(done.at("state").as_string(), "done");
    EXPECT_TRUE(done.at("result").at("ok").as_bool());
    // Kinds that name files of the server are not for those outside.
    EXPECT_EQ(title_of(stage.ask(
                  Method::post, "/v1/jobs", token,
                  R"({"kind":"import_file","parameters":["file=/etc/passwd","format=cmep"]})",
                  {{"idempotency-key", "take"}})),
              "api.job_kind_local");
}

TEST(Api, SaysWhatTheAlertsOfRulesCost) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    std::string rules;
    for (const EmbeddedFile& file : tariff_files::files()) {
        if (file.name == "vee.yaml") rules = std::string(file.text);
    }
    // Constant hours ask a person, and each takes four minutes at $60 an hour: $4.00.
    const auto instead = [&](const std::string& old, const std::string& fresh) {
        const auto at = rules.find(old);
        ASSERT_NE(at, std::string::npos) << old;
        rules.replace(at, old.size(), fresh);
    };
    instead("constant: {verdict: note", "constant: {verdict: review");
    instead("wage_an_hour: \"52.00\"", "wage_an_hour: \"60.00\"");
    const auto answer = stage.ask(Method::post, "/v1/reads/rules/preview", token,
                                  to_text(json::object{{"rules", rules}, {"months", 3}}));
    ASSERT_EQ(answer.status, 200) << answer.body;
    bool seen = false;
    const auto body = body_of(answer);  // its rows must not outlive it
    for (const auto& row : body.at("checks").as_array()) {
        const auto& now = row.as_object().at("now").as_object();
        const auto& then = row.as_object().at("proposed").as_object();
        EXPECT_EQ(now.at("cost_per_alert").is_null(), now.at("alerts").as_int64() == 0);
        if (row.as_object().at("check").as_string() != "constant") continue;
        seen = true;
        EXPECT_EQ(now.at("alerts").as_int64(), 0) << "counted, and nobody is asked";
        EXPECT_EQ(then.at("alerts"), then.at("hits"));
        if (then.at("alerts").as_int64() > 0 && then.at("confirmed").as_int64() == 0) {
            EXPECT_EQ(then.at("cost_per_alert").as_string(), "4.00");
        }
    }
    EXPECT_TRUE(seen);
}

TEST(Api, EndsAJobThatWillNotBeDone) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("s.lee");
    const auto asked = stage.ask(Method::post, "/v1/jobs", token,
                                 R"({"kind":"check_books","parameters":["since=2025-07-02"]})",
                                 {{"idempotency-key", "check that is given up"}});
    ASSERT_EQ(asked.status, 202) << asked.body;
    EXPECT_TRUE(body_of(asked).at("waits_for").as_array().empty());
    const std::string job(body_of(asked).at("job").as_string());
    const auto give_up = [&](const char* why) {
        return stage.ask(Method::post, "/v1/jobs/" + job + "/give-up", token,
                         to_text(json::object{{"why", why}}));
    };
    EXPECT_EQ(title_of(give_up(" ")), "app.reason_missing");
    const auto ended = give_up("the books were checked by hand");
    ASSERT_EQ(ended.status, 200) << ended.body;
    const auto done = body_of(stage.ask(Method::get, "/v1/jobs/" + job, token));
    EXPECT_EQ(done.at("state").as_string(), "done");
    EXPECT_EQ(done.at("result").at("given_up").as_string(), "the books were checked by hand");
    EXPECT_EQ(title_of(give_up("again")), "jobs.job_done");
}

TEST(Api, RunsNoScriptThatSomebodyWrote) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    const std::string target = "/v1/accounts/" + stage.first_account() + "/notes";
    const std::string text = "<script>alert(1)</script>";
    EXPECT_EQ(stage.ask(Method::post, target, token, to_text(json::object{{"text", text}})).status,
              201);
    const auto past =
        stage.ask(Method::get, "/v1/accounts/" + stage.first_account() + "/past?kinds=note", token);
    EXPECT_EQ(past.content_type, "application/json");
    EXPECT_NE(past.body.find("<script>"), std::string::npos);  // as it was written, as data
}

TEST(Api, WritesALineForEachRequestAndNoSecretIntoIt) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("c.diaz");
    std::string lines;
    api::Api logged(stage.url(), stage.clock(),
                    [&](const std::string& line) { lines += line + "\n"; });
    api::Request enter;
    enter.method = Method::post;
    enter.path = "/v1/sessions";
    enter.headers["content-type"] = "application/json";
    enter.body = to_text(json::object{{"user", "c.diaz"}, {"password", good_password}});
    const auto entered = logged.handle(enter);
    api::Request look;
    look.path = "/v1/me";
    look.headers["authorization"] = "Bearer " + token;
    const auto looked = logged.handle(look);
    EXPECT_NE(lines.find("\"operation\":\"signIn\""), std::string::npos) << lines;
    EXPECT_NE(lines.find("\"request_id\":\"" + header_of(looked, "X-Request-Id") + "\""),
              std::string::npos);
    EXPECT_NE(lines.find("\"user\":\"c.diaz\""), std::string::npos);
    EXPECT_EQ(lines.find(good_password), std::string::npos);
    EXPECT_EQ(lines.find(token), std::string::npos);
    EXPECT_EQ(lines.find(std::string(body_of(entered).at("token").as_string())), std::string::npos);
}

TEST(Api, LetsAKeyInUntilItIsEnded) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("f.gomez");
    const auto made = body_of(
        stage.ask(Method::post, "/v1/me/keys", token, R"({"name":"nightly export","days":30})"));
    const std::string key(made.at("token").as_string());
    const auto start = stage.clock().now();
    // A key does not end by rest, as a session does; it ends on its day.
    stage.clock().set(start + 20 * 86400);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", key).status, 200);
    stage.clock().set(start + 30 * 86400);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", key).status, 401);
    stage.clock().set(start);
    const auto again =
        body_of(stage.ask(Method::post, "/v1/me/keys", token, R"({"name":"second","days":1})"));
    const auto keys = body_of(stage.ask(Method::get, "/v1/me/keys", token)).at("items").as_array();
    std::string id;
    for (const auto& one : keys) {
        if (one.at("name").as_string() == "second") id = one.at("key").as_string();
    }
    EXPECT_EQ(stage.ask(Method::remove, "/v1/me/keys/" + id, token).status, 200);
    EXPECT_EQ(stage.ask(Method::get, "/v1/me", std::string(again.at("token").as_string())).status,
              401);
    EXPECT_EQ(stage.ask(Method::remove, "/v1/me/keys/" + id, token).status, 404);
    EXPECT_EQ(stage.ask(Method::post, "/v1/me/keys", token, R"({"name":"x","days":0})").status,
              422);
}

TEST(Api, PutsOutWhoIsDisabledAndTellsWhatARoleMayDo) {
    Stage& stage = Stage::shared();
    const std::string token = stage.token("j.park");
    const auto before = body_of(stage.ask(Method::get, "/v1/me", token));
    EXPECT_FALSE(before.at("permissions").as_array().empty());
    stage.office().act_as(app::actor_name());
    ASSERT_TRUE(app::disable_user(stage.office(), {"j.park", "left the office", false}));
    stage.clock().set(stage.clock().now() + 1);
    const auto after = stage.ask(Method::get, "/v1/me", token);
    EXPECT_GE(after.status, 401);
    EXPECT_LE(after.status, 403);
    stage.clock().set(stage.clock().now() - 1);
}

}  // namespace
}  // namespace watthour::api_test
