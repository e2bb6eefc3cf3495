// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace watthour::api {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: a free one
    int workers = 8;            ///< readers that work at once, and as many writers
    std::uint32_t most_header_bytes = 16 * 1024;
    std::uint64_t most_body_bytes = 1024 * 1024;
    /// What a request may bring, told before it is read; empty: most_body_bytes.
    std::function<std::uint64_t(const Request&)> most_body_of;
    /// Asked before a body is read: an answer for whoever is turned away, status 0 for the others.
    std::function<Response(const Request&)> at_the_door;
    int seconds_of_header = 10;  ///< for a header, however slowly it drips
    int seconds_to_ask = 20;     ///< for the body after it, and for the answer
    int seconds_idle = 60;       ///< of a connection between requests
    std::size_t most_connections = 4000;
    std::string certificate;  ///< PEM; with it the server speaks TLS 1.2 and later
    std::string private_key;
};

/// HTTP/1.1, plain or over TLS. Requests are read by one thread and handled by a pool, so that a
/// handler may wait for the database. A handler that throws becomes status 500 and its words a log
/// line.
class HttpServer {
public:
    using Handler = std::function<Response(const Request&)>;
    /// Listens from now on. Throws EnvironmentError where the address cannot be had.
    HttpServer(const ServerOptions& options, Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    [[nodiscard]] std::uint16_t port() const;
    /// Takes no more connections and ends when the requests under way are answered.
    void stop();
    /// Until stop() is called from elsewhere.
    void wait();

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace watthour::api
