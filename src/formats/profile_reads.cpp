// SPDX-License-Identifier: Apache-2.0
#include "formats/profile_reads.hpp"

#include "base/text.hpp"
#include "formats/profile_columns.hpp"
#include "formats/profile_times.hpp"
#include "formats/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace watthour::formats {
namespace {

constexpr int lines_before_names = 40;
constexpr int steps_to_see = 200;
constexpr int rows_to_see = 100'000;
constexpr std::int64_t day_seconds = 86'400;

std::optional<TimeZone> zone_of(const ReadProfile& profile, const ReadOptions& options) {
    if (profile.zone == ProfileZone::local) return options.zone;
    if (profile.zone != ProfileZone::named) return std::nullopt;
    auto zone = TimeZone::load(profile.zone_name);
    return zone ? std::optional(*std::move(zone)) : std::nullopt;
}

std::string shown_wall(std::int64_t wall) {
    const std::int64_t day =
        wall >= 0 ? wall / day_seconds : -((day_seconds - 1 - wall) / day_seconds);
    const std::int64_t second = wall - day * day_seconds;
    return fmt::format("{} {:02}:{:02}", Date(static_cast<std::int32_t>(day)).to_string(),
                       second / 3600, second / 60 % 60);
}

std::optional<Decimal> product(const Decimal& a, const Decimal& b) {
    const i128 units = i128{a.units()} * b.units();
    constexpr i128 most = 1'000'000'000'000'000'000;
    const int scale = a.scale() + b.scale();
    if (units >= most || units <= -most || scale > Decimal::max_scale) return std::nullopt;
    return Decimal(static_cast<std::int64_t>(units), scale);
}

/// Of a name in upper case.
bool is_reactive(std::string_view name) { return name.find("VAR") != std::string_view::npos; }

struct UnitMeaning {
    Decimal factor;
    bool reactive = false;
};

/// A word that neighbours share, and what it was found to mean.
template <class Meaning>
struct Remembered {
    std::string word;
    std::optional<Meaning> meaning;
    bool holds = false;

    template <class Find>
    const std::optional<Meaning>& of(std::string_view asked, Find find) {
        if (!holds || asked != word) {
            word = std::string(asked);
            meaning = find(asked);
            holds = true;
        }
        return meaning;
    }
};

class Reader {
public:
    Reader(std::string_view bytes, const ReadProfile& profile, const ReadOptions& options,
           ReadSink& sink)
        : profile_(profile),
          options_(options),
          sink_(sink),
          moments_(profile.moment_formats),
          dates_(profile.date_formats),
          times_(profile.time_formats),
          zone_(zone_of(profile, options)),
          clock_(zone_) {
        bytes_ = bytes;
        lines_ = LineReader(bytes);
        quotes_ = bytes.find('"') != std::string_view::npos;
    }

    ReadOutcome read() {
        if (!bind() || !set_step()) return std::move(outcome_);
        while (lines_.next()) {
            if (!bare(lines_.text()).empty()) take_line();
        }
        settle_doubtful();
        finish();
        return std::move(outcome_);
    }

private:
    // --- before the rows

    void whole(const char* rule, std::string message, std::string remedy, std::int64_t line = 0) {
        outcome_.problems.push_back(
            {line, "file", std::string("reads.") + rule, std::move(message), std::move(remedy)});
    }

