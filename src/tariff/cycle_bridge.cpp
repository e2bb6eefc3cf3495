// SPDX-License-Identifier: Apache-2.0
#include "tariff/cycle_bridge.hpp"

#include <algorithm>
#include <map>

namespace watthour::tariff {
namespace {

bool is_inside(const CalendarRules& rules, int days) {
    return rules.gap_min <= days && days <= rules.gap_max;
}

/// A read of a cycle that was reached, and how.
struct Reached {
    std::string before;
    Date before_read;
};

using ReachedReads = std::map<std::pair<std::string, Date>, Reached>;

/// The steps that lead to a read, first one first; a month that is spent on the same cycle is none.
std::vector<BridgeStep> way_back(const CycleCalendar& calendar, const ReachedReads& reached,
                                 const CycleRow& end, Date from) {
    std::vector<BridgeStep> way;
    std::pair<std::string, Date> at{end.cycle, end.read};
    while (reached.contains(at)) {
        const Reached& step = reached.at(at);
        if (step.before != at.first) {
            // Behind the last read there, so that it is not the first one here.
            Date earliest = std::max(from, step.before_read + 1);
            for (const CycleRow& row : calendar.of_cycle(at.first)) {
                if (row.read < at.second) earliest = std::max(earliest, row.read + 1);
            }
            way.push_back({at.first, earliest, at.second, at.second - step.before_read});
        }
        at = {step.before, step.before_read};
    }
    std::reverse(way.begin(), way.end());
    return way;
}

}  // namespace

std::optional<CycleBridge> bridge_of(const CycleCalendar& calendar, const std::string& from_cycle,
                                     const std::string& to_cycle, Date move_on) {
    std::optional<Date> last;
    for (const CycleRow& row : calendar.of_cycle(from_cycle)) {
        if (row.read < move_on) last = row.read;
    }
    for (const CycleRow& row : calendar.of_cycle(to_cycle)) {
        if (last && move_on <= row.read) return CycleBridge{*last, row.read};
    }
    return std::nullopt;
}

std::optional<Date> day_inside(const CycleCalendar& calendar, const CalendarRules& rules,
                               const std::string& from_cycle, const std::string& to_cycle,
                               Date from) {
    const auto here = calendar.of_cycle(from_cycle);
    const auto there = calendar.of_cycle(to_cycle);
    for (std::size_t i = 0; i < here.size(); ++i) {
        const Date next = i + 1 < here.size() ? here[i + 1].read : end_of_time;
        Date before;
        for (const CycleRow& row : there) {
            // The move lies behind the last read here, and behind the reads there before this one.
            const Date earliest = std::max({from, here[i].read + 1, before + 1});
            if (is_inside(rules, row.read - here[i].read) && earliest <= row.read &&
                earliest <= next) {
                return earliest;
            }
            before = row.read;
        }
    }
    return std::nullopt;
}

std::vector<BridgeStep> way_inside(const CycleCalendar& calendar, const CalendarRules& rules,
                                   const std::string& from_cycle, const std::string& to_cycle,
                                   Date from) {
    std::vector<const CycleRow*> rows;
    for (const CycleRow& row : calendar.rows()) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto* a, const auto* b) { return a->read < b->read; });
    // Reads in order of date: the first time the wanted cycle is reached is the soonest.
    ReachedReads reached;
    std::vector<const CycleRow*> open;
    for (const CycleRow* row : rows) {
        if (row->cycle == from_cycle && row->read < from) {
            reached.clear();
            open = {row};
            continue;
        }
        const auto before = std::find_if(open.begin(), open.end(), [&](const CycleRow* one) {
            return is_inside(rules, row->read - one->read) && from <= row->read;
        });
        if (before == open.end()) continue;
        reached[{row->cycle, row->read}] = {(*before)->cycle, (*before)->read};
        open.push_back(row);
        if (row->cycle != to_cycle) continue;
        return way_back(calendar, reached, *row, from);
    }
    return {};
}

}  // namespace watthour::tariff
