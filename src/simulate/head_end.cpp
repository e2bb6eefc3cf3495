// SPDX-License-Identifier: Apache-2.0
#include "simulate/head_end.hpp"

#include "api/head_end_http.hpp"
#include "api/http_server.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/iec61968_write.hpp"
#include "formats/multispeak_write.hpp"
#include "metering/head_end_request.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

namespace watthour::simulate {
namespace {

using formats::IecMessage;
using formats::MultiSpeakMessage;
using metering::HeadEndKind;

constexpr std::array<std::string_view, 6> scenarios = {"normal",    "silent", "slow",
                                                       "duplicate", "late",   "wrong"};
constexpr std::int64_t patience_unless_told = 900;
constexpr std::string_view register_type = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0";

using Moment = std::chrono::steady_clock::time_point;

/// Things to be done at a time, one after the other.
class Later {
public:
    Later() : thread_([this] { run(); }) {}
    ~Later() { stop(); }
    Later(const Later&) = delete;
    Later& operator=(const Later&) = delete;

    void add(std::chrono::milliseconds after, std::function<void()> what) {
        const std::lock_guard<std::mutex> lock(mutex_);
        waiting_.push({std::chrono::steady_clock::now() + after, ++count_, std::move(what)});
        changed_.notify_all();
    }

