// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/permission.hpp"
#include "app/office.hpp"
#include "base/clock.hpp"
#include "base/json.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace watthour::cli {

/// What every command shares: where the database is, how the answer is written.
struct Common {
    const Clock* clock = nullptr;
    std::string database;           ///< --db, else WATTHOUR_DB, else sqlite:watthour.db
    std::string out;                ///< --out, else beside the database
    std::string server;             ///< --server: the command is done there
    bool at_server_itself = false;  ///< signs in or out there
    bool json = false;
    bool dry_run = false;
    bool ok_if_done = false;
    bool quiet = false;
    bool no_input = false;
    bool yes = false;
    std::function<int()> command;  ///< set by the command that was named
    /// Set by commands that go on where they were when given again: they are tried again by
    /// themselves when the database server goes away.
    bool resumable = false;
    mutable bool was_connected = false;  ///< the server was there and went away

    [[nodiscard]] Result<std::unique_ptr<app::Office>> office() const;
    /// The same for a command that needs a permission. Errors: access.not_allowed.
    [[nodiscard]] Result<std::unique_ptr<app::Office>> office_for(
        const access::Permission& permission) const;
    [[nodiscard]] Result<std::string> out_folder() const;
    [[nodiscard]] bool progress_wanted() const;
};

/// Data goes to stdout, messages to stderr.
void say(const std::string& line);
void note(const std::string& line);
/// The refusal with its next step on stderr, or as JSON on stdout; returns the exit code.
int refuse(const Common& common, const Error& error);
int print_json(const json::value& value);
/// A progress line on a terminal, rewritten in place; silent when piped.
void progress(const Common& common, const std::string& what, std::int64_t done, std::int64_t of);
void progress_done(const Common& common);

/// Puts a job into the queue for the workers and says so.
[[nodiscard]] int put_in_queue(const Common& common, app::Office& office, const std::string& kind,
                               const json::object& parameters);

/// Adds options that most commands take.
void add_common(CLI::App& command, Common& common);
void add_dry_run(CLI::App& command, Common& common);
/// A command below another, which runs a use case: a function of the common and its own options
/// that gives an exit code or a refusal.
template <class Options, class UseCase>
CLI::App* add_use_case(CLI::App& parent, Common& common, const Options& options,
                       const std::string& name, const std::string& what, UseCase use_case) {
    CLI::App* command = parent.add_subcommand(name, what);
    add_common(*command, common);
    command->callback([&common, &options, use_case] {
        common.command = [&common, &options, use_case] {
            const Result<int> answer = use_case(common, options);
            return answer ? *answer : refuse(common, answer.error());
        };
    });
    return command;
}
[[nodiscard]] Result<Date> date_or(const std::string& text, Date fallback);
/// "$1,234.50" for people.
[[nodiscard]] std::string dollars(Money money);
[[nodiscard]] std::string grouped(std::int64_t number);

void add_account(CLI::App& app, Common& common);
void add_usage(CLI::App& app, Common& common);
void add_utility(CLI::App& app, Common& common);
void add_rate(CLI::App& app, Common& common);
void add_replay(CLI::App& app, Common& common);
void add_tariff(CLI::App& app, Common& common);
void add_file(CLI::App& app, Common& common);
void add_format(CLI::App& app, Common& common);
void add_import(CLI::App& app, Common& common);
void add_cycle(CLI::App& app, Common& common);
void add_bill(CLI::App& app, Common& common);
void add_payment(CLI::App& app, Common& common);
void add_work(CLI::App& app, Common& common);
void add_vee(CLI::App& app, Common& common);
void add_read(CLI::App& app, Common& common);
void add_report(CLI::App& app, Common& common);
void add_check(CLI::App& app, Common& common);
void add_user(CLI::App& app, Common& common);
void add_sensitive(CLI::App& app, Common& common);
void add_job(CLI::App& app, Common& common);
void add_audit(CLI::App& app, Common& common);
void add_meter(CLI::App& app, Common& common);
void add_route(CLI::App& app, Common& common);
void add_head_end(CLI::App& app, Common& common);
void add_simulate(CLI::App& app, Common& common);
void add_case(CLI::App& app, Common& common);
void add_program(CLI::App& app, Common& common);
void add_approval(CLI::App& app, Common& common);
void add_db(CLI::App& app, Common& common);
void add_login(CLI::App& app, Common& common);
void add_serve(CLI::App& app, Common& common);
void add_sample(CLI::App& app, Common& common);

/// Parses and runs; catches what the machine did and what we did wrong.
int run_command_line(int argc, const char* const* argv, const Clock& clock);

}  // namespace watthour::cli
