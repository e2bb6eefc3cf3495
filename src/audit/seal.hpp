// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::audit {

/// One table's rows that were recorded on one business day, as a SHA-256 over them in the order of
/// their key. Seals stand in a chain in the order of day and table.
struct Seal {
    Date day;
    std::string table;
    std::string columns;  ///< those the digest was taken over: "account_id,amount_minor"
    std::int64_t rows = 0;
    std::string sha256;
    std::string head;  ///< SHA-256 over the head before and all of the above
};

/// Where a chain begins.
inline constexpr std::string_view first_head =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// The head of a seal that follows another.
[[nodiscard]] std::string chained(std::string_view head_before, const Seal& seal);

/// A line of the anchor file: what the chain was at the end of a day. Whoever keeps the file where
/// the database's masters cannot write proves with it that the chain was not written anew.
struct Anchor {
    Date day;
    std::int64_t seals = 0;  ///< of that day and all before
    std::string head;
    friend bool operator==(const Anchor&, const Anchor&) = default;
};

[[nodiscard]] std::string to_line(const Anchor& anchor);
/// The lines of an anchor file. Errors: audit.anchor_malformed.
[[nodiscard]] Result<std::vector<Anchor>> read_anchors(const std::string& text,
                                                       const std::string& path);

/// What breaks a chain: heads that do not follow, anchors that it does not meet. Empty when whole.
[[nodiscard]] std::vector<std::string> broken_links(const std::vector<Seal>& chain,
                                                    const std::vector<Anchor>& anchors);

}  // namespace watthour::audit
