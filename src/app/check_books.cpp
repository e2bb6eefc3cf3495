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

/// Blocks and the sums beside them are read once, for two invariants.
class BlockChecks {
public:
    explicit BlockChecks(Office& office) : office_(office) {}

    std::vector<CheckResult> run(Date from_month) && {
        storage::each_block(office_.database(), from_month,
                            [this](const storage::BlockRow& row) { look(row); });
        return {std::move(whole_), std::move(equal_)};
    }

private:
    static void add(CheckResult& result, const storage::BlockRow& row, const std::string& what) {
        if (static_cast<int>(result.violations.size()) >= violations_shown) return;
        result.violations.push_back(
            {result.invariant.name,
             fmt::format("channel {} month {}: {}", row.channel, row.month.to_string(), what)});
    }

    void look(const storage::BlockRow& row) {
        const auto block = metering::BlockView::open(row.block);
        if (!block) {
            add(whole_, row, block.error().message());
            return;
        }
        const DateRange days{row.month, row.month.first_of_next_month()};
        const int minutes = metering::minutes_of(office_.zone(), days, block->count());
        if (minutes == 0) {
            add(whole_, row, fmt::format("{} intervals tile no month", block->count()));
            return;
        }
        if (!row.sums.empty()) compare(row, *block, days, minutes);
    }

    void compare(const storage::BlockRow& row, const metering::BlockView& block, DateRange days,
                 int minutes) {
        const auto stated = metering::decode_sums(row.sums, row.month);
        if (!stated) {
            add(equal_, row, stated.error().message());
            return;
        }
        const auto series = block.decode();
        const auto found = metering::sum_days(series.wh, series.status,
                                              metering::day_steps(office_.zone(), days, minutes));
        std::int64_t wh = 0;
        std::int64_t not_counted = 0;
        for (const auto& day : found) {
            wh += day.wh;
            not_counted += day.not_counted;
        }
        if (wh != row.wh || not_counted != row.not_counted) {
            add(equal_, row,
                fmt::format("{} Wh without {} intervals against {} without {}", row.wh,
                            row.not_counted, wh, not_counted));
        } else if (found != stated->days) {
            add(equal_, row, "the sum of a day is not that of its intervals");
        }
        // Whatever has a value is known since some day, so that nothing is left to be noted.
        std::int64_t covered = 0;
        for (const auto& run : stated->known) covered += run.count;
        auto known = stated->known;
        if (covered == block.count()) metering::note_known(known, series.status, row.month);
        if (covered != block.count() || known != stated->known) {
            add(equal_, row, "an interval has a value and no day since when it is known");
        }
    }

    Office& office_;
    CheckResult whole_{{"interval_blocks_are_whole",
                        "Every interval block opens and holds the intervals of its month."},
                       {}};
    CheckResult equal_{{"interval_sums_equal_their_blocks",
                        "The sums of days and months are those of the intervals in their block."},
                       {}};
};

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
    for (auto& result :
         BlockChecks(office).run(since ? since->first_of_month() : Date::ymd(1, 1, 1))) {
        results.push_back(std::move(result));
    }
    results.push_back(check_multipliers(office));
    if (!since) results.push_back(check_seals(office));
    return results;
}

}  // namespace watthour::app
