// SPDX-License-Identifier: Apache-2.0
#include "formats/read_profile.hpp"

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "calendar/time_zone.hpp"
#include "formats/errors.hpp"
#include "formats/fields.hpp"
#include "formats/profile_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

namespace watthour::formats::profiles {
std::span<const EmbeddedFile> files();
}

namespace watthour::formats {
namespace {

constexpr int most_columns = 2048;

template <class Value>
struct Word {
    std::string_view word;
    Value value;
};

constexpr std::array kinds{Word<ReadKind>{"intervals", ReadKind::intervals},
                           Word<ReadKind>{"registers", ReadKind::registers}};
constexpr std::array labels{Word<TimeLabel>{"start", TimeLabel::start},
                            Word<TimeLabel>{"end", TimeLabel::end},
                            Word<TimeLabel>{"start_plus_step", TimeLabel::start_plus_step}};
constexpr std::array autumns{Word<AutumnHour>{"doubled", AutumnHour::doubled},
                             Word<AutumnHour>{"lost", AutumnHour::lost}};
constexpr std::array blanks{Word<BlankValue>{"missing", BlankValue::missing},
                            Word<BlankValue>{"skipped", BlankValue::skipped},
                            Word<BlankValue>{"refused", BlankValue::refused}};

struct NamedColumn {
    std::string_view name;
    ProfileColumn ReadProfile::* column;
};

constexpr std::array named_columns{NamedColumn{"meter", &ReadProfile::meter},
                                   NamedColumn{"moment", &ReadProfile::moment},
                                   NamedColumn{"date", &ReadProfile::date},
                                   NamedColumn{"time", &ReadProfile::time},
                                   NamedColumn{"end_time", &ReadProfile::end_time},
                                   NamedColumn{"quantity", &ReadProfile::quantity},
                                   NamedColumn{"unit", &ReadProfile::unit},
                                   NamedColumn{"quality", &ReadProfile::quality},
                                   NamedColumn{"multiplier", &ReadProfile::multiplier}};

constexpr std::array<std::string_view, 15> known_members{
    "name",  "comment",       "kind",       "delimiter", "decimal_mark",
    "names", "skipped_lines", "meter_line", "columns",   "values",
    "wide",  "time",          "blank",      "factor",    "quality"};

/// Reads the members of a profile; keeps the first fault.
class ProfileParser {
public:
    explicit ProfileParser(ReadProfile& profile) : profile_(profile) {}

    std::string read(const json::object& whole) {
        for (const auto& member : whole) {
            bool known = member.key() == "quantities";
            for (const std::string_view name : known_members) {
                known = known || name == std::string_view(member.key());
            }
            if (!known) fault(fmt::format("{} is not a member of a profile", member.key()));
        }
        profile_.name = text(whole, "name");
        profile_.comment = text(whole, "comment");
        choose(whole, "kind", kinds, profile_.kind);
        profile_.delimiter = character(whole, "delimiter", ",;\t|", ',');
        profile_.decimal_mark = character(whole, "decimal_mark", ".,", '.');
        if (const auto* names = whole.if_contains("names")) {
            if (names->is_bool()) {
                profile_.has_names = names->get_bool();
            } else {
                fault("names is neither true nor false");
            }
        }
        profile_.skipped_lines = number(whole, "skipped_lines", 0, 1000);
        profile_.meter_line = text(whole, "meter_line");
        choose(whole, "blank", blanks, profile_.blank);
        read_columns(whole);
        read_values(whole);
        read_time(whole);
        read_codes(whole);
        judge();
        return fault_;
    }

private:
    void fault(std::string why) {
        if (fault_.empty()) fault_ = std::move(why);
    }

    std::string text(const json::object& object, std::string_view key) {
        const auto* value = object.if_contains(key);
        if (value == nullptr) return {};
        if (!value->is_string()) {
            fault(fmt::format("{} is not text", key));
            return {};
        }
        return std::string(value->get_string());
    }

