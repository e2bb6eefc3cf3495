// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_parts.hpp"
#include "documents/format.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace watthour::documents {
namespace {

constexpr double row_pitch = 11.6;
constexpr double small_pitch = 9;
constexpr std::size_t most_activity = 4;
constexpr double least_chart = 72;
constexpr double total_lift = 4.5;

std::string activity_text(const Sheet& sheet, const Activity& activity) {
    const std::string known = "bill.activity." + activity.code;
    std::string text = sheet.say(sheet.words.has(known) ? known : "bill.activity.adjustment");
    const std::string channel = "bill.channel." + activity.channel;
    if (sheet.words.has(channel)) {
        text = sheet.words.filled("bill.activity.by_channel",
                                  {{"what", text}, {"channel", sheet.say(channel)}});
    }
    return format_day_month(activity.date, sheet.page.language) + "  " + text;
}

void draw_pair(const Sheet& sheet, double y, const std::string& text, const std::string& amount,
               const Style& style, double indent) {
    Pen& pen = sheet.pen;
    const auto tr = pen.tag("TR");
    {
        const auto td = pen.tag("TD");
        const double room = grid::side_width - indent - pen.width_of(amount, style) - 6;
        pen.text({grid::side_left + indent, y}, text, pen.fitted(text, style, room));
    }
    const auto td = pen.tag("TD");
    pen.text_right({grid::right, y}, amount, style);
}

double draw_balance(const Sheet& sheet, double top, std::size_t most_shown) {
    const BillPage& page = sheet.page;
    double y = draw_heading(sheet, {grid::side_left, top}, grid::side_width,
                            sheet.words.text("bill.balance"));
    const auto table = sheet.pen.tag("Table");
    const auto row = [&](std::string_view key, Money amount, const Style& style) {
        draw_pair(sheet, y, sheet.say(key), format_money(amount), style, 0);
        y += row_pitch;
    };
    row("bill.previous_balance", page.previous_balance, body_style);
    row("bill.payments", page.payments, body_style);
    if (!page.adjustments.is_zero()) row("bill.adjustments", page.adjustments, body_style);
    const std::size_t shown =
        page.activity.size() > most_shown ? most_shown - 1 : page.activity.size();
    for (std::size_t i = 0; i < shown; ++i) {
        y -= 1.6;
        draw_pair(sheet, y, activity_text(sheet, page.activity[i]),
                  format_money(page.activity[i].amount), label_style, 8);
        y += small_pitch + 1.6;
    }
    if (shown < page.activity.size()) {
        Money rest;
        for (std::size_t i = shown; i < page.activity.size(); ++i) rest += page.activity[i].amount;
        draw_pair(sheet, y - 1.6,
                  sheet.words.counted("bill.more_activity",
                                      static_cast<std::int64_t>(page.activity.size() - shown)),
                  format_money(rest), label_style, 8);
        y += small_pitch;
    }
    row("bill.current_charges", page.current_charges, body_style);
    const bool credit = page.amount_due.is_negative();
    draw_pair(sheet, y + total_lift, sheet.say(credit ? "bill.credit_balance" : "bill.amount_due"),
              format_money(credit ? page.amount_due.magnitude() : page.amount_due),
              {9.5, Weight::bold, black}, 0);
    return y + total_lift + row_pitch;
}

/// The line above the total, drawn outside the table's tags.
void draw_total_rule(const Sheet& sheet, double after) {
    const double y = after - row_pitch - 10.5;
    sheet.pen.line({grid::side_left, y}, {grid::right, y}, black, 0.8);
}

std::string day_text(const UsageBar* bar) {
    return bar == nullptr ? std::string("–")
                          : format_kwh_per_day(bar->energy, bar->until - bar->from);
}

/// How this bill's use per day stands to that of a year ago, in words; empty without one.
std::string compared_text(const Sheet& sheet, const UsageCompared& usage) {
    if (usage.now == nullptr || usage.year_ago == nullptr || usage.now->missing) return {};
    const i128 now = i128{usage.now->energy.wh()} * (usage.year_ago->until - usage.year_ago->from);
    const i128 then = i128{usage.year_ago->energy.wh()} * (usage.now->until - usage.now->from);
    if (then <= 0) return {};
    const std::int64_t percent =
        round_divide((now - then) * 100, then, Rounding::half_away_from_zero);
    if (percent == 0) return sheet.say("bill.same_as_year_ago");
    return sheet.words.filled(percent < 0 ? "bill.less_than_year_ago" : "bill.more_than_year_ago",
                              {{"percent", group_digits(std::abs(percent))}});
}

double draw_per_day(const Sheet& sheet, double y, const UsageCompared& usage) {
    Pen& pen = sheet.pen;
    struct Column {
        std::string_view key;
        std::string value;
        Colour colour;
    };
    const std::array<Column, 3> columns{{{"bill.chart.this_bill", day_text(usage.now), accent},
                                         {"bill.chart.last_bill", day_text(usage.before), black},
                                         {"bill.chart.year_ago", day_text(usage.year_ago), black}}};
    {
        const auto title = pen.tag("P");
        const std::string text =
            sheet.say("bill.per_day") + " (" + sheet.say("bill.kwh_a_day") + ")";
        pen.text({grid::side_left, y}, text, {7.5, Weight::bold, black});
    }
    y += 10;
    constexpr double step = grid::side_width / 3;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto tag = pen.tag("P");
        const double x = grid::side_left + step * static_cast<double>(i);
        const std::string label = sheet.say(columns[i].key);
        pen.text({x, y}, label, pen.fitted(label, label_style, step - 6));
        pen.text({x, y + 13}, columns[i].value, {12, Weight::bold, columns[i].colour});
    }
    y += 23;
    const std::string text = compared_text(sheet, usage);
    if (text.empty()) return y;
    const auto tag = pen.tag("P");
    pen.text({grid::side_left, y}, text, pen.fitted(text, small_style, grid::side_width));
    return y + 11;
}

