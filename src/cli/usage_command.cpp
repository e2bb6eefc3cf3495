// SPDX-License-Identifier: Apache-2.0
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
    usage->footer(
        "Examples:\n  watthour usage export --account 10000000017 --format green-button --out "
        "use.xml\n"
        "  watthour usage export --account 10000000017 --from 2026-01-01 --until 2026-02-01 "
        "--format csv-intervals --out use.csv");
}

}  // namespace watthour::cli
