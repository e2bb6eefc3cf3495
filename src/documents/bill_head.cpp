// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_parts.hpp"
#include "documents/format.hpp"

#include <algorithm>

namespace watthour::documents {
namespace {

constexpr double card_left = 316;
constexpr double card_width = grid::right - card_left;
constexpr double card_top = 72;
constexpr double card_height = 84;

/// A lightning mark in a rounded square: the one decoration of the page.
void draw_mark(const Sheet& sheet, Spot at) {
    Pen& pen = sheet.pen;
    pen.fill({at.x, at.y, 24, 24}, accent, 5);
    pen.shape({{at.x + 13.6, at.y + 3.5},
               {at.x + 6.4, at.y + 13.6},
               {at.x + 11.2, at.y + 13.6},
               {at.x + 9.8, at.y + 20.5},
               {at.x + 17.4, at.y + 9.8},
               {at.x + 12.4, at.y + 9.8}},
              white);
}

std::string one_line(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) {
        if (!out.empty()) out += ", ";
        out += line;
    }
    return out;
}

void draw_sender(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const UtilityContact& utility = sheet.page.utility;
    draw_mark(sheet, {grid::left, 34});
    const Style name_style{13, Weight::bold, black};
    const double name_left = grid::left + 32;
    {
        const auto tag = pen.tag("P");
        pen.text({name_left, 45}, utility.name, pen.fitted(utility.name, name_style, 335));
        std::string contact = one_line(utility.address);
        for (const std::string& part : {utility.phone, utility.web})
            if (!part.empty()) contact += "  ·  " + part;
        const Style style{7.5, Weight::regular, grey};
        pen.text({name_left, 57}, contact, pen.fitted(contact, style, 350));
    }
    const auto tag = pen.tag("H1");
    pen.text_right({grid::right, 45}, sheet.say("bill.title"), {13, Weight::bold, accent});
}

void draw_numbers(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const auto tag = sheet.pen.tag("P");
    const std::string text = sheet.say("bill.bill_date") + " " +
                             format_date_long(sheet.page.bill_date, sheet.page.language);
    pen.text_right({grid::right, 57}, text, {7.5, Weight::regular, grey});
}

/// Name and address as lines of one size that fit beside the card.
std::vector<std::string> address_lines(const Sheet& sheet, double width, double size,
                                       std::size_t& name_lines) {
    Pen& pen = sheet.pen;
    const BillPage& page = sheet.page;
    auto lines = pen.wrapped(page.customer_name, {size, Weight::bold, black}, width);
    name_lines = lines.size();
    for (const std::string& line : page.mailing_address) {
        if (line == page.customer_name) continue;
        for (std::string& part : pen.wrapped(line, {size, Weight::regular, black}, width))
            lines.push_back(std::move(part));
    }
    return lines;
}

/// Where a window envelope shows it.
void draw_customer(const Sheet& sheet) {
    constexpr double x = grid::left + 14;
    constexpr double width = card_left - x - 16;
    double size = 10;
    std::size_t name_lines = 0;
    auto lines = address_lines(sheet, width, size, name_lines);
    for (; size > 6 && static_cast<double>(lines.size()) * (size + 3) > card_height - 6;)
        lines = address_lines(sheet, width, size -= 0.5, name_lines);
    const auto tag = sheet.pen.tag("P");
    double y = card_top + (lines.size() > 4 ? size + 2 : 22);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Weight weight = i < name_lines ? Weight::bold : Weight::regular;
        sheet.pen.text({x, y}, lines[i], {size, weight, black});
        y += size + 3;
    }
}

struct CardText {
    std::string label;
    std::string amount;
    std::string when;
    std::vector<std::string> notes;
};

CardText card_text(const Sheet& sheet) {
    const BillPage& page = sheet.page;
    if (page.amount_due.is_negative()) {
        return {sheet.say("bill.credit_balance"),
                format_money(page.amount_due.magnitude()),
                sheet.say("bill.no_payment_due"),
                {sheet.say("bill.credit_applied")}};
    }
    CardText card{sheet.say("bill.amount_due"), format_money(page.amount_due), {}, {}};
    if (page.amount_due.is_zero()) {
        card.when = sheet.say("bill.no_payment_due");
        card.notes = {sheet.say("bill.nothing_owed")};
        return card;
    }
    if (page.autopay) {
        card.when = sheet.words.filled(
            "bill.autopay_on", {{"date", format_date_long(page.autopay_date, page.language)}});
        card.notes = {sheet.say("bill.autopay_do_not_pay")};
    } else {
        card.when = sheet.words.filled("bill.due_by",
                                       {{"date", format_date_long(page.due_date, page.language)}});
    }
    const Money earlier = page.previous_balance + page.payments + page.adjustments;
    if (earlier.is_positive()) {
        card.notes.push_back(
            sheet.words.filled("bill.includes_earlier", {{"amount", format_money(earlier)}}));
    }
    return card;
}

