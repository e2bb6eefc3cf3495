// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/import_file.hpp"
#include "app/office.hpp"
#include "formats/guess_format.hpp"
#include "formats/guess_profile.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::app {

/// What a file was taken for, before anybody has said anything of it.
struct FileLook {
    formats::FormatGuess format;
    std::string encoding;
    formats::ProfileGuess columns;  ///< of a text file of reads
    bool is_text_of_reads = false;
    /// Mappings that were remembered for a file of this header, the newest first.
    std::vector<worklist::SavedProfile> remembered;
    std::string profile;             ///< text of the mapping that is proposed; "" where none is
    std::int64_t returned_rows = 0;  ///< of an error file, in what was looked at
    std::int64_t returned_from = 0;  ///< the file that they came from
};

/// Looks at the beginning of a file: encoding, format, columns; by name, by content and by memory.
/// Nothing is kept.
[[nodiscard]] FileLook look_at_file(Office& office, std::string_view bytes);
[[nodiscard]] json::object to_json(const FileLook& look);

/// A mapping that is to be remembered, or the next version of one that is.
struct ProfileEntry {
    std::string name;
    std::string format;       ///< "" = csv-intervals or csv-registers, by what it says
    std::string profile;      ///< text of the mapping
    std::string fingerprint;  ///< "" = that of the version before
    std::string why;
    bool dry_run = false;
};

/// Remembers a mapping. The same text again is the same version.
/// Errors: app.profile_name_wrong, formats.profile_malformed, app.format_without_profile.
[[nodiscard]] Result<worklist::SavedProfile> save_profile(Office& office,
                                                          const ProfileEntry& entry);
/// It is not proposed any more and cannot be named; files that came by it keep it.
/// Errors: app.profile_unknown, app.profile_retired.
[[nodiscard]] Result<worklist::SavedProfile> retire_profile(Office& office, const std::string& name,
                                                            const std::string& why, bool dry_run);

/// The last version of each mapping, by name; those that were retired too where they are wanted.
[[nodiscard]] std::vector<worklist::SavedProfile> all_profiles(Office& office, bool retired);
/// Every version, the last first. Errors: app.profile_unknown.
[[nodiscard]] Result<std::vector<worklist::SavedProfile>> profile_versions(Office& office,
                                                                           const std::string& name);
/// The last version of a mapping. Errors: app.profile_unknown, app.profile_retired.
[[nodiscard]] Result<worklist::SavedProfile> remembered_profile(Office& office,
                                                                const std::string& name);
/// Active mappings of a fingerprint, the one remembered last first.
[[nodiscard]] std::vector<worklist::SavedProfile> profiles_like(Office& office,
                                                                const std::string& fingerprint);
[[nodiscard]] json::object to_json(const worklist::SavedProfile& profile);

}  // namespace watthour::app