    bool bind() {
        if (!profile_.has_names) {
            for (int i = 0; i < profile_.skipped_lines && lines_.next();) ++i;
            static_cast<void>(bind_columns(profile_, nullptr, bound_));
            return true;
        }
        LineReader ahead = lines_;
        std::string missing;
        std::int64_t first = 0;
        for (int i = 0; i < lines_before_names && ahead.next(); ++i) {
            if (bare(ahead.text()).empty()) continue;
            BoundColumns tried;
            const bool cut = cells_.cut(ahead.text(), profile_.delimiter, quotes_);
            std::string lacks = cut ? bind_columns(profile_, &cells_, tried) : "a closing quote";
            if (lacks.empty()) {
                bound_ = std::move(tried);
                lines_ = ahead;
                return true;
            }
            if (first == 0) {
                first = ahead.number();
                missing = std::move(lacks);
            }
        }
        if (first == 0) {
            whole("empty", "the file holds no lines", "Check that the right file was given.");
        } else {
            outcome_.problems.push_back(
                {first, missing, "reads.names",
                 fmt::format("no line of the first {} names the columns of the profile {}; line {} "
                             "lacks {}",
                             lines_before_names, profile_.name, first, shown(missing)),
                 "Check the format, or give a profile with the names of this file."});
        }
        return false;
    }

    /// The wall clock of the row in `cells_`, without a word about what is wrong.
    [[nodiscard]] std::optional<WallTime> wall_of_row() {
        if (bound_.moment >= 0) return moments_.read(cells_.at(bound_.moment));
        auto wall = dates_.read(cells_.at(bound_.date));
        if (!wall || bound_.time < 0) return wall;
        const auto time = times_.read(cells_.at(bound_.time));
        if (!time) return std::nullopt;
        last_clock_ = time->seconds;
        wall->seconds += time->seconds;
        return wall;
    }

    /// Minutes that stand in the rows: the shortest time from one to the next.
    [[nodiscard]] std::int64_t shortest_step() {
        LineReader ahead = lines_;
        std::optional<std::int64_t> before;
        std::int64_t shortest = 0;
        int seen = 0;
        for (int row = 0; row < rows_to_see && seen < steps_to_see && ahead.next(); ++row) {
            if (!cells_.cut(ahead.text(), profile_.delimiter, quotes_)) continue;
            const auto wall = wall_of_row();
            if (!wall || wall->has_offset != (profile_.zone == ProfileZone::in_text)) continue;
            if (bound_.end_time >= 0 && profile_.label == TimeLabel::start) {
                if (const auto span = span_of_row(*wall)) return *span;
            }
            const std::int64_t at = wall->seconds - wall->offset;
            const std::int64_t apart = before ? at - *before : 0;
            before = at;
            if (apart <= 0) continue;
            shortest = shortest == 0 ? apart : std::min(shortest, apart);
            ++seen;
        }
        return shortest;
    }

    /// Seconds from start to end of a row; an end of 00:59 means the whole minute.
    [[nodiscard]] std::optional<std::int64_t> span_of_row(const WallTime& wall) {
        const auto end = times_.read(cells_.at(bound_.end_time));
        if (!end) return std::nullopt;
        const std::int64_t start = bound_.time >= 0 ? last_clock_ : wall.seconds % day_seconds;
        std::int64_t span = end->seconds - start;
        if (span < 0) span += day_seconds;
        if (span + 60 == step_) return step_;
        // While the step is not known: any whole five minutes.
        if (step_ == 0 && span % 300 == 240) span += 60;
        return span;
    }

