// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cairo.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::documents {

struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;
};

inline constexpr Colour black{0.10, 0.11, 0.12};
inline constexpr Colour grey{0.33, 0.35, 0.37};  ///< 7 to 1 against white
inline constexpr Colour rule_grey{0.78, 0.80, 0.82};
inline constexpr Colour accent{0.03, 0.33, 0.45};
inline constexpr Colour accent_mid{0.50, 0.68, 0.76};
inline constexpr Colour accent_light{0.74, 0.84, 0.88};
inline constexpr Colour accent_pale{0.925, 0.955, 0.965};
inline constexpr Colour white{1, 1, 1};

enum class Weight { regular, bold };

struct Style {
    double size = 8;
    Weight weight = Weight::regular;
    Colour colour = black;
};

struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

struct Spot {
    double x = 0;
    double y = 0;  ///< the baseline for text; from the top of the page
};

class PenFonts;

/// Draws text and shapes on the pages of one PDF, tagged for screen readers.
///
/// Text goes straight through HarfBuzz with Noto Sans; what that font lacks goes through Pango,
/// which finds another. Fonts are kept per thread.
class Pen {
public:
    struct Paper {
        double width = 612;
        double height = 792;
        std::string title;
        std::string author;
        std::string created;  ///< ISO 8601; the only time in the file
    };

    explicit Pen(const Paper& paper);
    ~Pen();
    Pen(const Pen&) = delete;
    Pen& operator=(const Pen&) = delete;

    /// A structure element that ends with the scope: H1, H2, P, Table, TR, TH, TD, Figure.
    class Tag {
    public:
        Tag(Pen& pen, const char* name) : pen_(pen), name_(name) {
            cairo_tag_begin(pen_.cairo_, name_, nullptr);
        }
        ~Tag() { cairo_tag_end(pen_.cairo_, name_); }
        Tag(const Tag&) = delete;
        Tag& operator=(const Tag&) = delete;

    private:
        Pen& pen_;
        const char* name_;
    };
    [[nodiscard]] Tag tag(const char* name) { return Tag(*this, name); }
    /// A Figure with the text that stands for it.
    [[nodiscard]] Tag figure(std::string alt_text);

    [[nodiscard]] double width_of(std::string_view text, const Style& style);
    void text(Spot at, std::string_view text, const Style& style);
    void text_right(Spot right_end, std::string_view text, const Style& style);
    void text_centred(Spot centre, std::string_view text, const Style& style);
    /// ASCII characters at a fixed pitch, as one text.
    void spaced(Spot at, std::string_view ascii, const Style& style, double pitch);
    /// Smaller where it would not fit the width, down to 70%.
    [[nodiscard]] Style fitted(std::string_view text, Style style, double width);
    /// Cut at blanks, and inside a word that is wider than a line.
    [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, const Style& style,
                                                   double width);
    /// Lines one below the other; returns the baseline after the last.
    double lines(Spot first, const std::vector<std::string>& lines, const Style& style,
                 double pitch);

    void fill(const Box& box, Colour colour, double radius = 0);
    void outline(const Box& box, Colour colour, double width);
    void shape(const std::vector<Spot>& corners, Colour colour);
    void hatch(const Box& box, Colour colour);
    void line(Spot from, Spot to, Colour colour, double width, bool dashed = false);
    /// Bars of a symbol: true = dark; all of one path.
    void bars(const Box& box, const std::vector<bool>& modules);

    /// A page is begun by the constructor or begin_page and lasts until end_page.
    void begin_page();
    void end_page();
    /// Cairo's file; finish_pdf completes it.
    [[nodiscard]] std::string finish();
    /// The texts that stand for the figures, in the order drawn.
    [[nodiscard]] const std::vector<std::string>& figure_texts() const { return figures_; }

private:
    PenFonts& fonts_;
    std::string bytes_;
    std::vector<std::string> figures_;
    cairo_surface_t* surface_;
    cairo_t* cairo_;
};

}  // namespace watthour::documents
