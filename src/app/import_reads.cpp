// SPDX-License-Identifier: Apache-2.0
// Meter reads of every format, which all meet their channels as rows of CMEP.
#include "app/channel_directory.hpp"
#include "app/collector_clock.hpp"
#include "app/errors.hpp"
#include "app/import_parts.hpp"
#include "app/meter_shop.hpp"
#include "base/text.hpp"
#include "formats/as_cmep.hpp"
#include "formats/profile_reads.hpp"
#include "formats/text_encoding.hpp"
#include "metering/interval_block.hpp"
#include "metering/measured_quantity.hpp"
#include "storage/meter_shop_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace watthour::app {
namespace {

using formats::CmepRow;
using formats::CmepValue;
using metering::ChannelId;
using metering::IntervalStatus;

/// Text of a CMEP file that is read at a time; larger parts fall out of the cache.
constexpr std::size_t part_bytes = std::size_t{1} << 20U;

/// Bits of the vendor extension of the quality field that forbid billing the value.
constexpr std::uint32_t flag_missing = 32;
constexpr std::uint32_t flag_overflow = 512;
constexpr std::uint32_t flag_test_mode = 4096;
constexpr std::uint32_t flag_outage = 2;
constexpr std::uint32_t flag_clock_off = 32768;

constexpr const char* clock_off = "clock of the meter off";

/// Why the head end itself says that a value must not be billed; null when it does not.
/// Source: R1.21, R1.24, R1.25.
const char* not_billable(const CmepValue& value) {
    if ((value.flags & flag_overflow) != 0) return "overflow of the pulse counter";
    if ((value.flags & flag_test_mode) != 0) return "test mode";
    if ((value.flags & flag_clock_off) != 0) return clock_off;
    if ((value.flags & formats::cmep_value_doubtful) != 0) return "doubted by the head end";
    return nullptr;
}

/// What a register read must not have.
constexpr std::uint32_t not_a_read = flag_missing | flag_test_mode | formats::cmep_value_doubtful;

/// One interval of the file, before it meets its block.
struct Landed {
    std::int64_t wh = 0;
    std::int32_t step = 0;
    IntervalStatus status = IntervalStatus::actual;
    const char* not_billable = nullptr;
};

/// The intervals of one channel and month in the order of the file, and its first that changed.
struct LandedMonth {
    int minutes = 0;
    std::vector<Landed> values;
    std::int32_t first_changed = -1;
};
using MonthKey = std::pair<ChannelId, Date>;

/// Of which form the rows that fail are kept.
enum class RawRows {
    of_the_file,  ///< its own lines
    as_cmep,      ///< of files that are no lines: the reads as rows of CMEP
};

class ReadsImport {
public:
    ReadsImport(Office& office, ImportOutcome& outcome, RawRows raw = RawRows::of_the_file)
        : office_(office),
          outcome_(outcome),
          raw_(raw),
          channels_(office.meters().channel_addresses()),
          clock_(office, outcome) {}

    /// The reads answer a request.
    void take_answer() { clock_.received_at(Instant{office_.clock().now()}); }

    /// The file is of days before this system took files in.
    void take_history() { clock_.forget(); }

    void take(const CmepRow& row) {
        if (row.value_lines > 0 && has_future(row)) {
            take_line_by_line(row);
            return;
        }
        const bool is_register = row.units.ends_with("REG");
        const std::string code =
            is_register ? row.units.substr(0, row.units.size() - 3) : row.units;
        const auto found = channels_.find(row.meter, code, is_register);
        outcome_.file.records += static_cast<std::int64_t>(row.values.size());
        const bool known = found || channels_.knows(row.meter);
        if (row.meter != last_meter_) {
            (known ? outcome_.known_meters : outcome_.unknown_meters).insert(row.meter);
            last_meter_ = row.meter;
        }
        if (!known) {
            unknown_meter(row);
            return;
        }
        if (!found && is_register && metering::is_part_of_quantity(code)) {
            reject(row, "label", "cmep.tou_register_not_metered",
                   fmt::format("meter {} has no time-of-use register {}", row.meter, code));
            return;
        }
        if (!found) {
            reject(row, "units", "cmep.units_not_metered",
                   fmt::format("meter {} has no channel in {}", row.meter, row.units));
            return;
        }
        if (!has_right_multiplier(row) || !is_of_right_time(row)) return;
        if (is_register) {
            take_register(row, *found);
        } else {
            take_intervals(row, *found);
        }
    }