    bool set_step() {
        std::int64_t seconds = 0;
        if (profile_.kind == ReadKind::intervals) {
            seconds = std::int64_t{60} *
                      (profile_.wide_minutes > 0 ? profile_.wide_minutes : profile_.minutes);
            if (seconds == 0) seconds = shortest_step();
            if (seconds == 0) {
                seconds = 3600;  // a single row says nothing of its step
                outcome_.notes.push_back({0, "start", "reads.step_assumed",
                                          "no two rows tell how long an interval is; an hour is "
                                          "assumed",
                                          "State the minutes in a profile."});
            }
            if (seconds % 60 != 0 || 3600 % seconds != 0) {
                whole("step",
                      fmt::format("rows are {} seconds apart, and an interval divides the hour",
                                  seconds),
                      "Give intervals of 5, 15, 30 or 60 minutes; registers are csv-registers.");
                return false;
            }
        }
        step_ = static_cast<std::int32_t>(seconds);
        outcome_.minutes = step_ / 60;
        for (const auto& value : bound_.values) {
            const auto unit = unit_factor(value.spec->unit, step_ == 0 ? 60 : outcome_.minutes);
            const auto factor = unit ? product(*unit, profile_.factor) : std::nullopt;
            if (!factor) {
                whole("unit",
                      fmt::format("values in {} over {} minutes are no exact energy",
                                  value.spec->unit, outcome_.minutes),
                      "Ask for energy, or for intervals of 15, 30 or 60 minutes.");
                return false;
            }
            factors_.push_back(*factor);
        }
        if (profile_.zone == ProfileZone::local && !zone_) {
            outcome_.notes.push_back({0, "time", "reads.zone_unknown",
                                      "the times are local, and the utility's zone is not known "
                                      "here; they are shown as if the clock were that of UTC",
                                      "Bring the file in, or name the zone in a profile."});
        }
        return true;
    }

    // --- one row

    void bad(const char* field, const char* rule, std::string message, std::string remedy) {
        good_ = false;
        outcome_.problems.push_back({lines_.number(), field, std::string("reads.") + rule,
                                     std::move(message), std::move(remedy)});
    }

    void reject() { outcome_.rejected.push_back({lines_.number(), std::string(lines_.text())}); }

    bool is_meter_line(std::string_view line) const {
        const std::string& word = profile_.meter_line;
        if (word.empty() || !line.starts_with(word)) return false;
        const std::string_view rest = line.substr(word.size());
        return rest.empty() || rest[0] == ' ' || rest[0] == '\t' || rest[0] == profile_.delimiter;
    }

    void take_meter_line(std::string_view line) {
        std::string_view rest = bare(line.substr(profile_.meter_line.size()));
        if (rest.starts_with(profile_.delimiter)) rest = bare(rest.substr(1));
        rest = rest.substr(0, rest.find(profile_.delimiter));
        if (rest.size() > 1 && rest.front() == '"' && rest.back() == '"') {
            rest = rest.substr(1, rest.size() - 2);
        }
        meter_ = bare(rest);
        meter_lost_ = meter_.empty() || !lines_.ended();
        if (!meter_lost_) return;
        bad("meter", "meter_line", "the line names no whole meter",
            "Write the meter behind the word; the rows after it belong to nobody.");
        reject();
    }

    void take_line() {
        const std::string_view line = lines_.text();
        if (is_meter_line(line)) return take_meter_line(line);
        ++outcome_.rows;
        good_ = true;
        reads_.clear();
        doubtful_row_ = false;
        if (!cells_.cut(line, profile_.delimiter, quotes_)) {
            bad("row", "quote", "a quote has no end, or the row has too many cells",
                "Repair the row.");
            return reject();
        }
        if (!has_right_count()) return reject();
        take_meter();
        take_time();
        if (good_) take_values();
        if (good_ && !lines_.ended()) judge_last_line();
        if (!good_) return reject();
        last_cell_ = quotes_ ? line.substr(line.rfind(profile_.delimiter) + 1) : cells_.last();
        last_count_ = cells_.count();
        if (doubtful_row_) return keep_doubtful();
        for (const ProfileRead& read : reads_) sink_.take(read);
        last_wall_ = wall_;
    }

    bool has_right_count() {
        const std::size_t count = cells_.count();
        std::size_t filled = count;
        if (bound_.most_cells > 0) {
            while (filled > bound_.most_cells && cells_.at(static_cast<int>(filled) - 1).empty()) {
                --filled;
            }
        }
        if (count < bound_.least_cells) {
            bad("row", lines_.ended() ? "field_count" : "line_cut",
                fmt::format("the row has {} cells, and the profile needs {}", count,
                            bound_.least_cells),
                "Repair the row; a file that stops here may be cut.");
        } else if (bound_.most_cells > 0 && filled > bound_.most_cells) {
            bad("row", "field_count",
                fmt::format("the row has {} cells, and {} are known", filled, bound_.most_cells),
                "A decimal comma or a comma in a text may have split a cell; repair the row, or "
                "give a profile with the columns of this file.");
        }
        return good_;
    }