    int number(const json::object& object, std::string_view key, int least, int most) {
        const auto* value = object.if_contains(key);
        if (value == nullptr) return least;
        if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
            fault(fmt::format("{} is not a number from {} to {}", key, least, most));
            return least;
        }
        return static_cast<int>(value->get_int64());
    }

    char character(const json::object& object, std::string_view key, std::string_view allowed,
                   char otherwise) {
        const std::string value = text(object, key);
        if (value.empty()) return otherwise;
        if (value.size() != 1 || allowed.find(value[0]) == std::string_view::npos) {
            fault(fmt::format("{} is {}, not one of {}", key, shown(value), shown(allowed)));
            return otherwise;
        }
        return value[0];
    }

    template <class Words, class Value>
    void choose(const json::object& object, std::string_view key, const Words& words,
                Value& place) {
        const std::string value = text(object, key);
        if (value.empty()) return;
        for (const auto& each : words) {
            if (each.word == value) {
                place = each.value;
                return;
            }
        }
        std::string allowed;
        for (const auto& each : words) allowed += fmt::format(" {}", each.word);
        fault(fmt::format("{} is {}, not one of{}", key, shown(value), allowed));
    }

    std::vector<std::string> texts(const json::value& value, std::string_view what) {
        std::vector<std::string> list;
        if (value.is_string()) return {std::string(value.get_string())};
        if (const auto* array = value.if_array()) {
            for (const auto& each : *array) {
                if (!each.is_string()) fault(fmt::format("{} holds what is not text", what));
                if (each.is_string()) list.emplace_back(each.get_string());
            }
            return list;
        }
        fault(fmt::format("{} is neither text nor a list of texts", what));
        return list;
    }

