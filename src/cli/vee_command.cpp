// SPDX-License-Identifier: Apache-2.0
#include "app/change_work.hpp"
#include "app/class_profile.hpp"
#include "app/decide_reads.hpp"
#include "app/preview_rules.hpp"
#include "app/reads_came.hpp"
#include "app/reads_views.hpp"
#include "app/validate_reads.hpp"
#include "app/views.hpp"
#include "base/files.hpp"
#include "cli/reader_language.hpp"
#include "cli/terminal.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::cli {
namespace {

struct Options {
    std::string lang = "en";
    std::string until;
    std::vector<std::string> meters;
    std::string meter;
    std::string item;
    std::string as;
    std::string why;
    std::string quantity = "KWH";
    std::string from;
    std::vector<std::string> values;
    std::string rules;
    int months = 24;
    std::string rate_class;
    std::string effective;
    bool whole_year = false;
};

Result<int> run(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_validate));
    app::ValidationRequest request;
    TRY(request.until, date_or(options.until, office->business_date()));
    request.meters = options.meters;
    request.dry_run = common.dry_run;
    TRY(const auto outcome, app::validate_reads(*office, request));
    if (common.json) return print_json(app::to_json(outcome, common.dry_run));
    say(fmt::format("{} {} channels, {} days of them, until {}.",
                    common.dry_run ? "Would validate" : "Validated", grouped(outcome.channels),
                    grouped(outcome.channel_days), request.until.to_string()));
    for (const auto check : tariff::vee_checks) {
        const auto count = outcome.found[static_cast<std::size_t>(check)];
        if (count == 0) continue;
        say(fmt::format("  {:<16} {} {:>8}", tariff::vee_check_name(check),
                        tariff::vee_check_rule(check), grouped(count)));
    }
    say(fmt::format(
        "{} intervals estimated, {} taken out until a person decides, {} could not be "
        "estimated; {} channels wait for their last day; {} items opened.",
        grouped(outcome.estimated), grouped(outcome.taken_out), grouped(outcome.not_estimated),
        grouped(outcome.waiting), grouped(outcome.work_items)));
    if (outcome.closed + outcome.sampled > 0) {
        say(fmt::format("{} findings closed by their rule, {} left open as a sample.",
                        grouped(outcome.closed), grouped(outcome.sampled)));
    }
    return 0;
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    json::array rows;
    for (const auto& item : office->work().list("open")) {
        const auto finding = app::finding_subject(item);
        if (!finding || (!options.meter.empty() && finding->serial != options.meter)) continue;
        if (common.json) {
            rows.push_back(app::to_json(item, language_named(options.lang)));
            continue;
        }
        say(fmt::format("{:<20} {:<20} {}", item.id.value, item.cause,
                        worklist::in_words(item.evidence, language_named(options.lang))));
    }
    return common.json ? print_json(json::object{{"items", std::move(rows)}}) : 0;
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    TRY(const auto view, app::finding_view(*office, options.item));
    if (common.json) return print_json(view);
    TRY(const auto item, app::find_item(*office, options.item));
    say(worklist::in_words(item.evidence, language_named(options.lang)));
    say("Next: " + worklist::in_words(item.next_step, language_named(options.lang)));
    say(fmt::format("\n{:<17} {:>10} {:<6} {:>10} {:>12}", "", "kWh", "status", "estimate",
                    "a week ago"));
    const auto text = [](const json::value& value) {
        return value.is_null() ? std::string("-") : std::string(value.as_string());
    };
    for (const auto& value : view.at("intervals").as_array()) {
        const auto& row = value.as_object();
        if (!row.at("concerned").as_bool()) continue;
        say(fmt::format("{} {:<6} {:>10} {:<6} {:>10} {:>12}", text(row.at("day")),
                        text(row.at("time")), text(row.at("kwh")), text(row.at("status")),
                        text(row.at("estimate")), text(row.at("week_before"))));
    }
    return 0;
}

void say_changes(const std::vector<app::ChangedInterval>& intervals, bool dry_run) {
    say(fmt::format("{} {} intervals.", dry_run ? "Would change" : "Changed",
                    grouped(static_cast<std::int64_t>(intervals.size()))));
    constexpr std::size_t shown = 24;
    for (std::size_t i = 0; i < std::min(shown, intervals.size()); ++i) {
        const auto& one = intervals[i];
        say(fmt::format("  {}  {:>10} {} -> {:>10} {}", to_iso_utc(one.start),
                        Energy::watt_hours(one.old_wh).to_string(), one.old_status,
                        Energy::watt_hours(one.new_wh).to_string(), one.new_status));
    }
    if (intervals.size() > shown) say("  ...");
}

