// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_parts.hpp"
#include "documents/format.hpp"

namespace watthour::documents {
namespace {

constexpr double amount_width = 62;
constexpr double quantity_gap = 10;
constexpr double indent = 8;

std::string_view group_key(const std::string& group) {
    if (group == "tax" || group == "pbc") return "bill.group.taxes";
    if (group == "fee") return "bill.group.fees";
    return "bill.group.electric";
}

}  // namespace

double ChargeTable::pitch() const {
    switch (density_) {
        case Density::roomy: return 10.8;
        case Density::plain: return 12.4;
        case Density::compact: return 10.4;
        case Density::dense: break;
    }
    return 9.2;
}

double ChargeTable::group_gap() const {
    if (density_ == Density::plain) return 3.4;
    return density_ == Density::roomy ? 2.6 : 1.8;
}

Style ChargeTable::text_style() const {
    if (density_ == Density::dense) return small_style;
    return density_ == Density::compact ? Style{7.5, Weight::regular, black} : body_style;
}

ChargeTable::ChargeTable(const Sheet& sheet, double width, Density density)
    : sheet_(sheet), width_(width), density_(density) {
    for (const std::string_view key :
         {"bill.group.electric", "bill.group.taxes", "bill.group.fees"}) {
        std::vector<const BillLine*> lines;
        for (const BillLine& line : sheet.page.lines)
            if (group_key(line.group) == key) lines.push_back(&line);
        if (!lines.empty()) add_group(key, lines);
    }
    Row total;
    total.kind = Kind::total;
    total.text = {sheet.say("bill.current_charges")};
    total.amount = sheet.page.current_charges;
    total.height = 20;
    rows_.push_back(total);
}

void ChargeTable::add_group(std::string_view key, const std::vector<const BillLine*>& lines) {
    Row group;
    group.kind = Kind::group;
    group.text = {sheet_.say(key)};
    for (const BillLine* line : lines) group.amount += line->amount;
    group.height = pitch() + group_gap();
    rows_.push_back(group);
    for (const BillLine* line : lines) add_line(*line);
}

void ChargeTable::add_line(const BillLine& line) {
    Pen& pen = sheet_.pen;
    const Language language = sheet_.page.language;
    Row row;
    row.quantity = format_quantity_price(line.quantity, line.unit, line.rate, language);
    row.amount = line.amount;
    const Style style = text_style();
    double room = width_ - amount_width - indent;
    if (!row.quantity.empty()) room -= pen.width_of(row.quantity, style) + quantity_gap;
    if (!line.period.is_empty() && line.period != sheet_.page.period)
        row.dates = format_period_short(line.period, language);
    row.text = pen.wrapped(sheet_.in_language(line.text_en, line.text_es), style, room);
    if (row.text.empty()) row.text = {line.code};
    row.height = pitch() * static_cast<double>(row.text.size());
    if (!row.dates.empty()) {
        // Beside the last line of the text where there is room, else below it.
        const double used = pen.width_of(row.text.back(), style) + 6;
        if (used + pen.width_of(row.dates, label_style) > room) {
            row.text.emplace_back();
            row.height += how_pitch();
        }
    }
    const std::string& how = sheet_.in_language(line.how_en, line.how_es);
    if (density_ == Density::roomy && !how.empty()) {
        row.how = pen.wrapped(how, label_style, width_ - amount_width - indent);
        row.height += how_pitch() * static_cast<double>(row.how.size()) + 0.6;
    }
    rows_.push_back(std::move(row));
}

double ChargeTable::height() const {
    double sum = 15 + 12;
    for (const Row& row : rows_) sum += row.height;
    return sum;
}

void ChargeTable::draw_row(const Row& row, Spot at) const {
    Pen& pen = sheet_.pen;
    const double right = at.x + width_;
    Style style = text_style();
    double x = at.x + indent;
    if (row.kind != Kind::line) {
        style.weight = Weight::bold;
        x = at.x;
    }
    if (row.kind == Kind::total) {
        style = {9.5, Weight::bold, black};
        at.y += 4.5;
        pen.line({at.x, at.y - 10.5}, {right, at.y - 10.5}, black, 0.8);
    }
    if (row.kind == Kind::group) at.y += group_gap() - 0.5;
    const auto tr = pen.tag("TR");
    {
        const auto td = pen.tag("TD");
        double y = pen.lines({x, at.y}, row.text, style, pitch());
        if (!row.dates.empty()) {
            const double beside =
                row.text.back().empty() ? x : x + pen.width_of(row.text.back(), style) + 6;
            if (row.text.back().empty()) y -= pitch() - how_pitch();
            const double base = row.text.back().empty() ? y - how_pitch() : y - pitch();
            pen.text({beside, base}, row.dates, label_style);
        }
        if (!row.how.empty())
            pen.lines({x, y - pitch() + how_pitch() + 0.6}, row.how, label_style, how_pitch());
    }
    {
        const auto td = pen.tag("TD");
        pen.text_right({right - amount_width, at.y}, row.quantity, style);
    }
    const auto td = pen.tag("TD");
    pen.text_right({right, at.y}, format_money(row.amount), style);
}

ChargeTable::Drawn ChargeTable::draw(Spot at, std::size_t first, double limit) const {
    Pen& pen = sheet_.pen;
    double y =
        draw_heading(sheet_, at, width_,
                     sheet_.words.text(first == 0 ? "bill.charges" : "bill.charges_continued"));
    const auto table = pen.tag("Table");
    {
        const auto tr = pen.tag("TR");
        const double right = at.x + width_;
        {
            const auto th = pen.tag("TH");
            pen.text({at.x, y}, sheet_.say("bill.charge"), label_style);
        }
        {
            const auto th = pen.tag("TH");
            pen.text_right({right - amount_width, y}, sheet_.say("bill.quantity_price"),
                           label_style);
        }
        const auto th = pen.tag("TH");
        pen.text_right({right, y}, sheet_.say("bill.amount"), label_style);
    }
    y += 11;
    std::size_t next = first;
    for (; next < rows_.size(); ++next) {
        const Row& row = rows_[next];
        // A group head needs a line with it.
        const double needed = row.kind == Kind::group && next + 1 < rows_.size()
                                  ? row.height + rows_[next + 1].height
                                  : row.height;
        if (y - 9 + needed > limit && next > first) break;
        draw_row(row, {at.x, y});
        y += row.height;
    }
    return {next, y};
}

}  // namespace watthour::documents
