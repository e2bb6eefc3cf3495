// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "formats/nacha.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Shared by the parts of the ACH reader and writer; not for other rooms.
namespace watthour::formats::nacha {

inline constexpr std::size_t record_length = 94;
inline constexpr std::int64_t hash_modulus = 10'000'000'000;

/// A line brought to 94 characters.
struct Line {
    std::int64_t number = 0;
    std::string text;
    bool whole = true;  ///< false: reported as too short or too long, not to be taken apart

    /// Positions as the format's page counts them, 1-based and inclusive.
    [[nodiscard]] std::string_view at(std::size_t from, std::size_t through) const {
        return std::string_view(text).substr(from - 1, through - from + 1);
    }
    [[nodiscard]] char type() const { return text.front(); }
};

/// Cuts the bytes into lines of 94, reporting those that cannot be brought to it.
[[nodiscard]] std::vector<Line> cut_lines(std::string_view bytes, NachaFile& file);

enum class Direction { credit, debit, unknown };
[[nodiscard]] Direction direction_of(std::string_view code);

/// True for classes whose entries carry a count of addenda and a shorter name.
[[nodiscard]] bool counts_addenda(std::string_view sec);

/// Sums that an outside file may drive as far as it likes.
struct Sums {
    std::int64_t records = 0;  ///< entries and addenda
    std::int64_t hash = 0;     ///< modulo 10^10
    i128 debits = 0;
    i128 credits = 0;
};

/// The records of one file in their order. Used once.
class Reader {
public:
    explicit Reader(NachaFile& file) : file_(file) {}
    void take(const Line& line);
    void finish(std::int64_t line_count);

private:
    void problem(std::int64_t line, std::string_view field, std::string_view rule,
                 std::string message);
    void note(std::int64_t line, std::string_view field, std::string_view rule,
              std::string message);
    std::int64_t digits(const Line& line, std::size_t from, std::size_t through,
                        std::string_view field);
    /// A total of up to 20 digits.
    i128 amount_digits(const Line& line, std::size_t from, std::size_t through,
                       std::string_view field);
    void take_file_header(const Line& line);
    void take_batch_header(const Line& line);
    void take_entry(const Line& line);
    void read_entry_fields(const Line& line, NachaEntry& entry);
    void check_entry(const Line& line, const NachaEntry& entry);
    void take_addenda(const Line& line);
    void check_addenda(const Line& line, const NachaAddenda& addenda);
    void close_entry();
    void take_batch_control(const Line& line);
    void check_batch_sums(const Line& line, const NachaBatch& batch);
    void take_file_control(const Line& line);
    void close_batch_unproved(std::int64_t line);
    [[nodiscard]] bool sec_is(std::string_view sec) const {
        return in_batch_ && file_.batches.back().sec == sec;
    }

    NachaFile& file_;
    Sums batch_;
    Sums all_;
    std::set<std::string> traces_;
    std::string last_trace_;
    std::int64_t told_addenda_ = -1;  ///< of the open entry; -1 = only the indicator tells
    std::int64_t told_blocks_ = 0;
    bool indicator_ = false;
    bool header_ = false;
    bool control_ = false;
    bool in_batch_ = false;
    bool in_entry_ = false;
    bool batch_mixed_up_ = false;  ///< a line of the batch could not be taken apart
};

}  // namespace watthour::formats::nacha