    /// Writes what was taken since the last time. Called again for each piece of a large file.
    void write() {
        const metering::ReadCounts counts = office_.meters().add_reads(reads_);
        outcome_.file.posted += counts.added + counts.different;
        outcome_.file.repeated += counts.same;
        outcome_.different_reads += counts.different;
        write_blocks();
        outcome_.work_items += office_.work().open(items_);
        reads_.clear();
        landed_.clear();
        landing_ = nullptr;
        corrections_.clear();
        items_.clear();
    }

    /// Use of the parts of a day between two times: a bill needs the registers, or intervals.
    void refuse(const formats::CmepTouRow& row) {
        outcome_.file.records += static_cast<std::int64_t>(row.values.size());
        outcome_.file.rejected += static_cast<std::int64_t>(row.values.size());
        note(row.line, "units", "cmep.tou_use_not_kept",
             fmt::format("meter {}: use from {} to {} in {} is neither a register nor an interval",
                         row.meter, to_iso_utc(row.start), to_iso_utc(row.end), row.units));
    }

private:
    void reject(const CmepRow& row, const char* field, const char* rule,
                const std::string& message) {
        outcome_.file.rejected += static_cast<std::int64_t>(row.values.size());
        note_all(row, field, rule, message);
    }

    /// Each line of a row is a row that fails.
    void note_all(const CmepRow& row, const char* field, const char* rule,
                  const std::string& message) {
        if (raw_ == RawRows::as_cmep) {
            note(row.line, field, rule, message);
            formats::append_cmep_row(outcome_.raw.back(), row);
            return;
        }
        std::int64_t last = -1;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const std::int64_t line = row.line + row.value_lines * static_cast<std::int64_t>(i);
            if (line != last) note(line, field, rule, message);
            last = line;
        }
    }

    void note_one(const CmepRow& row, const CmepValue& value, std::int64_t line, const char* field,
                  const char* rule, const std::string& message) {
        note(line, field, rule, message);
        if (raw_ != RawRows::as_cmep) return;
        CmepRow one = row;
        one.values = {value};
        formats::append_cmep_row(outcome_.raw.back(), one);
    }

    void note(std::int64_t line, const char* field, const char* rule, const std::string& message) {
        outcome_.problems.push_back(
            {line, field, rule, message, "Repair the row and bring it in as a file of its own."});
        outcome_.raw.resize(outcome_.problems.size());
    }

    /// Of what was taken: its time, and the row itself while the first rows are looked at.
    void took(const CmepRow& row, std::int64_t line, const ChannelDirectory::Found& address,
              Instant start, std::string_view shown, std::string_view flag) {
        worklist::FileDetails& details = outcome_.details;
        if (details.first_at.seconds == 0 || start < details.first_at) details.first_at = start;
        const Instant end = start + row.interval_seconds;
        if (details.last_at < end) details.last_at = end;
        outcome_.took(line);
        if (outcome_.first_rows.size() < outcome_.preview_rows) {
            outcome_.first_rows.push_back({line, row.meter, std::string(address.code), start,
                                           row.interval_seconds, std::string(shown),
                                           std::string(flag)});
        }
    }

    /// Wh and MWh as kWh: a unit, and no constant of a meter.
    static bool is_unit(const Decimal& factor) {
        return factor == Decimal(1, 0) || factor == Decimal(1, 3) || factor == Decimal(1000, 0);
    }

