// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include "access/decide.hpp"
#include "access/errors.hpp"
#include "access/password.hpp"
#include "api/errors.hpp"
#include "api/head_end_door.hpp"
#include "api/openapi.hpp"
#include "api/problem.hpp"
#include "api/route.hpp"
#include "api/workbench_files.hpp"
#include "app/answer_once.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/sign_in.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace watthour::api {
namespace {

using app::Office;

struct Credential {
    std::string token;
    bool from_cookie = false;
};

/// `Authorization: Bearer ...`, or the cookie that the workbench has.
Credential credential_of(const Request& request) {
    constexpr std::string_view bearer = "Bearer ";
    if (const auto header = request.header("authorization"); header.starts_with(bearer)) {
        return {std::string(header.substr(bearer.size())), false};
    }
    const std::string_view name = request.secure ? "__Host-watthour=" : "watthour_session=";
    for (std::string_view part : split_text(request.header("cookie"), ';')) {
        part = trimmed(part);
        if (part.starts_with(name)) return {std::string(part.substr(name.size())), true};
    }
    return {};
}

/// A browser sends the cookie by itself: what changes something must come from our own pages.
bool is_foreign(const Request& request) {
    const auto site = request.header("sec-fetch-site");
    if (!site.empty()) return site != "same-origin" && site != "none";
    const auto origin = request.header("origin");
    const auto slashes = origin.find("//");
    return slashes == std::string_view::npos ||
           origin.substr(slashes + 2) != request.header("host");
}

std::string names_of(const std::vector<Field>& fields) {
    std::vector<std::string_view> names;
    for (const Field& field : fields) names.push_back(field.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

constexpr std::size_t longest_file_text = 1'000'000;

/// A text of a person: no control characters but those that end lines and part columns.
bool is_text(const json::value& value, std::size_t longest = 2000) {
    if (!value.is_string() || value.as_string().size() > longest) return false;
    const auto& text = value.as_string();
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
    });
}

Result<void> check_value(const Field& field, const json::value& value) {
    const auto wrong = [&](const char* wanted) {
        return Error(errors::field_malformed, {{"field", std::string(field.name)},
                                               {"text", to_text(value).substr(0, 80)},
                                               {"wanted", wanted}});
    };
    switch (field.type) {
        case Type::text:
            if (!is_text(value)) {
                return wrong("text of at most 2000 characters without control characters");
            }
            break;
        case Type::file_text:
            if (!is_text(value, longest_file_text)) {
                return wrong("the text of a file, at most 1 MB, without control characters");
            }
            break;
        case Type::money:
            if (!value.is_string() || !Money::parse(std::string(value.as_string()))) {
                return wrong("an amount as text, \"12.50\"");
            }
            break;
        case Type::date:
            if (!value.is_string() || !Date::parse(value.as_string())) {
                return wrong("a date, year-month-day");
            }
            break;
        case Type::whole:
            if (!value.is_int64() && !value.is_uint64()) return wrong("a whole number");
            break;
        case Type::flag:
            if (!value.is_bool()) return wrong("true or false");
            break;
        case Type::texts:
            if (!value.is_array() || value.as_array().size() > 1000)
                return wrong("a list of texts");
            for (const auto& one : value.as_array()) {
                if (!is_text(one)) return wrong("a list of texts");
            }
            break;
    }
    return {};
}

Result<json::object> read_body(const Route& route, const Request& request) {
    if (route.body.empty() || route.raw_body) return json::object{};
    const std::string_view type = request.header("content-type");
    // Where nothing must be given, nothing need be sent.
    const bool all_optional = std::none_of(route.body.begin(), route.body.end(),
                                           [](const Field& field) { return field.required; });
    if (all_optional && request.body.empty()) return json::object{};
    if (!type.starts_with("application/json")) {
        return Error(errors::media_type, {{"type", type.empty() ? "untyped" : std::string(type)}});
    }
    auto parsed = parse_json(request.body, "body");
    if (!parsed) return Error(errors::body_malformed, {{"why", parsed.error().message()}});
    if (!parsed->is_object())
        return Error(errors::body_malformed, {{"why", "it is another value"}});
    json::object body = std::move(parsed->as_object());
    for (const auto& [key, value] : body) {
        const auto known =
            std::find_if(route.body.begin(), route.body.end(),
                         [&](const Field& one) { return one.name == std::string_view(key); });
        if (known == route.body.end()) {
            return Error(errors::field_unknown,
                         {{"field", std::string(key)}, {"known", names_of(route.body)}});
        }
        TRY_DONE(check_value(*known, value));
    }
    for (const Field& field : route.body) {
        if (field.required && !body.contains(field.name)) {
            return Error(errors::field_missing, {{"field", std::string(field.name)}});
        }
    }
    return body;
}

Result<void> check_parameter(const Field& field, const std::string& value) {
    const auto wrong = [&](const char* wanted) {
        return Error(errors::field_malformed, {{"field", std::string(field.name)},
                                               {"text", value.substr(0, 80)},
                                               {"wanted", wanted}});
    };
    if (field.type == Type::date && !Date::parse(value)) return wrong("a date, year-month-day");
    if (field.type == Type::whole && !parse_integer(value)) return wrong("a whole number");
    if (field.type == Type::flag && value != "true" && value != "false") {
        return wrong("true or false");
    }
    return {};
}

Result<void> check_query(const Route& route, const Request& request) {
    const std::vector<Field> known = query_of(route);
    for (const auto& [name, value] : request.query) {
        const auto field =
            std::find_if(known.begin(), known.end(),
                         [&name = name](const Field& one) { return one.name == name; });
        if (field == known.end()) {
            return Error(errors::parameter_unknown, {{"field", name}, {"known", names_of(known)}});
        }
        TRY_DONE(check_parameter(*field, value));
    }
    for (const Field& field : route.query) {
        if (field.required && request.parameter(field.name).empty()) {
            return Error(errors::field_missing, {{"field", std::string(field.name)}});
        }
    }
    return {};
}

constexpr std::size_t most_rows_of_page = 200;
constexpr std::size_t rows_of_export_page = 5000;

Result<std::size_t> wanted_rows(const Request& request) {
    const auto text = request.parameter("limit");
    if (text.empty()) return std::size_t{50};
    const auto limit = parse_integer(text);
    if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(most_rows_of_page)) {
        return Error(errors::field_malformed, {{"field", "limit"},
                                               {"text", std::string(text.substr(0, 80))},
                                               {"wanted", "1 to 200"}});
    }
    return static_cast<std::size_t>(*limit);
}

