// SPDX-License-Identifier: Apache-2.0
#include "app/reads_views.hpp"

#include "app/views.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

/// Findings that an answer names; the inbox has them all.
constexpr std::size_t findings_shown = 200;

json::array intervals_json(const std::vector<ChangedInterval>& intervals) {
    json::array rows;
    for (const auto& one : intervals) {
        rows.push_back(json::object{{"start", to_iso_utc(one.start)},
                                    {"old_kwh", Energy::watt_hours(one.old_wh).to_string()},
                                    {"new_kwh", Energy::watt_hours(one.new_wh).to_string()},
                                    {"old_status", std::string(1, one.old_status)},
                                    {"new_status", std::string(1, one.new_status)}});
    }
    return rows;
}

json::object hits_json(const CheckHits& hits) {
    const auto money = [](const std::optional<Money>& amount) {
        return amount ? json::value(amount->to_string()) : json::value();
    };
    return {{"hits", hits.hits},
            {"confirmed", hits.confirmed},
            {"precision", hits.precision()},
            {"alerts", hits.alerts},
            {"cost", hits.cost.to_string()},
            {"cost_per_alert", money(hits.cost_per_alert())},
            {"cost_per_error", money(hits.cost_per_error())},
            {"closed", hits.closed},
            {"closed_wrongly", hits.closed_wrongly},
            {"sampled", hits.sampled}};
}

/// The bounds within which a rule closes its findings; null where it closes none.
json::value close_json(const tariff::AutoClose& close) {
    if (!close.is_on()) return nullptr;
    return json::object{{"kwh", close.most.to_string()},
                        {"dollars", close.most_dollars.to_string()},
                        {"sample_percent", close.sample_percent}};
}

}  // namespace

json::object to_json(const ValidationOutcome& outcome, bool dry_run) {
    json::object found;
    for (const auto check : tariff::vee_checks) {
        const auto count = outcome.found[static_cast<std::size_t>(check)];
        if (count > 0) found[tariff::vee_check_name(check)] = count;
    }
    json::array findings;
    for (const auto& one : outcome.findings) {
        if (findings.size() == findings_shown) break;
        findings.push_back(json::object{
            {"meter", one.serial},
            {"quantity", one.quantity},
            {"group", one.group},
            {"check", tariff::vee_check_name(one.finding.check)},
            {"rule", tariff::vee_check_rule(one.finding.check)},
            {"verdict", tariff::vee_verdict_name(one.finding.verdict)},
            {"account", one.account == 0 ? json::value(nullptr)
                                         : json::value(customers::account_number({one.account}))},
            {"from", to_iso_utc(one.from)},
            {"until", to_iso_utc(one.until)}});
    }
    return {{"channels", outcome.channels},
            {"channel_days", outcome.channel_days},
            {"without_rules", outcome.without_rules},
            {"found", std::move(found)},
            {"closed_by_rule", outcome.closed},
            {"sampled", outcome.sampled},
            {"taken_out", outcome.taken_out},
            {"estimated", outcome.estimated},
            {"not_estimated", outcome.not_estimated},
            {"waiting", outcome.waiting},
            {"work_items", outcome.work_items},
            {"findings", std::move(findings)},
            {"dry_run", dry_run}};
}

json::object to_json(const DecidedReads& decided, bool dry_run) {
    return {{"item", to_json(decided.item)},
            {"kwh_before", decided.before.to_string()},
            {"kwh_after", decided.after.to_string()},
            {"intervals", intervals_json(decided.intervals)},
            {"dry_run", dry_run}};
}

json::object to_json(const EditedReads& edited, bool dry_run) {
    return {{"worth", edited.worth.to_string()},
            {"intervals", intervals_json(edited.intervals)},
            {"dry_run", dry_run}};
}

json::object to_json(const EnteredRead& read, bool dry_run) {
    return {{"meter", read.meter},
            {"date", read.date.to_string()},
            {"reading", read.reading},
            {"type", read.type},
            {"previous_date", read.previous_date ? json::value(read.previous_date->to_string())
                                                 : json::value(nullptr)},
            {"previous_reading", read.previous_reading},
            {"previous_type", read.previous_type},
            {"kwh", read.use.to_string()},
            {"worth", read.worth.to_string()},
            {"stands", read.stands},
            {"rolled_over", read.rolled_over},
            {"usual_kwh", read.usual ? json::value(read.usual->to_string()) : json::value()},
            {"looks", read.looks.empty() ? json::value() : json::value(read.looks)},
            {"dry_run", dry_run}};
}

json::object to_json(const EstimatedRead& made, bool dry_run) {
    auto object = to_json(made.read, dry_run);
    object["reference_kwh"] = made.reference_use.to_string();
    object["days"] = made.days;
    object["multiplier"] = made.multiplier;
    object["dial_units"] = made.estimate.dial_units;
    object["kwh_a_day"] = made.estimate.use_a_day.to_string();
    object["reference_from"] = made.reference.from.to_string();
    object["reference_until"] = made.reference.until.to_string();
    object["basis"] = made.basis;
    object["in_a_row"] = made.in_a_row;
    object["order_proposed"] = made.order_proposed;
    object["warned"] = made.warned;
    return object;
}

json::object to_json(const RulesPreview& preview) {
    json::array rows;
    for (const auto& row : preview.rows) {
        rows.push_back(json::object{{"check", tariff::vee_check_name(row.check)},
                                    {"rule", tariff::vee_check_rule(row.check)},
                                    {"now", hits_json(row.now)},
                                    {"proposed", hits_json(row.proposed)}});
    }
    json::array close;
    for (const auto check : preview.may_close) close.emplace_back(tariff::vee_check_name(check));
    json::array safe;
    for (const auto& one : preview.safe_close) {
        safe.push_back(json::object{{"check", tariff::vee_check_name(one.check)},
                                    {"kwh", one.most.to_string()},
                                    {"dollars", one.worth.to_string()},
                                    {"alerts", one.alerts}});
    }
    return {{"from", preview.days.from.to_string()},
            {"until", preview.days.until.to_string()},
            {"channels", preview.channels},
            {"channel_days", preview.channel_days},
            {"checks", std::move(rows)},
            {"may_close_by_themselves", std::move(close)},
            {"safe_to_close", std::move(safe)}};
}

json::object to_json(const MadeProfile& made) {
    json::array without;
    for (const int month : made.months_without) without.emplace_back(month);
    return {{"class", made.profile.rate_class},
            {"effective", made.profile.effective.to_string()},
            {"source", made.profile.source},
            {"channels", made.channels},
            {"channel_days", made.channel_days},
            {"months_without", std::move(without)},
            {"file", made.text}};
}

json::object rules_view(const Office& office, Date date) {
    const tariff::VeeVersion* in_force = office.catalogue().vee.version_on(date);
    json::array groups;
    if (in_force != nullptr) {
        for (const auto& group : in_force->groups) {
            json::array checks;
            for (const auto check : tariff::vee_checks) {
                checks.push_back(json::object{
                    {"check", tariff::vee_check_name(check)},
                    {"rule", tariff::vee_check_rule(check)},
                    {"verdict", tariff::vee_verdict_name(group.limits.verdict(check))},
                    {"close", close_json(group.limits.close[static_cast<std::size_t>(check)])}});
            }
            groups.push_back(json::object{{"group", group.name}, {"checks", std::move(checks)}});
        }
    }
    return {{"effective", in_force == nullptr ? json::value(nullptr)
                                              : json::value(in_force->effective.to_string())},
            {"groups", std::move(groups)}};
}

}  // namespace watthour::app
