// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

RiderPlace read_place(const YamlValue& value) {
    return value.word<RiderPlace>({{"after_energy", RiderPlace::after_energy},
                                   {"after_adjustments", RiderPlace::after_adjustments},
                                   {"after_discounts", RiderPlace::after_discounts},
                                   {"after_taxes", RiderPlace::after_taxes}});
}

/// "" means the revenue of the schedule that the agreement is on.
std::string read_rider_ledger(const YamlValue& word, const Catalogue& catalogue) {
    return word.text() == "revenue" ? std::string() : read_ledger(word, catalogue, "");
}

BankTerms read_bank(const YamlValue& value, const Catalogue& catalogue) {
    value.keys(
        {"earns", "pays", "use", "place", "deposit", "apply", "in_base_of", "group", "ledger"});
    BankTerms bank;
    using Earns = BankTerms::Earns;
    bank.earns = value.at("earns").word<Earns>(
        {{"lines_below_zero", Earns::lines_below_zero}, {"credit_lines", Earns::credit_lines}});
    if (value.at("pays").is_text()) {
        value.at("pays").must_be("all_lines_before");
        if (bank.earns == Earns::lines_below_zero) {
            value.at("pays").refuse_value("a list of charges, for their lines below zero count");
        }
    } else {
        bank.pays = value.at("pays").texts();
    }
    bank.same_period = value.at("use").word<bool>({{"same_period", true}, {"next_period", false}});
    bank.place = read_place(value.at("place"));
    const YamlValue deposit = value.at("deposit");
    deposit.keys({"code", "text"});
    bank.deposit_code = deposit.at("code").text();
    bank.deposit_text = deposit.at("text").local_text();
    const YamlValue apply = value.at("apply");
    apply.keys({"code", "text"});
    bank.apply_code = apply.at("code").text();
    bank.apply_text = apply.at("text").local_text();
    bank.in_base_of = read_bases(value.at("in_base_of"), catalogue);
    bank.group = value.at("group").text();
    bank.ledger_account = read_rider_ledger(value.at("ledger"), catalogue);
    return bank;
}

AccrualTerms read_accrual(const YamlValue& value, const Catalogue& catalogue) {
    value.keys({"charges", "less", "code", "text", "in_base_of", "group", "ledger"});
    AccrualTerms accrual;
    accrual.charges = value.at("charges").texts();
    if (value.at("less").text() != "none") accrual.less_charge = value.at("less").text();
    accrual.code = value.at("code").text();
    accrual.text = value.at("text").local_text();
    accrual.in_base_of = read_bases(value.at("in_base_of"), catalogue);
    accrual.group = value.at("group").text();
    accrual.ledger_account = read_rider_ledger(value.at("ledger"), catalogue);
    return accrual;
}

TrueUpTerms read_true_up(const YamlValue& value, const Catalogue& catalogue) {
    value.keys({"periods", "bank", "surplus"}, {"payout"});
    TrueUpTerms terms;
    terms.periods = value.at("periods").whole();
    using Bank = TrueUpTerms::Bank;
    terms.bank = value.at("bank").word<Bank>(
        {{"forfeited", Bank::forfeited}, {"paid", Bank::paid}, {"kept", Bank::kept}});
    if (terms.bank == Bank::paid) {
        const YamlValue payout = value.at("payout");
        payout.keys({"code", "text"});
        terms.payout_code = payout.at("code").text();
        terms.payout_text = payout.at("text").local_text();
    }
    const YamlValue surplus = value.at("surplus");
    if (surplus.is_text()) {
        surplus.must_be("none");
        return terms;
    }
    surplus.keys({"code", "text", "to", "group", "ledger", "versions"});
    SurplusTerms paid;
    paid.code = surplus.at("code").text();
    paid.text = surplus.at("text").local_text();
    paid.to_bank = surplus.at("to").word<bool>({{"customer", false}, {"bank", true}});
    paid.group = surplus.at("group").text();
    paid.ledger_account = read_rider_ledger(surplus.at("ledger"), catalogue);
    read_dated_prices(surplus.at("versions"), paid.code, paid.code, paid.versions);
    terms.surplus = std::move(paid);
    return terms;
}

