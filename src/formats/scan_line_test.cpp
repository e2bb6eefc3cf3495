// SPDX-License-Identifier: Apache-2.0
#include "formats/scan_line.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

TEST(ScanLine, PublishedCheckDigitsAreRightAndWrongAsTold) {
    int tried = 0;
    for (const auto& row : table_rows("checkdigits/vectors.tsv")) {
        if (row.size() < 4 || row[2].size() != 1) continue;
        const bool right = row[3] == "yes";
        if (row[0].starts_with("scan line")) {
            EXPECT_EQ(mod10_check_digit(row[1]) == row[2][0], right) << row[1];
            EXPECT_EQ(parse_scan_line(row[1] + row[2]).has_value(), right);
        } else {
            EXPECT_EQ(routing_number_ok(row[1] + row[2]), right) << row[1];
        }
        ++tried;
    }
    EXPECT_EQ(tried, 6);
}

TEST(ScanLine, PublishedExampleParsesToItsFields) {
    const auto line = parse_scan_line("003456789011102960000000000100000000010008");
    ASSERT_TRUE(line.has_value());
    EXPECT_EQ(line->account, "00345678901");
    EXPECT_EQ(line->due, Date::ymd(1996, 11, 2));
    EXPECT_EQ(line->gross, Money::minor(1'000));
    EXPECT_EQ(line->net, Money::minor(1'000));
    EXPECT_EQ(*build_scan_line(*line), "003456789011102960000000000100000000010008");
}

TEST(ScanLine, OneWrongDigitIsCaught) {
    const std::string good =
        *build_scan_line({with_check_digit("1000000001"), Date::ymd(2026, 6, 30), "0000",
                          Money::minor(12'345), Money::minor(12'000)});
    ASSERT_EQ(good.size(), 42U);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string wrong = good;
        wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
        EXPECT_FALSE(parse_scan_line(wrong).has_value()) << i;
    }
}

TEST(ScanLine, AmountsThatDoNotFitAreRefused) {
    ScanLine line{with_check_digit("1000000001"), Date::ymd(2026, 6, 30), "0000",
                  Money::minor(10'000'000'000), Money()};
    EXPECT_FALSE(build_scan_line(line).has_value());
    line.gross = Money::minor(-1);
    EXPECT_FALSE(build_scan_line(line).has_value());
    line.gross = Money();
    line.account = "123";
    EXPECT_FALSE(build_scan_line(line).has_value());
}

TEST(AccountNumber, CheckDigitIsTheEleventhDigit) {
    // 1000000001: 1 x 2 + 1 x 1 = 3, so the check digit is 7.
    EXPECT_EQ(with_check_digit("1000000001"), "10000000017");
    EXPECT_TRUE(account_number_ok("10000000017"));
    EXPECT_FALSE(account_number_ok("10000000019"));
    EXPECT_FALSE(account_number_ok("1000000001"));
    EXPECT_FALSE(account_number_ok("1000000001x"));
}

}  // namespace
}  // namespace watthour::formats