Result<int> decide(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_decide));
    app::ReadsDecision decision{options.item, options.as, options.why, std::nullopt,
                                common.dry_run};
    if (!options.until.empty()) {
        TRY(decision.until, Date::parse(options.until));
    }
    TRY(const auto decided, app::decide_reads(*office, decision));
    if (common.json) return print_json(app::to_json(decided, common.dry_run));
    say_changes(decided.intervals, common.dry_run);
    say(fmt::format("Of the days of the finding {} kWh counted before and {} kWh now.",
                    decided.before.to_string(), decided.after.to_string()));
    return 0;
}

Result<int> edit(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_decide));
    app::ReadsEdit wanted;
    wanted.meter = options.meter;
    wanted.quantity = options.quantity;
    TRY(wanted.from, parse_iso_instant(options.from));
    for (const std::string& value : options.values) {
        TRY(const Energy energy, Energy::parse_kwh(value));
        wanted.values.push_back(energy);
    }
    wanted.why = options.why;
    wanted.dry_run = common.dry_run;
    TRY(const auto edited, app::edit_reads(*office, wanted));
    if (common.json) return print_json(app::to_json(edited, common.dry_run));
    say_changes(edited.intervals, common.dry_run);
    say("Worth of the change: " + dollars(edited.worth));
    return 0;
}

std::string dollars_or_dash(const std::optional<Money>& amount) {
    return amount ? dollars(*amount) : "-";
}

/// What the rules of one side found, and what it costs; checks that found nothing are left out.
void print_hits(const char* side, const app::RulesPreview& preview,
                app::CheckHits app::CheckPreview::* of) {
    say(fmt::format("\n{:<16} {:>8} {:>8} {:>9} {:>8} {:>11} {:>9} {:>9} {:>8} {:>8}", side, "hits",
                    "errors", "precision", "alerts", "cost", "per alert", "per error", "closed",
                    "wrongly"));
    Money cost;
    for (const auto& row : preview.rows) {
        const app::CheckHits& hits = row.*of;
        cost += hits.cost;
        if (hits.hits == 0) continue;
        say(fmt::format("{:<16} {:>8} {:>8} {:>9} {:>8} {:>11} {:>9} {:>9} {:>8} {:>8}",
                        tariff::vee_check_name(row.check), grouped(hits.hits),
                        grouped(hits.confirmed), hits.precision(), grouped(hits.alerts),
                        dollars(hits.cost), dollars_or_dash(hits.cost_per_alert()),
                        dollars_or_dash(hits.cost_per_error()), grouped(hits.closed),
                        grouped(hits.closed_wrongly)));
    }
    say(fmt::format("{:<16} {:>48} {:>11}", "in all", "", dollars(cost)));
}

Result<int> preview(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_validate));
    TRY(const std::string text, read_file(options.rules));
    app::RulesPreviewRequest request;
    request.rules_text = text;
    request.rules_name = options.rules;
    request.months = options.months;
    TRY(const auto preview, app::preview_rules(*office, request));
    if (common.json) return print_json(app::to_json(preview));
    say(fmt::format("{} channels, {} days of them from {} to {}.", grouped(preview.channels),
                    grouped(preview.channel_days), preview.days.from.to_string(),
                    preview.days.until.to_string()));
    print_hits("in force", preview, &app::CheckPreview::now);
    print_hits("proposed", preview, &app::CheckPreview::proposed);
    for (const auto& one : preview.safe_close) {
        say(
            fmt::format("{}: of {} alerts up to {} kWh ({}) none was right; such may be closed by "
                        "the rule.",
                        tariff::vee_check_name(one.check), grouped(one.alerts),
                        one.most.to_string(), dollars(one.worth)));
    }
    return 0;
}

Result<int> profile(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_validate));
    app::ClassProfileRequest request;
    request.rate_class = options.rate_class;
    request.whole_year = options.whole_year;
    TRY(request.days.until, date_or(options.until, office->business_date()));
    TRY(request.days.from, date_or(options.from, request.days.until - 365));
    if (!options.effective.empty()) {
        TRY(request.effective, Date::parse(options.effective));
    }
    TRY(const auto made, app::make_class_profile(*office, request));
    if (common.json) return print_json(app::to_json(made));
    // The file itself, so that it can be kept as it is.
    say(made.text.substr(0, made.text.size() - 1));
    return 0;
}

