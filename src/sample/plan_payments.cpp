// SPDX-License-Identifier: Apache-2.0
#include "sample/chance.hpp"
#include "sample/customers_pay.hpp"

#include <algorithm>
#include <optional>

namespace watthour::sample {
namespace {

constexpr std::int64_t minor_per_dollar = 100;

struct Answer {
    Money amount;
    int days_after_bill = 0;
};

Money part_of(Money due, int percent) {
    const std::int64_t dollars = due.minor_units() / minor_per_dollar * percent / 100;
    return Money::minor(std::max<std::int64_t>(1, dollars) * minor_per_dollar);
}

/// Up to the next ten dollars and ten more: who rounds up a check.
Money rounded_up(Money due) {
    const std::int64_t ten = 10 * minor_per_dollar;
    return Money::minor((due.minor_units() / ten + 2) * ten);
}

std::optional<Answer> answer(Money due, Chance& chance) {
    const int kind = chance.between(0, 100);
    const int days = chance.between(3, 20);
    if (kind < 79) return Answer{due, days};
    if (kind < 87) return Answer{due, chance.between(22, 28)};
    if (kind < 91) return Answer{std::min(due, part_of(due, chance.between(40, 81))), days};
    if (kind < 96) return std::nullopt;
    return Answer{rounded_up(due), days};
}

}  // namespace

std::vector<PlannedPayment> plan_payments(const std::vector<billing::BillSummary>& bills,
                                          const std::set<customers::AccountId>& autopay,
                                          const Holidays& bank_holidays, std::int64_t seed) {
    std::vector<PlannedPayment> planned;
    for (const billing::BillSummary& bill : bills) {
        if (!bill.amount_due.is_positive() || bill.autopay || autopay.contains(bill.account)) {
            continue;
        }
        Chance chance(seed, bill.account.value, "payment of " + bill.number);
        const auto given = answer(bill.amount_due, chance);
        if (!given) continue;
        PlannedPayment payment;
        payment.account = bill.account;
        payment.bill_number = bill.number;
        payment.amount = given->amount;
        payment.date = add_business_days(bill.bill_date + given->days_after_bill, 0, bank_holidays);
        // Who mails checks goes on mailing checks.
        Chance habit(seed, bill.account.value, "way of paying");
        const bool mails = habit.percent(70);
        payment.channel = mails ? "lockbox" : "counter";
        payment.tender = mails || chance.percent(50) ? "check" : "cash";
        if (payment.tender == "check") {
            payment.check_number = std::to_string(chance.between(1001, 9990));
        }
        planned.push_back(std::move(payment));
    }
    std::stable_sort(planned.begin(), planned.end(),
                     [](const PlannedPayment& a, const PlannedPayment& b) {
                         return std::pair(a.date, a.account) < std::pair(b.date, b.account);
                     });
    return planned;
}

}  // namespace watthour::sample
