// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/user.hpp"
#include "api/head_end_http.hpp"
#include "api/http.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace watthour::app {
class Office;
}

namespace watthour::api {

struct Route;
struct Call;

/// The operations over one database. Any number of threads may ask at once: each takes an open
/// office from the shelf and puts it back.
class Api {
public:
    /// Takes a line of JSON for every request and every failure.
    using Log = std::function<void(const std::string&)>;
    Api(std::string url, const Clock& clock, Log log = {});
    ~Api();
    /// Never throws for what a client sent; what the machine does is thrown by the office.
    [[nodiscard]] Response handle(const Request& request);
    /// The answer for a stranger, before a body is read; status 0 for whoever may come in.
    [[nodiscard]] Response at_the_door(const Request& request);
    /// Opens one office, so that a wrong database is told before anybody asks.
    [[nodiscard]] Result<void> open();
    /// Text for Prometheus.
    [[nodiscard]] std::string metrics();

private:
    class Lease;
    class Running;
    [[nodiscard]] Result<Response> answer(const Request& request, std::string& operation,
                                          std::string& user);
    [[nodiscard]] Result<Response> grow(const Route& route, Call& call);
    [[nodiscard]] Result<access::User> who(app::Office& office, const std::string& token);
    void forget_who();
    void log(json::object line);
    [[nodiscard]] Result<Response> run_once(const Route& route, Call& call);
    std::string url_;
    const Clock* clock_;
    HeadEndHttp line_;
    Log log_;
    std::mutex log_mutex_;
    std::mutex running_mutex_;
    std::set<std::string> running_;  ///< keys of requests under way, with their users
    std::mutex known_mutex_;
    /// Who has a token, and at which second that was so; by the token's hash.
    std::unordered_map<std::string, std::pair<access::User, std::int64_t>> known_;
    std::mutex shelf_mutex_;
    std::vector<std::unique_ptr<app::Office>> shelf_;
    std::mutex count_mutex_;
    struct Count {
        std::int64_t requests = 0;
        double seconds = 0;
    };
    std::map<std::pair<std::string, int>, Count> counts_;
};

}  // namespace watthour::api
