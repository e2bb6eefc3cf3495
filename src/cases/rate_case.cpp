// SPDX-License-Identifier: Apache-2.0
#include "cases/rate_case.hpp"

#include "cases/rate_case_input.hpp"
#include "cases/read_year_case.hpp"
#include "rating/deposit_interest.hpp"
#include "rating/statement_json.hpp"

namespace watthour::cases {

namespace {

void put_deposit(const tariff::Catalogue& catalogue, const CaseDeposit& deposit,
                 const rating::DepositInterest& interest, json::object& into) {
    json::array years;
    for (const rating::InterestYear& year : interest.years) {
        years.push_back(json::object{
            {"year", year.year}, {"days", year.days}, {"rate_percent", year.percent.to_string()}});
    }
    into["deposit_interest"] = std::move(years);
    const tariff::GlMap& gl = catalogue.gl;
    std::vector<rating::JournalLeg> journal{
        {gl.role("receivable"), Money(), deposit.amount + interest.interest},
        {gl.role("deposits"), deposit.amount, Money()}};
    if (!interest.interest.is_zero()) {
        journal.push_back({gl.role("deposit_interest"), interest.interest, Money()});
    }
    into["deposit_journal"] = rating::to_json(journal);
}

/// What the customer owes after this bill, or has to his credit.
Result<void> put_account(const tariff::Catalogue& catalogue, const CaseAccount& account,
                         Money current_charges, json::object& into) {
    json::object shown;
    Money due = account.previous_balance - account.payments + current_charges;
    shown["previous_balance"] = account.previous_balance.to_string();
    shown["payments"] = (-account.payments).to_string();
    shown["current_charges"] = current_charges.to_string();
    if (account.deposit) {
        const CaseDeposit& deposit = *account.deposit;
        TRY(const rating::DepositInterest interest,
            rating::deposit_interest(catalogue.deposits, deposit.amount, deposit.received,
                                     deposit.applied));
        due -= deposit.amount + interest.interest;
        shown["deposit_applied"] = (-deposit.amount).to_string();
        shown["deposit_interest"] = (-interest.interest).to_string();
        put_deposit(catalogue, deposit, interest, into);
    }
    if (due.is_negative()) {
        shown["credit_balance"] = (-due).to_string();
    } else {
        shown["amount_due"] = due.to_string();
    }
    into["account"] = std::move(shown);
    return {};
}

Result<json::object> rate_statement(const tariff::Catalogue& catalogue,
                                    const CaseStatement& statement) {
    // Without a plan the period is what is wrong, and rating says so.
    TRY(const rating::RatedStatement rated,
        statement.plan ? rating::rate_by(*statement.plan, statement.request)
                       : rating::rate(catalogue, statement.request));
    json::object shown;
    shown["n"] = statement.n;
    if (statement.interval_count) {
        shown["interval_count"] = *statement.interval_count;
        shown["hours"] =
            Decimal(std::int64_t{*statement.interval_count} * statement.interval_minutes * 100 / 60,
                    2)
                .to_shortest();
    }
    for (auto& member : rating::to_json(rated, rating::JsonDetail::plain)) {
        shown[member.key()] = member.value();
    }
    if (statement.account) {
        TRY_DONE(put_account(catalogue, *statement.account, rated.current_charges, shown));
    }
    return shown;
}

}  // namespace

Result<json::value> rate_case(std::string_view json_text, std::string_view file_name) {
    return rate_case(json_text, file_name, tariff::valdoro());
}

Result<json::value> rate_case(std::string_view json_text, std::string_view file_name,
                              const tariff::Catalogue& catalogue) {
    TRY(const json::value parsed, parse_json(json_text, file_name));
    if (const YearForm form = year_form_of(parsed); form != YearForm::none) {
        TRY(const YearCase given, read_year_case(parsed, file_name, form));
        return answer_year_case(given, form);
    }
    CaseProblems problems{std::string(file_name), {}};
    const CaseValue file(&parsed, "", problems);
    file.fields({"id", "statements"}, {"schema", "title", "exercises", "notes", "summary"});
    json::object answer;
    answer["id"] = file.at("id").text();
    json::array statements;
    for (const CaseValue& item : file.at("statements").items()) {
        const CaseStatement statement = read_case_statement(item, catalogue);
        if (problems.first) break;
        TRY(json::object shown, rate_statement(catalogue, statement));
        statements.push_back(std::move(shown));
    }
    if (problems.first) return *problems.first;
    answer["statements"] = std::move(statements);
    return json::value(std::move(answer));
}

}  // namespace watthour::cases
