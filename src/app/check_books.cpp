// SPDX-License-Identifier: Apache-2.0
#include "app/check_books.hpp"

#include "app/audit_trail.hpp"
#include "metering/interval_block.hpp"
#include "metering/meter_details.hpp"
#include "storage/meter_shop_rows.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

constexpr int violations_shown = 20;

CheckResult check_blocks(Office& office, Date from_month) {
    CheckResult result{{"interval_blocks_are_whole",
                        "Every interval block opens and holds the intervals of its month."},
                       {}};
    storage::each_block(
        office.database(), from_month,
        [&](std::int64_t channel, Date month, std::string_view bytes) {
            if (static_cast<int>(result.violations.size()) >= violations_shown) return;
            const auto block = metering::BlockView::open(bytes);
            const std::string what = fmt::format("channel {} month {}", channel, month.to_string());
            if (!block) {
                result.violations.push_back(
                    {result.invariant.name, what + ": " + block.error().message()});
                return;
            }
            bool fits = false;
            const DateRange days{month, month.first_of_next_month()};
            for (const int minutes : {60, 30, 15, 5}) {
                fits = fits || IntervalGrid(office.zone(), days, minutes).count() == block->count();
            }
            if (!fits) {
                result.violations.push_back(
                    {result.invariant.name,
                     fmt::format("{}: {} intervals tile no month", what, block->count())});
            }
        });
    return result;
}

/// Texts of ratios and factors are numbers only to the meter room.
CheckResult check_multipliers(Office& office) {
    CheckResult result{
        {"multipliers_follow_from_nameplates",
         "The multiplier of every meter is CT ratio x PT ratio x register constant."},
        {}};
    for (const auto& row : storage::MeterShopRows(office.database()).believed_details()) {
        const auto agrees = metering::check_multiplier(row.meter.serial, row.details);
        if (agrees) continue;
        result.violations.push_back({result.invariant.name, agrees.error().message()});
        if (static_cast<int>(result.violations.size()) >= violations_shown) break;
    }
    return result;
}

CheckResult check_seals(Office& office) {
    CheckResult result{{"sealed_days_are_unchanged",
                        "Rows of sealed days are what was sealed, and the chain follows."},
                       {}};
    const auto proof = prove_seals(office.database(), {});
    for (const auto& what : proof->broken) {
        result.violations.push_back({result.invariant.name, what});
        if (static_cast<int>(result.violations.size()) >= violations_shown) break;
    }
    return result;
}

}  // namespace

std::vector<CheckResult> check_books(Office& office, std::optional<Date> since) {
    std::vector<CheckResult> results;
    for (const auto& invariant : storage::sql_invariants()) {
        results.push_back({invariant, storage::run_invariant(office.database(), invariant.name,
                                                             violations_shown, since)});
    }
    CheckResult balance{{"trial_balance_is_zero", "Debits equal credits over the whole ledger."},
                        {}};
    Money debit;
    Money credit;
    for (const auto& row : office.journal().trial_balance(end_of_time, end_of_time)) {
        debit += row.debit;
        credit += row.credit;
    }
    if (debit != credit) {
        balance.violations.push_back(
            {balance.invariant.name,
             fmt::format("debits {} against credits {}", debit.to_string(), credit.to_string())});
    }
    results.push_back(std::move(balance));
    results.push_back(check_blocks(office, since ? since->first_of_month() : Date::ymd(1, 1, 1)));
    results.push_back(check_multipliers(office));
    if (!since) results.push_back(check_seals(office));
    return results;
}

}  // namespace watthour::app
