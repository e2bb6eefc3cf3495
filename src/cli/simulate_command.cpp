// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"
#include "simulate/head_end.hpp"

#include <fmt/format.h>

#include <csignal>
#include <mutex>

namespace watthour::cli {
namespace {

struct Options {
    int port = 0;
    std::string scenario = "normal";
    std::int64_t latency_ms = 200;
    std::string moment;
    std::vector<std::string> readings;
    std::string user;
    std::string password;
};

Result<int> head_end(const Common& common, const Options& options) {
    simulate::HeadEndOptions wanted;
    wanted.port = static_cast<std::uint16_t>(options.port);
    wanted.scenario = simulate::head_end_scenario_of(options.scenario)
                          .value_or(simulate::HeadEndScenario::normal);
    wanted.latency_ms = options.latency_ms;
    if (!options.moment.empty()) {
        TRY(wanted.moment, parse_iso_instant(options.moment));
    }
    for (const std::string& pair : options.readings) {
        const std::size_t at = pair.find('=');
        wanted.readings[pair.substr(0, at)] = at == std::string::npos ? "0" : pair.substr(at + 1);
    }
    wanted.only_readings = !wanted.readings.empty();
    wanted.user = options.user;
    wanted.password = options.password;
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::mutex mutex;
    simulate::HeadEnd simulated(wanted, *common.clock, [&mutex](const std::string& line) {
        const std::lock_guard<std::mutex> lock(mutex);
        say(line);
        std::fflush(stdout);
    });
    {
        const std::lock_guard<std::mutex> lock(mutex);
        say(fmt::format("A head-end ({}) listens at http://127.0.0.1:{}/. Stop with Ctrl-C.",
                        options.scenario, simulated.port()));
        std::fflush(stdout);
    }
    int which = 0;
    ::sigwait(&signals, &which);
    simulated.stop();
    return 0;
}

}  // namespace

void add_simulate(CLI::App& app, Common& common) {
    static Options options;
    auto* simulate = app.add_subcommand("simulate", "Play the other side, to try things out");
    simulate->require_subcommand(1);
    auto* command = simulate->add_subcommand(
        "head-end", "A head-end of MultiSpeak and IEC 61968-9 over real sockets");
    command->add_option("--port", options.port, "Port of this machine; 0 takes a free one")
        ->check(CLI::Range(0, 65535));
    command
        ->add_option("--scenario", options.scenario,
                     "normal, silent, slow, duplicate, late or wrong")
        ->check(CLI::IsMember({"normal", "silent", "slow", "duplicate", "late", "wrong"}));
    command->add_option("--latency-ms", options.latency_ms, "Until it answers")
        ->check(CLI::Range(0, 3'600'000));
    command->add_option("--moment", options.moment,
                        "Of its readings: 2026-06-15T13:20:00-07:00; else now");
    command->add_option("--reading", options.readings,
                        "SERIAL=KWH, again and again: it then has these meters alone");
    command->add_option("--user", options.user, "That its answers show (HTTP basic)");
    command->add_option("--password", options.password, "Of that user");
    command->callback([&common] {
        common.command = [&common] {
            const Result<int> answer = head_end(common, options);
            return answer ? *answer : refuse(common, answer.error());
        };
    });
    command->footer(
        "Examples:\n  watthour simulate head-end --port 9100 --reading V100017=04862\n"
        "  watthour simulate head-end --port 9100 --scenario silent");
}

}  // namespace watthour::cli
