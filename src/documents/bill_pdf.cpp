// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_pdf.hpp"

#include "documents/bill_parts.hpp"
#include "documents/pdf_finish.hpp"

#include <algorithm>
#include <optional>

namespace watthour::documents {
namespace {

constexpr double section_gap = 14;
/// From the total's line box to that of the heading of the reads.
constexpr double reads_gap = 15;

/// What of the bill the first page could not take.
struct Remainder {
    std::optional<ChargeTable> charges;
    std::size_t next_charge = 0;
    std::size_t next_read = 0;
    std::vector<std::string> messages;

    [[nodiscard]] bool empty(std::size_t reads) const {
        return !charges && next_read >= reads && messages.empty();
    }
};

/// The roomiest table that fits the height; the densest when none does.
ChargeTable fitting_table(const Sheet& sheet, double height) {
    using Density = ChargeTable::Density;
    for (const Density density : {Density::roomy, Density::plain, Density::compact}) {
        ChargeTable table(sheet, grid::main_width, density);
        if (table.height() <= height) return table;
    }
    return {sheet, grid::main_width, Density::dense};
}

Remainder draw_first_page(const Sheet& sheet) {
    const double top = draw_head(sheet) + 10;
    const FootColumns foot(sheet);
    const double foot_top = grid::stub_top - 6 - foot.height();
    const double limit = foot_top - section_gap;
    const std::size_t reads = sheet.page.reads.size();

    Remainder rest;
    rest.messages = foot.left_over();
    const ChargeTable dense(sheet, grid::main_width, ChargeTable::Density::dense);
    const double room = limit - top;
    // Reads stay on the first page when the lines leave room for all of them.
    const double reads_room = reads_height(reads);
    const bool reads_here = dense.height() + reads_room <= room;
    const ChargeTable table = fitting_table(sheet, room - (reads_here ? reads_room : 0));
    const bool whole = table.height() <= room;
    const auto drawn = table.draw({grid::left, top}, 0, whole ? limit + 1 : limit - 10);
    if (drawn.next < table.size()) {
        const auto tag = sheet.pen.tag("P");
        sheet.pen.text({grid::left, drawn.y + 2}, sheet.say("bill.continued"), label_style);
        rest.charges.emplace(table);
        rest.next_charge = drawn.next;
    }
    if (reads_here && reads > 0) {
        (void)draw_reads(sheet, {grid::left, drawn.y + reads_gap - 9}, grid::main_width, 0, reads);
        rest.next_read = reads;
    }
    draw_side(sheet, top, limit);
    foot.draw(foot_top);
    draw_stub(sheet);
    return rest;
}

/// One further page; takes from the remainder what it drew.
void draw_further_page(const Sheet& sheet, Remainder& rest, double top) {
    constexpr double width = grid::right - grid::left;
    double y = top;
    if (rest.charges) {
        const auto drawn = rest.charges->draw({grid::left, y}, rest.next_charge, grid::bottom);
        rest.next_charge = drawn.next;
        if (drawn.next < rest.charges->size()) return;
        rest.charges.reset();
        y = drawn.y + section_gap;
    }
    const std::size_t reads = sheet.page.reads.size();
    if (rest.next_read < reads) {
        const double room = grid::bottom - y - reads_height(1);
        if (room < 0) return;
        const std::size_t count =
            std::min(reads - rest.next_read, static_cast<std::size_t>(room / 10.5) + 1);
        y = draw_reads(sheet, {grid::left, y}, width, rest.next_read, count) + section_gap;
        rest.next_read += count;
        if (rest.next_read < reads) return;
    }
    if (rest.messages.empty() || y + 40 > grid::bottom) return;
    y = draw_heading(sheet, {grid::left, y}, width, sheet.words.text("bill.messages")) + 2;
    while (!rest.messages.empty()) {
        const auto lines = sheet.pen.wrapped(rest.messages.front(), body_style, width);
        const double needed = 10.5 * static_cast<double>(lines.size());
        if (y + needed > grid::bottom && needed < 600) return;
        const auto tag = sheet.pen.tag("P");
        y = sheet.pen.lines({grid::left, y}, lines, body_style, 10.5) + 3;
        rest.messages.erase(rest.messages.begin());
    }
}

Remainder draw_section_of_first_page(const Sheet& sheet, int pages) {
    const auto section = sheet.pen.tag("Sect");
    Remainder rest = draw_first_page(sheet);
    if (pages > 1) {
        const auto tag = sheet.pen.tag("P");
        const std::string where =
            sheet.words.filled("bill.page_of", {{"page", "1"}, {"pages", std::to_string(pages)}});
        sheet.pen.text_right({grid::right, grid::stub_top + 13}, where, label_style);
    }
    return rest;
}

/// Draws the whole bill; page numbers need the count, so a long bill is drawn twice.
int draw_pages(const Sheet& sheet, int pages) {
    const auto document = sheet.pen.tag("Document");
    Remainder rest = draw_section_of_first_page(sheet, pages);
    sheet.pen.end_page();
    int number = 1;
    while (!rest.empty(sheet.page.reads.size())) {
        ++number;
        sheet.pen.begin_page();
        {
            const auto section = sheet.pen.tag("Sect");
            draw_further_page(sheet, rest, draw_page_head(sheet, number, pages));
        }
        sheet.pen.end_page();
    }
    return number;
}

}  // namespace

std::string render_bill_pdf(const BillPage& page) {
    const Words& words = Words::of(page.language);
    const std::string title = words.filled(
        "bill.document_title", {{"number", page.bill_number}, {"name", page.utility.name}});
    const Pen::Paper paper{.title = title,
                           .author = page.utility.name,
                           .created = page.bill_date.to_string() + "T00:00:00Z"};
    const auto draw = [&](int pages, std::string& bytes) {
        Pen pen(paper);
        const int drawn = draw_pages({pen, page, words}, pages);
        const std::string drawing = pen.finish();
        if (drawn == pages) {
            bytes = finish_pdf(drawing, {page.language == Language::spanish ? "es-US" : "en-US",
                                         title, pen.figure_texts()});
        }
        return drawn;
    };
    std::string bytes;
    const int pages = draw(1, bytes);
    if (pages > 1) (void)draw(pages, bytes);
    return bytes;
}

}  // namespace watthour::documents
