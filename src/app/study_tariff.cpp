// SPDX-License-Identifier: Apache-2.0
#include "app/study_tariff.hpp"

#include "app/rate_again.hpp"
#include "rating/plan_book.hpp"
#include "tariff/rate_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {

namespace {

constexpr std::size_t most_largest = 100;
constexpr std::size_t tenths = 10;

/// One side of a study: tariffs, and use measured by their calendars.
struct Side {
    Side(Office& office, tariff::Catalogue tariffs)
        : catalogue(tariff::as_if_in_force(std::move(tariffs))),
          plans(catalogue),
          bills(office, catalogue) {}
    tariff::Catalogue catalogue;
    rating::PlanBook plans;
    BillsAgain bills;
};

bool belongs(const Cohort& cohort, const RatedAgain& again, const std::string& rate_class) {
    if (!cohort.schedule.empty() && again.segment->schedule != cohort.schedule) return false;
    if (!cohort.rate_class.empty() && rate_class != cohort.rate_class) return false;
    if (cohort.program.empty()) return true;
    const Date day = again.segment->period.until - 1;
    const auto& programs = again.due.served.agreement.programs;
    return std::any_of(programs.begin(), programs.end(), [&](const auto& program) {
        return program.code == cohort.program && program.active.contains(day);
    });
}

/// Change in 1/100 percent of what was paid before.
std::int64_t change_of(const StudyAccount& account) {
    if (account.before.is_zero()) return account.after.is_zero() ? 0 : 1'000'000;
    return round_divide(i128{(account.after - account.before).minor_units()} * 10'000,
                        account.before.magnitude().minor_units(), Rounding::half_away_from_zero);
}

class Study {
public:
    Study(Office& office, const tariff::Catalogue& proposed, const Cohort& cohort,
          DateRange bill_dates)
        : cohort_(cohort), now_(office, office.catalogue()), then_(office, proposed) {
        outcome_.bill_dates = bill_dates;
    }

    void add(customers::AccountId account) {
        StudyAccount own;
        own.account = account;
        // Both sides go through the same bills in the same order.
        std::vector<std::optional<Money>> before;
        now_.bills.of_account(account, outcome_.bill_dates, [&](const Result<RatedAgain>& again) {
            before.push_back(amount(now_, again));
        });
        std::size_t at = 0;
        then_.bills.of_account(account, outcome_.bill_dates, [&](const Result<RatedAgain>& again) {
            const auto after = amount(then_, again);
            const auto earlier = at < before.size() ? before[at] : std::nullopt;
            ++at;
            if (!after || !earlier) return;
            const RatedAgain& one = *again;
            own.schedule = one.segment->schedule;
            own.before += *earlier;
            own.after += *after;
            ++outcome_.bills;
            auto& [was, is] = outcome_.by_class_and_month[{
                class_of(one), (one.segment->period.until - 1).to_string().substr(0, 7)}];
            was += *earlier;
            is += *after;
        });
        if (!own.schedule.empty()) accounts_.push_back(std::move(own));
    }

    StudyOutcome finish() {
        outcome_.accounts = static_cast<std::int64_t>(accounts_.size());
        std::sort(accounts_.begin(), accounts_.end(),
                  [](const StudyAccount& a, const StudyAccount& b) {
                      return std::pair(change_of(a), a.account.value) <
                             std::pair(change_of(b), b.account.value);
                  });
        outcome_.deciles.resize(std::min(tenths, accounts_.size()));
        for (std::size_t i = 0; i < accounts_.size(); ++i) {
            const StudyAccount& account = accounts_[i];
            outcome_.before += account.before;
            outcome_.after += account.after;
            StudyDecile& tenth = outcome_.deciles[i * outcome_.deciles.size() / accounts_.size()];
            ++tenth.accounts;
            tenth.before += account.before;
            tenth.after += account.after;
            const std::int64_t change = change_of(account);
            std::size_t bar = 0;
            while (bar < study_bounds.size() && change >= study_bounds[bar] * 100) ++bar;
            ++outcome_.histogram[bar];
        }
        std::sort(accounts_.begin(), accounts_.end(),
                  [](const StudyAccount& a, const StudyAccount& b) {
                      const Money x = (a.after - a.before).magnitude();
                      const Money y = (b.after - b.before).magnitude();
                      return std::tie(y, a.account.value) < std::tie(x, b.account.value);
                  });
        if (accounts_.size() > most_largest) accounts_.resize(most_largest);
        outcome_.largest = std::move(accounts_);
        return std::move(outcome_);
    }

private:
    [[nodiscard]] std::string class_of(const RatedAgain& again) const {
        const auto schedule = now_.catalogue.find_schedule(again.segment->schedule);
        return schedule ? (*schedule)->rate_class : "";
    }

