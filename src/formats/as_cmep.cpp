// SPDX-License-Identifier: Apache-2.0
#include "formats/as_cmep.hpp"

#include <fmt/format.h>

#include <limits>

namespace watthour::formats {

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t market_offset = 10 * 3'600;  ///< UTC+10, without daylight saving

/// KWH and its parts as KWH with a multiplier; anything else as it is.
void put_unit(const std::string& unit, CmepRow& row) {
    const bool reactive = unit.ends_with("VARH");
    const std::string_view tail = reactive ? "VARH" : "WH";
    if (!std::string_view(unit).ends_with(tail)) {
        row.units = unit;
        return;
    }
    const std::string scale = unit.substr(0, unit.size() - tail.size());
    row.units = reactive ? "KVARH" : "KWH";
    if (scale.empty()) {
        row.multiplier = Decimal(1, 3);
    } else if (scale == "M") {
        row.multiplier = Decimal(1000, 0);
    } else if (scale != "K") {
        row.units = unit;
    }
}

/// A register shows whole units: a read sent in Wh or MWh is brought to kWh, so that its multiplier
/// is that of the meter alone. A value with more digits than fit stays as it is, with its unit.
void show_on_dials(CmepRow& row) {
    const Decimal unit = row.multiplier;
    if (!row.units.ends_with("REG") || unit == Decimal(1, 0)) return;
    for (CmepValue& value : row.values) {
        if (value.value.scale() + unit.scale() > Decimal::max_scale) return;
        if (value.value.units() > std::numeric_limits<std::int64_t>::max() / unit.units()) return;
        const auto brought = Decimal::parse(Decimal(checked_mul(value.value.units(), unit.units()),
                                                    value.value.scale() + unit.scale())
                                                .to_shortest());
        if (!brought) return;
        value.value = *brought;
    }
    row.multiplier = Decimal(1, 0);
}

char cmep_quality(std::string_view quality) {
    switch (quality.empty() ? 'A' : quality[0]) {
        case 'S':
        case 'F':
        case 'E': return 'E';
        case 'N': return 'N';
        default: return '\0';
    }
}

CmepRow row_of(const NemChannel& channel, const NemDay& day) {
    CmepRow row;
    row.line = day.line;
    row.meter = channel.serial.empty() ? channel.nmi : channel.serial;
    put_unit(channel.unit.empty() ? "KWH" : channel.unit, row);
    if (channel.suffix.starts_with('B')) row.units = "G" + row.units;
    row.interval_seconds = channel.minutes * 60;
    const Instant midnight{std::int64_t{day.date.days()} * day_seconds - market_offset};
    row.values.reserve(day.values.size());
    std::size_t range = 0;
    for (std::size_t i = 0; i < day.values.size(); ++i) {
        const auto number = static_cast<int>(i) + 1;
        while (range + 1 < day.ranges.size() && day.ranges[range].last < number) ++range;
        CmepValue value;
        value.end = midnight + std::int64_t{number} * row.interval_seconds;
        value.quality = cmep_quality(day.ranges[range].quality);
        value.value = day.values[i];
        row.values.push_back(value);
    }
    return row;
}

/// "20040107100333" of UTC+10.
std::optional<Instant> market_time(const std::string& text) {
    if (text.size() < 8) return std::nullopt;
    const auto date = parse_file_date(std::string_view(text).substr(0, 8), DateOrder::ccyymmdd);
    if (!date) return std::nullopt;
    std::int64_t seconds = 0;
    for (std::size_t at = 8, unit = 3'600; at + 2 <= text.size() && unit > 0; at += 2, unit /= 60) {
        const auto part = parse_digits(std::string_view(text).substr(at, 2));
        if (!part || *part > 59) return std::nullopt;
        seconds += *part * static_cast<std::int64_t>(unit);
    }
    return Instant{std::int64_t{date->days()} * day_seconds + seconds - market_offset};
}

void put_read(const NemAccumulation& read, const std::string& at, const std::string& shown,
              const std::string& quality, std::vector<CmepRow>& rows) {
    const auto moment = market_time(at);
    const auto value = parse_decimal(shown);
    if (!moment || !value) return;
    CmepRow row;
    row.line = read.line;
    row.meter = read.serial.empty() ? read.nmi : read.serial;
    put_unit(read.unit.empty() ? "KWH" : read.unit, row);
    if (read.direction == "I") row.units = "G" + row.units;
    row.units += "REG";
    row.values.push_back({*moment, cmep_quality(quality), 0, 0, *value});
    show_on_dials(row);
    rows.push_back(std::move(row));
}

/// Units and multiplier of a reading type; values x 10^power Wh are values x 10^(power-3) kWh.
void put_type(const GreenButtonType& type, CmepRow& row) {
    constexpr int wh = 72;
    constexpr int varh = 73;
    constexpr int register_behaviours[] = {1, 3};
    if (type.unit != wh && type.unit != varh) {
        row.units = fmt::format("UOM{}", type.unit);
        return;
    }
    if (type.power_of_ten < -6 || type.power_of_ten > 9) {
        row.units = fmt::format("POWER{}", type.power_of_ten);
        return;
    }
    row.units = type.unit == wh ? "KWH" : "KVARH";
    constexpr int received = 19;
    constexpr int net = 4;
    if (type.flow == received) row.units = "G" + row.units;
    if (type.flow == net) row.units = "N" + row.units;
    for (const int behaviour : register_behaviours) {
        if (type.accumulation == behaviour) row.units += "REG";
    }
    const int power = type.power_of_ten - 3;
    row.multiplier = power < 0 ? Decimal(1, -power) : Decimal(power_of_ten(power), 0);
}

char espi_quality(int quality) {
    switch (quality) {
        case 7: return 'A';  // edited by a person
        case 8:
        case 9: return 'E';  // estimated by like days or by a line
        case 10:
        case 14: return 'R';  // questionable, raw
        default: return '\0';
    }
}

}  // namespace

