// SPDX-License-Identifier: Apache-2.0
#include "app/check_tariff.hpp"
#include "app/errors.hpp"
#include "app/tariff_source.hpp"
#include "base/files.hpp"
#include "cli/terminal.hpp"
#include "formats/format.hpp"
#include "tariff/rate_sheet.hpp"

#include <fmt/format.h>

#include <iostream>

namespace watthour::cli {
namespace {

struct Options {
    std::string path;
    std::string other;
    std::string schedule;
    std::string date;
    std::string language = "en";
    std::string format = "urdb";
    std::string output;
    std::vector<std::string> answers;
};

/// The day of the machine's clock: nothing here has a business date.
Date current_day(const Common& common) {
    constexpr std::int64_t day_seconds = 86'400;
    return Date(static_cast<std::int32_t>(common.clock->now() / day_seconds));
}

/// The tariffs that a path names, or those in force without one.
Result<tariff::Catalogue> catalogue_of(const std::string& path) {
    if (path.empty()) return tariff::valdoro();
    TRY(app::LoadedTariff loaded, app::load_tariff(path, ""));
    return std::move(loaded.catalogue);
}

json::array examples_json(const std::vector<app::ExampleResult>& results) {
    json::array list;
    for (const app::ExampleResult& one : results) {
        list.push_back(json::object{{"schedule", one.schedule},
                                    {"name", one.name},
                                    {"place", one.place},
                                    {"ok", one.ok},
                                    {"difference", one.difference}});
    }
    return list;
}

int check(const Common& common, const Options& options) {
    const auto catalogue = catalogue_of(options.path);
    if (!catalogue) return refuse(common, catalogue.error());
    const auto today = date_or(options.date, current_day(common));
    if (!today) return refuse(common, today.error());
    const Problems problems = app::check_tariff(*catalogue, *today);
    if (common.json) {
        print_json(
            json::object{{"ok", problems.empty()},
                         {"schedules", static_cast<std::int64_t>((*catalogue).schedules.size())},
                         {"examples", examples_json(app::run_examples(*catalogue))},
                         {"problems", formats::to_json(problems)}});
    } else {
        for (const Problem& problem : problems) {
            say(fmt::format("{} ({}): {}\n    {}", problem.field, problem.rule, problem.message,
                            problem.remedy));
        }
        say(problems.empty()
                ? fmt::format("{} schedules are whole, {} examples match.",
                              (*catalogue).schedules.size(), app::run_examples(*catalogue).size())
                : fmt::format("{} findings.", problems.size()));
    }
    return problems.empty() ? 0 : static_cast<int>(ExitCode::invalid);
}

int test(const Common& common, const Options& options) {
    const auto catalogue = catalogue_of(options.path);
    if (!catalogue) return refuse(common, catalogue.error());
    const auto results = app::run_examples(*catalogue);
    bool good = true;
    for (const app::ExampleResult& one : results) {
        good = good && one.ok;
        if (common.json) continue;
        say(fmt::format("{}  {:<6} {}", one.ok ? "ok    " : "DIFFERS", one.schedule, one.name));
        if (!one.ok) say(fmt::format("        {}: {}", one.place, one.difference));
    }
    if (common.json) {
        print_json(json::object{{"ok", good}, {"examples", examples_json(results)}});
    } else {
        say(fmt::format("{} examples.", results.size()));
    }
    return good ? 0 : static_cast<int>(ExitCode::invalid);
}

json::object sheet_json(const tariff::RateSheet& sheet) {
    json::array rows;
    for (const tariff::SheetRow& row : sheet.rows) {
        rows.push_back(json::object{{"code", row.code},
                                    {"charge", row.charge},
                                    {"what", row.what},
                                    {"price", row.price},
                                    {"unit", row.unit}});
    }
    json::array terms;
    for (const std::string& term : sheet.terms) terms.push_back(json::value(term));
    return {{"schedule", sheet.schedule},     {"name", sheet.name},
            {"applies_to", sheet.applies_to}, {"effective", sheet.effective.to_string()},
            {"clause", sheet.clause},         {"rows", std::move(rows)},
            {"terms", std::move(terms)}};
}

void print_sheet(const tariff::RateSheet& sheet, bool spanish) {
    say(fmt::format("{}  {}", sheet.schedule, sheet.name));
    say(sheet.applies_to);
    say(fmt::format("{} {}   {}\n", spanish ? "Vigente desde" : "Effective",
                    sheet.effective.to_string(), sheet.clause));
    for (const tariff::SheetRow& row : sheet.rows) {
        say(fmt::format("  {:<40} {:<28} {:>12} {}", row.charge, row.what, row.price, row.unit));
    }
    say("");
    for (const std::string& term : sheet.terms) say("  " + term);
    say("");
}

int sheet(const Common& common, const Options& options) {
    const auto catalogue = catalogue_of(options.path);
    if (!catalogue) return refuse(common, catalogue.error());
    const auto date = date_or(options.date, current_day(common));
    if (!date) return refuse(common, date.error());
    const bool spanish = options.language == "es";
    json::array sheets;
    for (const tariff::RateSchedule& schedule : (*catalogue).schedules) {
        if (!options.schedule.empty() && options.schedule != schedule.code) continue;
        const auto made =
            tariff::rate_sheet(*catalogue, schedule, *date,
                               spanish ? tariff::Language::spanish : tariff::Language::english);
        if (!made) return refuse(common, made.error());
        if (common.json) {
            sheets.push_back(sheet_json(*made));
        } else {
            print_sheet(*made, spanish);
        }
    }
    if (sheets.empty() && !options.schedule.empty() && common.json) {
        return refuse(common, (*catalogue).find_schedule(options.schedule).error());
    }
    if (common.json) print_json(json::object{{"sheets", std::move(sheets)}});
    return 0;
}

int diff(const Common& common, const Options& options) {
    const auto before = catalogue_of(options.path);
    if (!before) return refuse(common, before.error());
    const auto after = catalogue_of(options.other);
    if (!after) return refuse(common, after.error());
    json::array changes;
    for (const tariff::TariffChange& change : tariff::tariff_changes(*before, *after)) {
        if (common.json) {
            changes.push_back(json::object{{"document", change.document},
                                           {"what", change.what},
                                           {"before", change.before},
                                           {"after", change.after}});
            continue;
        }
        say(fmt::format("{:<22} {:<46} {:>14} -> {}", change.document, change.what,
                        change.before.empty() ? "-" : change.before,
                        change.after.empty() ? "-" : change.after));
    }
    if (common.json) print_json(json::object{{"changes", std::move(changes)}});
    return 0;
}

int import_record(const Common& common, const Options& options) {
    if (options.format != "urdb") {
        return refuse(common, Error(app::errors::format_unknown,
                                    {{"format", options.format}, {"known", "urdb"}}));
    }
    std::map<std::string, std::string> answers;
    for (const std::string& answer : options.answers) {
        const auto equals = answer.find('=');
        if (equals == std::string::npos) {
            return refuse(common,
                          Error(app::errors::fact_malformed,
                                {{"fact", answer}, {"value", ""}, {"wanted", "KEY=VALUE"}}));
        }
        answers[answer.substr(0, equals)] = answer.substr(equals + 1);
    }
    const auto imported = app::import_urdb(options.path, answers);
    if (!imported) return refuse(common, imported.error());
    // What was written must load; a text that does not is a defect of ours, told as such.
    const auto loaded = tariff::load_tariff_file(options.path, (*imported).text);
    if (!loaded) return refuse(common, loaded.error());
    if (!options.output.empty()) write_file(options.output, (*imported).text);
    if (common.json) {
        json::object asked;
        for (const auto& [key, question] : (*imported).asked) asked[key] = question;
        return print_json(json::object{{"schedule", (*imported).schedule},
                                       {"open_questions", std::move(asked)},
                                       {"tariff", (*imported).text}});
    }
    if (options.output.empty()) std::cout << (*imported).text;
    for (const auto& [key, question] : (*imported).asked) {
        note(fmt::format("The record does not say: {} Answer with --answer {}=...", question, key));
    }
    return 0;
}

void add_path(CLI::App& command, Options& options) {
    command.add_option("tariffs", options.path,
                       "Folder or file of tariffs; without it those in force");
}

}  // namespace

void add_tariff(CLI::App& app, Common& common) {
    static Options options;
    auto* group = app.add_subcommand("tariff", "Read, prove, print, compare and import tariffs");
    group->require_subcommand(1);
    const auto add = [&](const char* name, const char* what,
                         int (*run)(const Common&, const Options&)) {
        auto* command = group->add_subcommand(name, what);
        command->add_flag("--json", common.json, "Write the answer as JSON");
        command->callback(
            [&common, run] { common.command = [&common, run] { return run(common, options); }; });
        return command;
    };
    auto* checking = add("check", "Prove a set of tariffs: examples, units, hours, names", check);
    add_path(*checking, options);
    checking->add_option("--date", options.date, "The day it is checked for; today without it");
    checking->footer(
        "Examples:\n  watthour tariff check\n  watthour tariff check tariffs/valdoro\n"
        "  watthour tariff check imported.yaml --json");
    auto* testing = add("test", "Compute the worked examples of a set of tariffs", test);
    add_path(*testing, options);
    testing->footer(
        "Examples:\n  watthour tariff test\n  watthour tariff test tariffs/valdoro\n"
        "  watthour tariff test my-rate.yaml --json");
    auto* printing = add("sheet", "Print rate sheets in English or Spanish", sheet);
    add_path(*printing, options);
    printing->add_option("--schedule", options.schedule, "Only this schedule");
    printing->add_option("--date", options.date, "The version in force on this day");
    printing->add_option("--lang", options.language, "en or es")
        ->check(CLI::IsMember({"en", "es"}));
    printing->footer(
        "Examples:\n  watthour tariff sheet --schedule R-1\n"
        "  watthour tariff sheet --lang es\n"
        "  watthour tariff sheet tariffs/valdoro --date 2025-06-30 --json");
    auto* comparing = add("diff", "Show what two sets of tariffs say differently", diff);
    comparing->add_option("old", options.path, "Folder or file")->required();
    comparing->add_option("new", options.other, "Folder or file")->required();
    comparing->footer(
        "Examples:\n  watthour tariff diff tariffs/valdoro proposed\n"
        "  watthour tariff diff old.yaml new.yaml\n"
        "  watthour tariff diff tariffs/valdoro proposed --json");
    auto* importing = add("import", "Write a tariff from a rate record", import_record);
    importing->add_option("--format", options.format, "urdb")->required();
    importing->add_option("file", options.path, "The record")->required();
    importing->add_option("--answer", options.answers,
                          "What the record cannot say, as KEY=VALUE; repeat it");
    importing->add_option("--output", options.output, "File to write; else standard output");
    importing->footer(
        "Examples:\n  watthour tariff import --format urdb record.json\n"
        "  watthour tariff import --format urdb record.json --answer time_zone=America/Chicago \\\n"
        "      --answer demand_rounding=0.1 --output gs-1.yaml\n"
        "  watthour tariff import --format urdb row.csv --json");
}

}  // namespace watthour::cli
