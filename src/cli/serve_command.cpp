// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"
#include "api/errors.hpp"
#include "api/http_server.hpp"
#include "api/openapi.hpp"
#include "api/route.hpp"
#include "app/sign_in.hpp"
#include "app/work_jobs.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <thread>

namespace watthour::cli {
namespace {

struct Options {
    std::string address = "127.0.0.1";
    int port = 8080;
    int workers = 8;
    std::string certificate;
    std::string key;
    std::string log;
    bool no_jobs = false;
    bool contract = false;
};

bool is_loopback(const std::string& address) {
    return address == "::1" || address.starts_with("127.");
}

/// Nobody has a password yet: whoever starts the server sets the first one.
Result<void> greet_first(const Common& common, const std::string& root) {
    TRY(const auto office, common.office());
    if (app::anybody_can_sign_in(*office)) return {};
    TRY(const auto link, app::make_link(*office, office->actor().name));
    say(
        fmt::format("Nobody can sign in yet. {} sets a password, once, within a day, at\n"
                    "  {}/w/password/{}",
                    link.user.name, root, link.token));
    return {};
}

/// Does what is in the queue and what the clock asks for, until it is told to stop.
class JobRunner {
public:
    explicit JobRunner(const Common& common) : common_(common), thread_([this] { run(); }) {}
    ~JobRunner() {
        stopping_ = true;
        thread_.join();
    }
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

private:
    void run() {
        while (!stopping_) {
            try {
                const auto office = common_.office();
                if (office) {
                    app::WorkOptions options;
                    options.schedules = true;
                    while (!stopping_) {
                        (void)app::work_jobs(**office, options);
                        rest(500);
                    }
                }
            } catch (const std::exception& failure) {
                note(failure.what());
            }
            rest(5000);
        }
    }
    void rest(int milliseconds) const {
        for (int i = 0; i < milliseconds && !stopping_; i += 50) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    const Common& common_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// As many connections as the machine lets one program have.
void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Answers until Ctrl-C or a stop by the system; what is under way is finished.
void wait_for_stop() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    ::sigaddset(&wanted, SIGINT);
    ::sigaddset(&wanted, SIGTERM);
    int which = 0;
    ::sigwait(&wanted, &which);
}

void hold_signals() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    ::sigaddset(&wanted, SIGINT);
    ::sigaddset(&wanted, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
}

Result<int> serve(const Common& common, const Options& options) {
    if (options.contract) return print_json(api::openapi());
    const bool secure = !options.certificate.empty();
    if (!secure && !is_loopback(options.address)) {
        return Error(api::errors::not_loopback, {{"address", options.address}});
    }
    raise_file_limit();
    // Threads that are started from here on leave the signals to the one that waits for them.
    hold_signals();
    std::ofstream log;
    api::Api::Log sink;
    if (options.log == "-") {
        sink = [](const std::string& line) { note(line); };
    } else if (!options.log.empty()) {
        log.open(options.log, std::ios::app);
        sink = [&log](const std::string& line) { log << line << std::endl; };
    }
    api::Api api(common.database, *common.clock, sink);
    TRY_DONE(api.open());
    api::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = static_cast<std::uint16_t>(options.port);
    server_options.workers = options.workers;
    server_options.certificate = options.certificate;
    server_options.private_key = options.key;
    server_options.most_body_of = api::most_body_of;
    server_options.at_the_door = [&api](const api::Request& request) {
        return api.at_the_door(request);
    };
    api::HttpServer server(server_options,
                           [&api](const api::Request& request) { return api.handle(request); });
    const std::string root =
        fmt::format("{}://{}:{}", secure ? "https" : "http", options.address, server.port());
    TRY_DONE(greet_first(common, root));
    say(fmt::format("The workbench is at {}/ and the API's contract at {}/docs. Stop with Ctrl-C.",
                    root, root));
    std::fflush(stdout);
    std::optional<JobRunner> runner;
    if (!options.no_jobs) runner.emplace(common);
    wait_for_stop();
    note("Stopping: what is under way is finished.");
    server.stop();
    return 0;
}

}  // namespace

void add_serve(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand("serve", "The workbench, the API and the job runner");
    add_common(*command, common);
    command->add_option("--address", options.address, "An address of this machine");
    command->add_option("--port", options.port, "Port; 0 takes a free one")
        ->check(CLI::Range(0, 65535));
    command->add_option("--workers", options.workers, "Requests that may wait for the database")
        ->check(CLI::Range(1, 256));
    command->add_option("--certificate", options.certificate, "Certificate chain, PEM: speak TLS");
    command->add_option("--key", options.key, "Its private key, PEM");
    command->add_option("--log", options.log,
                        "A line of JSON for each request, to a file; - to stderr");
    command->add_flag("--no-jobs", options.no_jobs, "Leave the queue to watthour work");
    command->add_flag("--contract", options.contract, "Print the API's contract and stop");
    command->footer(
        "It also does the jobs in the queue, as watthour work does.\n"
        "Examples:\n  watthour serve\n  watthour serve --port 9000 --db sqlite:city.db\n"
        "  curl http://127.0.0.1:8080/openapi.json");
    command->callback([&common] {
        common.command = [&common] {
            const auto answer = serve(common, options);
            return answer ? *answer : refuse(common, answer.error());
        };
    });
}

}  // namespace watthour::cli
