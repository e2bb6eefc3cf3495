// SPDX-License-Identifier: Apache-2.0
// Statements that tell who is served where, on what schedule, by which meter.
#include "base/text.hpp"
#include "metering/meter_details.hpp"
#include "stage.hpp"

#include <algorithm>

namespace watthour::scenarios {
namespace {

metering::MeterId meter_id(const std::string& serial) { return {id_from_key("meter", serial)}; }

service::ServicePointId point_id(const std::string& name) {
    return {id_from_key("service_point", name)};
}

DateRange dates_of(Words& words) {
    words.literal("from");
    const Date from = words.date();
    return {from, words.maybe("until") ? words.date() : end_of_time};
}

void add_account(Stage& stage, Words& words) {
    customers::Account account;
    account.id = words.account();
    account.name = words.text("a name");
    account.language = words.maybe("language") ? words.text("a language") : "en";
    account.person = {id_from_key("person", account.number())};
    account.mailing = {"1 Acequia Street", "Valdoro", "CA", "00000"};
    account.opened = Date::ymd(2020, 1, 1);
    stage.pending().people.push_back(
        {account.person, account.name, account.language, "+1-555-0100", ""});
    stage.accounts.push_back(account.id);
    stage.pending().accounts.push_back(std::move(account));
}

void add_point(Stage& stage, Words& words) {
    const std::string name = words.text("a point");
    service::ServicePoint point;
    point.id = point_id(name);
    point.premise = {id_from_key("premise", name)};
    words.literal("cycle");
    point.cycle = words.text("a cycle");
    words.literal("route");
    point.route = words.text("a route");
    point.sequence = static_cast<int>(stage.pending().points.size() + 1) * 10;
    point.reading = words.maybe("manual") ? "manual" : words.maybe("opt-out") ? "opt_out" : "ami";
    stage.pending().premises.push_back(
        {point.premise, "House of " + name, "", "Valdoro", "CA", "00000", "VALDORO"});
    stage.pending().points.push_back(std::move(point));
}

void add_agreement(Stage& stage, Words& words) {
    const std::string name = words.text("an agreement");
    service::ServiceAgreement agreement;
    words.literal("account");
    agreement.account = words.account();
    words.literal("at");
    agreement.service_point = point_id(words.text("a point"));
    agreement.active = dates_of(words);
    words.literal("schedule");
    agreement.schedule = words.text("a schedule");
    if (words.maybe("option")) agreement.option = words.text("an option");
    if (words.maybe("phase")) agreement.phase = words.text("a phase");
    agreement.id = {id_from_key("agreement", customers::account_number(agreement.account) + "|" +
                                                 agreement.active.from.to_string())};
    stage.agreements[name] = agreement.id;
    stage.pending().agreements.push_back(std::move(agreement));
}

void add_program(Stage& stage, Words& words) {
    const std::string name = words.text("an agreement");
    service::AgreementProgram program;
    program.kind = words.text("discount or exemption");
    program.code = words.text("a program");
    program.active = dates_of(words);
    for (auto& agreement : stage.pending().agreements) {
        if (stage.agreements[name] == agreement.id) {
            agreement.programs.push_back(std::move(program));
            return;
        }
    }
    throw NotUnderstood("a program follows its agreement; there is no new agreement " + name);
}

void add_mandate(Stage& stage, Words& words) {
    customers::BankMandate mandate;
    mandate.account = words.account();
    mandate.kind = words.text("checking or savings");
    words.literal("routing");
    mandate.routing = words.text("a routing number");
    words.literal("number");
    mandate.bank_account = words.text("a bank account");
    words.literal("from");
    mandate.from = words.date();
    mandate.state = "active";
    stage.pending().mandates.push_back(std::move(mandate));
}

void add_channel(Stage& stage, const std::string& serial, const char* code, int minutes) {
    stage.pending().channels.push_back(
        {{id_from_key("channel", serial + "|" + code)}, meter_id(serial), code, minutes});
}

/// `dials 5 multiplier 1 [set 04120] [intervals 60] [role check]`; without a set read there is no
/// register.
void install(Stage& stage, const std::string& serial, service::ServicePointId point, Date from,
             Words& words) {
    metering::Meter meter;
    meter.id = meter_id(serial);
    meter.serial = serial;
    meter.make = "Tessera A2";
    if (words.maybe("dials")) meter.dials = static_cast<int>(words.whole("dials"));
    if (words.maybe("multiplier")) meter.multiplier = words.decimal("a multiplier");
    metering::MeterInstallation installation{meter.id, point, {from, end_of_time}, "", ""};
    if (words.maybe("set")) {
        installation.set_read = words.text("a read");
        add_channel(stage, serial, "KWH-REG", 0);
    }
    if (words.maybe("intervals")) {
        add_channel(stage, serial, "KWH-INT", static_cast<int>(words.whole("minutes")));
    }
    while (words.maybe("register")) {
        add_channel(stage, serial, words.text("a register").c_str(), 0);
    }
    if (words.maybe("role")) {
        const std::string role = words.text("a role");
        if (!metering::is_role(role)) throw NotUnderstood(role + " is no role of a meter");
        installation.role = metering::role_of(role);
    }
    stage.pending().meters.push_back(std::move(meter));
    stage.pending().installations.push_back(std::move(installation));
}

void add_meter(Stage& stage, Words& words) {
    const std::string serial = words.text("a meter");
    words.literal("at");
    const auto point = point_id(words.text("a point"));
    words.literal("from");
    const Date from = words.date();
    install(stage, serial, point, from, words);
}

void exchange(Stage& stage, Words& words) {
    const std::string old_serial = words.text("a meter");
    words.literal("for");
    const std::string serial = words.text("a meter");
    words.literal("at");
    const auto point = point_id(words.text("a point"));
    words.literal("on");
    const Date on = words.date();
    words.literal("removal");
    const std::string removal = words.text("a read");
    auto& installed = stage.pending().installations;
    const auto old = std::find_if(
        installed.begin(), installed.end(),
        [&](const auto& installation) { return installation.meter == meter_id(old_serial); });
    if (old == installed.end()) {
        throw NotUnderstood("an exchange follows its meter; there is no new meter " + old_serial);
    }
    old->active.until = on;
    old->removal_read = removal;
    install(stage, serial, point, on, words);
}

}  // namespace

bool set_up(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "today") {
        stage.today = words.date();
    } else if (verb == "account") {
        add_account(stage, words);
    } else if (verb == "point") {
        add_point(stage, words);
    } else if (verb == "agreement") {
        add_agreement(stage, words);
    } else if (verb == "program") {
        add_program(stage, words);
    } else if (verb == "mandate") {
        add_mandate(stage, words);
    } else if (verb == "meter") {
        add_meter(stage, words);
    } else if (verb == "exchange") {
        exchange(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
