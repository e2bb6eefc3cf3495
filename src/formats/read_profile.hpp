// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::formats {

enum class ReadKind { intervals, registers };

/// By which clock the times of a file go.
enum class ProfileZone {
    utc,
    in_text,  ///< each time carries its offset
    local,    ///< the utility's zone
    named,    ///< ReadProfile::zone_name
    fixed,    ///< ReadProfile::zone_offset all year
};

/// Which moment of an interval its time names.
enum class TimeLabel {
    start,
    end,              ///< what the clock shows when it ends
    start_plus_step,  ///< the start plus the interval: "hour ending", which no clock change touches
};

/// How local time writes the hour that comes twice in autumn.
enum class AutumnHour {
    doubled,  ///< each label twice, the earlier first
    lost,     ///< once; it is the first pass, and the second is not in the file
};

enum class BlankValue { missing, skipped, refused };

/// A column by one of its names in the line of names, or by its number from 1.
struct ProfileColumn {
    std::vector<std::string> names;
    int number = 0;
    bool optional = false;

    [[nodiscard]] bool is_set() const { return number > 0 || !names.empty(); }
    friend bool operator==(const ProfileColumn&, const ProfileColumn&) = default;
};

/// One column of values, or the first of a wide layout.
struct ProfileValue {
    ProfileColumn column;
    std::string quantity = "KWH";  ///< as CMEP writes it: GKWH received, KVARH reactive
    std::string unit = "kWh";      ///< Wh, kWh, MWh, VArh, kVArh, MVArh, W, kW, MW or pulse
    ProfileColumn quality;         ///< where each value has a code of its own
    friend bool operator==(const ProfileValue&, const ProfileValue&) = default;
};

/// How a text file of reads is to be read: data, so that a site with other columns needs no code.
struct ReadProfile {
    std::string name;
    std::string comment;
    ReadKind kind = ReadKind::intervals;
    char delimiter = ',';
    char decimal_mark = '.';
    bool has_names = true;   ///< a line of names stands before the rows, maybe behind others
    int skipped_lines = 0;   ///< without names: lines before the rows
    std::string meter_line;  ///< first word of a line that names the meter of the rows after it

    ProfileColumn meter;
    ProfileColumn moment;  ///< date and time in one
    ProfileColumn date;
    ProfileColumn time;
    ProfileColumn end_time;  ///< of the interval that `time` begins: 00:59 or 01:00
    ProfileColumn quantity;
    ProfileColumn unit;
    ProfileColumn quality;
    ProfileColumn multiplier;
    std::vector<ProfileValue> values;
    int wide_minutes = 0;  ///< a row is a day, in columns of so many minutes; 0 = a row is a time

    /// "ISO", or YYYY YY MM M DD D HH H h mm ss AM with other characters as they stand.
    std::vector<std::string> moment_formats;
    std::vector<std::string> date_formats;
    std::vector<std::string> time_formats;
    ProfileZone zone = ProfileZone::in_text;
    std::string zone_name;
    int zone_offset = 0;  ///< seconds east of UTC
    TimeLabel label = TimeLabel::start;
    AutumnHour autumn = AutumnHour::doubled;
    int minutes = 0;  ///< of an interval; 0 = from the data

    BlankValue blank = BlankValue::missing;
    Decimal factor{1, 0};  ///< of every value, beside its unit and its multiplier
    /// Codes in upper case; the letters are A actual, E estimated, V verified, M missing.
    std::vector<std::pair<std::string, char>> qualities;
    /// Words of the quantity column in upper case, and what CMEP calls them.
    std::vector<std::pair<std::string, std::string>> quantities;

    friend bool operator==(const ReadProfile&, const ReadProfile&) = default;
};

/// Errors: formats.profile_malformed with the member that is wrong.
[[nodiscard]] Result<ReadProfile> parse_read_profile(std::string_view text, std::string_view name);

/// The text of a profile; parse_read_profile reads it back equal.
[[nodiscard]] std::string profile_text(const ReadProfile& profile);

/// A profile that the binary holds: "csv-intervals", "csv-registers", "green-button-csv", "mv90".
[[nodiscard]] const ReadProfile& shipped_profile(std::string_view name);

/// What a value of this unit is multiplied with to be kWh, kVArh or pulses; of power, over an
/// interval of `minutes`. Nothing for a unit that is none, and for power without exact energy.
[[nodiscard]] std::optional<Decimal> unit_factor(std::string_view unit, int minutes);

}  // namespace watthour::formats
