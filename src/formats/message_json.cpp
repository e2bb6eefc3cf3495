// SPDX-License-Identifier: Apache-2.0
// Messages as JSON: IEC 61968-9 and MultiSpeak.
#include "formats/format_json.hpp"
#include "formats/json_parts.hpp"

#include <fmt/format.h>

#include <set>

namespace watthour::formats {

namespace {

json::value time_json(const std::optional<XmlTime>& time) {
    return time ? json::value(shown_time(*time)) : json::value(nullptr);
}

const char* word_of(ReadingKind kind) {
    switch (kind) {
        case ReadingKind::register_read: return "register";
        case ReadingKind::interval: return "interval";
        default: return "snapshot";
    }
}

json::object header_json(const IecHeader& header) {
    return {{"verb", text(header.verb)},
            {"noun", text(header.noun)},
            {"revision", text(header.revision)},
            {"timestamp", text(header.timestamp)},
            {"source", text(header.source)},
            {"message_id", text(header.message_id)},
            {"correlation_id", text(header.correlation_id)},
            {"async", header.wants_later_answer},
            {"reply_address", text(header.reply_address)}};
}

json::object series_json(const IecSeries& series) {
    json::array readings;
    for (const IecReading& one : series.readings) {
        readings.push_back(json::object{{"line", one.line},
                                        {"at", shown_time(one.at)},
                                        {"value", one.value.to_string()},
                                        {"qualities", list(one.qualities)}});
    }
    json::array fields;
    for (const int field : series.type.fields) fields.push_back(json::value(field));
    return {{"line", series.line},
            {"meter", text(series.meter)},
            {"usage_point", text(series.usage_point)},
            {"reading_type", text(series.reading_type)},
            {"fields", std::move(fields)},
            {"quantity", series.type.quantity},
            {"kind", word_of(series.type.kind)},
            {"minutes", series.minutes},
            {"power_of_ten", series.type.power},
            {"reason", text(series.reason)},
            {"readings", std::move(readings)}};
}

json::object message_json(const IecMessage& message) {
    json::array series;
    for (const IecSeries& one : message.series) series.push_back(series_json(one));
    json::array events;
    for (const IecEvent& one : message.events) {
        events.push_back(json::object{{"line", one.line},
                                      {"code", text(one.code)},
                                      {"name", text(one.name)},
                                      {"meter", text(one.meter)},
                                      {"usage_point", text(one.usage_point)},
                                      {"created", shown_time(one.created)},
                                      {"status", text(one.status)},
                                      {"reason", text(one.reason)},
                                      {"severity", text(one.severity)}});
    }
    json::array controls;
    for (const IecControl& one : message.controls) {
        controls.push_back(json::object{{"line", one.line},
                                        {"code", text(one.code)},
                                        {"name", text(one.name)},
                                        {"meter", text(one.meter)},
                                        {"usage_point", text(one.usage_point)}});
    }
    json::value reply;
    if (message.reply) {
        json::array errors;
        for (const IecError& one : message.reply->errors) {
            errors.push_back(json::object{{"line", one.line},
                                          {"code", text(one.code)},
                                          {"level", text(one.level)},
                                          {"reason", text(one.reason)},
                                          {"object", text(one.object)}});
        }
        reply =
            json::object{{"result", text(message.reply->result)}, {"errors", std::move(errors)}};
    }
    return {{"line", message.line},
            {"kind", text(message.kind)},
            {"header", header_json(message.header)},
            {"series", std::move(series)},
            {"events", std::move(events)},
            {"controls", std::move(controls)},
            {"asked_meters", list(message.asked_meters)},
            {"asked_types", list(message.asked_types)},
            {"reply", std::move(reply)}};
}

json::object reading_json(const MultiSpeakReading& one) {
    return {{"line", one.line},
            {"meter", text(one.meter)},
            {"device", text(one.device)},
            {"field", text(one.field)},
            {"quantity", text(one.quantity)},
            {"kind", word_of(one.kind)},
            {"minutes", one.minutes},
            {"power_of_ten", one.power},
            {"value", one.value.to_string()},
            {"at", shown_time(one.at)},
            {"peak_at", time_json(one.peak_at)},
            {"qualities", list(one.qualities)}};
}

json::object block_json(const MultiSpeakBlock& block) {
    json::array values;
    for (const MultiSpeakInterval& one : block.intervals) {
        json::object value{
            {"value", one.value ? json::value(one.value->to_string()) : json::value(nullptr)}};
        if (!one.status.empty()) value.emplace("status", text(one.status));
        values.push_back(std::move(value));
    }
    return {{"line", block.line},
            {"meter", text(block.meter)},
            {"field", text(block.field)},
            {"quantity", text(block.quantity)},
            {"power_of_ten", block.power},
            {"minutes", block.minutes},
            {"start", shown_time(block.start)},
            {"values", std::move(values)}};
}

json::object message_json(const MultiSpeakMessage& message) {
    json::array readings;
    for (const auto& one : message.readings) readings.push_back(reading_json(one));
    json::array blocks;
    for (const auto& one : message.blocks) blocks.push_back(block_json(one));
    json::array events;
    for (const MultiSpeakEvent& one : message.events) {
        events.push_back(json::object{{"line", one.line},
                                      {"meter", text(one.meter)},
                                      {"code", text(one.code)},
                                      {"text", text(one.text)},
                                      {"name", text(one.name)},
                                      {"at", shown_time(one.at)}});
    }
    json::array switches;
    for (const MultiSpeakSwitch& one : message.switches) {
        switches.push_back(json::object{{"line", one.line},
                                        {"meter", text(one.meter)},
                                        {"account", text(one.account)},
                                        {"action", text(one.action)},
                                        {"reason", text(one.reason)},
                                        {"amount_due", text(one.amount_due)},
                                        {"at", time_json(one.at)},
                                        {"error", text(one.error)}});
    }
    json::array errors;
    for (const MultiSpeakError& one : message.errors) {
        errors.push_back(json::object{{"line", one.line},
                                      {"object", text(one.object)},
                                      {"text", text(one.text)},
                                      {"noun", text(one.noun)},
                                      {"at", time_json(one.at)}});
    }
    const MultiSpeakHeader& header = message.header;
    return {{"line", message.line},
            {"method", text(message.method)},
            {"transaction", text(message.transaction)},
            {"on_demand", is_on_demand(message)},
            {"response_url", text(message.response_url)},
            {"asked_meters", list(message.asked_meters)},
            {"header", json::object{{"version", text(header.version)},
                                    {"app_name", text(header.app_name)},
                                    {"app_version", text(header.app_version)},
                                    {"company", text(header.company)},
                                    {"message_id", text(header.message_id)},
                                    {"timestamp", text(header.timestamp)}}},
            {"readings", std::move(readings)},
            {"blocks", std::move(blocks)},
            {"events", std::move(events)},
            {"switches", std::move(switches)},
            {"errors", std::move(errors)}};
}

template <class File>
json::value file_json(const File& file) {
    json::array messages;
    for (const auto& one : file.messages) messages.push_back(message_json(one));
    return json::object{{"messages", std::move(messages)},
                        {"rejected", rejected_json(file.rejected)}};
}

}  // namespace

json::value records_json(const IecFile& file) { return file_json(file); }

json::value records_json(const MultiSpeakFile& file) { return file_json(file); }

json::object totals_json(const IecFile& file) {
    std::set<std::string_view> meters;
    std::size_t readings = 0;
    std::size_t events = 0;
    std::size_t controls = 0;
    std::size_t errors = 0;
    for (const IecMessage& message : file.messages) {
        for (const auto& one : message.series) {
            meters.insert(one.meter.empty() ? one.usage_point : one.meter);
        }
        for (const auto& one : message.events) meters.insert(one.meter);
        for (const auto& one : message.controls) meters.insert(one.meter);
        readings += reading_count(message);
        events += message.events.size();
        controls += message.controls.size();
        errors += message.reply ? message.reply->errors.size() : 0;
    }
    return {{"messages", size_of(file.messages.size())},
            {"meters", size_of(meters.size())},
            {"readings", size_of(readings)},
            {"events", size_of(events)},
            {"controls", size_of(controls)},
            {"errors", size_of(errors)},
            {"rejected", size_of(file.rejected.size())}};
}

json::object totals_json(const MultiSpeakFile& file) {
    std::set<std::string_view> meters;
    std::size_t readings = 0;
    std::size_t events = 0;
    std::size_t switches = 0;
    std::size_t errors = 0;
    for (const MultiSpeakMessage& message : file.messages) {
        for (const auto& one : message.readings) meters.insert(one.meter);
        for (const auto& one : message.blocks) meters.insert(one.meter);
        for (const auto& one : message.events) meters.insert(one.meter);
        for (const auto& one : message.switches) meters.insert(one.meter);
        readings += reading_count(message);
        events += message.events.size();
        switches += message.switches.size();
        errors += message.errors.size();
    }
    return {{"messages", size_of(file.messages.size())},
            {"meters", size_of(meters.size())},
            {"readings", size_of(readings)},
            {"events", size_of(events)},
            {"switches", size_of(switches)},
            {"errors", size_of(errors)},
            {"rejected", size_of(file.rejected.size())}};
}

}  // namespace watthour::formats
