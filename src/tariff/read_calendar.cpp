// SPDX-License-Identifier: Apache-2.0
#include "tariff/read_calendar.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

namespace watthour::tariff {
namespace {

constexpr int reads_a_year = 12;
constexpr int days_a_year = 365;
/// A day that has this many cycles already is taken only where its neighbours are as full.
constexpr int cycles_wanted_a_day = 1;

/// The dates of a row with their names.
std::array<std::pair<const char*, Date>, 5> dates_of(const CycleRow& row) {
    return {{{"read", row.read},
             {"calc", row.calc},
             {"mail", row.mail},
             {"due", row.due},
             {"late", row.late}}};
}

Date next_business_day(Date date, const Holidays& closed) {
    return add_business_days(date + 1, 0, closed);
}

class Checker {
public:
    Checker(const CalendarRules& rules, std::vector<CalendarFinding>& into)
        : rules_(rules), into_(into) {}

    void check_row(const CycleRow& row) {
        const auto dates = dates_of(row);
        for (std::size_t i = 0; i < dates.size(); ++i) {
            const auto& [field, date] = dates[i];
            if (!is_business_day(date, rules_.closed)) {
                find(row, field, "not_business_day",
                     fmt::format("cycle {} {} {} is a weekend or an office holiday", row.cycle,
                                 field, date.to_string()),
                     "Take a business day beside it.");
            }
            if (i == 0 || dates[i - 1].second < date) continue;
            find(row, field, "order",
                 fmt::format("cycle {} {} {} is not after {} {}", row.cycle, field,
                             date.to_string(), dates[i - 1].first, dates[i - 1].second.to_string()),
                 "A cycle is read, calculated, mailed, due and noticed in this order.");
        }
        if (row.mail < row.due && row.due - row.mail < rules_.due_days) {
            find(row, "due", "due_early",
                 fmt::format("cycle {} is due {} days after mailing on {}, fewer than {}",
                             row.cycle, row.due - row.mail, row.mail.to_string(), rules_.due_days),
                 "Set the due date later.");
        }
    }

    void check_gap(const CycleRow& before, const CycleRow& row) {
        const int days = row.read - before.read;
        if (days == 0) {
            find(row, "read", "read_twice",
                 fmt::format("cycle {} is read twice on {}", row.cycle, row.read.to_string()),
                 "Leave out one of the two rows.");
        } else if (days < rules_.gap_min || rules_.gap_max < days) {
            const bool is_short = days < rules_.gap_min;
            find(row, "read", is_short ? "gap_short" : "gap_long",
                 fmt::format("cycle {} is read {} days after {}, {} than {}", row.cycle, days,
                             before.read.to_string(), is_short ? "fewer" : "more",
                             is_short ? rules_.gap_min : rules_.gap_max),
                 fmt::format("Read it between {} and {}.",
                             (before.read + rules_.gap_min).to_string(),
                             (before.read + rules_.gap_max).to_string()));
        }
    }

    void find(const CycleRow& row, const char* field, const char* rule, std::string message,
              std::string remedy) {
        into_.push_back({row.line, row.cycle, field, fmt::format("calendar.{}", rule),
                         std::move(message), std::move(remedy)});
    }

private:
    const CalendarRules& rules_;
    std::vector<CalendarFinding>& into_;
};

void check_holidays(const CycleCalendar& calendar, const CalendarRules& rules, Checker& checker) {
    const CycleRow* last = nullptr;
    for (const CycleRow& row : calendar.rows()) {
        if (last == nullptr || last->read < row.read) last = &row;
    }
    if (last == nullptr || rules.closed.empty()) return;
    if (last->read.year() <= rules.closed.last().year()) return;
    checker.find(*last, "read", "holidays_unknown",
                 fmt::format("the list of office holidays ends on {}, before the read of {}",
                             rules.closed.last().to_string(), last->read.to_string()),
                 "Add the holidays of that year to calendars.yaml first.");
}

/// The business day of a window that lies nearest to the day wanted and has few cycles yet.
Date pick_day(DateRange window, Date wanted, const CalendarRules& rules,
              const std::map<Date, int>& load) {
    Date best = wanted;
    int best_cost = -1;
    for (Date day = window.from; day < window.until; day = day + 1) {
        if (!is_business_day(day, rules.closed)) continue;
        const auto found = load.find(day);
        const int more =
            found == load.end() ? 0 : std::max(0, found->second + 1 - cycles_wanted_a_day);
        // A day more beside the wanted one weighs as much as one more cycle on a full day.
        const int cost = 2 * std::abs(day - wanted) + 3 * more;
        if (best_cost < 0 || cost < best_cost) {
            best = day;
            best_cost = cost;
        }
    }
    return best;
}

CycleRow row_of(const std::string& cycle, Date read, const CalendarRules& rules) {
    CycleRow row;
    row.cycle = cycle;
    row.read = read;
    row.calc = next_business_day(row.read, rules.closed);
    row.mail = next_business_day(row.calc, rules.closed);
    row.due = add_business_days(row.mail + rules.due_days, 0, rules.closed);
    row.late = next_business_day(row.due, rules.closed);
    return row;
}

/// The reads of a cycle before a year, oldest first.
std::map<std::string, Date> last_reads_before(const CycleCalendar& calendar, int year) {
    std::map<std::string, Date> last;
    for (const CycleRow& row : calendar.rows()) {
        if (row.read.year() >= year) continue;
        Date& date = last.try_emplace(row.cycle, row.read).first->second;
        date = std::max(date, row.read);
    }
    return last;
}

std::string text_of(const CycleRow& row) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", row.cycle, row.read.to_string(),
                       row.calc.to_string(), row.mail.to_string(), row.due.to_string(),
                       row.late.to_string());
}