    /// R1.22: a constant that the values still need is that of the meter; 1 says that they need
    /// none. Only CMEP sends constants; the factors of other formats are units.
    bool has_right_multiplier(const CmepRow& row) {
        const Decimal& sent = row.multiplier;
        if (outcome_.file.format != "cmep" || is_unit(sent)) return true;
        auto known = multipliers_.find(row.meter);
        if (known == multipliers_.end()) {
            storage::MeterShopRows shop(office_.database());
            const auto meter = shop.find(row.meter);
            known =
                multipliers_
                    .emplace(row.meter,
                             meter ? details_on(shop, *meter, office_.business_date()).multiplier
                                   : Decimal(1, 0))
                    .first;
        }
        if (known->second == sent) return true;
        reject(row, "multiplier", "metering.multiplier_differs",
               fmt::format("meter {} is recorded with the multiplier {}, the file says {}",
                           row.meter, known->second.to_shortest(), sent.to_shortest()));
        return false;
    }

    [[nodiscard]] bool has_future(const CmepRow& row) const {
        return std::any_of(row.values.begin(), row.values.end(),
                           [&](const CmepValue& value) { return clock_.is_future(value.end); });
    }

    /// Where each value has a line of its own, a line fails and not those beside it.
    void take_line_by_line(const CmepRow& row) {
        CmepRow one = row;
        one.value_lines = 0;
        for (const CmepValue& value : row.values) {
            one.values = {value};
            take(one);
            one.line += row.value_lines;
        }
    }

    /// R1.20: what cannot have been measured yet was not; a clock that is off is reported.
    bool is_of_right_time(const CmepRow& row) {
        if (!row.values.empty()) clock_.see(row, items_);
        if (!has_future(row)) return true;
        reject(
            row, "end_time", "metering.read_from_the_future",
            fmt::format("meter {}: a value ends at {}, and the file was received at {}", row.meter,
                        to_iso_utc(row.values.back().end), to_iso_utc(clock_.received())));
        return false;
    }

    void unknown_meter(const CmepRow& row) {
        outcome_.file.parked += static_cast<std::int64_t>(row.values.size());
        note_all(row, "meter", "metering.meter_unknown",
                 fmt::format("meter {} is not in the inventory", row.meter));
        items_.push_back(file_work_item(
            outcome_, "unknown_meter", "metering.meter_unknown", row.meter,
            worklist::stored(worklist::tell("told.import.unknown_meter",
                                            {{"file", outcome_.file.name},
                                             {"line", std::to_string(row.line)},
                                             {"meter", row.meter},
                                             {"n", std::to_string(row.values.size())},
                                             {"units", row.units}})),
            worklist::stored(worklist::tell("told.import.unknown_meter.next")), Money()));
    }

    void take_register(const CmepRow& row, const ChannelDirectory::Found& address) {
        const std::string actual_type = row.read_type.empty() ? "actual_ami" : row.read_type;
        std::int64_t line = row.line - row.value_lines;
        for (const CmepValue& value : row.values) {
            line += row.value_lines;
            if (value.quality == 'N' || (value.flags & not_a_read) != 0) {
                ++outcome_.file.rejected;
                note_one(
                    row, value, line, "quality", "metering.value_not_billable",
                    fmt::format("meter {} at {}: the value is marked missing, test or doubtful",
                                row.meter, to_iso_utc(value.end)));
                continue;
            }
            // R1.52: a midnight read ends one day and begins the next. What was asked for was taken
            // when it was asked for, and keeps its time.
            const std::int32_t second = office_.zone().wall_second_of(value.end);
            if (second != 0 && actual_type != "on_demand") {
                ++outcome_.file.rejected;
                note_one(row, value, line, "end_time", "metering.read_not_at_midnight",
                         fmt::format("meter {}: a register read at {} is not at local midnight",
                                     row.meter, to_iso_utc(value.end)));
                continue;
            }
            const Date day = office_.zone().date_of(value.end);
            const auto shown = on_dials(row, address, day, value.value);
            if (!shown.read) {
                ++outcome_.file.rejected;
                note_one(row, value, line, "value", shown.rule, shown.why);
                outcome_.problems.back().remedy = shown.remedy;
                continue;
            }
            took(row, line, address, value.end, *shown.read,
                 value.quality == 'E' ? "estimated" : std::string_view(actual_type));
            reads_.push_back({address.channel,
                              day,
                              value.quality == 'E' ? "estimated" : actual_type,
                              *shown.read,
                              {outcome_.file.id},
                              line,
                              second});
        }
    }

