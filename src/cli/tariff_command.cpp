// SPDX-License-Identifier: Apache-2.0
#include "app/adopt_tariff.hpp"
#include "app/check_tariff.hpp"
#include "app/compare_schedules.hpp"
#include "app/errors.hpp"
#include "app/study_tariff.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cases/errors.hpp"
#include "cases/export_urdb.hpp"
#include "cases/tariff_source.hpp"
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
    std::string rate_class;
    std::string program;
    std::string why;
    std::vector<std::string> answers;
    std::vector<std::string> facts;
};

/// The day of the machine's clock: nothing here has a business date.
Date current_day(const Common& common) {
    constexpr std::int64_t day_seconds = 86'400;
    return Date(static_cast<std::int32_t>(common.clock->now() / day_seconds));
}

/// The tariffs that a path names, or those in force without one.
Result<tariff::Catalogue> catalogue_of(const std::string& path) {
    if (path.empty()) return tariff::valdoro();
    TRY(cases::LoadedTariff loaded, cases::load_tariff(path, ""));
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
            sheets.push_back(tariff::to_json(*made));
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

void print_changes(const std::vector<tariff::TariffChange>& changes) {
    for (const tariff::TariffChange& change : changes) {
        say(fmt::format("{:<22} {:<46} {:>14} -> {}", change.document, change.what,
                        change.before.empty() ? "-" : change.before,
                        change.after.empty() ? "-" : change.after));
    }
}

int diff(const Common& common, const Options& options) {
    const auto before = catalogue_of(options.path);
    if (!before) return refuse(common, before.error());
    const auto after = catalogue_of(options.other);
    if (!after) return refuse(common, after.error());
    json::array changes;
    const auto found = tariff::tariff_changes(*before, *after);
    for (const tariff::TariffChange& change : found) {
        changes.push_back(json::object{{"document", change.document},
                                       {"what", change.what},
                                       {"before", change.before},
                                       {"after", change.after}});
    }
    if (!common.json) print_changes(found);
    if (common.json) print_json(json::object{{"changes", std::move(changes)}});
    return 0;
}

/// KEY=VALUE, each once.
Result<std::map<std::string, std::string>> pairs_of(const std::vector<std::string>& words) {
    std::map<std::string, std::string> pairs;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            return Error(cases::errors::fact_malformed,
                         {{"fact", word}, {"value", ""}, {"wanted", "KEY=VALUE"}});
        }
        pairs[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return pairs;
}

int export_record(const Common& common, const Options& options) {
    const auto catalogue = catalogue_of(options.path);
    if (!catalogue) return refuse(common, catalogue.error());
    const auto date =
        options.date.empty() ? Result<Date>(current_day(common)) : Date::parse(options.date);
    if (!date) return refuse(common, date.error());
    const auto pairs = pairs_of(options.facts);
    if (!pairs) return refuse(common, pairs.error());
    tariff::ServiceFacts facts;
    for (const auto& [fact, value] : *pairs) facts.set(fact, value);
    const auto made = cases::export_urdb(*catalogue, options.schedule, facts, *date);
    if (!made) return refuse(common, made.error());
    const json::object record = formats::to_urdb_json((*made).record);
    if (common.json) {
        json::array left_out;
        for (const std::string& one : (*made).left_out) left_out.push_back(json::value(one));
        return print_json(json::object{{"record", record}, {"left_out", std::move(left_out)}});
    }
    const std::string text = to_text(json::object{{"items", json::array{record}}}) + "\n";
    if (options.output.empty()) {
        std::cout << text;
    } else {
        write_file(options.output, text);
    }
    for (const std::string& one : (*made).left_out) note("A record cannot say: " + one);
    return 0;
}

int import_record(const Common& common, const Options& options) {
    if (options.format != "urdb") {
        return refuse(common, Error(app::errors::format_unknown,
                                    {{"format", options.format}, {"known", "urdb"}}));
    }
    const auto answers = pairs_of(options.answers);
    if (!answers) return refuse(common, answers.error());
    const auto imported = cases::import_urdb(options.path, *answers);
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

int compare(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_preview);
    if (!office) return refuse(common, office.error());
    const auto account = parse_integer(options.path);
    if (!account || (*office)->accounts().accounts({{*account}}).empty()) {
        return refuse(common, Error(app::errors::account_unknown, {{"account", options.path}}));
    }
    std::optional<tariff::Catalogue> proposed;
    if (!options.other.empty()) {
        auto loaded = catalogue_of(options.other);
        if (!loaded) return refuse(common, loaded.error());
        proposed = *std::move(loaded);
    }
    const auto comparison =
        app::compare_schedules(**office, {*account}, proposed ? &*proposed : nullptr);
    if (!comparison) return refuse(common, comparison.error());
    if (common.json) return print_json(app::to_json(*comparison));
    const bool spanish = options.language == "es";
    say(fmt::format(fmt::runtime(spanish ? "Cuenta {}, del {} al {}: se cobraron {}."
                                         : "Account {}, {} to {}: {} was charged."),
                    options.path, (*comparison).period.from.to_string(),
                    (*comparison).period.until.to_string(), dollars((*comparison).billed)));
    for (const app::ScheduleChoice& choice : (*comparison).choices) {
        const std::string& name = spanish ? choice.name_es : choice.name_en;
        const std::string mark = choice.current ? (spanish ? "actual" : "current") : "";
        if (choice.unavailable.empty()) {
            say(fmt::format("  {:<6} {:<2} {:<44} {:>12} {:>12}  {}", choice.schedule,
                            choice.option, name, dollars(choice.total),
                            dollars(choice.total - (*comparison).billed), mark));
        } else {
            say(fmt::format("  {:<6} {:<2} {:<44} {:>12}  {}", choice.schedule, choice.option, name,
                            "-", choice.unavailable));
        }
    }
    return 0;
}

int study(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::report_run);
    if (!office) return refuse(common, office.error());
    const auto proposed = catalogue_of(options.path);
    if (!proposed) return refuse(common, proposed.error());
    const Date today = (*office)->business_date();
    const auto until = date_or(options.date, today + 1);
    if (!until) return refuse(common, until.error());
    const app::Cohort cohort{options.schedule, options.rate_class, options.program};
    const auto outcome = app::study_tariff(
        **office, *proposed, cohort, {*until - 366, *until},
        [&](std::int64_t done, std::int64_t of) { progress(common, "accounts", done, of); });
    progress_done(common);
    if (common.json) return print_json(app::to_json(outcome));
    say(fmt::format("{} accounts, {} bills dated {} to {}: {} -> {} ({})",
                    grouped(outcome.accounts), grouped(outcome.bills),
                    outcome.bill_dates.from.to_string(), outcome.bill_dates.until.to_string(),
                    dollars(outcome.before), dollars(outcome.after),
                    dollars(outcome.after - outcome.before)));
    for (const auto& [key, sums] : outcome.by_class_and_month) {
        say(fmt::format("  {:<14} {} {:>16} -> {:>16}  {:>14}", key.first, key.second,
                        dollars(sums.first), dollars(sums.second),
                        dollars(sums.second - sums.first)));
    }
    say("Tenths of the accounts, from those that gain most to those that lose most:");
    for (const app::StudyDecile& tenth : outcome.deciles) {
        say(fmt::format("  {:>7} accounts {:>16} -> {:>16}  {:>14}", grouped(tenth.accounts),
                        dollars(tenth.before), dollars(tenth.after),
                        dollars(tenth.after - tenth.before)));
    }
    say("Accounts by change:");
    for (std::size_t bar = 0; bar < outcome.histogram.size(); ++bar) {
        const std::string from =
            bar == 0 ? "less" : fmt::format("{:+}%", app::study_bounds[bar - 1]);
        const std::string to =
            bar == app::study_bounds.size() ? "more" : fmt::format("{:+}%", app::study_bounds[bar]);
        say(fmt::format("  {:>6} to {:>6} {:>9}", from, to, grouped(outcome.histogram[bar])));
    }
    for (const auto& [slug, count] : outcome.left_out) {
        note(fmt::format("{} bills left out: {}", grouped(count), slug));
    }
    return 0;
}

