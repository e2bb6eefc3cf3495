// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/permission.hpp"
#include "app/office.hpp"
#include "base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::app {

enum class ParameterType { text, date, whole };

/// A typed parameter. A date that is left out is the business date.
struct JobParameter {
    std::string_view name;
    ParameterType type = ParameterType::text;
    bool required = true;
};

/// What a job still does to those that come after it when it cannot end: some of its units are
/// parked, or somebody has stopped it.
enum class WhenStuck : std::uint8_t {
    holds,    ///< they wait until it is put right or given up
    lets_go,  ///< they begin without it
};

/// A kind of job that must have ended, for the same date, before another kind begins.
struct ComesAfter {
    std::string_view kind;
    WhenStuck when_stuck = WhenStuck::holds;
};

/// What a kind of job does. Units have their effects exactly once by the keys of what they write,
/// so that any of these may be called again.
struct JobKind {
    std::string_view name;
    std::string_view meaning;
    const access::Permission* permission;
    std::vector<JobParameter> parameters;
    /// Divides the work; no unit where there is nothing to do.
    Result<std::vector<json::object>> (*plan)(Office&, const json::object& parameters);
    Result<json::object> (*run)(Office&, const json::object& parameters, const json::object& unit);
    /// When all units are done: what follows, and the result of the whole.
    Result<json::object> (*finish)(Office&, const jobs::Job& job, const json::object& parameters,
                                   const std::vector<json::object>& results);
    std::string_view dated_by{};  ///< the parameter that holds its date; empty: it has none
    std::vector<ComesAfter> after{};
};

[[nodiscard]] const std::vector<JobKind>& job_kinds();
/// Errors: jobs.kind_unknown.
[[nodiscard]] Result<const JobKind*> find_job_kind(const std::string& name);
/// Checked, defaults filled in, in the order of the kind: the same request gives the same text.
/// Errors: jobs.parameter_missing, parameter_unknown, parameter_malformed.
[[nodiscard]] Result<json::object> check_parameters(const Office& office, const JobKind& kind,
                                                    const json::object& given);

}  // namespace watthour::app
