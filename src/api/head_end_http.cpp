// SPDX-License-Identifier: Apache-2.0
#include "api/head_end_http.hpp"

#include "api/http_client.hpp"
#include "app/errors.hpp"

namespace watthour::api {
namespace {

constexpr int patience_seconds = 20;

bool is_good(int status) { return status >= 200 && status < 300; }

}  // namespace

Result<std::string> post_message(const std::string& url, const app::HeadEndLetter& letter,
                                 int& status, const std::string& authorization) {
    const std::size_t host = url.find("://");
    const std::size_t path = host == std::string::npos ? host : url.find('/', host + 3);
    Request request;
    request.headers["Content-Type"] = "text/xml; charset=utf-8";
    if (!letter.soap_action.empty()) {
        request.headers["SOAPAction"] = "\"" + letter.soap_action + "\"";
    }
    if (!authorization.empty()) request.headers["Authorization"] = authorization;
    request.body = letter.bytes;
    TRY(auto response,
        ask_server(url.substr(0, path), Method::post,
                   path == std::string::npos ? "/" : url.substr(path), request, patience_seconds));
    status = response.status;
    return std::move(response.body);
}

Result<std::string> HeadEndHttp::ask(const app::HeadEndSystem& system,
                                     const app::HeadEndLetter& letter) {
    int status = 0;
    TRY(auto body, post_message(system.url, letter, status));
    // A SOAP fault comes with status 500 and says more than the status.
    if (is_good(status) || (status == 500 && body.find("Fault") != std::string::npos)) return body;
    return Error(app::errors::head_end_turned_down,
                 {{"system", system.name}, {"status", std::to_string(status)}});
}

}  // namespace watthour::api
