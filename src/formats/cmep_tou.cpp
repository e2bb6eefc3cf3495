// SPDX-License-Identifier: Apache-2.0
// MEPMD02 records: time-of-use registers, and use by part of the day.
#include "base/text.hpp"
#include "formats/cmep_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats::cmep {
namespace {

constexpr std::size_t header_fields = 16;
constexpr std::int64_t most_values = 6;
constexpr std::string_view ask_again = "Repair the row, or ask the head-end to send it again.";

class TouReader {
public:
    TouReader(std::int64_t number, bool ended, const CmepOptions& options, Problems& problems)
        : number_(number), ended_(ended), options_(options), problems_(problems) {}

    std::optional<CmepTouRow> read(std::string_view line) {
        FieldCursor cursor(line);
        std::string_view field;
        while (cursor.next(field)) fields_.emplace_back(trimmed(field));
        if (!has_count()) return std::nullopt;
        take_head();
        for (std::size_t i = 0; i < count_; ++i) take_value(i);
        if (!good_) return std::nullopt;
        judge_sum();
        if (good_ && !ended_ && !proved_ && fields_.size() == told()) {
            problem("value", "line_cut",
                    "the file stops without a line end, so the last value may be cut",
                    "If the row is whole, end its line and bring it in.");
        }
        if (!good_) return std::nullopt;
        return std::move(row_);
    }

private:
    void problem(std::string_view field, std::string_view rule, std::string message,
                 std::string_view remedy = ask_again) {
        good_ = false;
        problems_.push_back({number_, std::string(field), fmt::format("cmep.{}", rule),
                             std::move(message), std::string(remedy)});
    }

    [[nodiscard]] std::size_t told() const { return header_fields + 3 * count_; }

    void wrong_count(std::size_t wanted) {
        problem("count", !ended_ && fields_.size() < wanted ? "line_cut" : "field_count",
                fmt::format("the record needs {} fields and has {}", wanted, fields_.size()));
    }

    bool has_count() {
        if (fields_.size() < header_fields) {
            wrong_count(header_fields + 3);
            return false;
        }
        const auto count = parse_digits(fields_[15]);
        if (!count || *count < 1 || *count > most_values) {
            problem("count", "count",
                    fmt::format("the count of values is {}, not a number from 1 to {}",
                                shown(fields_[15]), most_values));
            return false;
        }
        count_ = static_cast<std::size_t>(*count);
        // One more field may be the H and four digits of a CRC-16.
        const bool has_crc = fields_.size() == told() + 1 && fields_.back().size() == 5 &&
                             fields_.back().front() == 'H';
        if (fields_.size() != told() && !has_crc) wrong_count(told());
        return good_;
    }

    void take_head() {
        row_.line = number_;
        row_.meter = fields_[7].empty() ? fields_[5] : fields_[7];
        row_.commodity = fields_[9];
        row_.units = upper_case(fields_[10]);
        if (row_.meter.empty()) {
            problem("meter", "field_missing",
                    "neither field 8 nor field 6 names the meter or channel");
        }
        if (row_.units.empty()) problem("units", "field_missing", "field 11 names no units");
        const std::string& season = fields_[11];
        if (season == "S" || season == "W") {
            row_.season = season[0];
        } else if (!season.empty()) {
            problem("season", "season", fmt::format("the season is {}, not S or W", shown(season)));
        }
        if (!fields_[12].empty()) {
            const auto multiplier = parse_decimal(fields_[12]);
            if (multiplier && !multiplier->is_negative() && !multiplier->is_zero()) {
                row_.multiplier = *multiplier;
            } else {
                problem("multiplier", "multiplier",
                        fmt::format("the multiplier {} is not a number above zero",
                                    shown(fields_[12])));
            }
        }
        const auto start = moment("start", fields_[13]);
        const auto end = moment("end_time", fields_[14]);
        if (!start || !end) return;
        row_.start = *start;
        row_.end = *end;
        if (!(row_.start < row_.end)) {
            problem("end_time", "period",
                    fmt::format("the period ends at {} and begins at {}", shown(fields_[14]),
                                shown(fields_[13])));
        }
    }

    std::optional<Instant> moment(std::string_view field, const std::string& text) {
        const auto wall = clock_.seconds(text);
        if (!wall) {
            problem(field, "end_time", fmt::format("{} is not a time CCYYMMDDHHMM", shown(text)));
            return std::nullopt;
        }
        if (!options_.zone) return Instant{*wall};
        const auto at = from_wall(*options_.zone, *wall, 0, std::nullopt);
        if (!at) {
            problem(field, "local_time",
                    fmt::format("{} is in the hour that the change to daylight time in {} skips",
                                shown(text), options_.zone->name()));
        }
        return at;
    }

    void take_value(std::size_t index) {
        const std::size_t at = header_fields + 3 * index;
        CmepTouValue value;
        value.label = upper_case(fields_[at]);
        static constexpr std::string_view labels[] = {"ON-PEAK", "OFF-PEAK", "PART-PEAK", "TOTAL"};
        if (std::find(std::begin(labels), std::end(labels), value.label) == std::end(labels)) {
            problem("label", "tou_label",
                    fmt::format("the label {} is none of ON-PEAK, OFF-PEAK, PART-PEAK and TOTAL",
                                shown(fields_[at])));
        }
        for (const CmepTouValue& other : row_.values) {
            if (other.label != value.label) continue;
            problem("label", "tou_label", fmt::format("the label {} stands twice", value.label));
        }
        if (!parse_quality(fields_[at + 1], value.quality, value.flags)) {
            problem("quality", "quality",
                    fmt::format("quality {} of {} is not a letter R, E, A or N with a mask",
                                shown(fields_[at + 1]), shown(value.label)));
        }
        const std::string& text = fields_[at + 2];
        if (const auto number = parse_decimal(text); number && is_meter_value(*number)) {
            value.value = *number;
        } else if (!text.empty() || value.quality != 'N') {
            problem("value", "value",
                    fmt::format("the value of {} is {}, not a number", shown(value.label),
                                shown(text)));
        }
        row_.values.push_back(std::move(value));
    }

    void judge_sum() {
        const CmepTouValue* total = nullptr;
        std::string parts;
        WideSum sum;
        WideSum wanted;
        for (const CmepTouValue& value : row_.values) {
            if (value.quality == 'N') return;
            if (value.label == "TOTAL") {
                total = &value;
                wanted.add(value.value);
                continue;
            }
            sum.add(value.value);
            parts += (parts.empty() ? "" : " + ") + value.value.to_string();
        }
        if (total == nullptr || parts.empty()) return;
        proved_ = true;
        if (sum.to_string() == wanted.to_string()) return;
        problem("value", "tou_sum",
                fmt::format("the parts {} make {}, and TOTAL is {}", parts, sum.to_string(),
                            total->value.to_string()),
                "Read the registers again: one of them is wrong.");
    }

    std::int64_t number_;
    bool ended_;
    const CmepOptions& options_;
    Problems& problems_;
    ClockReader clock_;
    std::vector<std::string> fields_;
    std::size_t count_ = 0;
    CmepTouRow row_;
    bool good_ = true;
    bool proved_ = false;  ///< the parts and the total are known to agree or not
};

}  // namespace

std::optional<CmepTouRow> read_tou_row(std::string_view line, std::int64_t number, bool ended,
                                       const CmepOptions& options, Problems& problems) {
    return TouReader(number, ended, options, problems).read(line);
}

}  // namespace watthour::formats::cmep
