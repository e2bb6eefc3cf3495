// SPDX-License-Identifier: Apache-2.0
#include "app/reports.hpp"

#include "app/errors.hpp"

#include <map>

namespace watthour::app {
namespace {

std::string gl_name(const tariff::GlMap& gl, const std::string& account) {
    for (const auto& known : gl.accounts) {
        if (known.account == account) return known.name;
    }
    return "";
}

/// Net balance of a GL account through a day: debits less credits.
Money net_balance(Office& office, const std::string& account, Date through, Date known_on) {
    for (const auto& row : office.journal().trial_balance(through, known_on)) {
        if (row.account == account) return row.debit - row.credit;
    }
    return {};
}

json::object trial_balance(Office& office, Date as_of, Date known_on) {
    json::array rows;
    Money debits;
    Money credits;
    for (const auto& row : office.journal().trial_balance(as_of, known_on)) {
        const Money net = row.debit - row.credit;
        if (net.is_zero()) continue;
        const Money debit = net.is_negative() ? Money() : net;
        const Money credit = net.is_negative() ? -net : Money();
        debits += debit;
        credits += credit;
        rows.push_back(json::object{{"account", row.account},
                                    {"name", gl_name(office.catalogue().gl, row.account)},
                                    {"debit", debit.to_string()},
                                    {"credit", credit.to_string()}});
    }
    return {
        {"report", "trial-balance"},
        {"as_of", as_of.to_string()},
        {"rows", std::move(rows)},
        {"totals", json::object{{"debit", debits.to_string()}, {"credit", credits.to_string()}}}};
}

json::object cash_receipts(Office& office, Date as_of, Date known_on) {
    const CashDay day = reconcile_cash(office, as_of, known_on);
    json::array rows;
    for (const CashLine& line : day.lines) {
        rows.push_back(json::object{
            {"channel", line.channel},
            {"batch", line.batch},
            {"count", line.count},
            {"posted", line.posted.to_string()},
            {"declared", line.declared ? json::value(line.declared->to_string()) : json::value()}});
    }
    return {{"report", "cash-receipts"},
            {"as_of", as_of.to_string()},
            {"rows", std::move(rows)},
            {"totals", json::object{{"posted", day.posted.to_string()},
                                    {"ledger", day.ledger_movement.to_string()},
                                    {"suspense", day.suspense_balance.to_string()},
                                    {"ties", day.ties}}}};
}

json::object billing_register(Office& office, Date as_of, Date known_on) {
    json::array rows;
    Money charges;
    std::int64_t bills = 0;
    for (const auto& bill : office.bills().issued({as_of, as_of + 1}, known_on)) {
        ++bills;
        charges += bill.current_charges;
        rows.push_back(json::object{{"bill", bill.number},
                                    {"account", customers::account_number(bill.account)},
                                    {"cycle", bill.cycle},
                                    {"from", bill.period.from.to_string()},
                                    {"until", bill.period.until.to_string()},
                                    {"due", bill.due_date.to_string()},
                                    {"current_charges", bill.current_charges.to_string()},
                                    {"amount_due", bill.amount_due.to_string()}});
    }
    return {{"report", "billing-register"},
            {"as_of", as_of.to_string()},
            {"rows", std::move(rows)},
            {"totals", json::object{{"bills", bills}, {"current_charges", charges.to_string()}}}};
}

struct Report {
    std::string_view name;
    json::object (*run)(Office&, Date, Date);
};

constexpr Report reports[] = {
    {"trial-balance", trial_balance},
    {"cash-receipts", cash_receipts},
    {"billing-register", billing_register},
};

}  // namespace

std::string known_reports() {
    std::string names;
    for (const Report& report : reports) {
        if (!names.empty()) names += ", ";
        names += report.name;
    }
    return names;
}

std::vector<std::string> names_of_reports() {
    std::vector<std::string> names;
    for (const Report& report : reports) names.emplace_back(report.name);
    return names;
}

Result<json::object> run_report(Office& office, const std::string& name, Date as_of,
                                Date known_on) {
    for (const Report& report : reports) {
        if (report.name != name) continue;
        json::object answer = report.run(office, as_of, known_on);
        answer["known_on"] =
            known_on >= service::now_known ? json::value() : json::value(known_on.to_string());
        return answer;
    }
    return Error(errors::report_unknown, {{"report", name}, {"known", known_reports()}});
}

CashDay reconcile_cash(Office& office, Date date, Date known_on) {
    CashDay day;
    day.date = date;
    std::map<std::string, worklist::ReceivedFile> files;
    for (const auto& total : office.payments().totals_of_day(date, known_on)) {
        CashLine line{total.channel, total.batch, total.count, total.amount, std::nullopt};
        if (const auto file = office.files().find(total.batch)) {
            line.batch = file->name;
            line.declared = file->declared_total;
        }
        day.posted += total.amount;
        day.lines.push_back(std::move(line));
    }
    day.ledger_movement = net_balance(office, ledger::gl::cash_clearing, date, known_on) -
                          net_balance(office, ledger::gl::cash_clearing, date - 1, known_on);
    day.suspense_balance = -net_balance(office, ledger::gl::suspense, date, known_on);
    day.ties = day.posted == day.ledger_movement;
    for (const CashLine& line : day.lines) {
        if (line.declared && *line.declared != line.posted) day.ties = false;
    }
    return day;
}

}  // namespace watthour::app
