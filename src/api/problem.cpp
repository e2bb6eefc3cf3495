// SPDX-License-Identifier: Apache-2.0
#include "api/problem.hpp"

#include "base/json.hpp"

namespace watthour::api {

int status_of(const Error& error) {
    const std::string_view slug = error.slug();
    if (slug == "access.not_signed_in" || slug == "access.session_over" ||
        slug == "access.sign_in_failed" || slug == "access.code_needed" ||
        slug == "access.code_wrong" || slug == "access.locked" || slug == "api.head_end_stranger") {
        return 401;
    }
    if (slug == "access.locked" || slug == "api.too_many") return 429;
    if (slug == "access.not_allowed" || slug == "access.user_inactive" ||
        slug == "access.same_person" || slug == "access.limit_exceeded") {
        return 403;
    }
    if (slug == "api.operation_unknown") return 404;
    if (slug == "api.foreign_origin") return 403;
    if (slug == "api.version_missing") return 428;
    if (slug == "api.failed") return 500;
    if (slug == "api.method_unknown") return 405;
    if (slug == "api.media_type") return 415;
    switch (error.kind().exit) {
        case ExitCode::usage: return 400;
        case ExitCode::not_found: return 404;
        case ExitCode::refused:
        case ExitCode::duplicate: return 409;
        case ExitCode::stale: return 412;
        // Nothing was done: a program that looks at the status alone must not take it for done.
        case ExitCode::needs_approval: return 403;
        case ExitCode::some_rejected:
        case ExitCode::invalid: return 422;
        case ExitCode::resumable: return 409;
        case ExitCode::unavailable:
        case ExitCode::retry: return 503;
        case ExitCode::io: return 507;
        default: return 500;
    }
}

Response to_problem(const Error& error, const std::string& request_id) {
    Response response;
    response.status = status_of(error);
    response.content_type = "application/problem+json";
    response.body = to_text(json::object{{"type", "/problems/" + std::string(error.slug())},
                                         {"title", error.slug()},
                                         {"status", response.status},
                                         {"detail", error.message()},
                                         {"next", error.next()},
                                         {"exit_code", static_cast<int>(error.kind().exit)},
                                         {"request_id", request_id}});
    if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (response.status == 503) response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace watthour::api
