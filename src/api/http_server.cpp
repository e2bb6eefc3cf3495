// SPDX-License-Identifier: Apache-2.0
#include "api/http_server.hpp"

#include "base/check.hpp"
#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/format.h>

#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <type_traits>

namespace watthour::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;
using Answer = http::response<http::string_body>;

std::string_view plain(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get:
        case http::verb::head: return Method::get;
        case http::verb::post: return Method::post;
        case http::verb::put: return Method::put;
        case http::verb::delete_: return Method::remove;
        default: return Method::other;
    }
}

Response plain_problem(int status, const char* title) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = fmt::format(
        R"({{"type":"/problems/http.{}","title":"{}","status":{},"detail":"{}","next":"Correct the request."}})",
        status, title, status, title);
    return response;
}

}  // namespace

class HttpServer::Inside {
public:
    Inside(const ServerOptions& options, Handler handler)
        : options_(options),
          handler_(std::move(handler)),
          readers_(static_cast<std::size_t>(options.workers)),
          writers_(static_cast<std::size_t>(options.workers)),
          acceptor_(io_) {
        if (!options.certificate.empty()) load_certificate();
        boost::system::error_code failure;
        const auto address = asio::ip::make_address(options.address, failure);
        const tcp::endpoint endpoint(address, options.port);
        if (!failure) acceptor_.open(endpoint.protocol(), failure);
        if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
        if (!failure) acceptor_.bind(endpoint, failure);
        if (!failure) acceptor_.listen(asio::socket_base::max_listen_connections, failure);
        if (failure) {
            throw EnvironmentError(static_cast<int>(ExitCode::unavailable),
                                   fmt::format("The server cannot listen on {} port {} ({})",
                                               options.address, options.port, failure.message()));
        }
        asio::co_spawn(io_, listen(), asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }

    ~Inside() { stop(); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    void stop() {
        if (stopping_.exchange(true)) return;
        asio::post(io_, [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
        });
        {
            // What is under way is answered, but nobody may hold the server up for ever.
            std::unique_lock<std::mutex> lock(busy_mutex_);
            idle_.wait_for(lock, std::chrono::seconds(options_.seconds_to_ask),
                           [this] { return busy_ == 0; });
        }
        asio::post(io_, [this] {
            for (auto* stream : live_) stream->close();
        });
        readers_.join();
        writers_.join();
        if (thread_.joinable()) thread_.join();
    }

    void wait() {
        if (thread_.joinable()) thread_.join();
    }

private:
    using Plain = boost::beast::tcp_stream;
    using Secure = boost::beast::ssl_stream<boost::beast::tcp_stream>;

    void load_certificate() {
        boost::system::error_code failure;
        secure_.emplace(asio::ssl::context::tls_server);
        secure_->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                             asio::ssl::context::default_workarounds);
        secure_->use_certificate_chain_file(options_.certificate, failure);
        if (!failure) {
            secure_->use_private_key_file(options_.private_key, asio::ssl::context::pem, failure);
        }
        if (failure) {
            throw EnvironmentError(
                static_cast<int>(ExitCode::usage),
                fmt::format("The certificate {} with the key {} cannot be used "
                            "({}): both must be files in PEM form",
                            options_.certificate, options_.private_key, failure.message()));
        }
    }

    /// Counts a request from its first byte to the last of its answer.
    class Busy {
    public:
        explicit Busy(Inside& inside) : inside_(inside) {
            const std::lock_guard<std::mutex> lock(inside_.busy_mutex_);
            ++inside_.busy_;
        }
        ~Busy() {
            const std::lock_guard<std::mutex> lock(inside_.busy_mutex_);
            if (--inside_.busy_ == 0) inside_.idle_.notify_all();
        }
        Busy(const Busy&) = delete;
        Busy& operator=(const Busy&) = delete;

    private:
        Inside& inside_;
    };

    asio::awaitable<void> listen() {
        while (!stopping_) {
            boost::system::error_code failure;
            tcp::socket socket =
                co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failure));
            if (failure == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
            if (failure) {
                // No more file handles: the next may find one.
                asio::steady_timer rest(io_, std::chrono::milliseconds(20));
                co_await rest.async_wait(asio::redirect_error(asio::use_awaitable, failure));
                continue;
            }
            if (connections_ >= options_.most_connections) continue;  // closed at once
            if (secure_) {
                asio::co_spawn(io_, serve(Secure(std::move(socket), *secure_)), asio::detached);
            } else {
                asio::co_spawn(io_, serve(Plain(std::move(socket))), asio::detached);
            }
        }
    }

