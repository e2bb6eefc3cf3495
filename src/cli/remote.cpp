// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.hpp"

#include "access/password.hpp"
#include "api/errors.hpp"
#include "api/http_client.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/print_answer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sys/stat.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace watthour::cli {
namespace {

using api::Method;

/// Between two looks at a job that is waited for.
constexpr auto look_again = std::chrono::milliseconds(300);

/// How a command is said in the contract. Places: `path:`, `query:`, `body:` with the field's name;
/// `list:` a field of many texts, `flag:` of true, `number:` of a whole number; `language` is that
/// of who reads the answer. What begins with `=` in an option's place is said always.
struct Said {
    std::string_view command;
    Method method;
    std::string_view pattern;
    std::vector<std::pair<std::string_view, std::string_view>> places;
    bool key = false;  ///< one Idempotency-Key a command
};

const std::vector<Said>& sayings() {
    static const std::vector<Said> all = {
#define WH_SAID(command, method, pattern, key, ...) \
    {command, Method::method, pattern, {__VA_ARGS__}, key},
#include "cli/sayings.def"
#undef WH_SAID
    };
    return all;
}

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// Where the tokens of servers are kept, for the owner alone.
std::string logins_file() {
    const char* home = std::getenv("XDG_CONFIG_HOME");
    if (home != nullptr && *home != '\0') return std::string(home) + "/watthour/servers.json";
    home = std::getenv("HOME");
    return std::string(home == nullptr ? "." : home) + "/.config/watthour/servers.json";
}

json::object read_logins() {
    const auto text = read_file(logins_file());
    if (!text) return {};
    auto parsed = parse_json(*text, logins_file());
    return parsed && parsed->is_object() ? std::move(parsed->as_object()) : json::object{};
}

void write_logins(const json::object& logins) {
    const auto before = ::umask(0077);
    write_file(logins_file(), to_pretty_text(logins));
    ::umask(before);
    ::chmod(logins_file().c_str(), 0600);
}

std::string token_for(const std::string& server) {
    const json::object logins = read_logins();
    const auto* token = logins.if_contains(server);
    return token == nullptr || !token->is_string() ? std::string()
                                                   : std::string(token->as_string());
}

/// A request under way: what goes where.
struct Question {
    std::string target;
    std::string query;
    json::object body;
    api::Request request;

    void add_query(std::string_view name, std::string_view value) {
        query += fmt::format("{}{}={}", query.empty() ? '?' : '&', name, encoded(value));
    }
};

Result<api::Response> send(const Common& common, Method method, Question& question) {
    const std::string token = token_for(common.server);
    if (token.empty()) {
        return Error(api::errors::server_login_missing, {{"address", common.server}});
    }
    question.request.headers["Authorization"] = "Bearer " + token;
    if (method != Method::get && question.request.body.empty() && !question.body.empty()) {
        question.request.headers["Content-Type"] = "application/json";
        question.request.body = to_text(question.body);
    }
    return api::ask_server(common.server, method, question.target + question.query,
                           question.request);
}

/// What a command says to a refusal: the same words and the same exit code as on the machine
/// itself.
int tell_refusal(const Common& common, const api::Response& response) {
    const auto parsed = parse_json(response.body, "answer");
    const json::object none;
    const json::object& problem = parsed && parsed->is_object() ? parsed->as_object() : none;
    const auto text = [&](const char* name) {
        const auto* value = problem.if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->as_string())
                                                      : std::string();
    };
    int exit = response.status >= 500 ? static_cast<int>(ExitCode::unavailable)
                                      : static_cast<int>(ExitCode::refused);
    if (const auto* code = problem.if_contains("exit_code"); code != nullptr && code->is_int64()) {
        exit = static_cast<int>(code->as_int64());
    }
    if (exit == static_cast<int>(ExitCode::duplicate) && common.ok_if_done) exit = 0;
    if (common.json) {
        print_json(json::object{
            {"error", text("title")}, {"message", text("detail")}, {"next", text("next")}});
    } else {
        note(fmt::format("{}\n  {}", text("detail"), text("next")));
    }
    return exit;
}

int tell(const Common& common, const api::Response& response) {
    const auto parsed = parse_json(response.body, "answer");
    if (!parsed) {
        say(response.body);
        return 0;
    }
    if (common.json) return print_json(*parsed);
    print_answer(*parsed);
    return 0;
}

