// SPDX-License-Identifier: Apache-2.0
#include "app/run_cycle.hpp"

#include "app/allocate_money.hpp"
#include "app/audit_trail.hpp"
#include "app/bill_account.hpp"
#include "app/errors.hpp"
#include "app/vacant_use.hpp"
#include "ledger/journal_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <set>
#include <thread>

namespace watthour::app {
namespace {

using billing::Bill;
using customers::AccountId;

/// Rates every agreement of the set on the threads asked for; the answers stand in the order of
/// the set whatever thread made them.
std::vector<SegmentOrException> rate_all(const billing::MeasureContext& context, const DueSet& set,
                                         const Accepted& accepted, int threads) {
    std::vector<SegmentOrException> answers(set.due.size());
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::atomic<bool> failed{false};
    const auto work = [&] {
        try {
            for (;;) {
                const std::size_t begin = next.fetch_add(16);
                if (begin >= set.due.size() || failed) return;
                const std::size_t end = std::min(begin + 16, set.due.size());
                for (std::size_t i = begin; i < end; ++i) {
                    answers[i] = bill_agreement(context, set.due[i], accepted);
                }
            }
        } catch (...) {
            if (!failed.exchange(true)) failure = std::current_exception();
        }
    };
    std::vector<std::thread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
    for (std::thread& worker : workers) worker.join();
    if (failure) std::rethrow_exception(failure);
    return answers;
}

/// Bills and exceptions from the answers: one bill an account, its segments in order.
void assemble(const DueSet& set, std::vector<SegmentOrException>& answers, CycleOutcome& outcome) {
    std::set<AccountId> held;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (auto* exception = std::get_if<billing::BillingException>(&answers[i])) {
            held.insert(exception->account);
            outcome.exceptions.push_back(std::move(*exception));
        }
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto* segment = std::get_if<billing::BillSegment>(&answers[i]);
        const AccountId account = set.due[i].served.agreement.account;
        if (segment == nullptr || held.contains(account)) continue;
        if (outcome.bills.empty() || outcome.bills.back().account != account) {
            Bill bill;
            bill.account = account;
            bill.cycle = outcome.window.cycle;
            bill.bill_date = outcome.window.mail;
            bill.due_date = outcome.window.due;
            bill.period = segment->period;
            outcome.bills.push_back(std::move(bill));
        }
        Bill& bill = outcome.bills.back();
        bill.period.from = std::min(bill.period.from, segment->period.from);
        bill.period.until = std::max(bill.period.until, segment->period.until);
        bill.current_charges += segment->current_charges;
        segment->number = static_cast<int>(bill.segments.size()) + 1;
        bill.segments.push_back(std::move(*segment));
    }
    for (Bill& bill : outcome.bills) {
        bill.number = billing::bill_number(bill.account, bill.period.until);
        bill.id = billing::bill_id(bill.number);
    }
}

/// An account billed in two cycles on one date has two bills; the later one names its cycle too.
void number_apart(Office& office, std::span<Bill> bills) {
    std::vector<std::string> numbers;
    for (const Bill& bill : bills) numbers.push_back(bill.number);
    const auto taken = office.bills().taken_numbers(numbers);
    for (Bill& bill : bills) {
        if (std::find(taken.begin(), taken.end(), bill.number) == taken.end()) continue;
        bill.number += "-" + bill.cycle;
        bill.id = billing::bill_id(bill.number);
    }
}

/// Balances, language and autopay of the accounts, in sets.
void add_balances(Office& office, std::span<Bill> bills, const std::set<AccountId>& autopay) {
    std::vector<AccountId> accounts;
    for (const Bill& bill : bills) accounts.push_back(bill.account);
    const auto last = office.bills().last_bills(accounts);
    auto activity = office.bills().unbilled_activity(accounts);
    std::map<AccountId, customers::Account> known;
    for (auto& account : office.accounts().accounts(accounts)) {
        known.insert_or_assign(account.id, std::move(account));
    }
    for (Bill& bill : bills) {
        if (const auto found = last.find(bill.account); found != last.end()) {
            bill.previous_balance = found->second.amount_due;
        }
        bill.activity = std::move(activity[bill.account]);
        for (const auto& entry : bill.activity) bill.activity_total += entry.amount;
        bill.amount_due = bill.previous_balance + bill.activity_total + bill.current_charges;
        bill.language = known.at(bill.account).language;
        bill.autopay = autopay.contains(bill.account) && bill.amount_due.is_positive();
    }
}

ledger::JournalEntry entry_of(const Bill& bill) {
    ledger::JournalEntry entry;
    entry.account = bill.account.value;
    entry.source_kind = "bill";
    entry.source_key = bill.number;
    entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
    entry.business_date = bill.bill_date;
    entry.memo = "bill " + bill.number;
    std::map<std::string, Money> credits;
    for (const auto& segment : bill.segments) {
        for (const auto& line : segment.lines) credits[line.gl_account] += line.amount;
    }
    for (const auto& [account, amount] : credits) {
        ledger::add_posting(entry, ledger::gl::receivable, account, amount);
    }
    return entry;
}

receivables::ItemClass class_of(const rating::ChargeLine& line) {
    if (line.group == "tax") return receivables::ItemClass::tax;
    if (line.group == "pbc") return receivables::ItemClass::public_benefits;
    if (line.group == "fee") return receivables::ItemClass::fee;
    return receivables::ItemClass::electric;
}

void add_open_items(const Bill& bill, std::vector<receivables::OpenItem>& items) {
    std::map<receivables::ItemClass, Money> by_class;
    for (const auto& segment : bill.segments) {
        for (const auto& line : segment.lines) by_class[class_of(line)] += line.amount;
    }
    for (const auto& [item_class, amount] : by_class) {
        if (amount.is_zero()) continue;
        receivables::OpenItem item;
        item.account = bill.account;
        item.source_key = bill.number;
        item.item_class = item_class;
        item.item_id =
            id_from_key("open_item", bill.number + "|" + receivables::to_text(item_class));
        item.billed_on = bill.bill_date;
        item.due = bill.due_date;
        item.amount = amount;
        items.push_back(std::move(item));
    }
}

/// One group of whole accounts, in one transaction.
void post_group(Office& office, std::span<Bill> bills) {
    std::vector<ledger::JournalEntry> entries;
    std::vector<receivables::OpenItem> items;
    std::vector<AccountId> accounts;
    for (const Bill& bill : bills) {
        auto entry = entry_of(bill);
        Money receivable;
        for (const auto& posting : entry.postings) {
            receivable +=
                posting.debit_account == ledger::gl::receivable ? posting.amount : -posting.amount;
        }
        WH_CHECK(receivable == bill.current_charges, "a bill's entry differs from its charges");
        entries.push_back(std::move(entry));
        add_open_items(bill, items);
        accounts.push_back(bill.account);
    }
    office.bills().add({bills.begin(), bills.end()});
    office.journal().post(entries);
    office.payments().add_items(items);
    allocate_unapplied(office, accounts);
}

void add_totals(CycleOutcome& outcome) {
    std::map<std::string, LineTotal> by_code;
    for (const Bill& bill : outcome.bills) {
        outcome.total += bill.current_charges;
        for (const auto& segment : bill.segments) {
            outcome.delivered += segment.delivered;
            for (const auto& line : segment.lines) {
                LineTotal& total = by_code[line.code];
                total.code = line.code;
                ++total.lines;
                total.amount += line.amount;
            }
        }
    }
    for (auto& [code, total] : by_code) outcome.lines.push_back(std::move(total));
}

std::vector<AccountId> accounts_of(std::span<const Bill> bills) {
    std::vector<AccountId> accounts;
    for (const Bill& bill : bills) accounts.push_back(bill.account);
    return accounts;
}

/// Another worker may have billed some of the accounts since they were collected.
void leave_out_billed(Office& office, std::vector<Bill>& bills) {
    if (bills.empty()) return;
    Date first = bills.front().period.from;
    for (const Bill& bill : bills) first = std::min(first, bill.period.from);
    const auto billed = office.bills().billed_periods(accounts_of(bills), first);
    std::erase_if(bills, [&](const Bill& bill) {
        return std::any_of(bill.segments.begin(), bill.segments.end(), [&](const auto& segment) {
            return billed.contains({segment.agreement, segment.period.from});
        });
    });
}

/// Whole accounts in one transaction. Who comes second on an account finds it billed: by looking
/// first, and where both wrote at once by the unique key, after which it looks again.
std::vector<Bill> post_once(Office& office, std::span<const Bill> group,
                            const std::set<AccountId>& autopay, Date on) {
    return storage::with_retries([&] {
        std::vector<Bill> bills(group.begin(), group.end());
        storage::Transaction transaction(office.database(), on);
        office.accounts().hold(accounts_of(bills));
        leave_out_billed(office, bills);
        number_apart(office, bills);
        add_balances(office, bills, autopay);
        post_group(office, bills);
        transaction.commit();
        return bills;
    });
}

void post_all(Office& office, const CycleRequest& request, const std::set<AccountId>& autopay,
              CycleOutcome& outcome, const Progress& progress) {
    const auto count = static_cast<std::int64_t>(outcome.bills.size());
    const std::size_t step = static_cast<std::size_t>(std::max(1, request.group));
    std::vector<Bill> posted;
    for (std::size_t begin = 0; begin < outcome.bills.size(); begin += step) {
        const std::span<Bill> group(outcome.bills.data() + begin,
                                    std::min(step, outcome.bills.size() - begin));
        if (request.mode == RunMode::preview) {
            number_apart(office, group);
            add_balances(office, group, autopay);
            continue;
        }
        auto bills = post_once(office, group, autopay, request.date);
        outcome.already_billed += static_cast<std::int64_t>(group.size() - bills.size());
        std::move(bills.begin(), bills.end(), std::back_inserter(posted));
        if (progress) progress(static_cast<std::int64_t>(begin + group.size()), count);
    }
    if (request.mode == RunMode::post) outcome.bills = std::move(posted);
}

/// Holds of agreements and periods that are billed by now are closed by themselves.
void close_billed_holds(Office& office, const CycleOutcome& outcome, Date on) {
    std::set<std::string> billed;
    for (const Bill& bill : outcome.bills) {
        for (const auto& segment : bill.segments) {
            billed.insert(
                fmt::format("|{}|{}", segment.agreement.value, segment.period.from.to_string()));
        }
    }
    if (billed.empty()) return;
    for (auto& item : office.work().list("open")) {
        const std::size_t at = item.subject.find('|');
        if (item.kind != "billing_hold" || at == std::string::npos ||
            !billed.contains(item.subject.substr(at))) {
            continue;
        }
        item.resolution = "corrected";
        item.resolved_why = "billed by the run of " + on.to_string();
        item.resolved_by = "cycle run";
        item.resolved_on = on;
        office.work().resolve(item);
    }
}

void open_and_close_holds(Office& office, const CycleRequest& request,
                          const CycleOutcome& outcome) {
    std::vector<worklist::WorkItem> items;
    for (const auto& exception : outcome.exceptions) {
        items.push_back(to_work_item(exception, request.date));
    }
    storage::Transaction transaction(office.database(), request.date);
    (void)office.work().open(items);
    close_billed_holds(office, outcome, request.date);
    transaction.commit();
}

}  // namespace

