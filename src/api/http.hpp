// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::api {

/// `other`: a method that no operation has.
enum class Method { get, post, put, remove, other };

/// A request with its target taken apart. Header names are in small letters.
struct Request {
    Method method = Method::get;
    std::string path;  ///< decoded: "/v1/accounts/10000000017"
    std::map<std::string, std::string, std::less<>> query;
    std::map<std::string, std::string, std::less<>> headers;
    std::string body;
    std::string peer;     ///< address of who asked
    bool secure = false;  ///< came over TLS

    /// Empty where there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    /// An answer that grows: adds what is new and says whether more may come. Asked again and
    /// again on any thread of the pool.
    std::function<bool(std::string&)> more;
    int more_every_ms = 500;
};

[[nodiscard]] std::string_view method_name(Method method);
/// Percent signs and plus signs undone; false where they are malformed or hide a control character.
[[nodiscard]] bool decode(std::string_view text, bool plus_is_blank, std::string& into);
/// Takes "/v1/search?q=ana+ruiz" apart. False for what is malformed or says a parameter twice.
[[nodiscard]] bool parse_target(std::string_view target, Request& into);

}  // namespace watthour::api
