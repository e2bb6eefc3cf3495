// SPDX-License-Identifier: Apache-2.0
#include "app/cycle_report.hpp"

#include "base/text.hpp"

#include <map>

namespace watthour::app {

json::object to_record(const CycleOutcome& part) {
    json::array bills;
    for (const auto& bill : part.bills) {
        bills.push_back(json::object{{"bill", bill.number},
                                     {"account", customers::account_number(bill.account)},
                                     {"from", bill.period.from.to_string()},
                                     {"until", bill.period.until.to_string()},
                                     {"previous_balance", bill.previous_balance.to_string()},
                                     {"activity", bill.activity_total.to_string()},
                                     {"current_charges", bill.current_charges.to_string()},
                                     {"amount_due", bill.amount_due.to_string()}});
    }
    json::array exceptions;
    for (const auto& exception : part.exceptions) {
        exceptions.push_back(json::object{{"account", customers::account_number(exception.account)},
                                          {"cause", exception.cause},
                                          {"evidence", exception.evidence},
                                          {"next_step", exception.next_step},
                                          {"at_stake", exception.at_stake.to_string()}});
    }
    json::array lines;
    for (const auto& line : part.lines) {
        lines.push_back(json::object{
            {"code", line.code}, {"lines", line.lines}, {"minor", line.amount.minor_units()}});
    }
    return {{"already_billed", part.already_billed},
            {"merged", part.merged},
            {"total_minor", part.total.minor_units()},
            {"delivered_wh", part.delivered.wh()},
            {"lines", std::move(lines)},
            {"bills", std::move(bills)},
            {"exceptions", std::move(exceptions)}};
}

json::object add_records(const std::vector<json::object>& records) {
    std::map<std::string, std::int64_t, std::less<>> sums{
        {"already_billed", 0}, {"merged", 0}, {"total_minor", 0}, {"delivered_wh", 0}};
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> by_code;
    json::array bills;
    json::array exceptions;
    for (const json::object& record : records) {
        for (auto& [name, sum] : sums) sum += record.at(name).as_int64();
        for (const auto& line : record.at("lines").as_array()) {
            auto& total = by_code[std::string(line.at("code").as_string())];
            total.first += line.at("lines").as_int64();
            total.second += line.at("minor").as_int64();
        }
        for (const auto& bill : record.at("bills").as_array()) bills.push_back(bill);
        for (const auto& one : record.at("exceptions").as_array()) exceptions.push_back(one);
    }
    json::object whole;
    for (const auto& [name, sum] : sums) whole[name] = sum;
    json::array lines;
    for (const auto& [code, total] : by_code) {
        lines.push_back(
            json::object{{"code", code}, {"lines", total.first}, {"minor", total.second}});
    }
    whole["lines"] = std::move(lines);
    whole["bills"] = std::move(bills);
    whole["exceptions"] = std::move(exceptions);
    return whole;
}

json::object to_report(const tariff::CycleRow& window, RunMode mode, const json::object& record) {
    json::array lines;
    for (const auto& line : record.at("lines").as_array()) {
        lines.push_back(
            json::object{{"code", line.at("code")},
                         {"lines", line.at("lines")},
                         {"amount", Money::minor(line.at("minor").as_int64()).to_string()}});
    }
    return {{"cycle", window.cycle},
            {"read_date", window.read.to_string()},
            {"bill_date", window.mail.to_string()},
            {"due_date", window.due.to_string()},
            {"dry_run", mode == RunMode::preview},
            {"billed", static_cast<std::int64_t>(record.at("bills").as_array().size())},
            {"held", static_cast<std::int64_t>(record.at("exceptions").as_array().size())},
            {"already_billed", record.at("already_billed")},
            {"merged", record.at("merged")},
            {"kwh", Energy::watt_hours(record.at("delivered_wh").as_int64()).to_string()},
            {"current_charges", Money::minor(record.at("total_minor").as_int64()).to_string()},
            {"lines", std::move(lines)},
            {"bills", record.at("bills")},
            {"exceptions", record.at("exceptions")}};
}

void add_last_charges(Office& office, json::object& report) {
    auto& bills = report.at("bills").as_array();
    std::vector<customers::AccountId> accounts;
    for (const auto& bill : bills) {
        accounts.push_back({*parse_integer(std::string_view(bill.at("account").as_string()))});
    }
    const auto last = office.bills().last_bills(accounts);
    for (std::size_t i = 0; i < bills.size(); ++i) {
        const auto found = last.find(accounts[i]);
        bills[i].as_object()["last_charges"] =
            found == last.end() ? json::value()
                                : json::value(found->second.current_charges.to_string());
    }
}

}  // namespace watthour::app
