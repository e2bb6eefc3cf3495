// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/pen.hpp"

#include <pango/pangocairo.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace watthour::documents {

/// The fonts of one thread: shaping by HarfBuzz, fallback by Pango. Nothing is shared between
/// threads but the caches of Cairo and Fontconfig, which lock themselves.
class PenFonts {
public:
    [[nodiscard]] static PenFonts& of_this_thread();
    ~PenFonts();
    PenFonts(const PenFonts&) = delete;
    PenFonts& operator=(const PenFonts&) = delete;

    struct Shaped {
        std::vector<cairo_glyph_t> glyphs;  ///< from (0, 0)
        std::vector<cairo_text_cluster_t> clusters;
        double width = 0;
        bool by_pango = false;  ///< the font lacks a character
    };
    [[nodiscard]] const Shaped& shape(std::string_view text, const Style& style);
    /// A pitch other than 0 puts each glyph at that distance from the one before.
    void draw(cairo_t* cairo, Spot at, std::string_view text, const Style& style, double pitch = 0);

private:
    struct Face {
        PangoFont* font = nullptr;
        PangoFontDescription* description = nullptr;
        cairo_scaled_font_t* scaled = nullptr;
        hb_font_t* shaper = nullptr;
        unsigned long blank = 0;  ///< the glyph of a space
    };
    PenFonts();
    [[nodiscard]] const Face& face(const Style& style);
    [[nodiscard]] PangoLayout* layout(std::string_view text, const Face& face);
    [[nodiscard]] Shaped shape_anew(std::string_view text, const Face& face);

    PangoFontMap* map_;
    PangoContext* context_;
    PangoLayout* layout_;
    hb_buffer_t* buffer_;
    std::map<int, Face> faces_;  ///< by size in hundredths, negative for bold
    /// What was shaped before: labels come on every bill, texts are measured before drawn.
    std::unordered_map<std::string, Shaped> shaped_;  ///< by face and text
    std::string key_;
    std::string text_;
    std::vector<cairo_glyph_t> placed_;
    std::vector<cairo_text_cluster_t> clusters_;
};

}  // namespace watthour::documents