/// Pages of a list as one answer.
Result<api::Response> send_all(const Common& common, Question question) {
    question.add_query("limit", "200");
    const std::string query = question.query;
    json::array items;
    for (;;) {
        TRY(auto response, send(common, Method::get, question));
        if (response.status != 200) return response;
        auto parsed = parse_json(response.body, "answer");
        if (!parsed) return response;
        auto& body = parsed->as_object();
        for (auto& row : body.at("items").as_array()) items.push_back(std::move(row));
        if (!body.at("has_more").as_bool()) {
            response.body = to_text(json::object{{"items", std::move(items)}});
            return response;
        }
        question.query = query + "&cursor=" + std::string(body.at("cursor").as_string());
    }
}

/// Puts an option where the contract has it.
void place(Question& question, std::string_view where, const std::vector<std::string>& values) {
    const std::string_view name = where.substr(where.find(':') + 1);
    const std::string& first = values.front();
    if (where.starts_with("path:")) {
        const std::string hole = "{" + std::string(name) + "}";
        const auto at = question.target.find(hole);
        if (at != std::string::npos) question.target.replace(at, hole.size(), encoded(first));
    } else if (where.starts_with("query:")) {
        std::string text = first;
        for (std::size_t i = 1; i < values.size(); ++i) text += " " + values[i];
        question.add_query(name, text);
    } else if (where == "language") {
        question.request.headers["Accept-Language"] = first;
    } else if (where.starts_with("flag:")) {
        question.body[name] = first == "true";
    } else if (where.starts_with("number:")) {
        // What is no number is sent as it is, and refused by the server.
        const auto number = parse_integer(first);
        question.body[name] = number ? json::value(*number) : json::value(first);
    } else if (where.starts_with("list:")) {
        question.body[name] = json::array(values.begin(), values.end());
    } else {
        question.body[name] = first;
    }
}

Question question_of(const Said& said, const CLI::App& command, const Common& common) {
    Question question;
    question.target = said.pattern;
    for (const auto& [option, where] : said.places) {
        if (option.starts_with('=')) {
            place(question, where, {std::string(option.substr(1))});
            continue;
        }
        for (const CLI::Option* given : command.get_options()) {
            std::string name = given->get_name();
            while (name.starts_with('-')) name.erase(0, 1);
            if (name != option) continue;
            auto values = given->results();
            if (values.empty() && !given->get_default_str().empty()) {
                values = {given->get_default_str()};
            }
            if (!values.empty()) place(question, where, values);
        }
    }
    if (common.dry_run) question.add_query("dry_run", "true");
    if (said.key && !common.dry_run) {
        question.request.headers["Idempotency-Key"] = access::random_token();
    }
    // The tender that the command has by itself.
    if (said.command == "payment post" && !question.body.contains("tender")) {
        question.body["tender"] = "cash";
    }
    return question;
}

std::string option_of(const CLI::App& command, const std::string& name) {
    const auto* option = command.get_option_no_throw(name);
    return option == nullptr || option->count() == 0 ? std::string() : option->results().front();
}

Result<int> import_there(const CLI::App& command, const Common& common) {
    // A file of a mapping lies here, a remembered one there.
    std::string profile = option_of(command, "--profile");
    if (!profile.empty() && std::filesystem::exists(profile)) {
        TRY(const std::string text, read_file(profile));
        // Without its line ends it can stand in an address.
        TRY(const auto parsed, parse_json(text, profile));
        profile = to_text(parsed);
    }
    int worst = 0;
    for (const std::string& path : command.get_option("files")->results()) {
        TRY(std::string bytes, read_file(path));
        Question question;
        question.target = "/v1/files";
        if (const auto format = option_of(command, "--format"); !format.empty()) {
            question.add_query("format", format);
        }
        if (!profile.empty()) question.add_query("profile", profile);
        question.add_query("name", std::filesystem::path(path).filename().string());
        if (const auto date = option_of(command, "--date"); !date.empty()) {
            question.add_query("date", date);
        }
        if (const auto meter = option_of(command, "--meter"); !meter.empty()) {
            question.add_query("meter", meter);
        }
        if (common.dry_run) question.add_query("dry_run", "true");
        question.request.headers["Content-Type"] = "application/octet-stream";
        question.request.body = std::move(bytes);
        TRY(const auto response, send(common, Method::post, question));
        worst = std::max(
            worst, response.status < 300 ? tell(common, response) : tell_refusal(common, response));
    }
    return worst;
}

