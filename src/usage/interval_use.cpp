// SPDX-License-Identifier: Apache-2.0
#include "usage/interval_use.hpp"

#include "base/arithmetic.hpp"
#include "base/check.hpp"
#include "usage/errors.hpp"
#include "usage/tou_use.hpp"

#include <algorithm>
#include <limits>

namespace watthour::usage {

namespace {

using tariff::Determinant;
using tariff::UsageChannel;

bool in(std::uint64_t mask, unsigned period) { return ((mask >> period) & 1U) != 0; }

/// floor(sqrt(n)) of a sum of two squares, by Newton's steps from above.
std::int64_t root_of(i128 n) {
    if (n == 0) return 0;
    i128 root = 1;
    while (root * root < n) root *= 2;
    for (i128 next = (root + n / root) / 2; next < root; next = (root + n / root) / 2) root = next;
    return static_cast<std::int64_t>(root);
}

}  // namespace

Result<IntervalUse> IntervalUse::make(const TimeZone& zone, DateRange period, int minutes,
                                      int scale, IntervalRows rows, Missing missing) {
    IntervalUse use(zone, period, minutes, scale, std::move(rows));
    const auto wanted = static_cast<std::size_t>(use.grid_.count());
    for (std::vector<std::int64_t>* row :
         {&use.rows_.delivered, &use.rows_.received, &use.rows_.generation, &use.rows_.reactive}) {
        if (row->empty()) continue;
        if (row->size() != wanted) {
            return Error(errors::intervals_incomplete, {{"found", std::to_string(row->size())},
                                                        {"wanted", std::to_string(wanted)},
                                                        {"from", period.from.to_string()},
                                                        {"until", period.until.to_string()}});
        }
        for (std::size_t step = 0; step < row->size(); ++step) {
            if ((*row)[step] != missing_wh) continue;
            if (missing == Missing::refused) {
                return Error(errors::interval_missing,
                             {{"at", to_iso_utc(use.grid_.start_of(static_cast<int>(step)))}});
            }
            ++use.missing_count_;
            (*row)[step] = 0;
        }
    }
    return use;
}

bool IntervalUse::has(UsageChannel channel) const {
    switch (channel) {
        case UsageChannel::received: return true;  // not measured is none
        case UsageChannel::generation: return !rows_.generation.empty();
        case UsageChannel::reactive: return !rows_.reactive.empty();
        case UsageChannel::apparent: return !rows_.delivered.empty() && !rows_.reactive.empty();
        case UsageChannel::gross: return !rows_.delivered.empty() && !rows_.generation.empty();
        default: return !rows_.delivered.empty();
    }
}

std::int64_t IntervalUse::value(UsageChannel channel, std::size_t step) const {
    const auto of = [&](const std::vector<std::int64_t>& row) {
        return row.empty() ? 0 : row[step];
    };
    switch (channel) {
        case UsageChannel::delivered: return of(rows_.delivered);
        case UsageChannel::received: return of(rows_.received);
        case UsageChannel::net: return of(rows_.delivered) - of(rows_.received);
        case UsageChannel::generation: return of(rows_.generation);
        case UsageChannel::gross:
            return of(rows_.delivered) + of(rows_.generation) - of(rows_.received);
        case UsageChannel::reactive: return of(rows_.reactive);
        case UsageChannel::apparent: {
            const i128 active = of(rows_.delivered);
            const i128 reactive = of(rows_.reactive);
            return root_of(active * active + reactive * reactive);
        }
    }
    return 0;
}

std::pair<std::size_t, std::size_t> IntervalUse::steps_of(DateRange range) const {
    const std::int64_t length = std::int64_t{grid_.minutes()} * 60;
    const auto at = [&](Date date) {
        return static_cast<std::size_t>((zone_.start_of(date) - grid_.begin()) / length);
    };
    return {at(range.from), at(range.until)};
}

const std::vector<std::uint8_t>& IntervalUse::periods(const tariff::TouCalendar& calendar) const {
    auto& known = periods_[&calendar];
    if (!known.empty()) return known;
    const auto count = static_cast<std::size_t>(grid_.count());
    known.resize(count);
    for (std::size_t step = 0; step < count; ++step) {
        const Instant at = grid_.start_of(static_cast<int>(step));
        known[step] = static_cast<std::uint8_t>(
            calendar.period_of(zone_.date_of(at), zone_.wall_second_of(at)));
    }
    return known;
}

Result<std::int64_t> IntervalUse::energy(const Determinant& wanted) const {
    const auto [first, last] = steps_of(wanted.range);
    i128 sum = 0;
    if (wanted.calendar == nullptr) {
        for (std::size_t step = first; step < last; ++step) sum += value(wanted.channel, step);
    } else {
        const std::vector<std::uint8_t>& period = periods(*wanted.calendar);
        for (std::size_t step = first; step < last; ++step) {
            if (in(wanted.periods, period[step])) sum += value(wanted.channel, step);
        }
    }
    return round_divide(sum, power_of_ten(scale_), Rounding::half_away_from_zero);
}

Result<std::int64_t> IntervalUse::priced(const Determinant& wanted) const {
    const auto [first, last] = steps_of(wanted.range);
    i128 sum = 0;
    for (std::size_t step = first; step < last; ++step) {
        const Instant at = grid_.start_of(static_cast<int>(step));
        const Date date = zone_.date_of(at);
        if (!wanted.prices->covers(date)) {
            return Error(errors::hour_without_price,
                         {{"prices", wanted.prices->code()}, {"date", date.to_string()}});
        }
        sum += i128{value(wanted.channel, step)} *
               wanted.prices->price_at(date, zone_.wall_second_of(at));
    }
    // Wh x $/kWh has 3 places besides those of the price and of the rows; the result has 8.
    const int places = 3 + scale_ + wanted.prices->scale() - 8;
    if (places < 0) return checked_mul(static_cast<std::int64_t>(sum), power_of_ten(-places));
    return round_divide(sum, power_of_ten(places), Rounding::half_away_from_zero);
}

Result<std::int64_t> IntervalUse::peak(const Determinant& wanted,
                                       std::span<const Instant> coincident) const {
    const int minutes = grid_.minutes();
    if (wanted.window_minutes % minutes != 0) {
        return Error(errors::window_not_whole, {{"window", std::to_string(wanted.window_minutes)},
                                                {"minutes", std::to_string(minutes)}});
    }
    const auto width = static_cast<std::size_t>(wanted.window_minutes / minutes);
    const auto [first, last] = steps_of(wanted.range);
    const auto* period = wanted.calendar == nullptr ? nullptr : &periods(*wanted.calendar);
    std::int64_t highest = 0;
    bool counts = true;
    for (std::size_t step = first; step + width <= last; step += wanted.sliding ? 1 : width) {
        const bool inside = period == nullptr || in(wanted.periods, (*period)[step]);
        if (wanted.kind == Determinant::Kind::peak && !inside) continue;
        if (wanted.kind == Determinant::Kind::coincident) {
            const Instant from = grid_.start_of(static_cast<int>(step));
            const Instant until = from + std::int64_t{wanted.window_minutes} * 60;
            if (std::none_of(coincident.begin(), coincident.end(),
                             [&](Instant at) { return from <= at && at < until; })) {
                continue;
            }
        }
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < width; ++i) sum += value(wanted.channel, step + i);
        if (sum <= highest) continue;
        highest = sum;
        counts = inside;
    }
    if (wanted.kind == Determinant::Kind::peak_if_in && !counts) return 0;
    return round_divide(i128{highest} * 60'000, i128{wanted.window_minutes} * power_of_ten(scale_),
                        Rounding::half_away_from_zero);
}

