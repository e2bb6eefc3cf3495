// SPDX-License-Identifier: Apache-2.0
#include "cases/rate_year.hpp"

#include "base/check.hpp"
#include "rating/numbers.hpp"
#include "usage/interval_use.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace watthour::cases {

namespace {

constexpr int row_scale = 5;  // rows are in 10^-5 Wh
constexpr std::array case_years{2018, 2029, 2035, 2046};
constexpr std::array probe_hours{0, 5, 11, 17};

/// What one month hands to the next.
struct Carried {
    std::map<std::string, Energy> kwh_bank;
    std::int64_t dollars = 0;
    std::int64_t surplus_wh = 0;
    std::int64_t compared = 0;
    std::vector<Demand> peaks;  ///< of this year so far
};

class YearOfBills {
public:
    YearOfBills(const YearCase& given, Generation generation, const tariff::Catalogue& catalogue,
                const TimeZone& zone)
        : given_(given),
          with_generation_(generation == Generation::counted),
          catalogue_(catalogue),
          zone_(zone),
          peaks_before_(given.peaks_before) {}

    Result<std::vector<MonthOfCase>> rate() {
        std::vector<MonthOfCase> months;
        for (int year = 0; year < given_.years; ++year) {
            carried_.peaks.clear();
            carried_.compared = 0;
            for (int month = 1; month <= 12; ++month) {
                TRY(MonthOfCase one, rate_month(year, month));
                months.push_back(one);
            }
            peaks_before_ = carried_.peaks;
        }
        return months;
    }

private:
    using Metering = formats::UrdbMetering;

    [[nodiscard]] bool rides() const {
        return with_generation_ && given_.terms.metering != Metering::none;
    }

    [[nodiscard]] usage::IntervalRows rows_of(DateRange month, Date first_of_year) const {
        const std::size_t per_day = static_cast<std::size_t>(1440 / given_.minutes);
        const auto from = static_cast<std::size_t>(month.from - first_of_year) * per_day;
        const auto count = static_cast<std::size_t>(month.days()) * per_day;
        usage::IntervalRows rows;
        const bool meters_apart = given_.terms.metering == Metering::buy_all_sell_all;
        for (std::size_t i = from; i < from + count; ++i) {
            const std::int64_t load = given_.load[i];
            const std::int64_t made = with_generation_ ? given_.generation[i] : 0;
            // A plant that draws power at night is one more load of the meter that buys.
            const std::int64_t net =
                meters_apart ? load + std::max<std::int64_t>(0, -made) : load - made;
            rows.delivered.push_back(std::max<std::int64_t>(0, net));
            rows.received.push_back(std::max<std::int64_t>(0, -net));
            rows.generation.push_back(std::max<std::int64_t>(0, made));
        }
        return rows;
    }

    /// Earlier maxima that count, oldest first. Across the end of a year one more counts.
    [[nodiscard]] std::vector<Demand> prior_peaks(int month) const {
        std::vector<Demand> prior;
        const int back = given_.lookback_months;
        const int from_last_year = month <= back + 1 ? back - month + 2 : 0;
        if (!peaks_before_.empty()) {
            for (int k = std::max(0, 12 - from_last_year); k < 12; ++k) {
                prior.push_back(peaks_before_[static_cast<std::size_t>(k)]);
            }
        }
        const int first = std::max(1, month - back);
        for (int k = first; k < month; ++k) {
            prior.push_back(carried_.peaks[static_cast<std::size_t>(k - 1)]);
        }
        return prior;
    }

    [[nodiscard]] rating::RatingRequest request_of(DateRange period, int month) const {
        rating::RatingRequest request;
        request.schedule = given_.terms.schedule;
        request.period = period;
        request.year_ends = month == 12;
        request.billed_this_year = rating::amount_decimal(carried_.compared);
        if (given_.terms.ratchet) request.prior_max = prior_peaks(month);
        if (!rides()) return request;
        request.rider = formats::urdb_rider;
        request.bank_open = rating::amount_decimal(carried_.dollars);
        for (const auto& [name, energy] : carried_.kwh_bank) {
            request.kwh_bank.emplace_back(name, energy);
        }
        const bool settles = given_.terms.metering != Metering::net_billing &&
                             given_.terms.metering != Metering::buy_all_sell_all;
        request.true_up = settles && month == given_.true_up_month;
        return request;
    }

    /// The counter of surplus kWh: c = max(0, c + net export of the month).
    void count_surplus(int year, int month, std::int64_t net_wh) {
        const bool skipped = year > 0 && month == 1 && given_.true_up_month != 12;
        if (!skipped) carried_.surplus_wh = std::max<std::int64_t>(0, carried_.surplus_wh - net_wh);
    }

