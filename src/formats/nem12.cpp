// SPDX-License-Identifier: Apache-2.0
#include "formats/nem12.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace watthour::formats {

namespace {

using Fields = std::vector<std::string_view>;

constexpr std::size_t day_tail_least = 1;  ///< quality; what follows it may be cut
constexpr std::size_t day_tail_most = 5;
constexpr std::size_t accumulation_fields = 20;  ///< up to the unit

void split(std::string_view line, Fields& fields) {
    fields.clear();
    for (std::size_t from = 0;;) {
        const std::size_t comma = line.find(',', from);
        fields.push_back(trimmed(line.substr(from, comma - from)));
        if (comma == std::string_view::npos) return;
        from = comma + 1;
    }
}

/// "A", "V", or a letter with a method of two digits: "S14".
bool is_quality(std::string_view text) {
    if (text.empty() || std::string_view("ASFENV").find(text[0]) == std::string_view::npos) {
        return false;
    }
    return text.size() == 1 || (text.size() == 3 && all_digits(text.substr(1)));
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : lines_(bytes) {}

    NemFile read() {
        while (lines_.next()) {
            if (trimmed(lines_.text()).empty()) continue;
            split(lines_.text(), fields_);
            take();
        }
        end_day();
        close_file();
        return std::move(file_);
    }

private:
    /// A problem of the record in hand, which is kept as it came.
    void reject(const char* field, const char* rule, std::string message, std::string remedy) {
        file_.problems.push_back({lines_.number(), field, std::string("nem12.") + rule,
                                  std::move(message), std::move(remedy)});
        file_.rejected.push_back({lines_.number(), std::string(lines_.text())});
    }

    void take() {
        const std::string_view type = fields_[0];
        if (type != "400") end_day();
        if (type == "100") return take_header();
        if (type == "200") return take_channel();
        if (type == "300") return take_day();
        if (type == "400") return take_range();
        if (type == "250") return take_accumulation();
        if (type == "900") {
            file_.has_trailer = true;
            return;
        }
        // Service orders and the index reads beside the intervals: nothing is billed from them.
        if (type == "500" || type == "550") return;
        reject("RecordIndicator", "record_type",
               fmt::format("{} is no record type of NEM12 or NEM13", shown(type)),
               "Records begin with 100, 200, 250, 300, 400, 500, 550 or 900.");
    }

    void take_header() {
        const bool known = fields_.size() > 1 && (fields_[1] == "NEM12" || fields_[1] == "NEM13");
        if (!known) {
            reject("VersionHeader", "header", "the header names neither NEM12 nor NEM13",
                   "Check that the right file was given.");
        }
        file_.has_header = true;
    }

    /// The fields are there; else the record is rejected.
    bool has_fields(std::size_t least) {
        if (fields_.size() >= least) return true;
        reject(
            "record", "field_count",
            fmt::format("the record has {} fields, at least {} are needed", fields_.size(), least),
            "The line may be cut; ask for the file again.");
        return false;
    }

    bool has_nmi() {
        if (!fields_[1].empty()) return true;
        reject("NMI", "nmi", "the record names no metering point", "Ask for the file again.");
        return false;
    }

    void take_channel() {
        in_channel_ = false;
        if (!has_fields(9) || !has_nmi()) return;
        const auto minutes = parse_digits(fields_[8]);
        if (!minutes || (*minutes != 5 && *minutes != 15 && *minutes != 30)) {
            return reject("IntervalLength", "interval",
                          fmt::format("the interval is {} minutes", shown(fields_[8])),
                          "Intervals are 5, 15 or 30 minutes.");
        }
        NemChannel channel;
        channel.line = lines_.number();
        channel.nmi = fields_[1];
        channel.configuration = fields_[2];
        channel.register_id = fields_[3];
        channel.suffix = fields_[4];
        channel.serial = fields_[6];
        channel.unit = upper_case(fields_[7]);
        channel.minutes = static_cast<int>(*minutes);
        file_.channels.push_back(std::move(channel));
        in_channel_ = true;
    }

    void take_day() {
        if (!in_channel_) {
            return reject("RecordIndicator", "order", "a day stands under no channel",
                          "Repair the 200 record before it and read the file again.");
        }
        NemChannel& channel = file_.channels.back();
        const auto count = static_cast<std::size_t>(1440 / channel.minutes);
        if (fields_.size() < 2 + count + day_tail_least ||
            fields_.size() > 2 + count + day_tail_most) {
            return reject(
                "IntervalValue", "values",
                fmt::format("the record has {} fields; a day of {} minutes has {} values, "
                            "so {} to {} fields",
                            fields_.size(), channel.minutes, count, 2 + count + day_tail_least,
                            2 + count + day_tail_most),
                "The 200 record and its days disagree; ask for the file again.");
        }
        NemDay day;
        day.line = lines_.number();
        if (const auto date = parse_file_date(fields_[1], DateOrder::ccyymmdd)) {
            day.date = *date;
        } else {
            return reject("IntervalDate", "date", fmt::format("{} is no day", shown(fields_[1])),
                          "Days are written CCYYMMDD.");
        }
        day.values.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = parse_decimal(fields_[2 + i]);
            if (!value || !is_meter_value(*value)) {
                return reject("IntervalValue", "value",
                              fmt::format("value {} is {}", i + 1, shown(fields_[2 + i])),
                              "Values are decimal numbers; a missing one is 0 with quality N.");
            }
            day.values.push_back(*value);
        }
        const auto at = [&](std::size_t field) {
            return field < fields_.size() ? std::string(fields_[field]) : std::string();
        };
        const std::string quality = at(2 + count);
        if (!is_quality(quality)) {
            return reject(
                "QualityMethod", "quality", fmt::format("the quality is {}", shown(quality)),
                "Quality is A, S, F, E, N or V, with a method of two digits after S, F, E.");
        }
        day.updated = at(2 + count + 3);
        varies_ = quality == "V";
        if (!varies_) {
            day.ranges.push_back(
                {1, static_cast<int>(count), quality, at(3 + count), at(4 + count)});
        }
        day_line_ = std::string(lines_.text());
        channel.days.push_back(std::move(day));
        in_day_ = true;
    }

