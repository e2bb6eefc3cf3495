// SPDX-License-Identifier: Apache-2.0
#include "app/read_mapping.hpp"

#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "formats/format.hpp"
#include "formats/text_encoding.hpp"
#include "storage/file_history_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using worklist::SavedProfile;

/// Enough to see every form of a column.
constexpr std::size_t bytes_to_look_at = std::size_t{1} << 18U;
constexpr std::size_t longest_name = 40;

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= longest_name &&
           name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_ ") ==
               std::string::npos &&
           name.front() != ' ' && name.back() != ' ' && formats::find_format(name) == nullptr;
}

json::array columns_json(const formats::ProfileGuess& guess) {
    json::array columns;
    for (const formats::ColumnGuess& column : guess.columns) {
        json::array sample;
        for (const auto& row : guess.sample) {
            sample.emplace_back(row[static_cast<std::size_t>(column.number) - 1]);
        }
        columns.push_back(json::object{{"number", column.number},
                                       {"header", column.header},
                                       {"role", column.role},
                                       {"reason", column.reason},
                                       {"why", column.why},
                                       {"sample", std::move(sample)}});
    }
    return columns;
}

SavedProfile next_version(const SavedProfile* before, const std::string& name) {
    SavedProfile next;
    if (before != nullptr) next = *before;
    next.name = name;
    next.version = before == nullptr ? 1 : before->version + 1;
    return next;
}

/// Writes a version and says so in the audit.
void add_version(Office& office, SavedProfile& profile, const std::string& before) {
    profile.by = office.actor().name;
    profile.recorded_on = office.business_date();
    storage::Transaction transaction(office.database(), office.business_date());
    storage::FileHistoryRows(office.database()).add(profile);
    record(office, access::permissions::file_import,
           {0, fmt::format("read-profile:{}:{}", profile.name, profile.version), before,
            fmt::format("{} version {}", profile.state, profile.version), profile.why, 0});
    transaction.commit();
}

}  // namespace

FileLook look_at_file(Office& office, std::string_view bytes) {
    bytes = bytes.substr(0, bytes_to_look_at);
    FileLook look;
    const formats::FileCharacters characters(bytes);
    look.encoding = formats::encoding_name(characters.encoding());
    std::string_view text = characters.text();
    formats::WithoutReasons plain;
    if (formats::has_reasons(text)) {
        plain = formats::take_reasons_off(text);
        text = plain.text;
        look.returned_rows = static_cast<std::int64_t>(plain.returned.size());
        if (!plain.returned.empty()) look.returned_from = plain.returned.front().file;
    }
    look.format = formats::guess_format(text);
    const formats::Format* format = formats::find_format(look.format.format);
    if (format == nullptr || !format->by_profile) return look;
    look.is_text_of_reads = true;
    look.columns = formats::guess_read_profile(text);
    look.remembered = profiles_like(office, look.columns.fingerprint);
    if (!look.remembered.empty()) {
        look.profile = look.remembered.front().profile;
        look.format.format = look.remembered.front().format;
    } else if (look.format.guessed_columns) {
        look.profile = formats::profile_text(look.columns.profile);
    } else {
        look.profile = formats::profile_text(formats::shipped_profile(look.format.format));
    }
    return look;
}

json::object to_json(const FileLook& look) {
    json::object object{
        {"encoding", look.encoding},
        {"format", look.format.format},
        {"reason", look.format.reason},
        {"by_columns", look.is_text_of_reads},
        {"columns_guessed", look.format.guessed_columns},
        {"returned_rows", look.returned_rows},
        {"returned_from", look.returned_rows == 0 ? "" : std::to_string(look.returned_from)}};
    json::array questions;
    if (look.format.guessed_columns && look.remembered.empty()) {
        for (const formats::GuessQuestion& question : look.columns.questions) {
            questions.push_back(json::object{{"code", question.code},
                                             {"column", question.column},
                                             {"word", question.word},
                                             {"text", question.text}});
        }
    }
    json::array remembered;
    for (const SavedProfile& profile : look.remembered) remembered.push_back(to_json(profile));
    object["fingerprint"] = look.columns.fingerprint;
    object["columns"] = columns_json(look.columns);
    object["questions"] = std::move(questions);
    object["remembered"] = std::move(remembered);
    object["profile"] = look.profile;
    return object;
}

