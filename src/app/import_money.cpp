// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "app/import_parts.hpp"
#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "formats/lockbox.hpp"
#include "formats/nacha.hpp"
#include "formats/scan_line.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <set>

namespace watthour::app {
namespace {

using customers::AccountId;
using payments::Payment;
using payments::PaymentReturn;

/// A money file with any problem is refused whole: nothing of it is posted.
Error refused(const ImportRequest& request, const Problems& problems) {
    const Problem& first = problems.front();
    return Error(
        errors::file_refused,
        {{"file", request.path},
         {"format", request.format},
         {"count", std::to_string(problems.size())},
         {"first", fmt::format("line {}, {}: {}", first.line, first.field, first.message)}});
}

/// The account that a stub names, when it is exactly one of ours. Several accounts on one check
/// cannot be split by the file; a person does it. Source: R5.30.
std::optional<AccountId> account_on_stub(const formats::LockboxItem& item,
                                         const std::set<AccountId>& known) {
    std::optional<AccountId> found;
    for (const std::string& memo : item.memos) {
        const std::string digits(trimmed(memo));
        if (digits.size() < 11 || !formats::account_number_ok(digits.substr(0, 11))) continue;
        const AccountId account{*parse_integer(digits.substr(0, 11))};
        if (!known.contains(account)) continue;
        if (found && *found != account) return std::nullopt;
        found = account;
    }
    return found;
}

/// What the stub says; a sentence where it says nothing.
json::value stub_text(const formats::LockboxItem& item) {
    std::string text;
    for (const std::string& memo : item.memos) {
        if (!text.empty()) text += ", ";
        text += trimmed(memo);
    }
    if (text.empty()) return worklist::tell("told.money.nothing");
    return json::string(text);
}

worklist::WorkItem suspense_item(const ImportOutcome& outcome, const Payment& payment,
                                 const formats::LockboxItem& item) {
    return file_work_item(
        outcome, "suspense",
        item.memos.size() > 1 ? "payments.several_accounts" : "payments.account_not_found",
        payment.reference,
        worklist::stored(
            worklist::tell("told.money.suspense",
                           {{"file", outcome.file.name},
                            {"line", std::to_string(item.line)},
                            {"amount", payment.amount.to_string()},
                            {"remitter", payment.remitter.empty()
                                             ? json::value(worklist::tell("told.money.no_remitter"))
                                             : json::value(json::string(payment.remitter))},
                            {"named", stub_text(item)}})),
        worklist::stored(worklist::tell("told.money.suspense.next")), payment.amount);
}

PaymentReturn return_of(Office& office, const payments::DraftEntry& draft,
                        const formats::NachaReturn& back, const ImportOutcome& outcome) {
    PaymentReturn taken;
    taken.account = draft.account;
    taken.payment = draft.payment;
    taken.reason = back.reason;
    taken.date = outcome.file.business_date;
    taken.reference = fmt::format("{}:{}", outcome.file.sha256, back.line);
    taken.fee = return_fee(office, draft.account, taken.date);
    return taken;
}

}  // namespace

Result<void> import_lockbox(Office& office, const std::string& bytes, const ImportRequest& request,
                            ImportOutcome& outcome) {
    const formats::LockboxFile file = formats::read_lockbox(bytes);
    if (!file.ok()) return refused(request, file.problems);
    const auto ids = office.accounts().all_account_ids();
    const std::set<AccountId> known(ids.begin(), ids.end());
    std::vector<Payment> payments;
    std::vector<worklist::WorkItem> items;
    for (const auto& batch : file.batches) {
        for (const formats::LockboxItem& item : batch.items) {
            const auto account = account_on_stub(item, known);
            Payment payment;
            payment.account = account.value_or(customers::utility_account);
            payment.reference = fmt::format("{}:{}", outcome.file.sha256, item.line);
            payment.id = payments::payment_id(payment.reference);
            payment.channel = "lockbox";
            payment.tender = "check";
            payment.effective = batch.deposit_date;
            payment.amount = item.amount;
            payment.remitter = item.remitter;
            payment.memo = "check " + item.check_number;
            payment.batch = outcome.file.sha256;
            ++outcome.file.records;
            outcome.file.declared_total += payment.amount;
            if (account) {
                ++outcome.file.posted;
                outcome.file.posted_total += payment.amount;
            } else {
                ++outcome.file.parked;
                outcome.file.parked_total += payment.amount;
                items.push_back(suspense_item(outcome, payment, item));
            }
            payments.push_back(std::move(payment));
        }
    }
    post_payments(office, payments);
    outcome.work_items = office.work().open(items);
    return {};
}

Result<void> import_ach_returns(Office& office, const std::string& bytes,
                                const ImportRequest& request, ImportOutcome& outcome) {
    const formats::NachaFile file = formats::read_nacha(bytes);
    if (!file.problems.empty()) return refused(request, file.problems);
    std::vector<worklist::WorkItem> items;
    for (const formats::NachaReturn& back : formats::returns_of(file)) {
        ++outcome.file.records;
        outcome.file.declared_total += back.amount;
        const auto draft = office.payments().draft_of_trace(back.original_trace);
        const auto payment = draft ? office.payments().find(draft->account, draft->payment)
                                   : std::optional<Payment>();
        const bool matches = payment && !payment->returned && draft->amount == back.amount;
        if (!matches) {
            ++outcome.file.parked;
            outcome.file.parked_total += back.amount;
            const char* why = !draft              ? "told.money.no_such_draft"
                              : payment->returned ? "told.money.returned_before"
                                                  : "told.money.other_amount";
            items.push_back(file_work_item(
                outcome, "unmatched_return", "payments.return_unmatched",
                fmt::format("{}|{}|{}", back.original_trace, back.reason, outcome.file.name),
                worklist::stored(worklist::tell("told.money.unmatched_return",
                                                {{"file", outcome.file.name},
                                                 {"line", std::to_string(back.line)},
                                                 {"reason", back.reason},
                                                 {"amount", back.amount.to_string()},
                                                 {"trace", back.original_trace},
                                                 {"why", worklist::tell(why)}})),
                worklist::stored(worklist::tell("told.money.unmatched_return.next")), back.amount));
            continue;
        }
        // One at a time: a second return of the same draft in one file must meet the first.
        post_returns(office, {return_of(office, *draft, back, outcome)});
        ++outcome.file.posted;
        outcome.file.posted_total += back.amount;
        ++outcome.returned;
        outcome.returned_total += back.amount;
    }
    outcome.work_items = office.work().open(items);
    return {};
}

}  // namespace watthour::app