Result<int> freshness(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    TRY(const Date date, date_or(options.until, office->business_date()));
    const auto came = app::reads_came(*office, date);
    if (common.json) return print_json(app::to_json(came));
    const auto print = [&](const char* what, const std::vector<app::ChannelsCame>& counts) {
        say(fmt::format("{:<10} {:>9} {:>9} {:>9} {:>9} {:>9}", what, "channels", "came", "partly",
                        "silent", "percent"));
        for (const auto& one : counts) {
            say(fmt::format("{:<10} {:>9} {:>9} {:>9} {:>9} {:>9}", one.of, grouped(one.channels),
                            grouped(one.came), grouped(one.partly), grouped(one.silent()),
                            one.percent()));
        }
    };
    print("route", came.routes);
    app::ChannelsCame all = came.all;
    all.of = "all";
    if (!came.head_ends.empty()) print("head-end", came.head_ends);
    print("", {all});
    const auto dark = std::count_if(came.silent.begin(), came.silent.end(),
                                    [](const auto& one) { return !one.no_power_since.empty(); });
    if (dark > 0) {
        say(fmt::format("{} of the silent channels are of meters without power.", grouped(dark)));
    }
    return 0;
}

}  // namespace

void add_vee(CLI::App& app, Common& common) {
    static Options options;
    auto* vee = app.add_subcommand("vee", "Validate, estimate and edit interval reads");
    vee->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, auto use_case) {
        return add_use_case(*vee, common, options, name, what, use_case);
    };
    auto* running =
        add("run", "Check what came since the last time, and estimate what did not", run);
    add_dry_run(*running, common);
    running->add_option("--until", options.until, "All days before; else the business date");
    running->add_option("--meter", options.meters, "Only these meters");
    auto* listing = add("list", "Findings that wait for a person", list);
    listing->add_option("--meter", options.meter, "Of one meter");
    add_language(*listing, options.lang);
    auto* showing = add("show", "A finding with its intervals and what would be estimated", show);
    showing->add_option("item", options.item, "Number of the work item")->required();
    add_language(*showing, options.lang);
    auto* deciding = add("decide", "Accept, estimate, reread, visit or hold a finding", decide);
    add_dry_run(*deciding, common);
    deciding->add_option("item", options.item, "Number of the work item")->required();
    deciding->add_option("--as", options.as, "accept, estimate, reread, visit or hold")->required();
    deciding->add_option("--why", options.why, "The reason, kept with the reads")->required();
    deciding->add_option("--until", options.until, "Of hold: the day on which it comes back");
    auto* editing = add("edit", "Write intervals by hand, as verified", edit);
    add_dry_run(*editing, common);
    editing->add_option("--meter", options.meter, "Serial")->required();
    editing->add_option("--quantity", options.quantity, "KWH, GKWH, KVARH");
    editing->add_option("--from", options.from, "Beginning of the first, with its offset")
        ->required();
    editing->add_option("values", options.values, "kWh of each interval")->required();
    editing->add_option("--why", options.why, "The reason, kept with the reads")->required();
    auto* previewing = add("preview", "What other rules would have found in the past", preview);
    previewing->add_option("--rules", options.rules, "A file like vee.yaml")->required();
    previewing->add_option("--months", options.months, "How far back")->check(CLI::Range(1, 60));
    auto* profiling =
        add("profile", "The average day of a class, as a file for profiles/", profile);
    profiling->add_option("--class", options.rate_class, "residential, commercial")->required();
    profiling->add_option("--from", options.from, "First day of the reads; else a year");
    profiling->add_option("--until", options.until, "All days before; else the business date");
    profiling->add_option("--effective", options.effective,
                          "First day on which it holds; else the end of the reads");
    profiling->add_flag("--whole-year", options.whole_year,
                        "One day for all months, where few months have reads");
    auto* fresh =
        add("freshness", "Which reads of the last day came, by route and head-end", freshness);
    fresh->add_option("--until", options.until, "Of the day before; else the business date");
    vee->footer(
        "Examples:\n  watthour vee run\n  watthour vee list --meter 20000123\n"
        "  watthour vee decide 4711 --as estimate --why \"pulse of a test\" --dry-run\n"
        "  watthour vee preview --rules vee.yaml --months 12\n"
        "  watthour vee profile --class residential > profiles/residential.yaml");
}

}  // namespace watthour::cli