void draw_card(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const CardText card = card_text(sheet);
    const double x = card_left + 16;
    constexpr double width = card_width - 28;
    pen.fill({card_left, card_top, card_width, card_height}, accent_pale, 6);
    pen.fill({card_left, card_top + 10, 3, card_height - 20}, accent);
    const double lift = card.notes.empty() ? 6 : 0;
    {
        const auto tag = pen.tag("H2");
        pen.text({x, card_top + 16 + lift}, card.label, {9, Weight::regular, black});
        const Style style{30, Weight::bold, accent};
        pen.text({x, card_top + 45 + lift}, card.amount, pen.fitted(card.amount, style, width));
    }
    const auto tag = pen.tag("P");
    const Style when_style{11, Weight::bold, black};
    pen.text({x, card_top + 61 + lift}, card.when, pen.fitted(card.when, when_style, width));
    double y = card_top + 74;
    const Style note_style{7.5, Weight::regular, black};
    for (const std::string& note : card.notes) {
        const Style style = pen.fitted(note, note_style, width);
        pen.text({x, y}, note, style);
        y += 10;
    }
}

double draw_facts(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const BillPage& page = sheet.page;
    const std::string days = sheet.words.counted("bill.days", page.period.days());
    const std::string name = sheet.in_language(page.schedule_name_en, page.schedule_name_es);
    struct Fact {
        std::string label;
        std::string first;
        std::string second;
        double width;
    };
    const std::string second_address =
        page.service_address.size() > 1
            ? one_line({page.service_address.begin() + 1, page.service_address.end()})
            : std::string();
    const Fact facts[] = {
        {sheet.say("bill.account_number"), page.account_number,
         sheet.say("bill.bill_number") + " " + page.bill_number, 132},
        {sheet.say("bill.service_address"),
         page.service_address.empty() ? std::string() : page.service_address.front(),
         second_address, 146},
        {sheet.say("bill.rate_schedule"), page.schedule_code, name, 130},
        {sheet.say("bill.period"), format_period(page.period, page.language), days, 132},
    };
    constexpr double top = card_top + card_height + 12;
    pen.line({grid::left, top}, {grid::right, top}, rule_grey, 0.6);
    double x = grid::left;
    double lowest = top;
    for (const Fact& fact : facts) {
        const auto tag = pen.tag("P");
        const double width = fact.width - 8;
        pen.text({x, top + 11}, fact.label, label_style);
        Style first_style{8.5, Weight::bold, black};
        if (pen.width_of(fact.first, first_style) > width) first_style.size = 7.5;
        const Style style{7, Weight::regular, grey};
        double y =
            pen.lines({x, top + 22}, pen.wrapped(fact.first, first_style, width), first_style, 9.5);
        y = pen.lines({x, y}, pen.wrapped(fact.second, style, width), style, 8.5);
        lowest = std::max(lowest, y);
        x += fact.width;
    }
    return lowest;
}

}  // namespace

double draw_heading(const Sheet& sheet, Spot at, double width, std::string_view text) {
    Pen& pen = sheet.pen;
    pen.line({at.x, at.y + 4.5}, {at.x + width, at.y + 4.5}, accent, 0.8);
    const auto tag = pen.tag("H2");
    pen.text(at, text, pen.fitted(text, heading_style, width));
    return at.y + 15;
}

double draw_head(const Sheet& sheet) {
    draw_sender(sheet);
    draw_numbers(sheet);
    draw_customer(sheet);
    draw_card(sheet);
    return draw_facts(sheet);
}

double draw_page_head(const Sheet& sheet, int number, int pages) {
    Pen& pen = sheet.pen;
    const auto tag = pen.tag("P");
    const Style style{7, Weight::regular, grey};
    const std::string who = sheet.page.customer_name + "  ·  " + sheet.say("bill.account_number") +
                            " " + sheet.page.account_number + "  ·  " +
                            sheet.say("bill.bill_number") + " " + sheet.page.bill_number;
    pen.text({grid::left, 44}, who, pen.fitted(who, style, 440));
    const std::string where = sheet.words.filled(
        "bill.page_of", {{"page", std::to_string(number)}, {"pages", std::to_string(pages)}});
    pen.text_right({grid::right, 44}, where, style);
    return 72;
}

}  // namespace watthour::documents
