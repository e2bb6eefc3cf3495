// SPDX-License-Identifier: Apache-2.0
#include "app/determinants.hpp"
#include "app/export_usage.hpp"
#include "base/files.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    app::UsageExportRequest request;
    std::string from;
    std::string until;
    std::string file;
};

int export_file(const Common& common, Options options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto until = date_or(options.until, (*office)->business_date());
    if (!until) return refuse(common, until.error());
    const auto from = date_or(options.from, *until - 400);
    if (!from) return refuse(common, from.error());
    options.request.days = {*from, *until};
    const auto exported = app::export_usage(**office, options.request);
    if (!exported) return refuse(common, exported.error());
    write_file(options.file, exported->bytes);
    if (common.json) {
        return print_json(json::object{{"file", options.file},
                                       {"format", options.request.format},
                                       {"from", from->to_string()},
                                       {"until", until->to_string()},
                                       {"points", exported->points},
                                       {"intervals", exported->intervals}});
    }
    say(fmt::format("{}: {} intervals of {} points, from {} until {}", options.file,
                    grouped(exported->intervals), exported->points, from->to_string(),
                    until->to_string()));
    return 0;
}

struct DeterminantOptions {
    app::DeterminantsRequest request;
    std::string read_date;
    std::string since;
    std::string file;
};

/// As CSV into a file, as JSON on request, else a line for each quantity.
Result<int> determinants(const Common& common, const DeterminantOptions& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    app::Determinants found;
    if (!options.since.empty()) {
        TRY(const Date since, Date::parse(options.since));
        TRY(found, app::determinants_changed_since(*office, since));
    } else {
        app::DeterminantsRequest request = options.request;
        TRY(request.read_date, date_or(options.read_date, office->business_date()));
        TRY(found, app::determinants_of(*office, request));
    }
    if (!options.file.empty()) {
        TRY(const auto text, options.file.ends_with(".json")
                                 ? Result<std::string>(to_pretty_text(app::to_json(found)))
                                 : app::to_csv(found));
        write_file(options.file, text);
    }
    for (const auto& failure : found.failures) {
        note(fmt::format("{} {}: {} {}", failure.account, failure.cause, failure.message,
                         failure.next));
    }
    if (common.json) {
        print_json(app::to_json(found));
    } else if (options.file.empty()) {
        for (const auto& row : found.rows) {
            say(fmt::format("{} {} {:10} {:>14} {:3} {} to {} {} ({}) {}", row.account,
                            row.schedule, row.determinant, row.quantity, row.unit,
                            row.period.from.to_string(), row.period.until.to_string(), row.quality,
                            row.statuses, row.source));
        }
    } else {
        say(fmt::format("{}: {} quantities, {} agreements that cannot be measured", options.file,
                        grouped(static_cast<std::int64_t>(found.rows.size())),
                        grouped(static_cast<std::int64_t>(found.failures.size()))));
    }
    return found.failures.empty() ? 0 : static_cast<int>(ExitCode::some_rejected);
}

void add_determinants(CLI::App& usage, Common& common) {
    static DeterminantOptions options;
    auto* command =
        add_use_case(usage, common, options, "determinants",
                     "The quantities that bills rest on, and who cannot be measured", determinants);
    auto* whose = command->add_option_group("whose", "Whose quantities");
    whose->add_option("--account", options.request.account, "Account number");
    whose->add_option("--cycle", options.request.cycle, "A whole cycle");
    whose->add_option("--changed-since", options.since,
                      "Of bills whose reads changed on this day or later");
    whose->require_option(1);
    command->add_option("--read-date", options.read_date, "On which the period ends; else today");
    command->add_option("--out", options.file, "File to write: .csv or .json");
}

}  // namespace

void add_usage(CLI::App& app, Common& common) {
    static Options options;
    auto* usage = app.add_subcommand("usage", "What customers used");
    usage->require_subcommand(1);
    auto* exporting = usage->add_subcommand("export", "Write interval use as a file");
    add_common(*exporting, common);
    auto* whose = exporting->add_option_group("whose", "Whose use");
    whose->add_option("--account", options.request.account, "Account number");
    whose->add_option("--point", options.request.point,
                      "Number of a service point; with --account, one of its points");
    whose->require_option(1, 2);
    exporting->add_option("--from", options.from, "First day; else 400 days before the last");
    exporting->add_option("--until", options.until, "Day after the last; else today");
    exporting
        ->add_option("--format", options.request.format,
                     "green-button, green-button-csv or csv-intervals")
        ->required();
    exporting->add_option("--out", options.file, "File to write")->required();
    exporting->callback(
        [&common] { common.command = [&common] { return export_file(common, options); }; });
    add_determinants(*usage, common);
    usage->footer(
        "Examples:\n  watthour usage export --account 10000000017 --format green-button --out "
        "use.xml\n"
        "  watthour usage export --account 10000000017 --from 2026-01-01 --until 2026-02-01 "
        "--format csv-intervals --out use.csv\n"
        "  watthour usage determinants --cycle 05 --read-date 2026-06-09 --out determinants.csv\n"
        "  watthour usage determinants --changed-since 2026-06-01");
}

}  // namespace watthour::cli
