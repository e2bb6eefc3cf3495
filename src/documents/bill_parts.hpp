// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/bill_page.hpp"
#include "documents/pen.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::documents {

/// One bill being drawn.
struct Sheet {
    Pen& pen;
    const BillPage& page;
    const Words& words;

    [[nodiscard]] const std::string& in_language(const std::string& en,
                                                 const std::string& es) const {
        return page.language == Language::spanish ? es : en;
    }
    [[nodiscard]] std::string say(std::string_view key) const {
        return std::string(words.text(key));
    }
    [[nodiscard]] bool nothing_to_pay() const { return !page.amount_due.is_positive(); }
};

/// The grid of the Letter page, in points.
namespace grid {
inline constexpr double left = 36;
inline constexpr double right = 576;
inline constexpr double main_width = 336;  ///< charges and reads
inline constexpr double side_left = 392;   ///< balance and usage
inline constexpr double side_width = right - side_left;
inline constexpr double stub_top = 646;
inline constexpr double bottom = 756;  ///< of pages without a stub
}  // namespace grid

inline constexpr Style heading_style{10, Weight::bold, accent};
inline constexpr Style label_style{6.5, Weight::regular, grey};
inline constexpr Style body_style{8, Weight::regular, black};
inline constexpr Style strong_style{8, Weight::bold, black};
inline constexpr Style small_style{7, Weight::regular, black};

/// A heading with a rule below it; returns the baseline for what follows.
double draw_heading(const Sheet& sheet, Spot at, double width, std::string_view text);

/// Sender, customer, what is owed and when, the facts of the account; returns where they end.
double draw_head(const Sheet& sheet);
/// The head of pages after the first.
double draw_page_head(const Sheet& sheet, int number, int pages);

/// The charge lines as rows of a table whose density suits the room there is.
class ChargeTable {
public:
    enum class Density { roomy, plain, compact, dense };

    ChargeTable(const Sheet& sheet, double width, Density density);
    [[nodiscard]] double height() const;  ///< with heading and column heads
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    /// Draws rows from `first` while they fit above `limit`; returns the first not drawn.
    struct Drawn {
        std::size_t next = 0;
        double y = 0;
    };
    [[nodiscard]] Drawn draw(Spot at, std::size_t first, double limit) const;

private:
    enum class Kind { group, line, total };
    struct Row {
        Kind kind = Kind::line;
        std::vector<std::string> text;
        std::string dates;
        std::vector<std::string> how;
        std::string quantity;
        Money amount;
        double height = 0;
    };
    void add_group(std::string_view key, const std::vector<const BillLine*>& lines);
    void add_line(const BillLine& line);
    void draw_row(const Row& row, Spot at) const;
    [[nodiscard]] double pitch() const;
    [[nodiscard]] double group_gap() const;
    [[nodiscard]] double how_pitch() const { return 8.0; }
    [[nodiscard]] Style text_style() const;

    Sheet sheet_;
    double width_;
    Density density_;
    std::vector<Row> rows_;
};

/// The reads table: height for a number of rows, and drawing.
[[nodiscard]] double reads_height(std::size_t rows);
double draw_reads(const Sheet& sheet, Spot at, double width, std::size_t first, std::size_t count);

/// Balance, usage and time of use between two heights of the right column.
void draw_side(const Sheet& sheet, double top, double bottom);
/// The bar chart with its legend.
void draw_chart(const Sheet& sheet, const Box& box);
/// The bars of this, the last and the year-ago period; null where there is none.
struct UsageCompared {
    const UsageBar* now = nullptr;
    const UsageBar* before = nullptr;
    const UsageBar* year_ago = nullptr;
};
[[nodiscard]] UsageCompared compare_usage(const BillPage& page);
/// The last bars that a chart has room for.
[[nodiscard]] std::vector<UsageBar> charted_bars(const BillPage& page);

/// How to pay, messages, and questions: three columns above the stub.
class FootColumns {
public:
    explicit FootColumns(const Sheet& sheet);
    [[nodiscard]] double height() const;
    void draw(double top) const;
    /// Messages that found no room.
    [[nodiscard]] const std::vector<std::string>& left_over() const { return left_over_; }

private:
    struct Column {
        std::string heading;
        std::vector<std::vector<std::string>> paragraphs;
    };
    void add(Column& column, const std::string& text);

    Sheet sheet_;
    double width_ = 0;
    std::vector<Column> columns_;
    std::vector<std::string> left_over_;
};

/// The part that comes back with the payment.
void draw_stub(const Sheet& sheet);

}  // namespace watthour::documents
