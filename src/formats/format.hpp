// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/problem.hpp"
#include "formats/read_profile.hpp"

#include <span>
#include <string>
#include <string_view>

namespace watthour::formats {

/// What a look at one outside file found: its form and its own totals, never plausibility.
struct FormatCheck {
    std::string format;
    bool ok = false;
    Problems problems;
    Problems notes;       ///< findings that do not make the file bad
    json::object totals;  ///< counts as numbers, money and quantities as decimal text
};

/// One outside format by the name that commands use.
struct Format {
    std::string_view name;   ///< "cmep", "handheld", "lockbox", "nacha"
    std::string_view title;  ///< for help
    bool money = false;      ///< true: a file with any problem is refused whole
    FormatCheck (*check)(std::string_view bytes) = nullptr;
    /// The records as JSON; bank account numbers as "***1234".
    json::value (*read)(std::string_view bytes) = nullptr;
    /// A text file whose columns a profile tells; `check` and `read` go by the shipped one.
    bool by_profile = false;
};

/// The same by a profile of the site's own. Local times are shown by the profile's zone; where it
/// says "local", as if the clock were that of UTC.
[[nodiscard]] FormatCheck check_by_profile(std::string_view format, std::string_view bytes,
                                           const ReadProfile& profile);
[[nodiscard]] json::value read_json_by_profile(std::string_view bytes, const ReadProfile& profile);

/// Every format, by name.
[[nodiscard]] std::span<const Format> all_formats();
/// Nothing when there is no such format.
[[nodiscard]] const Format* find_format(std::string_view name);
/// "cmep, handheld, lockbox, nacha"
[[nodiscard]] std::string format_names();

/// {"file","format","ok","problems":[{"line","field","rule","message","remedy"}],"notes", totals}.
[[nodiscard]] json::object to_json(const FormatCheck& check, std::string_view file_name);
[[nodiscard]] json::array to_json(const Problems& problems);

}  // namespace watthour::formats