template <class Read>
auto read_or_none(const YamlValue& value, Read read) {
    using Value = decltype(read(value));
    if (value.is_text()) {
        value.must_be("none");
        return std::optional<Value>();
    }
    return std::optional<Value>(read(value));
}

RiderTerms read_terms(const YamlValue& value, const Catalogue& catalogue) {
    RiderTerms terms;
    const YamlValue energy = value.at("energy");
    energy.keys({"billed", "netting", "below_zero"});
    terms.billed = energy.at("billed").word<EnergyKind>({{"delivered", EnergyKind::delivered},
                                                         {"net", EnergyKind::net},
                                                         {"gross", EnergyKind::gross}});
    terms.netting = energy.at("netting").word<Netting>({{"none", Netting::none},
                                                        {"period", Netting::period},
                                                        {"tou_period", Netting::tou_period}});
    if ((terms.billed == EnergyKind::net) != (terms.netting != Netting::none)) {
        energy.at("netting").refuse_value("period or tou_period for net energy, and only for it,");
    }
    terms.below_zero = energy.at("below_zero")
                           .word<BelowZero>({{"negative_lines", BelowZero::negative_lines},
                                             {"kwh_bank", BelowZero::kwh_bank},
                                             {"exported", BelowZero::exported}});
    terms.without = value.at("without").texts();
    terms.credit_text = value.at("credit_text").local_text();
    for (const std::string* text : {&terms.credit_text.en, &terms.credit_text.es}) {
        if (text->find("{line}") == std::string::npos) {
            value.at("credit_text").refuse_value("a text with {line} in it");
        }
    }
    terms.bank = read_or_none(value.at("bank"),
                              [&](const YamlValue& bank) { return read_bank(bank, catalogue); });
    terms.accrual = read_or_none(value.at("accrual"), [&](const YamlValue& accrual) {
        return read_accrual(accrual, catalogue);
    });
    terms.true_up = read_or_none(value.at("true_up"), [&](const YamlValue& true_up) {
        return read_true_up(true_up, catalogue);
    });
    return terms;
}

}  // namespace

void read_rider(const YamlValue& file, Catalogue& into) {
    file.keys({"rider", "name", "applies_to", "schedules", "versions"});
    Rider rider;
    rider.code = file.at("rider").text();
    rider.name = file.at("name").local_text();
    rider.applies_to = file.at("applies_to").local_text();
    rider.schedules = file.at("schedules").texts();
    rider.charges.code = rider.code;
    for (const YamlValue& item : file.at("versions").items()) {
        item.keys({"effective", "proration_rules", "energy", "without", "credit_text", "charges",
                   "bank", "accrual", "true_up"},
                  {"demands"});
        ScheduleVersion version = read_version_terms(item, rider.charges, into);
        RiderTerms terms = read_terms(item, into);
        read_charges(item.at("charges"), version, rider.charges, into,
                     [&](const YamlValue& at, Charge& charge) {
                         charge.credit =
                             at.at("pays").word<bool>({{"customer", false}, {"utility", true}});
                         terms.places.push_back(read_place(at.at("place")));
                     });
        version.content_hash = sha256_hex("rider " + rider.code + "\n" + item.canonical());
        version.clause = clause_of(rider.code, version.effective, version.content_hash);
        rider.charges.versions.push_back(std::move(version));
        rider.terms.push_back(std::move(terms));
    }
    if (rider.terms.empty()) file.at("versions").refuse_value("at least one version");
    for (const Rider& earlier : into.riders) {
        if (earlier.code == rider.code) {
            file.at("rider").refuse(errors::code_repeated, {{"text", rider.code}});
        }
    }
    into.riders.push_back(std::move(rider));
}

const RiderTerms* Rider::terms_on(Date date) const {
    const RiderTerms* found = nullptr;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        if (charges.versions[i].effective <= date) found = &terms[i];
    }
    return found;
}

}  // namespace watthour::tariff
