// SPDX-License-Identifier: Apache-2.0
// Readings of messages as rows of CMEP: IEC 61968-9 and MultiSpeak.
#include "base/text.hpp"
#include "formats/as_cmep.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace watthour::formats {

namespace {

/// Bits of the vendors' mask of CMEP that a quality of IEC 61968-9 has a word for.
constexpr std::uint32_t outage = 2;
constexpr std::uint32_t missing = 32;
constexpr std::uint32_t clock_moved = 256;
constexpr std::uint32_t overflow = 512;
constexpr std::uint32_t long_interval = 1'024;
constexpr std::uint32_t short_interval = 2'048;
constexpr std::uint32_t test_mode = 4'096;
constexpr std::uint32_t register_reset = 16'384;

struct Mark {
    std::string_view code;  ///< category.index
    std::uint32_t flags;
};
constexpr Mark marks[] = {{"2.32", outage},
                          {"4.1", overflow},
                          {"4.2", short_interval},
                          {"4.3", long_interval},
                          {"4.4", missing},
                          {"4.5", test_mode},
                          {"4.7", missing},
                          {"4.8", register_reset},
                          {"4.9", clock_moved},
                          {"4.64", clock_moved},
                          {"4.128", clock_moved},
                          {"5.259", missing},
                          {"7.3", cmep_value_doubtful}};

/// One letter for all qualities of a value: none, estimated, edited, raw, valid in this order.
constexpr std::string_view strength = "NEAR";

void put_letter(char letter, CmepValue& value) {
    if (value.quality == '\0' || strength.find(letter) < strength.find(value.quality)) {
        value.quality = letter;
    }
}

void put_quality(std::string_view quality, CmepValue& value) {
    const std::string_view code = quality.substr(std::min(quality.find('.') + 1, quality.size()));
    for (const Mark& mark : marks) {
        if (mark.code == code) value.flags |= mark.flags;
    }
    const auto category = parse_digits(code.substr(0, code.find('.')));
    switch (category.value_or(0)) {
        case 5:
        case 6: value.flags |= cmep_value_doubtful; break;
        case 7: put_letter('A', value); break;
        case 8:
        case 12: put_letter('E', value); break;
        case 10: put_letter('R', value); break;
        default: break;
    }
    if ((value.flags & missing) != 0) put_letter('N', value);
}

/// Rows by meter and type, in the order in which they first came.
class Rows {
public:
    CmepRow& row(const std::string& meter, const std::string& units, int power, int minutes,
                 const std::string& read_type, std::int64_t line) {
        const auto [place, fresh] =
            places_.try_emplace({meter, units, power, minutes, read_type}, rows_.size());
        if (fresh) {
            CmepRow& made = rows_.emplace_back();
            made.line = line;
            made.meter = meter;
            made.units = units;
            made.read_type = read_type;
            made.interval_seconds = minutes * 60;
            made.multiplier = power < 0 ? Decimal(1, -power) : Decimal(power_of_ten(power), 0);
        }
        return rows_[place->second];
    }

    std::vector<CmepRow> take() { return std::move(rows_); }

private:
    std::vector<CmepRow> rows_;
    std::map<std::tuple<std::string, std::string, int, int, std::string>, std::size_t> places_;
};

/// A register shows whole units, so its read is brought to them, without the zeros that come of
/// it: a read that is sent twice, in Wh and in kWh, is one read. The readers let no value through
/// that cannot be.
Decimal register_value(const Decimal& value, int power) {
    if (power == 0) return value;
    Decimal brought = scaled(value, power).value_or(value);
    while (brought.scale() > 0 && brought.units() % 10 == 0) {
        brought = Decimal(brought.units() / 10, brought.scale() - 1);
    }
    return brought;
}

constexpr std::string_view on_demand = "on_demand";

}  // namespace

std::vector<CmepRow> as_cmep(const IecFile& file) {
    Rows rows;
    for (const IecMessage& message : file.messages) {
        for (const IecSeries& series : message.series) {
            const ReadingType& type = series.type;
            const bool is_interval = type.kind == ReadingKind::interval;
            const std::string read_type(series.reason == "inquiry" ? on_demand : "");
            CmepRow& row =
                rows.row(series.meter.empty() ? series.usage_point : series.meter,
                         cmep_units(type.quantity, type.kind), is_interval ? type.power : 0,
                         is_interval ? series.minutes : 0, read_type, series.line);
            for (const IecReading& one : series.readings) {
                CmepValue value;
                value.end = one.at.at;
                value.value = is_interval ? one.value : register_value(one.value, type.power);
                for (const std::string& quality : one.qualities) put_quality(quality, value);
                row.values.push_back(value);
            }
        }
    }
    return rows.take();
}

std::vector<CmepRow> as_cmep(const MultiSpeakFile& file) {
    Rows rows;
    for (const MultiSpeakMessage& message : file.messages) {
        const std::string read_type(is_on_demand(message) ? on_demand : "");
        for (const MultiSpeakReading& one : message.readings) {
            const bool is_interval = one.kind == ReadingKind::interval;
            CmepRow& row =
                rows.row(one.meter, cmep_units(one.quantity, one.kind), is_interval ? one.power : 0,
                         is_interval ? one.minutes : 0, read_type, one.line);
            CmepValue value;
            value.end = one.at.at;
            value.value = is_interval ? one.value : register_value(one.value, one.power);
            for (const std::string& quality : one.qualities) put_quality(quality, value);
            row.values.push_back(value);
        }
        for (const MultiSpeakBlock& block : message.blocks) {
            CmepRow& row =
                rows.row(block.meter, block.quantity, block.power, block.minutes, "", block.line);
            Instant end = block.start.at;
            for (const MultiSpeakInterval& one : block.intervals) {
                end = end + std::int64_t{block.minutes} * 60;
                CmepValue value;
                value.end = end;
                if (one.value) {
                    value.value = *one.value;
                } else {
                    put_letter('N', value);
                }
                if (!one.status.empty() && one.status != "0") value.flags |= cmep_value_doubtful;
                row.values.push_back(value);
            }
        }
    }
    return rows.take();
}

}  // namespace watthour::formats