    /// Runs the handler on a pool and comes back to the thread of the connection. Whoever writes
    /// may wait for another writer; whoever reads does not wait behind them.
    asio::awaitable<Response> handle(Request request, Handler handler) {
        Response response;
        co_await asio::post(request.method == Method::get ? readers_ : writers_,
                            asio::use_awaitable);
        try {
            response = handler(request);
        } catch (const std::exception& failure) {
            fmt::print(stderr, "{}\n", failure.what());
            response = plain_problem(500, "The server failed");
        }
        co_await asio::post(io_, asio::use_awaitable);
        co_return response;
    }

    template <class Message>
    void set_headers(Message& message, const Response& response) const {
        message.set(http::field::server, "Watthour");
        message.set(http::field::content_type, response.content_type);
        message.set("X-Content-Type-Options", "nosniff");
        message.set("Referrer-Policy", "no-referrer");
        message.set("Content-Security-Policy",
                    "default-src 'self'; frame-ancestors 'none'; "
                    "base-uri 'none'; form-action 'self'; object-src 'self'; frame-src 'self'");
        if (secure_) message.set("Strict-Transport-Security", "max-age=31536000");
        for (const auto& [name, value] : response.headers) message.set(name, value);
    }

    template <class Stream>
    asio::awaitable<void> answer(Stream& stream, const Response& response, unsigned version,
                                 bool keep_alive, bool head_only) {
        boost::beast::get_lowest_layer(stream).expires_after(
            std::chrono::seconds(options_.seconds_to_ask));
        if (response.more) {
            co_await stream_out(stream, response, version);
            co_return;
        }
        Answer message(http::int_to_status(static_cast<unsigned>(response.status)), version);
        set_headers(message, response);
        message.keep_alive(keep_alive);
        message.body() = response.body;
        message.prepare_payload();
        if (head_only) message.body().clear();
        co_await http::async_write(stream, message, asio::use_awaitable);
    }

    /// An answer that grows: a piece whenever there is something to say, until there is no more.
    template <class Stream>
    asio::awaitable<void> stream_out(Stream& stream, const Response& response, unsigned version) {
        http::response<http::empty_body> head(
            http::int_to_status(static_cast<unsigned>(response.status)), version);
        set_headers(head, response);
        head.chunked(true);
        head.keep_alive(false);
        http::response_serializer<http::empty_body> serializer(head);
        co_await http::async_write_header(stream, serializer, asio::use_awaitable);
        asio::steady_timer rest(io_);
        for (bool more = true; more && !stopping_;) {
            std::string piece;
            co_await asio::post(readers_, asio::use_awaitable);
            try {
                more = response.more(piece);
            } catch (const std::exception& failure) {
                fmt::print(stderr, "{}\n", failure.what());
                more = false;
            }
            co_await asio::post(io_, asio::use_awaitable);
            if (!piece.empty()) {
                boost::beast::get_lowest_layer(stream).expires_after(
                    std::chrono::seconds(options_.seconds_to_ask));
                co_await asio::async_write(stream, http::make_chunk(asio::buffer(piece)),
                                           asio::use_awaitable);
            }
            if (!more) break;
            rest.expires_after(std::chrono::milliseconds(response.more_every_ms));
            co_await rest.async_wait(asio::use_awaitable);
        }
        co_await asio::async_write(stream, http::make_chunk_last(), asio::use_awaitable);
    }

    template <class Stream>
    asio::awaitable<void> serve(Stream stream) {
        Plain& socket = boost::beast::get_lowest_layer(stream);
        ++connections_;
        live_.insert(&socket);
        try {
            boost::system::error_code ignored;
            socket.socket().set_option(tcp::no_delay(true), ignored);
            if constexpr (std::is_same_v<Stream, Secure>) {
                socket.expires_after(std::chrono::seconds(options_.seconds_of_header));
                co_await stream.async_handshake(asio::ssl::stream_base::server,
                                                asio::use_awaitable);
            }
            co_await talk(stream);
            if constexpr (std::is_same_v<Stream, Secure>) {
                socket.expires_after(std::chrono::seconds(1));
                co_await stream.async_shutdown(asio::use_awaitable);
            }
        } catch (const std::exception&) {
            // The peer is gone or too slow; there is nobody left to tell.
        }
        live_.erase(&socket);
        --connections_;
        boost::system::error_code ignored;
        socket.socket().shutdown(tcp::socket::shutdown_both, ignored);
    }

