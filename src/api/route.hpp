// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/permission.hpp"
#include "api/http.hpp"
#include "app/office.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::api {

/// Kinds of values as the contract names them. `money` is text, "12.50".
/// A file_text is a text file as a whole, which may be long.
enum class Type { text, money, date, whole, flag, texts, file_text };

/// A field of a body or an answer, or a parameter of the address.
struct Field {
    std::string_view name;
    Type type = Type::text;
    bool required = true;
    std::string_view meaning;
};

/// What a handler works with.
struct Call {
    app::Office& office;
    const Request& request;
    std::map<std::string, std::string, std::less<>> path;
    json::object body;
    bool dry_run = false;
    std::string token;      ///< of the session or key; empty for public operations
    std::size_t most = 50;  ///< rows of a list that are wanted

    [[nodiscard]] std::string text(std::string_view field) const;
    /// A parameter of the query, or what is given.
    [[nodiscard]] Result<Date> date(std::string_view name, Date otherwise) const;
};

/// What left as a file; it is recorded when the answer is made.
struct LeftAsFile {
    std::string what;
    std::size_t rows = 0;
    std::string format;
};

/// What a handler answers: JSON, or bytes of another type.
struct Answer {
    int status = 200;
    json::value body;
    std::string content_type;  ///< empty: JSON
    std::string bytes;
    std::vector<std::pair<std::string, std::string>> headers;
    /// An answer that grows: adds what is new and says whether more may come.
    std::function<bool(app::Office&, std::string&)> more;
    std::optional<LeftAsFile> left;
};

enum class Access { open, signed_in, permission };

/// One operation: the table of these drives routing, checks, the contract and the matrix of roles.
struct Route {
    Method method;
    std::string_view pattern;  ///< "/v1/accounts/{account}"
    std::string_view operation;
    std::string_view summary;
    Access access = Access::permission;
    const access::Permission* permission = nullptr;
    std::vector<Field> query;
    std::vector<Field> body;
    bool idempotency_key = false;  ///< the header must be there: money
    bool dry_run = false;          ///< takes ?dry_run=true
    bool list = false;             ///< takes limit, cursor and format; answers items
    bool if_match = false;         ///< the header must hold the version that was edited
    bool raw_body = false;         ///< the body is a file, not JSON
    std::string_view answer;       ///< name of the schema of a good answer
    int status = 200;
    Result<Answer> (*handle)(Call&) = nullptr;
};

[[nodiscard]] const std::vector<Route>& routes();
/// What the address may hold after its question mark, with what all lists take.
[[nodiscard]] std::vector<Field> query_of(const Route& route);

/// A file may be this large; any other body a mebibyte.
inline constexpr std::uint64_t most_file_bytes = std::uint64_t{256} << 20U;
/// What the body of a request may hold.
[[nodiscard]] std::uint64_t most_body_of(const Request& request);

/// The parameters of a path that a pattern matches; false where it does not.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view path,
                           std::map<std::string, std::string, std::less<>>& parameters);

}  // namespace watthour::api
