// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "base/files.hpp"
#include "cases/errors.hpp"
#include "cases/rate_case.hpp"
#include "cases/rate_usage.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string file;
    std::string tariff;
    std::string schedule;
    std::string usage;
    std::string from;
    std::string until;
    std::vector<std::string> facts;
};

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

void print_lines(const json::object& statement) {
    for (const auto& line : statement.at("lines").get_array()) {
        const auto& object = line.get_object();
        say(fmt::format("  {:<12} {:<34} {:>12} {:<6} {:>10} {:>12}", text_at(object, "code"),
                        text_at(object, "description"), text_at(object, "quantity"),
                        text_at(object, "unit"), text_at(object, "rate"),
                        text_at(object, "amount")));
    }
    say(fmt::format("  {:<79} {:>12}", "Current charges", text_at(statement, "current_charges")));
}

void print_statement(const json::object& statement) {
    say(fmt::format("Statement {}", to_text(statement.at("n"))));
    print_lines(statement);
    for (const auto& leg : statement.at("journal").get_array()) {
        const auto& object = leg.get_object();
        say(fmt::format("  journal {:<8} debit {:>12} credit {:>12}", text_at(object, "account"),
                        text_at(object, "debit"), text_at(object, "credit")));
    }
}

/// The twelve bills of each year, without and with generation.
void print_years(const json::object& answer) {
    for (const auto& member : answer) {
        if (!member.value().is_object()) continue;
        std::size_t number = 0;
        for (const auto& year : member.value().at("years").get_array()) {
            std::string bills;
            for (const auto& bill : year.at("bill").get_array()) {
                bills +=
                    fmt::format(" {:.2f}", bill.to_number<double>());  // tidy: money - shown only
            }
            say(fmt::format("  {} year {}:{}", std::string_view(member.key()), ++number, bills));
        }
    }
}

int rate_case(const Common& common, const Options& options) {
    const auto bytes = read_file(options.file);
    if (!bytes) return refuse(common, bytes.error());
    const auto answer = cases::rate_case(*bytes, options.file);
    if (!answer) return refuse(common, answer.error());
    if (common.json) return print_json(*answer);
    const json::object& object = answer->get_object();
    say(fmt::format("Case {}", text_at(object, "id")));
    if (!object.contains("statements")) {
        print_years(object);
        return 0;
    }
    for (const auto& statement : object.at("statements").get_array()) {
        print_statement(statement.get_object());
    }
    return 0;
}

int rate_usage(const Common& common, const Options& options) {
    cases::UsageRating asked;
    asked.tariff = options.tariff;
    asked.schedule = options.schedule;
    asked.usage = options.usage;
    for (const auto& [text, date] :
         {std::pair{&options.from, &asked.period.from}, {&options.until, &asked.period.until}}) {
        const auto read = Date::parse(*text);
        if (!read) return refuse(common, read.error());
        *date = *read;
    }
    for (const std::string& fact : options.facts) {
        const auto equals = fact.find('=');
        if (equals == std::string::npos) {
            return refuse(common, Error(cases::errors::fact_malformed,
                                        {{"fact", fact}, {"value", ""}, {"wanted", "NAME=VALUE"}}));
        }
        asked.facts[fact.substr(0, equals)] = fact.substr(equals + 1);
    }
    const auto answer = cases::rate_usage(asked);
    if (!answer) return refuse(common, answer.error());
    if (common.json) return print_json(*answer);
    const json::object& object = answer->get_object();
    say(fmt::format("Schedule {}, {} to {}", asked.schedule, asked.period.from.to_string(),
                    asked.period.until.to_string()));
    print_lines(object);
    if (const auto* missing = object.if_contains("missing_intervals")) {
        note(fmt::format("This is an estimate: {} intervals are missing.", to_text(*missing)));
    }
    if (const auto* questions = object.if_contains("open_questions")) {
        note("The tariff leaves questions open, so this is no bill:");
        for (const auto& question : questions->get_array()) {
            note("  " + std::string(question.get_string()));
        }
    }
    return 0;
}

}  // namespace

void add_rate(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand(
        "rate", "Rate a known-answer case, or one period of a usage file, without a database");
    auto* given = command->add_option("--case", options.file,
                                      "Case file (JSON); its `expected` is never read");
    auto* tariff =
        command->add_option("--tariff", options.tariff,
                            "Tariff: a YAML file, a folder of tariffs, or a rate record (URDB)");
    auto* schedule = command->add_option("--schedule", options.schedule, "Code of the schedule");
    auto* usage = command->add_option(
        "--usage", options.usage, "Use: CSV start,kwh_delivered[,kwh_received], or a CMEP file");
    auto* from = command->add_option("--from", options.from, "First day of the period");
    auto* until = command->add_option("--until", options.until, "First day after the period");
    command->add_option("--fact", options.facts,
                        "A fact of the agreement as NAME=VALUE; repeat it");
    command->add_flag("--json", common.json, "Write the answer as JSON");
    for (auto* part : {schedule, usage, from, until}) tariff->needs(part);
    given->excludes(tariff);
    command->footer(
        "Examples:\n  watthour rate --case tests/golden/WB-01/case.json\n"
        "  watthour rate --case WB-07.json --json\n"
        "  watthour rate --tariff tariffs/valdoro --schedule R-TOU --usage home.csv \\\n"
        "      --from 2025-07-01 --until 2025-08-01\n"
        "  watthour rate --tariff record.json --schedule GS-1 --usage shop.csv --from 2025-07-01 "
        "\\\n"
        "      --until 2025-08-01 --fact rider=NB-1 --json");
    command->callback([&common, given, tariff] {
        if (given->empty() && tariff->empty()) {
            throw CLI::RequiredError("--case or --tariff");
        }
        const bool by_case = !given->empty();
        common.command = [&common, by_case] {
            return by_case ? rate_case(common, options) : rate_usage(common, options);
        };
    });
}

}  // namespace watthour::cli
