// SPDX-License-Identifier: Apache-2.0
#include "app/authorize.hpp"
#include "app/change_work.hpp"
#include "app/errors.hpp"
#include "app/views.hpp"
#include "app/work_jobs.hpp"
#include "base/text.hpp"
#include "cli/reader_language.hpp"
#include "cli/terminal.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string lang = "en";
    bool until_idle = false;
    std::int64_t lease = 120;
    std::string id;
    std::string as = "dismissed";
    std::string why;
    std::string state = "open";
    std::string cause;
    std::string owner;
    std::string to;
    std::string until;
    bool causes = false;
};

/// Items that wait for a person today; those that rest are shown when asked for.
std::vector<worklist::WorkItem> chosen_items(app::Office& office, const Options& options) {
    const bool rests = options.state == "snoozed";
    auto items = office.work().list(options.state == "all" ? "" : rests ? "open" : options.state);
    std::erase_if(items, [&](const worklist::WorkItem& item) {
        const bool rest = item.snoozed_until && *item.snoozed_until > office.business_date();
        const bool wrong_state = (options.state == "open" && rest) || (rests && !rest);
        const bool wrong_owner = !options.owner.empty() && item.owner != options.owner;
        const bool wrong_cause = !options.cause.empty() && item.cause != options.cause;
        return wrong_state || wrong_owner || wrong_cause;
    });
    return items;
}

/// One line a cause: how many, how much, how old; one decision may close all of them.
int list_causes(const Common& common, app::Office& office) {
    const auto causes = office.work().open_by_cause();
    json::array rows;
    for (const auto& cause : causes) {
        const int days = office.business_date() - cause.oldest;
        if (common.json) {
            rows.push_back(json::object{{"kind", cause.kind},
                                        {"cause", cause.cause},
                                        {"count", cause.count},
                                        {"at_stake", cause.at_stake.to_string()},
                                        {"oldest", cause.oldest.to_string()},
                                        {"oldest_days", days}});
        } else {
            say(fmt::format("{:>5}  {:<34} {:>14} at stake, oldest {} days", cause.count,
                            cause.cause, dollars(cause.at_stake), days));
        }
    }
    return common.json ? print_json(json::object{{"causes", std::move(rows)}}) : 0;
}

int list(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::work_view);
    if (!office) return refuse(common, office.error());
    if (options.causes) return list_causes(common, **office);
    const auto items = chosen_items(**office, options);
    if (common.json) {
        json::array rows;
        for (const auto& item : items)
            rows.push_back(app::to_json(item, language_named(options.lang)));
        return print_json(json::object{{"items", std::move(rows)}});
    }
    std::string cause;
    for (const auto& item : items) {
        if (item.cause != cause) {
            cause = item.cause;
            say(fmt::format("{} ({})", item.cause, item.kind));
        }
        say(fmt::format("  {:<20} {:<11} {:>12} {:>4} d {:<10} {}", item.id.value,
                        item.account == 0 ? "-" : customers::account_number({item.account}),
                        dollars(item.at_stake), (*office)->business_date() - item.opened_on,
                        item.owner.empty() ? "-" : item.owner,
                        worklist::in_words(item.evidence, language_named(options.lang))));
    }
    say(fmt::format("{} items.", grouped(static_cast<std::int64_t>(items.size()))));
    return 0;
}

