// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include "api/head_end_http.hpp"
#include "app/authorize.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace watthour::cli {

Result<std::unique_ptr<app::Office>> Common::office() const {
    static api::HeadEndHttp line;
    TRY(auto opened, app::Office::open(database, *clock));
    opened->use_line(line);
    return opened;
}

Result<std::unique_ptr<app::Office>> Common::office_for(
    const access::Permission& permission) const {
    TRY(auto opened, office());
    TRY_DONE(app::authorize(*opened, permission));
    return opened;
}

Result<std::string> Common::out_folder() const {
    if (!out.empty()) return out;
    TRY(const std::string path, storage::local_path(database));
    return app::default_out_folder(path);
}

bool Common::progress_wanted() const { return !quiet && !json && ::isatty(STDERR_FILENO) == 1; }

void say(const std::string& line) { fmt::print(stdout, "{}\n", line); }

void note(const std::string& line) { fmt::print(stderr, "{}\n", line); }

int print_json(const json::value& value) {
    say(to_pretty_text(value));
    return 0;
}

int refuse(const Common& common, const Error& error) {
    const bool already_done = error.kind().exit == ExitCode::duplicate;
    if (common.json) {
        json::object facts;
        for (const auto& [key, value] : error.facts()) facts[key] = value;
        print_json(json::object{{"error", json::string(error.slug())},
                                {"message", error.message()},
                                {"next", error.next()},
                                {"facts", std::move(facts)}});
    }
    note(error.message());
    if (!already_done || !common.ok_if_done) note(error.next());
    if (already_done && common.ok_if_done) return 0;
    return static_cast<int>(error.kind().exit);
}

void progress(const Common& common, const std::string& what, std::int64_t done, std::int64_t of) {
    if (!common.progress_wanted()) return;
    fmt::print(stderr, "\r{}: {} of {}   ", what, grouped(done), grouped(of));
    std::fflush(stderr);
}

void progress_done(const Common& common) {
    if (common.progress_wanted()) fmt::print(stderr, "\n");
}

void add_common(CLI::App& command, Common& common) {
    command.add_option(
        "--db", common.database,
        "Database: sqlite:PATH or postgresql://USER@HOST:PORT/NAME (default: WATTHOUR_DB, "
        "else sqlite:watthour.db)");
    command.add_option("--server", common.server,
                       "Do it at this server (default: WATTHOUR_SERVER, else on the database)");
    command.add_flag("--json", common.json, "Write the answer as JSON");
    command.add_flag("--quiet", common.quiet, "No progress lines");
    command.add_flag("--ok-if-done", common.ok_if_done, "Exit 0 when it was done before");
    command.add_flag("--no-input", common.no_input, "Ask nothing (this release never does)");
    command.add_flag("--yes", common.yes, "Answer yes to questions (this release asks none)");
}

void add_dry_run(CLI::App& command, Common& common) {
    command.add_flag("--dry-run", common.dry_run,
                     "Do everything but the last step: show what would be written");
}

Result<Date> date_or(const std::string& text, Date fallback) {
    if (text.empty()) return fallback;
    return Date::parse(text);
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number < 0 ? -number : number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return number < 0 ? "-" + digits : digits;
}

std::string dollars(Money money) {
    const std::string plain = money.magnitude().to_string();
    const std::size_t point = plain.find('.');
    const std::string whole = grouped(*parse_integer(plain.substr(0, point)));
    return (money.is_negative() ? "-$" : "$") + whole + plain.substr(point);
}

}  // namespace watthour::cli