    void take_meter() {
        read_.line = lines_.number();
        read_.seconds = step_;
        std::string_view meter = bound_.meter >= 0 ? cells_.at(bound_.meter) : meter_;
        if (bound_.meter < 0 && meter_lost_) {
            return bad("meter", "meter", "the row stands behind a line that names no meter",
                       "Repair that line first.");
        }
        if (meter.empty()) {
            if (bound_.meter >= 0) {
                return bad("meter", "meter", "the cell of the meter is blank",
                           "Write whose read it is.");
            }
            meter = options_.meter;
        } else if (!options_.meter.empty() && meter != options_.meter) {
            return bad("meter", "meter_differs",
                       fmt::format("the file names the meter {}, and it was given for {}",
                                   shown(meter), shown(options_.meter)),
                       "Give the file without a meter, or check whose it is.");
        }
        read_.meter = meter;
        read_.status = 'A';
        if (bound_.quality >= 0) take_quality(cells_.at(bound_.quality), read_.status);
    }

    void take_quality(std::string_view code, char& status) {
        const auto& letter = quality_.of(code, [&](std::string_view asked) -> std::optional<char> {
            const std::string wanted = upper_case(asked);
            for (const auto& [known, meaning] : profile_.qualities) {
                if (known == wanted) return meaning;
            }
            if (!profile_.qualities.empty()) return std::nullopt;
            if (wanted.empty()) return 'A';
            const bool own = wanted.size() == 1 &&
                             std::string_view("AEVM").find(wanted[0]) != std::string_view::npos;
            return own ? std::optional(wanted[0]) : std::nullopt;
        });
        if (letter) {
            status = *letter;
        } else {
            bad("quality", "quality",
                fmt::format("the quality {} is none of the profile's", shown(code)),
                "Give a profile that says what the code means.");
        }
    }

    void bad_time() {
        if (bound_.moment >= 0) {
            return bad(
                "moment", "time", fmt::format("the time is {}", shown(cells_.at(bound_.moment))),
                fmt::format("The profile reads {}{}.", fmt::join(profile_.moment_formats, " or "),
                            profile_.zone == ProfileZone::in_text
                                ? ", with its offset such as 2025-07-01T00:15:00-07:00"
                                : ""));
        }
        if (!dates_.read(cells_.at(bound_.date))) {
            bad("date", "date", fmt::format("the date is {}", shown(cells_.at(bound_.date))),
                fmt::format("The profile reads {}.", fmt::join(profile_.date_formats, " or ")));
        }
        if (bound_.time >= 0 && !times_.read(cells_.at(bound_.time))) {
            bad("time", "time", fmt::format("the time is {}", shown(cells_.at(bound_.time))),
                fmt::format("The profile reads {}.", fmt::join(profile_.time_formats, " or ")));
        }
    }

    void take_time() {
        const auto wall = wall_of_row();
        if (!wall) return bad_time();
        wall_ = wall->seconds;
        const bool in_text = profile_.zone == ProfileZone::in_text;
        if (in_text != wall->has_offset) {
            return bad("moment", "offset",
                       fmt::format("the time {} carries {} offset from UTC, and the profile {} one",
                                   shown(cells_.at(bound_.moment)), in_text ? "no" : "an",
                                   in_text ? "needs" : "knows another"),
                       "Check the zone of the profile.");
        }
        if (profile_.kind == ReadKind::registers) return take_register_time(*wall);
        if (profile_.wide_minutes > 0) return;
        // Most rows follow the one before.
        if (wall_ != last_wall_ + step_ && wall_ % step_ != 0) {
            return bad("time", "step",
                       fmt::format("{} is not on the step of {} minutes", shown_wall(wall->seconds),
                                   step_ / 60),
                       "Intervals of one file have one length; give others as a file of their "
                       "own.");
        }
        if (bound_.end_time >= 0) judge_end_time(*wall);
        if (profile_.label == TimeLabel::start_plus_step) wall_ -= step_;
        if (in_text) {
            read_.end = Instant{wall_ - wall->offset};
        } else if (!take_wall()) {
            return;
        }
        if (profile_.label != TimeLabel::end) read_.end = read_.end + step_;
    }

