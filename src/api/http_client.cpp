// SPDX-License-Identifier: Apache-2.0
#include "api/http_client.hpp"

#include "api/errors.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>

namespace watthour::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr auto patience = std::chrono::seconds(60);
constexpr std::uint64_t most_answer_bytes = std::uint64_t{512} << 20U;

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

template <class Stream>
Response talk(Stream& stream, const http::request<http::string_body>& message) {
    http::write(stream, message);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_answer_bytes);
    http::read(stream, buffer, parser);
    auto answer = parser.release();
    Response response;
    response.status = static_cast<int>(answer.result_int());
    for (const auto& field : answer) {
        response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    response.content_type = std::string(answer[http::field::content_type]);
    response.body = std::move(answer.body());
    return response;
}

}  // namespace

Result<Response> ask_server(const std::string& root, Method method, const std::string& target,
                            const Request& request) {
    TRY(const Address address, parse(root));
    http::request<http::string_body> message(verb_of(method), target, 11);
    message.set(http::field::host, address.host + ":" + address.port);
    message.set(http::field::user_agent, "watthour");
    for (const auto& [name, value] : request.headers) message.set(name, value);
    message.body() = request.body;
    message.prepare_payload();
    try {
        asio::io_context context;
        tcp::resolver resolver(context);
        const auto places = resolver.resolve(address.host, address.port);
        if (!address.secure) {
            boost::beast::tcp_stream stream(context);
            stream.expires_after(patience);
            stream.connect(places);
            return talk(stream, message);
        }
        asio::ssl::context secure(asio::ssl::context::tls_client);
        secure.set_default_verify_paths();
        secure.set_verify_mode(asio::ssl::verify_peer);
        boost::beast::ssl_stream<boost::beast::tcp_stream> stream(context, secure);
        stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
        // What the macro SSL_set_tlsext_host_name does, without its cast.
        std::string host = address.host;
        ::SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   host.data());
        boost::beast::get_lowest_layer(stream).expires_after(patience);
        boost::beast::get_lowest_layer(stream).connect(places);
        stream.handshake(asio::ssl::stream_base::client);
        return talk(stream, message);
    } catch (const boost::system::system_error& failure) {
        return Error(errors::server_unreachable,
                     {{"address", root}, {"why", failure.code().message()}});
    }
}

}  // namespace watthour::api
