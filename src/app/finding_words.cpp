// SPDX-License-Identifier: Apache-2.0
// What a check found, in words: the facts that disagree and what to do.
#include "app/validate_reads.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace watthour::app {
namespace {

using tariff::VeeCheck;

std::string kwh(std::int64_t wh) { return Energy::watt_hours(wh).to_string(); }
std::string kw(std::int64_t watts) { return Decimal(watts, 3).to_shortest(); }

/// Hours with at most two places: "4", "8.25".
std::string hours(std::int64_t intervals, int minutes) {
    return Decimal(round_divide(i128{intervals} * minutes * 100, 60, Rounding::half_away_from_zero),
                   2)
        .to_shortest();
}

/// a over b in percent with one place.
std::string percent(std::int64_t a, std::int64_t b) {
    if (b == 0) return "more than any share";
    return Decimal(round_divide(i128{a} * 1000, b, Rounding::half_away_from_zero), 1).to_string() +
           "%";
}

std::string local(const TimeZone& zone, Instant at) {
    const int second = zone.wall_second_of(at);
    return fmt::format("{} {:02}:{:02}", zone.date_of(at).to_string(), second / 3600,
                       second / 60 % 60);
}

constexpr const char* look =
    "Look at the graph; accept the reads if they are right, else estimate.";

/// What the sentences about a finding have in common.
struct Told {
    const vee::Finding& f;
    std::string meter;
    std::string at;    ///< when it begins, by the wall clock
    std::string days;  ///< "on 2026-06-09", "from 2026-06-09 to 2026-06-11"
    int minutes = 0;
};

/// Single intervals: missing, not billable, to the grid, too high.
FindingWords about_intervals(const Told& told) {
    const auto& [f, meter, at, days, minutes] = told;
    switch (f.check) {
        case VeeCheck::gap:
            return {fmt::format("{}: {} of {} intervals {} are missing.", meter, f.measured,
                                f.reference, days),
                    "Ask the head end for the days again, or estimate them."};
        case VeeCheck::not_billable:
            return {fmt::format("{}: {} of {} intervals {} came in test mode, with an overflow or "
                                "with the clock off.",
                                meter, f.measured, f.reference, days),
                    "Estimate them, and have the meter's clock and program looked at."};
        case VeeCheck::received:
            return {fmt::format("{}: {} kWh went to the grid {}, and no generation is permitted "
                                "at the point.",
                                meter, kwh(std::abs(f.measured)), days),
                    "Send someone: unreported solar, or a meter the wrong way round."};
        case VeeCheck::capacity:
            return {fmt::format("{}: {} kW at {} is {} of the {} kW that the service can carry; "
                                "the limit is {}%.",
                                meter, kw(f.measured), at, percent(f.measured, f.reference),
                                kw(f.reference), f.limit),
                    "Look at multiplier and panel; estimate the interval if it cannot be."};
        case VeeCheck::spike:
            return {fmt::format("{}: {} kWh at {} is {} over the third highest interval of the "
                                "day, {} kWh; the limit is {}%.",
                                meter, kwh(f.measured), at,
                                percent(f.measured - f.reference, f.reference), kwh(f.reference),
                                f.limit),
                    look};
        case VeeCheck::high_low_demand:
            return {fmt::format("{}: {} kW at {} is {} of the highest of the weeks before, {} kW; "
                                "the limit is {}%.",
                                meter, kw(f.measured), at, percent(f.measured, f.reference),
                                kw(f.reference), f.limit),
                    look};
        default: return {};
    }
}

/// Hours, days and sums.
FindingWords about_stretches(const Told& told) {
    const auto& [f, meter, at, days, minutes] = told;
    switch (f.check) {
        case VeeCheck::zeros:
            return {fmt::format("{}: no use for {} hours from {}, and no outage is known; {} hours "
                                "are the limit.",
                                meter, hours(f.measured, minutes), at, hours(f.limit, minutes)),
                    "Ask whether the place is empty; else send someone to check for load."};
        case VeeCheck::constant:
            return {fmt::format("{}: the same {} kWh in every interval for {} hours from {}; {} "
                                "hours are the limit.",
                                meter, kwh(f.reference), hours(f.measured, minutes), at,
                                hours(f.limit, minutes)),
                    look};
        case VeeCheck::high_low_use:
            return {fmt::format("{}: {} kWh a day {} is {} of the {} kWh a day before or last "
                                "year; the limit is {}%.",
                                meter, kwh(f.measured), days, percent(f.measured, f.reference),
                                kwh(f.reference), f.limit),
                    "Compare with the neighbours and the weather; accept, or send someone."};
        case VeeCheck::reactive:
            return {fmt::format("{}: {} kVARh {} beside {} kWh; {}% of the kWh are the limit.",
                                meter, kwh(f.measured), days, kwh(f.reference), f.limit),
                    "Have the phases and the program of the meter looked at."};
        case VeeCheck::sum:
            return {fmt::format("{}: the intervals {} sum to {} kWh and the register counted {} "
                                "kWh; {} kWh are tolerated.",
                                meter, days, kwh(f.measured), kwh(f.reference), kwh(f.limit)),
                    "Look at multiplier and missing files; accept the side that is right."};
        case VeeCheck::tou_sum:
            return {fmt::format("{}: the registers of the time-of-use periods {} sum to {} kWh and "
                                "the total register counted {} kWh; {} kWh are tolerated.",
                                meter, days, kwh(f.measured), kwh(f.reference), kwh(f.limit)),
                    "Have the program of the meter looked at."};
        case VeeCheck::record:
            if (f.limit > 0) {
                return {fmt::format("{}: what is stored {} are {} intervals, and a channel of {} "
                                    "minutes has {}.",
                                    meter, days, f.measured, f.limit, f.reference),
                        "Find out which length the meter's program has; record the channel, and "
                        "bring the files in again."};
            }
            return {fmt::format("{}: the multiplier in force is {}, and CT x PT x constant as "
                                "recorded are {}.",
                                meter, Decimal(f.measured, 6).to_shortest(),
                                Decimal(f.reference, 6).to_shortest()),
                    "Read the nameplates of meter and transformers; correct the record, then "
                    "accept the reads, or estimate them."};
        case VeeCheck::tou_use:
            return {fmt::format("{}: {} kWh a day {} is {} of the {} kWh a day of the same part of "
                                "the day before; the limit is {}%.",
                                meter, kwh(f.measured), days, percent(f.measured, f.reference),
                                kwh(f.reference), f.limit),
                    "Compare the parts of the day; have the clock and the program of the meter "
                    "looked at."};
        case VeeCheck::inactive:
            return {fmt::format("{}: {} kWh {}, and nobody has an agreement; {} kWh are the limit.",
                                meter, kwh(f.measured), days, kwh(f.limit)),
                    "Find who uses it: write to the premises, then to the owner."};
        default: return {};
    }
}

}  // namespace

FindingWords in_words(const Office& office, const ChannelFinding& found, int minutes) {
    const vee::Finding& f = found.finding;
    const Told told{f, fmt::format("Meter {} ({})", found.serial, found.quantity),
                    local(office.zone(), found.from),
                    f.days.days() == 1 ? "on " + f.days.from.to_string()
                                       : fmt::format("from {} to {}", f.days.from.to_string(),
                                                     (f.days.until - 1).to_string()),
                    minutes};
    FindingWords words = about_intervals(told);
    return words.evidence.empty() ? about_stretches(told) : words;
}

}  // namespace watthour::app
