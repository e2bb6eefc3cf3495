// SPDX-License-Identifier: Apache-2.0
// A small utility lives through months of random but legal events in virtual time, beside a
// reference model of plain sums that knows nothing of the program: who used what, who paid what.
// Where they differ the seed is printed, and one line plays it again.
// usage: simulator_test [--seeds N] [--first SEED] [--months N] [--defect]
#include "app/check_books.hpp"
#include "app/post_payments.hpp"
#include "app/run_cycle.hpp"
#include "base/clock.hpp"
#include "formats/scan_line.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string_view>
#include <unistd.h>

namespace {

using namespace watthour;
using customers::AccountId;

constexpr int accounts_a_utility = 30;
constexpr const char* cycle = "05";
/// Fees of a returned payment, from the fee schedule VEU: the first in twelve months, a later one.
constexpr std::int64_t first_return_fee = 2500;
constexpr std::int64_t later_return_fee = 3500;

/// What a bookkeeper with a pencil would know of one account.
struct Expected {
    AccountId account;
    metering::ChannelId channel;
    std::int64_t dial = 0;         ///< kWh on the dials
    std::int64_t billed_dial = 0;  ///< at the end of the last billed period
    std::int64_t charges = 0;      ///< cents
    std::int64_t paid = 0;
    std::int64_t returned = 0;
    std::int64_t fees = 0;
    int bills = 0;
    std::vector<Date> returns;
    std::vector<payments::Payment> payments;  ///< not returned yet
    [[nodiscard]] std::int64_t balance() const { return charges - paid + returned + fees; }
};

/// The two sides do not agree.
struct Difference : std::runtime_error {
    using std::runtime_error::runtime_error;
};

AccountId account_number(int place) {
    for (int digit = 0; digit < 10; ++digit) {
        const std::string number = fmt::format("{}{}", 1000000100 + place, digit);
        if (formats::account_number_ok(number)) return {std::stoll(number)};
    }
    throw std::logic_error("no check digit fits");
}

class Simulation {
public:
    Simulation(std::uint64_t seed, bool defect) : random_(seed), defect_(defect) {
        folder_ = std::filesystem::temp_directory_path() /
                  fmt::format("watthour-simulator-{}-{}", ::getpid(), seed);
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        ::setenv("WATTHOUR_KEY_FILE", (folder_ / "key").c_str(), 1);
        office_ = *app::Office::open_empty("sqlite:" + (folder_ / "city.db").string(), clock_);
        make_utility();
    }
    ~Simulation() {
        office_.reset();
        std::filesystem::remove_all(folder_);
    }
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    void live(int months) {
        int lived = 0;
        for (const auto& row : office_->catalogue().cycles.of_cycle(cycle)) {
            if (row.read <= first_day) continue;
            if (++lived > months) break;
            month(row);
        }
        for (const auto& result : app::check_books(*office_)) {
            if (!result.violations.empty()) throw Difference(result.violations.front().what);
        }
    }
    [[nodiscard]] std::int64_t events() const { return events_; }
    [[nodiscard]] std::int64_t bills() const {
        std::int64_t sum = 0;
        for (const Expected& one : expected_) sum += one.bills;
        return sum;
    }

private:
    static constexpr Date first_day = Date::ymd(2025, 5, 8);

    bool chance(int percent) { return number(1, 100) <= percent; }
    std::int64_t number(std::int64_t from, std::int64_t through) {
        return std::uniform_int_distribution<std::int64_t>(from, through)(random_);
    }

    void make_utility() {
        const auto& catalogue = office_->catalogue();
        service::UtilityRecord utility;
        utility.name = catalogue.utility.name;
        utility.time_zone = catalogue.utility.time_zone;
        utility.currency = catalogue.utility.currency;
        utility.business_date = Date::ymd(2026, 6, 15);
        utility.catalogue_hash = catalogue.content_hash;
        storage::Transaction transaction(office_->database(), Date::ymd(2026, 6, 15));
        office_->service().create_utility(utility);
        for (int place = 0; place < accounts_a_utility; ++place) add_account(place);
        transaction.commit();
        if (!office_->reload()) throw std::logic_error("the utility cannot be read back");
    }