    void take_register_time(const WallTime& wall) {
        if (wall.has_offset) {
            read_.end = Instant{wall.seconds - wall.offset};
            return;
        }
        // A day whose midnight the clock skips begins at the first moment that it shows.
        WallPlaces places = places_of(wall.seconds);
        read_.end = places.count == 0 ? places.second : places.first;
    }

    [[nodiscard]] WallPlaces places_of(std::int64_t wall) {
        if (profile_.zone == ProfileZone::fixed) return {1, {wall - profile_.zone_offset}, {}};
        if (profile_.zone == ProfileZone::utc) return {1, {wall}, {}};
        return clock_.places(wall);
    }

    bool take_wall() {
        const WallPlaces places = places_of(wall_);
        if (places.count == 0) {
            bad("time", "clock_gap",
                fmt::format("{} is in the hour that the change to daylight time in {} skips",
                            shown_wall(wall_), zone_->name()),
                "Check the zone of the profile, and whether times are beginnings or ends.");
            return false;
        }
        read_.end = places.first;
        doubtful_row_ = places.count == 2;
        return true;
    }

    void judge_end_time(const WallTime& wall) {
        const auto span = span_of_row(wall);
        if (!span) {
            bad("end_time", "end_time",
                fmt::format("the end is {}", shown(cells_.at(bound_.end_time))),
                fmt::format("The profile reads {}.", fmt::join(profile_.time_formats, " or ")));
        } else if (*span != step_) {
            bad("end_time", "end_time",
                fmt::format("the interval from {} to {} has {} minutes, and those before have {}",
                            shown(cells_.at(bound_.time)), shown(cells_.at(bound_.end_time)),
                            *span / 60, step_ / 60),
                "Give intervals of another length as a file of their own.");
        }
    }

    // --- values

    void take_values() {
        const auto row_factor = take_multiplier();
        if (profile_.wide_minutes > 0) return take_day(row_factor);
        for (std::size_t i = 0; i < bound_.values.size(); ++i) {
            const auto& value = bound_.values[i];
            // A row without names may stop before a column that may be missing.
            if (value.spec->column.optional &&
                static_cast<std::size_t>(value.place) >= cells_.count()) {
                continue;
            }
            ProfileRead read = read_;
            if (value.quality >= 0) take_quality(cells_.at(value.quality), read.status);
            if (!take_factor(i, row_factor, read)) continue;
            if (take_value(cells_.at(value.place), i, read)) reads_.push_back(read);
        }
    }

    std::optional<Decimal> take_multiplier() {
        if (bound_.multiplier < 0) return std::nullopt;
        const std::string_view text = cells_.at(bound_.multiplier);
        const auto& found =
            multiplier_.of(text, [&](std::string_view asked) -> std::optional<Decimal> {
                const auto read = read_number(asked, profile_.decimal_mark);
                return read && !read->is_zero() && !read->is_negative() ? read : std::nullopt;
            });
        if (!found) {
            bad("multiplier", "multiplier",
                fmt::format("the multiplier is {}, not a number above zero", shown(text)),
                "Correct the row.");
        }
        return found;
    }

