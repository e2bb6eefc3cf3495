// SPDX-License-Identifier: Apache-2.0
// What a check found, in words: the facts that disagree and what to do.
#include "app/validate_reads.hpp"
#include "worklist/told.hpp"

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
json::value percent(std::int64_t a, std::int64_t b) {
    if (b == 0) return worklist::tell("told.any_share");
    const Decimal share(round_divide(i128{a} * 1000, b, Rounding::half_away_from_zero), 1);
    return json::string(share.to_string() + "%");
}

std::string local(const TimeZone& zone, Instant at) {
    const int second = zone.wall_second_of(at);
    return fmt::format("{} {:02}:{:02}", zone.date_of(at).to_string(), second / 3600,
                       second / 60 % 60);
}

/// What the sentences about a finding have in common.
struct Told {
    const vee::Finding& f;
    json::object sentence;  ///< of the check, with meter, quantity, when and days
    int minutes = 0;

    /// The sentence with what the check alone knows.
    [[nodiscard]] json::object with(std::initializer_list<worklist::ToldValue> values) const {
        json::object whole = sentence;
        for (const auto& [name, value] : values) whole[name] = value;
        return whole;
    }
};

json::object about(const Told& told) {
    const vee::Finding& f = told.f;
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    switch (f.check) {
        // Single intervals: missing, not billable, to the grid, too high.
        case VeeCheck::gap:
        case VeeCheck::not_billable:
            return told.with({{"n", number(f.measured)}, {"of", number(f.reference)}});
        case VeeCheck::received: return told.with({{"kwh", kwh(std::abs(f.measured))}});
        case VeeCheck::capacity:
        case VeeCheck::high_low_demand:
            return told.with({{"kw", kw(f.measured)},
                              {"percent", percent(f.measured, f.reference)},
                              {"reference", kw(f.reference)},
                              {"limit", number(f.limit)}});
        case VeeCheck::spike:
            return told.with({{"kwh", kwh(f.measured)},
                              {"percent", percent(f.measured - f.reference, f.reference)},
                              {"reference", kwh(f.reference)},
                              {"limit", number(f.limit)}});
        // Hours, days and sums.
        case VeeCheck::zeros:
            return told.with({{"hours", hours(f.measured, told.minutes)},
                              {"limit", hours(f.limit, told.minutes)}});
        case VeeCheck::constant:
            return told.with({{"kwh", kwh(f.reference)},
                              {"hours", hours(f.measured, told.minutes)},
                              {"limit", hours(f.limit, told.minutes)}});
        case VeeCheck::high_low_use:
            return told.with({{"kwh", kwh(f.measured)},
                              {"percent", percent(f.measured, f.reference)},
                              {"reference", kwh(f.reference)},
                              {"limit", number(f.limit)}});
        case VeeCheck::reactive:
            return told.with({{"kvarh", kwh(f.measured)},
                              {"kwh", kwh(f.reference)},
                              {"limit", number(f.limit)}});
        case VeeCheck::sum:
        case VeeCheck::tou_sum:
            return told.with({{"kwh", kwh(f.measured)},
                              {"register", kwh(f.reference)},
                              {"limit", kwh(f.limit)}});
        case VeeCheck::record:
            if (f.limit > 0) {
                return told.with({{"n", number(f.measured)},
                                  {"minutes", number(f.limit)},
                                  {"of", number(f.reference)}});
            }
            return told.with({{"multiplier", Decimal(f.measured, 6).to_shortest()},
                              {"record", Decimal(f.reference, 6).to_shortest()}});
        case VeeCheck::tou_use:
            return told.with({{"kwh", kwh(f.measured)},
                              {"percent", percent(f.measured, f.reference)},
                              {"reference", kwh(f.reference)},
                              {"limit", number(f.limit)}});
        case VeeCheck::inactive:
            return told.with({{"kwh", kwh(f.measured)}, {"limit", kwh(f.limit)}});
        case VeeCheck::collector_clock: break;  // of a file, told where it is received
    }
    return told.sentence;
}

}  // namespace

FindingWords in_words(const Office& office, const ChannelFinding& found, int minutes) {
    const vee::Finding& f = found.finding;
    // R1.22 is about the length of what is stored, or about the multiplier.
    const bool of_length = f.check == VeeCheck::record && f.limit > 0;
    const std::string key =
        fmt::format("told.vee.{}{}", tariff::vee_check_name(f.check), of_length ? "_length" : "");
    const Told told{
        f,
        {{"say", key},
         {"meter", found.serial},
         {"quantity", found.quantity},
         {"at", local(office.zone(), found.from)},
         {"days", worklist::tell_days(f.days.from.to_string(), (f.days.until - 1).to_string())}},
        minutes};
    return {worklist::stored(about(told)), worklist::stored(worklist::tell(key + ".next"))};
}

}  // namespace watthour::app
