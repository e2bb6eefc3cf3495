// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_parts.hpp"
#include "documents/format.hpp"

#include <algorithm>
#include <array>

namespace watthour::documents {
namespace {

constexpr double row_height = 10.5;

std::string_view type_key(const MeterRead& read) {
    const std::string& type = read.read_type;
    if (type.starts_with("estimated") || type == "calculated") return "bill.read_type.estimated";
    if (type.starts_with("customer")) return "bill.read_type.customer";
    if (type == "removal") return "bill.read_type.removal";
    if (read.until_read.empty()) return "bill.read_type.interval";
    return "bill.read_type.actual";
}

struct ReadColumn {
    std::string_view key;
    double share;  ///< where the column ends, as a share of the width
    bool to_the_right;
};

constexpr std::array<ReadColumn, 8> columns{{{"bill.reads.meter", 0.20, false},
                                             {"bill.reads.dates", 0.405, false},
                                             {"bill.reads.type", 0.54, false},
                                             {"bill.reads.from_read", 0.645, true},
                                             {"bill.reads.until_read", 0.75, true},
                                             {"bill.reads.multiplier", 0.82, true},
                                             {"bill.reads.energy", 0.92, true},
                                             {"bill.reads.demand", 1.0, true}}};

std::array<std::string, 8> cells_of(const Sheet& sheet, const MeterRead& read) {
    const Language language = sheet.page.language;
    return {read.meter,
            format_period_short({read.from, read.until}, language),
            sheet.say(type_key(read)),
            format_decimal(read.from_read),
            format_decimal(read.until_read),
            read.multiplier.empty() ? std::string() : "× " + format_decimal(read.multiplier),
            format_kwh(read.energy),
            read.demand_kw.empty() ? std::string() : format_decimal(read.demand_kw)};
}

bool has_demand(const BillPage& page) {
    return std::any_of(page.reads.begin(), page.reads.end(),
                       [](const MeterRead& read) { return !read.demand_kw.empty(); });
}

void draw_cells(const Sheet& sheet, Spot at, double width, const std::array<std::string, 8>& cells,
                const Style& style, const char* tag_name) {
    const bool demand = has_demand(sheet.page);
    const std::size_t count = demand ? columns.size() : columns.size() - 1;
    // Without a demand the energy ends the row.
    const double stretch = width / columns[count - 1].share;
    Pen& pen = sheet.pen;
    const auto tr = pen.tag("TR");
    double from = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double until = columns[i].share * stretch;
        const auto cell = pen.tag(tag_name);
        const Style fitted = pen.fitted(cells[i], style, until - from - 3);
        if (columns[i].to_the_right)
            pen.text_right({at.x + until, at.y}, cells[i], fitted);
        else
            pen.text({at.x + from, at.y}, cells[i], fitted);
        from = until;
    }
}

}  // namespace

double reads_height(std::size_t rows) {
    return rows == 0 ? 0 : 15 + 11 + row_height * static_cast<double>(rows);
}

double draw_reads(const Sheet& sheet, Spot at, double width, std::size_t first, std::size_t count) {
    double y = draw_heading(sheet, at, width, sheet.words.text("bill.reads"));
    const auto table = sheet.pen.tag("Table");
    std::array<std::string, 8> heads;
    for (std::size_t i = 0; i < columns.size(); ++i) heads[i] = sheet.say(columns[i].key);
    draw_cells(sheet, {at.x, y}, width, heads, label_style, "TH");
    y += 10.5;
    for (std::size_t i = first; i < first + count; ++i) {
        draw_cells(sheet, {at.x, y}, width, cells_of(sheet, sheet.page.reads[i]), small_style,
                   "TD");
        y += row_height;
    }
    return y;
}

}  // namespace watthour::documents
