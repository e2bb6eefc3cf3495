// SPDX-License-Identifier: Apache-2.0
#include "app/account_past.hpp"

#include "app/errors.hpp"
#include "base/text.hpp"
#include "storage/past_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace watthour::app {
namespace {

using customers::AccountId;

void add_reads(Office& office, AccountId account, std::vector<PastEntry>& past) {
    for (const auto& served : office.service().agreements_of_account(account, service::now_known)) {
        for (const auto& installed : office.meters().installed_at({served.point.id})) {
            std::vector<metering::ChannelId> registers;
            for (const auto& channel : installed.channels) {
                if (channel.is_register()) registers.push_back(channel.id);
            }
            if (registers.empty()) continue;
            const DateRange days =
                installed.installation.active.intersection(served.agreement.active);
            for (const auto& read : office.meters().reads(registers, {days.from, end_of_time})) {
                if (read.date > days.until) continue;
                past.push_back({read.date,
                                "read",
                                installed.meter.serial,
                                fmt::format("{} ({})", read.reading, read.type),
                                std::nullopt,
                                {}});
            }
        }
    }
}

void add_work(Office& office, AccountId account, Language language, std::vector<PastEntry>& past) {
    for (const auto& item : office.work().of_account(account.value)) {
        past.push_back({item.opened_on, "work", std::to_string(item.id.value),
                        item.cause + ": " + worklist::in_words(item.evidence, language),
                        item.at_stake, item.owner});
    }
}

void add_edits(Office& office, AccountId account, std::vector<PastEntry>& past) {
    audit::AuditQuestion question;
    question.account = account.value;
    question.since = Date::ymd(1, 1, 1);
    question.until = end_of_time;
    for (const auto& entry : office.audit().list(question)) {
        // The payment itself and the work item stand in the row already.
        if (entry.subject.starts_with("payment:") || entry.subject.starts_with("work")) continue;
        std::string text = entry.before.empty() ? entry.after : entry.before + " → " + entry.after;
        if (!entry.why.empty()) text += " (" + entry.why + ")";
        past.push_back(
            {entry.recorded_on, "edit", entry.subject, std::move(text), std::nullopt, entry.by});
    }
}

}  // namespace

std::vector<PastEntry> account_past(Office& office, AccountId account, Language language) {
    std::vector<PastEntry> past;
    for (const auto& bill : office.bills().of_account(account)) {
        past.push_back(
            {bill.bill_date,
             "bill",
             bill.number,
             fmt::format("{} {}", bill.period.from.to_string(), bill.period.until.to_string()),
             bill.current_charges,
             {}});
    }
    storage::PastRows rows(office.database());
    for (const auto& entry : rows.entries(account)) {
        if (entry.kind == "bill") continue;
        const char* kind = entry.kind == "payment"          ? "payment"
                           : entry.kind == "payment_return" ? "return"
                                                            : "entry";
        past.push_back({entry.date, kind, entry.key, entry.memo, entry.receivable, {}});
    }
    for (const auto& note : rows.notes(account)) {
        past.push_back({note.recorded_on, "note", std::to_string(note.id), note.text, std::nullopt,
                        note.written_by});
    }
    add_reads(office, account, past);
    add_work(office, account, language, past);
    add_edits(office, account, past);
    std::stable_sort(past.begin(), past.end(), [](const PastEntry& a, const PastEntry& b) {
        return std::tie(b.date, a.kind, a.reference, a.text) <
               std::tie(a.date, b.kind, b.reference, b.text);
    });
    return past;
}

std::string place_of(const PastEntry& entry) {
    return fmt::format("{}|{}|{}|{}", entry.date.to_string(), entry.kind, entry.reference,
                       entry.text.substr(0, 40));
}

json::object to_json(const PastEntry& entry) {
    return {{"date", entry.date.to_string()},
            {"kind", entry.kind},
            {"reference", entry.reference},
            {"text", entry.text},
            {"amount", entry.amount ? json::value(entry.amount->to_string()) : json::value()},
            {"by", entry.by}};
}

json::array ledger_view(Office& office, AccountId account) {
    json::array rows;
    Money balance;
    for (const auto& entry : storage::PastRows(office.database()).entries(account)) {
        balance += entry.receivable;
        rows.push_back(json::object{{"date", entry.date.to_string()},
                                    {"kind", entry.kind},
                                    {"reference", entry.key},
                                    {"memo", entry.memo},
                                    {"amount", entry.receivable.to_string()},
                                    {"balance", balance.to_string()}});
    }
    return rows;
}

Result<PastEntry> add_note(Office& office, AccountId account, const std::string& text) {
    const std::string words(trimmed(text));
    if (words.empty()) return Error(errors::note_empty, {});
    storage::AccountNote note;
    note.account = account;
    note.text = words;
    note.written_by = office.actor().name;
    note.written_at = office.clock().now();
    note.id = id_from_key(
        "note", fmt::format("{}|{}|{}|{}", account.value, note.written_by, note.written_at, words));
    storage::Transaction transaction(office.database(), office.business_date());
    note.recorded_on = office.database().recorded_on();
    storage::PastRows(office.database()).add(note);
    transaction.commit();
    return PastEntry{note.recorded_on, "note",         std::to_string(note.id), words,
                     std::nullopt,     note.written_by};
}

}  // namespace watthour::app
