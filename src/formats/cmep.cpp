// SPDX-License-Identifier: Apache-2.0
#include "formats/cmep.hpp"

#include "base/text.hpp"
#include "formats/cmep_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watthour::formats {
namespace {

using cmep::two_digits;

constexpr std::size_t header_fields = 14;
constexpr std::int64_t most_values = 100'000;
constexpr std::string_view ask_again = "Repair the row, or ask the head-end to send it again.";

class CmepReader {
public:
    explicit CmepReader(const CmepOptions& options) : options_(options) {}

    CmepFile read(std::string_view bytes) {
        LineReader lines(bytes);
        while (lines.next()) {
            if (trimmed(lines.text()).empty()) continue;
            line_ = lines.number();
            ended_ = lines.ended();
            read_line(lines.text());
        }
        return std::move(file_);
    }

private:
    bool problem(std::string_view field, std::string_view rule, std::string message,
                 std::string_view remedy = ask_again) {
        file_.problems.push_back({line_, std::string(field), fmt::format("cmep.{}", rule),
                                  std::move(message), std::string(remedy)});
        return false;
    }

    void read_line(std::string_view line) {
        const std::string_view type = trimmed(line.substr(0, line.find(',')));
        bool good = false;
        if (type == "MEPMD01" || type == "\"MEPMD01\"") {
            good = read_row(line);
        } else if (type == "MEPMD02" || type == "\"MEPMD02\"") {
            auto row = cmep::read_tou_row(line, line_, ended_, options_, file_.problems);
            good = row.has_value();
            if (row) file_.tou_rows.push_back(*std::move(row));
        } else if (type == "MLA01" || type == "\"MLA01\"") {
            good = read_alarm(line);
        } else if (!ended_ && !type.starts_with("ME")) {
            problem("record_type", "line_cut",
                    fmt::format("the file stops in the middle of this line: it has no line end "
                                "and begins {}",
                                shown(type)),
                    "Ask the head-end to send the file again.");
        } else if (type == "MEPEC01") {
            problem("record_type", "record_type",
                    "MEPEC01 records tell of equipment and hold no reads",
                    "Ask the head-end for MEPMD01 records of the same meters.");
        } else {
            problem("record_type", "record_type",
                    fmt::format("{} is not a record of this format", shown(type)),
                    "Check that the file is a CMEP file; MEPMD01 and MEPMD02 records are read.");
        }
        if (!good) file_.rejected.push_back({line_, std::string(line)});
    }

    /// The last value of a file without a last line end is taken for whole only when it looks
    /// like the others of its row: as many decimals as all of them, or, without decimals, as
    /// many digits as the one before.
    [[nodiscard]] static bool may_be_cut(const CmepRow& row) {
        if (row.values.size() < 2) return true;
        const Decimal& last = row.values.back().value;
        for (const CmepValue& value : row.values) {
            if (value.value.scale() != last.scale()) return true;
        }
        if (last.scale() > 0) return false;
        const Decimal& before = row.values[row.values.size() - 2].value;
        return last.to_string().size() != before.to_string().size();
    }

    bool read_row(std::string_view line) {
        cmep::FieldCursor cursor(line);
        std::array<std::string, header_fields> head;
        std::string_view field;
        for (std::string& part : head) {
            if (!cursor.next(field)) return wrong_count(line, header_fields, "a header needs");
            part.assign(trimmed(field));
        }
        const auto count = parse_digits(head[13]);
        if (!count || *count < 1 || *count > most_values) {
            if (!ended_) return wrong_count(line, header_fields + 3, "one value needs");
            return problem("count", "count",
                           fmt::format("the count of values is {}, not a number from 1 to {}",
                                       shown(head[13]), most_values));
        }
        CmepRow row;
        row.line = line_;
        if (!take_head(head, row)) return false;
        row.values.reserve(std::min(static_cast<std::size_t>(*count), line.size() / 3 + 1));
        const std::size_t told = header_fields + 3 * static_cast<std::size_t>(*count);
        previous_.reset();
        on_grid_ = false;
        bool good = true;
        for (std::int64_t i = 0; i < *count; ++i) {
            if (i > 0 && good && take_plain(cursor, row)) continue;
            if (!cursor.next(field)) return short_row(line, told, *count);
            const auto wall = end_seconds(field, row, i);
            if (!cursor.next(field)) return short_row(line, told, *count);
            CmepValue value;
            good = wall.has_value() && good;
            good = take_quality(field, i, value) && good;
            if (!cursor.next(field)) return short_row(line, told, *count);
            good = take_value(field, i, value) && good;
            good = good && place(*wall, row, i, value);
            if (good) row.values.push_back(value);
        }
        if (!good || !take_end(cursor, line, told, *count)) return false;
        if (!ended_ && may_be_cut(row)) {
            return problem("value", "line_cut",
                           fmt::format("the file stops without a line end, and its last value, "
                                       "{}, is shorter than the others or stands alone",
                                       row.values.back().value.to_string()),
                           "If the row is whole, end its line and bring it in; else ask the "
                           "head-end to send the file again.");
        }
        file_.rows.push_back(std::move(row));
        return true;
    }

