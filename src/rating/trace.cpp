// SPDX-License-Identifier: Apache-2.0
#include "rating/trace.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "rating/errors.hpp"

namespace watthour::rating {

namespace {

struct RuleName {
    std::string_view name;
    std::size_t numbers;
};

constexpr std::array<RuleName, 24> rules{{
    {"month_factor", 6},   {"days_share", 2},   {"kwh_by_days", 5},
    {"interval_sum", 1},   {"tier_limit", 6},   {"tier_block", 4},
    {"billing_demand", 5}, {"product", 5},      {"percent_of", 5},
    {"active_days", 2},    {"minimum", 3},      {"version_day", 1},
    {"yearly_cap", 4},     {"fee", 1},          {"late_fee", 4},
    {"limit", 5},          {"hourly_sum", 2},   {"measured_demand", 2},
    {"demand_block", 4},   {"power_factor", 5}, {"bank_deposit", 3},
    {"bank_applied", 3},   {"bank_paid", 1},    {"accrual", 3},
}};

const RuleName& name_of(TraceRule rule) { return rules[static_cast<std::size_t>(rule)]; }

}  // namespace

TraceStep::TraceStep(TraceRule rule, std::span<const Decimal> numbers) : rule_(rule) {
    WH_CHECK(numbers.size() == name_of(rule).numbers, "numbers of a step do not fit its rule");
    for (const Decimal& number : numbers) numbers_[count_++] = number;
}

const Decimal& TraceStep::at(std::size_t index) const {
    WH_CHECK(index < count_, "a step has fewer numbers");
    return numbers_[index];
}

std::string TraceStep::to_record() const {
    std::string text(name_of(rule_).name);
    for (std::size_t i = 0; i < count_; ++i) text += " " + numbers_[i].to_string();
    return text;
}

Result<TraceStep> TraceStep::from_record(std::string_view text) {
    const std::vector<std::string_view> parts = split_text(text, ' ');
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (rules[i].name != parts.front() || parts.size() != rules[i].numbers + 1) continue;
        TraceStep step;
        step.rule_ = static_cast<TraceRule>(i);
        for (std::size_t part = 1; part < parts.size(); ++part) {
            TRY(step.numbers_[step.count_], Decimal::parse(parts[part]));
            ++step.count_;
        }
        return step;
    }
    return Error(errors::trace_malformed, {{"text", std::string(text)}});
}

std::string_view to_string(TraceRule rule) { return name_of(rule).name; }

}  // namespace watthour::rating