    void add_account(int place) {
        Expected one;
        one.account = account_number(place);
        one.dial = number(0, 99000);  // some roll over
        one.billed_dial = one.dial;
        const std::string name = fmt::format("H-{}", place);
        customers::Account account;
        account.id = one.account;
        account.name = name;
        account.language = chance(30) ? "es" : "en";
        account.person = {id_from_key("person", name)};
        account.opened = first_day;
        account.mailing = {"1 Acequia Street", "Valdoro", "CA", "00000"};
        office_->accounts().add({{account.person, name, "en", "", ""}}, {account}, {});
        service::ServicePoint point{{id_from_key("service_point", name)},
                                    {id_from_key("premise", name)},
                                    cycle,
                                    "R-1",
                                    place,
                                    "ami"};
        service::ServiceAgreement agreement;
        agreement.account = one.account;
        agreement.id = {id_from_key("agreement", name)};
        agreement.service_point = point.id;
        agreement.schedule = "R-1";
        agreement.option = "B";
        agreement.active = {first_day, end_of_time};
        office_->service().add(
            {{point.premise, "1 Acequia Street", "", "Valdoro", "CA", "00000", "VALDORO"}}, {point},
            {agreement});
        metering::Meter meter;
        meter.id = {id_from_key("meter", name)};
        meter.serial = name;
        one.channel = {id_from_key("channel", name)};
        office_->meters().add(
            {meter}, {{one.channel, meter.id, "KWH", 0}},
            {{meter.id, point.id, {first_day, end_of_time}, fmt::format("{:05}", one.dial), ""}});
        expected_.push_back(one);
    }

    void month(const tariff::CycleRow& row) {
        std::vector<std::size_t> late;
        std::vector<metering::Read> reads;
        for (std::size_t i = 0; i < expected_.size(); ++i) {
            Expected& one = expected_[i];
            one.dial += number(200, 1400);
            if (chance(6)) {
                late.push_back(i);
            } else {
                reads.push_back(read_of(one, row.read));
            }
        }
        add(reads);
        if (chance(30)) add(reads);  // the file comes twice
        run(row.calc);
        if (chance(30)) run(row.calc);
        money(row.calc);
        std::vector<metering::Read> rest;
        for (const std::size_t i : late) rest.push_back(read_of(expected_[i], row.read));
        add(rest);
        const Date next = add_business_days(row.calc, 1, office_->catalogue().office_holidays);
        // Late reads may be held for what they say; the second look lets them through.
        for (int look = 0; look < 3; ++look) {
            accept_all(next);
            run(next);
        }
        money(next);
        compare();
    }

    metering::Read read_of(const Expected& one, Date date) {
        return {one.channel, date, "actual_ami", fmt::format("{:05}", one.dial % 100000), {1}, 1};
    }

    void add(const std::vector<metering::Read>& reads) {
        storage::Transaction transaction(office_->database(), Date::ymd(2026, 6, 15));
        (void)office_->meters().add_reads(reads);
        transaction.commit();
        ++events_;
    }

    void run(Date date) {
        app::CycleRequest request;
        request.cycle = cycle;
        request.date = date;
        request.threads = 1;
        request.group = static_cast<int>(number(1, 40));
        const auto outcome = app::run_cycle(*office_, request);
        if (!outcome) throw Difference(outcome.error().message());
        ++events_;
        for (const auto& bill : outcome->bills) {
            Expected& one = of(bill.account);
            const std::int64_t kwh = one.dial - one.billed_dial;
            std::int64_t billed = 0;
            for (const auto& segment : bill.segments) billed += segment.delivered.wh();
            if (billed != kwh * 1000) {
                throw Difference(fmt::format("bill {} has {} Wh, the dials say {} kWh", bill.number,
                                             billed, kwh));
            }
            if (bill.previous_balance.minor_units() + bill.activity_total.minor_units() !=
                one.balance()) {
                throw Difference(fmt::format("bill {} carries {} forward, the pencil says {}",
                                             bill.number, bill.previous_balance.to_string(),
                                             one.balance()));
            }
            one.billed_dial = one.dial;
            one.charges += bill.current_charges.minor_units();
            ++one.bills;
        }
    }

    /// A technician looks at what is held and finds it right.
    void accept_all(Date on) {
        storage::Transaction transaction(office_->database(), Date::ymd(2026, 6, 15));
        for (auto& item : office_->work().list("open")) {
            if (item.kind != "billing_hold" || item.cause == "billing.read_missing") continue;
            item.resolution = "accepted";
            item.resolved_why = "seen";
            item.resolved_by = "simulator";
            item.resolved_on = on;
            office_->work().resolve(item);
        }
        transaction.commit();
        ++events_;
    }

    void money(Date date) {
        for (Expected& one : expected_) {
            if (chance(60)) pay(one, date);
            if (!one.payments.empty() && chance(8)) give_back(one, date);
        }
    }

