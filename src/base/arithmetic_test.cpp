// SPDX-License-Identifier: Apache-2.0
#include "base/arithmetic.hpp"

#include "base/decimal.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace watthour {
namespace {

TEST(Arithmetic, EachRoundingAtTheHalf) {
    struct Case {
        int numerator;
        Rounding rounding;
        std::int64_t expected;
    };
    // n / 10, worked by hand.
    const Case cases[] = {
        {5, Rounding::half_away_from_zero, 1},
        {-5, Rounding::half_away_from_zero, -1},
        {4, Rounding::half_away_from_zero, 0},
        {-4, Rounding::half_away_from_zero, 0},
        {5, Rounding::half_even, 0},
        {15, Rounding::half_even, 2},
        {-15, Rounding::half_even, -2},
        {25, Rounding::half_even, 2},
        {19, Rounding::toward_zero, 1},
        {-19, Rounding::toward_zero, -1},
        {11, Rounding::up, 2},
        {-19, Rounding::up, -1},
        {19, Rounding::down, 1},
        {-11, Rounding::down, -2},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(round_divide(c.numerator, 10, c.rounding), c.expected) << c.numerator;
        EXPECT_EQ(round_divide(-c.numerator, -10, c.rounding), c.expected) << c.numerator;
    }
}

TEST(Decimal, KeepsWrittenDigitsAndComparesByValue) {
    const Decimal price = *Decimal::parse("0.14210");
    EXPECT_EQ(price.to_string(), "0.14210");
    EXPECT_EQ(price.to_shortest(), "0.1421");
    EXPECT_EQ(price, *Decimal::parse("0.1421"));
    EXPECT_LT(*Decimal::parse("-0.00150"), Decimal());
    EXPECT_EQ(Decimal::parse("-0.00150")->to_string(), "-0.00150");
    EXPECT_EQ((*Decimal::parse("1.5") + *Decimal::parse("0.25")).to_string(), "1.75");
    for (const char* bad : {"", ".", "-", "1e5", "1,5", "12.", "99999999999999999999"}) {
        EXPECT_FALSE(Decimal::parse(bad)) << bad;
    }
    EXPECT_EQ(Decimal::parse("0.285")->rescaled(2, Rounding::half_away_from_zero).units(), 29);
}

TEST(Digest, MatchesThePublishedVector) {
    // FIPS 180-2, appendix B.1.
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_GT(id_from_key("meter", "V100211"), 0);
    EXPECT_NE(id_from_key("meter", "V100211"), id_from_key("person", "V100211"));
}

TEST(Text, PlainAsciiForBankFiles) {
    EXPECT_EQ(plain_ascii("Núñez Peña Ávila Ü"), "Nunez Pena Avila U");
    EXPECT_EQ(character_count("Núñez"), 5U);
    EXPECT_EQ(split_text("a,,b", ',').size(), 3U);
}

TEST(Json, RefusesDeepAndTrailingText) {
    EXPECT_TRUE(parse_json("{\"a\": [1, 2]} \n", "x"));
    EXPECT_FALSE(parse_json("{\"a\": 1} x", "x"));
    EXPECT_FALSE(parse_json("{\"a\": ", "x"));
    EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']'), "x"));
}

// Cases of RFC 3629, section 4 and 10.
TEST(Text, KnowsWellFormedUtf8) {
    for (const char* good :
         {"", "a", "Núñez", "€", "\xf0\x9f\x92\xa3", "\xed\x9f\xbf", "\xef\xbf\xbd"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
    }
    for (const char* bad : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf0\x9f\x92", "a\xc3z"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

}  // namespace
}  // namespace watthour