Response to_response(Answer answer) {
    Response response;
    response.status = answer.status;
    response.headers = std::move(answer.headers);
    if (answer.content_type.empty()) {
        response.body = to_text(answer.body);
    } else {
        response.content_type = std::move(answer.content_type);
        response.body = std::move(answer.bytes);
    }
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

/// Every row of a list as a file, never cut; how many is told and recorded.
Result<Response> run_export(const Route& route, Call& call, std::string_view format) {
    if (format != "csv" && format != "xlsx") {
        return Error(errors::field_malformed, {{"field", "format"},
                                               {"text", std::string(format.substr(0, 80))},
                                               {"wanted", "json, csv or xlsx"}});
    }
    call.most = rows_of_export_page;
    Request request = call.request;
    request.query.erase("cursor");
    json::array rows;
    std::optional<app::Moment> moment(std::in_place, call.office);
    for (bool more = true; more;) {
        Call part{call.office, request, call.path, {}, false, call.token, call.most};
        TRY(auto answer, route.handle(part));
        auto& body = answer.body.as_object();
        for (auto& row : body.at("items").as_array()) rows.push_back(std::move(row));
        more = body.at("has_more").as_bool();
        if (more) request.query["cursor"] = std::string(body.at("cursor").as_string());
    }
    moment.reset();  // what follows is recorded
    const auto columns = columns_of(openapi(), route.answer);
    TRY(auto bytes, format == "csv" ? formats::table_as_csv(columns, rows)
                                    : formats::table_as_xlsx(columns, rows));
    app::record_export(call.office,
                       route.permission ? *route.permission : access::permissions::user_view,
                       std::string(route.operation), rows.size(), std::string(format));
    Response response;
    response.content_type =
        format == "csv" ? "text/csv; charset=utf-8"
                        : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.body = std::move(bytes);
    response.headers.emplace_back("X-Row-Count", std::to_string(rows.size()));
    response.headers.emplace_back(
        "Content-Disposition",
        fmt::format("attachment; filename=\"{}.{}\"", route.operation, format));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Result<Response> run(const Route& route, Call& call) {
    if (route.list) {
        const auto format = call.request.parameter("format");
        if (!format.empty() && format != "json") return run_export(route, call, format);
        TRY(call.most, wanted_rows(call.request));
    }
    std::optional<app::Moment> moment;
    if (route.method == Method::get) moment.emplace(call.office);
    TRY(auto answered, route.handle(call));
    moment.reset();  // what follows is recorded
    if (answered.left) {
        app::record_export(call.office, *route.permission, answered.left->what, answered.left->rows,
                           answered.left->format);
    }
    return to_response(std::move(answered));
}

}  // namespace

std::vector<Field> query_of(const Route& route) {
    std::vector<Field> fields = route.query;
    if (route.dry_run) {
        fields.push_back(
            {"dry_run", Type::flag, false, "true: tell what would be done and write nothing"});
    }
    if (route.list) {
        fields.push_back({"limit", Type::whole, false, "Rows of a page, 1 to 200; else 50"});
        fields.push_back({"cursor", Type::text, false, "What the page before gave"});
        fields.push_back({"format", Type::text, false, "json, or all rows as csv or xlsx"});
    }
    return fields;
}

std::string Call::text(std::string_view field) const {
    const auto* value = body.if_contains(field);
    return value == nullptr || !value->is_string() ? std::string()
                                                   : std::string(value->as_string());
}

Result<Date> Call::date(std::string_view name, Date otherwise) const {
    const std::string_view text = request.parameter(name);
    if (text.empty()) return otherwise;
    return Date::parse(text);
}

bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string, std::less<>>& parameters) {
    const auto wanted = split_text(pattern, '/');
    const auto given = split_text(path, '/');
    if (wanted.size() != given.size()) return false;
    std::map<std::string, std::string, std::less<>> found;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{')) {
            if (given[i].empty() || given[i].size() > 200) return false;
            found[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = std::string(given[i]);
        } else if (wanted[i] != given[i]) {
            return false;
        }
    }
    parameters = std::move(found);
    return true;
}

