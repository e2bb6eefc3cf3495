// SPDX-License-Identifier: Apache-2.0
// Plays every tests/scenarios/*.scenario, each on a database of its own; or the files named as
// arguments, and tells what went wrong in them.
#include "base/files.hpp"
#include "stage.hpp"

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

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, ComesOutAsTold) {
    const std::string file = GetParam() + ".scenario";
    const auto text = read_file((fs::path(WATTHOUR_SCENARIO_DIR) / file).string());
    ASSERT_TRUE(text);
    for (const std::string& problem : play("tests/scenarios/" + file, *text)) {
        ADD_FAILURE() << problem;
    }
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