    void stop() {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

private:
    struct Waiting {
        Moment at;
        std::int64_t number = 0;
        std::function<void()> what;
        bool operator<(const Waiting& other) const {
            return at == other.at ? number > other.number : at > other.at;
        }
    };

    void run() {
        std::unique_lock<std::mutex> lock(mutex_);
        while (!stopping_) {
            if (waiting_.empty()) {
                changed_.wait(lock);
                continue;
            }
            if (std::chrono::steady_clock::now() < waiting_.top().at) {
                changed_.wait_until(lock, waiting_.top().at);
                continue;
            }
            const auto what = waiting_.top().what;
            waiting_.pop();
            lock.unlock();
            what();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::priority_queue<Waiting> waiting_;
    std::int64_t count_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

/// What we were asked, in whichever protocol.
struct Question {
    bool iec = false;
    std::string version;  ///< of MultiSpeak
    std::string subject;  ///< method or noun
    std::string transaction;
    std::string reply_address;
    std::int64_t expires_seconds = patience_unless_told;
    std::optional<HeadEndKind> kind;  ///< none = a ping of the service, or nothing we know
    std::string meter;
};

Question question_of(const MultiSpeakMessage& message) {
    Question question;
    question.version = message.header.version;
    question.subject = message.method;
    question.transaction = message.transaction;
    question.reply_address = message.response_url;
    if (const auto seconds = parse_integer(message.expiration)) question.expires_seconds = *seconds;
    if (!message.asked_meters.empty()) {
        question.meter = message.asked_meters.front();
        question.kind = message.method == "InitiateOutageDetectionEventRequest" ? HeadEndKind::ping
                                                                                : HeadEndKind::read;
    } else if (!message.switches.empty()) {
        question.meter = message.switches.front().meter;
        question.kind = message.switches.front().action == "Disconnect" ? HeadEndKind::disconnect
                                                                        : HeadEndKind::connect;
    }
    return question;
}

Question question_of(const IecMessage& message) {
    Question question;
    question.iec = true;
    question.subject = message.header.noun;
    question.transaction = message.header.correlation_id;
    question.reply_address = message.header.reply_address;
    if (!message.asked_meters.empty()) {
        question.meter = message.asked_meters.front();
        question.kind = HeadEndKind::read;
    } else if (!message.controls.empty()) {
        const auto& control = message.controls.front();
        question.meter = control.meter;
        question.kind = control.name == "disconnect"  ? HeadEndKind::disconnect
                        : control.name == "reconnect" ? HeadEndKind::connect
                                                      : HeadEndKind::ping;
    }
    return question;
}

}  // namespace

class HeadEnd::Inside {
public:
    Inside(HeadEndOptions options, const Clock& clock, Log log)
        : options_(std::move(options)), clock_(clock), log_(std::move(log)) {
        api::ServerOptions server;
        server.address = options_.address;
        server.port = options_.port;
        server_ = std::make_unique<api::HttpServer>(
            server, [this](const api::Request& request) { return take(request); });
    }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    void stop() {
        later_.stop();
        server_->stop();
    }

private:
    api::Response take(const api::Request& request) {
        Question question;
        if (request.body.find("RequestMessage") != std::string::npos) {
            const auto file = formats::read_iec61968(request.body);
            if (!file.messages.empty()) question = question_of(file.messages.front());
        } else {
            const auto file = formats::read_multispeak(request.body);
            if (!file.messages.empty()) question = question_of(file.messages.front());
        }
        api::Response response;
        response.content_type = "text/xml; charset=utf-8";
        if (question.subject.empty()) {
            response.status = 400;
            return response;
        }
        log_(fmt::format("asked {} {} {}", question.subject, question.meter, question.transaction));
        if (options_.scenario == HeadEndScenario::slow) {
            std::this_thread::sleep_for(std::chrono::milliseconds(options_.latency_ms));
        }
        const bool unknown =
            question.kind && options_.only_readings && !options_.readings.contains(question.meter);
        response.body = receipt(question, unknown);
        if (question.kind && !unknown) plan(question);
        return response;
    }

    void plan(const Question& question) {
        using std::chrono::milliseconds;
        const milliseconds latency(options_.latency_ms);
        const auto answer_after = [&](milliseconds after, const std::string& bytes) {
            later_.add(after, [this, question, bytes] { post(question, bytes); });
        };
        switch (options_.scenario) {
            case HeadEndScenario::silent: return;
            case HeadEndScenario::normal:
            case HeadEndScenario::slow: answer_after(latency, answer(question, 1)); return;
            case HeadEndScenario::late:
                answer_after(milliseconds(question.expires_seconds * 1000) + latency,
                             answer(question, 1));
                return;
            case HeadEndScenario::duplicate: {
                const std::string same = answer(question, 1);
                answer_after(latency, same);
                answer_after(2 * latency, same);
                answer_after(3 * latency, answer(question, 2));
                return;
            }
            case HeadEndScenario::wrong: {
                Question other = question;
                other.meter = "X" + question.meter;
                answer_after(latency, answer(other, 1));
                return;
            }
        }
    }

    void post(const Question& question, const std::string& bytes) {
        if (question.reply_address.empty()) return;
        app::HeadEndLetter letter{bytes, {}};
        int status = 0;
        const std::string authorization =
            options_.user.empty() ? std::string()
                                  : app::basic_authorization(options_.user, options_.password);
        const auto reply = api::post_message(question.reply_address, letter, status, authorization);
        log_(fmt::format("answered {} {}: {}", question.meter, question.transaction,
                         reply ? std::to_string(status) : reply.error().message()));
    }

    [[nodiscard]] Instant now() const { return Instant{clock_.now()}; }

    [[nodiscard]] formats::XmlTime moment() const {
        return {options_.moment ? *options_.moment : now(), false};
    }

    /// A register of five dials; the same for a meter each time.
    [[nodiscard]] Decimal reading(const std::string& meter) const {
        const auto told = options_.readings.find(meter);
        if (told != options_.readings.end()) {
            const auto value = Decimal::parse(told->second);
            if (value) return *value;
        }
        std::int64_t made = 0;
        for (const char c : sha256_hex("reading|" + meter)) made = (made * 31 + c) % 100'000;
        return Decimal(made, 0);
    }

    MultiSpeakMessage multispeak(const Question& question, const std::string& method, int number) {
        MultiSpeakMessage message;
        message.method = method;
        message.header.version = question.version.starts_with("4") ? "4.1" : "3.0";
        message.header.app_name = "Simulated head-end";
        message.header.message_id = fmt::format("{}-{}", question.transaction, number);
        message.header.timestamp = to_iso_utc(now());
        return message;
    }

    IecMessage iec(const Question& question, const std::string& verb, int number) {
        IecMessage message;
        message.kind = verb == "reply" ? "ResponseMessage" : "EventMessage";
        message.header.verb = verb;
        message.header.noun = question.subject;
        message.header.timestamp = to_iso_utc(now());
        message.header.source = "Simulated head-end";
        message.header.message_id = fmt::format("{}-{}", question.transaction, number);
        message.header.correlation_id = question.transaction;
        return message;
    }

    std::string receipt(const Question& question, bool unknown) {
        if (question.iec) {
            IecMessage message = iec(question, "reply", 0);
            message.reply = formats::IecReply{0, unknown ? "FAILED" : "OK", {}};
            if (unknown) {
                message.reply->errors.push_back(
                    {0, "2.4", "FATAL", "no such meter", question.meter});
            }
            return formats::write_iec61968(message);
        }
        MultiSpeakMessage message = multispeak(question, question.subject + "Response", 0);
        if (unknown) {
            message.errors.push_back(
                {0, question.meter, "no such meter", "meter", formats::XmlTime{now(), false}});
        }
        return formats::write_multispeak(message);
    }

    std::string answer(const Question& question, int number) {
        return question.iec ? iec_answer(question, number) : multispeak_answer(question, number);
    }

    std::string multispeak_answer(const Question& question, int number) {
        const bool is_4 = question.version.starts_with("4");
        switch (*question.kind) {
            case HeadEndKind::read: {
                auto message = multispeak(question, "ReadingChangedNotification", number);
                message.transaction = question.transaction;
                formats::MultiSpeakReading one;
                one.meter = question.meter;
                one.field = "posKWh";
                one.quantity = "KWH";
                one.value = reading(question.meter);
                one.at = moment();
                message.readings.push_back(std::move(one));
                return formats::write_multispeak(message);
            }
            case HeadEndKind::ping: {
                auto message = multispeak(question, "ODEventNotification", number);
                message.transaction = question.transaction;
                message.events.push_back({0, question.meter, "", "PowerOn", "", moment()});
                return formats::write_multispeak(message);
            }
            case HeadEndKind::connect:
            case HeadEndKind::disconnect: break;
        }
        auto message = multispeak(
            question, is_4 ? "CDStatesChangedNotification" : "CDStateChangedNotification", number);
        message.transaction = question.transaction;
        formats::MultiSpeakSwitch one;
        one.meter = question.meter;
        one.action = *question.kind == HeadEndKind::connect ? "Connect" : "Disconnect";
        message.switches.push_back(std::move(one));
        return formats::write_multispeak(message);
    }

    std::string iec_answer(const Question& question, int number) {
        if (*question.kind == HeadEndKind::read) {
            IecMessage message = iec(question, "created", number);
            formats::IecSeries series;
            series.meter = question.meter;
            series.reading_type = register_type;
            series.readings.push_back({0, moment(), reading(question.meter), {"1.0.0"}});
            message.series.push_back(std::move(series));
            return formats::write_iec61968(message);
        }
        // Codes of the events that tell how the switch stands.
        IecMessage message = iec(question, "created", number);
        message.header.noun = "EndDeviceEvents";
        formats::IecEvent event;
        event.meter = question.meter;
        event.code = *question.kind == HeadEndKind::disconnect ? "3.31.0.68" : "3.31.0.42";
        event.created = moment();
        message.events.push_back(std::move(event));
        return formats::write_iec61968(message);
    }

    HeadEndOptions options_;
    const Clock& clock_;
    Log log_;
    Later later_;
    std::unique_ptr<api::HttpServer> server_;
};

std::optional<HeadEndScenario> head_end_scenario_of(std::string_view text) {
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        if (scenarios[i] == text) return static_cast<HeadEndScenario>(i);
    }
    return std::nullopt;
}

HeadEnd::HeadEnd(HeadEndOptions options, const Clock& clock, Log log)
    : inside_(std::make_unique<Inside>(std::move(options), clock, std::move(log))) {}
HeadEnd::~HeadEnd() { stop(); }
std::uint16_t HeadEnd::port() const { return inside_->port(); }
void HeadEnd::stop() { inside_->stop(); }

}  // namespace watthour::simulate