std::vector<CmepRow> as_cmep(const NemFile& file) {
    std::vector<CmepRow> rows;
    for (const NemChannel& channel : file.channels) {
        for (const NemDay& day : channel.days) rows.push_back(row_of(channel, day));
    }
    for (const NemAccumulation& read : file.accumulations) {
        put_read(read, read.previous_at, read.previous_read, read.previous_quality, rows);
        put_read(read, read.current_at, read.current_read, read.current_quality, rows);
    }
    return rows;
}

std::vector<CmepRow> as_cmep(const std::vector<CmepTouRow>& tou_rows) {
    std::vector<CmepRow> rows;
    for (const CmepTouRow& tou : tou_rows) {
        if (!tou.units.ends_with("REG")) continue;
        for (const CmepTouValue& value : tou.values) {
            const std::string quantity = tou.units.substr(0, tou.units.size() - 3);
            // "ON-PEAK" is ON, and the total is the register without a part.
            const std::string part = value.label.substr(0, value.label.find('-'));
            CmepRow& row = rows.emplace_back();
            row.line = tou.line;
            row.meter = tou.meter;
            row.commodity = tou.commodity;
            row.units = quantity + (value.label == "TOTAL" ? "" : "-" + part) + "REG";
            row.multiplier = tou.multiplier;
            row.values.push_back({tou.end, value.quality, 0, value.flags, value.value});
        }
    }
    return rows;
}

std::vector<CmepRow> as_cmep(const GreenButtonFile& file, const std::string& meter) {
    std::vector<CmepRow> rows;
    for (const GreenButtonBlock& block : file.blocks) {
        if (block.type < 0) continue;
        std::int32_t seconds = -1;
        for (const GreenButtonReading& reading : block.readings) {
            if (reading.duration != seconds) {
                seconds = reading.duration;
                CmepRow& row = rows.emplace_back();
                row.line = block.line;
                row.meter = meter;
                put_type(file.types[static_cast<std::size_t>(block.type)], row);
                row.interval_seconds = seconds;
            }
            CmepValue value;
            value.end = Instant{reading.start} + std::int64_t{seconds};
            value.quality = espi_quality(reading.quality);
            value.value = Decimal(reading.value, 0);
            rows.back().values.push_back(value);
        }
    }
    for (CmepRow& row : rows) show_on_dials(row);
    return rows;
}

}  // namespace watthour::formats
