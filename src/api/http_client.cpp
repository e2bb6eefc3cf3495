// SPDX-License-Identifier: Apache-2.0
#include "api/http_client.hpp"

#include "api/errors.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>
#include <exception>

namespace watthour::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::uint64_t most_answer_bytes = std::uint64_t{512} << 20U;

using Message = http::request<http::string_body>;

struct Address {
    bool secure = false;
    std::string host;
    std::string port;
};

Result<Address> parse(const std::string& root) {
    Address address;
    std::string_view rest = root;
    if (rest.starts_with("https://")) {
        address.secure = true;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return Error(errors::server_address_malformed, {{"address", root}});
    }
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const std::size_t colon = rest.rfind(':');
    address.host = std::string(rest.substr(0, colon));
    address.port = colon == std::string_view::npos ? (address.secure ? "443" : "80")
                                                   : std::string(rest.substr(colon + 1));
    // A password goes over an open line to this machine alone.
    if (!address.secure && address.host != "127.0.0.1" && address.host != "localhost") {
        return Error(errors::server_not_secure, {{"address", root}});
    }
    if (address.host.empty()) return Error(errors::server_address_malformed, {{"address", root}});
    return address;
}

http::verb verb_of(Method method) {
    switch (method) {
        case Method::post: return http::verb::post;
        case Method::put: return http::verb::put;
        case Method::remove: return http::verb::delete_;
        case Method::get:
        case Method::other: break;
    }
    return http::verb::get;
}

/// The time allowed holds for each step, for only what waits can be cut off.
template <class Stream>
asio::awaitable<Response> talk(Stream& stream, const Message& message) {
    co_await http::async_write(stream, message, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_answer_bytes);
    co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
    auto answer = parser.release();
    Response response;
    response.status = static_cast<int>(answer.result_int());
    for (const auto& field : answer) {
        response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    response.content_type = std::string(answer[http::field::content_type]);
    response.body = std::move(answer.body());
    co_return response;
}

asio::awaitable<Response> ask_openly(const Address& address, const Message& message,
                                     std::chrono::seconds patience) {
    const auto here = co_await asio::this_coro::executor;
    boost::beast::tcp_stream stream(here);
    tcp::resolver resolver(here);
    stream.expires_after(patience);
    const auto places =
        co_await resolver.async_resolve(address.host, address.port, asio::use_awaitable);
    co_await stream.async_connect(places, asio::use_awaitable);
    co_return co_await talk(stream, message);
}

asio::awaitable<Response> ask_securely(const Address& address, const Message& message,
                                       std::chrono::seconds patience) {
    const auto here = co_await asio::this_coro::executor;
    asio::ssl::context secure(asio::ssl::context::tls_client);
    secure.set_default_verify_paths();
    secure.set_verify_mode(asio::ssl::verify_peer);
    boost::beast::ssl_stream<boost::beast::tcp_stream> stream(here, secure);
    stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
    // What the macro SSL_set_tlsext_host_name does, without its cast.
    std::string host = address.host;
    ::SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               host.data());
    tcp::resolver resolver(here);
    auto& line = boost::beast::get_lowest_layer(stream);
    line.expires_after(patience);
    const auto places =
        co_await resolver.async_resolve(address.host, address.port, asio::use_awaitable);
    co_await line.async_connect(places, asio::use_awaitable);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    co_return co_await talk(stream, message);
}

}  // namespace

Result<Response> ask_server(const std::string& root, Method method, const std::string& target,
                            const Request& request, int seconds) {
    TRY(const Address address, parse(root));
    Message message(verb_of(method), target, 11);
    message.set(http::field::host, address.host + ":" + address.port);
    message.set(http::field::user_agent, "watthour");
    for (const auto& [name, value] : request.headers) message.set(name, value);
    message.body() = request.body;
    message.prepare_payload();
    try {
        asio::io_context context;
        std::exception_ptr failure;
        Response response;
        const std::chrono::seconds patience(seconds);
        asio::co_spawn(context,
                       address.secure ? ask_securely(address, message, patience)
                                      : ask_openly(address, message, patience),
                       [&](std::exception_ptr failed, Response answered) {
                           failure = failed;
                           response = std::move(answered);
                       });
        context.run();
        if (failure) std::rethrow_exception(failure);
        return response;
    } catch (const boost::system::system_error& failure) {
        return Error(errors::server_unreachable,
                     {{"address", root}, {"why", failure.code().message()}});
    }
}

}  // namespace watthour::api
