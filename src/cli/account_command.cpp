// SPDX-License-Identifier: Apache-2.0
#include "app/post_payments.hpp"
#include "app/views.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string number;
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

}  // namespace

void add_account(CLI::App& app, Common& common) {
    static Options options;
    auto* account = app.add_subcommand("account", "Customers' accounts");
    account->require_subcommand(1);
    auto* showing = account->add_subcommand("show", "Balance, agreements, bills and payments");
    add_common(*showing, common);
    showing->add_option("number", options.number, "Account number, eleven digits")->required();
    showing->callback([&common] { common.command = [&common] { return show(common, options); }; });
    account->footer(
        "Examples:\n  watthour account show 10000000017\n"
        "  watthour account show 100-0000-0017\n"
        "  watthour account show 10000000017 --json");
}

}  // namespace watthour::cli
