// SPDX-License-Identifier: Apache-2.0
#include "cases/rate_case_input.hpp"

#include "base/text.hpp"
#include "cases/errors.hpp"

#include <algorithm>

namespace watthour::cases {

namespace {

bool contains(std::initializer_list<std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

DateRange dated(const CaseValue& value) {
    return {value.at("from").date(), value.has("to") ? value.at("to").date() : end_of_time};
}

std::vector<rating::DatedCode> dated_codes(const CaseValue& input, std::string_view field,
                                           std::string_view code) {
    std::vector<rating::DatedCode> codes;
    if (!input.has(field)) return codes;
    for (const CaseValue& item : input.at(field).items()) {
        item.fields({code, "from"}, {"to"});
        codes.push_back({item.at(code).text(), dated(item)});
    }
    return codes;
}

DateRange read_period(const CaseValue& value) {
    value.fields({"from", "to"}, {"days", "kind"});
    const DateRange period = {value.at("from").date(), value.at("to").date()};
    if (value.has("days")) {
        value.at("days").must_equal(value.at("days").text(), std::to_string(period.days()));
    }
    if (value.has("kind")) {
        const std::string kind = value.at("kind").text();
        if (!value.failed() && !contains({"regular", "opening", "final"}, kind)) {
            value.at("kind").refuse_value("regular, opening or final");
        }
    }
    return period;
}

/// Banks, accruals and the end of a relevant period. An amount that the rider of the agreement
/// does not know is refused, never left out.
void read_solar_facts(const CaseValue& input, rating::RatingRequest& request) {
    const bool net_billing = request.rider.starts_with("NB");
    for (const char* field : {"nem_bank_open", "nb_bank_open"}) {
        if (!input.has(field)) continue;
        const Money open = input.at(field).money();
        const bool own = net_billing == (std::string_view(field) == "nb_bank_open");
        if (!own && !open.is_zero()) {
            input.at(field).refuse_value("no such bank, for the rider of the agreement has none,");
        }
        if (own) request.bank_open = Decimal(open.minor_units(), 2);
    }
    if (input.has("nem2_true_up")) {
        const CaseValue settled = input.at("nem2_true_up");
        settled.fields({"accrued_before"}, {});
        request.accrued_before = Decimal(settled.at("accrued_before").money().minor_units(), 2);
        request.true_up = true;
    }
    if (input.has("true_up") && input.at("true_up").yes()) request.true_up = true;
    if (input.has("nsc")) {
        const CaseValue surplus = input.at("nsc");
        surplus.fields({"net_surplus_kwh"}, {});
        request.surplus = surplus.at("net_surplus_kwh").kwh();
        request.true_up = true;
    }
}

/// Lamps in service in the period; what was removed before or comes after is left out.
void read_lamps(const CaseValue& list, rating::RatingRequest& request) {
    for (const CaseValue& item : list.items()) {
        item.fields({"type", "count"}, {"from", "to"});
        DateRange active = request.period;
        if (item.has("from")) active.from = std::max(active.from, item.at("from").date());
        if (item.has("to")) active.until = std::min(active.until, item.at("to").date());
        const std::int64_t count = item.at("count").whole();
        if (count < 0) item.at("count").refuse_value("a number of lamps that is not below zero");
        if (active.is_empty()) continue;
        request.lamps.push_back({item.at("type").text(), count, active});
    }
}

CaseAccount read_account(const CaseValue& value) {
    value.fields({}, {"previous_balance", "payments", "deposit"});
    CaseAccount account;
    if (value.has("previous_balance"))
        account.previous_balance = value.at("previous_balance").money();
    if (value.has("payments")) account.payments = value.at("payments").money();
    if (value.has("deposit")) {
        const CaseValue deposit = value.at("deposit");
        deposit.fields({"amount", "received", "applied"}, {});
        account.deposit = CaseDeposit{deposit.at("amount").money(), deposit.at("received").date(),
                                      deposit.at("applied").date()};
    }
    return account;
}

void read_agreement(const CaseValue& input, rating::RatingRequest& request) {
    request.schedule = input.at("schedule").text();
    request.option = input.text_or_empty("option");
    request.phase = input.text_or_empty("phase");
    request.voltage = input.text_or_empty("voltage");
    request.rider = input.text_or_empty("rider");
    request.period = read_period(input.at("period"));
    request.discounts = dated_codes(input, "discounts", "code");
    request.exemptions = dated_codes(input, "exemptions", "flag");
    if (input.has("prior_max_kw")) {
        for (const CaseValue& item : input.at("prior_max_kw").items()) {
            request.prior_max.push_back(item.kw());
        }
    }
    if (input.has("fees")) {
        for (const CaseValue& item : input.at("fees").items()) {
            item.fields({"code"}, {"past_due"});
            request.fees.push_back({item.at("code").text(),
                                    item.has("past_due") ? item.at("past_due").money() : Money()});
        }
    }
    if (input.has("uut_ytd_before")) request.uut_year_to_date = input.at("uut_ytd_before").money();
}

}  // namespace

void CaseValue::refuse(const ErrorKind& kind, Facts facts) const {
    facts.insert(facts.begin(), {{"file", problems_->file}, {"path", path_}});
    keep(Error(kind, std::move(facts)));
}

const CaseValue& CaseValue::fields(std::initializer_list<std::string_view> required,
                                   std::initializer_list<std::string_view> optional) const {
    std::string known;
    for (const auto& list : {required, optional}) {
        for (const std::string_view word : list) {
            known += (known.empty() ? "" : ", ") + std::string(word);
        }
    }
    for (const std::string& name : names()) {
        if (!contains(required, name) && !contains(optional, name)) {
            refuse(errors::field_unknown, {{"field", name}, {"known", known}});
        }
    }
    for (const std::string_view field : required) (void)at(field);
    return *this;
}

bool CaseValue::has(std::string_view field) const {
    if (failed() || value_ == nullptr || !value_->is_object()) return false;
    const json::value* found = value_->get_object().if_contains(field);
    return found != nullptr && !found->is_null();
}

CaseValue CaseValue::at(std::string_view field) const {
    const std::string path = path_.empty() ? std::string(field) : path_ + "." + std::string(field);
    if (!has(field)) {
        if (!failed()) refuse(errors::field_missing, {{"field", std::string(field)}});
        return {nullptr, path, *problems_};
    }
    return {value_->get_object().if_contains(field), path, *problems_};
}

std::vector<std::string> CaseValue::names() const {
    std::vector<std::string> found;
    if (failed()) return found;
    if (value_ == nullptr || !value_->is_object()) {
        refuse_value("an object with fields");
        return found;
    }
    for (const auto& member : value_->get_object()) found.emplace_back(member.key());
    return found;
}

std::vector<CaseValue> CaseValue::items() const {
    std::vector<CaseValue> found;
    if (failed()) return found;
    if (!is_list()) {
        refuse_value("a list");
        return found;
    }
    for (const json::value& item : value_->get_array()) {
        found.emplace_back(&item, path_ + "[" + std::to_string(found.size() + 1) + "]", *problems_);
    }
    return found;
}

std::string CaseValue::text() const {
    if (failed() || value_ == nullptr) return {};
    if (value_->is_string()) return std::string(value_->get_string());
    if (value_->is_int64()) return std::to_string(value_->get_int64());
    refuse_value("a text");
    return {};
}

std::string CaseValue::text_or_empty(std::string_view field) const {
    return has(field) ? at(field).text() : std::string();
}

Decimal CaseValue::decimal() const {
    // Beyond any meter or bill, and far inside what the sums can hold.
    static constexpr Decimal limit(1'000'000'000'000, 0);
    const auto value = Decimal::parse(text());
    if (value && *value < limit && -limit < *value) return *value;
    refuse_value("a decimal number as text, such as \"0.63\"");
    return {};
}

Money CaseValue::money() const {
    const auto value = Money::parse(decimal().to_string());
    if (!value) refuse_value("an amount as text, such as \"18.50\"");
    return value ? *value : Money();
}

Energy CaseValue::kwh() const {
    const auto value = Energy::parse_kwh(decimal().to_string());
    if (!value) refuse_value("kWh as text with at most three places");
    return value ? *value : Energy();
}

Demand CaseValue::kw() const {
    const auto value = Demand::parse_kw(decimal().to_string());
    if (!value) refuse_value("kW as text with at most three places");
    return value ? *value : Demand();
}

Date CaseValue::date() const {
    const auto value = Date::parse(text());
    if (!value) refuse_value("a date such as \"2025-07-01\"");
    return value ? *value : Date();
}

std::int64_t CaseValue::whole() const {
    const std::int64_t limit = 1'000'000'000'000;
    const auto value = parse_integer(text());
    if (value && -limit < *value && *value < limit) return *value;
    refuse_value("a whole number");
    return 0;
}

bool CaseValue::yes() const {
    if (!failed() && value_ != nullptr && value_->is_bool()) return value_->get_bool();
    refuse_value("true or false");
    return false;
}

void CaseValue::refuse_value(const std::string& wanted) const {
    refuse(errors::value_malformed,
           {{"text", value_ == nullptr ? "absent" : to_text(*value_)}, {"wanted", wanted}});
}

void CaseValue::must_equal(const std::string& stated, const std::string& computed) const {
    if (stated != computed && !failed()) {
        refuse(errors::disagrees, {{"stated", stated}, {"computed", computed}});
    }
}

CaseStatement read_case_statement(const CaseValue& value, const tariff::Catalogue& catalogue) {
    CaseStatement statement;
    value.fields({"n", "input"}, {"kind", "expected", "notes"});
    statement.n = value.at("n").whole();
    const CaseValue input = value.at("input");
    input.fields({"schedule", "period"},
                 {"option", "phase", "voltage", "rider", "usage", "kwh_delivered", "kwh_received",
                  "prior_max_kw", "discounts", "exemptions", "fees", "nem_bank_open",
                  "nb_bank_open", "nem2_true_up", "true_up", "nsc", "uut_ytd_before", "account"});
    read_agreement(input, statement.request);
    if (value.failed()) return statement;
    read_solar_facts(input, statement.request);
    if (input.has("usage") && input.at("usage").has("lamps")) {
        read_lamps(input.at("usage").at("lamps"), statement.request);
    }
    // What cannot be rated is said before anything that follows from it.
    if (const int days = statement.request.period.days();
        days >= 1 && days <= rating::most_period_days && !value.failed()) {
        auto plan = rating::make_plan(catalogue, rating::plan_key_of(statement.request));
        if (plan) {
            statement.plan = std::move(*plan);
        } else {
            input.keep(plan.error());
        }
    }
    if (input.has("account")) statement.account = read_account(input.at("account"));
    if (!value.failed()) read_case_usage(input, catalogue, statement);
    return statement;
}

}  // namespace watthour::cases
