// SPDX-License-Identifier: Apache-2.0
#include "stage.hpp"
#include "storage/table_copy.hpp"

#include <fmt/format.h>

namespace watthour::scenarios {
namespace {

/// Plays one statement; returns what differs from what it expects.
std::string play_one(Stage& stage, const Statement& statement) {
    Words words(statement);
    const std::string verb = words.text("a verb");
    if (stage.refusal &&
        !(verb == "expect" && statement.words.size() > 1 && statement.words[1] == "refused")) {
        const Error refusal = *stage.refusal;
        stage.refusal.reset();
        return fmt::format("the step before was refused as {}: {}", refusal.slug(),
                           refusal.message());
    }
    if (verb == "covers") return {};
    if (verb == "expect") {
        auto differs = check_expectation(stage, words);
        words.done();
        return differs;
    }
    if (!set_up(stage, verb, words) && !work_through(stage, verb, words) &&
        !handle_money(stage, verb, words) && !change_tariffs(stage, verb, words) &&
        !work_on_reads(stage, verb, words) && !bring_files(stage, verb, words) &&
        !work_on_meters(stage, verb, words) && !investigate(stage, verb, words) &&
        !work_on_routes(stage, verb, words)) {
        throw NotUnderstood("the verb " + verb + " is not known");
    }
    words.done();
    return {};
}

}  // namespace

Played play_on(const std::string& url, const std::string& file, std::string_view text) {
    Played played;
    auto& problems = played.problems;
    int line = 0;
    try {
        const auto statements = read_statements(text);
        Stage stage(file, url);
        for (const Statement& statement : statements) {
            line = statement.line;
            const std::string differs = play_one(stage, statement);
            if (!differs.empty()) problems.push_back(fmt::format("{}:{}: {}", file, line, differs));
        }
        if (stage.refusal) {
            problems.push_back(fmt::format("{}:{}: refused as {}: {}", file, line,
                                           stage.refusal->slug(), stage.refusal->message()));
        }
        played.books = storage::dump_tables(stage.office().database());
    } catch (const std::exception& failure) {
        problems.push_back(fmt::format("{}:{}: {}", file, line, failure.what()));
    }
    return played;
}

std::vector<std::string> play(const std::string& file, std::string_view text) {
    return play_on("", file, text).problems;
}

}  // namespace watthour::scenarios
