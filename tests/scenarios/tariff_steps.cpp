// SPDX-License-Identifier: Apache-2.0
// New tariffs: written, put forward by one person, adopted by another; and what they would do.
#include "app/adopt_tariff.hpp"
#include "app/authorize.hpp"
#include "app/replay.hpp"
#include "stage.hpp"
#include "tariff/catalogue.hpp"

#include <filesystem>
#include <fstream>

namespace watthour::scenarios {
namespace {

/// `tariff adjustments/eca.yaml add "TEXT"`, `tariff FILE write "NEW" instead "OLD"`
void write_tariff(Stage& stage, Words& words) {
    const std::string file = words.text("a file of the tariffs");
    if (stage.tariffs.empty()) {
        for (const EmbeddedFile& one : tariff_files::files()) {
            stage.tariffs[std::string(one.name)] = std::string(one.text);
        }
    }
    const auto known = stage.tariffs.find(file);
    if (known == stage.tariffs.end()) throw NotUnderstood("there is no file " + file);
    std::string& text = known->second;
    if (words.maybe("add")) {
        text += words.text("what is added") + "\n";
        return;
    }
    words.literal("write");
    const std::string fresh = words.text("the new text");
    words.literal("instead");
    const std::string old = words.text("the old text");
    const auto at = text.find(old);
    if (at == std::string::npos) throw NotUnderstood(file + " does not say " + old);
    text.replace(at, old.size(), fresh);
}

/// `put forward by s.lee because "..."`
void put_forward(Stage& stage, Words& words) {
    words.literal("forward");
    words.literal("by");
    const std::string who = words.text("a person");
    words.literal("because");
    const std::string why = words.text("a reason");
    const std::string folder = stage.path_of("proposed");
    for (const auto& [name, text] : stage.tariffs) {
        const auto path = std::filesystem::path(folder) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    const Acting acting(stage.office(), who);
    stage.before_step();
    (void)stage.took(app::propose_tariffs(stage.office(), folder, why));
}

/// `adopt by f.gomez because "..."`, `agree by s.lee because "..."`: the request that waits
/// longest.
void agree(Stage& stage, Words& words) {
    words.literal("by");
    const std::string who = words.text("a person");
    words.literal("because");
    const std::string why = words.text("a reason");
    const Acting acting(stage.office(), who);
    const auto open = stage.office().approvals().open();
    if (open.empty()) throw NotUnderstood("nothing waits for a second person");
    (void)stage.took(
        app::decide_approval(stage.office(), open.front().id, app::Verdict::approve, why));
}

/// `compare schedules of N`
void compare(Stage& stage, Words& words) {
    words.literal("schedules");
    words.literal("of");
    const auto compared = app::compare_schedules(stage.office(), words.account());
    if (stage.took(compared)) stage.comparison = *compared;
}

/// `replay from D until D`: every bill of these bill dates, from what it recorded.
void replay_bills(Stage& stage, Words& words) {
    words.literal("from");
    const Date from = words.date();
    words.literal("until");
    const Date until = words.date();
    stage.replay = app::replay(stage.office(), stage.office().catalogue(), {from, until}, {});
}

}  // namespace

bool change_tariffs(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "tariff") {
        write_tariff(stage, words);
    } else if (verb == "put") {
        put_forward(stage, words);
    } else if (verb == "adopt" || verb == "agree") {
        agree(stage, words);
    } else if (verb == "compare") {
        compare(stage, words);
    } else if (verb == "replay") {
        replay_bills(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