int show(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::work_view);
    if (!office) return refuse(common, office.error());
    const auto item = app::find_item(**office, options.id);
    if (!item) return refuse(common, item.error());
    const auto history = (*office)->work().history(item->id);
    if (common.json) {
        auto object = app::to_json(*item, language_named(options.lang));
        json::array rows;
        for (const auto& c : history) {
            rows.push_back(json::object{{"kind", c.kind},
                                        {"value", c.value},
                                        {"why", c.why},
                                        {"by", c.by},
                                        {"on", c.on.to_string()}});
        }
        object["history"] = std::move(rows);
        return print_json(object);
    }
    say(fmt::format("Work item {}: {} ({}), {}, opened {}", item->id.value, item->cause, item->kind,
                    item->state, item->opened_on.to_string()));
    if (item->account != 0) say("Account:  " + customers::account_number({item->account}));
    say("Evidence: " + worklist::in_words(item->evidence, language_named(options.lang)));
    say("At stake: " + dollars(item->at_stake));
    say("Next:     " + worklist::in_words(item->next_step, language_named(options.lang)));
    if (item->state == "resolved") {
        say(fmt::format("Resolved: {} by {} on {}: {}", item->resolution, item->resolved_by,
                        item->resolved_on.to_string(), item->resolved_why));
    }
    if (!item->owner.empty()) say("Owner:    " + item->owner);
    if (item->due_on) say("Due:      " + item->due_on->to_string());
    if (item->snoozed_until) say("Rests until " + item->snoozed_until->to_string());
    for (const auto& c : history) {
        say(fmt::format("  {} {} {}{}{}", c.on.to_string(), c.kind, c.value,
                        c.by.empty() ? "" : " by " + c.by, c.why.empty() ? "" : ": " + c.why));
    }
    return 0;
}

int resolve(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::work_resolve);
    if (!office) return refuse(common, office.error());
    app::ItemsChoice choice{{}, options.cause, options.as, options.why, common.dry_run};
    if (!options.id.empty()) choice.items = {options.id};
    const auto decided = app::decide_items(**office, choice);
    if (!decided) return refuse(common, decided.error());
    if (decided->items.empty()) {
        return refuse(
            common, Error(app::errors::work_item_unknown, {{"item", "of cause " + options.cause}}));
    }
    if (common.json) {
        if (!options.id.empty()) return print_json(app::to_json(decided->items.front()));
        json::array rows;
        for (const auto& item : decided->items)
            rows.push_back(app::to_json(item, language_named(options.lang)));
        return print_json(json::object{{"items", std::move(rows)}});
    }
    const char* verb = common.dry_run ? "would be resolved" : "resolved";
    if (options.id.empty()) {
        say(fmt::format("{} work items of {} {} as {}, {} at stake.", decided->items.size(),
                        options.cause, verb, options.as, dollars(decided->at_stake)));
    } else {
        say(fmt::format("Work item {} {} as {}.", options.id, common.dry_run ? verb : "is resolved",
                        options.as));
    }
    return 0;
}

/// Assigns, lets rest, notes or reopens one item.
int change(const Common& common, const Options& options, const std::string& kind) {
    const auto office = common.office_for(access::permissions::work_resolve);
    if (!office) return refuse(common, office.error());
    const bool of_day = kind == "snoozed" || kind == "due";
    const auto item = app::change_item(
        **office, {options.id, kind, of_day ? options.until : options.to, options.why});
    return item ? show(common, options) : refuse(common, item.error());
}

void add_changes(CLI::App& work, Common& common, Options& options) {
    const auto add = [&](const char* verb, const char* kind, const char* help) {
        auto* command = work.add_subcommand(verb, help);
        add_common(*command, common);
        command->add_option("id", options.id, "Number of the item")->required();
        command->add_option("--why", options.why, "The reason, kept with the item");
        const std::string name = kind;
        command->callback([&common, &options, name] {
            common.command = [&common, &options, name] { return change(common, options, name); };
        });
        return command;
    };
    add("assign", "assigned", "Give an item to a person")
        ->add_option("--to", options.to, "Name of the person")
        ->required();
    add("snooze", "snoozed", "Let an item rest until a day")
        ->add_option("--until", options.until, "Day it comes back")
        ->required();
    add("due", "due", "Set the day by which an item must be decided")
        ->add_option("--by", options.until, "The day")
        ->required();
    add("note", "noted", "Write a remark into the item's history")->get_option("--why")->required();
    add("reopen", "reopened", "Open a resolved item again; an acceptance ends")
        ->get_option("--why")
        ->required();
}

