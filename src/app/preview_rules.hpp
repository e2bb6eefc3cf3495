// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

struct RulesPreviewRequest {
    std::string rules_text;  ///< as tariffs/valdoro/vee.yaml
    std::string rules_name;  ///< for messages
    int months = 24;         ///< back from the business date
};

/// How often a check spoke, how often it was right, and what it costs that somebody looks.
struct CheckHits {
    std::int64_t hits = 0;
    std::int64_t confirmed = 0;  ///< of those, whose reads were changed afterwards
    std::int64_t alerts = 0;     ///< hits that are put before a person
    std::int64_t alerts_confirmed = 0;
    std::int64_t closed = 0;          ///< hits that the rule closes by itself
    std::int64_t closed_wrongly = 0;  ///< of those, whose reads were changed afterwards
    std::int64_t sampled = 0;         ///< alerts that it leaves to a person, as a sample
    /// Of the alerts, by the minutes and the wage of the policy: those that were right are
    /// estimated, the others accepted.
    Money cost;

    /// "87.5%", or "-" without a hit.
    [[nodiscard]] std::string precision() const;
    /// Nothing without an alert, or where nobody said what work costs. To the cent, half away.
    [[nodiscard]] std::optional<Money> cost_per_alert() const;
    [[nodiscard]] std::optional<Money> cost_per_error() const;
};

struct CheckPreview {
    tariff::VeeCheck check{};
    CheckHits now;
    CheckHits proposed;
};

/// A bound up to which a check of the proposed rules was never right in the past: it may close its
/// findings by itself so far (`close`), and enough of them lay below to say so.
struct SafeClose {
    tariff::VeeCheck check{};
    Energy most;  ///< the largest stake below the smallest that was right
    Money worth;
    std::int64_t alerts = 0;  ///< that would have been spared
};

/// What rules would have found, and what of it was right.
struct RulesPreview {
    DateRange days;
    std::int64_t channels = 0;
    std::int64_t channel_days = 0;
    std::vector<CheckPreview> rows;  ///< one for each check, in order
    /// Checks of the proposed rules that ask for a person and were never right in at least
    /// `hits_that_tell` hits: they may close by themselves (verdict `note`).
    std::vector<tariff::VeeCheck> may_close;
    std::vector<SafeClose> safe_close;
    static constexpr std::int64_t hits_that_tell = 30;
};

/// Checks the stored reads of the last months, as they were first received, by the rules in force
/// and by others. A finding counts as confirmed when a value inside it was changed later by a
/// file, a rule or a person. Changes nothing.
/// Errors: tariff.* of the text.
[[nodiscard]] Result<RulesPreview> preview_rules(Office& office,
                                                 const RulesPreviewRequest& request);

}  // namespace watthour::app