/// An office from the shelf, or a new one; it goes back when the request is answered.
class Api::Lease {
public:
    explicit Lease(Api& api) : api_(api) {
        const std::lock_guard<std::mutex> lock(api.shelf_mutex_);
        if (api.shelf_.empty()) return;
        office_ = std::move(api.shelf_.back());
        api.shelf_.pop_back();
    }
    ~Lease() {
        // A connection that failed is not used again.
        if (!office_ || std::uncaught_exceptions() > 0) return;
        const std::lock_guard<std::mutex> lock(api_.shelf_mutex_);
        api_.shelf_.push_back(std::move(office_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] Result<Office*> office() {
        if (!office_) {
            TRY(office_, Office::open(api_.url_, *api_.clock_));
            office_->use_line(api_.line_);
        }
        return office_.get();
    }

private:
    Api& api_;
    std::unique_ptr<Office> office_;
};

Api::Api(std::string url, const Clock& clock, Log log)
    : url_(std::move(url)), clock_(&clock), log_(std::move(log)) {}
Api::~Api() = default;

Result<void> Api::open() {
    Lease lease(*this);
    TRY_DONE(lease.office());
    return {};
}

/// A key is in use from here until the answer is kept.
class Api::Running {
public:
    Running(Api& api, std::string key) : api_(api), key_(std::move(key)) {
        const std::lock_guard<std::mutex> lock(api_.running_mutex_);
        alone_ = api_.running_.insert(key_).second;
    }
    ~Running() {
        if (!alone_) return;
        const std::lock_guard<std::mutex> lock(api_.running_mutex_);
        api_.running_.erase(key_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    [[nodiscard]] bool alone() const { return alone_; }

private:
    Api& api_;
    std::string key_;
    bool alone_ = false;
};

/// With an Idempotency-Key the first answer is kept and given again; its request must be the same.
Result<Response> Api::run_once(const Route& route, Call& call) {
    const std::string_view key = call.request.header("idempotency-key");
    if (key.empty() || key.size() > 200) return Error(errors::key_missing, {});
    const Running running(*this, fmt::format("{}\n{}", call.office.actor().name, key));
    if (!running.alone()) return Error(errors::key_running, {});
    const std::string asked =
        fmt::format("{}\n{}\n{}", route.operation, call.request.path, to_text(call.body));
    TRY(const auto first, app::first_answer(call.office, key, asked));
    if (first) {
        Response response;
        response.status = first->status;
        response.body = first->body;
        response.headers.emplace_back("Idempotent-Replay", "true");
        response.headers.emplace_back("Cache-Control", "no-store");
        return response;
    }
    TRY(auto response, run(route, call));
    app::keep_answer(call.office, key, asked, {response.status, response.body});
    return response;
}

Result<access::User> Api::who(app::Office& office, const std::string& token) {
    const std::int64_t now = clock_->now();
    const std::string key = sha256_hex(token);
    {
        const std::lock_guard<std::mutex> lock(known_mutex_);
        const auto found = known_.find(key);
        // For one second: a user who is disabled is out within it.
        if (found != known_.end() && found->second.second == now) return found->second.first;
    }
    TRY(auto user, app::who_has(office, token));
    const std::lock_guard<std::mutex> lock(known_mutex_);
    if (known_.size() > 10'000) known_.clear();
    known_[key] = {user, now};
    return user;
}

void Api::forget_who() {
    const std::lock_guard<std::mutex> lock(known_mutex_);
    known_.clear();
}

Result<Response> Api::answer(const Request& request, std::string& operation, std::string& user) {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> path;
    bool path_known = false;
    for (const Route& one : routes()) {
        if (!matches(one.pattern, request.path, path)) continue;
        path_known = true;
        if (one.method != request.method) continue;
        route = &one;
        break;
    }
    // The server lives while it answers, whatever the database does.
    if (route != nullptr && route->operation == "health") {
        operation = route->operation;
        Response response;
        response.body = R"({"status":"ok"})";
        return response;
    }
    Lease lease(*this);
    TRY(Office* const office, lease.office());
    if (is_head_end_door(request)) {
        operation = "receiveHeadEndAnswer";
        return take_head_end_answer(*office, request, user);
    }
    const Credential credential = credential_of(request);
    // Who it is comes before body, headers and existence: a stranger learns nothing, not even
    // which operations there are.
    office->act_as(access::User{});  // the office was another's before
    if (route == nullptr || route->access != Access::open) {
        TRY(const auto actor, who(*office, credential.token));
        office->act_as(actor);
        user = actor.name;
        if (credential.from_cookie && request.method != Method::get && is_foreign(request)) {
            return Error(errors::foreign_origin, {});
        }
    }
    if (route == nullptr && path_known) {
        return Error(
            errors::method_unknown,
            {{"path", request.path}, {"method", std::string(method_name(request.method))}});
    }
    if (route == nullptr) return Error(errors::operation_unknown, {{"path", request.path}});
    operation = route->operation;
    TRY_DONE(office->reload());
    if (route->access == Access::permission) {
        TRY_DONE(app::authorize(*office, *route->permission));
    }
    TRY_DONE(check_query(*route, request));
    if (route->if_match && request.header("if-match").empty()) {
        return Error(errors::version_missing, {});
    }
    Call call{*office,         request, std::move(path), {}, request.parameter("dry_run") == "true",
              credential.token};
    TRY(call.body, read_body(*route, request));
    if (route->answer == "text/event-stream") return grow(*route, call);
    auto answered =
        route->idempotency_key && !call.dry_run ? run_once(*route, call) : run(*route, call);
    // Somebody may have been signed out, disabled or given a role by it.
    if (route->method != Method::get) forget_who();
    return answered;
}

Response Api::at_the_door(const Request& request) {
    Response nobody;
    nobody.status = 0;
    std::map<std::string, std::string, std::less<>> path;
    for (const Route& route : routes()) {
        if (route.method != request.method || route.access != Access::open) continue;
        if (matches(route.pattern, request.path, path)) return nobody;
    }
    Lease lease(*this);
    const auto office = lease.office();
    if (!office) return nobody;  // the answer itself tells what is wrong
    if (is_head_end_door(request)) {
        const auto system = head_end_at_door(**office, request);
        return system ? nobody : to_problem(system.error(), access::random_token().substr(0, 16));
    }
    const auto user = who(**office, credential_of(request).token);
    return user ? nobody : to_problem(user.error(), access::random_token().substr(0, 16));
}

/// Asks again and again, each time with an office of its own and whether the asker is still let in.
Result<Response> Api::grow(const Route& route, Call& call) {
    TRY(auto answer, route.handle(call));
    auto next = std::move(answer.more);
    Response response = to_response(std::move(answer));
    response.more = [this, more = std::move(next), token = call.token](std::string& piece) {
        Lease lease(*this);
        const auto office = lease.office();
        if (!office || !who(**office, token)) return false;
        return more(**office, piece);
    };
    return response;
}

Response Api::handle(const Request& request) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string id = access::random_token().substr(0, 16);
    std::string operation = "none";
    std::string user;
    Response response;
    if (request.method == Method::get) {
        if (const auto* page = workbench_file(request.path)) return to_response(*page, request);
    }
    try {
        auto answered = answer(request, operation, user);
        response = answered ? std::move(*answered) : to_problem(answered.error(), id);
        if (operation == "metrics" && response.status == 200) response.body = metrics();
    } catch (const EnvironmentError& failure) {
        log({{"level", "error"}, {"request_id", id}, {"message", failure.what()}});
        response = to_problem(Error(errors::database_away, {}), id);
    } catch (const std::exception& failure) {
        log({{"level", "error"}, {"request_id", id}, {"message", failure.what()}});
        response = to_problem(Error(errors::failed, {}), id);
    }
    response.headers.emplace_back("X-Request-Id", id);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    log({{"level", "info"},
         {"request_id", id},
         {"operation", operation},
         {"method", method_name(request.method)},
         {"status", response.status},
         {"seconds", took.count()},
         {"user", user},
         {"peer", request.peer}});
    {
        const std::lock_guard<std::mutex> lock(count_mutex_);
        Count& count = counts_[{operation, response.status}];
        ++count.requests;
        count.seconds += took.count();
    }
    return response;
}

void Api::log(json::object line) {
    if (!log_) return;
    line["at"] = clock_->now();
    const std::lock_guard<std::mutex> lock(log_mutex_);
    log_(to_text(line));
}

std::string Api::metrics() {
    std::string text =
        "# HELP watthour_requests_total Requests by operation and status.\n"
        "# TYPE watthour_requests_total counter\n";
    std::string seconds =
        "# HELP watthour_request_seconds_total Seconds spent on requests.\n"
        "# TYPE watthour_request_seconds_total counter\n";
    const std::lock_guard<std::mutex> lock(count_mutex_);
    for (const auto& [key, count] : counts_) {
        const std::string labels =
            fmt::format("{{operation=\"{}\",status=\"{}\"}}", key.first, key.second);
        text += fmt::format("watthour_requests_total{} {}\n", labels, count.requests);
        seconds += fmt::format("watthour_request_seconds_total{} {:.6f}\n", labels, count.seconds);
    }
    return text + seconds;
}

}  // namespace watthour::api