    /// Quantity and multiplier of a value of this row.
    bool take_factor(std::size_t index, const std::optional<Decimal>& row_factor,
                     ProfileRead& read) {
        const ProfileValue& spec = *bound_.values[index].spec;
        read.quantity = spec.quantity;
        if (bound_.quantity >= 0 && index == 0) {
            const std::string_view word = cells_.at(bound_.quantity);
            const auto& code = quantity_.of(
                word, [&](std::string_view asked) { return quantity_of(asked, spec.quantity); });
            if (!code) {
                bad("quantity", "quantity",
                    fmt::format("the quantity {} is none of the profile's", shown(word)),
                    "Give a profile that says what it is.");
                return false;
            }
            read.quantity = **code;
        }
        std::optional<Decimal> factor = factors_[index];
        if (bound_.unit >= 0 && !cells_.at(bound_.unit).empty()) {
            const std::string_view unit = cells_.at(bound_.unit);
            const auto& meaning =
                unit_.of(unit, [&](std::string_view asked) { return unit_of(asked); });
            if (!meaning || meaning->reactive != is_reactive(read.quantity)) {
                bad("unit", "unit",
                    fmt::format("the unit is {}, and the column holds {}", shown(unit),
                                shown(read.quantity)),
                    "Only rows of electric energy are read: Wh, kWh, MWh, kVArh, kW.");
                return false;
            }
            factor = meaning->factor;
        }
        if (row_factor) factor = product(*factor, *row_factor);
        if (!factor) {
            bad("multiplier", "multiplier", "unit and multiplier together have too many digits",
                "Correct the row.");
            return false;
        }
        read.multiplier = *factor;
        return true;
    }

    std::optional<UnitMeaning> unit_of(std::string_view unit) const {
        const auto found = unit_factor(unit, step_ == 0 ? 60 : step_ / 60);
        const auto factor = found ? product(*found, profile_.factor) : std::nullopt;
        if (!factor) return std::nullopt;
        return UnitMeaning{*factor, is_reactive(upper_case(unit))};
    }

    std::optional<const std::string*> quantity_of(std::string_view word,
                                                  const std::string& otherwise) {
        if (word.empty()) return &otherwise;
        const std::string wanted = upper_case(word);
        for (const auto& [known, code] : profile_.quantities) {
            if (known == wanted) return &code;
        }
        return std::nullopt;
    }

    bool take_value(std::string_view cell, std::size_t index, ProfileRead& read) {
        if (cell.empty()) {
            if (profile_.blank == BlankValue::skipped) return false;
            if (profile_.blank == BlankValue::refused) {
                bad("value", "value", "the value is blank",
                    "Write the value, or leave the row out.");
                return false;
            }
            read.status = 'M';
            read.value = Decimal();
            return true;
        }
        const auto number = read_number(cell, profile_.decimal_mark);
        if (!number) {
            bad("value", "value",
                fmt::format("the value of {} is {}", bound_.values[index].spec->quantity,
                            shown(cell)),
                fmt::format("It is a number such as 0{}482.", profile_.decimal_mark));
            return false;
        }
        read.value = *number;
        if (step_ > 0) return true;
        // A register's own multiplier is the meter's; only its unit is brought to kWh here.
        const auto value = product(*number, read.multiplier);
        if (!value) {
            bad("value", "value", fmt::format("the reading {} has too many digits", shown(cell)),
                "Correct the row.");
            return false;
        }
        if (read.multiplier != Decimal(1, 0)) read.value = *value;
        read.multiplier = Decimal(1, 0);
        return true;
    }

