// SPDX-License-Identifier: Apache-2.0
#include "app/errors.hpp"
#include "app/import_parts.hpp"
#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "formats/lockbox.hpp"
#include "formats/nacha.hpp"
#include "formats/scan_line.hpp"

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

std::string stub_text(const formats::LockboxItem& item) {
    std::string text;
    for (const std::string& memo : item.memos) {
        if (!text.empty()) text += ", ";
        text += trimmed(memo);
    }
    return text.empty() ? "nothing" : text;
}

worklist::WorkItem suspense_item(const ImportOutcome& outcome, const Payment& payment,
                                 const formats::LockboxItem& item) {
    return file_work_item(
        outcome, "suspense",
        item.memos.size() > 1 ? "payments.several_accounts" : "payments.account_not_found",
        payment.reference,
        fmt::format("{} line {}: a check of ${} from {} names {} on its stub; the money is in "
                    "suspense (2330).",
                    outcome.file.name, item.line, payment.amount.to_string(),
                    payment.remitter.empty() ? "an unnamed remitter" : payment.remitter,
                    stub_text(item)),
        "Find whose payment it is and transfer it, or refund the remitter after 90 days.",
        payment.amount);
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
            const char* why = !draft              ? "no draft of ours has that trace number"
                              : payment->returned ? "that draft was returned before"
                                                  : "the amount is not that of the draft";
            items.push_back(file_work_item(
                outcome, "unmatched_return", "payments.return_unmatched",
                fmt::format("{}|{}|{}", back.original_trace, back.reason, outcome.file.name),
                fmt::format("{} line {}: return {} of ${} names trace {}, but {}.",
                            outcome.file.name, back.line, back.reason, back.amount.to_string(),
                            back.original_trace, why),
                "Ask the bank which entry it means; nothing was taken back.", back.amount));
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
