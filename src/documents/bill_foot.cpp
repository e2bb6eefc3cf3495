// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "documents/bill_parts.hpp"
#include "documents/code128.hpp"
#include "documents/format.hpp"

#include <algorithm>

namespace watthour::documents {
namespace {

constexpr double column_gap = 16;
constexpr double pitch = 8.6;
constexpr double paragraph_gap = 2;
/// The columns never take more than this from the page.
constexpr std::size_t most_lines = 11;

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) {
        if (!out.empty()) out += ", ";
        out += line;
    }
    return out;
}

const std::vector<std::string>& remit_address(const UtilityContact& utility) {
    return utility.remit_address.empty() ? utility.address : utility.remit_address;
}

std::vector<std::string> ways_to_pay(const Sheet& sheet) {
    const BillPage& page = sheet.page;
    const UtilityContact& utility = page.utility;
    if (sheet.nothing_to_pay()) return {sheet.say("bill.pay.nothing")};
    if (page.autopay) {
        return {sheet.words.filled("bill.pay.autopay",
                                   {{"amount", format_money(page.amount_due)},
                                    {"date", format_date_long(page.autopay_date, page.language)}})};
    }
    std::vector<std::string> ways;
    if (!utility.web.empty())
        ways.push_back(sheet.words.filled("bill.pay.online", {{"web", utility.web}}));
    if (!utility.phone.empty())
        ways.push_back(sheet.words.filled("bill.pay.phone", {{"phone", utility.phone}}));
    const std::string office = joined(utility.address);
    const std::string remit = joined(remit_address(utility));
    const bool one_place = office == remit;
    if (!one_place) ways.push_back(sheet.words.filled("bill.pay.mail", {{"address", remit}}));
    const std::string& hours = sheet.in_language(utility.hours_en, utility.hours_es);
    const std::string in_person =
        sheet.words.filled(one_place ? "bill.pay.mail_or_in_person" : "bill.pay.in_person",
                           {{"address", office}, {"hours", hours}});
    ways.emplace_back(trimmed(in_person));
    ways.push_back(sheet.words.filled("bill.pay.late_terms",
                                      {{"date", format_date_long(page.due_date, page.language)}}));
    return ways;
}

std::vector<std::string> messages_of(const Sheet& sheet) {
    const BillPage& page = sheet.page;
    std::vector<std::string> messages;
    if (page.estimated) messages.push_back(sheet.say("bill.estimated_read"));
    for (const std::string& message :
         page.language == Language::spanish ? page.messages_es : page.messages_en)
        messages.push_back(message);
    if (!page.programs.empty())
        messages.push_back(sheet.words.filled("bill.programs", {{"programs", page.programs}}));
    if (page.payments.is_negative()) messages.push_back(sheet.say("bill.thank_you"));
    return messages;
}

std::vector<std::string> questions_of(const Sheet& sheet) {
    const UtilityContact& utility = sheet.page.utility;
    const std::string& hours = sheet.in_language(utility.hours_en, utility.hours_es);
    std::vector<std::string> texts;
    if (!utility.phone.empty()) {
        const std::string call =
            sheet.words.filled("bill.call_us", {{"phone", utility.phone}, {"hours", hours}});
        texts.emplace_back(trimmed(call));
    }
    for (const std::string_view key : {"bill.dispute", "bill.payment_plan", "bill.medical"})
        texts.push_back(sheet.say(key));
    return texts;
}

}  // namespace

FootColumns::FootColumns(const Sheet& sheet) : sheet_(sheet) {
    const std::vector<std::string> all = messages_of(sheet);
    const double count = all.empty() ? 2 : 3;
    width_ = (grid::right - grid::left - (count - 1) * column_gap) / count;
    Column pay{sheet.say("bill.how_to_pay"), {}};
    for (const std::string& text : ways_to_pay(sheet)) add(pay, text);
    Column questions{sheet.say("bill.questions"), {}};
    for (const std::string& text : questions_of(sheet)) add(questions, text);

    Column messages{sheet.say("bill.messages"), {}};
    std::size_t used = 0;
    for (const std::string& text : all) {
        const std::size_t lines = sheet.pen.wrapped(text, small_style, width_).size();
        if (!left_over_.empty() || used + lines > most_lines - 1) {
            left_over_.push_back(text);
            continue;
        }
        used += lines;
        add(messages, text);
    }
    if (!left_over_.empty()) add(messages, sheet.say("bill.more_messages"));
    columns_.push_back(std::move(pay));
    if (!messages.paragraphs.empty()) columns_.push_back(std::move(messages));
    columns_.push_back(std::move(questions));
}

void FootColumns::add(Column& column, const std::string& text) {
    column.paragraphs.push_back(sheet_.pen.wrapped(text, small_style, width_));
}

double FootColumns::height() const {
    double highest = 0;
    for (const Column& column : columns_) {
        double sum = 15;
        for (const auto& paragraph : column.paragraphs)
            sum += pitch * static_cast<double>(paragraph.size()) + paragraph_gap;
        highest = std::max(highest, sum);
    }
    return highest;
}

void FootColumns::draw(double top) const {
    double x = grid::left;
    for (const Column& column : columns_) {
        double y = draw_heading(sheet_, {x, top}, width_, column.heading);
        for (const auto& paragraph : column.paragraphs) {
            const auto tag = sheet_.pen.tag("P");
            y = sheet_.pen.lines({x, y}, paragraph, small_style, pitch) + paragraph_gap;
        }
        x += width_ + column_gap;
    }
}

