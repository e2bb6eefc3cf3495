// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "base/files.hpp"
#include "cli/profile_option.hpp"
#include "cli/terminal.hpp"
#include "formats/format.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string format;
    std::string profile;
    std::vector<std::string> files;
};

Result<const formats::Format*> find(const std::string& name) {
    const formats::Format* format = formats::find_format(name);
    if (format == nullptr) {
        return Error(app::errors::format_unknown,
                     {{"format", name}, {"known", formats::format_names()}});
    }
    return format;
}

/// The profile that was named; nothing where none was.
Result<std::optional<formats::ReadProfile>> profile_of(const Common& common,
                                                       const formats::Format& format,
                                                       const Options& options) {
    if (options.profile.empty()) return std::optional<formats::ReadProfile>();
    if (!format.by_profile) {
        return Error(app::errors::format_without_profile, {{"format", options.format}});
    }
    TRY(const std::string text, profile_text_of(common, options.profile));
    TRY(auto profile, formats::parse_read_profile(text, options.profile));
    return std::optional(std::move(profile));
}

void print_problem(const std::string& file, const Problem& problem) {
    say(fmt::format("{}:{}: {} ({}): {}", file, problem.line, problem.field, problem.rule,
                    problem.message));
    if (!problem.remedy.empty()) say("    " + problem.remedy);
}

int check(const Common& common, const Options& options) {
    const auto format = find(options.format);
    if (!format) return refuse(common, format.error());
    const auto profile = profile_of(common, **format, options);
    if (!profile) return refuse(common, profile.error());
    json::array answers;
    bool all_good = true;
    for (const std::string& path : options.files) {
        const auto bytes = read_file(path);
        if (!bytes) return refuse(common, bytes.error());
        const formats::FormatCheck result =
            *profile ? formats::check_by_profile(options.format, *bytes, **profile)
                     : (*format)->check(*bytes);
        all_good = all_good && result.ok;
        if (common.json) {
            answers.emplace_back(formats::to_json(result, path));
            continue;
        }
        for (const Problem& problem : result.problems) print_problem(path, problem);
        say(fmt::format("{}: {}, {}", path, result.ok ? "good" : "BAD", to_text(result.totals)));
    }
    if (common.json) {
        print_json(answers.size() == 1 ? answers.front() : json::value(std::move(answers)));
    }
    return all_good ? 0 : static_cast<int>(ExitCode::invalid);
}

int read(const Common& common, const Options& options) {
    const auto format = find(options.format);
    if (!format) return refuse(common, format.error());
    const auto profile = profile_of(common, **format, options);
    if (!profile) return refuse(common, profile.error());
    const auto bytes = read_file(options.files.front());
    if (!bytes) return refuse(common, bytes.error());
    print_json(*profile ? formats::read_json_by_profile(*bytes, **profile)
                        : (*format)->read(*bytes));
    const bool ok = *profile ? formats::check_by_profile(options.format, *bytes, **profile).ok
                             : (*format)->check(*bytes).ok;
    return ok ? 0 : static_cast<int>(ExitCode::invalid);
}

}  // namespace

void add_format(CLI::App& app, Common& common) {
    static Options options;
    auto* format = app.add_subcommand("format", "Check and read outside files, without a database");
    format->require_subcommand(1);
    const std::string known = "One of: " + formats::format_names();
    auto* checking = format->add_subcommand("check", "Judge a file's form and its own totals");
    checking->add_option("--format", options.format, known)->required();
    checking->add_option("files", options.files, "Files")->required();
    const std::string profiles =
        "Columns of a text file of reads (csv-intervals, csv-registers, "
        "green-button-csv, mv90): a file, or a remembered mapping of WATTHOUR_DB";
    checking->add_option("--profile", options.profile, profiles);
    checking->add_flag("--json", common.json, "Write the answer as JSON");
    checking->callback(
        [&common] { common.command = [&common] { return check(common, options); }; });
    auto* reading = format->add_subcommand("read", "Print a file's records as JSON");
    reading->add_option("--format", options.format, known)->required();
    reading->add_option("file", options.files, "File")->required()->expected(1);
    reading->add_option("--profile", options.profile, profiles);
    reading->add_flag("--json", common.json, "Records are always written as JSON");
    reading->callback([&common] { common.command = [&common] { return read(common, options); }; });
    format->footer(
        "Examples:\n  watthour format check --format cmep reads.cmep\n"
        "  watthour format check --format nacha --json returns.ach\n"
        "  watthour format check --format csv-intervals --profile site.json reads.csv\n"
        "  watthour format read --format lockbox deposit.bai");
}

}  // namespace watthour::cli
