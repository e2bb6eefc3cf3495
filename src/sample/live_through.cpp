// SPDX-License-Identifier: Apache-2.0
#include "sample/live_through.hpp"

#include "app/decide_reads.hpp"
#include "app/errors.hpp"
#include "app/export_route.hpp"
#include "app/import_file.hpp"
#include "app/post_payments.hpp"
#include "app/release_drafts.hpp"
#include "app/run_cycle.hpp"
#include "app/validate_reads.hpp"
#include "base/files.hpp"
#include "sample/customers_pay.hpp"
#include "sample/sample_utility.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

namespace watthour::sample {
namespace {

using app::Office;

/// Customers answer a bill within this many days or never.
constexpr int days_to_pay = 45;

class OfficeDays {
public:
    OfficeDays(Office& office, std::string folder)
        : office_(office), folder_(std::move(folder)), seed_(office.utility().seed) {
        find_meter_files();
        for (const auto& id : office_.accounts().all_account_ids()) ids_.push_back(id);
        for (const auto& account : office_.accounts().accounts(ids_)) {
            names_[account.id] = account.name;
        }
    }

    Result<void> live(Date day) {
        TRY_DONE(take_meter_files(day));
        TRY_DONE(validate(day));
        TRY_DONE(run_cycles(day));
        if (!is_business_day(day, office_.catalogue().bank_holidays)) return {};
        TRY_DONE(draft(day));
        TRY_DONE(take_money(day));
        return {};
    }

    LivedThrough lived;

private:
    /// A monthly file is history: it is loaded whole on the first day of its month. A daily file
    /// comes on the morning after its day.
    void find_meter_files() {
        std::error_code failure;
        for (const auto& entry :
             std::filesystem::directory_iterator(folder_ + "/meters", failure)) {
            const std::string name = entry.path().filename().string();
            const std::string stem = entry.path().stem().string();
            if (stem.starts_with("cmep-")) {
                const std::string when = stem.substr(5);
                const auto day = Date::parse(when.size() == 7 ? when + "-01" : when);
                if (!day) continue;
                const Date due = when.size() == 7 ? *day : *day + 1;
                meter_files_[due].emplace_back("cmep", entry.path().string());
            } else if (stem.starts_with("handheld-") && stem.size() > 10) {
                const auto day = Date::parse(stem.substr(stem.size() - 10));
                if (day) meter_files_[*day].emplace_back("handheld", entry.path().string());
            }
        }
        for (auto& [day, files] : meter_files_) std::sort(files.begin(), files.end());
    }

    /// cmep-2025-05.cmep: a month that is loaded as it begins.
    static bool is_history(const std::string& path) {
        const std::string stem = std::filesystem::path(path).stem().string();
        return stem.starts_with("cmep-") && stem.size() == std::string_view("cmep-2025-05").size();
    }

    Result<void> take(const std::string& format, const std::string& path, Date day) {
        app::ImportRequest request;
        request.format = format;
        request.path = path;
        request.date = day;
        request.history = is_history(path);
        const auto outcome = app::import_file(office_, request);
        if (!outcome) {
            if (outcome.error().is(app::errors::file_already_taken)) return {};
            return outcome.error();
        }
        ++lived.files;
        lived.reads += format == "lockbox" || format == "nacha" ? 0 : outcome->file.posted;
        if (format == "lockbox") {
            lived.payments += outcome->file.posted;
            lived.paid += outcome->file.posted_total;
        }
        return {};
    }

    Result<void> take_meter_files(Date day) {
        const auto found = meter_files_.find(day);
        if (found == meter_files_.end()) return {};
        TRY_DONE(hand_out_walks(day));
        for (const auto& [format, path] : found->second) TRY_DONE(take(format, path, day));
        return {};
    }

