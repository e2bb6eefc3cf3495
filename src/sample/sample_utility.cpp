// SPDX-License-Identifier: Apache-2.0
#include "sample/sample_utility.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/scan_line.hpp"
#include "sample/chance.hpp"
#include "sample/customers.hpp"
#include "sample/errors.hpp"
#include "sample/meters.hpp"
#include "sample/slots.hpp"

#include <fmt/format.h>

namespace watthour::sample {
namespace {

constexpr int rest_before_first_bill = 6;  // days from a move to the read date, at least

customers::AccountId account_id(int index) {
    const std::string number =
        formats::with_check_digit(std::to_string(std::int64_t{1000000001} + index));
    const auto value = parse_integer(number);
    WH_CHECK(value.has_value() && number.size() == 11, "account number " + number);
    return {*value};
}

/// The days on which the customer of a slot is served.
DateRange served(const Slot& slot, const CycleDates& dates) {
    switch (slot.role) {
        case Role::moves_out: return {dates.begin, dates.last - 13};
        case Role::moves_in: return {dates.last - 13, end_of_time};
        case Role::moves_out_gap: return {dates.begin, dates.last - 16};
        case Role::moves_in_gap: return {dates.last - rest_before_first_bill - 1, end_of_time};
        case Role::vacant_use: return {dates.begin, dates.before_last + 5};
        default: return {dates.begin, end_of_time};
    }
}

bool takes_over_point(Role role) { return role == Role::moves_in || role == Role::moves_in_gap; }

class Maker {
public:
    Maker(const tariff::Catalogue& catalogue, const TimeZone& zone, std::int64_t seed,
          Date business_date)
        : catalogue_(catalogue),
          hours_(zone, {reads_begin, business_date + 1}),
          seed_(seed),
          business_date_(business_date) {}

    void add(const Slot& slot, const CycleDates& dates) {
        const DateRange days = served(slot, dates);
        const customers::AccountId account = account_id(slot.index);
        if (!takes_over_point(slot.role)) add_point(slot, account);
        add_customer(made_, {account, slot.schedule, days, made_.premises.back(), slot.opt_out},
                     seed_);
        add_agreement(slot, account, days);
        if (!takes_over_point(slot.role)) add_meters(slot, dates, account);
        note_awkward(slot, account);
    }

    [[nodiscard]] SampleUtility take() { return std::move(made_); }

private:
    void add_point(const Slot& slot, customers::AccountId account) {
        Chance chance(seed_, account.value, "address");
        const StreetAddress address = street_address(place_, chance);
        service::Premise premise;
        premise.id = {id_from_key("premise", address.street + "|" + address.unit)};
        premise.street = address.street;
        premise.unit = address.unit;
        premise.city = "Valdoro";
        premise.state = "CA";
        premise.zip = "00000";
        premise.tax_district = "VALDORO";
        service::ServicePoint point;
        point.id = {id_from_key("service_point", fmt::format("SP{:06}", ++place_))};
        point.premise = premise.id;
        point.route = slot.route;
        point.sequence = slot.sequence;
        point.reading = slot.opt_out ? "opt_out" : "ami";
        made_.premises.push_back(std::move(premise));
        made_.points.push_back(std::move(point));
    }

    void add_agreement(const Slot& slot, customers::AccountId account, DateRange days) {
        Chance chance(seed_, account.value, "agreement");
        service::ServiceAgreement agreement;
        agreement.account = account;
        agreement.id = {id_from_key(
            "agreement", customers::account_number(account) + "|" + days.from.to_string())};
        agreement.service_point = made_.points.back().id;
        agreement.schedule = slot.schedule;
        if (slot.schedule == "R-1") {
            // The heating of a home stays when its people change.
            Chance home(seed_, agreement.service_point.value, "heating");
            agreement.option = home.percent(20) ? "H" : "B";
        }
        if (slot.schedule == "C-1") agreement.phase = chance.percent(35) ? "3" : "1";
        agreement.active = days;
        agreement.programs = programs_of(slot.schedule, days, account, seed_);
        made_.agreements.push_back(std::move(agreement));
    }

    void add_meters(const Slot& slot, const CycleDates& dates, customers::AccountId account) {
        made_.points.back().cycle = dates.cycle;
        install_meters(made_,
                       {slot, dates, account, made_.points.back().id, made_.agreements.back().phase,
                        catalogue_.utility.interval_minutes_residential,
                        catalogue_.utility.interval_minutes_commercial, business_date_, seed_},
                       hours_);
    }

    void note_awkward(const Slot& slot, customers::AccountId account) {
        const std::string number = customers::account_number(account);
        if (slot.opt_out) made_.awkward.emplace_back("opt_out", number);
        if (const auto kind = to_text(slot.role); !kind.empty()) {
            made_.awkward.emplace_back(kind, number);
        }
    }

    const tariff::Catalogue& catalogue_;
    DayHours hours_;
    std::int64_t seed_;
    Date business_date_;
    int place_ = 0;
    SampleUtility made_;
};

}  // namespace

Result<SampleUtility> make_sample(const tariff::Catalogue& catalogue, const TimeZone& zone,
                                  int accounts, std::int64_t seed, Date business_date) {
    if (accounts < 1 || accounts > most_accounts) {
        return Error(errors::accounts_out_of_range, {{"accounts", std::to_string(accounts)},
                                                     {"most", std::to_string(most_accounts)}});
    }
    TRY(const SlotPlan plan, plan_slots(catalogue, accounts, seed, business_date));
    Maker maker(catalogue, zone, seed, business_date);
    for (const Slot& slot : plan.slots) maker.add(slot, plan.cycles[slot.cycle]);
    return maker.take();
}

}  // namespace watthour::sample
