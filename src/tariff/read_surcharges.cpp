// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

namespace watthour::tariff {

namespace {

Fee read_fee(const YamlValue& value) {
    Fee fee;
    fee.form = value.at("form").word<FeeForm>(
        {{"amount", FeeForm::amount},
         {"amount_with_discount", FeeForm::amount_with_discount},
         {"greater_of_minimum_and_percent", FeeForm::greater_of_minimum_and_percent}});
    switch (fee.form) {
        case FeeForm::amount:
            value.keys({"code", "text", "form", "amount"});
            fee.amount = value.at("amount").money();
            break;
        case FeeForm::amount_with_discount:
            value.keys({"code", "text", "form", "amount", "discount", "discounted_amount"});
            fee.amount = value.at("amount").money();
            fee.discount = value.at("discount").text();
            fee.discounted_amount = value.at("discounted_amount").money();
            break;
        case FeeForm::greater_of_minimum_and_percent:
            value.keys(
                {"code", "text", "form", "minimum", "percent", "of", "from_past_due", "rounding"});
            value.at("of").must_be("past_due");
            fee.amount = value.at("minimum").money();
            fee.percent = value.at("percent").decimal();
            fee.from_past_due = value.at("from_past_due").money();
            fee.rounding = read_rounding(value.at("rounding"));
            break;
    }
    fee.code = value.at("code").text();
    fee.text = value.at("text").local_text();
    return fee;
}

void read_deposits(const YamlValue& value, DepositRules& into) {
    value.keys({"residential", "commercial", "interest"});
    const YamlValue home = value.at("residential");
    home.keys({"form", "amount", "bills", "refund_after_months", "most_late_in_12_months"});
    home.at("form").must_be("greater_of_amount_and_average_bills");
    into.residential_amount = home.at("amount").money();
    into.residential_average_bills = home.at("bills").whole();
    into.residential_refund_months = home.at("refund_after_months").whole();
    into.residential_most_late = home.at("most_late_in_12_months").whole();
    const YamlValue trade = value.at("commercial");
    trade.keys({"form", "bills", "refund_after_months"});
    trade.at("form").must_be("highest_estimated_bills");
    into.commercial_highest_bills = trade.at("bills").whole();
    into.commercial_refund_months = trade.at("refund_after_months").whole();
    const YamlValue interest = value.at("interest");
    interest.keys({"rule", "from", "through", "rounding", "percent_by_year"});
    interest.at("rule").must_be("simple_actual_over_365_by_calendar_year");
    interest.at("from").must_be("day_after_receipt");
    interest.at("through").must_be("day_of_application");
    into.interest_rounding = read_rounding(interest.at("rounding"));
    for (const auto& [year, percent] : interest.at("percent_by_year").members()) {
        const auto number = parse_integer(year);
        if (!number) percent.refuse_value("a percentage under a year");
        into.interest_percent_by_year[static_cast<int>(number.value_or(0))] = percent.decimal();
    }
}

}  // namespace

void read_dated_prices(const YamlValue& list, std::string_view name, const std::string& terms,
                       std::vector<DatedPrice>& into) {
    for (const YamlValue& item : list.items()) {
        item.keys({"effective", "price"});
        DatedPrice version{item.at("effective").date(), item.at("price").decimal(), {}};
        check_order(item.at("effective"), version.effective,
                    into.empty() ? nullptr : &into.back().effective);
        version.clause = clause_of(name, version.effective, sha256_hex(terms + item.canonical()));
        into.push_back(std::move(version));
    }
    if (into.empty()) list.refuse_value("at least one version");
}

Rounding read_rounding(const YamlValue& value) {
    return value.word<Rounding>({{"cent_half_away_from_zero", Rounding::half_away_from_zero},
                                 {"cent_half_even", Rounding::half_even},
                                 {"cent_toward_zero", Rounding::toward_zero}});
}

BaseSet read_bases(const YamlValue& list, const Catalogue& catalogue) {
    BaseSet set = 0;
    for (const YamlValue& item : list.items()) {
        const int index = catalogue.base_index(item.text());
        if (index >= 0) {
            set |= 1U << static_cast<unsigned>(index);
            continue;
        }
        std::string known;
        for (const std::string& base : catalogue.bases) known += (known.empty() ? "" : ", ") + base;
        item.refuse(errors::reference_unknown, {{"text", item.text()}, {"known", known}});
    }
    return set;
}

std::string read_ledger(const YamlValue& word, const Catalogue& catalogue,
                        std::string_view schedule) {
    const std::string text = word.text();
    if (catalogue.gl.accounts.empty()) return text;  // a file that stands alone has no accounts
    const auto& map =
        text == "revenue" ? catalogue.gl.revenue_by_schedule : catalogue.gl.account_by_word;
    const std::string key = text == "revenue" ? std::string(schedule) : text;
    if (const auto found = map.find(key); found != map.end()) return found->second;
    std::string known = "revenue";
    for (const auto& [name, account] : catalogue.gl.account_by_word) known += ", " + name;
    word.refuse(errors::reference_unknown,
                {{"text", text == "revenue" ? "revenue of " + key : text}, {"known", known}});
    return {};
}

std::string clause_of(std::string_view name, Date effective, std::string_view content_hash) {
    return std::string(name) + " " + effective.to_string() +
           " sha256:" + std::string(content_hash.substr(0, 16));
}

void check_order(const YamlValue& at, Date effective, const Date* before) {
    if (before == nullptr || *before < effective || at.failed()) return;
    at.refuse(errors::version_out_of_order,
              {{"date", effective.to_string()}, {"before", before->to_string()}});
}

void read_discounts(const YamlValue& file, Catalogue& into) {
    file.keys({"discounts"});
    // The bases of percentages are named before any list can refer to them.
    for (const YamlValue& item : file.at("discounts").items()) {
        Discount discount;
        discount.code = item.at("code").text();
        discount.form =
            item.at("form").word<DiscountForm>({{"percent_of_base", DiscountForm::percent_of_base},
                                                {"allowance", DiscountForm::allowance},
                                                {"exemption_only", DiscountForm::exemption_only}});
        if (discount.form == DiscountForm::percent_of_base) {
            discount.base = into.base_index(discount.code);
        }
        into.discounts.push_back(std::move(discount));
    }
    std::size_t index = 0;
    for (const YamlValue& item : file.at("discounts").items()) {
        Discount& discount = into.discounts[index++];
        switch (discount.form) {
            case DiscountForm::percent_of_base:
                item.keys({"code", "name", "text", "form", "percent", "share", "rounding",
                           "in_base_of", "ledger", "grants_exemption", "recertify_months",
                           "transfers_on_move"});
                item.at("share").must_be("active_days_of_period");
                discount.percent = item.at("percent").decimal();
                discount.rounding = read_rounding(item.at("rounding"));
                discount.in_base_of = read_bases(item.at("in_base_of"), into);
                discount.ledger_account = read_ledger(item.at("ledger"), into, "");
                break;
            case DiscountForm::allowance:
                item.keys({"code", "name", "text", "form", "kwh_per_day", "share",
                           "grants_exemption", "recertify_months", "transfers_on_move"});
                item.at("share").must_be("active_days_of_segment");
                discount.kwh_per_day = item.at("kwh_per_day").decimal();
                break;
            case DiscountForm::exemption_only:
                item.keys({"code", "name", "text", "form", "grants_exemption", "recertify_months",
                           "transfers_on_move"});
                break;
        }
        discount.name = item.at("name").local_text();
        discount.text = item.at("text").local_text();
        const std::string flag = item.at("grants_exemption").text();
        if (flag != "none") discount.grants_exemption = flag;
        if (item.at("recertify_months").text() != "none") {
            discount.recertify_months = item.at("recertify_months").whole();
        }
        discount.transfers_on_move = item.at("transfers_on_move").yes_no();
        discount.clause = discount.code + " sha256:" + sha256_hex(item.canonical()).substr(0, 16);
    }
}

void read_taxes(const YamlValue& file, Catalogue& into) {
    file.keys({"taxes"});
    for (const YamlValue& item : file.at("taxes").items()) {
        item.keys({"code", "text", "quantity", "version_on", "versions", "base_below_zero", "cap",
                   "exempt_flags", "exemption_test_day", "rounding", "in_base_of", "group",
                   "ledger"});
        Tax tax;
        tax.code = item.at("code").text();
        tax.text = item.at("text").local_text();
        tax.form = item.at("quantity")
                       .word<TaxForm>({{"percent_of_base", TaxForm::percent_of_base},
                                       {"delivered_kwh", TaxForm::delivered_kwh}});
        if (tax.form == TaxForm::percent_of_base) tax.base = into.base_index(tax.code);
        item.at("version_on").must_be("first_day");
        item.at("base_below_zero").must_be("counts_as_zero");
        item.at("exemption_test_day").must_be("last_service_day");
        const std::string terms = tax.code + item.at("cap").canonical() +
                                  item.at("exempt_flags").canonical() +
                                  item.at("in_base_of").canonical();
        read_dated_prices(item.at("versions"), tax.code, terms, tax.versions);
        const YamlValue cap = item.at("cap");
        if (cap.canonical() != "4:none") {
            cap.keys({"amount", "per"});
            cap.at("per").must_be("account_and_fiscal_year");
            tax.fiscal_year_cap = cap.at("amount").money();
        }
        tax.exempt_flags = item.at("exempt_flags").texts();
        tax.rounding = read_rounding(item.at("rounding"));
        tax.in_base_of = read_bases(item.at("in_base_of"), into);
        tax.group = item.at("group").word<std::string>({{"pbc", "pbc"}, {"tax", "tax"}});
        tax.ledger_account = read_ledger(item.at("ledger"), into, "");
        into.taxes.push_back(std::move(tax));
    }
}

void read_adjustment(const YamlValue& file, Catalogue& into) {
    file.keys({"adjustment", "text", "applies", "quantity", "split", "kwh_split", "rounding",
               "in_base_of", "ledger", "versions"});
    Adjustment adjustment;
    adjustment.code = file.at("adjustment").text();
    adjustment.text = file.at("text").local_text();
    file.at("applies").must_be("everyone");
    file.at("quantity").must_be("kwh");
    file.at("split").must_be("own_price");
    file.at("kwh_split").must_be("as_the_schedule");
    file.at("ledger").must_be("revenue");
    adjustment.rounding = read_rounding(file.at("rounding"));
    adjustment.in_base_of = read_bases(file.at("in_base_of"), into);
    read_dated_prices(file.at("versions"), adjustment.code,
                      adjustment.code + file.at("in_base_of").canonical(), adjustment.versions);
    into.adjustments.push_back(std::move(adjustment));
}

void read_fees(const YamlValue& file, Catalogue& into) {
    file.keys({"fees", "deposits"});
    const YamlValue fees = file.at("fees");
    fees.keys({"in_base_of", "ledger", "version_on", "versions"});
    fees.at("version_on").must_be("last_service_day");
    if (!fees.at("in_base_of").items().empty()) {
        fees.at("in_base_of").refuse_value("an empty list, because fees carry no tax");
    }
    into.fees.ledger_account = read_ledger(fees.at("ledger"), into, "");
    for (const YamlValue& item : fees.at("versions").items()) {
        item.keys({"effective", "fees"});
        FeeVersion version;
        version.effective = item.at("effective").date();
        check_order(item.at("effective"), version.effective,
                    into.fees.versions.empty() ? nullptr : &into.fees.versions.back().effective);
        for (const YamlValue& fee : item.at("fees").items()) version.fees.push_back(read_fee(fee));
        version.clause = clause_of("FEES", version.effective, sha256_hex(item.canonical()));
        into.fees.versions.push_back(std::move(version));
    }
    read_deposits(file.at("deposits"), into.deposits);
}

}  // namespace watthour::tariff