std::vector<SavedProfile> profiles_like(Office& office, const std::string& fingerprint) {
    std::vector<SavedProfile> like;
    if (fingerprint.empty()) return like;
    for (SavedProfile& profile : storage::FileHistoryRows(office.database()).profiles()) {
        if (profile.state == "active" && profile.fingerprint == fingerprint) {
            like.push_back(std::move(profile));
        }
    }
    std::stable_sort(like.begin(), like.end(),
                     [](const auto& a, const auto& b) { return b.recorded_on < a.recorded_on; });
    return like;
}

std::vector<SavedProfile> all_profiles(Office& office, bool retired) {
    auto profiles = storage::FileHistoryRows(office.database()).profiles();
    if (!retired) {
        std::erase_if(profiles, [](const auto& profile) { return profile.state == "retired"; });
    }
    return profiles;
}

Result<std::vector<SavedProfile>> profile_versions(Office& office, const std::string& name) {
    auto versions = storage::FileHistoryRows(office.database()).versions(name);
    if (versions.empty()) return Error(errors::profile_unknown, {{"name", name}});
    return versions;
}

Result<SavedProfile> remembered_profile(Office& office, const std::string& name) {
    TRY(auto versions, profile_versions(office, name));
    if (versions.front().state == "retired") {
        return Error(errors::profile_retired, {{"name", name},
                                               {"date", versions.front().recorded_on.to_string()},
                                               {"who", versions.front().by}});
    }
    return std::move(versions.front());
}

Result<SavedProfile> save_profile(Office& office, const ProfileEntry& entry) {
    if (!is_name(entry.name)) return Error(errors::profile_name_wrong, {{"name", entry.name}});
    TRY(formats::ReadProfile profile, formats::parse_read_profile(entry.profile, entry.name));
    profile.name = entry.name;
    const std::string text = formats::profile_text(profile);
    const bool registers = profile.kind == formats::ReadKind::registers;
    const std::string format = !entry.format.empty() ? entry.format
                               : registers           ? "csv-registers"
                                                     : "csv-intervals";
    const formats::Format* known = formats::find_format(format);
    if (known == nullptr || !known->by_profile) {
        return Error(errors::format_without_profile, {{"format", format}});
    }
    return storage::with_retries([&]() -> Result<SavedProfile> {
        const auto versions = storage::FileHistoryRows(office.database()).versions(entry.name);
        const SavedProfile* before = versions.empty() ? nullptr : &versions.front();
        const std::string fingerprint = !entry.fingerprint.empty() ? entry.fingerprint
                                        : before != nullptr        ? before->fingerprint
                                                                   : std::string();
        if (before != nullptr && before->state == "active" && before->profile == text &&
            before->format == format && before->fingerprint == fingerprint) {
            return *before;
        }
        SavedProfile next = next_version(before, entry.name);
        next.state = "active";
        next.format = format;
        next.fingerprint = fingerprint;
        next.profile = text;
        next.why = entry.why;
        if (entry.dry_run) return next;
        add_version(office, next,
                    before == nullptr ? "" : fmt::format("version {}", before->version));
        return next;
    });
}

Result<SavedProfile> retire_profile(Office& office, const std::string& name, const std::string& why,
                                    bool dry_run) {
    return storage::with_retries([&]() -> Result<SavedProfile> {
        TRY(const SavedProfile before, remembered_profile(office, name));
        SavedProfile next = next_version(&before, name);
        next.state = "retired";
        next.why = why;
        if (dry_run) return next;
        add_version(office, next, fmt::format("version {}", before.version));
        return next;
    });
}

json::object to_json(const SavedProfile& profile) {
    return {{"name", profile.name},
            {"version", profile.version},
            {"state", profile.state},
            {"format", profile.format},
            {"fingerprint", profile.fingerprint},
            {"profile", profile.profile},
            {"why", profile.why},
            {"by", profile.by},
            {"date", profile.recorded_on.to_string()}};
}

}  // namespace watthour::app