    /// A register of energy shows what its dials can; those of demand have their own.
    DialsOfMeters::Shown on_dials(const CmepRow& row, const ChannelDirectory::Found& address,
                                  Date day, const Decimal& value) {
        if (!metering::measured_quantity(address.code).ends_with('H')) {
            return {value.to_string(), nullptr, "", nullptr};
        }
        if (!dials_) dials_.emplace(storage::MeterShopRows(office_.database()).dial_faces());
        return dials_->shown(row.meter, day, value);
    }

    /// Where an interval lands: its step of the month, or -1 off the grid. Most follow the one
    /// before, which costs an addition.
    std::int32_t land(Instant start, const ChannelDirectory::Found& address) {
        const std::int64_t seconds = std::int64_t{address.interval_minutes} * 60;
        if (landing_ != nullptr && landing_channel_ == address.channel && start == next_start_ &&
            next_step_ < grid_count_) {
            next_start_ = start + seconds;
            return next_step_++;
        }
        if (!grid_ || grid_->minutes() != address.interval_minutes || grid_->step_of(start) < 0) {
            month_ = office_.zone().date_of(start).first_of_month();
            grid_.emplace(office_.zone(), DateRange{month_, month_.first_of_next_month()},
                          address.interval_minutes);
            grid_count_ = grid_->count();
        }
        if (!grid_->on_grid(start)) return -1;
        landing_ = &landed_[{address.channel, month_}];
        landing_->minutes = address.interval_minutes;
        landing_channel_ = address.channel;
        const std::int32_t step = grid_->step_of(start);
        next_step_ = step + 1;
        next_start_ = start + seconds;
        return step;
    }

    /// Wh of a value; most are kWh with up to three places and no multiplier.
    static std::optional<std::int64_t> whole_wh(const Multiplier& multiplier,
                                                const Decimal& value) {
        constexpr std::int64_t most = std::int64_t{1} << 40U;
        constexpr std::int64_t to_wh[] = {1000, 100, 10, 1};
        const bool plain = multiplier.factor().scale() == 0 && multiplier.factor().units() == 1;
        if (plain && value.scale() <= 3 && value.units() < most && value.units() > -most) {
            return value.units() * to_wh[value.scale()];
        }
        const auto energy = multiplier.energy(value);
        return energy ? std::optional(energy->wh()) : std::nullopt;
    }

    /// R1.21: a clock that is off fails the day, not the interval that says so alone.
    std::set<Date> days_with_clock_off(const CmepRow& row) const {
        std::set<Date> days;
        for (const CmepValue& value : row.values) {
            if ((value.flags & flag_clock_off) == 0) continue;
            days.insert(office_.zone().date_of(value.end + -std::int64_t{row.interval_seconds}));
        }
        return days;
    }