Result<tariff::CycleRow> open_window(const tariff::Catalogue& catalogue, const std::string& cycle,
                                     Date date) {
    const auto rows = catalogue.cycles.of_cycle(cycle);
    if (rows.empty()) return Error(errors::cycle_unknown, {{"cycle", cycle}});
    const tariff::CycleRow* last = nullptr;
    std::string next = "after the calendar's end";
    for (const auto& row : rows) {
        if (row.read <= date) {
            last = &row;
        } else {
            next = row.read.to_string();
            break;
        }
    }
    if (last != nullptr) {
        const Date closes = add_business_days(
            last->calc, catalogue.policies.billing.window_business_days, catalogue.office_holidays);
        if (date <= closes) return *last;
        return Error(errors::window_not_open, {{"cycle", cycle},
                                               {"date", date.to_string()},
                                               {"read", last->read.to_string()},
                                               {"closed", closes.to_string()},
                                               {"next", next}});
    }
    return Error(errors::window_not_open, {{"cycle", cycle},
                                           {"date", date.to_string()},
                                           {"read", "before the calendar begins"},
                                           {"closed", "then"},
                                           {"next", next}});
}

CycleOutcome bill_part(Office& office, const CycleRequest& request, const tariff::CycleRow& window,
                       customers::AccountRange range, const Progress& progress) {
    CycleOutcome outcome;
    outcome.mode = request.mode;
    outcome.window = window;
    const DueSet set = collect_due(office, request.cycle, window.read, range);
    outcome.agreements = set.agreements;
    outcome.already_billed = set.already_billed;
    outcome.merged = set.merged;

    tariff::TouRunCache runs(office.zone());
    prepare_runs(office.catalogue(), set, runs);
    rating::PlanBook plans(office.catalogue());
    const billing::MeasureContext context{&office.catalogue(), &office.zone(), &runs, &set.shelf,
                                          &plans};
    const auto accepted_items = office.work().accepted();
    const Accepted accepted(accepted_items.begin(), accepted_items.end());
    auto answers = rate_all(context, set, accepted, request.threads);
    assemble(set, answers, outcome);

    std::set<AccountId> autopay;
    for (const AccountId account : office.accounts().autopay_accounts()) autopay.insert(account);
    post_all(office, request, autopay, outcome, progress);
    add_totals(outcome);
    if (request.mode == RunMode::post) {
        storage::with_retries([&] { open_and_close_holds(office, request, outcome); });
    }
    return outcome;
}