    /// A value that follows the one before by the row's interval, with its quality.
    bool take_plain(cmep::FieldCursor& cursor, CmepRow& row) {
        CmepValue value;
        if (!on_grid_ || row.interval_seconds <= 0 ||
            !cursor.next_plain(quality_text(), value.value)) {
            return false;
        }
        value.end = *previous_ + row.interval_seconds;
        value.quality = quality_;
        value.flags = quality_flags_;
        previous_ = value.end;
        follows_ = true;
        row.values.push_back(value);
        return true;
    }

    [[nodiscard]] std::string_view quality_text() const {
        return {quality_text_.data(), quality_length_};
    }

    bool short_row(std::string_view line, std::size_t told, std::int64_t count) {
        // Values before the cut may have been reported already; the cut explains them.
        while (!file_.problems.empty() && file_.problems.back().line == line_) {
            file_.problems.pop_back();
        }
        return wrong_count(line, told, fmt::format("a count of {} needs", count));
    }

    bool wrong_count(std::string_view line, std::size_t told, const std::string& why) {
        const std::size_t found = cmep::count_fields(line);
        if (!ended_ && found < told) {
            return problem("count", "line_cut",
                           fmt::format("the file stops in the middle of this line: {} {} fields "
                                       "and there are {}, without a line end",
                                       why, told, found),
                           "Ask the head-end to send the file again; the rows before are good.");
        }
        return problem("count", "field_count",
                       fmt::format("{} {} fields and there are {}", why, told, found));
    }

    /// After the values: nothing, or the H and four digits of a CRC-16.
    bool take_end(cmep::FieldCursor& cursor, std::string_view line, std::size_t told,
                  std::int64_t count) {
        std::string_view field;
        if (!cursor.next(field)) {
            if (!ended_) {
                file_.notes.push_back({line_, "value", "cmep.line_end",
                                       "the last line has no line end, so its last value may be "
                                       "cut",
                                       "Compare the last value with the head-end's."});
            }
            return true;
        }
        const std::string_view crc = trimmed(field);
        std::string_view more;
        if (cursor.next(more)) {
            return wrong_count(line, told, fmt::format("a count of {} needs", count));
        }
        const bool hex = crc.size() == 5 && crc.front() == 'H' &&
                         crc.find_first_not_of("0123456789ABCDEFabcdef", 1) == crc.npos;
        if (hex || (crc.empty() && ended_)) return true;
        if (!ended_ && crc.size() < 5) return wrong_count(line, told + 2, "with its CRC it needs");
        return problem("crc", "field_count",
                       fmt::format("a count of {} needs {} fields and there is one more, which is "
                                   "not a CRC: {}",
                                   count, told, shown(crc)));
    }

    bool take_head(std::array<std::string, header_fields>& head, CmepRow& row) {
        row.version = std::move(head[1]);
        row.sender = std::move(head[2]);
        row.sender_customer = std::move(head[3]);
        row.receiver = std::move(head[4]);
        row.receiver_customer = std::move(head[5]);
        row.created = std::move(head[6]);
        row.meter = head[7].empty() ? row.receiver_customer : std::move(head[7]);
        row.purpose = std::move(head[8]);
        row.commodity = std::move(head[9]);
        row.units = upper_case(head[10]);
        bool good = true;
        if (row.meter.empty()) {
            good = problem("meter", "field_missing",
                           "neither field 8 nor field 6 names the meter or channel");
        }
        if (row.units.empty()) good = problem("units", "field_missing", "field 11 names no units");
        if (!head[11].empty()) {
            const auto multiplier = parse_decimal(head[11]);
            if (multiplier && !multiplier->is_negative() && !multiplier->is_zero()) {
                row.multiplier = *multiplier;
            } else {
                good = problem(
                    "multiplier", "multiplier",
                    fmt::format("the multiplier {} is not a number above zero", shown(head[11])));
            }
        }
        return take_interval(head[12], row) && good;
    }

    /// MMDDHHMM: 00000015 = 15 minutes, 00000100 = one hour, 00010000 = one day.
    bool take_interval(const std::string& text, CmepRow& row) {
        if (text.empty()) return true;
        if (text.size() == 8 && all_digits(text)) {
            row.interval_months = two_digits(text, 0);
            row.interval_seconds = two_digits(text, 2) * 86'400 + two_digits(text, 4) * 3600 +
                                   two_digits(text, 6) * 60;
            if (row.interval_months == 0 || row.interval_seconds == 0) return true;
        }
        return problem("interval", "interval",
                       fmt::format("the interval {} is not of the form MMDDHHMM, for instance "
                                   "00000015 for 15 minutes",
                                   shown(text)));
    }