    void take_intervals(const CmepRow& row, const ChannelDirectory::Found& address) {
        if (row.interval_seconds != address.interval_minutes * 60) {
            reject(row, "interval", "metering.interval_length_differs",
                   fmt::format("meter {} is recorded with {} minutes, the file says {} seconds",
                               row.meter, address.interval_minutes, row.interval_seconds));
            return;
        }
        const Multiplier multiplier(row.multiplier);
        const std::set<Date> off_days = days_with_clock_off(row);
        std::int64_t line = row.line - row.value_lines;
        for (const CmepValue& value : row.values) {
            line += row.value_lines;
            const Instant start = value.end + -std::int64_t{row.interval_seconds};
            const auto energy = whole_wh(multiplier, value.value);
            const std::int32_t step = energy ? land(start, address) : -1;
            if (step < 0) {
                ++outcome_.file.rejected;
                note_one(row, value, line, "value", "metering.interval_off_grid",
                         fmt::format("meter {} at {}: not a whole watt-hour or off the {} minute "
                                     "grid",
                                     row.meter, to_iso_utc(value.end), address.interval_minutes));
                continue;
            }
            Landed landed{*energy, step};
            if (value.quality == 'N' || (value.flags & flag_missing) != 0) {
                landed.status = IntervalStatus::missing;
                landed.wh = 0;
            } else if (const char* why = not_billable(value)) {
                landed.status = IntervalStatus::failed;
                landed.not_billable = why;
            } else if (!off_days.empty() && off_days.contains(office_.zone().date_of(start))) {
                landed.status = IntervalStatus::failed;
                landed.not_billable = clock_off;
            } else if (value.quality == 'E') {
                landed.status = IntervalStatus::estimated;
            } else if (value.quality == 'A') {
                landed.status = IntervalStatus::verified;
            } else if ((value.flags & flag_outage) != 0) {
                landed.status = IntervalStatus::outage;
            }
            landing_->values.push_back(landed);
            landed_at(row, line, address, start, landed);
        }
    }

    void landed_at(const CmepRow& row, std::int64_t line, const ChannelDirectory::Found& address,
                   Instant start, const Landed& landed) {
        if (landed.status != IntervalStatus::missing && landed.status != IntervalStatus::failed &&
            row.units == "KWH") {
            outcome_.details.delivered_wh += landed.wh;
        }
        const bool shown = outcome_.first_rows.size() < outcome_.preview_rows;
        took(row, line, address, start,
             shown ? Energy::watt_hours(landed.wh).to_string() : std::string(),
             shown ? std::string(1, metering::status_letter(landed.status)) : std::string());
    }

    /// What becomes of a value for an interval that has one. Source: R1.02, R1.34, R1.44.
    enum class Meeting {
        repeats,   ///< the same is there
        stands,    ///< another value is there that a person has verified
        replaces,  ///< the later value counts, the old one is kept beside
    };
    static Meeting meet(const Landed& in, std::int64_t wh, IntervalStatus was) {
        if (in.wh == wh && in.status == was) return Meeting::repeats;
        if (was == IntervalStatus::verified && in.status != IntervalStatus::verified) {
            return in.wh == wh ? Meeting::repeats : Meeting::stands;
        }
        // A value that a check has taken out, or that came late, is the same value.
        const bool same_raw = was == IntervalStatus::failed || was == IntervalStatus::late_actual ||
                              was == IntervalStatus::time_changed;
        if (in.wh == wh && in.status == IntervalStatus::actual && same_raw) return Meeting::repeats;
        return Meeting::replaces;
    }

    void merge(const MonthKey& key, LandedMonth& month, const Landed& in,
               metering::IntervalSeries& series) {
        const auto step = static_cast<std::size_t>(in.step);
        const IntervalStatus was = series.status[step];
        if (in.status == IntervalStatus::missing) {
            if (was == IntervalStatus::missing) {
                ++outcome_.file.posted;
            } else {
                ++outcome_.file.repeated;  // nothing is taken away by a later silence
            }
            return;
        }
        IntervalStatus now = in.status;
        if (was != IntervalStatus::missing) {
            const Meeting meeting = meet(in, series.wh[step], was);
            if (meeting != Meeting::replaces) {
                ++outcome_.file.repeated;
                if (meeting == Meeting::stands) {
                    correct(key, month, in, series.wh[step], series.wh[step], was, was,
                            fmt::format("a file sent {} kWh; the verified value stands",
                                        Energy::watt_hours(in.wh).to_string()));
                }
                return;
            }
            const bool late = was == IntervalStatus::estimated && now == IntervalStatus::actual;
            if (late) now = IntervalStatus::late_actual;
            correct(key, month, in, series.wh[step], in.wh, was, now,
                    late ? "late reads replace an estimate" : "a later file sent another value");
        } else if (in.not_billable != nullptr) {
            correct(key, month, in, 0, in.wh, was, now, in.not_billable);
        }
        series.wh[step] = in.wh;
        series.status[step] = now;
        if (month.first_changed < 0 || in.step < month.first_changed) month.first_changed = in.step;
        ++outcome_.file.posted;
    }

