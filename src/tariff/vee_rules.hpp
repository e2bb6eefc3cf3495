// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// The checks of interval reads, in the order in which they are made; names and numbers as in
/// docs/rules.tsv.
enum class VeeCheck : std::uint8_t {
    gap,              ///< R1.23
    not_billable,     ///< R1.21, R1.24, R1.25: clock off, test mode, overflow
    received,         ///< R1.33
    capacity,         ///< R1.30, against the rating of panel or transformer
    spike,            ///< R1.28
    zeros,            ///< R1.32
    constant,         ///< R1.32
    high_low_use,     ///< R1.29
    high_low_demand,  ///< R1.30
    reactive,         ///< R1.31
    sum,              ///< R1.27
    tou_sum,          ///< R1.36
    inactive,         ///< R1.35
    record,           ///< R1.22: multiplier and interval length as recorded
    collector_clock,  ///< R1.20, of a file
    tou_use,          ///< R1.36, each part within its own limits
};

inline constexpr std::size_t vee_check_count = 16;
inline constexpr std::array<VeeCheck, vee_check_count> vee_checks = {
    VeeCheck::gap,      VeeCheck::not_billable, VeeCheck::received,
    VeeCheck::capacity, VeeCheck::spike,        VeeCheck::zeros,
    VeeCheck::constant, VeeCheck::high_low_use, VeeCheck::high_low_demand,
    VeeCheck::reactive, VeeCheck::sum,          VeeCheck::tou_sum,
    VeeCheck::inactive, VeeCheck::record,       VeeCheck::collector_clock,
    VeeCheck::tou_use};

/// "spike"; the word of policy files, work items and the API.
[[nodiscard]] std::string_view vee_check_name(VeeCheck check);
/// "R1.28".
[[nodiscard]] std::string_view vee_check_rule(VeeCheck check);
[[nodiscard]] std::optional<VeeCheck> vee_check_of(std::string_view name);

/// What a finding means for the reads.
enum class VeeVerdict : std::uint8_t {
    off,       ///< not checked
    note,      ///< counted, no work item: a finding that closes by itself
    review,    ///< a person looks; the reads stay billable
    estimate,  ///< the reads are not billable and are estimated by rule
    fail,      ///< the reads are not billable until a person decides
};

[[nodiscard]] std::string_view vee_verdict_name(VeeVerdict verdict);

/// What a person does about a finding.
enum class VeeDecision : std::uint8_t { accept, estimate, reread, visit, hold };
inline constexpr std::size_t vee_decision_count = 5;
[[nodiscard]] std::string_view vee_decision_name(VeeDecision decision);
[[nodiscard]] std::optional<VeeDecision> vee_decision_of(std::string_view name);

/// Findings that a rule closes by itself: what is at stake is no more than both bounds, and one in
/// so many is left open, so that a person sees whether the rule is right. Source: R1.46.
struct AutoClose {
    Energy most;               ///< kWh at stake; zero = nothing is closed
    Money most_dollars;        ///< their worth
    int sample_percent = 100;  ///< of those that could be closed, left to a person

    [[nodiscard]] bool is_on() const { return most > Energy(); }
};

/// The limits of one group of channels. A check uses those that its rule names.
struct VeeLimits {
    std::array<VeeVerdict, vee_check_count> verdicts{};
    std::array<AutoClose, vee_check_count> close{};

    int spike_percent = 0;     ///< (highest - third highest) / third highest
    Energy spike_min;          ///< a highest interval below is no spike
    int pattern_days = 0;      ///< R1.28: so long a peak that a person verified excuses others
    int pattern_percent = 0;   ///< of it, at the same clock time
    int capacity_percent = 0;  ///< of the rating
    int zero_hours = 0;        ///< a run this long is found
    int constant_hours = 0;
    int high_percent = 0;  ///< of the reference use per day
    int low_percent = 0;
    int use_days = 0;          ///< days that are compared with the reference
    Energy use_min;            ///< per day; no finding where own use and reference lie below
    int demand_percent = 0;    ///< of the highest interval of the reference
    Energy demand_min;         ///< an interval below is not high
    int reactive_percent = 0;  ///< of the kWh of the day
    Energy reactive_min;       ///< kWh of a day below are no load
    Decimal sum_percent;       ///< of the register's difference
    int sum_resolutions = 0;   ///< smallest steps of the register that are tolerated
    Energy inactive_min;
    int collector_seconds = 0;  ///< R1.20: a clock this far off is right
    int tou_high_percent = 0;   ///< of the same part of the day in the period before
    int tou_low_percent = 0;
    Energy tou_min;  ///< per day; no finding where own use and reference lie below

