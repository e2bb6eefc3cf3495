// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace watthour::cli {
namespace {

struct Options {
    std::string id;
    std::string as = "dismissed";
    std::string why;
    std::string state = "open";
};

json::object to_json(const worklist::WorkItem& item) {
    json::object object{
        {"id", std::to_string(item.id.value)},
        {"kind", item.kind},
        {"cause", item.cause},
        {"account", item.account == 0 ? json::value()
                                      : json::value(customers::account_number({item.account}))},
        {"evidence", item.evidence},
        {"next_step", item.next_step},
        {"at_stake", item.at_stake.to_string()},
        {"opened_on", item.opened_on.to_string()},
        {"state", item.state}};
    if (item.state == "resolved") {
        object["resolution"] = item.resolution;
        object["why"] = item.resolved_why;
        object["resolved_by"] = item.resolved_by;
        object["resolved_on"] = item.resolved_on.to_string();
    }
    return object;
}

int list(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto items = (*office)->work().list(options.state == "all" ? "" : options.state);
    if (common.json) {
        json::array rows;
        for (const auto& item : items) rows.push_back(to_json(item));
        return print_json(json::object{{"items", std::move(rows)}});
    }
    std::string cause;
    for (const auto& item : items) {
        if (item.cause != cause) {
            cause = item.cause;
            say(fmt::format("{} ({})", item.cause, item.kind));
        }
        say(fmt::format("  {:<20} {:<11} {:>12}  {}", item.id.value,
                        item.account == 0 ? "-" : customers::account_number({item.account}),
                        dollars(item.at_stake), item.evidence));
    }
    say(fmt::format("{} items.", grouped(static_cast<std::int64_t>(items.size()))));
    return 0;
}

Result<worklist::WorkItem> find(app::Office& office, const std::string& id) {
    const auto number = parse_integer(id);
    auto item = number ? office.work().find({*number}) : std::optional<worklist::WorkItem>();
    if (!item) return Error(app::errors::work_item_unknown, {{"item", id}});
    return *std::move(item);
}

int show(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto item = find(**office, options.id);
    if (!item) return refuse(common, item.error());
    if (common.json) return print_json(to_json(*item));
    say(fmt::format("Work item {}: {} ({}), {}, opened {}", item->id.value, item->cause, item->kind,
                    item->state, item->opened_on.to_string()));
    if (item->account != 0) say("Account:  " + customers::account_number({item->account}));
    say("Evidence: " + item->evidence);
    say("At stake: " + dollars(item->at_stake));
    say("Next:     " + item->next_step);
    if (item->state == "resolved") {
        say(fmt::format("Resolved: {} by {} on {}: {}", item->resolution, item->resolved_by,
                        item->resolved_on.to_string(), item->resolved_why));
    }
    return 0;
}

int resolve(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    auto item = find(**office, options.id);
    if (!item) return refuse(common, item.error());
    if (trimmed(options.why).empty()) {
        return refuse(common, Error(app::errors::reason_missing, {{"item", options.id}}));
    }
    if (item->state == "resolved") {
        return refuse(
            common, Error(app::errors::work_item_resolved, {{"item", options.id},
                                                            {"date", item->resolved_on.to_string()},
                                                            {"who", item->resolved_by}}));
    }
    item->resolution = options.as;
    item->resolved_why = options.why;
    const char* user = std::getenv("USER");
    item->resolved_by = user != nullptr && *user != '\0' ? user : "operator";
    item->resolved_on = (*office)->business_date();
    if (!common.dry_run) {
        storage::Transaction transaction((*office)->database());
        (*office)->work().resolve(*item);
        transaction.commit();
    }
    if (common.json) {
        item->state = "resolved";
        return print_json(to_json(*item));
    }
    say(fmt::format("Work item {} {} as {}.", item->id.value,
                    common.dry_run ? "would be resolved" : "is resolved", options.as));
    return 0;
}

}  // namespace

void add_work(CLI::App& app, Common& common) {
    static Options options;
    auto* work = app.add_subcommand("work", "The inbox: what a person must decide");
    work->require_subcommand(1);
    auto* listing = work->add_subcommand("list", "Work items, grouped by cause");
    add_common(*listing, common);
    listing->add_option("--state", options.state, "open, resolved or all")
        ->check(CLI::IsMember({"open", "resolved", "all"}));
    listing->callback([&common] { common.command = [&common] { return list(common, options); }; });
    auto* showing = work->add_subcommand("show", "One item with its evidence");
    add_common(*showing, common);
    showing->add_option("id", options.id, "Number of the item")->required();
    showing->callback([&common] { common.command = [&common] { return show(common, options); }; });
    auto* resolving = work->add_subcommand("resolve", "Decide an item");
    add_common(*resolving, common);
    add_dry_run(*resolving, common);
    resolving->add_option("id", options.id, "Number of the item")->required();
    resolving
        ->add_option("--as", options.as,
                     "accepted (the check passes from now on), corrected or dismissed")
        ->check(CLI::IsMember({"accepted", "corrected", "dismissed"}));
    resolving->add_option("--why", options.why, "The reason, kept with the item")->required();
    resolving->callback(
        [&common] { common.command = [&common] { return resolve(common, options); }; });
    work->footer(
        "Examples:\n  watthour work list\n  watthour work show 4611686018427387904\n"
        "  watthour work resolve 4611686018427387904 --as accepted --why \"new heat pump\"");
}

}  // namespace watthour::cli
