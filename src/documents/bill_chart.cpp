// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_parts.hpp"
#include "documents/format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace watthour::documents {
namespace {

constexpr std::size_t most_bars = 13;
/// Periods of a year ago begin or end within so many days of the same date.
constexpr int year_ago_tolerance = 20;

/// The month that a period is called after: the one that holds its middle.
Date named_day(const UsageBar& bar) { return bar.from + (bar.until - bar.from) / 2; }

double kwh_of(const UsageBar& bar) { return static_cast<double>(bar.energy.wh()) / 1000.0; }

bool is_bar(const UsageBar* marked, const UsageBar& bar) {
    return marked != nullptr && marked->from == bar.from;
}

/// A round number at or above the highest bar.
double axis_top(double highest) {
    if (highest <= 0) return 1;
    double step = 1;
    while (step * 10 < highest) step *= 10;
    for (const double factor : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (step * factor >= highest) return step * factor;
    return step * 10;
}

std::string whole_kwh(Energy energy) {
    return format_decimal(energy.kwh().rescaled(0, Rounding::half_away_from_zero).to_string());
}

std::string spoken(const Sheet& sheet, const std::vector<UsageBar>& bars) {
    std::string parts;
    for (const UsageBar& bar : bars) {
        const Date day = named_day(bar);
        const std::string month = sheet.say("month." + std::to_string(day.month()));
        const std::string year = std::to_string(day.year());
        std::string part =
            bar.missing
                ? sheet.words.filled("bill.chart.alt_missing", {{"month", month}, {"year", year}})
                : sheet.words.filled(
                      "bill.chart.alt_bar",
                      {{"month", month}, {"year", year}, {"kwh", whole_kwh(bar.energy)}});
        if (bar.estimated) part = sheet.words.filled("bill.chart.alt_estimated", {{"bar", part}});
        if (!parts.empty()) parts += "; ";
        parts += part;
    }
    return sheet.words.filled("bill.chart.alt", {{"bars", parts}});
}

void draw_key(const Sheet& sheet, Spot at, bool year_ago, bool estimated) {
    Pen& pen = sheet.pen;
    pen.fill({at.x, at.y - 5, 6, 6}, accent);
    at.x += 9;
    const std::string now = sheet.say("bill.chart.this_bill");
    pen.text(at, now, label_style);
    at.x += pen.width_of(now, label_style) + 10;
    if (year_ago) {
        pen.hatch({at.x, at.y - 5, 6, 6}, accent);
        pen.outline({at.x, at.y - 5, 6, 6}, accent, 0.8);
        at.x += 9;
        const std::string before = sheet.say("bill.chart.year_ago");
        pen.text(at, before, label_style);
        at.x += pen.width_of(before, label_style) + 10;
    }
    if (estimated) pen.text(at, sheet.say("bill.chart.estimated"), label_style);
}

struct Plot {
    Box area;
    double top_value;
    double slot;
};

double top_of(const Plot& plot, const UsageBar& bar) {
    const double share = std::max(0.0, kwh_of(bar) / plot.top_value);
    return plot.area.y + plot.area.height * (1 - share);
}

void draw_axis(const Sheet& sheet, const Plot& plot) {
    Pen& pen = sheet.pen;
    const double base = plot.area.y + plot.area.height;
    for (const double share : {0.5, 1.0}) {
        const double y = base - plot.area.height * share;
        pen.line({plot.area.x, y}, {plot.area.x + plot.area.width, y}, rule_grey, 0.4);
        const double value = plot.top_value * share;
        const auto units = static_cast<std::int64_t>(value + 0.5);
        const bool whole = static_cast<double>(units) == value;
        const std::string label =
            whole ? group_digits(units)
                  : format_decimal(
                        Decimal(static_cast<std::int64_t>(value * 10 + 0.5), 1).to_string());
        const Style style{6, Weight::regular, grey};
        pen.text_right({plot.area.x - 3, y + 2}, label, style);
    }
    pen.line({plot.area.x, base}, {plot.area.x + plot.area.width, base}, grey, 0.6);
}

void draw_bar(const Sheet& sheet, const Plot& plot, std::size_t index, const UsageBar& bar,
              const UsageCompared& marks) {
    Pen& pen = sheet.pen;
    const double base = plot.area.y + plot.area.height;
    const double middle = plot.area.x + plot.slot * (static_cast<double>(index) + 0.5);
    const double width = std::min(plot.slot * 0.68, 22.0);
    const Date day = named_day(bar);
    const bool now = is_bar(marks.now, bar);
    const bool year_ago = is_bar(marks.year_ago, bar);
    const Style month_style{5.8, now || year_ago ? Weight::bold : Weight::regular, grey};
    pen.text_centred({middle, base + 7.5},
                     sheet.words.text("month_short." + std::to_string(day.month())), month_style);
    if (index == 0 || day.month() == 1) {
        pen.text_centred({middle, base + 14}, std::to_string(day.year()),
                         {5.5, Weight::regular, grey});
    }
    if (bar.missing) {
        pen.text_centred({middle, base - 3}, "×", {8, Weight::regular, grey});
        return;
    }
    const double top = top_of(plot, bar);
    const Box box{middle - width / 2, top, width, base - top};
    if (now) {
        pen.fill(box, accent);
    } else if (year_ago) {
        pen.hatch(box, accent);
        pen.outline({box.x + 0.4, box.y + 0.4, box.width - 0.8, std::max(0.0, box.height - 0.4)},
                    accent, 0.8);
    } else {
        pen.fill(box, accent_light);
    }
    if (bar.estimated) {
        pen.text_centred({middle, box.y - 2}, sheet.words.text("bill.chart.estimated_mark"),
                         {6, Weight::bold, grey});
    }
}

/// The kWh of a marked bar, above every bar that the number would touch.
void draw_value(const Sheet& sheet, const Plot& plot, std::size_t index,
                const std::vector<UsageBar>& bars) {
    if (bars[index].missing) return;
    const Style style{6.2, Weight::bold, black};
    const std::string value = whole_kwh(bars[index].energy);
    const double half = sheet.pen.width_of(value, style) / 2;
    const double centre = std::clamp(plot.area.x + plot.slot * (static_cast<double>(index) + 0.5),
                                     plot.area.x + half, plot.area.x + plot.area.width - half);
    double y = plot.area.y + plot.area.height;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double middle = plot.area.x + plot.slot * (static_cast<double>(i) + 0.5);
        if (bars[i].missing || std::abs(middle - centre) > half + plot.slot * 0.36) continue;
        y = std::min(y, top_of(plot, bars[i]) - (bars[i].estimated ? 8.5 : 2));
    }
    sheet.pen.text_centred({centre, y}, value, style);
}

}  // namespace