void close_run(Office& office, const CycleRequest& request, const tariff::CycleRow& window,
               const CycleControl& control) {
    std::string subject = fmt::format("cycle:{}:{}", request.cycle, window.read.to_string());
    if (control.job != 0) subject += fmt::format(":job:{}", control.job);
    storage::with_retries([&] {
        storage::Transaction transaction(office.database(), request.date);
        report_vacant_use(office, request.cycle, window.read, request.date);
        // The entry is written with the report: where it stands, the job has reported before.
        const bool reported = control.job != 0 && office.audit().has(0, subject);
        if (!reported && (control.billed > 0 || control.held > 0)) {
            office.bills().add_run({request.cycle, window.read, request.date, control.billed,
                                    control.held, control.amount});
            record(office, access::permissions::bill_run,
                   {0, subject, "",
                    fmt::format("{} billed, {} held, {}", control.billed, control.held,
                                control.amount.to_string()),
                    "run of " + request.date.to_string(), 0});
        }
        transaction.commit();
    });
}

Result<CycleOutcome> run_cycle(Office& office, const CycleRequest& request,
                               const Progress& progress) {
    TRY(const auto window, open_window(office.catalogue(), request.cycle, request.date));
    CycleOutcome outcome = bill_part(office, request, window, customers::every_account, progress);
    if (request.mode == RunMode::post) {
        close_run(office, request, window,
                  {static_cast<std::int64_t>(outcome.bills.size()),
                   static_cast<std::int64_t>(outcome.exceptions.size()), outcome.total, 0});
    }
    return outcome;
}

std::vector<CycleToRun> cycles_to_run(Office& office, Date date) {
    std::vector<CycleToRun> cycles;
    const auto runs = office.bills().runs();
    for (const auto& row : office.catalogue().cycles.rows()) {
        if (row.calc > date || row.read > date) continue;
        const auto window = open_window(office.catalogue(), row.cycle, date);
        if (!window || window->read != row.read) continue;
        CycleToRun one{row, false, 0};
        for (const auto& run : runs) {
            if (run.cycle != row.cycle || run.read_date != row.read) continue;
            one.ran = true;
            one.held = run.held;
        }
        if (!one.ran || one.held > 0) cycles.push_back(one);
    }
    return cycles;
}

}  // namespace watthour::app
