// SPDX-License-Identifier: Apache-2.0
#include "formats/lockbox.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <random>

namespace watthour::formats {
namespace {

TEST(Lockbox, BankSampleReadsWhole) {
    const LockboxFile file = read_lockbox(sample_text("lockbox/test_lockbox.bai"));
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file.batches.size(), 1U);
    EXPECT_EQ(file.batches[0].lockbox, "0022222");
    EXPECT_EQ(file.batches[0].deposit_date, Date::ymd(2016, 5, 23));
    ASSERT_EQ(file.batches[0].items.size(), 1U);
    const LockboxItem& item = file.batches[0].items[0];
    EXPECT_EQ(item.amount, Money::minor(700'000));
    EXPECT_EQ(item.routing, "055002707");
    EXPECT_EQ(masked_account(item.check_account), "***5555");
    EXPECT_EQ(item.check_number, "0000000180");
    EXPECT_EQ(item.check_date, Date::ymd(2016, 5, 16));
    EXPECT_EQ(item.remitter, "BOB E SMITH");
    EXPECT_EQ(item.payee, "MY BUSINESS COMPANY");
    EXPECT_EQ(item.memos, std::vector<std::string>{"CE554"});
}

TEST(Lockbox, BatchTotalOffByOneCentIsNamed) {
    const LockboxFile file = read_lockbox(sample_text("lockbox/batch_total_off_by_one_cent.bai"));
    EXPECT_FALSE(file.ok());
    ASSERT_TRUE(has_rule(file.problems, "lockbox.batch_total", 6));
    EXPECT_EQ(file.problems[0].message,
              "the total of batch 1 says 7000.01, its checks sum to 7000.00");
}

TEST(Lockbox, StubWithoutAccountIsNoFaultOfForm) {
    const LockboxFile file = read_lockbox(sample_text("lockbox/stub_without_account.bai"));
    EXPECT_TRUE(file.ok());
    EXPECT_TRUE(file.batches[0].items[0].memos.empty());
}

TEST(Lockbox, EachBadFileIsRefusedAndNamed) {
    const struct {
        const char* file;
        const char* rule;
        std::int64_t line;
    } cases[] = {{"box_total_off_by_one_cent", "lockbox.box_total", 7},
                 {"box_total_missing", "lockbox.record_order", 7},
                 {"check_count_off", "lockbox.count", 6},
                 {"record_count_off", "lockbox.count", 8},
                 {"letters_in_the_amount", "lockbox.not_numeric", 4},
                 {"overflow_of_another_check", "lockbox.overflow_item", 5},
                 {"unknown_record_type", "lockbox.record_type", 5},
                 {"deposit_on_february_30", "lockbox.date", 3},
                 {"trailer_missing", "lockbox.trailer_missing", 0}};
    for (const auto& each : cases) {
        SCOPED_TRACE(each.file);
        const LockboxFile file =
            read_lockbox(sample_text(std::string("lockbox/") + each.file + ".bai"));
        EXPECT_FALSE(file.ok());
        EXPECT_TRUE(has_rule(file.problems, each.rule, each.line));
        for (const Problem& problem : file.problems) {
            EXPECT_EQ(problem.message.find("12345555"), std::string::npos);
        }
    }
}

LockboxFile random_file(std::mt19937& random) {
    const auto pick = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    LockboxFile file;
    file.destination = "VALDOROELE";
    file.origin = "0990000013";
    file.created = Date::ymd(2026, 6, 9);
    file.created_second = pick(1440) * 60;
    file.reference = "REF" + std::to_string(pick(1000));
    const int batches = 1 + pick(5);
    for (int b = 1; b <= batches; ++b) {
        LockboxBatch& batch = file.batches.emplace_back();
        batch.lockbox = b > 3 ? "0033333" : "0022222";
        batch.deposit_date = Date::ymd(2026, 6, 9);
        batch.number = b;
        for (int i = 1 + pick(20); i > 0; --i) {
            LockboxItem& item = batch.items.emplace_back();
            item.batch = b;
            item.item = static_cast<int>(batch.items.size());
            item.amount = Money::minor(pick(50'000'000));
            item.routing = "231380104";
            item.check_account = std::to_string(1'000'000 + pick(8'000'000));
            item.check_account.insert(0, 10 - item.check_account.size(), '0');
            item.check_number = std::to_string(1'000'000'000 + pick(1000));
            if (pick(3) != 0) item.check_date = Date::ymd(2026, 6, 1) + pick(8);
            item.remitter = "REMITTER " + std::to_string(pick(100));
            item.payee = "VALDORO ELECTRIC";
            for (int m = pick(4); m > 0; --m) {
                item.memos.push_back(std::to_string(10'000'000'000 + pick(1000)));
            }
        }
    }
    return file;
}

TEST(Lockbox, WrittenFileReadsBackEqual) {
    constexpr unsigned seed = 4711;
    std::mt19937 random(seed);
    for (int i = 0, files = random_files(100); i < files; ++i) {
        const LockboxFile file = random_file(random);
        LockboxFile back = read_lockbox(write_lockbox(file));
        ASSERT_TRUE(back.ok()) << "seed " << seed << ": " << back.problems[0].message;
        EXPECT_EQ(back.amount(), file.amount());
        EXPECT_EQ(back.reference, file.reference);
        EXPECT_EQ(back.created_second, file.created_second);
        for (LockboxBatch& batch : back.batches) {
            batch.line = 0;
            for (LockboxItem& item : batch.items) item.line = 0;
        }
        ASSERT_TRUE(back.batches == file.batches) << "seed " << seed << " file " << i;
    }
}

TEST(Lockbox, AnyAmountChangedByACentRefusesTheFile) {
    std::mt19937 random(12);
    const std::string text = write_lockbox(random_file(random));
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        if (text[at] != '6') continue;
        std::string wrong = text;
        char& last_cent = wrong[at + 16];
        last_cent = last_cent == '9' ? '8' : static_cast<char>(last_cent + 1);
        EXPECT_FALSE(read_lockbox(wrong).ok());
    }
}

}  // namespace
}  // namespace watthour::formats
