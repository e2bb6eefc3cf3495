// SPDX-License-Identifier: Apache-2.0
#include "app/release_drafts.hpp"

#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "formats/nacha.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace watthour::app {
namespace {

/// The sample utility's bank; invented, with a right check digit.
constexpr const char* bank_routing = "990000013";
constexpr const char* company_id = "1990000001";

formats::NachaFile empty_file(const tariff::Utility& utility, Date made, Date effective) {
    formats::NachaFile file;
    file.immediate_destination = std::string(" ") + bank_routing;
    file.immediate_origin = company_id;
    file.created = made;
    file.created_time = "0600";
    file.id_modifier = "A";
    file.destination_name = "VALDORO CITY BANK";
    file.origin_name = utility.short_name;
    formats::NachaBatch batch;
    batch.service_class = "225";
    batch.company_name = utility.short_name;
    batch.company_id = company_id;
    batch.sec = "PPD";
    batch.description = "UTIL PMT";
    batch.effective = effective;
    batch.originating_bank = std::string(bank_routing).substr(0, 8);
    batch.number = 1;
    file.batches.push_back(std::move(batch));
    return file;
}

}  // namespace

Result<DraftOutcome> release_drafts(Office& office, const DraftRequest& request) {
    DraftOutcome outcome;
    const auto& closed = office.catalogue().bank_holidays;
    outcome.effective = add_business_days(request.due.from, 0, closed);
    storage::Transaction transaction(office.database());
    std::map<customers::AccountId, customers::BankMandate> mandates;
    for (auto& mandate : office.accounts().active_mandates()) {
        const auto account = mandate.account;
        mandates.insert_or_assign(account, std::move(mandate));
    }
    std::vector<billing::BillSummary> bills;
    for (auto& bill : office.bills().due(request.due)) {
        if (bill.autopay && mandates.contains(bill.account)) bills.push_back(std::move(bill));
    }
    auto file = empty_file(office.catalogue().utility, request.file_date, outcome.effective);
    std::vector<payments::Payment> taken_money;
    std::vector<payments::DraftEntry> drafts;
    const std::string batch = "draft-" + request.due.from.to_string();
    std::vector<std::string> references;
    for (const auto& bill : bills) references.push_back("draft:" + bill.number);
    const auto taken = office.payments().known_references(references);
    for (const auto& bill : bills) {
        const std::string reference = "draft:" + bill.number;
        const Money owed = std::min(bill.amount_due, account_balance(office, bill.account));
        if (!owed.is_positive() ||
            std::find(taken.begin(), taken.end(), reference) != taken.end()) {
            ++outcome.skipped;
            continue;
        }
        const auto& mandate = mandates.at(bill.account);
        formats::NachaEntry entry;
        entry.code = mandate.kind == "savings" ? "37" : "27";
        entry.routing = mandate.routing;
        entry.account = mandate.bank_account;
        entry.amount = owed;
        entry.individual_id = customers::account_number(bill.account);
        const auto known = office.accounts().accounts({bill.account});
        entry.name = plain_ascii(known.front().name);
        // Seven digits: 4,000 entries a day for 2,500 days before a number comes again.
        const int day = (request.due.from - Date::ymd(2025, 1, 1)) % 2500;
        entry.trace = fmt::format("{}{:07}", file.batches[0].originating_bank,
                                  std::int64_t{day} * 4000 + outcome.entries + 1);
        drafts.push_back(
            {entry.trace, batch, bill.account, bill.number, payments::payment_id(reference), owed});
        payments::Payment payment;
        payment.account = bill.account;
        payment.reference = reference;
        payment.id = payments::payment_id(reference);
        payment.channel = "autopay";
        payment.tender = "ach_debit";
        payment.effective = outcome.effective;
        payment.amount = owed;
        payment.remitter = known.front().name;
        payment.memo = "trace " + entry.trace;
        payment.batch = batch;
        taken_money.push_back(std::move(payment));
        file.batches[0].entries.push_back(std::move(entry));
        ++outcome.entries;
        outcome.total += owed;
    }
    if (outcome.entries > 0) {
        outcome.file_text = formats::write_nacha(file);
        office.payments().add_drafts(drafts);
        post_payments(office, taken_money);
    }
    if (!request.dry_run) transaction.commit();
    return outcome;
}

}  // namespace watthour::app
