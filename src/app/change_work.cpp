// SPDX-License-Identifier: Apache-2.0
#include "app/change_work.hpp"

#include "app/authorize.hpp"
#include "app/decide_reads.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"

namespace watthour::app {

Result<worklist::WorkItem> find_item(Office& office, const std::string& number) {
    const auto id = parse_integer(number);
    auto item = id ? office.work().find({*id}) : std::optional<worklist::WorkItem>();
    if (!item) return Error(errors::work_item_unknown, {{"item", number}});
    return *std::move(item);
}

Error decided_before(const worklist::WorkItem& item) {
    return {errors::work_item_resolved,
            {{"item", std::to_string(item.id.value)},
             {"date", item.resolved_on.to_string()},
             {"who", item.resolved_by}}};
}

Result<worklist::WorkItem> change_item(Office& office, const ItemChange& asked) {
    TRY(const auto item, find_item(office, asked.item));
    worklist::WorkChange change{item.account,          item.id,   asked.kind,
                                asked.value,           asked.why, office.actor().name,
                                office.business_date()};
    const bool of_day = asked.kind == "snoozed" || asked.kind == "due";
    const bool any_state = asked.kind == "reopened" || asked.kind == "noted";
    if (!of_day && !any_state && asked.kind != "assigned") {
        return Error(errors::item_change_unknown, {{"kind", asked.kind.substr(0, 80)}});
    }
    if (of_day) {
        TRY(const Date day, Date::parse(asked.value));
        change.value = day.to_string();
    }
    if (any_state && trimmed(asked.why).empty()) {
        return Error(errors::reason_missing, {{"item", asked.item}});
    }
    if (!any_state && item.state == "resolved") return decided_before(item);
    if (asked.kind == "reopened" && item.state == "open") {
        return Error(errors::work_item_open, {{"item", asked.item}});
    }
    storage::Transaction transaction(office.database(), office.business_date());
    office.work().change(change);
    if (asked.kind == "reopened" && item.kind == "validation") {
        take_decision_back(office, item, asked.why);
    }
    transaction.commit();
    return find_item(office, asked.item);
}

namespace {

Result<void> choose(Office& office, const ItemsChoice& choice, DecidedItems& chosen) {
    if (choice.items.empty()) {
        const Date today = office.business_date();
        for (auto& item : office.work().list("open")) {
            const bool rests = item.snoozed_until && *item.snoozed_until > today;
            if (item.cause == choice.cause && !rests) chosen.items.push_back(std::move(item));
        }
        return {};
    }
    const bool alone = choice.items.size() == 1;
    for (const std::string& number : choice.items) {
        auto item = find_item(office, number);
        if (!item && alone) return item.error();
        if (!item) {
            chosen.skipped.emplace_back(number, "unknown");
        } else if (item->state == "resolved") {
            if (alone) return decided_before(*item);
            chosen.skipped.emplace_back(number, "decided before");
        } else {
            chosen.items.push_back(*std::move(item));
        }
    }
    return {};
}

}  // namespace

Result<DecidedItems> decide_items(Office& office, const ItemsChoice& choice) {
    if (choice.as != "accepted" && choice.as != "corrected" && choice.as != "dismissed") {
        return Error(errors::resolution_unknown, {{"resolution", choice.as.substr(0, 80)}});
    }
    if (choice.items.empty() && choice.cause.empty()) return Error(errors::items_missing, {});
    if (trimmed(choice.why).empty()) {
        return Error(errors::reason_missing,
                     {{"item", choice.items.empty() ? choice.cause : choice.items.front()}});
    }
    DecidedItems decided;
    TRY_DONE(choose(office, choice, decided));
    ItemsDecision decision{{}, choice.as, choice.why, office.actor().name};
    for (auto& item : decided.items) {
        decided.at_stake += item.at_stake;
        decision.items.push_back(item.id.value);
        item.state = "resolved";
        item.resolution = choice.as;
        item.resolved_why = choice.why;
        item.resolved_by = office.actor().name;
        item.resolved_on = office.business_date();
    }
    if (choice.dry_run || decided.items.empty()) return decided;
    const std::int64_t account = decided.items.size() == 1 ? decided.items.front().account
                                                           : customers::utility_account.value;
    TRY_DONE(authorize(office, access::permissions::work_resolve,
                       {account, to_parameters(decision), decided.at_stake, choice.why}));
    resolve_items(office, decision);
    return decided;
}

}  // namespace watthour::app