struct Share {
    std::string_view code;
    Colour colour;
    bool hatched;
    Energy energy;
};

std::vector<Share> shares_of(const BillPage& page) {
    std::vector<Share> shares{{"on", accent, false, {}},
                              {"mid", accent_mid, true, {}},
                              {"off", accent_light, false, {}},
                              {"super", white, false, {}}};
    for (const TouShare& part : page.tou)
        for (Share& share : shares)
            if (share.code == part.code) share.energy += part.energy;
    std::erase_if(shares, [&](const Share& share) {
        return std::none_of(page.tou.begin(), page.tou.end(),
                            [&](const TouShare& part) { return part.code == share.code; });
    });
    return shares;
}

void paint_share(Pen& pen, const Box& box, const Share& share) {
    if (share.hatched)
        pen.hatch(box, share.colour);
    else
        pen.fill(box, share.colour);
    pen.outline(box, accent, 0.5);
}

double tou_height(const BillPage& page) {
    const std::size_t parts = shares_of(page).size();
    return parts == 0 ? 0 : 12 + 15 + 9.5 * static_cast<double>(parts);
}

double draw_tou(const Sheet& sheet, double y) {
    Pen& pen = sheet.pen;
    const std::vector<Share> shares = shares_of(sheet.page);
    std::int64_t total = 0;
    for (const Share& share : shares) total += share.energy.wh();
    {
        const auto title = pen.tag("P");
        pen.text({grid::side_left, y}, sheet.say("bill.tou"), {7.5, Weight::bold, black});
    }
    y += 5;
    std::vector<std::string> texts;
    std::string spoken;
    for (const Share& share : shares) {
        const std::int64_t percent = total <= 0 ? 0
                                                : round_divide(i128{share.energy.wh()} * 100, total,
                                                               Rounding::half_away_from_zero);
        texts.push_back(sheet.words.filled("bill.tou.part", {{"kwh", format_kwh(share.energy)},
                                                             {"percent", group_digits(percent)}}));
        if (!spoken.empty()) spoken += "; ";
        spoken += sheet.say("bill.tou." + std::string(share.code)) + " " + texts.back();
    }
    {
        const auto figure = pen.figure(sheet.words.filled("bill.tou.alt", {{"parts", spoken}}));
        double x = grid::side_left;
        for (const Share& share : shares) {
            if (total <= 0 || share.energy.wh() <= 0) continue;
            const double width = grid::side_width * static_cast<double>(share.energy.wh()) /
                                 static_cast<double>(total);
            paint_share(pen, {x, y, width, 10}, share);
            x += width;
        }
    }
    y += 19;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        paint_share(pen, {grid::side_left, y - 5.5, 6, 6}, shares[i]);
        const auto tag = pen.tag("P");
        const std::string name = sheet.say("bill.tou." + std::string(shares[i].code));
        pen.text({grid::side_left + 10, y}, name, small_style);
        pen.text_right({grid::right, y}, texts[i], small_style);
        y += 9.5;
    }
    return y;
}

double draw_usage_total(const Sheet& sheet, double y) {
    y = draw_heading(sheet, {grid::side_left, y}, grid::side_width, sheet.words.text("bill.usage"));
    const auto tag = sheet.pen.tag("P");
    const std::string text =
        sheet.words.filled("bill.usage_in_kwh",
                           {{"kwh", format_kwh(sheet.page.energy)},
                            {"days", sheet.words.counted("bill.days", sheet.page.period.days())}});
    const Style style{9, Weight::bold, black};
    sheet.pen.text({grid::side_left, y}, text, sheet.pen.fitted(text, style, grid::side_width));
    return y + 4;
}

}  // namespace

void draw_side(const Sheet& sheet, double top, double bottom) {
    const BillPage& page = sheet.page;
    const bool compared = page.history.size() > 1;
    const double below = tou_height(page) + (compared ? 54 : 0) + 4;
    // Fewer rows of activity where the chart would become too low.
    const double balance = 15 + 5 * row_pitch + total_lift + 11 + 15 + 4;
    std::size_t shown = most_activity;
    while (shown > 1 &&
           top + balance +
                   small_pitch * static_cast<double>(std::min(shown, page.activity.size())) +
                   least_chart + below >
               bottom)
        --shown;
    double y = draw_balance(sheet, top, shown);
    draw_total_rule(sheet, y);
    y = draw_usage_total(sheet, y + 11);
    if (page.history.empty()) {
        const auto tag = sheet.pen.tag("P");
        y = sheet.pen.lines(
            {grid::side_left, y + 10},
            sheet.pen.wrapped(sheet.words.text("bill.no_history"), small_style, grid::side_width),
            small_style, 9);
    } else {
        const double height = std::clamp(bottom - y - below, least_chart, 170.0);
        draw_chart(sheet, {grid::side_left, y, grid::side_width, height});
        y += height;
    }
    y += 12;
    if (compared) y = draw_per_day(sheet, y, compare_usage(page));
    if (tou_height(page) > 0) (void)draw_tou(sheet, y + 2);
}

}  // namespace watthour::documents