    void take_range() {
        if (!in_day_) {
            // It hangs on a day that was rejected and goes with it.
            file_.rejected.push_back({lines_.number(), std::string(lines_.text())});
            return;
        }
        if (!has_fields(4)) return;
        if (!varies_) {
            return reject("RecordIndicator", "order",
                          "the day has one quality, and a range of its own besides",
                          "A day with ranges has the quality V.");
        }
        NemDay& day = file_.channels.back().days.back();
        const auto first = parse_digits(fields_[1]);
        const auto last = parse_digits(fields_[2]);
        const auto wanted = day.ranges.empty() ? 1 : day.ranges.back().last + 1;
        const auto count = static_cast<std::int64_t>(day.values.size());
        if (!first || !last || *first != wanted || *last < *first || *last > count) {
            bad_ranges_ = fmt::format("the range {} to {} follows interval {} of {}",
                                      shown(fields_[1]), shown(fields_[2]), wanted - 1, count);
            return;
        }
        if (!is_quality(fields_[3]) || fields_[3] == "V") {
            bad_ranges_ = fmt::format("the quality of intervals {} to {} is {}", *first, *last,
                                      shown(fields_[3]));
            return;
        }
        const auto at = [&](std::size_t field) {
            return field < fields_.size() ? std::string(fields_[field]) : std::string();
        };
        day.ranges.push_back({static_cast<int>(*first), static_cast<int>(*last),
                              std::string(fields_[3]), at(4), at(5)});
    }

    /// A day whose ranges do not tile it is taken out again.
    void end_day() {
        if (!in_day_) return;
        in_day_ = false;
        std::vector<NemDay>& days = file_.channels.back().days;
        const NemDay& day = days.back();
        const auto count = static_cast<int>(day.values.size());
        const int covered = day.ranges.empty() ? 0 : day.ranges.back().last;
        if (bad_ranges_.empty() && covered != count) {
            bad_ranges_ = fmt::format("the ranges end with interval {} of {}", covered, count);
        }
        if (bad_ranges_.empty()) return;
        file_.problems.push_back({day.line, "StartInterval", "nem12.ranges", bad_ranges_,
                                  "The 400 records of a day cover it from 1 on, without gap or "
                                  "overlap; ask for the day again."});
        file_.rejected.push_back({day.line, day_line_});
        days.pop_back();
        bad_ranges_.clear();
    }