    [[nodiscard]] IntervalGrid grid_of(const MonthKey& key, int minutes) const {
        return {office_.zone(), {key.second, key.second.first_of_next_month()}, minutes};
    }

    void correct(const MonthKey& key, const LandedMonth& month, const Landed& in,
                 std::int64_t old_wh, std::int64_t new_wh, IntervalStatus was, IntervalStatus now,
                 std::string why) {
        corrections_.push_back({key.first,
                                grid_of(key, month.minutes).start_of(in.step),
                                old_wh,
                                new_wh,
                                metering::status_letter(was),
                                metering::status_letter(now),
                                std::move(why),
                                {outcome_.file.id},
                                ""});
    }

    metering::IntervalSeries series_of(const MonthKey& key, int minutes,
                                       const std::map<MonthKey, std::string>& old) {
        if (const auto found = old.find(key); found != old.end()) {
            const auto view = metering::BlockView::open(found->second);
            WH_CHECK(view.has_value(), "a stored interval block is damaged");
            return view->decode();
        }
        const auto count = static_cast<std::size_t>(grid_of(key, minutes).count());
        return {std::vector<std::int64_t>(count, 0),
                std::vector<IntervalStatus>(count, IntervalStatus::missing)};
    }

    void write_blocks() {
        if (landed_.empty()) return;
        std::vector<ChannelId> channels;
        Date first = landed_.begin()->first.second;
        Date last = first;
        for (const auto& [key, month] : landed_) {
            if (channels.empty() || channels.back() != key.first) channels.push_back(key.first);
            first = std::min(first, key.second);
            last = std::max(last, key.second);
        }
        std::map<MonthKey, std::string> old;
        for (auto& block : office_.meters().blocks(channels, first, last)) {
            old.emplace(MonthKey(block.channel, block.month), std::move(block.bytes));
        }
        std::vector<metering::StoredBlock> blocks;
        std::vector<metering::ChannelValidation> anew;
        for (auto& [key, month] : landed_) {
            auto series = series_of(key, month.minutes, old);
            for (const Landed& in : month.values) merge(key, month, in, series);
            if (month.first_changed < 0) continue;
            blocks.push_back(
                {key.first, key.second, metering::encode_block(series.wh, series.status)});
            const IntervalGrid grid = grid_of(key, month.minutes);
            anew.push_back({key.first, office_.zone().date_of(grid.start_of(month.first_changed))});
        }
        office_.meters().put_blocks(blocks);
        office_.meters().add_corrections(corrections_);
        office_.meters().validate_anew(anew);
        outcome_.corrections += static_cast<std::int64_t>(corrections_.size());
    }

    Office& office_;
    ImportOutcome& outcome_;
    RawRows raw_;
    std::string last_meter_;
    ChannelDirectory channels_;
    std::optional<DialsOfMeters> dials_;  ///< once a register came
    std::vector<metering::Read> reads_;
    std::map<MonthKey, LandedMonth> landed_;
    LandedMonth* landing_ = nullptr;  ///< where the last interval went
    ChannelId landing_channel_;
    Instant next_start_;
    std::int32_t next_step_ = 0;
    std::int32_t grid_count_ = 0;
    std::vector<metering::IntervalCorrection> corrections_;
    std::vector<worklist::WorkItem> items_;
    std::map<std::string, Decimal> multipliers_;  ///< of meters that sent one
    CollectorClock clock_;
    std::optional<IntervalGrid> grid_;
    Date month_;
};

}  // namespace

