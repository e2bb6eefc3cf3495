// SPDX-License-Identifier: Apache-2.0
#include "sample/customers_pay.hpp"

#include "base/text.hpp"
#include "formats/lockbox.hpp"
#include "formats/nacha.hpp"

#include <gtest/gtest.h>

#include <map>

namespace watthour::sample {
namespace {

constexpr Date bill_date = Date::ymd(2026, 6, 2);

billing::BillSummary bill(std::int64_t account, std::int64_t due_minor) {
    billing::BillSummary summary;
    summary.account = {account};
    summary.number = customers::account_number(summary.account) + "-260601";
    summary.bill_date = bill_date;
    summary.due_date = bill_date + 20;
    summary.amount_due = Money::minor(due_minor);
    return summary;
}

std::vector<billing::BillSummary> thousand_bills() {
    std::vector<billing::BillSummary> bills;
    for (int i = 0; i < 1000; ++i) bills.push_back(bill(10000000000 + i * 10, 8000 + i));
    return bills;
}

std::vector<PlannedPayment> planned() { return plan_payments(thousand_bills(), {}, Holidays(), 1); }

TEST(PlanPayments, MostPayInFullWithinThreeWeeks) {
    std::map<std::int64_t, std::int64_t> due;
    for (const auto& one : thousand_bills()) due[one.account.value] = one.amount_due.minor_units();
    int full = 0;
    int part = 0;
    int over = 0;
    int late = 0;
    int counter = 0;
    for (const PlannedPayment& payment : planned()) {
        const std::int64_t asked = due.at(payment.account.value);
        full += payment.amount.minor_units() == asked;
        part += payment.amount.minor_units() < asked;
        over += payment.amount.minor_units() > asked;
        late += payment.date > bill_date + 21;
        counter += payment.channel == "counter";
        EXPECT_GE(payment.date, bill_date + 3);
        EXPECT_TRUE(is_business_day(payment.date, Holidays()));
    }
    EXPECT_NEAR(full, 870, 40);
    EXPECT_NEAR(part, 40, 25);
    EXPECT_NEAR(over, 40, 25);
    EXPECT_NEAR(late, 85, 40);
    EXPECT_NEAR(counter, 290, 60);
}

TEST(PlanPayments, NothingDueAndAutopayArePassedOver) {
    billing::BillSummary drafted = bill(40, 5000);
    drafted.autopay = true;
    const auto plan = plan_payments({bill(10, 0), bill(20, -500), bill(30, 5000), drafted},
                                    {customers::AccountId{30}}, Holidays(), 1);
    EXPECT_TRUE(plan.empty());
}

TEST(PlanPayments, TheSameSeedPaysTheSame) {
    const auto first = planned();
    const auto again = planned();
    ASSERT_EQ(first.size(), again.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].amount, again[i].amount);
        EXPECT_EQ(first[i].date, again[i].date);
    }
}

TEST(LockboxFile, EveryPlannedCheckIsInAFileWithoutProblems) {
    const auto plan = planned();
    for (Date day = Date::ymd(2026, 6, 5); day < Date::ymd(2026, 7, 3); day = day + 1) {
        const formats::LockboxFile read = formats::read_lockbox(lockbox_file(plan, day, {}, 1));
        Money expected;
        for (const PlannedPayment& payment : plan) {
            if (payment.date == day && payment.channel == "lockbox") expected += payment.amount;
        }
        if (expected.is_zero()) continue;
        EXPECT_TRUE(read.ok()) << read.problems.front().message;
        Money found;
        for (const auto& batch : read.batches) {
            for (const auto& item : batch.items) {
                const bool planted = item.memos.empty() || item.memos.front() == nobodys_account;
                if (!planted) found += item.amount;
            }
        }
        EXPECT_EQ(found, expected) << day.to_string();
    }
}

TEST(LockboxFile, TwoWeeksBringOneOfEachThatClerksKnow) {
    int stranger = 0;
    int no_stub = 0;
    int shared = 0;
    for (Date day = Date::ymd(2026, 6, 5); day < Date::ymd(2026, 6, 19); day = day + 1) {
        for (const auto& batch :
             formats::read_lockbox(lockbox_file(planned(), day, {}, 1)).batches) {
            for (const auto& item : batch.items) {
                no_stub += item.memos.empty();
                shared += item.memos.size() == 2;
                stranger += item.memos.size() == 1 && item.memos.front() == nobodys_account;
            }
        }
    }
    EXPECT_EQ(stranger, 1);
    EXPECT_EQ(no_stub, 1);
    EXPECT_EQ(shared, 1);
}

TEST(LockboxFile, ADayWithoutPaymentsHasNoFile) {
    EXPECT_TRUE(lockbox_file(planned(), Date::ymd(2026, 1, 2), {}, 1).empty());
}

std::vector<payments::DraftEntry> drafts(int count) {
    std::vector<payments::DraftEntry> entries;
    for (int i = 1; i <= count; ++i) {
        payments::DraftEntry entry;
        entry.trace = "99100001" + pad_left(std::to_string(i), 7, '0');
        entry.account = {10000000000 + i * 10};
        entry.amount = Money::minor(9000 + i);
        entries.push_back(entry);
    }
    return entries;
}

TEST(AchReturnFile, ReturnsAFewAndOneNobodySent) {
    const auto sent = drafts(180);
    const formats::NachaFile file =
        formats::read_nacha(ach_return_file(sent, Date::ymd(2026, 6, 12), 1));
    EXPECT_TRUE(file.ok()) << file.problems.front().message;
    EXPECT_TRUE(file.notes.empty()) << file.notes.front().message;
    std::map<std::string, Money> amount_of_trace;
    for (const auto& entry : sent) amount_of_trace[entry.trace] = entry.amount;
    std::map<std::string, int> reasons;
    int strangers = 0;
    for (const formats::NachaReturn& back : formats::returns_of(file)) {
        ++reasons[back.reason];
        const auto draft = amount_of_trace.find(back.original_trace);
        if (draft == amount_of_trace.end()) {
            ++strangers;
        } else {
            EXPECT_EQ(draft->second, back.amount);
        }
    }
    EXPECT_EQ(reasons["R01"], 4);
    EXPECT_EQ(reasons["R03"], 1);
    EXPECT_EQ(strangers, 1);
}

TEST(AchReturnFile, OneDraftIsEnough) {
    const formats::NachaFile file =
        formats::read_nacha(ach_return_file(drafts(1), Date::ymd(2026, 6, 12), 1));
    EXPECT_TRUE(file.ok());
    EXPECT_EQ(formats::returns_of(file).size(), 2u);
}

TEST(AchReturnFile, NothingDraftedNothingReturned) {
    EXPECT_TRUE(ach_return_file({}, Date::ymd(2026, 6, 12), 1).empty());
}

}  // namespace
}  // namespace watthour::sample