Result<int> print_there(const CLI::App& command, const Common& common) {
    const std::string bill = option_of(command, "id");
    if (bill.empty()) {
        return Error(api::errors::server_command_local, {{"command", "bill print of many"}});
    }
    Question question;
    question.target = "/v1/bills/" + encoded(bill) + "/document";
    if (const auto language = option_of(command, "--lang"); !language.empty()) {
        question.add_query("language", language);
    }
    TRY(const auto response, send(common, Method::get, question));
    if (response.status >= 300) return tell_refusal(common, response);
    std::string path = option_of(command, "--to");
    if (path.empty()) path = bill + ".pdf";
    write_file(path, response.body);
    if (common.json) return print_json(json::object{{"file", path}});
    say(fmt::format("Printed {}.", path));
    return 0;
}

/// Asks for the run and waits for its end.
Result<int> run_cycle_there(const CLI::App& command, const Common& common) {
    const std::string cycle = option_of(command, "cycle");
    const std::string date = option_of(command, "--date");
    Question question;
    if (common.dry_run) {
        question.target = "/v1/cycle-previews";
        question.body = {{"cycle", cycle}, {"date", date}};
        TRY(const auto response, send(common, Method::post, question));
        return response.status < 300 ? tell(common, response) : tell_refusal(common, response);
    }
    question.target = "/v1/jobs";
    json::array parameters = {"cycle=" + cycle};
    if (!date.empty()) parameters.emplace_back("date=" + date);
    question.body = {{"kind", "cycle_run"}, {"parameters", std::move(parameters)}};
    question.request.headers["Idempotency-Key"] = access::random_token();
    TRY(auto response, send(common, Method::post, question));
    if (response.status >= 300) return tell_refusal(common, response);
    const auto asked = *parse_json(response.body, "answer");
    for (;;) {
        Question look;
        look.target = "/v1/jobs/" + std::string(asked.at("job").as_string());
        TRY(response, send(common, Method::get, look));
        if (response.status >= 300) return tell_refusal(common, response);
        auto job = *parse_json(response.body, "answer");
        progress(common, "cycle " + cycle, job.at("done").as_int64(), job.at("units").as_int64());
        if (job.at("state").as_string() != "open") {
            progress_done(common);
            const auto& report = job.at("result");
            if (common.json) {
                print_json(report);
            } else {
                print_answer(report);
            }
            const bool all = report.is_object() && report.at("exceptions").as_array().empty();
            return all ? 0 : static_cast<int>(ExitCode::some_rejected);
        }
        std::this_thread::sleep_for(look_again);
    }
}

/// Reads the record, puts the changes on it and sends it back with the version that was read.
Result<int> contact_there(const CLI::App& command, const Common& common) {
    Question question;
    question.target = "/v1/accounts/" + encoded(option_of(command, "number")) + "/contact";
    TRY(auto response, send(common, Method::get, question));
    if (response.status >= 300) return tell_refusal(common, response);
    auto parsed = parse_json(response.body, "answer");
    if (!parsed || !parsed->is_object()) return tell(common, response);
    bool changes = false;
    Question back;
    back.target = question.target;
    back.body = parsed->as_object();
    for (const auto& [field, value] : parsed->as_object()) {
        std::string option = "--" + std::string(std::string_view(field));
        std::replace(option.begin() + 2, option.end(), '_', '-');
        const auto* given = command.get_option_no_throw(option);
        if (given == nullptr || given->count() == 0) continue;
        back.body[field] = given->results().front();
        changes = true;
    }
    if (!changes) return tell(common, response);
    back.body["why"] = option_of(command, "--why");
    if (common.dry_run) back.add_query("dry_run", "true");
    for (const auto& [name, value] : response.headers) {
        if (name == "ETag") back.request.headers["If-Match"] = value;
    }
    TRY(response, send(common, Method::put, back));
    return response.status < 300 ? tell(common, response) : tell_refusal(common, response);
}

/// A password is never an option: it is asked for without being shown, or comes by a pipe.
std::string ask_password() {
    std::string password;
    termios before{};
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
        fmt::print(stderr, "Password: ");
    }
    std::getline(std::cin, password);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
        fmt::print(stderr, "\n");
    }
    return password;
}

struct LoginOptions {
    std::string user;
    std::string code;
};