    /// What a request that cannot be read is told; nullptr where the peer is gone or too slow.
    static const Response* refusal_of(const boost::system::error_code& failure) {
        static const Response header = plain_problem(431, "The header is too large");
        static const Response body = plain_problem(413, "The body is too large");
        static const Response malformed = plain_problem(400, "The request is malformed");
        if (failure == http::error::header_limit) return &header;
        if (failure == http::error::body_limit) return &body;
        if (!failure || failure == http::error::end_of_stream) return nullptr;
        const bool by_http =
            failure.category() == http::make_error_code(http::error::bad_method).category();
        return by_http ? &malformed : nullptr;
    }

    template <class Message>
    static void take_headers(const Message& message, Request& request) {
        for (const auto& field : message) {
            std::string name(plain(field.name_string()));
            for (char& c : name) {
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            }
            request.headers.emplace(std::move(name), std::string(plain(field.value())));
        }
    }

    template <class Stream>
    asio::awaitable<void> talk(Stream& stream) {
        Plain& socket = boost::beast::get_lowest_layer(stream);
        boost::system::error_code ignored;
        const auto remote = socket.socket().remote_endpoint(ignored);
        boost::beast::flat_buffer buffer;
        for (bool first = true;; first = false) {
            Parser parser;
            parser.header_limit(options_.most_header_bytes);
            // One deadline for the whole of it: a client that drips bytes does not extend it.
            socket.expires_after(std::chrono::seconds(
                first || buffer.size() > 0 ? options_.seconds_of_header : options_.seconds_idle));
            boost::system::error_code failure;
            co_await http::async_read_header(stream, buffer, parser,
                                             asio::redirect_error(asio::use_awaitable, failure));
            const Busy busy(*this);
            Request request;
            bool well_formed = false;
            if (!failure) {
                request.method = method_of(parser.get().method());
                well_formed = parse_target(plain(parser.get().target()), request);
                // How much is read depends on what is asked for.
                parser.body_limit(well_formed && options_.most_body_of
                                      ? options_.most_body_of(request)
                                      : options_.most_body_bytes);
                const auto length = parser.content_length();
                if (length &&
                    *length > (well_formed && options_.most_body_of ? options_.most_body_of(request)
                                                                    : options_.most_body_bytes)) {
                    failure = http::error::body_limit;
                }
            }
            if (!failure && well_formed && !parser.is_done() && options_.at_the_door) {
                // Whoever is not let in anyway need not send a body.
                take_headers(parser.get(), request);
                request.secure = std::is_same_v<Stream, Secure>;
                const Response turned_away = co_await handle(request, options_.at_the_door);
                request.headers.clear();
                if (turned_away.status != 0) {
                    co_await answer(stream, turned_away, 11, false, false);
                    co_return;
                }
            }
            if (!failure) {
                socket.expires_after(std::chrono::seconds(options_.seconds_to_ask));
                co_await http::async_read(stream, buffer, parser,
                                          asio::redirect_error(asio::use_awaitable, failure));
            }
            if (const auto* refusal = refusal_of(failure)) {
                co_await answer(stream, *refusal, 11, false, false);
                co_return;
            }
            if (failure) co_return;
            auto message = parser.release();
            request.peer = remote.address().to_string();
            request.secure = std::is_same_v<Stream, Secure>;
            Response response;
            if (!well_formed) {
                response = plain_problem(400, "The address is malformed");
            } else {
                take_headers(message, request);
                request.body = std::move(message.body());
                socket.expires_never();
                response = co_await handle(std::move(request), handler_);
            }
            const bool keep_alive = message.keep_alive() && !stopping_ && !response.more;
            co_await answer(stream, response, message.version(), keep_alive,
                            message.method() == http::verb::head);
            if (!keep_alive) co_return;
        }
    }

    ServerOptions options_;
    Handler handler_;
    std::optional<asio::ssl::context> secure_;
    asio::io_context io_{1};
    asio::thread_pool readers_;
    asio::thread_pool writers_;
    tcp::acceptor acceptor_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    std::size_t connections_ = 0;  ///< touched by the thread of connections alone
    std::set<Plain*> live_;        ///< the same
    std::mutex busy_mutex_;
    std::condition_variable idle_;
    int busy_ = 0;
};

HttpServer::HttpServer(const ServerOptions& options, Handler handler)
    : inside_(std::make_unique<Inside>(options, std::move(handler))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return inside_->port(); }
void HttpServer::stop() { inside_->stop(); }
void HttpServer::wait() { inside_->wait(); }

}  // namespace watthour::api