    void pay(Expected& one, Date date) {
        const std::int64_t owed = std::max<std::int64_t>(one.balance(), 0);
        const std::int64_t amount = chance(60) ? owed : number(1, 20000);
        if (amount == 0) return;
        app::CounterPayment request;
        request.account = customers::account_number(one.account);
        request.amount = Money::minor(amount);
        request.tender = "check";
        request.receipt = fmt::format("S-{}", ++receipts_);
        request.date = date;
        const int times = chance(10) ? 2 : 1;  // the clerk presses twice
        for (int time = 0; time < times; ++time) {
            const auto receipt = app::post_counter_payment(*office_, request);
            ++events_;
            if (receipt.has_value() != (time == 0)) throw Difference("a receipt posted twice");
            if (receipt) one.payments.push_back(receipt->payment);
        }
        one.paid += amount + (defect_ && receipts_ == 40 ? 1 : 0);
    }

    void give_back(Expected& one, Date date) {
        const auto place =
            static_cast<std::size_t>(number(0, static_cast<std::int64_t>(one.payments.size()) - 1));
        const payments::Payment payment = one.payments[place];
        one.payments.erase(one.payments.begin() + static_cast<std::ptrdiff_t>(place));
        bool later = false;
        for (const Date before : one.returns) later = later || before >= date - 365;
        one.returns.push_back(date);
        one.returned += payment.amount.minor_units();
        one.fees += later ? later_return_fee : first_return_fee;
        payments::PaymentReturn back;
        back.account = one.account;
        back.payment = payment.id;
        back.reason = "R01";
        back.date = date;
        back.reference = "return of " + payment.reference;
        storage::Transaction transaction(office_->database(), Date::ymd(2026, 6, 15));
        back.fee = app::return_fee(*office_, one.account, date);
        app::post_returns(*office_, {back});
        transaction.commit();
        ++events_;
    }

    Expected& of(AccountId account) {
        for (Expected& one : expected_) {
            if (one.account == account) return one;
        }
        throw Difference("a bill of nobody");
    }

    void compare() {
        std::int64_t receivable = 0;
        for (const Expected& one : expected_) {
            receivable += one.balance();
            if (one.billed_dial != one.dial) {
                std::string why;
                for (const auto& item : office_->work().list("open")) {
                    if (item.account == one.account.value)
                        why += "; " + worklist::in_words(item.evidence, Language::english);
                }
                throw Difference(fmt::format("account {} used {} kWh that nobody billed{}",
                                             customers::account_number(one.account),
                                             one.dial - one.billed_dial, why));
            }
            const std::int64_t balance = app::account_balance(*office_, one.account).minor_units();
            if (balance != one.balance()) {
                throw Difference(fmt::format("account {} owes {}, the pencil says {}",
                                             customers::account_number(one.account), balance,
                                             one.balance()));
            }
            std::int64_t open = 0;
            for (const auto& item : office_->payments().items({one.account})) {
                open += (item.amount - item.allocated).minor_units();
            }
            std::int64_t unapplied = 0;
            for (const auto& payment : office_->payments().unapplied({one.account})) {
                unapplied += (payment.amount - payment.allocated).minor_units();
            }
            if (open - unapplied != one.balance() || (open > 0 && unapplied > 0)) {
                throw Difference(fmt::format("account {}: {} open, {} unapplied, {} owed",
                                             customers::account_number(one.account), open,
                                             unapplied, one.balance()));
            }
        }
        for (const auto& row : office_->journal().trial_balance(end_of_time, end_of_time)) {
            if (row.account == "1310" && (row.debit - row.credit).minor_units() != receivable) {
                throw Difference("the receivable of the ledger is not the sum of the pencil");
            }
        }
    }

    std::mt19937_64 random_;
    bool defect_;
    FixedClock clock_{1'780'000'000};
    std::filesystem::path folder_;
    std::unique_ptr<app::Office> office_;
    std::vector<Expected> expected_;
    std::int64_t events_ = 0;
    std::int64_t receipts_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t first = 1;
    std::uint64_t seeds = 100;
    int months = 12;
    bool defect = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--defect") defect = true;
        if (i + 1 >= argc) continue;
        if (word == "--seeds")
            seeds = std::stoull(argv[++i]);
        else if (word == "--first")
            first = std::stoull(argv[++i]);
        else if (word == "--months")
            months = std::stoi(argv[++i]);
    }
    std::int64_t events = 0;
    std::int64_t bills = 0;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        try {
            Simulation simulation(seed, defect);
            simulation.live(months);
            events += simulation.events();
            bills += simulation.bills();
        } catch (const Difference& difference) {
            fmt::print(
                "seed {} differs: {}\nplay it again: simulator_test --first {} --seeds 1 "
                "--months {}\n",
                seed, difference.what(), seed, months);
            return 1;
        }
    }
    fmt::print("{} seeds x {} months x {} accounts, {} bills, {} events: 0 differences\n", seeds,
               months, accounts_a_utility, bills, events);
    return 0;
}