    /// "name", ["one","other"], 3, or an object with names, number and optional.
    ProfileColumn column(const json::value& value, std::string_view what) {
        ProfileColumn made;
        if (value.is_int64()) {
            made.number = static_cast<int>(std::clamp<std::int64_t>(value.get_int64(), 0, 99'999));
        } else if (const auto* object = value.if_object()) {
            if (const auto* names = object->if_contains("names")) made.names = texts(*names, what);
            made.number = number(*object, "number", 0, most_columns);
            if (const auto* may = object->if_contains("optional")) {
                made.optional = may->is_bool() && may->get_bool();
            }
        } else {
            made.names = texts(value, what);
        }
        for (std::string& name : made.names) name = std::string(trimmed(name));
        if (!made.is_set() || made.number > most_columns) {
            fault(fmt::format("the column {} has neither a name nor a number from 1 to {}", what,
                              most_columns));
        } else if (!profile_.has_names && made.number == 0) {
            fault(fmt::format("the column {} has no number, and the file has no names", what));
        }
        return made;
    }

    void read_columns(const json::object& whole) {
        const auto* value = whole.if_contains("columns");
        const auto* columns = value == nullptr ? nullptr : value->if_object();
        if (columns == nullptr) return fault("columns is not an object");
        for (const auto& member : *columns) {
            bool known = false;
            for (const NamedColumn& each : named_columns) {
                if (each.name != std::string_view(member.key())) continue;
                profile_.*each.column = column(member.value(), member.key());
                known = true;
            }
            if (!known) fault(fmt::format("{} is not a column of a profile", member.key()));
        }
    }

    void read_values(const json::object& whole) {
        const auto* value = whole.if_contains("values");
        const auto* values = value == nullptr ? nullptr : value->if_array();
        if (values == nullptr || values->empty()) return fault("values names no column");
        if (values->size() > 64) return fault("values has more than 64 columns");
        for (const auto& each : *values) {
            const auto* object = each.if_object();
            if (object == nullptr) return fault("one of values is not an object");
            ProfileValue& made = profile_.values.emplace_back();
            made.column = column(each, "value");
            if (const auto unit = text(*object, "unit"); !unit.empty()) made.unit = unit;
            if (const auto code = text(*object, "quantity"); !code.empty()) made.quantity = code;
            if (const auto* quality = object->if_contains("quality")) {
                made.quality = column(*quality, "quality");
            }
            if (!unit_factor(made.unit, 60)) {
                fault(
                    fmt::format("the unit {} is not one of Wh, kWh, MWh, VArh, kVArh, MVArh, W, "
                                "kW, MW, pulse",
                                shown(made.unit)));
            }
            if (!is_quantity(made.quantity)) {
                fault(fmt::format("the quantity {} is not of the form KWH", shown(made.quantity)));
            }
        }
        if (const auto* wide = whole.if_contains("wide")) {
            const auto* object = wide->if_object();
            if (object == nullptr) return fault("wide is not an object");
            profile_.wide_minutes = number(*object, "minutes", 1, 60);
        }
    }

    static bool is_quantity(std::string_view text) {
        return !text.empty() && text.size() <= 12 &&
               text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
                   std::string_view::npos;
    }

    void formats(const json::object& time, std::string_view key, std::vector<std::string>& place) {
        const auto* value = time.if_contains(key);
        if (value == nullptr) return;
        place = texts(*value, key);
        for (const std::string& each : place) {
            if (const std::string why = time_format_fault(each); !why.empty()) {
                fault(fmt::format("the time format {}: {}", shown(each), why));
            }
        }
    }

    void read_time(const json::object& whole) {
        const auto* value = whole.if_contains("time");
        const auto* time = value == nullptr ? nullptr : value->if_object();
        if (time == nullptr) return fault("time is not an object");
        formats(*time, "moment", profile_.moment_formats);
        formats(*time, "date", profile_.date_formats);
        formats(*time, "clock", profile_.time_formats);
        choose(*time, "label", labels, profile_.label);
        choose(*time, "autumn", autumns, profile_.autumn);
        profile_.minutes = number(*time, "minutes", 0, 60);
        if (profile_.minutes > 0 && 60 % profile_.minutes != 0) {
            fault(fmt::format("intervals of {} minutes do not divide the hour", profile_.minutes));
        }
        read_zone(text(*time, "zone"));
    }

    void read_zone(const std::string& zone) {
        if (zone.empty() || zone == "offset") {
            profile_.zone = ProfileZone::in_text;
        } else if (zone == "utc") {
            profile_.zone = ProfileZone::utc;
        } else if (zone == "local") {
            profile_.zone = ProfileZone::local;
        } else if (const auto offset = parse_zone_offset(zone)) {
            profile_.zone = ProfileZone::fixed;
            profile_.zone_offset = *offset;
        } else if (TimeZone::load(zone)) {
            profile_.zone = ProfileZone::named;
            profile_.zone_name = zone;
        } else {
            fault(
                fmt::format("the zone {} is none of utc, offset, local, +HH:MM and the names of "
                            "zones",
                            shown(zone)));
        }
    }

    /// Capitals and small letters are one word; what says two things of it says nothing.
    template <class Meaning>
    void put_once(std::vector<std::pair<std::string, Meaning>>& known, std::string_view key,
                  Meaning meaning, const char* what) {
        const std::string word = upper_case(key);
        for (const auto& [other, known_meaning] : known) {
            if (other == word) {
                return fault(fmt::format("the {} {} stands twice", what, shown(key)));
            }
        }
        known.emplace_back(word, std::move(meaning));
    }

    void read_codes(const json::object& whole) {
        if (const auto* value = whole.if_contains("quality")) {
            const auto* codes = value->if_object();
            if (codes == nullptr) return fault("quality is not an object");
            for (const auto& code : *codes) {
                const auto* letter = code.value().if_string();
                if (letter == nullptr || letter->size() != 1 ||
                    std::string_view("AEVM").find((*letter)[0]) == std::string_view::npos) {
                    return fault(
                        fmt::format("the quality {} is none of A, E, V and M", shown(code.key())));
                }
                put_once(profile_.qualities, code.key(), (*letter)[0], "quality");
            }
        }
        if (const auto* value = whole.if_contains("quantities")) {
            const auto* words = value->if_object();
            if (words == nullptr) return fault("quantities is not an object");
            for (const auto& word : *words) {
                const auto* code = word.value().if_string();
                if (code == nullptr || !is_quantity(std::string_view(*code))) {
                    return fault(fmt::format("the quantity {} has no name of the form KWH",
                                             shown(word.key())));
                }
                put_once(profile_.quantities, word.key(), std::string(*code), "quantity");
            }
        }
        if (const auto factor = text(whole, "factor"); !factor.empty()) {
            const auto read = parse_decimal(factor);
            if (!read || read->is_zero() || read->is_negative()) {
                return fault(fmt::format("factor is {}, not a number above zero", shown(factor)));
            }
            profile_.factor = *read;
        }
    }

    void judge() {
        if (!fault_.empty()) return;
        if (profile_.delimiter == profile_.decimal_mark) {
            return fault("the delimiter and the decimal mark are the same");
        }
        if (profile_.moment.is_set() == profile_.date.is_set()) {
            return fault("either moment or date names the column of the time, and not both");
        }
        if (profile_.moment.is_set() && profile_.moment_formats.empty()) {
            return fault("time has no format in moment");
        }
        if (profile_.date.is_set() && profile_.date_formats.empty()) {
            return fault("time has no format in date");
        }
        if (profile_.time.is_set() && profile_.time_formats.empty()) {
            return fault("time has no format in clock");
        }
        if (profile_.end_time.is_set() && !profile_.time.is_set()) {
            return fault("end_time needs the column time beside it");
        }
        const bool wide = profile_.wide_minutes > 0;
        if (wide && (60 % profile_.wide_minutes != 0 || profile_.values.size() != 1 ||
                     !profile_.date.is_set() || profile_.time.is_set() ||
                     profile_.kind == ReadKind::registers)) {
            return fault(
                "a wide layout has a date, one first column of values and minutes that divide "
                "the hour");
        }
        if (profile_.kind == ReadKind::intervals && !wide && profile_.date.is_set() &&
            !profile_.time.is_set()) {
            return fault("intervals need a time of day");
        }
        if (profile_.zone == ProfileZone::in_text && !profile_.moment.is_set()) {
            return fault("a zone of offset needs date and time in one column, moment");
        }
        if (profile_.kind == ReadKind::registers && profile_.multiplier.is_set()) {
            return fault("registers have no column multiplier; the meter has its own");
        }
    }

    ReadProfile& profile_;
    std::string fault_;
};

json::value column_json(const ProfileColumn& column) {
    json::object made;
    if (!column.names.empty()) {
        json::array names;
        for (const std::string& name : column.names) names.push_back(json::value(name));
        made["names"] = std::move(names);
    }
    if (column.number > 0) made["number"] = column.number;
    if (column.optional) made["optional"] = true;
    return made;
}

json::array list_json(const std::vector<std::string>& list) {
    json::array made;
    for (const std::string& each : list) made.push_back(json::value(each));
    return made;
}

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) {
    for (const auto& each : words) {
        if (each.value == value) return each.word;
    }
    return {};
}

std::string zone_word(const ReadProfile& profile) {
    switch (profile.zone) {
        case ProfileZone::utc: return "utc";
        case ProfileZone::in_text: return "offset";
        case ProfileZone::local: return "local";
        case ProfileZone::named: return profile.zone_name;
        case ProfileZone::fixed: break;
    }
    const int minutes = std::abs(profile.zone_offset) / 60;
    return fmt::format("{}{:02}:{:02}", profile.zone_offset < 0 ? '-' : '+', minutes / 60,
                       minutes % 60);
}

}  // namespace

Result<ReadProfile> parse_read_profile(std::string_view text, std::string_view name) {
    const auto malformed = [&](std::string why) {
        return Error(errors::profile_malformed, {{"profile", std::string(name)}, {"why", why}});
    };
    const auto parsed = parse_json(text, name);
    if (!parsed) return malformed(parsed.error().message());
    const auto* object = parsed->if_object();
    if (object == nullptr) return malformed("it is not an object");
    ReadProfile profile;
    std::string why = ProfileParser(profile).read(*object);
    if (!why.empty()) return malformed(std::move(why));
    return profile;
}

std::string profile_text(const ReadProfile& profile) {
    json::object whole{{"name", profile.name}};
    if (!profile.comment.empty()) whole["comment"] = profile.comment;
    whole["kind"] = word_of(kinds, profile.kind);
    whole["delimiter"] = std::string(1, profile.delimiter);
    whole["decimal_mark"] = std::string(1, profile.decimal_mark);
    whole["names"] = profile.has_names;
    if (profile.skipped_lines > 0) whole["skipped_lines"] = profile.skipped_lines;
    if (!profile.meter_line.empty()) whole["meter_line"] = profile.meter_line;
    json::object columns;
    for (const NamedColumn& each : named_columns) {
        const ProfileColumn& column = profile.*each.column;
        if (column.is_set()) columns[each.name] = column_json(column);
    }
    whole["columns"] = std::move(columns);
    json::array values;
    for (const ProfileValue& value : profile.values) {
        json::object made = column_json(value.column).as_object();
        made["quantity"] = value.quantity;
        made["unit"] = value.unit;
        if (value.quality.is_set()) made["quality"] = column_json(value.quality);
        values.push_back(std::move(made));
    }
    whole["values"] = std::move(values);
    if (profile.wide_minutes > 0) whole["wide"] = {{"minutes", profile.wide_minutes}};
    json::object time;
    if (!profile.moment_formats.empty()) time["moment"] = list_json(profile.moment_formats);
    if (!profile.date_formats.empty()) time["date"] = list_json(profile.date_formats);
    if (!profile.time_formats.empty()) time["clock"] = list_json(profile.time_formats);
    time["zone"] = zone_word(profile);
    time["label"] = word_of(labels, profile.label);
    time["autumn"] = word_of(autumns, profile.autumn);
    time["minutes"] = profile.minutes;
    whole["time"] = std::move(time);
    whole["blank"] = word_of(blanks, profile.blank);
    whole["factor"] = profile.factor.to_string();
    json::object qualities;
    for (const auto& [code, letter] : profile.qualities) qualities[code] = std::string(1, letter);
    whole["quality"] = std::move(qualities);
    json::object quantities;
    for (const auto& [word, code] : profile.quantities) quantities[word] = code;
    whole["quantities"] = std::move(quantities);
    return to_pretty_text(whole);
}

const ReadProfile& shipped_profile(std::string_view name) {
    static const std::map<std::string, ReadProfile, std::less<>> profiles = [] {
        std::map<std::string, ReadProfile, std::less<>> made;
        for (const EmbeddedFile& file : profiles::files()) {
            auto profile = parse_read_profile(file.text, file.name);
            WH_CHECK(profile.has_value(), profile.error().message());
            std::string key = profile->name;
            made.emplace(std::move(key), *std::move(profile));
        }
        return made;
    }();
    const auto found = profiles.find(name);
    WH_CHECK(found != profiles.end(), "no such shipped profile");
    return found->second;
}

std::optional<Decimal> unit_factor(std::string_view unit, int minutes) {
    struct Unit {
        std::string_view name;
        Decimal factor;
        bool power;
    };
    static const std::array units{
        Unit{"KWH", Decimal(1, 0), false},    Unit{"WH", Decimal(1, 3), false},
        Unit{"MWH", Decimal(1000, 0), false}, Unit{"KVARH", Decimal(1, 0), false},
        Unit{"VARH", Decimal(1, 3), false},   Unit{"MVARH", Decimal(1000, 0), false},
        Unit{"KW", Decimal(1, 0), true},      Unit{"W", Decimal(1, 3), true},
        Unit{"MW", Decimal(1000, 0), true},   Unit{"PULSE", Decimal(1, 0), false}};
    const std::string wanted = upper_case(trimmed(unit));
    for (const Unit& each : units) {
        if (each.name != wanted) continue;
        if (!each.power) return each.factor;
        // Average power over m minutes is m/60 of it as energy; twelfths have no end.
        if (minutes % 3 != 0) return std::nullopt;
        return Decimal(each.factor.units() * (minutes * 10'000 / 60), each.factor.scale() + 4);
    }
    return std::nullopt;
}

}  // namespace watthour::formats
