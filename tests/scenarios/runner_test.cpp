// SPDX-License-Identifier: Apache-2.0
// The scenario runner itself: a wrong amount must fail, an unknown word must not pass unseen.
#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watthour::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* one_home = R"(covers 1.03
today 2026-06-15
account 10000000017 "Ana Ruiz"
point SP-1 cycle 05 route 05-01
agreement SA-1 account 10000000017 at SP-1 from 2026-05-07 schedule R-1 option B
meter M-77 at SP-1 from 2026-05-07 dials 5 multiplier 1 set 04120
read M-77 2026-06-08 04320 actual_ami
run cycle 05 on 2026-06-09
)";

TEST(ScenarioRunner, RightAmountPasses) {
    EXPECT_THAT(play("home", std::string(one_home) + "expect line CUST 19.75\n"), IsEmpty());
}

TEST(ScenarioRunner, WrongAmountFailsWithBothAmounts) {
    EXPECT_THAT(play("home", std::string(one_home) + "expect line CUST 19.76\n"),
                ElementsAre("home:9: line CUST: expected 19.76, found CUST 1 month 19.75"));
}

TEST(ScenarioRunner, EveryWrongExpectationIsTold) {
    EXPECT_THAT(play("home", std::string(one_home) + "expect bills 2 ; held SA-1 because x.y\n"),
                ElementsAre("home:9: bills of the run: expected 2, found 1",
                            "home:9: expected SA-1 held because x.y, found nobody held"));
}

TEST(ScenarioRunner, UnknownVerbIsNamedWithItsLine) {
    EXPECT_THAT(play("verb", "covers 1.03\nforgive everybody\n"),
                ElementsAre("verb:2: the verb forgive is not known"));
}

TEST(ScenarioRunner, UnknownExpectationIsNamedWithItsLine) {
    EXPECT_THAT(play("word", "expect happiness 5\n"),
                ElementsAre("word:1: nobody knows how to expect happiness"));
}

TEST(ScenarioRunner, WordLeftOverIsNamed) {
    EXPECT_THAT(play("word", "today 2026-06-15 noon\n"),
                ElementsAre("word:1: the word noon is not known here"));
}

TEST(ScenarioRunner, WrongCheckDigitIsTold) {
    EXPECT_THAT(play("digit", "account 10000000019 \"Ana Ruiz\"\n"),
                ElementsAre("digit:1: 10000000019 is no account number; right would be "
                            "10000000017"));
}

TEST(ScenarioRunner, RefusalThatNobodyExpectsFails) {
    EXPECT_THAT(play("refused", "run cycle 99 on 2026-06-09\n"),
                ElementsAre(HasSubstr("refused:1: refused as app.cycle_unknown")));
    EXPECT_THAT(play("refused", "run cycle 99 on 2026-06-09\nexpect refused app.cycle_unknown\n"),
                IsEmpty());
}

}  // namespace
}  // namespace watthour::scenarios