int adopt(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::tariff_adopt);
    if (!office) return refuse(common, office.error());
    const auto proposal = common.dry_run
                              ? app::look_at_tariffs(**office, options.path)
                              : app::propose_tariffs(**office, options.path, options.why);
    if (!proposal) return refuse(common, proposal.error());
    if (common.json) {
        return print_json(
            json::object{{"set", (*proposal).hash},
                         {"adopted", !common.dry_run},
                         {"changes", static_cast<std::int64_t>((*proposal).changes.size())}});
    }
    print_changes((*proposal).changes);
    say(common.dry_run ? "Nothing was adopted; this was a look."
                       : "Adopted; bills are rated by these tariffs from now on.");
    return 0;
}

int history(const Common& common, const Options&) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const json::array sets = app::tariff_history(**office);
    if (common.json) return print_json(json::object{{"sets", sets}});
    for (const json::value& set : sets) {
        const auto text = [&](const char* key) { return std::string(set.at(key).as_string()); };
        say(fmt::format("{}  {:<9} {}  by {}{}: {}", text("hash").substr(0, 16), text("state"),
                        text("recorded_on"), text("proposed_by"),
                        text("adopted_by").empty() ? "" : " and " + text("adopted_by"),
                        text("why")));
    }
    if (sets.empty()) say("The tariffs of the program are in force; none were put forward.");
    return 0;
}