    void take_accumulation() {
        if (!has_fields(accumulation_fields) || !has_nmi()) return;
        NemAccumulation read;
        read.line = lines_.number();
        read.nmi = fields_[1];
        read.register_id = fields_[3];
        read.suffix = fields_[4];
        read.serial = fields_[6];
        read.direction = fields_[7];
        read.previous_read = fields_[8];
        read.previous_at = fields_[9];
        read.previous_quality = fields_[10];
        read.current_read = fields_[13];
        read.current_at = fields_[14];
        read.current_quality = fields_[15];
        const auto quantity = parse_decimal(fields_[18]);
        if (!quantity || !is_meter_value(*quantity)) {
            return reject("Quantity", "value",
                          fmt::format("the quantity is {}", shown(fields_[18])),
                          "The quantity is a decimal number.");
        }
        read.quantity = *quantity;
        read.unit = upper_case(fields_[19]);
        const auto before = parse_decimal(fields_[8]);
        const auto after = parse_decimal(fields_[13]);
        if (before && after && is_meter_value(*before) && is_meter_value(*after) &&
            *after - *before != *quantity) {
            file_.notes.push_back(
                {read.line, "Quantity", "nem12.quantity",
                 fmt::format("the reads {} and {} are not {} apart", read.previous_read,
                             read.current_read, quantity->to_string()),
                 "The register may have rolled over, or have a multiplier."});
        }
        file_.accumulations.push_back(std::move(read));
    }

    void close_file() {
        const auto whole = [&](const char* field, const char* rule, const char* message,
                               const char* remedy) {
            file_.problems.push_back({0, field, std::string("nem12.") + rule, message, remedy});
        };
        const bool any = std::any_of(file_.channels.begin(), file_.channels.end(),
                                     [](const NemChannel& one) { return !one.days.empty(); });
        if (!any && file_.accumulations.empty() && file_.problems.empty()) {
            whole("record", "empty", "the file holds no reads",
                  "Check that the right file was given.");
        }
        if (!file_.has_header) {
            whole("RecordIndicator", "header", "the file does not begin with a 100 record",
                  "The file may be a part of another; ask for it whole.");
        }
        if (!file_.has_trailer) {
            whole("RecordIndicator", "trailer", "the file does not end with a 900 record",
                  "The file may be cut; ask for it again.");
        }
    }

    LineReader lines_;
    Fields fields_;
    NemFile file_;
    bool in_channel_ = false;
    bool in_day_ = false;
    bool varies_ = false;
    std::string bad_ranges_;
    std::string day_line_;
};

}  // namespace

NemFile read_nem12(std::string_view bytes) { return Reader(bytes).read(); }

std::vector<std::pair<std::string, WideSum>> nem_sums(const NemFile& file) {
    std::vector<std::pair<std::string, WideSum>> sums;
    std::map<std::string, std::size_t> places;
    const auto sum_of = [&](const std::string& key) -> WideSum& {
        const auto [place, fresh] = places.try_emplace(key, sums.size());
        if (fresh) sums.emplace_back(key, WideSum());
        return sums[place->second].second;
    };
    for (const NemChannel& channel : file.channels) {
        WideSum& sum = sum_of(
            fmt::format("{}/{}/{}/{}", channel.nmi, channel.suffix, channel.unit, channel.minutes));
        for (const NemDay& day : channel.days) {
            for (const Decimal& value : day.values) sum.add(value);
        }
    }
    for (const NemAccumulation& read : file.accumulations) {
        WideSum& sum = sum_of(fmt::format("{}/{}/{}/acc", read.nmi, read.suffix, read.unit));
        sum.add(read.quantity);
    }
    return sums;
}

}  // namespace watthour::formats
