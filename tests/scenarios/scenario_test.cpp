// SPDX-License-Identifier: Apache-2.0
// Plays every tests/scenarios/*.scenario, each on a database of its own; or the files named as
// arguments, and tells what went wrong in them.
#include "base/files.hpp"
#include "stage.hpp"
#include "storage/test_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace watthour::scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(WATTHOUR_SCENARIO_DIR)) {
        if (entry.path().extension() == ".scenario") names.push_back(entry.path().stem());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// The first line that two dumps do not share; a whole dump would drown it.
std::string first_difference(const std::string& sqlite, const std::string& postgresql) {
    const auto [a, b] =
        std::mismatch(sqlite.begin(), sqlite.end(), postgresql.begin(), postgresql.end());
    if (a == sqlite.end() && b == postgresql.end()) return {};
    const auto line = [](const std::string& text, std::size_t at) {
        const std::size_t begin =
            text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
        return text.substr(begin, text.find('\n', at) - begin);
    };
    const auto at = static_cast<std::size_t>(a - sqlite.begin());
    return "SQLite: " + line(sqlite, at) + "\nPostgreSQL: " + line(postgresql, at);
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, ComesOutAsTold) {
    const std::string file = GetParam() + ".scenario";
    const auto text = read_file((fs::path(WATTHOUR_SCENARIO_DIR) / file).string());
    ASSERT_TRUE(text);
    const Played here = play_on("", "tests/scenarios/" + file, *text);
    for (const std::string& problem : here.problems) ADD_FAILURE() << problem;
    const std::string url = storage::fresh_database(storage::TestEngine::postgresql);
    if (url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
    const Played there = play_on(url, "tests/scenarios/" + file, *text);
    for (const std::string& problem : there.problems) ADD_FAILURE() << "PostgreSQL: " << problem;
    EXPECT_GT(here.books.size(), 100U);
    EXPECT_EQ(first_difference(here.books, there.books), "");
}

INSTANTIATE_TEST_SUITE_P(Told, Scenario, testing::ValuesIn(scenario_names()),
                         [](const auto& tested) { return tested.param; });

/// 0 when all came out as told.
int play_files(const std::vector<std::string>& files) {
    int failed = 0;
    for (const std::string& file : files) {
        const auto text = read_file(file);
        std::vector<std::string> problems;
        if (text) {
            problems = play(file, *text);
        } else {
            problems.push_back(text.error().message());
        }
        for (const std::string& problem : problems) fmt::print("{}\n", problem);
        if (problems.empty()) fmt::print("{}: came out as told\n", file);
        failed += problems.empty() ? 0 : 1;
    }
    return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace watthour::scenarios

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (argc > 1) return watthour::scenarios::play_files({argv + 1, argv + argc});
    return RUN_ALL_TESTS();
}
