// SPDX-License-Identifier: Apache-2.0
// The server over real sockets: slow, huge, malformed, many at once.
#include "api/http_server.hpp"
#include "base/check.hpp"
#include "base/error.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace watthour::api {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

class Connection {
public:
    explicit Connection(std::uint16_t port) : socket_(context_) {
        socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    }
    void send(const std::string& text) {
        boost::system::error_code ignored;
        asio::write(socket_, asio::buffer(text), ignored);
    }
    /// What comes until the server closes.
    std::string rest() {
        std::string text;
        char buffer[4096];
        boost::system::error_code failure;
        for (;;) {
            const auto n = socket_.read_some(asio::buffer(buffer), failure);
            if (failure) return text;
            text.append(buffer, n);
        }
    }

private:
    asio::io_context context_;
    tcp::socket socket_;
};

Response echo(const Request& request) {
    if (request.path == "/throws") throw std::runtime_error("a handler failed");
    if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Response response;
    response.body = std::string(method_name(request.method)) + " " + request.path + " " +
                    std::string(request.parameter("q")) + " " +
                    std::string(request.header("x-test")) + " " +
                    std::to_string(request.body.size());
    return response;
}

ServerOptions small() {
    ServerOptions options;
    options.port = 0;
    options.workers = 4;
    options.most_header_bytes = 2048;
    options.most_body_bytes = 4096;
    options.seconds_of_header = 1;
    options.seconds_to_ask = 1;
    options.seconds_idle = 1;
    options.most_connections = 64;
    return options;
}

std::string ask(const HttpServer& server, const std::string& text) {
    Connection connection(server.port());
    connection.send(text);
    return connection.rest();
}

TEST(HttpServer, AnswersAndKeepsTheConnection) {
    HttpServer server(small(), echo);
    const std::string both = ask(server,
                                 "GET /a%20b?q=x+y HTTP/1.1\r\nHost: h\r\nX-Test: t\r\n\r\n"
                                 "POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                                 "Connection: close\r\n\r\nabc");
    EXPECT_NE(both.find("get /a b x y t 0"), std::string::npos) << both;
    EXPECT_NE(both.find("post /c   3"), std::string::npos) << both;
    EXPECT_NE(both.find("X-Content-Type-Options: nosniff"), std::string::npos);
}

TEST(HttpServer, RefusesWhatIsTooLargeOrMalformed) {
    HttpServer server(small(), echo);
    const auto status = [&](const std::string& text) { return ask(server, text).substr(0, 12); };
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: h\r\nX-Test: " + std::string(5000, 'x') + "\r\n\r\n"),
              "HTTP/1.1 431");
    EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\n"), "HTTP/1.1 413");
    EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n" +
                     std::string(9000, 'x')),
              "HTTP/1.1 413");
    for (const char* text :
         {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n",
          "GET /a?q=%00 HTTP/1.1\r\nConnection: close\r\n\r\n",
          "GET /a?q=1&q=2 HTTP/1.1\r\nConnection: close\r\n\r\n"}) {
        EXPECT_EQ(status(text), "HTTP/1.1 400") << text;
    }
    // Sent in two ways at once, a request could be cut in two by somebody on the way.
    EXPECT_EQ(status("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "0\r\n\r\n"),
              "HTTP/1.1 400");
}

TEST(HttpServer, ReadsNoBodyOfAStranger) {
    ServerOptions options = small();
    options.at_the_door = [](const Request& request) {
        Response response;
        response.status = request.header("authorization").empty() ? 401 : 0;
        return response;
    };
    HttpServer server(options, echo);
    // The body never comes: the answer does.
    EXPECT_EQ(ask(server, "POST /x HTTP/1.1\r\nContent-Length: 4000\r\n\r\n").substr(0, 12),
              "HTTP/1.1 401");
    EXPECT_NE(ask(server,
                  "POST /x HTTP/1.1\r\nAuthorization: a\r\nContent-Length: 2\r\n"
                  "Connection: close\r\n\r\nab")
                  .find("post /x"),
              std::string::npos);
    EXPECT_NE(ask(server, "PATCH /x HTTP/1.1\r\nConnection: close\r\n\r\n").find("other /x"),
              std::string::npos);
}

