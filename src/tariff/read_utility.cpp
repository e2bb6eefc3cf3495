// SPDX-License-Identifier: Apache-2.0
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"
#include "tariff/retention.hpp"

namespace watthour::tariff {

namespace {

void read_reading(const YamlValue& value, ReadingPolicy& into) {
    value.keys({"window_days_before", "window_days_after", "normal_days_min", "normal_days_max",
                "consecutive_estimates_warn", "consecutive_estimates_max",
                "rollover_max_fraction_of_capacity", "default_dials",
                "zero_usage_active_bills_flag", "inactive_usage_flag_kwh", "vacant_usage_flag_kwh",
                "vacant_usage_flag_days"});
    into.window_days_before = value.at("window_days_before").whole();
    into.window_days_after = value.at("window_days_after").whole();
    into.normal_days_min = value.at("normal_days_min").whole();
    into.normal_days_max = value.at("normal_days_max").whole();
    into.consecutive_estimates_warn = value.at("consecutive_estimates_warn").whole();
    into.consecutive_estimates_max = value.at("consecutive_estimates_max").whole();
    into.rollover_max_fraction = value.at("rollover_max_fraction_of_capacity").decimal();
    into.default_dials = value.at("default_dials").whole();
    into.zero_usage_bills_flag = value.at("zero_usage_active_bills_flag").whole();
    into.inactive_usage_flag = value.at("inactive_usage_flag_kwh").kwh();
    into.vacant_usage_flag = value.at("vacant_usage_flag_kwh").kwh();
    into.vacant_usage_flag_days = value.at("vacant_usage_flag_days").whole();
}

void read_use_review(const YamlValue& value, UseReview& into) {
    value.keys({"high_percent_of_reference", "low_percent_of_reference", "min_kwh"});
    into.high_percent = value.at("high_percent_of_reference").whole();
    into.low_percent = value.at("low_percent_of_reference").whole();
    into.min = value.at("min_kwh").kwh();
}

void read_billing(const YamlValue& value, BillingPolicy& into) {
    value.keys({"bill_window_business_days", "high_bill_review_percent", "low_bill_review_percent",
                "review_min_change_dollars", "hold_over_dollars", "negative_bill_hold",
                "first_bill_min_days", "short_period_merge_days", "max_days_without_bill",
                "paperless_default", "credit_refund_auto_over", "credit_refund_wait_days",
                "small_balance_writeoff"});
    into.window_business_days = value.at("bill_window_business_days").whole();
    into.high_review_percent = value.at("high_bill_review_percent").whole();
    into.low_review_percent = value.at("low_bill_review_percent").whole();
    into.review_min_change = value.at("review_min_change_dollars").money();
    const YamlValue hold = value.at("hold_over_dollars");
    hold.keys({"residential", "small_commercial", "medium_commercial", "large_commercial"});
    into.hold_over = {hold.at("residential").money(), hold.at("small_commercial").money(),
                      hold.at("medium_commercial").money(), hold.at("large_commercial").money()};
    into.negative_bill_hold = value.at("negative_bill_hold").yes_no();
    into.first_bill_min_days = value.at("first_bill_min_days").whole();
    into.short_period_merge_days = value.at("short_period_merge_days").whole();
    into.max_days_without_bill = value.at("max_days_without_bill").whole();
    into.paperless_default = value.at("paperless_default").yes_no();
    into.credit_refund_over = value.at("credit_refund_auto_over").money();
    into.credit_refund_wait_days = value.at("credit_refund_wait_days").whole();
    into.small_balance_writeoff = value.at("small_balance_writeoff").money();
}

void read_autopay(const YamlValue& value, AutopayPolicy& into) {
    value.keys({"draft_on", "notice_days_min", "prenote", "prenote_wait_bank_days",
                "noc_apply_bank_days", "represent_max", "represent_within_days",
                "represent_wait_bank_days", "remove_after_returns", "remove_window_months",
                "suspend_codes_immediately"});
    value.at("draft_on").must_be("due_date_next_bank_day");
    into.notice_days_min = value.at("notice_days_min").whole();
    into.prenote = value.at("prenote").yes_no();
    into.prenote_wait_bank_days = value.at("prenote_wait_bank_days").whole();
    into.noc_apply_bank_days = value.at("noc_apply_bank_days").whole();
    into.represent_max = value.at("represent_max").whole();
    into.represent_within_days = value.at("represent_within_days").whole();
    into.represent_wait_bank_days = value.at("represent_wait_bank_days").whole();
    into.remove_after_returns = value.at("remove_after_returns").whole();
    into.remove_window_months = value.at("remove_window_months").whole();
    into.suspend_codes = value.at("suspend_codes_immediately").texts();
}

InvestigationPolicy read_investigation(const YamlValue& value) {
    value.keys({"undercharge_months", "overcharge_months", "non_registration_months",
                "unauthorized_months", "usage_drop_percent", "usage_drop_min_kwh",
                "multiplier_tolerance_percent", "crossed", "inactive_days", "event_days",
                "tamper_events"});
    InvestigationPolicy policy;
    const YamlValue undercharge = value.at("undercharge_months");
    undercharge.keys({"residential", "other"});
    policy.undercharge_months_residential = undercharge.at("residential").whole();
    policy.undercharge_months_other = undercharge.at("other").whole();
    policy.overcharge_months = value.at("overcharge_months").whole();
    policy.non_registration_months = value.at("non_registration_months").whole();
    policy.unauthorized_months = value.at("unauthorized_months").whole();
    policy.usage_drop_percent = value.at("usage_drop_percent").whole();
    policy.usage_drop_min = value.at("usage_drop_min_kwh").kwh();
    policy.multiplier_tolerance_percent = value.at("multiplier_tolerance_percent").whole();
    const YamlValue crossed = value.at("crossed");
    crossed.keys({"tolerance_percent", "apart_percent", "neighbours"});
    policy.crossed_tolerance_percent = crossed.at("tolerance_percent").whole();
    policy.crossed_apart_percent = crossed.at("apart_percent").whole();
    policy.crossed_neighbours = crossed.at("neighbours").whole();
    policy.inactive_days = value.at("inactive_days").whole();
    policy.event_days = value.at("event_days").whole();
    policy.tamper_events = value.at("tamper_events").texts();
    return policy;
}

UtilityCounts read_counts(const YamlValue& value) {
    value.keys({"meters", "residential", "small_commercial", "medium_commercial",
                "large_commercial", "municipal_and_other", "street_lights", "traffic_signals",
                "other_unmetered", "opt_out_meters", "solar_nem_1", "solar_nem_2",
                "solar_net_billing"});
    UtilityCounts counts;
    counts.meters = value.at("meters").whole();
    counts.residential = value.at("residential").whole();
    counts.small_commercial = value.at("small_commercial").whole();
    counts.medium_commercial = value.at("medium_commercial").whole();
    counts.large_commercial = value.at("large_commercial").whole();
    counts.municipal_and_other = value.at("municipal_and_other").whole();
    counts.street_lights = value.at("street_lights").whole();
    counts.traffic_signals = value.at("traffic_signals").whole();
    counts.other_unmetered = value.at("other_unmetered").whole();
    counts.opt_out_meters = value.at("opt_out_meters").whole();
    counts.solar_nem_1 = value.at("solar_nem_1").whole();
    counts.solar_nem_2 = value.at("solar_nem_2").whole();
    counts.solar_net_billing = value.at("solar_net_billing").whole();
    return counts;
}

std::map<std::string, std::string> read_account_map(const YamlValue& value, const GlMap& gl) {
    std::map<std::string, std::string> map;
    for (const auto& [name, account] : value.members()) {
        map[name] = account.text();
        if (!account.failed() && !gl.has_account(map[name])) {
            account.refuse(errors::reference_unknown,
                           {{"text", map[name]}, {"known", "the accounts of this file"}});
        }
    }
    return map;
}

}  // namespace

void read_utility(const YamlValue& file, Catalogue& into) {
    file.keys({"name", "short_name", "code", "time_zone", "currency", "languages", "address",
               "phone", "draft_bank", "fiscal_year_starts", "counts", "interval_minutes", "cycles",
               "routes"});
    Utility& utility = into.utility;
    utility.name = file.at("name").text();
    utility.short_name = file.at("short_name").text();
    utility.code = file.at("code").text();
    utility.time_zone = file.at("time_zone").text();
    file.at("currency").must_be("USD");
    utility.currency = file.at("currency").text();
    if (file.at("languages").texts() != std::vector<std::string>{"en", "es"}) {
        file.at("languages").refuse_value("[en, es]");
    }
    utility.address = file.at("address").text();
    utility.phone = file.at("phone").text();
    const YamlValue bank = file.at("draft_bank");
    bank.keys({"name", "routing", "company_id"});
    utility.draft_bank = {bank.at("name").text(), bank.at("routing").text(),
                          bank.at("company_id").text()};
    const auto [month, day] = file.at("fiscal_year_starts").month_day();
    utility.fiscal_year_month = month;
    utility.fiscal_year_day = day;
    utility.counts = read_counts(file.at("counts"));
    const YamlValue minutes = file.at("interval_minutes");
    minutes.keys({"residential", "commercial"});
    utility.interval_minutes_residential = minutes.at("residential").whole();
    utility.interval_minutes_commercial = minutes.at("commercial").whole();
    utility.cycles = file.at("cycles").whole();
    for (const YamlValue& item : file.at("routes").items()) {
        item.keys({"route", "cycle", "kind", "meters"});
        utility.routes.push_back({item.at("route").text(), item.at("cycle").text(),
                                  item.at("kind").word<RouteKind>(
                                      {{"ami", RouteKind::ami},
                                       {"manual", RouteKind::manual},
                                       {"ami_large_commercial", RouteKind::ami_large_commercial}}),
                                  item.at("meters").whole()});
    }
}

void read_policies(const YamlValue& file, Catalogue& into) {
    file.keys({"reading", "use_review", "billing", "cash", "autopay", "returned_check", "credit"},
              {"investigation", "retention"});
    // It is read where it is used, and tested here.
    if (file.has("retention")) (void)read_retention(file.at("retention"));
    if (file.has("investigation")) {
        into.policies.investigation = read_investigation(file.at("investigation"));
    }
    read_reading(file.at("reading"), into.policies.reading);
    read_use_review(file.at("use_review"), into.policies.use_review);
    read_billing(file.at("billing"), into.policies.billing);
    read_autopay(file.at("autopay"), into.policies.autopay);
    const YamlValue cash = file.at("cash");
    cash.keys({"cutoff_local", "unidentified_hold_days", "batch_tolerance", "dual_control_over"});
    into.policies.cash = {cash.at("cutoff_local").clock_second(),
                          cash.at("unidentified_hold_days").whole(),
                          cash.at("batch_tolerance").money(), cash.at("dual_control_over").money()};
    const YamlValue check = file.at("returned_check");
    check.keys({"cash_only_after", "cash_only_months"});
    into.policies.returned_check = {check.at("cash_only_after").whole(),
                                    check.at("cash_only_months").whole()};
    const YamlValue credit = file.at("credit");
    credit.keys({"due_days", "late_charge_day_after_due", "late_notice_day_after_due",
                 "min_balance_for_notice", "min_balance_for_disconnect"});
    into.policies.credit = {
        credit.at("due_days").whole(), credit.at("late_charge_day_after_due").whole(),
        credit.at("late_notice_day_after_due").whole(), credit.at("min_balance_for_notice").money(),
        credit.at("min_balance_for_disconnect").money()};
}

void read_gl(const YamlValue& file, Catalogue& into) {
    file.keys({"accounts", "ledger_words", "revenue_by_schedule", "roles"});
    for (const auto& [account, name] : file.at("accounts").members()) {
        into.gl.accounts.push_back({account, name.text()});
    }
    into.gl.account_by_word = read_account_map(file.at("ledger_words"), into.gl);
    into.gl.revenue_by_schedule = read_account_map(file.at("revenue_by_schedule"), into.gl);
    into.gl.account_by_role = read_account_map(file.at("roles"), into.gl);
    if (!into.gl.account_by_role.contains("receivable")) {
        file.at("roles").refuse(errors::key_missing, {{"key", "receivable"}});
    }
}

}  // namespace watthour::tariff