void add_path(CLI::App& command, Options& options) {
    command.add_option("tariffs", options.path,
                       "Folder or file of tariffs; without it those in force");
}

/// Those that ask a database.
void add_studies(CLI::App& group, Common& common, Options& options) {
    auto* choosing = group.add_subcommand(
        "compare", "What an account would have paid on the schedules of its class");
    add_common(*choosing, common);
    choosing->add_option("account", options.path, "Account number")->required();
    choosing->add_option("--lang", options.language, "en or es")
        ->check(CLI::IsMember({"en", "es"}));
    choosing->add_option("--tariffs", options.other,
                         "By the newest prices of this folder instead of those of the time");
    choosing->footer(
        "Examples:\n  watthour tariff compare 10000000017\n"
        "  watthour tariff compare 10000000017 --lang es\n"
        "  watthour tariff compare 10000000017 --tariffs proposed\n"
        "  watthour tariff compare 10000000017 --json");
    auto* studying = group.add_subcommand("study", "What new tariffs do to the bills of a year");
    add_common(*studying, common);
    studying->add_option("new", options.path, "Folder of the proposed tariffs")->required();
    studying->add_option("--until", options.date,
                         "Bills of the year before this day; the business date without it");
    studying->add_option("--schedule", options.schedule, "Only agreements on this schedule");
    studying->add_option("--class", options.rate_class, "Only this class: residential, commercial");
    studying->add_option("--program", options.program,
                         "Only those with this discount or exemption");
    studying->footer(
        "Examples:\n  watthour tariff study proposed\n"
        "  watthour tariff study proposed --class residential\n"
        "  watthour tariff study proposed --program EAP --json");
    auto* adopting = group.add_subcommand(
        "adopt", "Put a folder of tariffs forward; a second person puts it in force");
    add_common(*adopting, common);
    add_dry_run(*adopting, common);
    adopting->add_option("new", options.path, "Folder of the tariffs")->required();
    adopting->add_option("--why", options.why, "Resolution or reason");
    adopting->footer(
        "Examples:\n  watthour tariff adopt proposed --dry-run\n"
        "  watthour tariff adopt proposed --why \"Council resolution 26-114\"\n"
        "  watthour approval approve 7 --why \"Read and compared\"");
    adopting->callback([&common, &options] {
        common.command = [&common, &options] { return adopt(common, options); };
    });
    auto* past = group.add_subcommand("history", "Tariffs that were put forward and adopted");
    add_common(*past, common);
    past->footer(
        "Examples:\n  watthour tariff history\n  watthour tariff history --json\n"
        "  watthour tariff history --db sqlite:city.db");
    past->callback([&common, &options] {
        common.command = [&common, &options] { return history(common, options); };
    });
    choosing->callback([&common, &options] {
        common.command = [&common, &options] { return compare(common, options); };
    });
    studying->callback([&common, &options] {
        common.command = [&common, &options] { return study(common, options); };
    });
}

}  // namespace