TEST(HttpServer, DoesNotWaitForWhoDripsBytes) {
    HttpServer server(small(), echo);
    Connection slow(server.port());
    std::atomic<bool> over{false};
    std::thread dripping([&] {
        for (int i = 0; i < 200 && !over; ++i) {
            slow.send("G");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    // The connection ends by the deadline although bytes keep coming.
    (void)slow.rest();
    over = true;
    dripping.join();
    EXPECT_NE(ask(server, "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n").find("get /x"),
              std::string::npos);
}

TEST(HttpServer, AnswersOthersWhileManyAreIdle) {
    HttpServer server(small(), echo);
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 40; ++i) idle.push_back(std::make_unique<Connection>(server.port()));
    EXPECT_NE(ask(server, "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n").find("get /x"),
              std::string::npos);
}

TEST(HttpServer, TakesNoMoreConnectionsThanItMay) {
    ServerOptions options = small();
    options.most_connections = 4;
    HttpServer server(options, echo);
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 4; ++i) {
        idle.push_back(std::make_unique<Connection>(server.port()));
        idle.back()->send("GET /x HTTP/1.1\r\n\r\n");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(ask(server, "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"), "");
    idle.clear();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_NE(ask(server, "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n").find("get /x"),
              std::string::npos);
}

TEST(HttpServer, TellsTheClientOfAFailureWithoutItsWords) {
    HttpServer server(small(), echo);
    testing::internal::CaptureStderr();
    const std::string answer = ask(server, "GET /throws HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_NE(testing::internal::GetCapturedStderr().find("a handler failed"), std::string::npos);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 500");
    EXPECT_EQ(answer.find("a handler failed"), std::string::npos);
}

TEST(HttpServer, AnswersManyAtOnceAndEachItsOwn) {
    HttpServer server(small(), echo);
    std::atomic<int> right{0};
    std::vector<std::thread> clients;
    for (int c = 0; c < 16; ++c) {
        clients.emplace_back([&, c] {
            for (int i = 0; i < 20; ++i) {
                const std::string path = "/p" + std::to_string(c) + "-" + std::to_string(i);
                right += ask(server, "GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n")
                             .find("get " + path + " ") != std::string::npos;
            }
        });
    }
    for (auto& client : clients) client.join();
    EXPECT_EQ(right, 16 * 20);
}

TEST(HttpServer, AnswersWhatIsUnderWayWhenItStops) {
    HttpServer server(small(), echo);
    Connection connection(server.port());
    connection.send("GET /slow HTTP/1.1\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::thread stopping([&] { server.stop(); });
    EXPECT_NE(connection.rest().find("get /slow"), std::string::npos);
    stopping.join();
}

/// A key and a certificate of this test alone, as PEM files.
struct Certificate {
    Certificate() {
        EVP_PKEY* key = ::EVP_RSA_gen(2048);
        X509* made = ::X509_new();
        ::X509_set_version(made, 2);
        ::ASN1_INTEGER_set(::X509_get_serialNumber(made), 1);
        ::X509_gmtime_adj(::X509_getm_notBefore(made), 0);
        ::X509_gmtime_adj(::X509_getm_notAfter(made), 3600);
        ::X509_set_pubkey(made, key);
        X509_NAME* name = ::X509_get_subject_name(made);
        const std::string common = "localhost";
        ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>(common.data()),
                                     static_cast<int>(common.size()), -1, 0);
        ::X509_set_issuer_name(made, name);
        ::X509_sign(made, key, ::EVP_sha256());
        FILE* file = std::fopen(chain.c_str(), "w");
        ::PEM_write_X509(file, made);
        std::fclose(file);
        file = std::fopen(private_key.c_str(), "w");
        ::PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        ::X509_free(made);
        ::EVP_PKEY_free(key);
    }
    std::string chain =
        testing::TempDir() + "watthour_chain_" + std::to_string(::getpid()) + ".pem";
    std::string private_key =
        testing::TempDir() + "watthour_key_" + std::to_string(::getpid()) + ".pem";
};

std::string ask_secure(std::uint16_t port, asio::ssl::context& secure, const std::string& text) {
    asio::io_context context;
    asio::ssl::stream<tcp::socket> stream(context, secure);
    stream.lowest_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    boost::system::error_code failure;
    stream.handshake(asio::ssl::stream_base::client, failure);
    if (failure) return "no handshake";
    asio::write(stream, asio::buffer(text), failure);
    std::string answer;
    char buffer[4096];
    while (!failure) {
        const auto n = stream.read_some(asio::buffer(buffer), failure);
        answer.append(buffer, n);
    }
    return answer;
}

TEST(HttpServer, SpeaksTlsOfTodayAndNothingOlder) {
    const Certificate certificate;
    ServerOptions options = small();
    options.certificate = certificate.chain;
    options.private_key = certificate.private_key;
    HttpServer server(options, [](const Request& request) {
        Response response;
        response.body = request.secure ? "over TLS" : "in the open";
        return response;
    });
    const std::string request = "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n";
    asio::ssl::context today(asio::ssl::context::tls_client);
    const std::string answer = ask_secure(server.port(), today, request);
    EXPECT_NE(answer.find("over TLS"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Strict-Transport-Security"), std::string::npos);
    asio::ssl::context older(asio::ssl::context::tls_client);
    ::SSL_CTX_set_max_proto_version(older.native_handle(), TLS1_1_VERSION);
    ::SSL_CTX_set_security_level(older.native_handle(), 0);
    EXPECT_EQ(ask_secure(server.port(), older, request), "no handshake");
    // Whoever speaks in the open is told nothing.
    EXPECT_EQ(ask(server, request).find("HTTP/1.1 200"), std::string::npos);
}

TEST(HttpServer, SaysWhichCertificateItCannotUse) {
    ServerOptions options = small();
    options.certificate = "/nowhere/chain.pem";
    options.private_key = "/nowhere/key.pem";
    try {
        const HttpServer server(options, echo);
        FAIL();
    } catch (const EnvironmentError& error) {
        EXPECT_NE(std::string(error.what()).find("/nowhere/chain.pem"), std::string::npos);
    }
}

}  // namespace
}  // namespace watthour::api
