// SPDX-License-Identifier: Apache-2.0
#include "app/lists.hpp"

#include "app/errors.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "storage/past_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace watthour::app {

Result<ListPage> list_accounts(Office& office, const std::string& after, std::size_t most) {
    const auto place = after.empty() ? std::optional<std::int64_t>(0) : parse_integer(after);
    if (!place) return Error(errors::place_malformed, {});
    const auto found = storage::PastRows(office.database())
                           .accounts({*place}, static_cast<int>(most) + 1, office.business_date());
    ListPage page;
    for (std::size_t i = 0; i < std::min(most, found.size()); ++i) {
        const auto& row = found[i];
        page.rows.push_back(json::object{{"account", customers::account_number(row.account)},
                                         {"name", row.name},
                                         {"street", row.street},
                                         {"schedule", row.schedule},
                                         {"cycle", row.cycle},
                                         {"language", row.language},
                                         {"balance", row.balance.to_string()}});
        page.last = std::to_string(row.account.value);
    }
    page.more = found.size() > most;
    return page;
}

Result<ListPage> list_bills(Office& office, DateRange bill_dates, const std::string& cycle,
                            const std::string& after, std::size_t most) {
    Date after_date = Date::ymd(1, 1, 1);
    std::int64_t after_account = 0;
    std::string after_number;
    if (!after.empty()) {
        const auto parts = split_text(after, '|');
        const auto date = Date::parse(parts.front());
        const auto number = parts.size() == 3 ? parse_integer(parts[1]) : std::nullopt;
        if (!date || !number) return Error(errors::place_malformed, {});
        after_date = *date;
        after_account = *number;
        after_number = parts[2];
    }
    const auto found = office.bills().issued_after(bill_dates, after_date, {after_account},
                                                   after_number, most + 1);
    ListPage page;
    for (std::size_t i = 0; i < std::min(most, found.size()); ++i) {
        const auto& bill = found[i];
        page.last =
            fmt::format("{}|{}|{}", bill.bill_date.to_string(), bill.account.value, bill.number);
        if (!cycle.empty() && bill.cycle != cycle) continue;
        json::object object = to_json(bill);
        object["account"] = customers::account_number(bill.account);
        object["cycle"] = bill.cycle;
        object["from"] = bill.period.from.to_string();
        object["until"] = bill.period.until.to_string();
        object["previous_balance"] = bill.previous_balance.to_string();
        object["autopay"] = bill.autopay;
        page.rows.push_back(std::move(object));
    }
    page.more = found.size() > most;
    return page;
}

}  // namespace watthour::app
