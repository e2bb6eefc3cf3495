// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace watthour::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  watthour utility create --sample --accounts 500\n"
    "  watthour cycle run 05 --date 2026-06-09 --dry-run\n"
    "  watthour bill explain 10000000017-260608\n"
    "\n";

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 some rejected, 2 usage, 3 not found, 4 refused, 6 needs approval, 7 "
    "invalid,\n"
    "8 duplicate, 69 unavailable, 70 defect, 74 input/output, 75 try again, 130 interrupted.";

/// Every step is one transaction, so stopping at once loses only the step under way.
extern "C" void stop_safely(int) {
    constexpr std::string_view words =
        "\nStopped. What was finished is kept; give the same command again to go on.\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
    ::_exit(static_cast<int>(ExitCode::interrupted));
}

std::string as_typed(int argc, const char* const* argv) {
    std::string line = "watthour";
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool plain = word.find_first_of(" '\"$&;|<>()*?") == std::string_view::npos;
        line += plain ? fmt::format(" {}", word) : fmt::format(" '{}'", word);
    }
    return line;
}

/// A server that restarts is waited for, 1 + 2 + 4 seconds; then the command stops where it can go
/// on, and says how.
int run_patiently(const Common& common, int argc, const char* const* argv) {
    for (const int seconds : {1, 2, 4, 0}) {
        try {
            const int answer = common.command();
            const bool unreachable = answer == static_cast<int>(ExitCode::unavailable);
            if (!unreachable || !common.resumable || !common.was_connected) return answer;
        } catch (const storage::ConnectionLost& lost) {
            common.was_connected = true;
            note(fmt::format("{}.", lost.what()));
            if (!common.resumable) return lost.exit_code();
        }
        if (seconds == 0) break;
        note(fmt::format("Trying again in {} s.", seconds));
        ::sleep(static_cast<unsigned>(seconds));
    }
    note("What was finished is kept. When the server is back, go on with:\n  " +
         as_typed(argc, argv));
    return static_cast<int>(ExitCode::unavailable);
}

/// In the order in which the help lists them.
void add_commands(CLI::App& app, Common& common) {
    add_utility(app, common);
    add_sample(app, common);
    add_file(app, common);
    add_format(app, common);
    add_import(app, common);
    add_cycle(app, common);
    add_account(app, common);
    add_usage(app, common);
    add_bill(app, common);
    add_payment(app, common);
    add_work(app, common);
    add_vee(app, common);
    add_read(app, common);
    add_report(app, common);
    add_check(app, common);
    add_user(app, common);
    add_approval(app, common);
    add_job(app, common);
    add_serve(app, common);
    add_login(app, common);
    add_audit(app, common);
    add_meter(app, common);
    add_route(app, common);
    add_head_end(app, common);
    add_simulate(app, common);
    add_case(app, common);
    add_program(app, common);
    add_sensitive(app, common);
    add_db(app, common);
    add_rate(app, common);
    add_replay(app, common);
    add_tariff(app, common);
}

/// Help of a command that wrote none shows those lines of its group's examples that give it.
void give_own_examples(CLI::App& app, const CLI::App& root) {
    for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
        give_own_examples(*command, root);
        if (command->get_footer() != root.get_footer()) continue;
        const std::string own =
            &app == &root ? fmt::format("  watthour {} ", command->get_name())
                          : fmt::format("  watthour {} {} ", app.get_name(), command->get_name());
        std::string shown;
        std::istringstream lines(app.get_footer());
        for (std::string line; std::getline(lines, line);) {
            if ((line + " ").starts_with(own)) shown += line + "\n";
        }
        if (!shown.empty()) shown = "Examples:\n" + shown + "\n";
        command->footer(shown + exit_codes);
    }
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const Clock& clock) {
    std::signal(SIGINT, stop_safely);
    std::signal(SIGTERM, stop_safely);
    Common common;
    common.clock = &clock;
    const char* from_environment = std::getenv("WATTHOUR_DB");
    common.database = from_environment != nullptr && *from_environment != '\0'
                          ? from_environment
                          : "sqlite:watthour.db";
    // A server is named for the shell as a database is; one named with --db is meant itself.
    if (const char* server = std::getenv("WATTHOUR_SERVER"); server != nullptr) {
        common.server = server;
    }
    CLI::App app{"Watthour: meter reads to cash for an electric utility", "watthour"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "watthour " WATTHOUR_VERSION);
    app.footer(std::string(examples) + exit_codes);
    app.add_option("--db", common.database, "Database, as after a command");
    app.add_option("--server", common.server, "Do it at this server, as after a command");
    app.add_flag("--json", common.json, "Write the answer as JSON, as after a command");
    add_commands(app, common);
    give_own_examples(app, app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int answer = app.exit(error);
        return answer == 0 ? 0 : static_cast<int>(ExitCode::usage);
    }
    if (!common.server.empty() && !common.at_server_itself) {
        common.command = [&app, &common] { return run_at_server(app, common); };
        common.resumable = false;
    }
    try {
        return common.command ? run_patiently(common, argc, argv)
                              : static_cast<int>(ExitCode::usage);
    } catch (const EnvironmentError& error) {
        note(fmt::format("{}.", error.what()));
        return error.exit_code();
    } catch (const std::bad_alloc&) {
        note("The machine has no memory left; close other programs and try again.");
        return static_cast<int>(ExitCode::unavailable);
    } catch (const std::exception& error) {
        note(
            fmt::format("This is a defect of Watthour, nothing was half written: {}\n"
                        "Please report it with the command you gave.",
                        error.what()));
        return static_cast<int>(ExitCode::defect);
    }
}

}  // namespace watthour::cli