std::vector<UsageBar> charted_bars(const BillPage& page) {
    const std::size_t skip = page.history.size() > most_bars ? page.history.size() - most_bars : 0;
    return {page.history.begin() + static_cast<std::ptrdiff_t>(skip), page.history.end()};
}

UsageCompared compare_usage(const BillPage& page) {
    UsageCompared found;
    int closest = year_ago_tolerance + 1;
    for (const UsageBar& bar : page.history) {
        if (bar.until == page.period.until) found.now = &bar;
        if (bar.missing || bar.until >= page.period.until) continue;
        if (bar.until == page.period.from) found.before = &bar;
        const int off = std::abs(page.period.until - bar.until - 365);
        if (off >= closest) continue;
        closest = off;
        found.year_ago = &bar;
    }
    return found;
}

void draw_chart(const Sheet& sheet, const Box& box) {
    const std::vector<UsageBar> bars = charted_bars(sheet.page);
    const UsageCompared marks = compare_usage(sheet.page);
    double highest = 0;
    bool estimated = false;
    bool year_ago = false;
    for (const UsageBar& bar : bars) {
        if (!bar.missing) highest = std::max(highest, kwh_of(bar));
        estimated = estimated || bar.estimated;
        year_ago = year_ago || is_bar(marks.year_ago, bar);
    }
    const auto figure = sheet.pen.figure(spoken(sheet, bars));
    Plot plot;
    plot.top_value = axis_top(highest * 1.02);
    const double label_width =
        std::max(14.0, sheet.pen.width_of(group_digits(static_cast<std::int64_t>(plot.top_value)),
                                          {6, Weight::regular, grey}) +
                           4);
    plot.area = {box.x + label_width, box.y + 9, box.width - label_width, box.height - 9 - 27};
    // A short history keeps slim bars at the left rather than a few fat ones.
    plot.slot = plot.area.width / static_cast<double>(most_bars);
    draw_axis(sheet, plot);
    for (std::size_t i = 0; i < bars.size(); ++i) draw_bar(sheet, plot, i, bars[i], marks);
    for (std::size_t i = 0; i < bars.size(); ++i)
        if (is_bar(marks.now, bars[i]) || is_bar(marks.year_ago, bars[i]))
            draw_value(sheet, plot, i, bars);
    draw_key(sheet, {plot.area.x, box.y + box.height - 2}, year_ago, estimated);
}

}  // namespace watthour::documents