void add_tariff(CLI::App& app, Common& common) {
    static Options options;
    auto* group = app.add_subcommand("tariff", "Read, prove, print, compare and import tariffs");
    group->require_subcommand(1);
    const auto add_free = [&](const char* name, const char* what,
                              int (*run)(const Common&, const Options&)) {
        auto* command = group->add_subcommand(name, what);
        command->callback(
            [&common, run] { common.command = [&common, run] { return run(common, options); }; });
        command->add_flag("--json", common.json, "Write the answer as JSON");
        return command;
    };
    auto* checking =
        add_free("check", "Prove a set of tariffs: examples, units, hours, names", check);
    add_path(*checking, options);
    checking->add_option("--date", options.date, "The day it is checked for; today without it");
    checking->footer(
        "Examples:\n  watthour tariff check\n  watthour tariff check tariffs/valdoro\n"
        "  watthour tariff check imported.yaml --json");
    auto* testing = add_free("test", "Compute the worked examples of a set of tariffs", test);
    add_path(*testing, options);
    testing->footer(
        "Examples:\n  watthour tariff test\n  watthour tariff test tariffs/valdoro\n"
        "  watthour tariff test my-rate.yaml --json");
    auto* printing = add_free("sheet", "Print rate sheets in English or Spanish", sheet);
    add_path(*printing, options);
    printing->add_option("--schedule", options.schedule, "Only this schedule");
    printing->add_option("--date", options.date, "The version in force on this day");
    printing->add_option("--lang", options.language, "en or es")
        ->check(CLI::IsMember({"en", "es"}));
    printing->footer(
        "Examples:\n  watthour tariff sheet --schedule R-1\n"
        "  watthour tariff sheet --lang es\n"
        "  watthour tariff sheet tariffs/valdoro --date 2025-06-30 --json");
    auto* comparing = add_free("diff", "Show what two sets of tariffs say differently", diff);
    comparing->add_option("old", options.path, "Folder or file")->required();
    comparing->add_option("new", options.other, "Folder or file")->required();
    comparing->footer(
        "Examples:\n  watthour tariff diff tariffs/valdoro proposed\n"
        "  watthour tariff diff old.yaml new.yaml\n"
        "  watthour tariff diff tariffs/valdoro proposed --json");
    add_studies(*group, common, options);
    auto* importing = add_free("import", "Write a tariff from a rate record", import_record);
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
    auto* exporting = add_free("export", "Write a schedule as a rate record", export_record);
    exporting->add_option("--format", options.format, "urdb")->required();
    add_path(*exporting, options);
    exporting->add_option("--schedule", options.schedule, "The schedule")->required();
    exporting->add_option("--fact", options.facts,
                          "A fact of the agreement as NAME=VALUE; repeat it");
    exporting->add_option("--date", options.date, "The version in force on this day");
    exporting->add_option("--output", options.output, "File to write; else standard output");
    exporting->footer(
        "Examples:\n  watthour tariff export --format urdb --schedule R-1 --fact option=B\n"
        "  watthour tariff export --format urdb --schedule R-TOU --output r-tou.json\n"
        "  watthour tariff export --format urdb tariffs/valdoro --schedule C-3 \\\n"
        "      --fact voltage=secondary --json");
}

}  // namespace watthour::cli