namespace {

/// Problems of the file beside those of its rows, each with the line it keeps.
void add_problems(const Problems& problems, const std::vector<formats::RejectedLine>& rejected,
                  ImportOutcome& outcome) {
    for (const Problem& problem : problems) {
        outcome.problems.push_back(problem);
    }
    outcome.raw.resize(outcome.problems.size());
    std::unordered_map<std::int64_t, const std::string*> raw;
    for (const auto& line : rejected) raw.emplace(line.line, &line.raw);
    for (std::size_t i = outcome.rejects_kept; i < outcome.problems.size(); ++i) {
        const auto found = raw.find(outcome.problems[i].line);
        if (found != raw.end() && outcome.raw[i].empty()) outcome.raw[i] = *found->second;
    }
    const auto count = static_cast<std::int64_t>(rejected.size());
    outcome.file.records += count;
    outcome.file.rejected += count;
}

void take_rows(ReadsImport& import, const std::vector<CmepRow>& rows,
               const std::vector<formats::CmepTouRow>& tou_rows) {
    for (const CmepRow& row : rows) import.take(row);
    for (const CmepRow& row : formats::as_cmep(tou_rows)) import.take(row);
    for (const auto& row : tou_rows) {
        if (!row.units.ends_with("REG")) import.refuse(row);
    }
}

void take_rows(Office& office, const std::vector<CmepRow>& rows, const ImportRequest& request,
               ImportOutcome& outcome, RawRows raw = RawRows::of_the_file) {
    ReadsImport import(office, outcome, raw);
    if (request.answers_request) import.take_answer();
    take_rows(import, rows, {});
    import.write();
}

/// The reads of a message; those that answer a request were asked for, whatever it says.
template <class File>
std::vector<CmepRow> rows_of(const File& file, const ImportRequest& request) {
    std::vector<CmepRow> rows = formats::as_cmep(file);
    if (request.answers_request) {
        for (CmepRow& row : rows) row.read_type = "on_demand";
    }
    return rows;
}

/// Controls and switch states have no place in the database yet.
void note_untaken(std::size_t commands, ImportOutcome& outcome) {
    if (commands == 0) return;
    outcome.notes.push_back(
        {0, "controls", "import.controls_not_kept",
         fmt::format("{} controls and switch states were read and not kept", commands),
         "`watthour format read` shows them."});
}

}  // namespace

Result<void> import_cmep(Office& office, FileText& text, const ImportRequest& request,
                         ImportOutcome& outcome) {
    ReadsImport import(office, outcome);
    if (request.history) import.take_history();
    const auto take = [&](std::string_view part, std::int64_t lines_before) {
        formats::CmepFile file = formats::read_cmep(part, {});
        for (auto* problems : {&file.problems, &file.notes}) {
            for (Problem& problem : *problems) problem.line += lines_before;
        }
        for (auto& line : file.rejected) line.line += lines_before;
        for (auto& row : file.rows) row.line += lines_before;
        for (auto& row : file.tou_rows) row.line += lines_before;
        for (auto& alarm : file.alarms) alarm.line += lines_before;
        take_rows(import, file.rows, file.tou_rows);
        take_events(office, file, outcome);
        outcome.notes.insert(outcome.notes.end(), file.notes.begin(), file.notes.end());
        add_problems(file.problems, file.rejected, outcome);
    };
    return text.each([&](std::string_view piece, std::int64_t lines_before) {
        const auto plain = without_reasons(piece, lines_before, outcome);
        if (plain) piece = *plain;
        const std::string_view whole = piece;
        const std::int64_t lines_before_piece = lines_before;
        // Read in parts that stay in the cache, written by the piece.
        while (!piece.empty()) {
            const std::size_t line_end = piece.find('\n', std::min(part_bytes, piece.size() - 1));
            const std::string_view part =
                piece.substr(0, line_end == piece.npos ? line_end : line_end + 1);
            take(part, lines_before);
            lines_before += std::count(part.begin(), part.end(), '\n');
            piece.remove_prefix(part.size());
        }
        import.write();
        keep_raw_rows(whole, nullptr, lines_before_piece, outcome);
        keep_rejects(office, outcome);
    });
}

