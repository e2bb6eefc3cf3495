// SPDX-License-Identifier: Apache-2.0
#include "sample/customers.hpp"

#include "base/text.hpp"
#include "formats/scan_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace watthour::sample {
namespace {

bool is_home(const std::string& schedule) { return schedule.starts_with("R-"); }

/// Public bodies are one in thirty of the businesses; the agreement and the name must agree.
bool is_public_body(const std::string& schedule, customers::AccountId account, std::int64_t seed) {
    return !is_home(schedule) && Chance(seed, account.value, "public body").between(0, 30) == 0;
}

/// Nine digits with a right check digit whose first two, 99, no bank has: nobody can be drafted.
std::string invented_routing(Chance& chance) {
    const std::string digits = fmt::format("99{:06}", 100 * chance.between(11, 17));
    return digits + formats::routing_check_digit(digits);
}

std::string mail_name(std::string_view name) {
    std::string plain = lower_case(plain_ascii(name));
    std::erase_if(plain, [](char c) { return !(c == ' ' || (c >= 'a' && c <= 'z')); });
    std::replace(plain.begin(), plain.end(), ' ', '.');
    return plain;
}

customers::BankMandate mandate_of(const CustomerSeat& seat, Date opened, Chance& chance) {
    customers::BankMandate mandate;
    mandate.account = seat.account;
    mandate.routing = invented_routing(chance);
    mandate.bank_account =
        fmt::format("{:05}{:05}", chance.between(10000, 99999), chance.between(0, 99999));
    mandate.kind = chance.percent(80) ? "checking" : "savings";
    mandate.state = "active";
    mandate.from = std::max(opened, seat.served.from);
    return mandate;
}

void add_program(std::vector<service::AgreementProgram>& programs, const char* code,
                 const char* kind, DateRange served, Chance& chance) {
    DateRange active = served;
    // Dated inside a month on purpose, so that shares of a period are seen.
    if (chance.percent(10)) active.from = std::max(active.from, Date::ymd(2025, 11, 15));
    if (chance.percent(10)) active.until = std::min(active.until, Date::ymd(2026, 3, 20));
    if (!active.is_empty()) programs.push_back({code, kind, active});
}

}  // namespace

void add_customer(SampleUtility& utility, const CustomerSeat& seat, std::int64_t seed) {
    const std::string number = customers::account_number(seat.account);
    Chance chance(seed, seat.account.value, "customer");
    HouseholdName name;
    if (is_public_body(seat.schedule, seat.account, seed)) {
        name = {public_body_name(chance), "en"};
    } else {
        name = is_home(seat.schedule) ? household_name(chance) : business_name(chance);
    }
    customers::Person person;
    person.id = {id_from_key("person", number)};
    person.name = name.name;
    person.language = name.language;
    person.phone = fmt::format("+1-555-01{:02}", chance.between(0, 100));
    if (chance.percent(70)) {
        person.email = fmt::format("{}.{}@example.com", mail_name(name.name), number.substr(6, 4));
    }
    customers::Account account;
    account.id = seat.account;
    account.person = person.id;
    account.name = name.name;
    account.language = name.language;
    account.mailing = {seat.premise.street, seat.premise.city, seat.premise.state,
                       seat.premise.zip};
    if (!seat.premise.unit.empty()) account.mailing.street += ", " + seat.premise.unit;
    if (chance.percent(6)) {
        account.mailing.street = fmt::format("PO Box {}", chance.between(100, 4000));
    }
    const bool newcomer = seat.served.from >= Date::ymd(2025, 7, 1);
    account.opened = newcomer ? seat.served.from : reads_begin - chance.between(30, 6000);
    if (chance.percent(30)) utility.mandates.push_back(mandate_of(seat, account.opened, chance));
    utility.people.push_back(std::move(person));
    utility.accounts.push_back(std::move(account));
}

std::vector<service::AgreementProgram> programs_of(const std::string& schedule, DateRange served,
                                                   customers::AccountId account,
                                                   std::int64_t seed) {
    std::vector<service::AgreementProgram> programs;
    if (is_public_body(schedule, account, seed)) {
        programs.push_back({"GOVERNMENT", "exemption", served});
    }
    if (!is_home(schedule)) return programs;
    Chance chance(seed, account.value, "programs");
    if (chance.percent(12)) add_program(programs, "EAP", "discount", served, chance);
    if (chance.percent(3)) {
        add_program(programs, schedule == "R-1" ? "MED-ALLOW" : "MED-PCT", "discount", served,
                    chance);
    }
    if (chance.percent(4)) add_program(programs, "SENIOR", "exemption", served, chance);
    return programs;
}

}  // namespace watthour::sample
