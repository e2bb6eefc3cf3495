// SPDX-License-Identifier: Apache-2.0
#include "app/account_past.hpp"
#include "app/change_contact.hpp"
#include "app/post_payments.hpp"
#include "app/search_index.hpp"
#include "app/usage_view.hpp"
#include "app/views.hpp"
#include "cli/print_answer.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string number;
    std::vector<std::string> words;
    std::string kinds;
    std::string text;
    std::string by = "bill";
    std::string from;
    std::string until;
    std::string why;
    std::map<std::string, std::string> fields;  ///< of the contact, those that change
};

int show(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto account = app::find_account(**office, options.number);
    if (!account) return refuse(common, account.error());
    const Money balance = app::account_balance(**office, account->id);
    const auto agreements =
        (*office)->service().agreements_of_account(account->id, service::now_known);
    const auto bills = (*office)->bills().of_account(account->id);
    const auto payments = (*office)->payments().payments(account->id);
    if (common.json) return print_json(app::account_view(**office, *account));
    say(fmt::format("Account {}, {} ({}), balance {}", account->number(), account->name,
                    account->language, dollars(balance)));
    for (const auto& one : agreements) {
        say(fmt::format("  {} at {}{}, cycle {}, from {}{}", one.agreement.schedule,
                        one.premise.street, one.premise.unit.empty() ? "" : " " + one.premise.unit,
                        one.point.cycle, one.agreement.active.from.to_string(),
                        one.agreement.active.until == end_of_time
                            ? ""
                            : " until " + one.agreement.active.until.to_string()));
    }
    for (const auto& bill : bills) {
        say(fmt::format("  bill {}  dated {}  due {}  charges {:>12}  asked {:>12}", bill.number,
                        bill.bill_date.to_string(), bill.due_date.to_string(),
                        dollars(bill.current_charges), dollars(bill.amount_due)));
    }
    for (const auto& payment : payments) {
        say(fmt::format("  paid {}  {:<8} {:>12}{}", payment.effective.to_string(), payment.channel,
                        dollars(payment.amount), payment.returned ? "  returned by the bank" : ""));
    }
    return 0;
}

/// Half heard, in any order.
int find(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    json::array rows;
    for (const auto& found :
         app::find_accounts(**office, fmt::format("{}", fmt::join(options.words, " ")), 20)) {
        const std::string number = customers::account_number(found.account);
        if (!common.json) say(fmt::format("{}  {:<30} {}", number, found.name, found.street));
        rows.push_back(
            json::object{{"account", number}, {"name", found.name}, {"street", found.street}});
    }
    if (common.json) return print_json(json::object{{"items", std::move(rows)}});
    if (rows.empty()) say("Nobody is called or lives like that.");
    return 0;
}

/// All that happened, the newest first.
int past(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto account = app::find_account(**office, options.number);
    if (!account) return refuse(common, account.error());
    json::array rows;
    for (const auto& entry : app::account_past(**office, account->id)) {
        if (!options.kinds.empty() &&
            ("," + options.kinds + ",").find("," + entry.kind + ",") == std::string::npos) {
            continue;
        }
        if (!common.json) {
            say(fmt::format("{} {:<8} {:>12}  {} {}{}", entry.date.to_string(), entry.kind,
                            entry.amount ? dollars(*entry.amount) : "", entry.reference, entry.text,
                            entry.by.empty() ? "" : " by " + entry.by));
        }
        rows.push_back(app::to_json(entry));
    }
    return common.json ? print_json(json::object{{"items", std::move(rows)}}) : 0;
}

int write_note(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::agreement_change);
    if (!office) return refuse(common, office.error());
    const auto account = app::find_account(**office, options.number);
    if (!account) return refuse(common, account.error());
    const auto entry = app::add_note(**office, account->id, options.text);
    if (!entry) return refuse(common, entry.error());
    if (common.json) return print_json(app::to_json(*entry));
    say("The note is kept with account " + account->number() + ".");
    return 0;
}

/// By bill, month, week, day, hour or interval, as the chart of the workbench has it.
int usage(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    const auto account = app::find_account(**office, options.number);
    if (!account) return refuse(common, account.error());
    const int days = options.by == "bill" || options.by == "month" ? 400
                     : options.by == "day"                         ? 62
                     : options.by == "week"                        ? 182
                                                                   : 7;
    const auto until = date_or(options.until, (*office)->business_date() + 1);
    if (!until) return refuse(common, until.error());
    const auto from = date_or(options.from, *until - days);
    if (!from) return refuse(common, from.error());
    auto points = app::usage_view(**office, account->id, options.by, {*from, *until});
    if (!points) return refuse(common, points.error());
    if (!common.json) {
        print_answer(json::object{{"items", *std::move(points)}});
        return 0;
    }
    return print_json(json::object{{"resolution", options.by},
                                   {"from", from->to_string()},
                                   {"until", until->to_string()},
                                   {"points", *std::move(points)}});
}