Result<void> import_nem12(Office& office, const std::string& bytes, const ImportRequest& request,
                          ImportOutcome& outcome) {
    const auto plain = without_reasons(bytes, 0, outcome);
    const std::string_view text = plain ? std::string_view(*plain) : std::string_view(bytes);
    const formats::NemFile file = formats::read_nem12(text);
    take_rows(office, formats::as_cmep(file), request, outcome);
    outcome.notes = file.notes;
    add_problems(file.problems, file.rejected, outcome);
    keep_raw_rows(text, nullptr, 0, outcome);
    return {};
}

Result<void> import_iec61968(Office& office, const std::string& bytes, const ImportRequest& request,
                             ImportOutcome& outcome) {
    const formats::IecFile file = formats::read_iec61968(bytes, {office.zone()});
    take_rows(office, rows_of(file, request), request, outcome, RawRows::as_cmep);
    outcome.notes = file.notes;
    take_events(office, file, outcome);
    std::size_t controls = 0;
    for (const formats::IecMessage& message : file.messages) controls += message.controls.size();
    note_untaken(controls, outcome);
    add_problems(file.problems, file.rejected, outcome);
    return {};
}

Result<void> import_multispeak(Office& office, const std::string& bytes,
                               const ImportRequest& request, ImportOutcome& outcome) {
    const formats::MultiSpeakFile file = formats::read_multispeak(bytes, {office.zone()});
    take_rows(office, rows_of(file, request), request, outcome, RawRows::as_cmep);
    outcome.notes = file.notes;
    take_events(office, file, outcome);
    std::size_t switches = 0;
    for (const formats::MultiSpeakMessage& message : file.messages) {
        switches += message.switches.size();
    }
    note_untaken(switches, outcome);
    add_problems(file.problems, file.rejected, outcome);
    return {};
}

Result<void> import_green_button(Office& office, const std::string& bytes,
                                 const ImportRequest& request, ImportOutcome& outcome) {
    if (request.meter.empty()) return Error(errors::file_meter_missing, {{"file", request.path}});
    const formats::GreenButtonFile file = formats::read_green_button(bytes);
    take_rows(office, formats::as_cmep(file, request.meter), request, outcome, RawRows::as_cmep);
    outcome.notes = file.notes;
    add_problems(file.problems, {}, outcome);
    return {};
}

Result<void> import_by_profile(Office& office, const std::string& bytes,
                               const ImportRequest& request, ImportOutcome& outcome) {
    formats::ReadProfile profile;
    if (request.profile) {
        TRY(profile, formats::parse_read_profile(*request.profile, "given"));
    } else {
        profile = formats::shipped_profile(request.format);
    }
    const formats::FileCharacters characters(bytes);
    const auto plain = without_reasons(characters.text(), 0, outcome);
    const std::string_view text = plain ? std::string_view(*plain) : characters.text();
    const formats::ReadsFile file =
        formats::read_reads(text, profile, {office.zone(), request.meter});
    for (const CmepRow& row : file.rows) {
        if (row.meter.empty()) return Error(errors::file_meter_missing, {{"file", request.path}});
    }
    take_rows(office, file.rows, request, outcome);
    outcome.notes = file.outcome.notes;
    add_problems(file.outcome.problems, file.outcome.rejected, outcome);
    keep_raw_rows(text, &profile, 0, outcome);
    outcome.details.encoding = formats::encoding_name(characters.encoding());
    // A row that fails cannot tell how long its interval is; the file did.
    if (profile.wide_minutes == 0) profile.minutes = file.outcome.minutes;
    outcome.details.profile = formats::profile_text(profile);
    return {};
}

}  // namespace watthour::app
