// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"

#include "base/check.hpp"

#include <gtest/gtest.h>

#include <set>

namespace watthour {
namespace {

std::multiset<std::string> holes_of(const std::string& text) {
    std::multiset<std::string> holes;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
        holes.insert(text.substr(at, text.find('}', at) - at + 1));
    return holes;
}

const Words& english() { return Words::of(Language::english); }
const Words& spanish() { return Words::of(Language::spanish); }

TEST(Words, both_languages_have_the_same_keys) {
    for (const auto& [key, entry] : english().entries()) EXPECT_TRUE(spanish().has(key)) << key;
    for (const auto& [key, entry] : spanish().entries()) EXPECT_TRUE(english().has(key)) << key;
}

TEST(Words, no_text_is_empty_and_the_holes_are_the_same) {
    for (const auto& [key, entry] : english().entries()) {
        const auto& other = spanish().entries().at(key);
        ASSERT_EQ(entry.forms.empty(), other.forms.empty()) << key;
        if (entry.forms.empty()) {
            EXPECT_FALSE(entry.text.empty()) << key;
            EXPECT_FALSE(other.text.empty()) << key;
            EXPECT_EQ(holes_of(entry.text), holes_of(other.text)) << key;
            continue;
        }
        EXPECT_EQ(entry.forms.size(), 2u) << key;
        EXPECT_EQ(other.forms.size(), 3u) << key;
        const auto holes = holes_of(entry.forms.at("other"));
        for (const auto* forms : {&entry.forms, &other.forms}) {
            for (const auto& [category, text] : *forms) {
                EXPECT_FALSE(text.empty()) << key;
                EXPECT_EQ(holes_of(text), holes) << key << ' ' << category;
            }
        }
    }
}

TEST(Words, counts_follow_the_plural_rules_of_each_language) {
    EXPECT_EQ(english().counted("bill.days", 1), "1 day");
    EXPECT_EQ(english().counted("bill.days", 0), "0 days");
    EXPECT_EQ(english().counted("bill.days", 1'000'000), "1,000,000 days");
    EXPECT_EQ(spanish().counted("bill.days", 1), "1 día");
    EXPECT_EQ(spanish().counted("bill.days", 30), "30 días");
    EXPECT_EQ(spanish().counted("bill.days", 1'000'000), "1,000,000 de días");
}

TEST(Words, fills_holes_and_refuses_what_is_missing) {
    EXPECT_EQ(english().filled("bill.due_by", {{"date", "June 30, 2026"}}), "Due by June 30, 2026");
    EXPECT_THROW((void)english().filled("bill.due_by", {}), Defect);
    EXPECT_THROW((void)english().text("bill.no_such_text"), Defect);
    EXPECT_THROW((void)english().text("bill.days"), Defect);
}

TEST(Words, reads_language_codes) {
    EXPECT_EQ(parse_language("es"), Language::spanish);
    EXPECT_EQ(parse_language("fr"), std::nullopt);
    EXPECT_EQ(language_code(Language::english), "en");
}

TEST(Words, groups_digits) {
    EXPECT_EQ(group_digits(0), "0");
    EXPECT_EQ(group_digits(-999), "-999");
    EXPECT_EQ(group_digits(1234567), "1,234,567");
    EXPECT_EQ(group_digits(-1234), "-1,234");
}

}  // namespace
}  // namespace watthour
