// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "calendar/date.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace watthour::simulate {

/// How the head-end behaves.
enum class HeadEndScenario {
    normal,     ///< takes up what it is asked and answers soon
    silent,     ///< takes it up and never answers
    slow,       ///< takes its time for both
    duplicate,  ///< answers three times, twice in the very same bytes
    late,       ///< answers when the time of the request is over
    wrong,      ///< answers for another meter
};
[[nodiscard]] std::optional<HeadEndScenario> head_end_scenario_of(std::string_view text);

struct HeadEndOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free one
    HeadEndScenario scenario = HeadEndScenario::normal;
    std::int64_t latency_ms = 200;
    std::optional<Instant> moment;                ///< of readings; else now
    std::map<std::string, std::string> readings;  ///< kWh by serial; else made up
    bool only_readings = false;  ///< meters without a reading are refused as unknown
    std::string user;            ///< that its answers show as HTTP basic; "" = none
    std::string password;
};

/// Listens from its making on; a line for whatever happens goes to `log`, from any thread.
class HeadEnd {
public:
    using Log = std::function<void(const std::string&)>;
    HeadEnd(HeadEndOptions options, const Clock& clock, Log log);
    ~HeadEnd();
    HeadEnd(const HeadEnd&) = delete;
    HeadEnd& operator=(const HeadEnd&) = delete;
    [[nodiscard]] std::uint16_t port() const;
    /// Answers that wait are dropped.
    void stop();

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace watthour::simulate