    Decimal worth_a_kwh;  ///< dollars; what a finding puts at stake

    int interpolate_minutes = 0;  ///< longest gap that a straight line fills (R1.40)
    int reference_days = 0;       ///< R1.41
    int lookback_weeks = 0;
    int profile_days = 0;      ///< R1.43
    int wait_days = 0;         ///< days that a silent meter is waited for before estimating
    int order_after_days = 0;  ///< estimated days in a row that ask for a field order

    [[nodiscard]] VeeVerdict verdict(VeeCheck check) const {
        return verdicts[static_cast<std::size_t>(check)];
    }
    /// What energy is worth when it is at stake, rounded half away from zero; never negative.
    [[nodiscard]] Money worth_of(std::int64_t wh) const;
};

/// What a finding costs: minutes of somebody's work, by check and what is decided.
struct VeeWork {
    Money wage_an_hour;  ///< zero: nobody said
    std::array<std::array<int, vee_decision_count>, vee_check_count> minutes{};

    /// Of so many findings of a check that end with a decision, rounded half away from zero.
    [[nodiscard]] Money cost(VeeCheck check, VeeDecision decision, std::int64_t findings) const;
};

/// Who the limits are for. An empty list fits all; the first group that fits counts.
struct VeeGroup {
    std::string name;
    std::vector<std::string> classes;  ///< "residential", "commercial"
    std::vector<std::string> schedules;
    std::vector<std::string> quantities;  ///< "KWH", "GKWH"
    std::vector<int> minutes;
    VeeLimits limits;
};

struct VeeVersion {
    Date effective;
    /// A bill whose reads changed afterwards is left alone below both. Source: R1.44.
    int rebill_over_percent = 0;
    Money rebill_over;
    /// Days that a finding rests while a meter is asked again, or visited.
    int reread_days = 0;
    int visit_days = 0;
    VeeWork work;
    std::vector<VeeGroup> groups;
};

/// A dated exception for one meter: irregular use (R1.37), a known rating, a check that is off.
struct VeeOverride {
    std::string meter;
    DateRange days;
    bool irregular = false;  ///< spike and high or low use are not checked
    std::int64_t capacity_watts = 0;
    std::vector<VeeCheck> off;
    std::string why;
    std::optional<Date> reviewed{};  ///< when somebody last looked whether it still holds

    /// R1.37: the day on which it must be looked at again, a year after the last time.
    [[nodiscard]] Date review_due() const;
};

/// How the customers of a class use a day, as shares of their average day. Source: R1.43.
struct ClassProfile {
    std::string rate_class;
    Date effective;
    std::string source;  ///< what it was made from
    /// By month, then weekday, Saturday, Sunday or holiday, then hour: thousandths of the use of
    /// an average day. A row of zeros is not known.
    using Hours = std::array<int, 24>;
    std::array<std::array<Hours, 3>, 12> per_mille{};

    /// Wh of an interval of a customer who uses so much on an average day, rounded half away from
    /// zero; nothing where the row is not known. Units: month 1 to 12, minutes since midnight.
    [[nodiscard]] std::optional<std::int64_t> wh_of(int month, int day_type, int minute_of_day,
                                                    int minutes, std::int64_t use_a_day_wh) const;
};

/// Facts by which a channel finds its group.
struct VeeSubject {
    std::string rate_class;
    std::string schedule;
    std::string quantity;
    int minutes = 0;
};

/// All of a utility's rules for validating and estimating reads.
struct VeeRules {
    std::vector<VeeVersion> versions;  ///< rising by date
    std::vector<VeeOverride> overrides;
    std::vector<ClassProfile> profiles;  ///< rising by date

    /// Null before the first version.
    [[nodiscard]] const VeeVersion* version_on(Date date) const;
    /// The worth of energy by the first group in force; nothing before the first version.
    [[nodiscard]] Money worth_on(Date date, std::int64_t wh) const;
    /// Days of history that the checks and estimates of any group look back on.
    [[nodiscard]] int history_days() const;
    /// Null when no version is in force or no group fits: the channel is then not validated.
    [[nodiscard]] const VeeGroup* group_for(const VeeSubject& subject, Date date) const;
    /// The override of a meter on a day, or null.
    [[nodiscard]] const VeeOverride* override_for(std::string_view meter, Date date) const;
    /// The profile of a class in force on a day, or null.
    [[nodiscard]] const ClassProfile* profile_of(std::string_view rate_class, Date date) const;
};

/// Reads rules that stand alone, to be tried before they are adopted.
/// Errors: as load_catalogue.
[[nodiscard]] Result<VeeRules> load_vee_rules(const std::string& name, const std::string& text);

}  // namespace watthour::tariff
