// SPDX-License-Identifier: Apache-2.0
#include "app/import_file.hpp"
#include "app/views.hpp"
#include "cli/profile_option.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string format;
    std::string meter;
    std::string profile;
    std::string date;
    std::vector<std::string> files;
    bool queue = false;
};

void print_outcome(const std::string& path, const app::ImportOutcome& outcome, bool dry_run) {
    const auto& file = outcome.file;
    for (const Problem& problem : outcome.problems) {
        note(fmt::format("{}:{}: {} ({}): {}", path, problem.line, problem.field, problem.rule,
                         problem.message));
    }
    for (const Problem& problem : outcome.notes) {
        note(fmt::format("{}:{}: note, {} ({}): {} {}", path, problem.line, problem.field,
                         problem.rule, problem.message, problem.remedy));
    }
    std::string line = fmt::format("{}: {} {} of {} records", path, dry_run ? "would take" : "took",
                                   grouped(file.posted), grouped(file.records));
    if (file.repeated > 0) line += fmt::format(", {} were there already", grouped(file.repeated));
    if (file.parked > 0) line += fmt::format(", {} parked as work items", grouped(file.parked));
    if (outcome.repaired > 0) {
        line += fmt::format(", {} rows repaired", grouped(outcome.repaired));
    }
    if (file.rejected > 0) line += fmt::format(", {} kept to be repaired", grouped(file.rejected));
    if (outcome.corrections > 0) {
        line += fmt::format(", {} intervals superseded", grouped(outcome.corrections));
    }
    if (!file.declared_total.is_zero()) {
        line += fmt::format("; {} posted, {} parked of {}", dollars(file.posted_total),
                            dollars(file.parked_total), dollars(file.declared_total));
    }
    say(line);
    if (!dry_run && outcome.details.failed_rows > 0) {
        note(fmt::format("  {} rows wait: watthour file errors {}",
                         grouped(outcome.details.failed_rows), file.id));
    }
}

int import_files(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::file_import);
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    std::optional<std::string> profile;
    if (!options.profile.empty()) {
        auto text = profile_text_of(**office, options.profile);
        if (!text) return refuse(common, text.error());
        profile = *std::move(text);
    }
    json::array answers;
    int worst = 0;
    for (const std::string& path : options.files) {
        if (options.queue) {
            worst =
                std::max(worst, put_in_queue(common, **office, "import_file",
                                             {{"format", options.format},
                                              {"file", std::filesystem::absolute(path).string()},
                                              {"date", date->to_string()},
                                              {"meter", options.meter},
                                              {"profile", profile.value_or("")}}));
            continue;
        }
        app::ImportRequest request{options.format, path,          *date,  common.dry_run,
                                   std::nullopt,   options.meter, profile};
        // The name is kept with the file beside the text.
        if (profile && !std::filesystem::exists(options.profile)) {
            request.profile_name = options.profile;
            request.profile = std::nullopt;
        }
        const auto outcome = app::import_file(**office, request);
        if (!outcome) {
            worst = std::max(worst, refuse(common, outcome.error()));
            continue;
        }
        const bool clean = outcome->file.rejected == 0 && outcome->file.parked == 0;
        if (!clean) worst = std::max(worst, static_cast<int>(ExitCode::some_rejected));
        if (common.json) {
            answers.push_back(app::to_json(path, *outcome, common.dry_run, (*office)->zone()));
        } else {
            print_outcome(path, *outcome, common.dry_run);
        }
    }
    if (common.json && !answers.empty()) {
        print_json(answers.size() == 1 ? answers.front() : json::value(std::move(answers)));
    }
    return worst;
}

}  // namespace

void add_import(CLI::App& app, Common& common) {
    static Options options;
    auto* command = app.add_subcommand("import", "Bring outside files in, each exactly once");
    add_common(*command, common);
    add_dry_run(*command, common);
    command->add_option("--format", options.format,
                        "Else by what the file holds; one of: " + app::importable_formats());
    command->add_option("--date", options.date, "Business date, year-month-day");
    command->add_option(
        "--meter", options.meter,
        "Serial of the meter, where the file names none (green-button, csv-intervals)");
    command->add_option("--profile", options.profile,
                        "Columns of a text file of reads (csv-intervals, csv-registers, "
                        "green-button-csv, mv90): a file, or the name of a remembered mapping");
    command->add_flag("--queue", options.queue, "Leave it to the workers (watthour work)");
    command->add_option("files", options.files, "Files")->required();
    command->footer(
        "Exit 0: all taken; 1: some rows rejected or parked; 7: refused whole; 8: taken before.\n"
        "Examples:\n  watthour import reads.cmep\n"
        "  watthour import reads-errors.csv   (an error file, repaired)\n"
        "  watthour import --format csv-intervals --meter 4711 --profile site.json reads.csv\n"
        "  watthour import --format lockbox deposit.bai --date 2026-06-12 --dry-run\n"
        "  watthour import --format nacha returns.ach --ok-if-done");
    command->callback(
        [&common] { common.command = [&common] { return import_files(common, options); }; });
}

}  // namespace watthour::cli
