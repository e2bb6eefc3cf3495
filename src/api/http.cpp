// SPDX-License-Identifier: Apache-2.0
#include "api/http.hpp"

#include "base/text.hpp"

namespace watthour::api {
namespace {

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string_view find(const std::map<std::string, std::string, std::less<>>& in,
                      std::string_view name) {
    const auto found = in.find(name);
    return found == in.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find(headers, name); }

std::string_view Request::parameter(std::string_view name) const { return find(query, name); }

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get: return "get";
        case Method::post: return "post";
        case Method::put: return "put";
        case Method::other: return "other";
        case Method::remove: break;
    }
    return "delete";
}

bool decode(std::string_view text, bool plus_is_blank, std::string& into) {
    into.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plus_is_blank) {
            c = ' ';
        } else if (c == '%') {
            if (i + 2 >= text.size()) return false;
            const int high = digit_of(text[i + 1]);
            const int low = digit_of(text[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
        into += c;
    }
    return is_utf8(into);
}

bool parse_target(std::string_view target, Request& into) {
    if (target.empty() || target.front() != '/') return false;
    const std::size_t mark = target.find('?');
    if (!decode(target.substr(0, mark), false, into.path)) return false;
    if (mark == std::string_view::npos) return true;
    std::string_view rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        std::string name;
        std::string value;
        if (!decode(pair.substr(0, equals), true, name)) return false;
        if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), true, value)) {
            return false;
        }
        if (!into.query.emplace(std::move(name), std::move(value)).second) return false;
    }
    return true;
}

}  // namespace watthour::api