    /// On a read date the walk goes out before what the reader found comes back.
    Result<void> hand_out_walks(Date day) {
        storage::RouteRows routes(office_.database());
        for (const auto& route : routes.routes(day)) {
            if (route.kind == metering::RouteKind::ami) continue;
            if (!office_.catalogue().cycles.read_on(route.cycle, day)) continue;
            if (routes.places(route.code, day).empty()) continue;
            // A life that goes on where it was does not send the reader out twice.
            const auto sent = routes.exports(route.code);
            if (std::any_of(sent.begin(), sent.end(),
                            [&](const auto& one) { return one.read_date == day; })) {
                continue;
            }
            TRY(const auto done, app::export_route(office_, {route.code, day, "mvrs-126", false}));
            write_file(fmt::format("{}/routes/{}", folder_, done.name), done.text);
        }
        return {};
    }

    /// Every night; history comes by the month and is validated by it.
    Result<void> validate(Date day) {
        app::ValidationRequest request;
        request.until = day;
        request.on = day;
        if (day < office_.business_date().first_of_month()) {
            if (day != day.first_of_month()) return {};
            request.until = day.first_of_next_month();
        }
        TRY(const auto outcome, app::validate_reads(office_, request));
        lived.findings += static_cast<std::int64_t>(outcome.findings.size());
        lived.estimated += outcome.estimated;
        return {};
    }

    /// The cycles whose calculation day it is, and those held the business day before, whose
    /// reads the technician has looked at since.
    Result<void> run_cycles(Date day) {
        if (!is_business_day(day, office_.catalogue().office_holidays)) return {};
        accept_confirmed_reads(day);
        std::vector<tariff::CycleRow> rows;
        for (const auto& row : office_.catalogue().cycles.rows()) {
            if (row.read <= reads_begin) continue;
            if (row.calc == day || held_.contains({row.cycle, row.read})) rows.push_back(row);
        }
        held_.clear();
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return std::tie(a.read, a.cycle) < std::tie(b.read, b.cycle);
        });
        for (const auto& row : rows) {
            app::CycleRequest request;
            request.cycle = row.cycle;
            request.date = day;
            TRY(const auto outcome, app::run_cycle(office_, request));
            ++lived.runs;
            lived.bills += static_cast<std::int64_t>(outcome.bills.size());
            lived.held += static_cast<std::int64_t>(outcome.exceptions.size());
            lived.billed += outcome.total;
            if (row.calc == day && !outcome.exceptions.empty()) held_.insert({row.cycle, row.read});
        }
        return {};
    }

    /// In history the sample's technician has long confirmed what was high or low; the items of
    /// the business date's own month are left for whoever opens the sample.
    void accept_confirmed_reads(Date day) {
        if (day >= office_.business_date().first_of_month()) return;
        storage::Transaction transaction(office_.database(), day);
        for (auto& item : office_.work().list("open")) {
            const bool usage =
                item.cause == "billing.usage_high" || item.cause == "billing.usage_low";
            const bool reads = item.kind == "validation";
            if ((!usage && !reads) || item.opened_on >= day) continue;
            item.resolution = "accepted";
            item.resolved_why = "the read was confirmed by the customer";
            item.resolved_by = "sample technician";
            item.resolved_on = day;
            office_.work().resolve(item);
            if (reads) app::accept_taken_out(office_, item, item.resolved_by);
        }
        transaction.commit();
    }

    Result<void> draft(Date day) {
        TRY(const auto outcome, app::release_drafts(office_, {{day, day + 1}, day, false}));
        for (const auto& file : outcome.files) {
            write_file(fmt::format("{}/bank/{}.ach", folder_, file.batch), file.text);
        }
        lived.payments += outcome.entries;
        lived.paid += outcome.total;
        return {};
    }

    std::vector<payments::DraftEntry> drafts_of_two_bank_days_ago(Date day) {
        for (int back = 2; back > 0;) {
            day = day - 1;
            if (is_business_day(day, office_.catalogue().bank_holidays)) --back;
        }
        return office_.payments().drafts_of("draft-" + day.to_string());
    }

