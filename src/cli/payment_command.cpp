// SPDX-License-Identifier: Apache-2.0
#include "app/authorize.hpp"
#include "app/post_payments.hpp"
#include "app/release_drafts.hpp"
#include "base/files.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string account;
    std::string amount;
    std::string tender = "cash";
    std::string channel = "counter";
    std::string receipt;
    std::string date;
    std::string due_from;
    std::string due_until;
};

int post(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::payment_post);
    if (!office) return refuse(common, office.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    const auto amount = Money::parse(options.amount);
    if (!amount) return refuse(common, amount.error());
    app::CounterPayment request;
    request.account = options.account;
    request.amount = *amount;
    request.tender = options.tender;
    request.date = *date;
    request.dry_run = common.dry_run;
    request.receipt = options.receipt.empty() ? fmt::format("{}-{}-{}", options.account,
                                                            date->to_string(), common.clock->now())
                                              : options.receipt;
    if (!common.dry_run) {
        const std::string parameters = to_text(json::object{{"account", request.account},
                                                            {"amount", request.amount.to_string()},
                                                            {"tender", request.tender},
                                                            {"receipt", request.receipt},
                                                            {"date", request.date.to_string()}});
        const auto allowed = app::authorize(**office, access::permissions::payment_post,
                                            {0, parameters, request.amount, "counter payment"});
        if (!allowed) return refuse(common, allowed.error());
    }
    const auto receipt = app::post_counter_payment(**office, request);
    if (!receipt) return refuse(common, receipt.error());
    if (common.json) {
        return print_json(json::object{{"account", options.account},
                                       {"payment", std::to_string(receipt->payment.id.value)},
                                       {"receipt", request.receipt},
                                       {"amount", receipt->payment.amount.to_string()},
                                       {"date", date->to_string()},
                                       {"balance_before", receipt->balance_before.to_string()},
                                       {"balance_after", receipt->balance_after.to_string()},
                                       {"dry_run", common.dry_run}});
    }
    say(fmt::format("{} {} ({}) on account {}, {}", common.dry_run ? "Would post" : "Posted",
                    dollars(receipt->payment.amount), options.tender, options.account,
                    receipt->payment.remitter));
    say(fmt::format("  receipt {}", request.receipt));
    say(fmt::format("  balance {} -> {}", dollars(receipt->balance_before),
                    dollars(receipt->balance_after)));
    return 0;
}

int drafts(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::payment_draft_build);
    if (!office) return refuse(common, office.error());
    const auto from = date_or(options.due_from, (*office)->business_date());
    if (!from) return refuse(common, from.error());
    const auto until = date_or(options.due_until, *from + 1);
    if (!until) return refuse(common, until.error());
    const auto date = date_or(options.date, (*office)->business_date());
    if (!date) return refuse(common, date.error());
    const auto folder = common.out_folder();
    if (!folder) return refuse(common, folder.error());
    // Each due date is a batch of its own: nobody is drafted before the bill is due.
    app::DraftOutcome outcome;
    for (Date due = *from; due < *until; due = due + 1) {
        auto day = app::release_drafts(**office, {{due, due + 1}, *date, common.dry_run});
        if (!day) return refuse(common, day.error());
        outcome.entries += day->entries;
        outcome.total += day->total;
        outcome.skipped += day->skipped;
        for (auto& file : day->files) outcome.files.push_back(std::move(file));
    }
    json::array paths;
    std::string shown;
    for (const auto& file : outcome.files) {
        const std::string path = fmt::format("{}/bank/{}.ach", *folder, file.batch);
        if (!common.dry_run) write_file(path, file.text);
        paths.emplace_back(path);
        shown += (common.dry_run ? "; would write " : "; file ") + path;
    }
    if (common.json) {
        return print_json(json::object{{"entries", outcome.entries},
                                       {"total", outcome.total.to_string()},
                                       {"skipped", outcome.skipped},
                                       {"files", std::move(paths)},
                                       {"dry_run", common.dry_run}});
    }
    say(fmt::format("Autopay drafts for bills due {}: {} entries, {}; {} skipped{}",
                    from->to_string(), grouped(outcome.entries), dollars(outcome.total),
                    grouped(outcome.skipped), shown));
    return 0;
}

}  // namespace

void add_payment(CLI::App& app, Common& common) {
    static Options options;
    auto* payment = app.add_subcommand("payment", "Money in");
    payment->require_subcommand(1);
    auto* posting = payment->add_subcommand("post", "Take a payment at the counter");
    add_common(*posting, common);
    add_dry_run(*posting, common);
    posting->add_option("--account", options.account, "Account number")->required();
    posting->add_option("--amount", options.amount, "Dollars and cents, 50.00")->required();
    posting->add_option("--tender", options.tender, "cash, check or card")
        ->check(CLI::IsMember({"cash", "check", "card"}));
    posting->add_option("--channel", options.channel, "counter")->check(CLI::IsMember({"counter"}));
    posting->add_option("--receipt", options.receipt, "Receipt number; the same one posts once");
    posting->add_option("--date", options.date, "Business date, year-month-day");
    posting->callback([&common] { common.command = [&common] { return post(common, options); }; });
    auto* drafting =
        payment->add_subcommand("drafts", "Make the autopay file of bills due in a range");
    add_common(*drafting, common);
    add_dry_run(*drafting, common);
    drafting->add_option("--due", options.due_from, "First due date");
    drafting->add_option("--until", options.due_until, "Day after the last due date");
    drafting->add_option("--date", options.date, "Day the file is made");
    drafting->add_option("--out", common.out, "Folder for files (default: beside the database)");
    drafting->callback(
        [&common] { common.command = [&common] { return drafts(common, options); }; });
    payment->footer(
        "Examples:\n"
        "  watthour payment post --account 10000000017 --amount 50.00 --tender check\n"
        "  watthour payment post --account 10000000017 --amount 50.00 --receipt A-17 --dry-run\n"
        "  watthour payment drafts --due 2026-06-15");
}

}  // namespace watthour::cli