    std::optional<Money> amount(Side& side, const Result<RatedAgain>& again) {
        if (!again) {
            ++outcome_.left_out[std::string(again.error().slug())];
            return std::nullopt;
        }
        if (!belongs(cohort_, *again, class_of(*again))) return std::nullopt;
        const auto rated = side.plans.rate((*again).request);
        if (rated) return (*rated).current_charges;
        ++outcome_.left_out[std::string(rated.error().slug())];
        return std::nullopt;
    }

    const Cohort& cohort_;
    Side now_;
    Side then_;
    StudyOutcome outcome_;
    std::vector<StudyAccount> accounts_;
};

}  // namespace

StudyOutcome study_tariff(Office& office, const tariff::Catalogue& proposed, const Cohort& cohort,
                          DateRange bill_dates, const StudyProgress& progress) {
    Study study(office, proposed, cohort, bill_dates);
    const std::vector<customers::AccountId> accounts = billed_accounts(office);
    std::int64_t done = 0;
    for (const customers::AccountId account : accounts) {
        study.add(account);
        if (progress) progress(++done, static_cast<std::int64_t>(accounts.size()));
    }
    return study.finish();
}

json::value to_json(const StudyOutcome& outcome) {
    json::array revenue;
    for (const auto& [key, sums] : outcome.by_class_and_month) {
        revenue.push_back(json::object{{"class", key.first},
                                       {"month", key.second},
                                       {"before", sums.first.to_string()},
                                       {"after", sums.second.to_string()}});
    }
    json::array deciles;
    for (const StudyDecile& tenth : outcome.deciles) {
        deciles.push_back(json::object{{"accounts", tenth.accounts},
                                       {"before", tenth.before.to_string()},
                                       {"after", tenth.after.to_string()}});
    }
    json::array histogram;
    for (std::size_t bar = 0; bar < outcome.histogram.size(); ++bar) {
        json::object one;
        if (bar > 0) one["from_percent"] = study_bounds[bar - 1];
        if (bar < study_bounds.size()) one["below_percent"] = study_bounds[bar];
        one["accounts"] = outcome.histogram[bar];
        histogram.push_back(std::move(one));
    }
    json::array largest;
    for (const StudyAccount& account : outcome.largest) {
        largest.push_back(json::object{{"account", std::to_string(account.account.value)},
                                       {"schedule", account.schedule},
                                       {"before", account.before.to_string()},
                                       {"after", account.after.to_string()}});
    }
    json::object left_out;
    for (const auto& [slug, count] : outcome.left_out) left_out[slug] = count;
    return json::object{{"from", outcome.bill_dates.from.to_string()},
                        {"until", outcome.bill_dates.until.to_string()},
                        {"accounts", outcome.accounts},
                        {"bills", outcome.bills},
                        {"before", outcome.before.to_string()},
                        {"after", outcome.after.to_string()},
                        {"revenue", std::move(revenue)},
                        {"deciles", std::move(deciles)},
                        {"histogram", std::move(histogram)},
                        {"largest", std::move(largest)},
                        {"left_out", std::move(left_out)}};
}

}  // namespace watthour::app