    Result<void> take_money(Date day) {
        for (const Delivery& file : bank_files(day)) TRY_DONE(take(file.format, file.path, day));
        TRY(const CounterDay counter, serve(day));
        lived.payments += counter.payments;
        lived.paid += counter.total;
        return {};
    }

    /// Troubles of history have long been cleared; those of the business date's month are there
    /// to be seen.
    [[nodiscard]] Trouble trouble_on(Date day) const {
        return day < office_.business_date().first_of_month() ? Trouble::usual : Trouble::planted;
    }

    std::vector<PlannedPayment> planned_for(Date day) {
        const auto bills = office_.bills().issued({day - days_to_pay, day + 1}, service::now_known);
        std::set<customers::AccountId> autopay;
        for (const auto& bill : bills) {
            if (bill.autopay) autopay.insert(bill.account);
        }
        auto planned = plan_payments(bills, autopay, office_.catalogue().bank_holidays, seed_);
        std::erase_if(planned, [&](const PlannedPayment& p) { return p.date != day; });
        return planned;
    }

public:
    [[nodiscard]] std::vector<Delivery> meter_files(Date day) {
        std::vector<Delivery> due;
        for (const auto& [format, path] : meter_files_[day]) due.push_back({format, path});
        return due;
    }

    std::vector<Delivery> bank_files(Date day) {
        std::vector<Delivery> files;
        const auto keep = [&](const char* format, const char* name, const char* suffix,
                              const std::string& bytes) {
            if (bytes.empty()) return;
            const std::string path =
                fmt::format("{}/bank/{}-{}.{}", folder_, name, day.to_string(), suffix);
            write_file(path, bytes);
            files.push_back({format, path});
        };
        keep("lockbox", "lockbox", "bai",
             lockbox_file(planned_for(day), day, names_, seed_, trouble_on(day)));
        keep("nacha", "returns", "ach",
             ach_return_file(drafts_of_two_bank_days_ago(day), day, seed_, trouble_on(day)));
        return files;
    }

    Result<CounterDay> serve(Date day) {
        CounterDay served;
        for (const PlannedPayment& p : planned_for(day)) {
            if (p.channel != "counter") continue;
            app::CounterPayment request;
            request.account = customers::account_number(p.account);
            request.amount = p.amount;
            request.tender = p.tender;
            request.receipt = p.bill_number;
            request.date = day;
            const auto receipt = app::post_counter_payment(office_, request);
            if (!receipt) {
                if (receipt.error().is(app::errors::payment_reference_taken)) continue;
                return receipt.error();
            }
            ++served.payments;
            served.total += p.amount;
        }
        return served;
    }

private:
    Office& office_;
    std::string folder_;
    std::int64_t seed_;
    std::map<Date, std::vector<std::pair<std::string, std::string>>> meter_files_;
    std::set<std::pair<std::string, Date>> held_;  ///< cycles to try again the next business day
    std::vector<customers::AccountId> ids_;
    RemitterNames names_;
};

}  // namespace

std::vector<Delivery> deliver(Office& office, const std::string& out_folder, Date day) {
    OfficeDays days(office, out_folder);
    auto files = days.meter_files(day);
    if (!is_business_day(day, office.catalogue().bank_holidays)) return files;
    for (Delivery& file : days.bank_files(day)) files.push_back(std::move(file));
    return files;
}

Result<CounterDay> serve_counter(Office& office, Date day) {
    if (!is_business_day(day, office.catalogue().bank_holidays)) return CounterDay{};
    return OfficeDays(office, "").serve(day);
}

Result<LivedThrough> live_through(Office& office, const std::string& out_folder, Date until,
                                  const DayProgress& progress) {
    OfficeDays days(office, out_folder);
    until = std::min(until, office.business_date() + 1);
    const std::int64_t count = until - reads_begin;
    for (Date day = reads_begin; day < until; day = day + 1) {
        TRY_DONE(days.live(day));
        ++days.lived.days;
        if (progress) progress(day, days.lived.days, count);
    }
    return days.lived;
}

}  // namespace watthour::sample
