// SPDX-License-Identifier: Apache-2.0
// The public operations, sign-in, and what whoever is signed in may do with their own entrance.
#include "api/openapi.hpp"
#include "api/route_parts.hpp"
#include "app/authorize.hpp"
#include "app/sign_in.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::api {
namespace {

Result<Answer> healthz(Call& /*call*/) { return json_answer(json::object{{"status", "ok"}}); }

Result<Answer> readyz(Call& call) {
    return json_answer(json::object{{"status", "ready"},
                                    {"utility", call.office.utility().name},
                                    {"business_date", call.office.business_date().to_string()}});
}

Result<Answer> contract(Call& /*call*/) { return json_answer(openapi()); }

Result<Answer> docs(Call& /*call*/) {
    Answer answer;
    answer.content_type = "text/html; charset=utf-8";
    answer.bytes = openapi_page();
    return answer;
}

/// A cookie with the prefix that binds it to this host needs TLS; on loopback there is none.
std::string cookie(const Call& call, const std::string& token, std::int64_t seconds) {
    return fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}{}",
                       call.request.secure ? "__Host-watthour" : "watthour_session", token, seconds,
                       call.request.secure ? "; Secure" : "");
}

Result<Answer> sign_in(Call& call) {
    TRY(const auto entrance,
        app::sign_in(call.office, call.text("user"), call.text("password"), call.text("code")));
    json::object object = app::to_json(entrance.user);
    object["token"] = entrance.token;
    object["expires_at"] = entrance.expires_at;
    Answer answer = json_answer(std::move(object), 201);
    answer.headers.emplace_back("Set-Cookie",
                                cookie(call, entrance.token, app::session_most_seconds));
    return answer;
}

Result<Answer> set_password(Call& call) {
    TRY(const auto user, app::set_password(call.office, call.text("link"), call.text("password")));
    return json_answer(app::to_json(user));
}

Result<Answer> me(Call& call) {
    json::object object = app::to_json(call.office.actor());
    json::array permissions;
    for (const auto& permission : access::all_permissions()) {
        if (app::authorize(call.office, permission)) permissions.emplace_back(permission.slug);
    }
    object["permissions"] = std::move(permissions);
    object["utility"] = call.office.utility().name;
    object["business_date"] = call.office.business_date().to_string();
    object["currency"] = call.office.utility().currency;
    return json_answer(std::move(object));
}

Result<Answer> sign_out(Call& call) {
    app::sign_out(call.office, call.token);
    Answer answer = json_answer(json::object{{"status", "signed out"}});
    answer.headers.emplace_back("Set-Cookie", cookie(call, "", 0));
    return answer;
}

Result<Answer> begin_factor(Call& call) {
    TRY(const std::string secret, app::begin_second_factor(call.office));
    return json_answer(
        json::object{{"secret", secret},
                     {"address", fmt::format("otpauth://totp/Watthour:{}?secret={}&issuer=Watthour",
                                             call.office.actor().name, secret)}});
}

Result<Answer> confirm_factor(Call& call) {
    TRY_DONE(app::confirm_second_factor(call.office, call.text("code")));
    return json_answer(json::object{{"status", "confirmed"}});
}

json::object to_json(const app::ApiKey& key) {
    return {{"key", key.id},
            {"name", key.name},
            {"created_at", key.created_at},
            {"used_at", key.used_at},
            {"expires_at", key.expires_at}};
}

Result<Answer> list_keys(Call& call) {
    json::array rows;
    for (const auto& key : app::api_keys(call.office)) rows.push_back(to_json(key));
    return page(call, std::move(rows), "key");
}

Result<Answer> make_key(Call& call) {
    TRY(const auto entrance, app::make_api_key(call.office, call.text("name"),
                                               call.body.at("days").to_number<std::int64_t>()));
    return json_answer(json::object{{"name", call.text("name")},
                                    {"token", entrance.token},
                                    {"expires_at", entrance.expires_at}},
                       201);
}

Result<Answer> end_key(Call& call) {
    TRY_DONE(app::end_api_key(call.office, call.path["key"]));
    return json_answer(json::object{{"status", "ended"}});
}

}  // namespace

void add_entry_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    table.push_back(open_route(get, "/healthz", "health", "The server answers", "Health", healthz));
    table.push_back(
        open_route(get, "/readyz", "readiness", "The database answers", "Readiness", readyz));
    table.push_back(
        open_route(get, "/openapi.json", "contract", "This contract", "Contract", contract));
    table.push_back(
        open_route(get, "/docs", "contractPage", "This contract as a page", "text/html", docs));
    Route sign =
        open_route(post, "/v1/sessions", "signIn", "Sign in with a password", "Session", sign_in);
    sign.body = {{"user", text, true, "Name"},
                 {"password", text, true, "Password"},
                 {"code", text, false, "Six digits of the second factor, where there is one"}};
    sign.status = 201;
    table.push_back(std::move(sign));
    Route password = open_route(post, "/v1/passwords", "setPassword",
                                "Set a password by a one-time link", "User", set_password);
    password.body = {{"link", text, true, "What the link holds"},
                     {"password", text, true, "12 to 256 characters"}};
    table.push_back(std::move(password));
    table.push_back(
        signed_in_route(get, "/v1/me", "me", "Who is signed in, and what they may do", "Me", me));
    table.push_back(
        signed_in_route(remove, "/v1/sessions/current", "signOut", "Sign out", "Health", sign_out));
    table.push_back(signed_in_route(post, "/v1/me/second-factor", "beginSecondFactor",
                                    "Begin a second factor; its secret is told once",
                                    "SecondFactor", begin_factor));
    Route confirm =
        signed_in_route(post, "/v1/me/second-factor/confirmation", "confirmSecondFactor",
                        "The first code: from now on it is asked", "Health", confirm_factor);
    confirm.body = {{"code", text, true, "Six digits"}};
    table.push_back(std::move(confirm));
    Route keys = signed_in_route(get, "/v1/me/keys", "listKeys", "Keys for other programs", "Keys",
                                 list_keys);
    keys.list = true;
    table.push_back(std::move(keys));
    Route key = signed_in_route(post, "/v1/me/keys", "makeKey",
                                "A key for another program, told once", "NewKey", make_key);
    key.body = {{"name", text, true, "What it is for"},
                {"days", whole, true, "How long it holds, 1 to 400"}};
    key.status = 201;
    table.push_back(std::move(key));
    table.push_back(
        signed_in_route(remove, "/v1/me/keys/{key}", "endKey", "End a key", "Health", end_key));
}

}  // namespace watthour::api
