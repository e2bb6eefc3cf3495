// SPDX-License-Identifier: Apache-2.0
#include "documents/pen.hpp"

#include "base/check.hpp"
#include "documents/pen_fonts.hpp"

#include <cairo-pdf.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace watthour::documents {
namespace {

cairo_status_t append_bytes(void* closure, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

void set_colour(cairo_t* cairo, Colour colour) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

void rounded_path(cairo_t* cairo, const Box& box, double radius) {
    constexpr double quarter = std::numbers::pi / 2;
    const double right = box.x + box.width - radius;
    const double bottom = box.y + box.height - radius;
    cairo_new_path(cairo);
    cairo_arc(cairo, right, box.y + radius, radius, -quarter, 0);
    cairo_arc(cairo, right, bottom, radius, 0, quarter);
    cairo_arc(cairo, box.x + radius, bottom, radius, quarter, 2 * quarter);
    cairo_arc(cairo, box.x + radius, box.y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
}

/// Bytes of the UTF-8 character that begins at `at`.
std::size_t character_size(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

}  // namespace

Pen::Pen(const Paper& paper)
    : fonts_(PenFonts::of_this_thread()),
      surface_(
          cairo_pdf_surface_create_for_stream(append_bytes, &bytes_, paper.width, paper.height)),
      cairo_(cairo_create(surface_)) {
    bytes_.reserve(64 * 1024);
    const auto set = [this](cairo_pdf_metadata_t what, const std::string& text) {
        cairo_pdf_surface_set_metadata(surface_, what, text.c_str());
    };
    set(CAIRO_PDF_METADATA_TITLE, paper.title);
    set(CAIRO_PDF_METADATA_AUTHOR, paper.author);
    set(CAIRO_PDF_METADATA_CREATOR, "Watthour");
    set(CAIRO_PDF_METADATA_CREATE_DATE, paper.created);
    begin_page();
}

/// White over all: Cairo otherwise keeps the union of all boxes drawn, which costs more than
/// drawing them.
void Pen::begin_page() {
    set_colour(cairo_, white);
    cairo_paint(cairo_);
}

Pen::~Pen() {
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
}

Pen::Tag Pen::figure(std::string alt_text) {
    figures_.push_back(std::move(alt_text));
    return Tag(*this, "Figure");
}

double Pen::width_of(std::string_view text, const Style& style) {
    return fonts_.shape(text, style).width;
}

void Pen::text(Spot at, std::string_view text, const Style& style) {
    if (text.empty()) return;
    set_colour(cairo_, style.colour);
    fonts_.draw(cairo_, at, text, style);
}

void Pen::text_right(Spot right_end, std::string_view text, const Style& style) {
    this->text({right_end.x - width_of(text, style), right_end.y}, text, style);
}

void Pen::text_centred(Spot centre, std::string_view text, const Style& style) {
    this->text({centre.x - width_of(text, style) / 2, centre.y}, text, style);
}

void Pen::spaced(Spot at, std::string_view ascii, const Style& style, double pitch) {
    set_colour(cairo_, style.colour);
    fonts_.draw(cairo_, at, ascii, style, pitch);
}

Style Pen::fitted(std::string_view text, Style style, double width) {
    const double wanted = width_of(text, style);
    if (wanted <= width) return style;
    // Half points keep the number of fonts small.
    const double size = std::floor(style.size * width / wanted * 2) / 2;
    style.size = std::max(size, std::ceil(style.size * 0.7 * 2) / 2);
    return style;
}

std::vector<std::string> Pen::wrapped(std::string_view text, const Style& style, double width) {
    std::vector<std::string> lines;
    if (width_of(text, style) <= width) {
        lines.emplace_back(text);
        return lines;
    }
    std::string line;
    const auto flush = [&] {
        if (!line.empty()) lines.push_back(std::move(line));
        line.clear();
    };
    while (!text.empty()) {
        const std::size_t blank = text.find(' ');
        std::string_view word = text.substr(0, blank);
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
        if (word.empty()) continue;
        std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
        if (width_of(longer, style) <= width) {
            line = std::move(longer);
            continue;
        }
        flush();
        line = word;
        while (width_of(line, style) > width) {
            std::size_t cut = character_size(line, 0);
            for (std::size_t next = cut; next < line.size(); next += character_size(line, next)) {
                if (width_of(std::string_view(line).substr(0, next), style) > width) break;
                cut = next;
            }
            if (cut >= line.size()) break;
            lines.push_back(line.substr(0, cut));
            line.erase(0, cut);
        }
    }
    flush();
    return lines;
}

double Pen::lines(Spot first, const std::vector<std::string>& lines, const Style& style,
                  double pitch) {
    for (const std::string& one : lines) {
        text(first, one, style);
        first.y += pitch;
    }
    return first.y;
}

void Pen::fill(const Box& box, Colour colour, double radius) {
    set_colour(cairo_, colour);
    if (radius > 0)
        rounded_path(cairo_, box, radius);
    else
        cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
    cairo_fill(cairo_);
}

void Pen::outline(const Box& box, Colour colour, double width) {
    set_colour(cairo_, colour);
    cairo_set_line_width(cairo_, width);
    cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
    cairo_stroke(cairo_);
}

void Pen::shape(const std::vector<Spot>& corners, Colour colour) {
    set_colour(cairo_, colour);
    for (const Spot& corner : corners) cairo_line_to(cairo_, corner.x, corner.y);
    cairo_close_path(cairo_);
    cairo_fill(cairo_);
}

void Pen::hatch(const Box& box, Colour colour) {
    cairo_save(cairo_);
    cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
    cairo_clip(cairo_);
    set_colour(cairo_, colour);
    cairo_set_line_width(cairo_, 0.9);
    for (double y = box.y; y < box.y + box.height + box.width; y += 3) {
        cairo_move_to(cairo_, box.x, y);
        cairo_line_to(cairo_, box.x + box.width, y - box.width);
    }
    cairo_stroke(cairo_);
    cairo_restore(cairo_);
}

void Pen::line(Spot from, Spot to, Colour colour, double width, bool dashed) {
    constexpr double dash[] = {3, 3};
    set_colour(cairo_, colour);
    cairo_set_line_width(cairo_, width);
    cairo_set_dash(cairo_, dash, dashed ? 2 : 0, 0);
    cairo_move_to(cairo_, from.x, from.y);
    cairo_line_to(cairo_, to.x, to.y);
    cairo_stroke(cairo_);
    if (dashed) cairo_set_dash(cairo_, dash, 0, 0);
}

void Pen::bars(const Box& box, const std::vector<bool>& modules) {
    const double step = box.width / static_cast<double>(modules.size());
    set_colour(cairo_, {0, 0, 0});
    for (std::size_t from = 0; from < modules.size();) {
        std::size_t until = from + 1;
        while (until < modules.size() && modules[until] == modules[from]) ++until;
        if (modules[from]) {
            cairo_rectangle(cairo_, box.x + step * static_cast<double>(from), box.y,
                            step * static_cast<double>(until - from), box.height);
        }
        from = until;
    }
    cairo_fill(cairo_);
}

void Pen::end_page() { cairo_show_page(cairo_); }

std::string Pen::finish() {
    cairo_surface_finish(surface_);
    const cairo_status_t status = cairo_status(cairo_);
    const cairo_status_t page_status = cairo_surface_status(surface_);
    WH_CHECK(status == CAIRO_STATUS_SUCCESS, cairo_status_to_string(status));
    WH_CHECK(page_status == CAIRO_STATUS_SUCCESS, cairo_status_to_string(page_status));
    return std::move(bytes_);
}

}  // namespace watthour::documents
