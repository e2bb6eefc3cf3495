// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/channel_window.hpp"
#include "vee/estimate.hpp"
#include "vee/validate.hpp"

#include <array>
#include <string>
#include <vector>

namespace watthour::app {

struct ValidationRequest {
    Date until;                       ///< all days before are validated
    std::vector<std::string> meters;  ///< none: all
    std::optional<Date> on{};         ///< the day of the work; else the business date
    bool dry_run = false;
    const tariff::VeeRules* rules = nullptr;  ///< null: those in force
};

/// A finding with the channel it was made on.
struct ChannelFinding {
    std::string serial;
    std::string quantity;
    std::string group;
    vee::Finding finding;
    Instant from;
    Instant until;
    std::int64_t account = 0;
};

/// What validating did, or would do.
struct ValidationOutcome {
    std::int64_t channels = 0;
    std::int64_t channel_days = 0;
    std::int64_t without_rules = 0;  ///< channels that no group fits
    std::array<std::int64_t, tariff::vee_check_count> found{};
    std::int64_t closed = 0;         ///< findings that their rule has closed
    std::int64_t sampled = 0;        ///< those that it left to a person, as a sample
    std::int64_t taken_out = 0;      ///< intervals that wait for a person
    std::int64_t estimated = 0;      ///< intervals
    std::int64_t not_estimated = 0;  ///< there was nothing to estimate them from
    std::int64_t waiting = 0;        ///< channels whose last days have not come
    std::int64_t work_items = 0;
    std::vector<ChannelFinding> findings;  ///< those that ask for a person, in order of meter
};

/// Checks the intervals of every channel from where the last validation ended, takes out what
/// fails, estimates what is missing, and opens a work item for what a person must decide. A day
/// whose reads have not come waits as long as the policy says. What changed an interval stands in
/// interval_corrections. Done again it does nothing: the same reads give the same findings.
///
/// In transactions of some hundred channels, so that it can be stopped and go on.
/// Errors: access.not_allowed.
[[nodiscard]] Result<ValidationOutcome> validate_reads(Office& office,
                                                       const ValidationRequest& request);

/// What the correction of an estimated interval says: the method, and of a profile which one.
[[nodiscard]] std::string how_estimated(const vee::EstimatedInterval& one,
                                        const tariff::ClassProfile* profile);

/// Whether a finding that its rule could close is left to a person: so many percent of all, always
/// the same ones.
[[nodiscard]] bool is_sample(worklist::WorkItemId item, int percent);

/// The work item of a finding, without its words.
[[nodiscard]] worklist::WorkItem finding_item(const ChannelFinding& found, Money at_stake, Date on);

/// A finding in words: the facts that disagree, and what to do next.
struct FindingWords {
    std::string evidence;
    std::string next_step;
};
[[nodiscard]] FindingWords in_words(const Office& office, const ChannelFinding& found, int minutes);

/// Subject of the work item of a finding, and back.
struct FindingSubject {
    std::string serial;
    std::string quantity;
    tariff::VeeCheck check{};
    Instant from;
    Instant until;
};
[[nodiscard]] std::string to_subject(const FindingSubject& subject);
[[nodiscard]] std::optional<FindingSubject> finding_subject(const worklist::WorkItem& item);

}  // namespace watthour::app