    /// A row of a day: its columns in order of time, or by the labels of the clock.
    void take_day(const std::optional<Decimal>& row_factor) {
        const int first = bound_.values.front().place;
        const bool by_label = profile_.autumn == AutumnHour::lost;
        const std::int64_t columns = day_seconds / step_;
        const WallPlaces begin = places_of(wall_);
        const WallPlaces end = places_of(wall_ + day_seconds);
        const Instant midnight = begin.count == 0 ? begin.second : begin.first;
        const Instant next = end.count == 0 ? end.second : end.first;
        const std::int64_t slots = by_label ? columns : (next - midnight) / step_;
        const std::int64_t room = columns + 3600 / step_;
        ProfileRead read = read_;
        if (!take_factor(0, row_factor, read)) return;
        const auto sized = static_cast<std::int64_t>(cells_.count()) - first;
        if (sized < slots) {
            return bad("day", "day",
                       fmt::format("the day {} has {} intervals, and the row has {} columns",
                                   shown_wall(wall_).substr(0, 10), slots, sized),
                       "Repair the row; check how the profile says that clock changes are "
                       "written.");
        }
        for (std::int64_t i = slots; !by_label && i < std::min(room, sized); ++i) {
            if (cells_.at(first + static_cast<int>(i)).empty()) continue;
            return bad("day", "day",
                       fmt::format("the day {} has {} intervals, and the row has a value in "
                                   "column {}",
                                   shown_wall(wall_).substr(0, 10), slots, i + 1),
                       "Check the zone, and how the profile says that clock changes are "
                       "written.");
        }
        for (std::int64_t i = 0; i < slots; ++i) {
            const std::string_view cell = cells_.at(first + static_cast<int>(i));
            Instant start = midnight + i * step_;
            if (by_label) {
                const WallPlaces places = places_of(wall_ + i * step_);
                if (places.count == 0 && cell.empty()) continue;
                if (places.count == 0) {
                    return bad("day", "clock_gap",
                               fmt::format("{} is in the hour that the change to daylight time "
                                           "skips, and has a value",
                                           shown_wall(wall_ + i * step_)),
                               "Check the zone of the profile.");
                }
                lost_hours_ += places.count == 2 ? 1 : 0;
                start = places.first;
            }
            ProfileRead one = read;
            one.end = start + step_;
            if (take_value(cell, 0, one)) reads_.push_back(one);
        }
    }

    /// A last line without an end may be cut in its last cell; it is taken only when that looks
    /// whole beside the one before.
    void judge_last_line() {
        const int last = static_cast<int>(cells_.count()) - 1;
        const std::string_view cell = cells_.at(last);
        bool whole = cell.size() == bare(last_cell_).size() && !cell.empty();
        const std::size_t usual = profile_.has_names ? bound_.most_cells : last_count_;
        if (cells_.count() < usual) {
            return bad("row", "line_cut",
                       fmt::format("the file stops without a line end, and its last row has {} "
                                   "cells of {}",
                                   cells_.count(), usual),
                       "Ask for the file again; the rows before are good.");
        }
        bool matters = last == bound_.meter || last == bound_.quality || last == bound_.quantity ||
                       last == bound_.unit || last == bound_.multiplier;
        for (const auto& value : bound_.values) {
            if (last != value.place && last != value.quality && profile_.wide_minutes == 0) {
                continue;
            }
            matters = true;
            const auto number = read_number(cell, profile_.decimal_mark);
            const auto before = read_number(bare(last_cell_), profile_.decimal_mark);
            if (!number || !before) continue;
            whole = number->scale() == before->scale() && (number->scale() > 0 || whole);
        }
        if (matters && !whole) {
            return bad("row", "line_cut",
                       fmt::format("the file stops without a line end, and its last cell {} does "
                                   "not look like the one before",
                                   shown(cell)),
                       "If the row is whole, end its line and bring it in; else ask for the file "
                       "again.");
        }
        outcome_.notes.push_back({lines_.number(), "row", "reads.line_end",
                                  "the last line has no line end, so its last cell may be cut",
                                  "Compare the last value with the sender's."});
    }

    // --- the hour that comes twice

    struct Doubtful {
        ProfileRead read;
        std::string meter;
        std::string quantity;
        std::int64_t wall = 0;
        std::string_view raw;
    };

    void keep_doubtful() {
        for (const ProfileRead& read : reads_) {
            doubtful_.push_back(
                {read, std::string(read.meter), std::string(read.quantity), wall_, lines_.text()});
        }
    }

