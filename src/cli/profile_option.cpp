// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_option.hpp"

#include "app/read_mapping.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "formats/errors.hpp"
#include "formats/read_profile.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace watthour::cli {
namespace {

using formats::ProfileColumn;
using formats::ReadProfile;

/// A column by its number or its name.
ProfileColumn column_of(const std::string& text) {
    ProfileColumn column;
    if (const auto number = parse_integer(text)) {
        column.number = static_cast<int>(*number);
    } else {
        column.names = {text};
    }
    return column;
}

bool change_column(ReadProfile& profile, std::string_view role, const std::string& value) {
    const std::pair<std::string_view, ProfileColumn*> columns[] = {
        {"meter", &profile.meter},
        {"moment", &profile.moment},
        {"date", &profile.date},
        {"time", &profile.time},
        {"end_time", &profile.end_time},
        {"quantity", &profile.quantity},
        {"unit", &profile.unit},
        {"quality", &profile.quality},
        {"multiplier", &profile.multiplier},
    };
    for (const auto& [name, column] : columns) {
        if (name != role) continue;
        *column = value.empty() ? ProfileColumn() : column_of(value);
        return true;
    }
    if (role != "value") return false;
    if (profile.values.empty()) profile.values.emplace_back();
    profile.values.front().column = column_of(value);
    return true;
}

bool change_zone(ReadProfile& profile, const std::string& value) {
    using enum formats::ProfileZone;
    profile.zone = value == "utc"      ? utc
                   : value == "local"  ? local
                   : value == "offset" ? in_text
                                       : named;
    profile.zone_name = profile.zone == named ? value : std::string();
    return true;
}

/// False for what cannot be changed, or not to that.
bool change(ReadProfile& profile, const std::string& what, const std::string& value) {
    const auto is = [&](std::string_view name, auto& member, auto yes, std::string_view first,
                        auto no, std::string_view second) {
        if (what != name || (value != first && value != second)) return false;
        member = value == first ? yes : no;
        return true;
    };
    if (is("times", profile.label, formats::TimeLabel::end, "end", formats::TimeLabel::start,
           "start") ||
        is("kind", profile.kind, formats::ReadKind::registers, "registers",
           formats::ReadKind::intervals, "intervals") ||
        is("autumn", profile.autumn, formats::AutumnHour::lost, "once",
           formats::AutumnHour::doubled, "twice")) {
        return true;
    }
    if (what == "zone") return change_zone(profile, value);
    if (what == "decimal" && value.size() == 1) return profile.decimal_mark = value[0], true;
    if (what == "delimiter" && !value.empty()) {
        profile.delimiter = value == "tab" ? '\t' : value[0];
        return true;
    }
    if (what == "minutes") {
        const auto minutes = parse_integer(value);
        if (!minutes || *minutes < 0 || *minutes > 60) return false;
        profile.minutes = static_cast<int>(*minutes);
        return true;
    }
    if (what == "unit-of-values" && !profile.values.empty()) {
        for (auto& one : profile.values) one.unit = value;
        return true;
    }
    if (what == "dates") return profile.date_formats = {value}, true;
    if (what == "clock") return profile.time_formats = {value}, true;
    if (what == "moments") return profile.moment_formats = {value}, true;
    return change_column(profile, what, value);
}

}  // namespace

Result<std::string> profile_text_of(app::Office& office, const std::string& named) {
    if (std::filesystem::exists(named)) return read_file(named);
    TRY(auto saved, app::remembered_profile(office, named));
    return std::move(saved.profile);
}

Result<std::string> profile_text_of(const Common& common, const std::string& named) {
    if (std::filesystem::exists(named)) return read_file(named);
    TRY(const auto office, common.office());
    return profile_text_of(*office, named);
}

Result<std::string> changed_profile(const std::string& text,
                                    const std::vector<std::string>& changes) {
    TRY(ReadProfile profile, formats::parse_read_profile(text, "given"));
    for (const std::string& one : changes) {
        const std::size_t equals = one.find('=');
        const bool known = equals != std::string::npos &&
                           change(profile, one.substr(0, equals), one.substr(equals + 1));
        if (!known) {
            return Error(formats::errors::profile_malformed,
                         {{"profile", "--set"},
                          {"why", fmt::format("{} is none of: {}", one, changes_help())}});
        }
    }
    const std::string changed = formats::profile_text(profile);
    TRY_DONE(formats::parse_read_profile(changed, "changed"));
    return changed;
}

std::string changes_help() {
    return "what=value: times=start|end, zone=local|utc|offset|NAME, kind=intervals|registers, "
           "minutes=15, autumn=once|twice, decimal=, delimiter=; dates=D/M/YYYY clock=H:mm "
           "moments=..., unit-of-values=Wh, and a column by name or number: meter= moment= date= "
           "time= end_time= value= quantity= unit= quality= multiplier=";
}

}  // namespace watthour::cli
