// SPDX-License-Identifier: Apache-2.0
// Files of reads as JSON: Green Button and NEM12.
#include "calendar/time_zone.hpp"
#include "formats/format_json.hpp"
#include "formats/json_parts.hpp"

#include <algorithm>

namespace watthour::formats {

namespace {

json::object type_json(const GreenButtonType& type) {
    return {{"accumulation", type.accumulation},
            {"flow", type.flow},
            {"power_of_ten", type.power_of_ten},
            {"unit", type.unit}};
}

json::object day_json(const NemDay& day) {
    json::array values;
    for (const Decimal& value : day.values) values.push_back(json::value(value.to_string()));
    json::array ranges;
    for (const NemRange& range : day.ranges) {
        ranges.push_back(json::object{{"first", range.first},
                                      {"last", range.last},
                                      {"quality", text(range.quality)},
                                      {"reason", text(range.reason)},
                                      {"description", text(range.description)}});
    }
    return {{"line", day.line},
            {"date", day.date.to_string()},
            {"values", std::move(values)},
            {"ranges", std::move(ranges)}};
}

}  // namespace

json::value records_json(const GreenButtonFile& file) {
    json::array types;
    for (const GreenButtonType& type : file.types) types.push_back(type_json(type));
    json::array blocks;
    for (const GreenButtonBlock& block : file.blocks) {
        json::array readings;
        for (const GreenButtonReading& one : block.readings) {
            json::object reading{{"start", to_iso_utc({one.start})},
                                 {"duration", one.duration},
                                 {"value", one.value}};
            if (one.quality >= 0) reading["quality"] = one.quality;
            if (one.cost) reading["cost"] = *one.cost;
            readings.push_back(std::move(reading));
        }
        blocks.push_back(json::object{
            {"line", block.line}, {"type", block.type}, {"readings", std::move(readings)}});
    }
    return json::object{{"service_kind", file.service_kind},
                        {"types", std::move(types)},
                        {"blocks", std::move(blocks)}};
}

json::object totals_json(const GreenButtonFile& file) {
    std::size_t readings = 0;
    WideSum values;
    WideSum costs;
    std::int64_t first = 0;
    std::int64_t last = 0;
    for (const GreenButtonBlock& block : file.blocks) {
        for (const GreenButtonReading& one : block.readings) {
            first = readings == 0 ? one.start : std::min(first, one.start);
            last = readings == 0 ? one.start : std::max(last, one.start);
            ++readings;
            values.add(Decimal(one.value, 0));
            if (one.cost) costs.add(Decimal(*one.cost, 0));
        }
    }
    json::object totals{{"usage_points", size_of(file.usage_points.size())},
                        {"meter_readings", size_of(file.meter_readings.size())},
                        {"interval_blocks", size_of(file.blocks.size())},
                        {"interval_readings", size_of(readings)},
                        {"sum_of_values", values.to_string()},
                        {"sum_of_costs", costs.to_string()}};
    if (readings > 0) {
        totals["first_start"] = to_iso_utc({first});
        totals["last_start"] = to_iso_utc({last});
    }
    return totals;
}

json::value records_json(const NemFile& file) {
    json::array channels;
    for (const NemChannel& channel : file.channels) {
        json::array days;
        for (const NemDay& day : channel.days) days.push_back(day_json(day));
        channels.push_back(json::object{{"line", channel.line},
                                        {"nmi", text(channel.nmi)},
                                        {"suffix", text(channel.suffix)},
                                        {"serial", text(channel.serial)},
                                        {"unit", text(channel.unit)},
                                        {"minutes", channel.minutes},
                                        {"days", std::move(days)}});
    }
    json::array accumulations;
    for (const NemAccumulation& read : file.accumulations) {
        accumulations.push_back(json::object{{"line", read.line},
                                             {"nmi", text(read.nmi)},
                                             {"suffix", text(read.suffix)},
                                             {"serial", text(read.serial)},
                                             {"direction", text(read.direction)},
                                             {"previous_read", text(read.previous_read)},
                                             {"previous_at", text(read.previous_at)},
                                             {"current_read", text(read.current_read)},
                                             {"current_at", text(read.current_at)},
                                             {"quantity", read.quantity.to_string()},
                                             {"unit", text(read.unit)}});
    }
    return json::object{{"channels", std::move(channels)},
                        {"accumulations", std::move(accumulations)},
                        {"rejected", rejected_json(file.rejected)}};
}

json::object totals_json(const NemFile& file) {
    std::size_t days = 0;
    for (const NemChannel& channel : file.channels) days += channel.days.size();
    json::object sums;
    for (const auto& [key, sum] : nem_sums(file)) sums[ascii_columns(key)] = sum.to_string();
    return {{"day_records", size_of(days)},
            {"accumulation_records", size_of(file.accumulations.size())},
            {"sums", std::move(sums)}};
}

}  // namespace watthour::formats