    Result<MonthOfCase> rate_month(int year, int month) {
        const Date first = Date::ymd(case_years[static_cast<std::size_t>(year)], 1, 1);
        const Date from = Date::ymd(first.year(), static_cast<unsigned>(month), 1);
        const DateRange period{from, from.first_of_next_month()};
        rating::RatingRequest request = request_of(period, month);
        TRY(const rating::Plan plan, rating::make_plan(catalogue_, rating::plan_key_of(request)));
        TRY(const usage::IntervalUse use,
            usage::IntervalUse::make(zone_, period, given_.minutes, row_scale,
                                     rows_of(period, first), usage::Missing::refused));
        for (const tariff::Determinant& wanted : plan.determinants) {
            TRY(const std::int64_t value, use.measure(wanted, {}));
            request.measured.push_back({wanted, value});
        }
        tariff::Determinant net;
        net.channel = tariff::UsageChannel::net;
        net.range = period;
        TRY(const std::int64_t net_wh, use.measure(net, {}));
        count_surplus(year, month, net_wh);
        const bool surplus = rides() && given_.terms.metering == Metering::net_kwh &&
                             !given_.terms.surplus_price.is_zero();
        if (surplus && request.true_up) request.surplus = Energy::watt_hours(carried_.surplus_wh);
        usage::IntervalTierFiller filler(use);
        request.tier_filler = &filler;
        TRY(const rating::RatedStatement rated, rating::rate_by(plan, request));
        hand_on(rated, request.true_up, month);
        MonthOfCase result = sums_of(rated);
        result.net_wh = net_wh;
        return result;
    }

    void hand_on(const rating::RatedStatement& rated, bool settled, int month) {
        carried_.compared += rating::amount_units(rated.year_compared);
        carried_.dollars = rated.bank ? rating::amount_units(rated.bank->close) : 0;
        const Demand peak = rated.demands.empty() ? Demand() : rated.demands.front().measured;
        carried_.peaks.push_back(peak);
        carried_.kwh_bank.clear();
        if (settled) {
            carried_.surplus_wh = 0;
            return;
        }
        for (const auto& [name, energy] : rated.kwh_bank) {
            const std::string next = period_next_month(name, month);
            if (!next.empty() && !energy.is_zero()) carried_.kwh_bank[next] += energy;
        }
    }

    /// The period that takes over what is left of one; "" when it is lost.
    [[nodiscard]] std::string period_next_month(const std::string& name, int month) const {
        const auto period_at = [&](int of_month, int hour) {
            const auto& row =
                given_.rate.energy_weekday[static_cast<std::size_t>((of_month - 1) % 12)];
            return "p" + std::to_string(row[static_cast<std::size_t>(hour) * 2] + 1);
        };
        for (const int hour : probe_hours) {
            if (period_at(month, hour) == name) return period_at(month + 1, hour);
        }
        return {};
    }

    [[nodiscard]] MonthOfCase sums_of(const rating::RatedStatement& rated) const {
        MonthOfCase month;
        for (const rating::ChargeLine& line : rated.lines) {
            const std::int64_t amount = line.unrounded ? line.unrounded->units()
                                                       : checked_mul(line.amount.minor_units(),
                                                                     rating::amount_units_per_cent);
            month.bill += amount;
            if (line.code.starts_with("DEM-T") || line.code.starts_with("DEM-W")) {
                month.tou_demand += amount;
            } else if (line.code.starts_with("DEM-")) {
                month.flat_demand += amount;
            } else if (line.code == "FIXED") {
                month.fixed += amount;
            } else if (line.code.starts_with("MIN-")) {
                month.minimum += amount;
            } else if (line.code == "PAYOUT" ||
                       (line.code == "SURPLUS" && !given_.terms.surplus_to_bank)) {
                month.true_up_credit -= amount;
            } else {
                month.energy += amount;
            }
        }
        return month;
    }

    const YearCase& given_;
    bool with_generation_;
    const tariff::Catalogue& catalogue_;
    TimeZone zone_;
    std::vector<Demand> peaks_before_;
    Carried carried_;
};

}  // namespace

Result<std::vector<MonthOfCase>> rate_year(const YearCase& given, Generation generation) {
    formats::UrdbTerms terms = given.terms;
    if (generation == Generation::left_out) terms.metering = formats::UrdbMetering::none;
    const std::string text = formats::urdb_tariff_text(given.rate, terms);
    TRY(const tariff::Catalogue catalogue, tariff::load_tariff_file(given.id + ".yaml", text));
    TRY(const TimeZone zone, TimeZone::load(terms.time_zone));
    return YearOfBills(given, generation, catalogue, zone).rate();
}

}  // namespace watthour::cases
