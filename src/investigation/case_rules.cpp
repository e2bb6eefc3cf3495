// SPDX-License-Identifier: Apache-2.0
#include "investigation/case_rules.hpp"

#include "investigation/errors.hpp"

#include <algorithm>
#include <array>

namespace watthour::investigation {
namespace {

using enum CaseKind;

struct KindRow {
    CaseKind kind;
    std::string_view text;
    std::vector<CaseStep> steps;
};

const std::array<KindRow, 7>& kinds() {
    static const std::array<KindRow, 7> all = {{
        {high_bill,
         "high_bill",
         {{"reads_and_multiplier", ""},
          {"estimated_or_true_up", ""},
          {"days_in_period", ""},
          {"price_or_season", ""},
          {"discount_lost", ""},
          {"weather", ""},
          {"intervals_and_night_load", ""},
          {"on_demand_read", ""},
          {"field_read", "re_read"},
          {"meter_test", "meter_test"}}},
        {zero_usage,
         "zero_usage",
         {{"reads_and_multiplier", ""},
          {"occupancy", ""},
          {"intervals_and_events", ""},
          {"check_for_load", "check_for_load"},
          {"meter_test", "meter_test"}}},
        {non_registration,
         "non_registration",
         {{"reads_and_multiplier", ""},
          {"use_before", ""},
          {"intervals_and_events", ""},
          {"check_for_load", "check_for_load"},
          {"meter_test", "meter_test"}}},
        {tampering,
         "tampering",
         {{"events_and_use", ""},
          {"preserve_evidence", "tamper"},
          {"customer_answer", ""},
          {"first_day", ""}}},
        {crossed_meters,
         "crossed_meters",
         {{"neighbours", ""},
          {"meter_numbers", "locate"},
          {"load_test", "locate"},
          {"first_day", ""}}},
        {inactive_use,
         "inactive_use",
         {{"reads_and_multiplier", ""},
          {"letter_to_premises", ""},
          {"owner", ""},
          {"site_visit", "check_for_load"}}},
        {multiplier_doubt,
         "multiplier_doubt",
         {{"nameplate", ""}, {"step_at_exchange", ""}, {"ratio_check", "check_ratios"}}},
    }};
    return all;
}

const KindRow& row_of(CaseKind kind) { return kinds()[static_cast<std::size_t>(kind)]; }

constexpr auto none = Correction::none;
constexpr auto billing_error = Claim::billing_error;

constexpr Finding all_findings[] = {
    {"wrong_read", high_bill, "reads_and_multiplier", none, billing_error, "re_read", "concluded"},
    {"wrong_multiplier", high_bill, "reads_and_multiplier", Correction::multiplier, billing_error,
     "check_ratios", "concluded"},
    {"estimate_trued_up", high_bill, "estimated_or_true_up", none, billing_error, "", "concluded"},
    {"longer_period", high_bill, "days_in_period", none, billing_error, "", "concluded"},
    {"price_or_season", high_bill, "price_or_season", none, billing_error, "", "concluded"},
    {"discount_lost", high_bill, "discount_lost", none, billing_error, "", "concluded"},
    {"weather", high_bill, "weather", none, billing_error, "", "concluded"},
    {"use_is_real", high_bill, "intervals_and_night_load", none, billing_error, "", "concluded"},
    {"bill_right", high_bill, "on_demand_read", none, billing_error, "", "concluded"},
    {"meter_fast", high_bill, "meter_test", Correction::registration, billing_error, "exchange",
     "concluded"},
    {"place_empty", zero_usage, "occupancy", none, billing_error, "", "concluded"},
    {"no_load", zero_usage, "check_for_load", none, billing_error, "", "concluded"},
    {"meter_stopped", zero_usage, "check_for_load", Correction::estimate, Claim::non_registration,
     "exchange", "concluded"},
    {"bypassed", zero_usage, "check_for_load", none, billing_error, "", "concluded", tampering},
    {"meter_right", non_registration, "check_for_load", none, billing_error, "", "concluded"},
    {"meter_stopped", non_registration, "check_for_load", Correction::estimate,
     Claim::non_registration, "exchange", "concluded"},
    {"meter_slow", non_registration, "meter_test", Correction::registration, billing_error,
     "exchange", "concluded"},
    {"tamper_confirmed", tampering, "first_day", Correction::estimate, Claim::unauthorized_use,
     "exchange", "confirmed"},
    {"unauthorized_use", tampering, "first_day", Correction::estimate, Claim::unauthorized_use, "",
     "confirmed"},
    {"utility_error", tampering, "preserve_evidence", none, billing_error, "", "unfounded",
     non_registration},
    {"no_sign_of_tampering", tampering, "preserve_evidence", none, billing_error, "", "unfounded"},
    {"crossed", crossed_meters, "first_day", Correction::exchange, billing_error, "locate",
     "concluded"},
    {"not_crossed", crossed_meters, "meter_numbers", none, billing_error, "", "concluded"},
    {"new_occupant", inactive_use, "letter_to_premises", none, billing_error, "", "concluded"},
    {"owner_uses", inactive_use, "owner", none, billing_error, "", "concluded"},
    {"nobody_found", inactive_use, "site_visit", none, billing_error, "disconnect", "concluded"},
    {"use_without_agreement", inactive_use, "site_visit", none, billing_error, "", "concluded",
     tampering},
    {"multiplier_wrong", multiplier_doubt, "ratio_check", Correction::multiplier, billing_error, "",
     "concluded"},
    {"multiplier_right", multiplier_doubt, "ratio_check", none, billing_error, "", "concluded"},
    {"use_changed", multiplier_doubt, "step_at_exchange", none, billing_error, "", "concluded"},
};

struct StateRow {
    std::string_view state;
    std::vector<std::string_view> followers;
};

/// What may follow by a word alone; all else follows from steps and the finding. Source: R1.68.
const std::vector<StateRow>& state_rows() {
    static const std::vector<StateRow> all = {
        {"calculated", {"charged"}},
        {"charged", {"paid", "disputed", "referred"}},
        {"disputed", {"charged", "paid", "referred"}},
        {"referred", {"paid"}},
    };
    return all;
}

template <class Rows, class Name>
std::string listed(const Rows& rows, Name name) {
    std::string text;
    for (const auto& row : rows) {
        text += text.empty() ? "" : ", ";
        text += name(row);
    }
    return text;
}

std::string step_names(CaseKind kind) {
    return listed(steps_of(kind), [](const CaseStep& step) { return step.code; });
}

bool is_among(const std::vector<std::string>& answered, std::string_view step) {
    return std::find(answered.begin(), answered.end(), step) != answered.end();
}

}  // namespace

std::string_view to_text(CaseKind kind) { return row_of(kind).text; }

Result<CaseKind> parse_kind(std::string_view text) {
    for (const KindRow& row : kinds()) {
        if (row.text == text) return row.kind;
    }
    return Error(errors::kind_unknown,
                 {{"kind", std::string(text.substr(0, 40))},
                  {"known", listed(kinds(), [](const KindRow& row) { return row.text; })}});
}

const std::vector<CaseKind>& all_kinds() {
    static const std::vector<CaseKind> all = [] {
        std::vector<CaseKind> found;
        for (const KindRow& row : kinds()) found.push_back(row.kind);
        return found;
    }();
    return all;
}

const std::vector<CaseStep>& steps_of(CaseKind kind) { return row_of(kind).steps; }

std::vector<Finding> findings_of(CaseKind kind) {
    std::vector<Finding> found;
    for (const Finding& finding : all_findings) {
        if (finding.kind == kind) found.push_back(finding);
    }
    return found;
}

std::string_view first_state(CaseKind kind) { return kind == tampering ? "suspected" : "open"; }

std::string_view state_after_step(CaseKind kind, std::string_view step, std::string_view state) {
    if (kind != tampering) return "in_work";
    return step == "preserve_evidence" ? "evidence_preserved" : state;
}

std::vector<std::string_view> followers_of(std::string_view state) {
    for (const StateRow& row : state_rows()) {
        if (row.state == state) return row.followers;
    }
    return {};
}

bool is_closed(std::string_view state) {
    return state == "concluded" || state == "unfounded" || state == "paid";
}

bool is_undecided(std::string_view state) {
    return state == "open" || state == "in_work" || state == "suspected" ||
           state == "evidence_preserved";
}

std::optional<CaseStep> next_step(CaseKind kind, const std::vector<std::string>& answered) {
    for (const CaseStep& step : steps_of(kind)) {
        if (!is_among(answered, step.code)) return step;
    }
    return std::nullopt;
}

Result<CaseStep> check_step(CaseKind kind, std::string_view step,
                            const std::vector<std::string>& answered) {
    std::string_view before;
    for (const CaseStep& known : steps_of(kind)) {
        if (known.code != step) {
            if (before.empty() && !is_among(answered, known.code)) before = known.code;
            continue;
        }
        if (before.empty()) return known;
        return Error(errors::step_out_of_order,
                     {{"step", std::string(step)}, {"before", std::string(before)}});
    }
    return Error(errors::step_unknown, {{"kind", std::string(to_text(kind))},
                                        {"step", std::string(step.substr(0, 40))},
                                        {"known", step_names(kind)}});
}

Result<Finding> check_finding(CaseKind kind, std::string_view finding,
                              const std::vector<std::string>& answered) {
    for (const Finding& known : all_findings) {
        if (known.kind != kind || known.code != finding) continue;
        for (const CaseStep& step : steps_of(kind)) {
            if (!is_among(answered, step.code)) {
                return Error(errors::step_out_of_order,
                             {{"step", "conclusion " + std::string(finding)},
                              {"before", std::string(step.code)}});
            }
            if (step.code == known.after) break;
        }
        return known;
    }
    return Error(errors::finding_unknown,
                 {{"kind", std::string(to_text(kind))},
                  {"finding", std::string(finding.substr(0, 40))},
                  {"known", listed(findings_of(kind), [](const Finding& f) { return f.code; })}});
}

Result<void> check_state(std::string_view state, std::string_view wanted) {
    const auto followers = followers_of(state);
    if (std::find(followers.begin(), followers.end(), wanted) != followers.end()) return {};
    return Error(errors::state_cannot_follow,
                 {{"state", std::string(state)},
                  {"wanted", std::string(wanted.substr(0, 40))},
                  {"followers", followers.empty() ? "nothing by a word alone"
                                                  : listed(followers, [](std::string_view one) {
                                                        return one;
                                                    })}});
}

Result<void> check_result(std::string_view result) {
    for (const std::string_view known : {"clear", "explains", "not_possible", "ordered"}) {
        if (known == result) return {};
    }
    return Error(errors::result_unknown, {{"result", std::string(result.substr(0, 40))}});
}

}  // namespace watthour::investigation