    /// The wall clock second of an end time; an empty one follows the one before.
    std::optional<std::int64_t> end_seconds(std::string_view field, const CmepRow& row,
                                            std::int64_t index) {
        field = trimmed(field);
        if (!field.empty()) {
            const auto seconds = clock_.seconds(field);
            if (!seconds) {
                problem("end_time", "end_time",
                        fmt::format("end time {} of value {} is not a time CCYYMMDDHHMM",
                                    shown(field), index + 1));
            }
            follows_ = false;
            return seconds;
        }
        follows_ = true;
        if (index > 0 && row.interval_seconds > 0) return 0;
        problem("end_time", "end_time",
                index == 0 ? std::string("the first value has no end time")
                           : fmt::format("value {} has no end time and the row states no interval",
                                         index + 1));
        return std::nullopt;
    }

    bool take_quality(std::string_view field, std::int64_t index, CmepValue& value) {
        if (cmep::parse_quality(field, value.quality, value.flags)) {
            remember_quality(field, value);
            return true;
        }
        return problem(
            "quality", "quality",
            fmt::format("quality {} of value {} is not a letter R, E, A or N with a mask",
                        shown(trimmed(field)), index + 1));
    }

    void remember_quality(std::string_view field, const CmepValue& value) {
        quality_length_ = std::min(field.size(), quality_text_.size());
        std::copy_n(field.begin(), quality_length_, quality_text_.begin());
        // What does not fit is compared with nothing that can stand in a field.
        if (quality_length_ < field.size()) quality_text_[0] = ',';
        quality_ = value.quality;
        quality_flags_ = value.flags;
    }

    bool take_value(std::string_view field, std::int64_t index, CmepValue& value) {
        field = trimmed(field);
        if (field.empty()) {
            if (value.quality == 'N') return true;
            return problem("value", "value",
                           fmt::format("value {} is empty and its quality is not N", index + 1));
        }
        const auto number = parse_decimal(field);
        if (!number) {
            return problem(
                "value", "value",
                fmt::format("value {} is {}, not a decimal number", index + 1, shown(field)));
        }
        value.value = *number;
        return true;
    }

    /// Brings the end time to UTC and onto the grid.
    bool place(std::int64_t wall, const CmepRow& row, std::int64_t index, CmepValue& value) {
        Instant received{wall};
        if (follows_) {
            if (!previous_) return false;
            received = *previous_ + row.interval_seconds;
        } else if (options_.zone) {
            const auto instant = cmep::from_wall(*options_.zone, wall, value.flags, previous_);
            if (!instant) {
                return problem("end_time", "local_time",
                               fmt::format("the end time of value {} is in the hour that the "
                                           "change to daylight time in {} skips",
                                           index + 1, options_.zone->name()));
            }
            received = *instant;
        }
        previous_ = received;
        value.end = received;
        // What follows an end on the grid by whole steps of it lies on it.
        if (follows_ && on_grid_) return true;
        on_grid_ = false;
        const std::int64_t grid = std::min(row.interval_seconds, 3600);
        if (grid <= 0) return true;
        const std::int64_t over = ((received.seconds % grid) + grid) % grid;
        on_grid_ = over == 0 && row.interval_seconds % grid == 0;
        if (over == 0) return true;
        const std::int64_t moved = over * 2 <= grid ? over : over - grid;
        if (std::abs(moved) <= options_.snap_tolerance_seconds && std::abs(moved) < 30'000) {
            value.end = received + -moved;
            value.moved_seconds = static_cast<std::int16_t>(moved);
            value.flags |= cmep_time_snapped;
        } else {
            value.flags |= cmep_time_off_grid;
        }
        return true;
    }

    bool read_alarm(std::string_view line) {
        cmep::FieldCursor cursor(line);
        std::string_view field;
        std::vector<std::string> fields;
        while (cursor.next(field)) fields.emplace_back(trimmed(field));
        if (fields.size() < 9) {
            return problem(
                "record_type", ended_ ? "field_count" : "line_cut",
                fmt::format("an MLA01 row needs at least 9 fields and has {}", fields.size()));
        }
        CmepAlarm alarm{line_,
                        fields[2],
                        fields[6],
                        fields[7].empty() ? fields[5] : fields[7],
                        {fields.begin() + 8, fields.end()}};
        file_.alarms.push_back(std::move(alarm));
        return true;
    }

    const CmepOptions& options_;
    CmepFile file_;
    cmep::ClockReader clock_;
    std::optional<Instant> previous_;
    std::array<char, 8> quality_text_{};  ///< the quality of the value before, as it was written
    std::size_t quality_length_ = 0;
    char quality_ = '\0';
    std::uint32_t quality_flags_ = 0;
    std::int64_t line_ = 0;
    bool follows_ = false;
    bool on_grid_ = false;  ///< the end time before lay on the grid
    bool ended_ = true;
};

}  // namespace

CmepFile read_cmep(std::string_view bytes, const CmepOptions& options) {
    return CmepReader(options).read(bytes);
}

}  // namespace watthour::formats
