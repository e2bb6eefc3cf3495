// SPDX-License-Identifier: Apache-2.0
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::api {
namespace {

std::string to_hex(std::string_view text) {
    std::string hex;
    for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

bool from_hex(std::string_view hex, std::string& text) {
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    if (hex.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit(hex[i]);
        const int low = digit(hex[i + 1]);
        if (high < 0 || low < 0) return false;
        text += static_cast<char>(high * 16 + low);
    }
    return true;
}

Route make(Method method, std::string_view pattern, std::string_view operation,
           std::string_view summary, std::string_view answer, Handle handle) {
    Route route;
    route.method = method;
    route.pattern = pattern;
    route.operation = operation;
    route.summary = summary;
    route.answer = answer;
    route.handle = handle;
    return route;
}

}  // namespace

Answer json_answer(json::value body, int status) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

Result<std::string> cursor_of(const Call& call) {
    std::string text;
    const auto cursor = call.request.parameter("cursor");
    if (!from_hex(cursor, text)) return Error(errors::cursor_malformed, {});
    return text;
}

Answer page_of(json::array rows, bool more, const std::string& last) {
    json::object body{{"items", std::move(rows)}, {"has_more", more}};
    body["cursor"] = more ? json::value(to_hex(last)) : json::value();
    return json_answer(std::move(body));
}

Result<Answer> page(Call& call, json::array rows, std::string_view key) {
    TRY(const std::string place, cursor_of(call));
    const auto key_of = [&](const json::value& row) { return to_text(row.at(key)); };
    std::size_t begin = 0;
    if (!place.empty()) {
        // The place and the row that stood there: rows may have come or gone meanwhile.
        const auto colon = place.find(':');
        const auto number = parse_integer(place.substr(0, colon));
        if (colon == std::string::npos || !number || *number < 0) {
            return Error(errors::cursor_malformed, {});
        }
        begin = std::min(static_cast<std::size_t>(*number), rows.size());
        const std::string wanted = place.substr(colon + 1);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (key_of(rows[i]) == wanted) begin = i + 1;
        }
    }
    const std::size_t end = std::min(begin + call.most, rows.size());
    json::array part(std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(begin)),
                     std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end)));
    const std::string last =
        part.empty() ? std::string() : fmt::format("{}:{}", end, key_of(part.back()));
    return page_of(std::move(part), end < rows.size(), last);
}

Language language_of(const Request& request) {
    std::string_view wanted = request.header("accept-language");
    while (!wanted.empty()) {
        const std::size_t end = std::min(wanted.find(','), wanted.size());
        const std::string_view one = trimmed(wanted.substr(0, end));
        if (const auto language = parse_language(one.substr(0, 2))) {
            return *language;
        }
        wanted.remove_prefix(std::min(end + 1, wanted.size()));
    }
    return Language::english;
}

Route open_route(Method method, std::string_view pattern, std::string_view operation,
                 std::string_view summary, std::string_view answer, Handle handle) {
    Route route = make(method, pattern, operation, summary, answer, handle);
    route.access = Access::open;
    return route;
}

Route signed_in_route(Method method, std::string_view pattern, std::string_view operation,
                      std::string_view summary, std::string_view answer, Handle handle) {
    Route route = make(method, pattern, operation, summary, answer, handle);
    route.access = Access::signed_in;
    return route;
}

Route inside_route(Method method, std::string_view pattern, std::string_view operation,
                   std::string_view summary, const access::Permission& permission,
                   std::string_view answer, Handle handle) {
    Route route = make(method, pattern, operation, summary, answer, handle);
    route.permission = &permission;
    return route;
}

std::uint64_t most_body_of(const Request& request) {
    std::map<std::string, std::string, std::less<>> ignored;
    for (const Route& route : routes()) {
        if (route.raw_body && route.method == request.method &&
            matches(route.pattern, request.path, ignored)) {
            return most_file_bytes;
        }
    }
    return std::uint64_t{1} << 20U;
}

const std::vector<Route>& routes() {
    static const std::vector<Route> all = [] {
        std::vector<Route> table;
        add_entry_routes(table);
        add_account_routes(table);
        add_meter_routes(table);
        add_head_end_routes(table);
        add_case_routes(table);
        add_walk_routes(table);
        add_bill_routes(table);
        add_money_routes(table);
        add_file_routes(table);
        add_usage_routes(table);
        add_work_routes(table);
        add_tariff_routes(table);
        add_read_routes(table);
        add_determinant_routes(table);
        add_office_routes(table);
        return table;
    }();
    return all;
}

}  // namespace watthour::api