/// Whether a line is a row of a year, by its read date.
bool is_row_of(std::string_view line, int year) {
    const auto fields = split_text(trimmed_right(line), '\t');
    if (line.starts_with('#') || fields.size() < 2) return false;
    const auto read = Date::parse(fields[1]);
    return read && read->year() == year;
}

}  // namespace

CalendarRules calendar_rules(const Catalogue& catalogue) {
    const ReadingPolicy& reading = catalogue.policies.reading;
    return {reading.normal_days_min, reading.normal_days_max, catalogue.policies.credit.due_days,
            catalogue.office_holidays};
}

std::vector<CalendarFinding> check_calendar(const CycleCalendar& calendar,
                                            const CalendarRules& rules, int year) {
    std::vector<CalendarFinding> findings;
    Checker checker(rules, findings);
    std::map<std::string, const CycleRow*> before;
    std::map<std::string, const CycleRow*> any;
    std::set<std::string> in_year;
    for (const CycleRow& row : calendar.rows()) {
        const CycleRow*& last = before[row.cycle];
        if (year == 0 || row.read.year() == year) {
            in_year.insert(row.cycle);
            checker.check_row(row);
            if (last != nullptr) checker.check_gap(*last, row);
        }
        last = &row;
        any.try_emplace(row.cycle, &row);
    }
    for (const auto& [cycle, row] : any) {
        if (in_year.contains(cycle)) continue;
        CycleRow missing = *row;
        missing.line = 0;
        checker.find(missing, "read", "cycle_missing",
                     fmt::format("cycle {} has no read in {}", cycle, year),
                     "Propose the year's rows, or add them.");
    }
    if (!in_year.empty()) check_holidays(calendar, rules, checker);
    std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
        return std::tie(a.line, a.cycle) < std::tie(b.line, b.cycle);
    });
    return findings;
}

std::vector<CycleRow> propose_year(const CycleCalendar& calendar, const CalendarRules& rules,
                                   int year) {
    const auto first = last_reads_before(calendar, year);
    std::vector<std::pair<Date, std::string>> order;
    for (const auto& [cycle, date] : first) order.emplace_back(date, cycle);
    std::sort(order.begin(), order.end());
    std::vector<CycleRow> rows;
    std::map<Date, int> load;
    std::map<std::string, Date> last = first;
    for (int number = 1; number <= reads_a_year; ++number) {
        Date earliest;  // cycles keep their order in every month
        for (const auto& [begin, cycle] : order) {
            Date& before = last[cycle];
            const Date wanted = begin + (number * days_a_year + reads_a_year / 2) / reads_a_year;
            DateRange window{before + rules.gap_min, before + rules.gap_max + 1};
            if (window.from < earliest && earliest < window.until) window.from = earliest;
            const Date read = pick_day(window, wanted, rules, load);
            ++load[read];
            earliest = std::max(earliest, read);
            before = read;
            rows.push_back(row_of(cycle, read, rules));
        }
    }
    return rows;
}

std::string calendar_with_year(std::string_view text, int year, const std::vector<CycleRow>& rows) {
    std::string head;
    std::string tail;
    for (const std::string_view line : split_text(text, '\n')) {
        if (trimmed(line).empty() || is_row_of(line, year)) continue;
        const auto fields = split_text(line, '\t');
        const auto read = fields.size() > 1 ? Date::parse(fields[1]) : Result<Date>(Date());
        const bool later =
            !line.starts_with('#') && fields.size() > 1 && read && read->year() > year;
        (later ? tail : head) += std::string(line) + "\n";
    }
    for (const CycleRow& row : rows) head += text_of(row);
    return head + tail;
}

}  // namespace watthour::tariff
