// SPDX-License-Identifier: Apache-2.0
#include "app/rate_case.hpp"
#include "base/files.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string file;
};

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

void print_statement(const json::object& statement) {
    say(fmt::format("Statement {}", to_text(statement.at("n"))));
    for (const auto& line : statement.at("lines").get_array()) {
        const auto& object = line.get_object();
        say(fmt::format("  {:<12} {:<34} {:>12} {:<6} {:>10} {:>12}", text_at(object, "code"),
                        text_at(object, "description"), text_at(object, "quantity"),
                        text_at(object, "unit"), text_at(object, "rate"),
                        text_at(object, "amount")));
    }
    say(fmt::format("  {:<79} {:>12}", "Current charges", text_at(statement, "current_charges")));
    for (const auto& leg : statement.at("journal").get_array()) {
        const auto& object = leg.get_object();
        say(fmt::format("  journal {:<8} debit {:>12} credit {:>12}", text_at(object, "account"),
                        text_at(object, "debit"), text_at(object, "credit")));
    }
}

int rate(const Common& common, const Options& options) {
    const auto bytes = read_file(options.file);
    if (!bytes) return refuse(common, bytes.error());
    const auto answer = app::rate_case(*bytes, options.file);
    if (!answer) return refuse(common, answer.error());
    if (common.json) return print_json(*answer);
    say(fmt::format("Case {}", text_at(answer->get_object(), "id")));
    for (const auto& statement : answer->at("statements").get_array()) {
        print_statement(statement.get_object());
    }
    return 0;
}

}  // namespace

void add_rate(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand("rate", "Rate a known-answer case, without a database");
    command->add_option("--case", options.file, "Case file (JSON); its `expected` is never read")
        ->required();
    command->add_flag("--json", common.json, "Write the answer as JSON");
    command->footer(
        "Examples:\n  watthour rate --case tests/golden/WB-01/case.json\n"
        "  watthour rate --case WB-07.json --json\n"
        "  watthour rate --case mine.json --json | jq .statements[0].current_charges");
    command->callback([&common] { common.command = [&common] { return rate(common, options); }; });
}

}  // namespace watthour::cli
