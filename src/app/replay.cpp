// SPDX-License-Identifier: Apache-2.0
#include "app/replay.hpp"

#include "app/rate_again.hpp"
#include "rating/plan_book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {

namespace {

using rating::ChargeLine;

bool same_line(const ChargeLine& then, const ChargeLine& now) {
    return then.code == now.code && then.amount == now.amount &&
           then.quantity_text() == now.quantity_text() && then.rate_text() == now.rate_text() &&
           then.gl_account == now.gl_account && then.period == now.period;
}

/// "R-1 2025-07-01 sha256:1f6b" without the line's own code after it.
std::string document_of(const ChargeLine& line) {
    const auto hash = line.clause.find(" sha256:");
    return hash == std::string::npos ? line.clause : line.clause.substr(0, hash);
}

std::string version_of(const ChargeLine& line) {
    const auto hash = line.clause.find("sha256:");
    if (hash == std::string::npos) return line.clause;
    return line.clause.substr(0, line.clause.find(' ', hash));
}

std::string in_words(const ChargeLine* line) {
    if (line == nullptr) return "no line";
    return fmt::format("{} {} x {} = {}", line->code, line->quantity_text(), line->rate_text(),
                       line->amount.to_string());
}

/// Why two statements of one segment differ.
std::string cause_of(const RatedAgain& again, const std::vector<ChargeLine>& now) {
    if (again.intervals_changed) return "intervals corrected since";
    for (const ChargeLine& then : again.segment->lines) {
        for (const ChargeLine& line : now) {
            if (line.code == then.code && line.period == then.period &&
                document_of(line) == document_of(then) && version_of(line) != version_of(then)) {
                return "tariff " + document_of(then);
            }
        }
    }
    // A charge that only one of the two tariffs has.
    for (const ChargeLine& line : now) {
        const bool known = std::any_of(
            again.segment->lines.begin(), again.segment->lines.end(),
            [&](const ChargeLine& then) { return version_of(then) == version_of(line); });
        if (!known && line.group == "base") return "tariff " + document_of(line);
    }
    return "unexplained";
}

class Replayer {
public:
    Replayer(const tariff::Catalogue& catalogue, ReplayOutcome& outcome)
        : plans_(catalogue), outcome_(outcome) {}

    void take(const Result<RatedAgain>& again) {
        ++outcome_.bills;
        if (!again) return add({}, "refused: " + std::string(again.error().slug()), {}, {}, "");
        const auto rated = plans_.rate((*again).request);
        const billing::BillSegment& segment = *(*again).segment;
        const std::string& number = (*again).bill->number;
        if (!rated) {
            return add(number, "refused: " + std::string(rated.error().slug()),
                       segment.current_charges, Money(), rated.error().message());
        }
        const std::vector<ChargeLine>& now = (*rated).lines;
        const std::size_t most = std::max(now.size(), segment.lines.size());
        for (std::size_t i = 0; i < most; ++i) {
            const ChargeLine* before = i < segment.lines.size() ? &segment.lines[i] : nullptr;
            const ChargeLine* after = i < now.size() ? &now[i] : nullptr;
            if (before != nullptr && after != nullptr && same_line(*before, *after)) continue;
            return add(number, cause_of(*again, now), segment.current_charges,
                       (*rated).current_charges,
                       fmt::format("{} -> {}", in_words(before), in_words(after)));
        }
        ++outcome_.same;
    }

private:
    void add(const std::string& bill, const std::string& cause, Money then, Money now,
             const std::string& line) {
        if (cause == "unexplained" || cause.starts_with("refused")) ++outcome_.unexplained;
        outcome_.differences.push_back({bill, cause, then, now, line});
    }

    rating::PlanBook plans_;
    ReplayOutcome& outcome_;
};

}  // namespace

std::map<std::string, std::pair<std::int64_t, Money>> ReplayOutcome::by_cause() const {
    std::map<std::string, std::pair<std::int64_t, Money>> causes;
    for (const ReplayDifference& difference : differences) {
        auto& [count, amount] = causes[difference.cause];
        ++count;
        amount += difference.now - difference.then;
    }
    return causes;
}

ReplayOutcome replay(Office& office, const tariff::Catalogue& catalogue, DateRange bill_dates,
                     const ReplayProgress& progress) {
    ReplayOutcome outcome;
    Replayer replayer(catalogue, outcome);
    BillsAgain bills(office, catalogue);
    const std::vector<customers::AccountId> accounts = billed_accounts(office);
    std::int64_t done = 0;
    for (const customers::AccountId account : accounts) {
        bills.of_account(account, bill_dates,
                         [&](const Result<RatedAgain>& again) { replayer.take(again); });
        if (progress) progress(++done, static_cast<std::int64_t>(accounts.size()));
    }
    std::sort(outcome.differences.begin(), outcome.differences.end(),
              [](const ReplayDifference& a, const ReplayDifference& b) {
                  const Money x = (a.now - a.then).magnitude();
                  const Money y = (b.now - b.then).magnitude();
                  return std::tie(a.cause, y, a.bill) < std::tie(b.cause, x, b.bill);
              });
    return outcome;
}

json::value to_json(const ReplayOutcome& outcome) {
    json::array causes;
    for (const auto& [cause, total] : outcome.by_cause()) {
        causes.push_back(json::object{
            {"cause", cause}, {"bills", total.first}, {"amount", total.second.to_string()}});
    }
    json::array differences;
    for (const ReplayDifference& one : outcome.differences) {
        differences.push_back(json::object{{"bill", one.bill},
                                           {"cause", one.cause},
                                           {"then", one.then.to_string()},
                                           {"now", one.now.to_string()},
                                           {"first_line", one.first_line}});
    }
    return json::object{{"bills", outcome.bills},
                        {"same", outcome.same},
                        {"different", static_cast<std::int64_t>(outcome.differences.size())},
                        {"unexplained", outcome.unexplained},
                        {"causes", std::move(causes)},
                        {"differences", std::move(differences)}};
}

}  // namespace watthour::app
