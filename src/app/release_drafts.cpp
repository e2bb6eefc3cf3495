// SPDX-License-Identifier: Apache-2.0
#include "app/release_drafts.hpp"

#include "app/audit_trail.hpp"
#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "formats/nacha.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace watthour::app {
namespace {

formats::NachaFile empty_file(const tariff::Utility& utility, Date made, Date effective) {
    formats::NachaFile file;
    file.immediate_destination = " " + utility.draft_bank.routing;
    file.immediate_origin = utility.draft_bank.company_id;
    file.created = made;
    file.created_time = "0600";
    file.id_modifier = "A";
    file.destination_name = utility.draft_bank.name;
    file.origin_name = utility.short_name;
    formats::NachaBatch batch;
    batch.service_class = "225";
    batch.company_name = utility.short_name;
    batch.company_id = utility.draft_bank.company_id;
    batch.sec = "PPD";
    batch.description = "UTIL PMT";
    batch.effective = effective;
    batch.originating_bank = utility.draft_bank.routing.substr(0, 8);
    batch.number = 1;
    file.batches.push_back(std::move(batch));
    return file;
}

/// Name of the n-th batch of a due date; the first has no number.
std::string batch_name(Date due, int number) {
    const std::string name = "draft-" + due.to_string();
    return number == 1 ? name : fmt::format("{}-{}", name, number);
}

/// The batches that earlier calls made, in order.
std::vector<std::string> existing_batches(Office& office, Date due) {
    std::vector<std::string> batches;
    for (int number = 1;; ++number) {
        std::string name = batch_name(due, number);
        if (office.payments().drafts_of(name).empty()) return batches;
        batches.push_back(std::move(name));
    }
}

/// Seven digits: 4,000 entries a day for 2,500 days before a number comes again.
std::string trace_of(const tariff::DraftBank& bank, Date due, std::int64_t place) {
    const int day = (due - Date::ymd(2025, 1, 1)) % 2500;
    return fmt::format("{}{:07}", bank.routing.substr(0, 8), std::int64_t{day} * 4000 + place);
}

payments::Payment payment_of(const payments::DraftEntry& draft, Date effective) {
    payments::Payment payment;
    payment.account = draft.account;
    payment.reference = "draft:" + draft.bill_number;
    payment.id = draft.payment;
    payment.channel = "autopay";
    payment.tender = "ach_debit";
    payment.effective = effective;
    payment.amount = draft.amount;
    payment.memo = "trace " + draft.trace;
    payment.batch = draft.batch;
    return payment;
}

/// What is to be drafted: bills of accounts on autopay that still owe.
std::vector<payments::DraftEntry> new_drafts(Office& office, const DraftRequest& request,
                                             const std::vector<std::string>& batches,
                                             std::int64_t& skipped) {
    const auto on_autopay = office.accounts().autopay_accounts();
    std::vector<billing::BillSummary> bills;
    std::vector<std::string> references;
    for (auto& bill : office.bills().due(request.due)) {
        if (!bill.autopay ||
            !std::binary_search(on_autopay.begin(), on_autopay.end(), bill.account)) {
            continue;
        }
        references.push_back("draft:" + bill.number);
        bills.push_back(std::move(bill));
    }
    const auto taken = office.payments().known_references(references);
    const tariff::DraftBank& bank = office.catalogue().utility.draft_bank;
    std::int64_t place = 0;
    for (const auto& batch : batches) {
        place += static_cast<std::int64_t>(office.payments().drafts_of(batch).size());
    }
    const std::string batch = batch_name(request.due.from, static_cast<int>(batches.size()) + 1);
    std::vector<payments::DraftEntry> drafts;
    for (std::size_t i = 0; i < bills.size(); ++i) {
        const Money owed = std::min(bills[i].amount_due, account_balance(office, bills[i].account));
        if (!owed.is_positive() ||
            std::find(taken.begin(), taken.end(), references[i]) != taken.end()) {
            ++skipped;
            continue;
        }
        drafts.push_back({trace_of(bank, request.due.from, ++place), batch, bills[i].account,
                          bills[i].number, payments::payment_id(references[i]), owed});
    }
    return drafts;
}

/// The file of a batch from its kept entries.
DraftFile file_of(Office& office, const std::string& batch,
                  const std::map<customers::AccountId, customers::BankMandate>& mandates,
                  Date file_date, Date effective) {
    auto file = empty_file(office.catalogue().utility, file_date, effective);
    const auto drafts = office.payments().drafts_of(batch);
    std::vector<customers::AccountId> accounts;
    for (const auto& draft : drafts) accounts.push_back(draft.account);
    std::map<customers::AccountId, std::string> names;
    for (const auto& account : office.accounts().accounts(accounts)) {
        names[account.id] = plain_ascii(account.name);
    }
    for (const auto& draft : drafts) {
        const auto& mandate = mandates.at(draft.account);
        formats::NachaEntry entry;
        entry.code = std::string(mandate.kind == "savings" ? "37" : "27");
        entry.routing = mandate.routing;
        entry.account = mandate.bank_account;
        entry.amount = draft.amount;
        entry.individual_id = customers::account_number(draft.account);
        entry.name = names[draft.account];
        entry.trace = draft.trace;
        file.batches[0].entries.push_back(std::move(entry));
    }
    return {batch, formats::write_nacha(file)};
}

Result<DraftOutcome> release_once(Office& office, const DraftRequest& request) {
    DraftOutcome outcome;
    outcome.effective = add_business_days(request.due.from, 0, office.catalogue().bank_holidays);
    storage::Transaction transaction(office.database(), request.file_date);
    auto batches = existing_batches(office, request.due.from);
    const auto drafts = new_drafts(office, request, batches, outcome.skipped);
    if (!drafts.empty()) {
        std::vector<payments::Payment> payments;
        for (const auto& draft : drafts) {
            payments.push_back(payment_of(draft, outcome.effective));
            outcome.total += draft.amount;
        }
        outcome.entries = static_cast<std::int64_t>(drafts.size());
        office.payments().add_drafts(drafts);
        post_payments(office, payments);
        record(office, access::permissions::payment_draft_build,
               {0, "batch:" + drafts.front().batch, "",
                fmt::format("{} entries, {}", outcome.entries, outcome.total.to_string()),
                "due " + request.due.from.to_string(), 0});
        batches.push_back(drafts.front().batch);
    }
    if (!batches.empty()) {
        record(
            office, access::permissions::sensitive_unseal,
            {0, "draft:" + request.due.from.to_string(), "",
             fmt::format("bank accounts in full in {} files", batches.size()), "bank drafts", 0});
        std::map<customers::AccountId, customers::BankMandate> mandates;
        for (auto& mandate : office.accounts().mandates()) {
            const auto account = mandate.account;
            mandates.insert_or_assign(account, std::move(mandate));
        }
        for (const auto& batch : batches) {
            outcome.files.push_back(
                file_of(office, batch, mandates, request.file_date, outcome.effective));
        }
    }
    if (!request.dry_run) transaction.commit();
    return outcome;
}

}  // namespace

Result<DraftOutcome> release_drafts(Office& office, const DraftRequest& request) {
    return storage::with_retries([&] { return release_once(office, request); });
}

}  // namespace watthour::app