Result<std::int64_t> IntervalUse::measure(const Determinant& wanted,
                                          std::span<const Instant> coincident) const {
    if (!has(wanted.channel)) {
        static constexpr const char* names[] = {
            "delivered energy", "received energy", "net energy",     "generation",
            "gross energy",     "reactive energy", "apparent energy"};
        return Error(errors::channel_not_measured,
                     {{"channel", names[static_cast<std::size_t>(wanted.channel)]}});
    }
    switch (wanted.kind) {
        case Determinant::Kind::energy: return energy(wanted);
        case Determinant::Kind::priced_energy: return priced(wanted);
        default: return peak(wanted, coincident);
    }
}

Result<std::int64_t> IntervalUse::measure_coarsely(const Determinant& wanted,
                                                   std::span<const Instant> coincident) const {
    Determinant coarse = wanted;
    if (coarse.window_minutes > 0 && grid_.minutes() % coarse.window_minutes == 0) {
        coarse.window_minutes = grid_.minutes();
    }
    return measure(coarse, coincident);
}

void IntervalUse::fill_tiers(const tariff::ChronologicalFill& fill,
                             std::span<const std::int64_t> limits,
                             std::span<std::int64_t> wh) const {
    const auto tiers = static_cast<std::size_t>(fill.tiers);
    WH_CHECK(limits.size() + 1 == tiers, "one limit fewer than tiers");
    const auto [first, last] = steps_of(fill.range);
    const std::vector<std::uint8_t>& period = periods(*fill.calendar);
    const std::int64_t unit = power_of_ten(scale_);
    std::vector<i128> filled(wh.size());
    i128 used = 0;
    std::size_t tier = 0;
    const auto limit = [&](std::size_t at) {
        return at < limits.size() ? i128{limits[at]} * unit
                                  : i128{std::numeric_limits<std::int64_t>::max()} * unit;
    };
    for (std::size_t step = first; step < last; ++step) {
        i128 left = value(fill.channel, step);
        while (left > 0) {
            while (used >= limit(tier)) ++tier;
            const i128 part = std::min(left, limit(tier) - used);
            filled[std::size_t{period[step]} * tiers + tier] += part;
            used += part;
            left -= part;
        }
    }
    for (std::size_t i = 0; i < wh.size(); ++i) {
        wh[i] = round_divide(filled[i], unit, Rounding::half_away_from_zero);
    }
}

}  // namespace watthour::usage
