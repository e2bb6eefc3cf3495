// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "formats/lockbox.hpp"
#include "sample/chance.hpp"
#include "sample/customers_pay.hpp"

#include <algorithm>

namespace watthour::sample {
namespace {

constexpr std::size_t checks_per_batch = 100;
constexpr int days_between_exceptions = 10;  // business days between two of a kind
constexpr int days_in_the_mail = 3;
constexpr int six_in_the_evening = 18 * 3600;

/// Counts weekdays, so that no kind of exception falls on weekends only.
int weekday_number(Date date) {
    const int monday_of_1970 = Date::ymd(1969, 12, 29).days();
    return (date.days() - monday_of_1970) / 7 * 5 + static_cast<int>(date.weekday());
}

formats::LockboxItem check(Date deposit, Money amount, const std::string& number,
                           const std::string& remitter) {
    formats::LockboxItem item;
    item.amount = amount;
    item.routing = "991000012";  // begins with 99: belongs to no bank
    item.check_account = "0000551200";
    item.check_number = number;
    item.check_date = deposit - days_in_the_mail;
    item.remitter = upper_case(plain_ascii(remitter));
    item.payee = "VALDORO ELECTRIC";
    return item;
}

/// What a clerk finds in an envelope on some days; the day decides which.
void add_exceptions(std::vector<formats::LockboxItem>& items, Date deposit, std::int64_t seed) {
    Chance chance(seed, deposit.days(), "lockbox exceptions");
    const Money amount = Money::minor(chance.between(2500, 19000));
    const std::string number = std::to_string(chance.between(1001, 9990));
    switch (weekday_number(deposit) % days_between_exceptions) {
        case 1:
            items.push_back(check(deposit, amount, number, "Old Mill Tenants"));
            items.back().memos = {nobodys_account};
            break;
        case 4: items.push_back(check(deposit, amount, number, "R Unsigned")); break;
        case 7:
            // Two neighbours, one check.
            if (items.size() < 2) break;
            items[0].amount += items[1].amount;
            items[0].memos.push_back(items[1].memos.front());
            items.erase(items.begin() + 1);
            break;
        default: break;
    }
}

}  // namespace

std::string lockbox_file(const std::vector<PlannedPayment>& payments, Date deposit_date,
                         const RemitterNames& names, std::int64_t seed, Trouble trouble) {
    std::vector<formats::LockboxItem> items;
    for (const PlannedPayment& payment : payments) {
        if (payment.channel != "lockbox" || payment.date != deposit_date) continue;
        const auto name = names.find(payment.account);
        items.push_back(check(deposit_date, payment.amount, payment.check_number,
                              name == names.end() ? std::string() : name->second));
        items.back().memos = {customers::account_number(payment.account)};
    }
    if (items.empty()) return {};
    if (trouble == Trouble::planted) add_exceptions(items, deposit_date, seed);
    formats::LockboxFile file;
    file.destination = "VALDOROELE";
    file.origin = "9910000120";
    file.created = deposit_date;
    file.created_second = six_in_the_evening;
    file.reference = "0000000000";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i % checks_per_batch == 0) {
            formats::LockboxBatch& batch = file.batches.emplace_back();
            batch.lockbox = "0004200";
            batch.number = static_cast<int>(file.batches.size());
            batch.deposit_date = deposit_date;
        }
        formats::LockboxBatch& batch = file.batches.back();
        items[i].batch = batch.number;
        items[i].item = static_cast<int>(batch.items.size()) + 1;
        batch.items.push_back(std::move(items[i]));
    }
    return formats::write_lockbox(file);
}

}  // namespace watthour::sample
