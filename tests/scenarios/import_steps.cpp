// SPDX-License-Identifier: Apache-2.0
// Statements of files: taken by what they hold, mapped, their rows repaired and brought back; and
// the quantities that bills rest on.
#include "app/determinants.hpp"
#include "app/file_records.hpp"
#include "app/read_mapping.hpp"
#include "base/files.hpp"
#include "stage.hpp"
#include "storage/file_history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace watthour::scenarios {
namespace {

std::string bytes_of(const std::string& path) {
    auto bytes = read_file("tests/formats/" + path);
    if (!bytes) throw NotUnderstood("there is no file " + path);
    return *std::move(bytes);
}

/// `replacing "1,2x5" by "1,25"`, as often as it is said; each once.
void replace_in(std::string& bytes, Words& words) {
    while (words.maybe("replacing")) {
        const std::string was = words.text("what is there");
        words.literal("by");
        const std::string now = words.text("what is to be there");
        const std::size_t at = bytes.find(was);
        if (at == std::string::npos) throw NotUnderstood("the file does not hold " + was);
        bytes.replace(at, was.size(), now);
    }
}

void take_bytes(Stage& stage, const std::string& name, std::string bytes) {
    app::ImportRequest request{"", name, stage.today, false, std::move(bytes), ""};
    stage.before_step();
    auto outcome = app::import_file(stage.office(), request);
    if (stage.took(outcome)) stage.import = *std::move(outcome);
}

/// `receive mapping/days.csv`: a file comes, and what it is, it tells itself.
void take(Stage& stage, Words& words) {
    const std::string path = words.text("a file");
    std::string bytes = bytes_of(path);
    std::string name = std::filesystem::path(path).filename().string();
    if (words.maybe("named")) name = words.text("a name");
    replace_in(bytes, words);
    take_bytes(stage, name, std::move(bytes));
}

/// `map mapping/days.csv as "Days"`: what is proposed is looked at and remembered.
void map(Stage& stage, Words& words) {
    const std::string bytes = bytes_of(words.text("a file"));
    words.literal("as");
    const app::FileLook look = app::look_at_file(stage.office(), bytes);
    stage.before_step();
    (void)stage.took(app::save_profile(stage.office(), {words.text("a name"), "", look.profile,
                                                        look.columns.fingerprint, "", false}));
}

std::int64_t file_named(Stage& stage, const std::string& name) {
    for (const auto& record : storage::FileHistoryRows(stage.office().database())
                                  .list({Date(), end_of_time}, nullptr, 1000)) {
        if (record.file.name == name) return record.file.id;
    }
    throw NotUnderstood("no file " + name + " came");
}

/// `repair days.csv replacing "x" by "1"`: its error file, put right, comes in.
void repair(Stage& stage, Words& words) {
    const std::string name = words.text("a file");
    auto made = app::error_file(stage.office(), file_named(stage, name));
    if (!stage.took(made)) return;
    replace_in(made->bytes, words);
    take_bytes(stage, made->name, std::move(made->bytes));
}

/// `set-aside rows of days.csv because "..."`
void set_aside(Stage& stage, Words& words) {
    words.literal("rows");
    words.literal("of");
    const std::int64_t file = file_named(stage, words.text("a file"));
    words.literal("because");
    stage.before_step();
    (void)stage.took(app::set_rows_aside(stage.office(), file, {}, words.text("a reason"), false));
}

/// `retire mapping "Days" because "..."`
void retire(Stage& stage, Words& words) {
    words.literal("mapping");
    const std::string name = words.text("a name");
    words.literal("because");
    stage.before_step();
    (void)stage.took(app::retire_profile(stage.office(), name, words.text("a reason"), false));
}

std::string as_words(const worklist::FileRecord& record) {
    return fmt::format(
        "good {} repeated {} failed {} repaired {} waiting {} kwh {}", record.file.posted,
        record.file.repeated, record.details ? record.details->failed_rows : -1, record.repaired,
        record.waiting(),
        record.details ? Energy::watt_hours(record.details->delivered_wh).to_string() : "?");
}

}  // namespace

bool bring_files(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "receive") {
        take(stage, words);
    } else if (verb == "map") {
        map(stage, words);
    } else if (verb == "repair") {
        repair(stage, words);
    } else if (verb == "set-aside") {
        set_aside(stage, words);
    } else if (verb == "retire") {
        retire(stage, words);
    } else {
        return false;
    }
    return true;
}

std::string expect_file(Stage& stage, Words& words) {
    const std::string name = words.text("a file");
    const auto record = app::file_record(stage.office(), file_named(stage, name));
    std::string expected = words.text("what it held");
    const std::string found = as_words(*record);
    return expected == found ? std::string()
                             : fmt::format("{}: expected {}, found {}", name, expected, found);
}

std::string expect_determinant(Stage& stage, Words& words) {
    const auto account = customers::account_number(words.account());
    words.literal("on");
    app::DeterminantsRequest request{account, "", words.date()};
    const std::string code = words.text("a determinant");
    const std::string expected = words.text("a quantity and its quality");
    const auto found = app::determinants_of(stage.office(), request);
    if (!found) return found.error().message();
    for (const auto& row : found->rows) {
        if (row.determinant != code) continue;
        const std::string is = fmt::format("{} {} {} {} {}", row.quantity, row.unit, row.quality,
                                           row.estimated_share, row.source);
        return is == expected ? std::string()
                              : fmt::format("{}: expected {}, found {}", code, expected, is);
    }
    for (const auto& failure : found->failures) {
        if (failure.cause == expected) return {};
        return "cannot be measured: " + failure.message;
    }
    return "there is no determinant " + code;
}

std::string expect_changed(Stage& stage, Words& words) {
    words.literal("since");
    const auto found = app::determinants_changed_since(stage.office(), words.date());
    const std::string code = words.text("a determinant");
    const std::string expected = words.text("billed and now");
    if (!found) return found.error().message();
    std::string is = "none";
    for (const auto& row : found->rows) {
        if (row.determinant == code) is = row.billed_quantity + " to " + row.quantity;
    }
    return is == expected ? std::string()
                          : fmt::format("{} changed: expected {}, found {}", code, expected, is);
}

}  // namespace watthour::scenarios