    void settle_doubtful() {
        using Key = std::tuple<std::string_view, std::string_view, std::int64_t>;
        std::map<Key, std::vector<std::size_t>> labels;
        for (std::size_t i = 0; i < doubtful_.size(); ++i) {
            labels[{doubtful_[i].meter, doubtful_[i].quantity, doubtful_[i].wall}].push_back(i);
        }
        const std::size_t wanted = profile_.autumn == AutumnHour::doubled ? 2 : 1;
        for (auto& each : doubtful_) {
            const auto& rows = labels[{each.meter, each.quantity, each.wall}];
            if (rows.size() != wanted) {
                contradict(each, rows.size());
                continue;
            }
            each.read.meter = each.meter;
            each.read.quantity = each.quantity;
            if (&each != &doubtful_[rows.front()]) {
                const WallPlaces places = places_of(each.wall);
                each.read.end = each.read.end + (places.second - places.first);
            }
            lost_hours_ += wanted == 1 ? 1 : 0;
            sink_.take(each.read);
        }
    }

    void contradict(const Doubtful& each, std::size_t times) {
        const std::int64_t line = each.read.line;
        if (!outcome_.rejected.empty() && outcome_.rejected.back().line == line) return;
        outcome_.problems.push_back(
            {line, "time", "reads.autumn",
             fmt::format("the profile says that the hour that comes twice is {}, and {} stands {} "
                         "in the file",
                         profile_.autumn == AutumnHour::doubled ? "written twice" : "written once",
                         shown_wall(each.wall),
                         times == 1 ? "once" : fmt::format("{} times", times)),
             "Ask how the sender writes that hour and give a profile that says so; the rows of the "
             "hour are kept."});
        outcome_.rejected.push_back({line, std::string(each.raw)});
    }

    void finish() {
        if (lost_hours_ > 0) {
            outcome_.notes.push_back({0, "time", "reads.autumn_lost",
                                      fmt::format("{} values are of the hour that comes twice; its "
                                                  "second pass is not in the file",
                                                  lost_hours_),
                                      "Validation estimates what is missing."});
        }
        if (outcome_.rows == 0 && outcome_.problems.empty()) {
            whole("empty", "the file holds no rows", "Check that the right file was given.");
        }
    }

    const ReadProfile& profile_;
    const ReadOptions& options_;
    ReadSink& sink_;
    std::string_view bytes_;
    LineReader lines_{""};
    bool quotes_ = false;
    TimeReader moments_;
    TimeReader dates_;
    TimeReader times_;
    std::optional<TimeZone> zone_;
    WallClock clock_;
    BoundColumns bound_;
    std::vector<Decimal> factors_;
    std::int32_t step_ = 0;
    CellRow cells_;
    ProfileRead read_;
    std::vector<ProfileRead> reads_;
    std::int64_t wall_ = 0;
    std::int64_t last_clock_ = 0;  ///< second of the day of the row
    std::int64_t last_wall_ = 0;   ///< of a row that was on the step
    std::string_view meter_;
    bool meter_lost_ = false;
    bool good_ = true;
    bool doubtful_row_ = false;
    std::vector<Doubtful> doubtful_;
    std::int64_t lost_hours_ = 0;
    std::string_view last_cell_;
    std::size_t last_count_ = 0;
    Remembered<char> quality_;
    Remembered<UnitMeaning> unit_;
    Remembered<Decimal> multiplier_;
    Remembered<const std::string*> quantity_;
    ReadOutcome outcome_;
};

}  // namespace

ReadOutcome read_by_profile(std::string_view bytes, const ReadProfile& profile,
                            const ReadOptions& options, ReadSink& sink) {
    const FileCharacters characters(bytes);
    return Reader(characters.text(), profile, options, sink).read();
}

}  // namespace watthour::formats
