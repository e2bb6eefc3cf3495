// SPDX-License-Identifier: Apache-2.0
#include "app/change_work.hpp"

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
    transaction.commit();
    return find_item(office, asked.item);
}

}  // namespace watthour::app
