// SPDX-License-Identifier: Apache-2.0
#include "documents/pen_fonts.hpp"

#include "base/check.hpp"

#include <cmath>
#include <fontconfig/fontconfig.h>
#include <hb.h>
#include <mutex>

namespace watthour::documents {
namespace {

constexpr double units = PANGO_SCALE;
/// Shaped texts kept per thread; some 300 bytes each.
constexpr std::size_t most_kept = 8192;

int face_key(const Style& style) {
    const int hundredths = static_cast<int>(std::lround(style.size * 100));
    return style.weight == Weight::bold ? -hundredths : hundredths;
}

}  // namespace

PenFonts& PenFonts::of_this_thread() {
    static std::once_flag once;
    std::call_once(once, [] { FcInit(); });
    thread_local PenFonts fonts;
    return fonts;
}

PenFonts::PenFonts()
    : map_(pango_cairo_font_map_new()),
      context_(pango_font_map_create_context(map_)),
      layout_(nullptr),
      buffer_(hb_buffer_create()) {
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map_), 72);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context_, FALSE);
    layout_ = pango_layout_new(context_);
}

PenFonts::~PenFonts() {
    for (auto& [key, face] : faces_) {
        pango_font_description_free(face.description);
        g_object_unref(face.font);
    }
    hb_buffer_destroy(buffer_);
    g_object_unref(layout_);
    g_object_unref(context_);
    g_object_unref(map_);
}

const PenFonts::Face& PenFonts::face(const Style& style) {
    const int key = face_key(style);
    const auto known = faces_.find(key);
    if (known != faces_.end()) return known->second;
    Face face;
    face.description = pango_font_description_new();
    pango_font_description_set_family_static(face.description, "Noto Sans");
    pango_font_description_set_weight(
        face.description, style.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(face.description, style.size * units);
    face.font = pango_context_load_font(context_, face.description);
    WH_CHECK(face.font != nullptr, "no font is installed");
    face.scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(face.font));
    face.shaper = pango_font_get_hb_font(face.font);
    hb_codepoint_t blank = 0;
    (void)hb_font_get_nominal_glyph(face.shaper, ' ', &blank);
    face.blank = blank;
    return faces_.emplace(key, face).first->second;
}

PangoLayout* PenFonts::layout(std::string_view text, const Face& face) {
    pango_layout_set_font_description(layout_, face.description);
    pango_layout_set_text(layout_, text.data(), static_cast<int>(text.size()));
    return layout_;
}

const PenFonts::Shaped& PenFonts::shape(std::string_view text, const Style& style) {
    const int face_number = face_key(style);
    key_.assign(reinterpret_cast<const char*>(&face_number), sizeof face_number);
    key_ += text;
    const auto known = shaped_.find(key_);
    if (known != shaped_.end()) return known->second;
    if (shaped_.size() >= most_kept) shaped_.clear();
    return shaped_.emplace(key_, shape_anew(text, face(style))).first->second;
}

PenFonts::Shaped PenFonts::shape_anew(std::string_view text, const Face& face) {
    hb_buffer_reset(buffer_);
    hb_buffer_set_direction(buffer_, HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer_, HB_SCRIPT_LATIN);
    hb_buffer_set_language(buffer_, hb_language_get_default());
    hb_buffer_add_utf8(buffer_, text.data(), static_cast<int>(text.size()), 0,
                       static_cast<int>(text.size()));
    // No ligatures: every letter stays one letter when the text is copied.
    static const hb_feature_t no_ligatures{HB_TAG('l', 'i', 'g', 'a'), 0, 0,
                                           static_cast<unsigned int>(-1)};
    hb_shape(face.shaper, buffer_, &no_ligatures, 1);

    Shaped shaped;
    unsigned int count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer_, &count);
    const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer_, nullptr);
    for (unsigned int i = 0; i < count; ++i) {
        shaped.by_pango = shaped.by_pango || infos[i].codepoint == 0;
        shaped.glyphs.push_back({infos[i].codepoint, shaped.width + places[i].x_offset / units,
                                 -places[i].y_offset / units});
        shaped.width += places[i].x_advance / units;
        const unsigned int begin = infos[i].cluster;
        if (i > 0 && infos[i - 1].cluster == begin) {
            ++shaped.clusters.back().num_glyphs;
            continue;
        }
        unsigned int next = i + 1;
        while (next < count && infos[next].cluster == begin) ++next;
        const std::size_t end = next < count ? infos[next].cluster : text.size();
        shaped.clusters.push_back({static_cast<int>(end - begin), 1});
    }
    if (shaped.by_pango) {
        int width = 0;
        pango_layout_get_size(layout(text, face), &width, nullptr);
        shaped.width = width / units;
    }
    return shaped;
}

void PenFonts::draw(cairo_t* cairo, Spot at, std::string_view text, const Style& style,
                    double pitch) {
    const Face& with = face(style);
    const Shaped& shaped = shape(text, style);
    if (shaped.by_pango) {
        PangoLayout* lines = layout(text, with);
        cairo_move_to(cairo, at.x, at.y - pango_layout_get_baseline(lines) / units);
        pango_cairo_show_layout(cairo, lines);
        return;
    }
    placed_ = shaped.glyphs;
    double place = 0;
    for (cairo_glyph_t& glyph : placed_) {
        glyph.x = at.x + (pitch > 0 ? place : glyph.x);
        glyph.y += at.y;
        place += pitch;
    }
    // A blank after each text keeps it apart from the next when read aloud or copied.
    text_.assign(text);
    text_ += ' ';
    clusters_ = shaped.clusters;
    clusters_.push_back({1, 1});
    placed_.push_back({with.blank, at.x + (pitch > 0 ? place : shaped.width), at.y});
    cairo_set_scaled_font(cairo, with.scaled);
    cairo_show_text_glyphs(cairo, text_.data(), static_cast<int>(text_.size()), placed_.data(),
                           static_cast<int>(placed_.size()), clusters_.data(),
                           static_cast<int>(clusters_.size()), cairo_text_cluster_flags_t{});
}

}  // namespace watthour::documents