/// Shows how an account is called and written to, or changes what is given.
int contact(const Common& common, const Options& options) {
    const bool changes = !options.fields.empty();
    const auto office = common.office_for(changes ? access::permissions::agreement_change
                                                  : access::permissions::bill_view);
    if (!office) return refuse(common, office.error());
    auto contact = app::find_contact(**office, options.number);
    if (!contact) return refuse(common, contact.error());
    if (changes) {
        app::ContactChange change{options.number, *contact, app::version_of(*contact), options.why,
                                  common.dry_run};
        const std::map<std::string, std::string*> places = {
            {"name", &change.contact.name},
            {"language", &change.contact.language},
            {"phone", &change.contact.phone},
            {"email", &change.contact.email},
            {"mailing-street", &change.contact.mailing.street},
            {"mailing-city", &change.contact.mailing.city},
            {"mailing-state", &change.contact.mailing.state},
            {"mailing-zip", &change.contact.mailing.zip}};
        for (const auto& [name, value] : options.fields) *places.at(name) = value;
        contact = app::change_contact(**office, change);
        if (!contact) return refuse(common, contact.error());
    }
    if (common.json) return print_json(app::to_json(*contact));
    print_answer(app::to_json(*contact));
    return 0;
}

void add_contact(CLI::App& account, Common& common, Options& options) {
    auto* command = account.add_subcommand("contact", "How an account is called and written to");
    add_common(*command, common);
    add_dry_run(*command, common);
    command->add_option("number", options.number, "Account number")->required();
    for (const char* name : {"name", "language", "phone", "email", "mailing-street", "mailing-city",
                             "mailing-state", "mailing-zip"}) {
        command->add_option_function<std::string>(
            std::string("--") + name,
            [&options, name](const std::string& value) { options.fields[name] = value; },
            "Change it to this");
    }
    command->add_option("--why", options.why, "The reason, needed for a change");
    command->callback(
        [&common, &options] { common.command = [&] { return contact(common, options); }; });
}

}  // namespace

void add_account(CLI::App& app, Common& common) {
    static Options options;
    auto* account = app.add_subcommand("account", "Customers' accounts");
    account->require_subcommand(1);
    auto* showing = account->add_subcommand("show", "Balance, agreements, bills and payments");
    add_common(*showing, common);
    showing->add_option("number", options.number, "Account number, eleven digits")->required();
    showing->callback([&common] { common.command = [&common] { return show(common, options); }; });
    auto* finding = account->add_subcommand("find", "Accounts by any words, half heard");
    add_common(*finding, common);
    finding->add_option("words", options.words, "Name, street, number, meter, phone")->required();
    finding->callback([&common] { common.command = [&common] { return find(common, options); }; });
    auto* looking = account->add_subcommand("past", "All that happened, the newest first");
    add_common(*looking, common);
    looking->add_option("number", options.number, "Account number")->required();
    looking->add_option("--kinds", options.kinds,
                        "Some of bill,payment,return,entry,read,work,edit,note");
    looking->callback([&common] { common.command = [&common] { return past(common, options); }; });
    auto* writing = account->add_subcommand("note", "Write a remark about an account");
    add_common(*writing, common);
    writing->add_option("number", options.number, "Account number")->required();
    writing->add_option("--text", options.text, "What the next person should know")->required();
    writing->callback(
        [&common] { common.command = [&common] { return write_note(common, options); }; });
    auto* using_it = account->add_subcommand("usage", "What the account used");
    add_common(*using_it, common);
    using_it->add_option("number", options.number, "Account number")->required();
    using_it->add_option("--by", options.by, "bill, month, week, day, hour or interval")
        ->check(CLI::IsMember({"bill", "month", "week", "day", "hour", "interval"}));
    using_it->add_option("--from", options.from, "First day");
    using_it->add_option("--until", options.until, "Day after the last");
    using_it->callback(
        [&common] { common.command = [&common] { return usage(common, options); }; });
    add_contact(*account, common, options);
    account->footer(
        "Examples:\n  watthour account show 10000000017\n"
        "  watthour account usage 10000000017 --by day\n"
        "  watthour account contact 10000000017 --phone 555-0101 --why \"called in\"\n"
        "  watthour account find acequia marin\n"
        "  watthour account past 10000000017 --kinds bill,payment\n"
        "  watthour account show 100-0000-0017\n"
        "  watthour account show 10000000017 --json");
}

}  // namespace watthour::cli
