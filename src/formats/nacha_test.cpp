// SPDX-License-Identifier: Apache-2.0
#include "formats/nacha.hpp"

#include "formats/scan_line.hpp"
#include "formats/test_files.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace watthour::formats {
namespace {

NachaAddenda random_addenda(std::mt19937& random, const NachaEntry& entry) {
    NachaAddenda addenda;
    switch (random() % 3) {
        case 0: addenda.text = "RMR*IV*10000000017**12.50\\"; break;
        case 1:
            addenda.type = "98";
            addenda.reason = "C01";
            addenda.original_trace = "121042880000042";
            addenda.original_bank = "23138010";
            addenda.corrected_data = "1918171614";
            addenda.trace = entry.trace;
            break;
        default:
            addenda.type = "99";
            addenda.reason = fmt::format("R{:02}", 1 + random() % 30);
            addenda.original_trace = fmt::format("12104288{:07}", random() % 10'000'000);
            addenda.original_bank = "23138010";
            addenda.text = "INSUFFICIENT FUNDS";
            addenda.trace = entry.trace;
    }
    return addenda;
}

NachaFile random_file(std::mt19937& random, int batches, int entries) {
    NachaFile file;
    file.immediate_destination = " 231380104";
    file.immediate_origin = "1990000001";
    file.created = Date::ymd(2026, 6, 9);
    file.created_time = "0600";
    file.destination_name = "VALDORO CITY BANK";
    file.origin_name = "VALDORO ELECTRIC";
    static const char* codes[] = {"22", "27", "32", "37", "21", "26"};
    for (int b = 1; b <= batches; ++b) {
        NachaBatch& batch = file.batches.emplace_back();
        batch.company_name = "VALDORO ELECTRIC";
        batch.company_id = "1990000001";
        batch.sec = "PPD";
        batch.description = "UTIL PMT";
        batch.effective = Date::ymd(2026, 6, 10);
        batch.originating_bank = "12104288";
        batch.number = b;
        for (int i = 1; i <= entries; ++i) {
            NachaEntry& entry = batch.entries.emplace_back();
            entry.code = codes[random() % 6];
            std::string bank = fmt::format("{:08}", random() % 100'000'000);
            entry.routing = bank + routing_check_digit(bank);
            entry.account = fmt::format("{:010}", random() % 1'000'000'000);
            entry.amount = Money::minor(static_cast<std::int64_t>(random() % 1'000'000));
            entry.individual_id = with_check_digit(fmt::format("{:010}", random()));
            entry.name = "CUSTOMER " + std::to_string(i);
            entry.trace = fmt::format("12104288{:07}", b * 10'000 + i);
            if (random() % 3 == 0) entry.addenda.push_back(random_addenda(random, entry));
        }
    }
    return file;
}

TEST(Nacha, WrittenFileReadsBackEqual) {
    constexpr unsigned seed = 94;
    std::mt19937 random(seed);
    for (int i = 0, files = random_files(60); i < files; ++i) {
        const NachaFile file = random_file(random, 1 + i % 4, 1 + i % 13);
        const std::string text = write_nacha(file);
        EXPECT_EQ(text.size() % (95 * 10), 0U);
        NachaFile back = read_nacha(text);
        ASSERT_TRUE(back.ok()) << "seed " << seed << ": " << back.problems[0].message;
        EXPECT_TRUE(back.notes.empty()) << back.notes[0].message;
        EXPECT_EQ(back.immediate_destination, file.immediate_destination);
        EXPECT_EQ(back.created, file.created);
        for (NachaBatch& batch : back.batches) {
            batch.line = 0;
            for (NachaEntry& entry : batch.entries) {
                entry.line = 0;
                for (NachaAddenda& addenda : entry.addenda) addenda.line = 0;
            }
        }
        ASSERT_TRUE(back.batches == file.batches) << "seed " << seed << " file " << i;
    }
}

TEST(Nacha, TenThousandEntriesAreProved) {
    std::mt19937 random(5);
    const NachaFile file = random_file(random, 4, 2500);
    const std::string text = write_nacha(file);
    EXPECT_GT(text.size(), 950'000U);
    const NachaFile back = read_nacha(text);
    EXPECT_TRUE(back.ok());
    EXPECT_EQ(back.totals.entries, 10'000);
    EXPECT_EQ(returns_of(back).size(), returns_of(file).size());
}

TEST(Nacha, LinesWithoutEndsAreCutEvery94) {
    std::mt19937 random(6);
    std::string text = write_nacha(random_file(random, 2, 3));
    const NachaTotals totals = read_nacha(text).totals;
    std::erase(text, '\n');
    const NachaFile file = read_nacha(text);
    EXPECT_TRUE(file.ok());
    EXPECT_EQ(file.totals, totals);
}

TEST(Nacha, NamesAreWrittenInUpperCaseAscii) {
    std::mt19937 random(7);
    NachaFile file = random_file(random, 1, 1);
    file.batches[0].entries[0].name = "Peña Núñez";
    const NachaFile back = read_nacha(write_nacha(file));
    EXPECT_TRUE(back.ok());
    EXPECT_EQ(back.batches[0].entries[0].name, "PENA NUNEZ");
}

TEST(Nacha, ReturnsAreSeenWithReasonAmountAndOriginalTrace) {
    const NachaFile file = read_nacha(sample_text("nacha/valid/return-WEB.ach"));
    const auto returns = returns_of(file);
    ASSERT_EQ(returns.size(), 2U);
    EXPECT_EQ(returns[0].reason, "R01");
    EXPECT_EQ(returns[0].original_trace, "091400600000001");
    EXPECT_EQ(returns[0].amount, Money::minor(12'354));
    EXPECT_EQ(returns[0].line, 4);
    EXPECT_EQ(returns[1].reason, "R03");
    EXPECT_EQ(file.batches[0].entries[0].masked(), "***6789");
}

TEST(Nacha, NoticeOfChangeBringsTheCorrectedData) {
    const NachaFile file = read_nacha(sample_text("nacha/valid/cor-example.ach"));
    const NachaAddenda& addenda = file.batches.at(0).entries.at(0).addenda.at(0);
    EXPECT_EQ(addenda.type, "98");
    EXPECT_EQ(addenda.reason, "C01");
    EXPECT_EQ(addenda.corrected_data, "1918171614");
    EXPECT_EQ(addenda.original_trace, "121042880000001");
}

TEST(Nacha, ZeroActivityFileIsAHeaderAndAControlOfZeros) {
    std::mt19937 random(8);
    const NachaFile back = read_nacha(write_nacha(random_file(random, 0, 0)));
    EXPECT_TRUE(back.ok());
    EXPECT_EQ(back.totals, NachaTotals{});
}

}  // namespace
}  // namespace watthour::formats
