// SPDX-License-Identifier: Apache-2.0
#include "sample/slots.hpp"

#include "sample/chance.hpp"
#include "sample/errors.hpp"
#include "sample/sample_utility.hpp"

#include <algorithm>
#include <array>

namespace watthour::sample {
namespace {

constexpr int smallest_full_mix = 20;
constexpr int weeks_of_last_run = 7;  // days before the business date in which reads are billed

/// Singles in order of need: where there is little room the first ones come first.
constexpr auto single_roles = std::to_array<Role>(
    {Role::meter_exchanged, Role::silent, Role::missing_read, Role::register_misread,
     Role::register_rollover, Role::interval_gap, Role::zero_use, Role::register_jump,
     Role::interval_spike, Role::vacant_use, Role::solar_delivered_only});

bool needs_intervals(Role role) {
    return role == Role::interval_gap || role == Role::interval_spike ||
           role == Role::solar_delivered_only;
}

Result<CycleDates> dates_of(const tariff::CycleCalendar& calendar, const std::string& cycle,
                            Date business_date) {
    CycleDates dates{cycle, end_of_time, {}, {}, {}};
    for (const tariff::CycleRow& row : calendar.of_cycle(cycle)) {
        if (row.read >= reads_begin && dates.begin == end_of_time) dates.begin = row.read;
        if (row.read < business_date) {
            dates.two_before_last = dates.before_last;
            dates.before_last = dates.last;
            dates.last = row.read;
        }
    }
    if (dates.two_before_last < dates.begin || dates.begin == end_of_time) {
        return Error(errors::calendar_too_short, {{"cycle", cycle},
                                                  {"which", "three months before"},
                                                  {"date", business_date.to_string()}});
    }
    return dates;
}

/// Counts of each schedule besides R-1, which takes the rest.
std::vector<std::pair<std::string, int>> counts_of(const tariff::UtilityCounts& city,
                                                   int accounts) {
    const int all = city.residential + city.small_commercial + city.medium_commercial;
    const auto share = [&](std::int64_t part) {
        return static_cast<int>((part * accounts + all / 2) / std::max(1, all));
    };
    const int homes = share(city.residential);
    const int least = accounts >= smallest_full_mix ? 1 : 0;
    return {{"C-2", std::max(least, share(city.medium_commercial))},
            {"C-1", std::max(least, share(city.small_commercial))},
            {"R-TOU", std::max(least, homes * 9 / 100)},
            {"R-EV", std::max(least, homes * 4 / 100)}};
}

/// The AMI accounts fill the cycles in order, evenly; opt-outs come last, in the cycle of their
/// walking route.
void deal_cycles(const tariff::Utility& utility, SlotPlan& plan, int opt_outs) {
    const int radio = static_cast<int>(plan.slots.size()) - opt_outs;
    const int cycles = static_cast<int>(plan.cycles.size());
    for (int c = 0; c < cycles; ++c) {
        std::vector<const tariff::Route*> routes;
        for (const tariff::Route& route : utility.routes) {
            if (route.kind == tariff::RouteKind::ami &&
                route.cycle == plan.cycles[static_cast<std::size_t>(c)].cycle) {
                routes.push_back(&route);
            }
        }
        const int from = static_cast<int>(std::int64_t{radio} * c / cycles);
        const int until = static_cast<int>(std::int64_t{radio} * (c + 1) / cycles);
        for (int i = from; i < until; ++i) {
            Slot& slot = plan.slots[static_cast<std::size_t>(i)];
            slot.cycle = static_cast<std::size_t>(c);
            slot.sequence = (i - from + 1) * 10;
            if (routes.empty()) continue;
            const auto part = static_cast<std::size_t>(i - from) * routes.size() /
                              static_cast<std::size_t>(until - from);
            slot.route = routes[part]->code;
        }
    }
    for (const tariff::Route& route : utility.routes) {
        if (route.kind != tariff::RouteKind::manual) continue;
        for (std::size_t i = plan.slots.size() - static_cast<std::size_t>(opt_outs);
             i < plan.slots.size(); ++i) {
            Slot& slot = plan.slots[i];
            slot.opt_out = true;
            slot.route = route.code;
            slot.sequence = (slot.index - radio + 1) * 10;
            for (std::size_t c = 0; c < plan.cycles.size(); ++c) {
                if (plan.cycles[c].cycle == route.cycle) slot.cycle = c;
            }
        }
    }
}

/// Awkward accounts sit in the cycles read in the week before, so that the newest run meets them.
void deal_roles(SlotPlan& plan, std::int64_t seed, Date business_date) {
    std::vector<std::size_t> pairs;  // first of two neighbours in one cycle
    std::vector<std::size_t> lone;
    const auto is_candidate = [&](std::size_t i) {
        const Slot& slot = plan.slots[i];
        return !slot.opt_out && plan.cycles[slot.cycle].last >= business_date - weeks_of_last_run;
    };
    for (std::size_t i = 0; i < plan.slots.size(); ++i) {
        if (!is_candidate(i)) continue;
        const bool paired = i + 1 < plan.slots.size() && is_candidate(i + 1) &&
                            plan.slots[i].cycle == plan.slots[i + 1].cycle;
        (paired ? pairs : lone).push_back(i);
        if (paired) ++i;
    }
    Chance chance(seed, 0, "roles");
    chance.shuffle(pairs);
    const int each = std::max(1, static_cast<int>(plan.slots.size()) / 500);
    for (int n = 0; n < each; ++n) {
        for (const auto& [out, in] : {std::pair(Role::moves_out, Role::moves_in),
                                      std::pair(Role::moves_out_gap, Role::moves_in_gap)}) {
            if (pairs.empty()) break;
            plan.slots[pairs.back()].role = out;
            plan.slots[pairs.back() + 1].role = in;
            pairs.pop_back();
        }
        for (const Role role : single_roles) {
            if (lone.empty()) {
                if (pairs.empty()) break;
                lone = {pairs.back(), pairs.back() + 1};
                pairs.pop_back();
            }
            plan.slots[lone.back()].role = role;
            lone.pop_back();
        }
    }
}

void deal_schedules(SlotPlan& plan, std::vector<std::pair<std::string, int>> counts,
                    std::int64_t seed) {
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < plan.slots.size(); ++i) {
        Slot& slot = plan.slots[i];
        slot.schedule = "R-1";
        if (needs_intervals(slot.role)) {
            slot.schedule = "R-TOU";
            for (auto& [schedule, count] : counts) {
                if (schedule == slot.schedule) --count;
            }
        } else if (slot.role == Role::plain && !slot.opt_out) {
            free.push_back(i);
        }
    }
    Chance chance(seed, 0, "schedules");
    chance.shuffle(free);
    for (const auto& [schedule, count] : counts) {
        for (int n = 0; n < count && !free.empty(); ++n) {
            plan.slots[free.back()].schedule = schedule;
            free.pop_back();
        }
    }
}

}  // namespace

