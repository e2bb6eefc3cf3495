// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <array>
#include <string>
#include <vector>

namespace watthour::app {

struct RulesPreviewRequest {
    std::string rules_text;  ///< as tariffs/valdoro/vee.yaml
    std::string rules_name;  ///< for messages
    int months = 24;         ///< back from the business date
};

/// How often a check spoke, and how often it was right.
struct CheckHits {
    std::int64_t hits = 0;
    std::int64_t confirmed = 0;  ///< of those, whose reads were changed afterwards

    /// "87.5%", or "-" without a hit.
    [[nodiscard]] std::string precision() const;
};

struct CheckPreview {
    tariff::VeeCheck check{};
    CheckHits now;
    CheckHits proposed;
};

/// A rule that can be trusted to close its findings by itself: all of its hits were left as they
/// were, and there were enough to say so.
struct RulesPreview {
    DateRange days;
    std::int64_t channels = 0;
    std::int64_t channel_days = 0;
    std::vector<CheckPreview> rows;  ///< one for each check, in order
    /// Checks of the proposed rules that ask for a person and were never right in at least
    /// `hits_that_tell` hits: they may close by themselves (verdict `note`).
    std::vector<tariff::VeeCheck> may_close;
    static constexpr std::int64_t hits_that_tell = 30;
};

/// Checks the stored reads of the last months, as they were first received, by the rules in force
/// and by others. A finding counts as confirmed when a value inside it was changed later by a
/// file, a rule or a person. Changes nothing.
/// Errors: tariff.* of the text.
[[nodiscard]] Result<RulesPreview> preview_rules(Office& office,
                                                 const RulesPreviewRequest& request);

}  // namespace watthour::app
