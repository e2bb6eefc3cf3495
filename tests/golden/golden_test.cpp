// SPDX-License-Identifier: Apache-2.0
// Rates every case of tests/golden from its input alone and compares all that its `expected`
// says with what came out, field by field; money and quantities by value.
#include "base/decimal.hpp"
#include "base/json.hpp"
#include "cases/rate_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace watthour {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(WATTHOUR_GOLDEN_DIR)) {
        if (fs::exists(entry.path() / "case.json")) names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool same_scalar(const json::value& expected, const json::value& found) {
    if (expected == found) return true;
    if (!expected.is_string() || !found.is_string()) return false;
    const auto a = Decimal::parse(std::string(expected.get_string()));
    const auto b = Decimal::parse(std::string(found.get_string()));
    return a && b && *a == *b;
}

/// Collects every place where the two differ. Keys of `found` that `expected` does not have are
/// allowed only at `depth` 0, where the program may say more than the case.
void compare(const json::value& expected, const json::value& found, const std::string& path,
             int depth, std::vector<std::string>& differences) {
    if (expected.is_object() && found.is_object()) {
        for (const auto& member : expected.get_object()) {
            const std::string at = path + "." + std::string(member.key());
            const json::value* other = found.get_object().if_contains(member.key());
            if (other == nullptr)
                differences.push_back(at + " is missing");
            else
                compare(member.value(), *other, at, depth + 1, differences);
        }
        for (const auto& member : found.get_object()) {
            if (depth > 0 && !expected.get_object().contains(member.key())) {
                differences.push_back(path + "." + std::string(member.key()) + " is not expected");
            }
        }
    } else if (expected.is_array() && found.is_array()) {
        const auto& a = expected.get_array();
        const auto& b = found.get_array();
        if (a.size() != b.size()) {
            differences.push_back(path + " has " + std::to_string(b.size()) + " entries, not " +
                                  std::to_string(a.size()));
        }
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
            compare(a[i], b[i], path + "[" + std::to_string(i + 1) + "]", depth + 1, differences);
        }
    } else if (!same_scalar(expected, found)) {
        differences.push_back(path + " is " + to_text(found) + ", not " + to_text(expected));
    }
}

std::vector<std::string> differences_of(const std::string& text, const std::string& name) {
    const json::value given = *parse_json(text, name);
    const auto rated = cases::rate_case(text, name);
    if (!rated) return {rated.error().message()};
    std::vector<std::string> differences;
    const auto& expected = given.at("statements").as_array();
    const auto& found = (*rated).at("statements").as_array();
    if ((*rated).at("id") != given.at("id")) differences.push_back("another id");
    if (expected.size() != found.size()) differences.push_back("another number of statements");
    for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) {
        const std::string path = name + " statement " + std::to_string(i + 1);
        compare(expected[i].at("expected"), found[i], path, 0, differences);
    }
    return differences;
}

class GoldenBill : public testing::TestWithParam<std::string> {};

TEST_P(GoldenBill, EqualsItsWorking) {
    const std::string name = GetParam();
    const std::string text = slurp(fs::path(WATTHOUR_GOLDEN_DIR) / name / "case.json");
    EXPECT_EQ(differences_of(text, name), std::vector<std::string>());
    EXPECT_TRUE(fs::exists(fs::path(WATTHOUR_GOLDEN_DIR) / name / "README.md"))
        << "every golden bill has its working";
}

TEST_P(GoldenBill, NeedsNoExpectedBlock) {
    const std::string name = GetParam();
    const std::string text = slurp(fs::path(WATTHOUR_GOLDEN_DIR) / name / "case.json");
    json::value bare = *parse_json(text, name);
    for (auto& statement : bare.at("statements").as_array())
        statement.as_object().erase("expected");
    const auto with = cases::rate_case(text, name);
    const auto without = cases::rate_case(to_text(bare), name);
    ASSERT_TRUE(with && without);
    EXPECT_EQ(to_text(*with), to_text(*without));
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenBill, testing::ValuesIn(case_names()), [](const auto& one) {
    std::string name = one.param;
    std::replace_if(name.begin(), name.end(), [](char c) { return c == '-'; }, '_');
    return name;
});

TEST(GoldenComparison, FailsWhenOneCentMoves) {
    const std::string text = slurp(fs::path(WATTHOUR_GOLDEN_DIR) / "WB-01" / "case.json");
    const std::pair<const char*, const char*> seeded[] = {
        {"\"amount\": \"41.92\"", "\"amount\": \"41.93\""},
        {"\"credit\": \"11.64\"", "\"credit\": \"11.63\""},
        {"\"tier2_upper\": \"442\"", "\"tier2_upper\": \"443\""},
        {"\"current_charges\": \"167.00\"", "\"current_charges\": \"167.01\""},
        {"\"rate\": \"0.14210\"", "\"rate\": \"0.14211\""},
        {"\"rate\": \"2.85%\"", "\"rate\": \"2.86%\""},
        {"\"tax\": \"11.84\"", "\"tax\": \"11.85\""},
        {"\"description\": \"Energy tier 1\", ", ""},
    };
    for (const auto& [right, wrong] : seeded) {
        std::string changed = text;
        const auto at = changed.find(right);
        ASSERT_NE(at, std::string::npos) << right;
        changed.replace(at, std::string(right).size(), wrong);
        EXPECT_FALSE(differences_of(changed, "WB-01").empty()) << wrong;
    }
}

}  // namespace
}  // namespace watthour
