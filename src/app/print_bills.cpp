// SPDX-License-Identifier: Apache-2.0
#include "app/print_bills.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "documents/bill_pdf.hpp"
#include "documents/format.hpp"
#include "formats/scan_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

namespace watthour::app {
namespace {

using documents::BillPage;

std::vector<std::string> address_lines(const std::string& name, const std::string& street,
                                       const std::string& city, const std::string& state,
                                       const std::string& zip) {
    return {name, street, fmt::format("{}, {} {}", city, state, zip)};
}

documents::UtilityContact contact_of(const tariff::Utility& utility) {
    documents::UtilityContact contact;
    contact.name = utility.name;
    const std::size_t comma = utility.address.find(", ");
    contact.address = {utility.address.substr(0, comma)};
    if (comma != std::string::npos) contact.address.push_back(utility.address.substr(comma + 2));
    contact.remit_address = contact.address;
    contact.phone = utility.phone;
    return contact;
}

/// One line under a charge: where its limit, demand or base comes from; empty when there is
/// nothing to add to quantity x price.
std::string how_of(const rating::ChargeLine& line, Language language) {
    using rating::TraceRule;
    const Words& words = Words::of(language);
    const auto plain = [](const Decimal& number) { return number.to_shortest(); };
    for (const auto& step : line.trace) {
        if (step.rule() == TraceRule::tier_limit) {
            const bool once = step.at(1) == Decimal(1, 0);
            return words.filled(once ? "bill.how.tier" : "bill.how.tier_times",
                                once ? Fillings{{"limit", plain(step.at(5))},
                                                {"baseline", plain(step.at(0))},
                                                {"days", plain(step.at(2))}}
                                     : Fillings{{"limit", plain(step.at(5))},
                                                {"multiple", plain(step.at(1))},
                                                {"baseline", plain(step.at(0))},
                                                {"days", plain(step.at(2))}});
        }
        if (step.rule() == TraceRule::billing_demand) {
            if (step.at(3) <= step.at(0)) return std::string(words.text("bill.how.demand"));
            return words.filled("bill.how.ratchet",
                                {{"percent", plain(step.at(1))}, {"highest", plain(step.at(2))}});
        }
        if (step.rule() == TraceRule::minimum) {
            const Money minimum = Money::rounded(step.at(0), Rounding::half_away_from_zero);
            return words.filled("bill.how.minimum",
                                {{"minimum", documents::format_money(minimum)}});
        }
    }
    if (line.rate_is_percent && line.base) {
        return words.filled("bill.how.percent", {{"base", documents::format_money(*line.base)}});
    }
    return {};
}

/// The same with the share of a month or of the days, where a line is not whole.
std::string how_with_share(const rating::ChargeLine& line, Language language) {
    std::string how = how_of(line, language);
    if (line.factor_text().empty()) return how;
    if (!how.empty()) how += " · ";
    const char* key = line.rate_is_percent ? "bill.how.day_share" : "bill.how.month_share";
    return how + Words::of(language).filled(key, {{"share", line.factor_text()}});
}

documents::BillLine line_of(const rating::ChargeLine& line, DateRange period) {
    documents::BillLine out;
    out.code = line.code;
    out.text_en = line.text_en;
    out.text_es = line.text_es;
    out.period = line.period.value_or(period);
    out.quantity = line.quantity_text();
    out.unit = line.unit;
    out.rate = line.rate_text();
    out.amount = line.amount;
    out.group = line.group;
    out.how_en = how_with_share(line, Language::english);
    out.how_es = how_with_share(line, Language::spanish);
    return out;
}

void add_segment(const billing::BillSegment& segment, BillPage& page) {
    for (const auto& line : segment.lines) page.lines.push_back(line_of(line, page.period));
    page.energy += segment.delivered;
    for (const auto& [period, energy] : segment.by_tou) page.tou.push_back({period, energy});
    for (const auto& read : segment.reads) {
        documents::MeterRead row;
        row.meter = read.meter;
        row.channel = read.channel;
        row.from = read.period.from;
        row.until = read.period.until;
        row.from_read = read.from_read;
        row.until_read = read.until_read;
        row.read_type = read.read_type;
        row.multiplier = read.multiplier;
        row.energy = read.energy;
        if (segment.billed_demand) row.demand_kw = segment.billed_demand->to_string();
        if (read.read_type == "estimated") page.estimated = true;
        page.reads.push_back(std::move(row));
    }
}

/// Programs in the bill's language, as the discounts' lines name them.
std::string programs_of(const std::vector<service::AgreementProgram>& programs, DateRange period) {
    std::string names;
    for (const auto& program : programs) {
        if (program.kind != "discount" || program.active.intersection(period).is_empty()) continue;
        if (!names.empty()) names += ", ";
        names += program.code;
    }
    return names;
}

void add_activity(const billing::Bill& bill, BillPage& page) {
    for (const auto& entry : bill.activity) {
        const bool money = entry.kind == "payment" || entry.kind == "payment_return";
        (money ? page.payments : page.adjustments) += entry.amount;
        documents::Activity row;
        row.date = entry.date;
        row.code = entry.kind == "payment"          ? "payment"
                   : entry.kind == "payment_return" ? "returned_payment"
                                                    : "fee";
        row.amount = entry.amount;
        if (entry.kind == "payment") row.channel = entry.memo.substr(0, entry.memo.find(' '));
        page.activity.push_back(std::move(row));
    }
}

void add_history(Office& office, const billing::Bill& bill, BillPage& page) {
    const auto history = office.bills().history({bill.account}, bill.period.until);
    for (const auto& segment : bill.segments) {
        const auto found = history.find(segment.agreement);
        if (found == history.end()) continue;
        const auto& uses = found->second;
        const std::size_t skip = uses.size() > 13 ? uses.size() - 13 : 0;
        for (std::size_t i = skip; i < uses.size(); ++i) {
            page.history.push_back(
                {uses[i].period.from, uses[i].period.until, uses[i].delivered, false, false});
        }
        return;  // one chart a bill: that of its first agreement
    }
}

}  // namespace

BillPage bill_page(Office& office, const billing::Bill& bill, const std::string& language) {
    BillPage page;
    page.language =
        parse_language(language.empty() ? bill.language : language).value_or(Language::english);
    page.utility = contact_of(office.catalogue().utility);
    page.account_number = customers::account_number(bill.account);
    page.bill_number = bill.number;
    page.bill_date = bill.bill_date;
    page.due_date = bill.due_date;
    page.period = bill.period;
    page.previous_balance = bill.previous_balance;
    page.current_charges = bill.current_charges;
    page.amount_due = bill.amount_due;
    page.autopay = bill.autopay;
    page.autopay_date = add_business_days(bill.due_date, 0, office.catalogue().bank_holidays);

    const auto account = office.accounts().accounts({bill.account}).at(0);
    page.customer_name = account.name;
    page.mailing_address = address_lines(account.name, account.mailing.street, account.mailing.city,
                                         account.mailing.state, account.mailing.zip);
    for (const auto& served :
         office.service().agreements_of_account(bill.account, service::now_known)) {
        if (served.agreement.id != bill.segments.front().agreement) continue;
        const std::string street = served.premise.unit.empty()
                                       ? served.premise.street
                                       : served.premise.street + " " + served.premise.unit;
        page.service_address = {street, fmt::format("{}, {} {}", served.premise.city,
                                                    served.premise.state, served.premise.zip)};
        page.programs = programs_of(served.agreement.programs, bill.period);
    }
    page.schedule_code = bill.segments.front().schedule;
    if (const auto schedule = office.catalogue().find_schedule(page.schedule_code)) {
        page.schedule_name_en = (*schedule)->name.en;
        page.schedule_name_es = (*schedule)->name.es;
    }
    for (const auto& segment : bill.segments) add_segment(segment, page);
    add_activity(bill, page);
    add_history(office, bill, page);
    if (bill.amount_due.is_positive()) {
        const auto line = formats::build_scan_line(
            {page.account_number, bill.due_date, "0000", bill.amount_due, bill.amount_due});
        // An amount of ten digits and more does not fit; such a bill is paid without a scan line.
        if (line) page.scan_line = *line;
    }
    return page;
}

Result<std::string> print_folder(Office& office) {
    TRY(const std::string path, storage::local_path(office.database().url()));
    return default_out_folder(path) + "/bills";
}

PrintOutcome print_bills(Office& office, const std::vector<billing::BillSummary>& bills,
                         const std::string& folder, int threads) {
    PrintOutcome outcome;
    outcome.folder = folder;
    std::mutex database;  // one connection: pages are gathered in turn, drawn side by side
    std::atomic<std::size_t> next{0};
    std::atomic<std::int64_t> printed{0};
    std::atomic<std::int64_t> bytes{0};
    std::atomic<bool> failed{false};
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < bills.size() && !failed; i = next++) {
                const std::string path = fmt::format("{}/{}.pdf", folder, bills[i].number);
                std::error_code ignored;
                if (std::filesystem::exists(path, ignored)) continue;
                BillPage page;
                {
                    const std::lock_guard<std::mutex> turn(database);
                    const auto bill = office.bills().find(bills[i].number);
                    WH_CHECK(bill.has_value(), "an issued bill is gone");
                    page = bill_page(office, *bill, "");
                }
                const std::string pdf = documents::render_bill_pdf(page);
                write_file(path, pdf);
                ++printed;
                bytes += static_cast<std::int64_t>(pdf.size());
            }
        } catch (...) {
            const std::lock_guard<std::mutex> turn(database);
            if (!failed.exchange(true)) failure = std::current_exception();
        }
    };
    std::vector<std::thread> workers;
    for (int i = 1; i < threads; ++i) workers.emplace_back(work);
    work();
    for (std::thread& worker : workers) worker.join();
    if (failure) std::rethrow_exception(failure);
    outcome.printed = printed;
    outcome.bytes = bytes;
    outcome.already_there = static_cast<std::int64_t>(bills.size()) - printed;
    return outcome;
}

}  // namespace watthour::app
