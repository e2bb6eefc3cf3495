// SPDX-License-Identifier: Apache-2.0
#include "app/search_index.hpp"

#include <gtest/gtest.h>

namespace watthour::app {
namespace {

SearchIndex city() {
    return SearchIndex({
        {{1000000001}, "Ana Núñez", "412 Acequia Madre Road", "+1-555-0123 M-77881"},
        {{1000000002}, "Ann Nunez", "9 Acequia Street", "+1-555-0199 M-77882"},
        {{1000000003}, "Robert O'Brien", "77 Cottonwood Lane", "+1-555-0107 M-90001"},
        {{1000000004}, "Valdoro Bakery", "12 Mesquite Avenue", "+1-555-0144 M-90002"},
    });
}

std::vector<std::int64_t> found(const char* text) {
    static const SearchIndex index = city();
    std::vector<std::int64_t> accounts;
    for (const auto& one : index.find(text, 10)) accounts.push_back(one.account.value);
    return accounts;
}

using Accounts = std::vector<std::int64_t>;

TEST(SearchIndex, TakesWordsInAnyOrderWithoutAccents) {
    EXPECT_EQ(found("nunez ana"), Accounts({1000000001}));
    EXPECT_EQ(found("NÚÑEZ"), Accounts({1000000001, 1000000002}));
    EXPECT_EQ(found("madre acequia ana"), Accounts({1000000001}));
    EXPECT_EQ(found("obrien"), Accounts({1000000003}));
}

TEST(SearchIndex, BearsAStreetThatWasHalfHeard) {
    EXPECT_EQ(found("cotonwood"), Accounts({1000000003}));
    EXPECT_EQ(found("mesqiute"), Accounts({1000000004})) << "two letters swapped";
    EXPECT_EQ(found("accequia madre"), Accounts({1000000001}));
    EXPECT_EQ(found("valdro bak"), Accounts({1000000004}));
}

TEST(SearchIndex, TakesNumbersByTheirEnds) {
    EXPECT_EQ(found("90001"), Accounts({1000000003}));
    EXPECT_EQ(found("0144"), Accounts({1000000004}));
    EXPECT_EQ(found("555-0107"), Accounts({1000000003}));
    EXPECT_EQ(found(customers::account_number({1000000002}).c_str()), Accounts({1000000002}));
}

TEST(SearchIndex, FindsNothingForNothing) {
    EXPECT_TRUE(found("").empty());
    EXPECT_TRUE(found("x").empty());
    EXPECT_TRUE(found("'; DROP TABLE accounts; --").empty());
    EXPECT_TRUE(found("zzzzzz").empty());
}

TEST(SearchIndex, PutsTheExactWordFirst) {
    const SearchIndex index(
        {{{1}, "Mary Ray", "1 A Street", ""}, {{2}, "Mary Raymond", "2 A Street", ""}});
    ASSERT_EQ(index.find("mary ray", 10).size(), 2U);
    EXPECT_EQ(index.find("mary ray", 10)[0].account.value, 1);
    EXPECT_DOUBLE_EQ(index.find("mary ray", 10)[0].score, 1.0);
}

}  // namespace
}  // namespace watthour::app
