// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "finding.hpp"
#include "tree.hpp"

#include <string>
#include <vector>

namespace watthour::tidy {

// Each check adds what it finds; none stops at the first.
void check_room_arrows(const Tree& tree, Findings& findings);     ///< room-arrow
void check_listed_files(const Tree& tree, Findings& findings);    ///< unlisted-file
void check_file_sizes(const Tree& tree, Findings& findings);      ///< file-size
void check_function_sizes(const Tree& tree, Findings& findings);  ///< function-size
void check_names(const Tree& tree, Findings& findings);           ///< banned-name
void check_doubles(const Tree& tree, Findings& findings);         ///< double-in-money
void check_sql_place(const Tree& tree, Findings& findings);       ///< sql-outside-storage
void check_sql_movable(const Tree& tree, Findings& findings);     ///< movable-sql
void check_leftovers(const Tree& tree, Findings& findings);       ///< leftover
void check_spdx(const Tree& tree, Findings& findings);            ///< spdx
void check_machine_paths(const Tree& tree, Findings& findings);   ///< machine-path
void check_capabilities(const Tree& tree, Findings& findings);    ///< capability

/// Every check above, sorted.
[[nodiscard]] Findings check_all(const Tree& tree);

/// What docs/capabilities.md must say, and the count behind it.
struct CapabilityPage {
    std::string text;
    std::size_t covered = 0;
    std::vector<std::string> uncovered;  ///< ids
};
[[nodiscard]] CapabilityPage capability_page(const Tree& tree);

/// `Source:` ids in src that no list knows, and ids of docs/sources.md that nothing names.
struct SourceReport {
    Findings unknown;
    std::vector<std::string> unused;
};
[[nodiscard]] SourceReport report_sources(const Tree& tree);

}  // namespace watthour::tidy