std::string_view to_text(Role role) {
    switch (role) {
        case Role::meter_exchanged: return "meter_exchanged";
        case Role::moves_out: return "move_same_day";
        case Role::moves_out_gap: return "move_with_gap";
        case Role::silent: return "silent";
        case Role::missing_read: return "missing_read";
        case Role::register_jump: return "register_jump";
        case Role::register_misread: return "register_misread";
        case Role::register_rollover: return "register_rollover";
        case Role::zero_use: return "zero_use";
        case Role::vacant_use: return "vacant_use";
        case Role::interval_gap: return "interval_gap";
        case Role::interval_spike: return "interval_spike";
        case Role::solar_delivered_only: return "solar_delivered_only";
        case Role::plain:
        case Role::moves_in:
        case Role::moves_in_gap: break;
    }
    return "";
}

Result<SlotPlan> plan_slots(const tariff::Catalogue& catalogue, int accounts, std::int64_t seed,
                            Date business_date) {
    SlotPlan plan;
    std::vector<std::string> cycles;
    for (const tariff::CycleRow& row : catalogue.cycles.rows()) cycles.push_back(row.cycle);
    std::sort(cycles.begin(), cycles.end());
    cycles.erase(std::unique(cycles.begin(), cycles.end()), cycles.end());
    for (const std::string& cycle : cycles) {
        TRY(const CycleDates dates, dates_of(catalogue.cycles, cycle, business_date));
        plan.cycles.push_back(dates);
    }
    plan.slots.resize(static_cast<std::size_t>(accounts));
    for (int i = 0; i < accounts; ++i) plan.slots[static_cast<std::size_t>(i)].index = i;
    // 142 of 36,000 meters are read by hand in the city; two at least, to have a route to walk.
    const int opt_outs =
        accounts < smallest_full_mix ? 0 : std::max(2, (accounts * 4 + 500) / 1000);
    deal_cycles(catalogue.utility, plan, opt_outs);
    deal_roles(plan, seed, business_date);
    deal_schedules(plan, counts_of(catalogue.utility.counts, accounts), seed);
    return plan;
}

}  // namespace watthour::sample
