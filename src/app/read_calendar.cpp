// SPDX-License-Identifier: Apache-2.0
#include "app/read_calendar.hpp"

#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "tariff/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using tariff::CalendarFinding;
using tariff::CycleCalendar;
using tariff::CycleRow;

constexpr const char* calendar_file = "cycle-calendar.tsv";

std::set<int> years_of(const CycleCalendar& calendar) {
    std::set<int> years;
    for (const CycleRow& row : calendar.rows()) years.insert(row.read.year());
    return years;
}

Error wrong_year(const CycleCalendar& calendar, int year) {
    std::string known;
    for (const int one : years_of(calendar)) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", one);
    }
    return Error(errors::calendar_year_wrong, {{"year", std::to_string(year)}, {"years", known}});
}

std::string text_in_force(Office& office) {
    for (auto& [name, text] : texts_in_force(office)) {
        if (name == calendar_file) return std::move(text);
    }
    return {};
}

Result<CycleCalendar> parsed(const std::string& text) {
    return tariff::read_cycle_calendar({calendar_file, text});
}

/// Rows that billing has used stay as they are.
Result<void> check_past(const CycleCalendar& old, const CycleCalendar& fresh, Date today) {
    const auto key = [](const CycleRow& row) {
        return fmt::format("{} {} {} {} {}", row.read.to_string(), row.calc.to_string(),
                           row.mail.to_string(), row.due.to_string(), row.late.to_string());
    };
    const auto refused = [&](const CycleRow& row) {
        return Error(errors::calendar_past_changed, {{"line", std::to_string(row.line)},
                                                     {"cycle", row.cycle},
                                                     {"date", row.read.to_string()},
                                                     {"today", today.to_string()}});
    };
    for (const CycleRow& row : old.rows()) {
        if (today < row.read) continue;
        const auto kept = fresh.read_on(row.cycle, row.read);
        if (!kept || key(*kept) != key(row)) return refused(kept ? *kept : row);
    }
    for (const CycleRow& row : fresh.rows()) {
        if (row.read <= today && !old.read_on(row.cycle, row.read)) return refused(row);
    }
    return {};
}

}  // namespace

json::array to_json(const std::vector<CalendarFinding>& findings) {
    json::array rows;
    for (const CalendarFinding& one : findings) {
        rows.push_back(json::object{{"line", one.line},
                                    {"cycle", one.cycle},
                                    {"field", one.field},
                                    {"rule", one.rule},
                                    {"message", one.message},
                                    {"remedy", one.remedy}});
    }
    return rows;
}

Result<json::object> calendar_view(Office& office, int year) {
    const CycleCalendar& calendar = office.catalogue().cycles;
    const auto years = years_of(calendar);
    if (!years.contains(year)) return wrong_year(calendar, year);
    const auto rules = tariff::calendar_rules(office.catalogue());
    json::array cycles;
    std::string cycle;
    std::optional<Date> before;
    for (const CycleRow& row : calendar.rows()) {
        if (row.cycle != cycle) {
            cycle = row.cycle;
            before.reset();
            cycles.push_back(json::object{{"cycle", cycle}, {"reads", json::array()}});
        }
        if (row.read.year() == year) {
            const int days = before ? row.read - *before : 0;
            cycles.back().as_object().at("reads").as_array().push_back(json::object{
                {"read", row.read.to_string()},
                {"calc", row.calc.to_string()},
                {"mail", row.mail.to_string()},
                {"due", row.due.to_string()},
                {"late", row.late.to_string()},
                {"days", before ? json::value(days) : json::value(nullptr)},
                {"inside", !before || (rules.gap_min <= days && days <= rules.gap_max)}});
        }
        before = row.read;
    }
    json::array known;
    for (const int one : years) known.push_back(one);
    return json::object{{"year", year},
                        {"years", std::move(known)},
                        {"gap_min", rules.gap_min},
                        {"gap_max", rules.gap_max},
                        {"cycles", std::move(cycles)},
                        {"findings", to_json(tariff::check_calendar(calendar, rules, year))}};
}

Result<std::vector<CalendarFinding>> check_read_calendar(Office& office, int year,
                                                         const std::optional<std::string>& text) {
    CycleCalendar calendar = office.catalogue().cycles;
    if (text) {
        TRY(calendar, parsed(*text));
    }
    return tariff::check_calendar(calendar, tariff::calendar_rules(office.catalogue()), year);
}

Result<ProposedCalendar> propose_calendar(Office& office, int year) {
    const CycleCalendar& calendar = office.catalogue().cycles;
    const auto years = years_of(calendar);
    if (years.empty() || year <= office.business_date().year() || year > *years.rbegin() + 1) {
        return wrong_year(calendar, year);
    }
    const auto rules = tariff::calendar_rules(office.catalogue());
    ProposedCalendar proposed;
    proposed.year = year;
    proposed.rows = tariff::propose_year(calendar, rules, year);
    proposed.text = tariff::calendar_with_year(text_in_force(office), year, proposed.rows);
    TRY(const CycleCalendar fresh, parsed(proposed.text));
    proposed.findings = tariff::check_calendar(fresh, rules, year);
    return proposed;
}

Result<TariffProposal> import_calendar(Office& office, const std::string& text,
                                       const std::string& why, bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::route_change));
    TRY(const CycleCalendar fresh, parsed(text));
    const auto findings =
        tariff::check_calendar(fresh, tariff::calendar_rules(office.catalogue()), 0);
    if (!findings.empty()) {
        return Error(errors::calendar_broken,
                     {{"count", std::to_string(findings.size())},
                      {"first", fmt::format("line {}, {}: {}", findings.front().line,
                                            findings.front().rule, findings.front().message)}});
    }
    TRY_DONE(check_past(office.catalogue().cycles, fresh, office.business_date()));
    TariffTexts texts = texts_in_force(office);
    for (auto& [name, old] : texts) {
        if (name == calendar_file) old = text;
    }
    if (dry_run) return look_at_texts(office, texts);
    return propose_texts(office, texts, why);
}

}  // namespace watthour::app