Result<int> log_in(const Common& common, const LoginOptions& options) {
    api::Request request;
    json::object body{{"user", options.user}, {"password", ask_password()}};
    if (!options.code.empty()) body["code"] = options.code;
    request.headers["Content-Type"] = "application/json";
    request.body = to_text(body);
    TRY(const auto response, api::ask_server(common.server, Method::post, "/v1/sessions", request));
    if (response.status >= 300) return tell_refusal(common, response);
    const auto session = *parse_json(response.body, "answer");
    json::object logins = read_logins();
    logins[common.server] = session.at("token");
    write_logins(logins);
    if (common.json)
        return print_json(json::object{{"user", options.user}, {"server", common.server}});
    say(fmt::format("Signed in at {} as {}.", common.server, options.user));
    return 0;
}

Result<int> log_out(const Common& common) {
    Question question;
    question.target = "/v1/sessions/current";
    TRY_DONE(send(common, Method::remove, question));
    json::object logins = read_logins();
    logins.erase(common.server);
    write_logins(logins);
    say("Signed out at " + common.server + ".");
    return 0;
}

Result<int> run(const CLI::App& command, const std::string& name, const Common& common) {
    if (name == "import") return import_there(command, common);
    if (name == "bill print") return print_there(command, common);
    if (name == "account contact") return contact_there(command, common);
    if (name == "cycle run") return run_cycle_there(command, common);
    // One item has an operation of its own, with its own refusals.
    const bool one_item = name == "work resolve" && !option_of(command, "id").empty();
    const std::string wanted = one_item ? "work resolve one" : name;
    for (const Said& said : sayings()) {
        if (said.command != wanted) continue;
        Question question = question_of(said, command, common);
        const bool list = said.method == Method::get &&
                          (name == "user roles" || name == "account past" || name == "check" ||
                           name == "cycle due" || name.ends_with(" list"));
        const bool paged = list && name != "check" && name != "cycle due";
        TRY(const auto response,
            paged ? send_all(common, std::move(question)) : send(common, said.method, question));
        return response.status < 300 ? tell(common, response) : tell_refusal(common, response);
    }
    return Error(api::errors::server_command_local, {{"command", name}});
}

}  // namespace

int run_at_server(const CLI::App& app, const Common& common) {
    const CLI::App* command = &app;
    std::string name;
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
        name += (name.empty() ? "" : " ") + command->get_name();
    }
    const auto done = run(*command, name, common);
    return done ? *done : refuse(common, done.error());
}

void add_login(CLI::App& app, Common& common) {
    static LoginOptions options;
    const auto at_server = [&common](Result<int> (*step)(const Common&, const LoginOptions&)) {
        common.command = [&common, step] {
            if (common.server.empty()) {
                return refuse(common,
                              Error(api::errors::server_address_malformed, {{"address", "\"\""}}));
            }
            const auto done = step(common, options);
            return done ? *done : refuse(common, done.error());
        };
        common.at_server_itself = true;
    };
    auto* entering = app.add_subcommand("login", "Sign in at a server; the password is asked for");
    add_common(*entering, common);
    entering->add_option("--user", options.user, "Name of the user")->required();
    entering->add_option("--code", options.code, "Six digits of the second factor");
    entering->footer(
        "Examples:\n  watthour login --server http://127.0.0.1:8080 --user m.ortiz\n"
        "  watthour login --server https://billing.example.org --user m.ortiz < FILE\n"
        "  watthour --server http://127.0.0.1:8080 account show 10000000017");
    entering->callback([at_server] { at_server(log_in); });
    auto* leaving = app.add_subcommand("logout", "Sign out at a server");
    add_common(*leaving, common);
    leaving->footer(
        "Examples:\n  watthour logout --server http://127.0.0.1:8080\n"
        "  WATTHOUR_SERVER=http://127.0.0.1:8080 watthour logout\n  watthour logout --help");
    leaving->callback([at_server] {
        at_server([](const Common& those, const LoginOptions&) { return log_out(those); });
    });
    auto* asking =
        app.add_subcommand("whoami", "Who is signed in at a server, and what they may do");
    add_common(*asking, common);
    asking->footer(
        "Examples:\n  watthour whoami --server http://127.0.0.1:8080\n"
        "  watthour whoami --server http://127.0.0.1:8080 --json\n  watthour whoami --help");
    asking->callback([&common] {
        common.command = [&common] {
            return refuse(common,
                          Error(api::errors::server_address_malformed, {{"address", "\"\""}}));
        };
    });
}

}  // namespace watthour::cli