/// One more worker, until it is stopped; any number of them, on any machines.
int work_on(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::job_manage);
    if (!office) return refuse(common, office.error());
    app::WorkOptions work;
    work.until_idle = options.until_idle;
    work.schedules = true;
    work.lease_seconds = options.lease;
    if (!common.quiet && !common.json) {
        note(fmt::format("Worker {} looks for jobs{}", app::worker_name(),
                         options.until_idle ? "." : "; stop it with Ctrl-C."));
    }
    const auto outcome =
        app::work_jobs(**office, work, [&](const jobs::Unit& unit, const jobs::Progress& progress) {
            if (common.quiet || common.json) return;
            note(fmt::format("  job {} unit {}: {} of {} done", unit.job.value, unit.number,
                             progress.done, progress.all()));
        });
    if (common.json) {
        print_json(json::object{
            {"done", outcome.done}, {"parked", outcome.parked}, {"returned", outcome.returned}});
    } else {
        say(fmt::format("{} units done, {} parked, {} to be tried again.", outcome.done,
                        outcome.parked, outcome.returned));
    }
    return outcome.parked == 0 ? 0 : static_cast<int>(ExitCode::some_rejected);
}

}  // namespace

void add_work(CLI::App& app, Common& common) {
    static Options options;
    auto* work = app.add_subcommand(
        "work", "The inbox: what a person must decide; alone: one more worker for the jobs");
    work->require_subcommand(0, 1);
    add_common(*work, common);
    work->add_flag("--until-idle", options.until_idle,
                   "As a worker: end when nothing is left to do");
    work->add_option("--lease", options.lease, "As a worker: seconds until another may take a unit")
        ->check(CLI::Range(1, 86400));
    work->callback([&common, work] {
        if (work->get_subcommands().empty()) {
            common.resumable = true;
            common.command = [&common] { return work_on(common, options); };
        }
    });
    auto* listing = work->add_subcommand("list", "Work items, grouped by cause");
    add_common(*listing, common);
    listing->add_option("--state", options.state, "open, snoozed, resolved or all")
        ->check(CLI::IsMember({"open", "snoozed", "resolved", "all"}));
    listing->add_option("--cause", options.cause, "Only items of this cause");
    add_language(*listing, options.lang);
    listing->add_option("--owner", options.owner, "Only items of this person");
    listing->add_flag("--causes", options.causes, "One line a cause: count, dollars, age");
    listing->callback([&common] { common.command = [&common] { return list(common, options); }; });
    auto* showing = work->add_subcommand("show", "One item with its evidence");
    add_common(*showing, common);
    add_language(*showing, options.lang);
    showing->add_option("id", options.id, "Number of the item")->required();
    showing->callback([&common] { common.command = [&common] { return show(common, options); }; });
    auto* resolving = work->add_subcommand("resolve", "Decide an item");
    add_common(*resolving, common);
    add_dry_run(*resolving, common);
    auto* id = resolving->add_option("id", options.id, "Number of the item");
    auto* cause = resolving->add_option("--cause", options.cause, "All open items of this cause");
    cause->excludes(id);
    resolving
        ->add_option("--as", options.as,
                     "accepted (the check passes from now on), corrected or dismissed")
        ->check(CLI::IsMember({"accepted", "corrected", "dismissed"}));
    resolving->add_option("--why", options.why, "The reason, kept with the item")->required();
    resolving->callback([&common] {
        if (options.id.empty() == options.cause.empty()) {
            throw CLI::RequiredError("the number of an item, or --cause");
        }
        common.command = [&common] { return resolve(common, options); };
    });
    add_changes(*work, common, options);
    work->footer(
        "Examples:\n  watthour work list --lang es\n  watthour work --db "
        "postgresql://billing@db1/valdoro\n  watthour work list\n  "
        "watthour work show 4611686018427387904\n"
        "  watthour work resolve 4611686018427387904 --as accepted --why \"new heat pump\"\n"
        "  watthour work list --causes\n"
        "  watthour work resolve --cause billing.usage_high --as accepted --why \"heat wave\" "
        "--dry-run");
}

}  // namespace watthour::cli