namespace {

void draw_address_block(const Sheet& sheet, double x, std::string_view label,
                        const std::string& name, const std::vector<std::string>& lines,
                        double width) {
    Pen& pen = sheet.pen;
    const auto tag = pen.tag("P");
    double y = grid::stub_top + 30;
    pen.text({x, y}, label, label_style);
    // The name whole, then as much of the address as the stub has room for.
    constexpr std::size_t most_stub_lines = 6;
    const Style name_style = pen.fitted(name, strong_style, width);
    const auto name_lines = pen.wrapped(name, name_style, width);
    y = pen.lines({x, y + 10.5}, name_lines, name_style, 9.5);
    std::size_t used = name_lines.size();
    for (const std::string& line : lines) {
        if (line == name) continue;
        const Style style = pen.fitted(line, body_style, width);
        const auto parts = pen.wrapped(line, style, width);
        used += parts.size();
        if (used > most_stub_lines) return;
        y = pen.lines({x, y}, parts, style, 9.5);
    }
}

void draw_stub_pairs(const Sheet& sheet, double x) {
    Pen& pen = sheet.pen;
    const BillPage& page = sheet.page;
    const bool draft = page.autopay && page.amount_due.is_positive();
    const bool to_pay = page.amount_due.is_positive() && !page.autopay;
    double y = grid::stub_top + 33;
    const auto pair = [&](std::string_view key, const std::string& value, double size) {
        const auto tag = pen.tag("P");
        const Style label{8, Weight::regular, black};
        const std::string text = sheet.say(key);
        pen.text({x, y}, text, label);
        const Style style{size, Weight::bold, black};
        const double room = grid::right - x - pen.width_of(text, label) - 8;
        pen.text_right({grid::right, y}, value, pen.fitted(value, style, room));
        y += size > 10 ? 16 : 13;
    };
    pair("bill.account_number", page.account_number, 9);
    if (page.amount_due.is_negative()) {
        pair("bill.credit_balance", format_money(page.amount_due.magnitude()), 12);
    } else {
        pair("bill.due_date",
             format_date_long(draft ? page.autopay_date : page.due_date, page.language), 9);
        y += 3;
        pair("bill.amount_due", format_money(page.amount_due), 12);
    }
    const double box_height = 20;
    const Box box{to_pay ? grid::right - 96 : x, y - 7, to_pay ? 96 : grid::right - x, box_height};
    if (!to_pay) pen.fill(box, accent_pale, 4);
    const auto tag = pen.tag("P");
    if (to_pay) {
        pen.text({x, y + 6}, sheet.say("bill.stub.amount_enclosed"), body_style);
        pen.text({box.x + 6, y + 7}, "$", {10, Weight::bold, black});
        pen.outline(box, black, 0.9);
        return;
    }
    std::string text = sheet.say("bill.no_payment_due");
    if (draft) {
        text = sheet.say("bill.stub.do_not_pay") + ". " +
               sheet.words.filled("bill.autopay_on",
                                  {{"date", format_date_long(page.autopay_date, page.language)}});
    }
    const Style style = pen.fitted(text, {9, Weight::bold, black}, box.width - 12);
    pen.text_centred({box.x + box.width / 2, y + 6}, text, style);
}

/// Digits at a fixed pitch of a tenth of an inch, as readers expect.
void draw_scan_line(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const std::string& digits = sheet.page.scan_line;
    constexpr double foot = 768;
    {
        const auto figure =
            pen.figure(sheet.words.filled("bill.stub.barcode_alt", {{"digits", digits}}));
        const std::vector<bool> modules = code128_modules(digits);
        const double width = 0.76 * static_cast<double>(modules.size());
        pen.bars({grid::left, foot - 22, width, 22}, modules);
    }
    const auto tag = pen.tag("P");
    pen.spaced({grid::right - 7.2 * static_cast<double>(digits.size()), foot - 6}, digits,
               {11, Weight::regular, {0, 0, 0}}, 7.2);
}

}  // namespace

void draw_stub(const Sheet& sheet) {
    Pen& pen = sheet.pen;
    const BillPage& page = sheet.page;
    const bool to_pay = page.amount_due.is_positive() && !page.autopay;
    pen.line({18, grid::stub_top}, {594, grid::stub_top}, grey, 0.6, true);
    {
        const auto tag = pen.tag("H2");
        std::string text = sheet.say(to_pay ? "bill.stub.return" : "bill.stub.keep");
        if (to_pay) text += ". " + sheet.say("bill.stub.check_note");
        pen.text({grid::left, grid::stub_top + 13}, text, {7.5, Weight::bold, accent});
    }
    constexpr double first_width = 150;
    draw_address_block(sheet, grid::left, to_pay ? sheet.words.text("bill.stub.mail_to") : "",
                       page.utility.name, remit_address(page.utility), first_width);
    draw_address_block(sheet, grid::left + first_width + 18, sheet.words.text("bill.stub.customer"),
                       page.customer_name, page.mailing_address, first_width);
    draw_stub_pairs(sheet, grid::side_left - 8);
    if (!page.scan_line.empty()) draw_scan_line(sheet);
}

}  // namespace watthour::documents
