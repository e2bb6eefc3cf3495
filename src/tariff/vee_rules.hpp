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
};

inline constexpr std::size_t vee_check_count = 13;
inline constexpr std::array<VeeCheck, vee_check_count> vee_checks = {
    VeeCheck::gap,      VeeCheck::not_billable, VeeCheck::received,
    VeeCheck::capacity, VeeCheck::spike,        VeeCheck::zeros,
    VeeCheck::constant, VeeCheck::high_low_use, VeeCheck::high_low_demand,
    VeeCheck::reactive, VeeCheck::sum,          VeeCheck::tou_sum,
    VeeCheck::inactive};

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

/// The limits of one group of channels. A check uses those that its rule names.
struct VeeLimits {
    std::array<VeeVerdict, vee_check_count> verdicts{};

    int spike_percent = 0;     ///< (highest - third highest) / third highest
    Energy spike_min;          ///< a highest interval below is no spike
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
};

/// Reads rules that stand alone, to be tried before they are adopted.
/// Errors: as load_catalogue.
[[nodiscard]] Result<VeeRules> load_vee_rules(const std::string& name, const std::string& text);

}  // namespace watthour::tariff
