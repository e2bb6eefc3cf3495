// SPDX-License-Identifier: Apache-2.0
#include "formats/multispeak.hpp"

#include "base/text.hpp"
#include "formats/event_codes.hpp"
#include "formats/multispeak_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats {

namespace {

using Event = XmlWalk::Event;
using multispeak::Meaning;
using multispeak::Profile;

constexpr const char* time_remedy = "Times are written 2026-03-08T08:15:00-06:00.";

class Reader {
public:
    Reader(std::string_view bytes, const MultiSpeakOptions& options)
        : walk_(bytes), clock_(options.zone) {}

    MultiSpeakFile read() {
        for (Event event = walk_.next(); event != Event::done; event = walk_.next()) {
            if (event == Event::start) {
                start();
            } else if (event == Event::end && !path_.empty()) {
                path_.pop_back();
            }
        }
        finish();
        return std::move(file_);
    }

private:
    void report(std::int64_t line, const std::string& field, const std::string& rule,
                std::string message, std::string remedy) {
        file_.problems.push_back(
            {line, field, "multispeak." + rule, std::move(message), std::move(remedy)});
    }

    /// A problem of the record, at the line of the field where it has one.
    void reject(const XmlNode& node, const std::string& field, const std::string& rule,
                std::string message, std::string remedy) {
        const XmlNode* part = node.child(field);
        const std::int64_t line = part == nullptr ? node.line : part->line;
        report(line, field, rule, std::move(message), std::move(remedy));
        file_.rejected.push_back({line, raw_text(node)});
    }

    void note(std::int64_t line, const char* field, const char* rule, std::string message,
              std::string remedy) {
        file_.notes.push_back({line, field, std::string("multispeak.") + rule, std::move(message),
                               std::move(remedy)});
    }

    void start() {
        const std::string name(walk_.name());
        const std::string above = path_.empty() ? "" : path_.back();
        if (path_.empty() && name != "Envelope" && !multispeak::is_method(name)) {
            report(walk_.line(), "root", "root",
                   fmt::format("the file is a {}, not a message", shown(name)),
                   "Check that the right file was given.");
        }
        if (name == "Header" && above == "Envelope") {
            // Only the attributes of the one element are ours; passwords stand beside them.
            if (const auto header = read_node(walk_)) take_header(*header);
            return;
        }
        if (name == "Envelope") {
            in_message_ = false;
            header_ = {};
        } else if (above == "Body" || (path_.empty() && multispeak::is_method(name))) {
            begin_message(name);
            if (take_whole(name)) return;
        } else if (in_message_ && take_record(name)) {
            return;
        }
        path_.push_back(name);
    }

    void take_header(const XmlNode& envelope_header) {
        const XmlNode* node = envelope_header.child("MultiSpeakMsgHeader");
        if (node == nullptr) return;
        header_ = multispeak::header_of(*node);
        if (!header_.timestamp.empty() && !parse_xml_time(header_.timestamp)) {
            report(node->line, "TimeStamp", "time",
                   fmt::format("{} is no moment", shown(header_.timestamp)), time_remedy);
        }
    }

    void begin_message(const std::string& name) {
        MultiSpeakMessage& message = file_.messages.emplace_back();
        message.line = walk_.line();
        message.method = name;
        message.header = header_;
        profiles_.clear();
        statuses_ = "^";
        delimiter_ = ",";
        in_message_ = true;
        if (!multispeak::is_method(name) && name != "Fault" && !name.ends_with("Response")) {
            note(message.line, "Body", "method",
                 fmt::format("nothing is read from {}", shown(name)),
                 "Readings, interval data, events and switching are read.");
        }
    }

    MultiSpeakMessage& message() { return file_.messages.back(); }

    /// Methods whose records have the names of their own parts.
    bool take_whole(const std::string& name) {
        if (name != "CDStateChangedNotification" && name != "Fault") return false;
        const auto node = read_node(walk_);
        if (!node) return true;
        if (name == "Fault") {
            add_error({node->line,
                       std::string(node->value("faultcode")),
                       std::string(node->value("faultstring")),
                       name,
                       {}});
            return true;
        }
        message().transaction = node->value("transactionID");
        const XmlNode* change = node->child("stateChange");
        // Version 3 says it in the notification itself, version 4.1 in an element of it.
        take_state(change != nullptr && !change->children.empty() ? *change : *node);
        return true;
    }

    /// True where the element was taken whole.
    bool take_record(const std::string& name) {
        using Take = void (Reader::*)(const XmlNode&);
        struct Part {
            std::string_view name;
            Take take;
        };
        static constexpr Part parts[] = {{"meterRead", &Reader::take_meter},
                                         {"meterReading", &Reader::take_meter},
                                         {"profile", &Reader::take_profile},
                                         {"block", &Reader::take_block},
                                         {"eventInstance", &Reader::take_event},
                                         {"outageDetectionEvent", &Reader::take_outage},
                                         {"CDStateChange", &Reader::take_state},
                                         {"connectDisconnectEvent", &Reader::take_switch},
                                         {"errorObject", &Reader::take_error},
                                         {"transactionID", &Reader::take_leaf},
                                         {"errorString", &Reader::take_leaf},
                                         {"responseURL", &Reader::take_leaf},
                                         {"expirationTime", &Reader::take_leaf},
                                         {"expTime", &Reader::take_leaf},
                                         {"meterNos", &Reader::take_asked},
                                         {"meterIDs", &Reader::take_asked},
                                         {"requestDate", &Reader::take_asked_at},
                                         {"statusDelimiter", &Reader::take_leaf},
                                         {"intervalDelimiter", &Reader::take_leaf}};
        for (const Part& part : parts) {
            if (part.name != name) continue;
            if (const auto node = read_node(walk_)) (this->*part.take)(*node);
            return true;
        }
        return false;
    }

    void take_asked(const XmlNode& node) {
        for (const XmlNode& one : node.children) {
            const std::string_view number = one.attribute("meterNo");
            message().asked_meters.emplace_back(number.empty() ? trimmed(one.text) : number);
        }
    }

    void take_asked_at(const XmlNode& node) {
        std::string why;
        message().asked_at = clock_.read(trimmed(node.text), why);
        if (!message().asked_at) {
            report(node.line, "requestDate", "time", std::move(why), time_remedy);
        }
    }

    void take_leaf(const XmlNode& node) {
        const std::string text(trimmed(node.text));
        if (text.empty()) return;
        if (node.name == "transactionID") message().transaction = text;
        if (node.name == "responseURL") message().response_url = without_credentials(text);
        if (node.name.starts_with("exp")) message().expiration = text;
        if (node.name == "statusDelimiter") statuses_ = text;
        if (node.name == "intervalDelimiter") delimiter_ = text;
        if (node.name == "errorString") add_error({node.line, "", text, message().method, {}});
    }

    void add_error(MultiSpeakError error) {
        note(error.line, "errorString", "error",
             fmt::format("the sender reports {} for {}", shown(error.text), shown(error.object)),
             "Look at the meter, or ask once more.");
        message().errors.push_back(std::move(error));
    }

    /// A time of the record in hand; a bad one is told and the record rejected.
    std::optional<XmlTime> time_of(const XmlNode& record, const XmlNode& in, const char* name) {
        std::string why;
        const std::string_view text = in.value(name);
        auto time = clock_.read(text, why);
        if (!time) {
            reject(record, name, parse_xml_time(text) ? "local_time" : "time", std::move(why),
                   time_remedy);
        }
        return time;
    }

    bool has_meter(const XmlNode& node, const std::string& meter) {
        if (!meter.empty()) return true;
        reject(node, "meterNo", "meter", fmt::format("a {} names no meter", node.name),
               "Ask for it with the meter's number.");
        return false;
    }

    void take_meter(const XmlNode& node) {
        const std::string meter = multispeak::meter_of(node);
        if (!has_meter(node, meter)) return;
        if (const auto error = node.attribute("errorString"); !error.empty()) {
            add_error({node.line, meter, std::string(error), node.name, {}});
        }
        MultiSpeakReading reading;
        reading.line = node.line;
        reading.meter = meter;
        reading.device = node.value("deviceID");
        std::optional<XmlTime> read_at;
        if (!node.value("readingDate").empty()) {
            read_at = time_of(node, node, "readingDate");
            if (!read_at) return;
        }
        take_named(node, node, "", reading, read_at);
        if (const XmlNode* periods = node.child("TOUReadings")) {
            for (const XmlNode& one : periods->children) {
                const std::string suffix =
                    fmt::format("/TOU{}", ascii_columns(one.value("ratePeriod")));
                take_named(node, one, suffix, reading, read_at);
            }
        }
        if (const XmlNode* values = node.child("readingValues")) {
            for (const XmlNode& one : values->children) take_value(one, reading, read_at);
        }
    }

    struct Named {
        const char* field;
        const char* quantity;
        ReadingKind kind;
    };

    /// The registers that have an element of their own name.
    void take_named(const XmlNode& record, const XmlNode& in, const std::string& suffix,
                    const MultiSpeakReading& common, const std::optional<XmlTime>& read_at) {
        static constexpr Named all[] = {
            {"posKWh", "KWH", ReadingKind::register_read},
            {"negKWh", "GKWH", ReadingKind::register_read},
            {"kWh", "KWH", ReadingKind::register_read},
            {"kW", "KW", ReadingKind::register_read},
            {"kVAr", "KVAR", ReadingKind::snapshot},
            {"momentaryOutages", "COUNT:MOMENTARY-OUTAGES", ReadingKind::snapshot},
            {"momentaryEvents", "COUNT:MOMENTARY-EVENTS", ReadingKind::snapshot},
            {"sustainedOutages", "COUNT:SUSTAINED-OUTAGES", ReadingKind::snapshot}};
        for (const Named& one : all) {
            const XmlNode* value = in.child(one.field);
            if (value == nullptr || trimmed(value->text).empty()) continue;
            MultiSpeakReading reading = common;
            reading.line = value->line;
            reading.field = one.field;
            reading.quantity = one.quantity + suffix;
            reading.kind = one.kind;
            const bool is_demand = reading.field == "kW";
            if (is_demand && !in.value("kWDateTime").empty()) {
                reading.peak_at = time_of(*value, in, "kWDateTime");
                if (!reading.peak_at) continue;
            }
            const auto at = read_at ? read_at : reading.peak_at;
            if (!at) {
                reject(record, "readingDate", "time",
                       fmt::format("meter {} has a value of {} without a time",
                                   shown(reading.meter), one.field),
                       "Ask for the reading with its date.");
                continue;
            }
            reading.at = *at;
            add_reading(*value, trimmed(value->text), std::move(reading));
        }
    }

    void add_reading(const XmlNode& node, std::string_view text, MultiSpeakReading reading) {
        const auto value = parse_xml_number(text);
        const auto in_units = value ? scaled(*value, reading.power) : std::nullopt;
        if (!in_units || !is_meter_value(*value) || !is_meter_value(*in_units)) {
            return reject(node, node.name, "value",
                          text.empty() ? fmt::format("meter {} has a value of {} that is empty",
                                                     shown(reading.meter), shown(reading.field))
                                       : fmt::format("the value is {}", shown(text)),
                          "It is a number that a meter can show.");
        }
        reading.value = *value;
        message().readings.push_back(std::move(reading));
    }

    void take_value(const XmlNode& node, const MultiSpeakReading& common,
                    const std::optional<XmlTime>& read_at) {
        const Meaning meaning = multispeak::meaning_of(node);
        if (!meaning.rule.empty()) {
            return reject(node, meaning.rule == "direction" ? "fieldName" : "readingType",
                          meaning.rule, meaning.message, meaning.remedy);
        }
        if (node.value("units").empty() && meaning.quantity.starts_with("UOM:")) {
            return reject(node, "units", "units", "a value has no units",
                          "Ask for the reading with its units.");
        }
        MultiSpeakReading reading = common;
        reading.line = node.line;
        const std::string_view field = node.value("fieldName");
        reading.field = field.empty() ? node.value("name") : field;
        reading.quantity = meaning.quantity;
        reading.kind = meaning.kind;
        reading.power = meaning.power;
        reading.minutes = meaning.minutes;
        if (std::string quality = multispeak::quality_of(node); !quality.empty()) {
            reading.qualities.push_back(std::move(quality));
        }
        const char* own = node.value("timeStamp").empty() ? "dateTime" : "timeStamp";
        const auto at = node.value(own).empty() ? read_at : time_of(node, node, own);
        if (!at) {
            if (node.value(own).empty()) {
                reject(node, "timeStamp", "time", "a value has no time",
                       "Ask for the reading with its time.");
            }
            return;
        }
        reading.at = *at;
        if (!meaning.has_direction) ++without_direction_;
        add_reading(node, node.value("value"), std::move(reading));
    }

    void take_profile(const XmlNode& node) {
        Profile profile = multispeak::profile_of(node);
        if (!profile.fault.empty()) {
            report(node.line, "profile", "profile",
                   fmt::format("profile {} cannot be used: {}", shown(node.attribute("profileID")),
                               profile.fault),
                   "Ask for the message with the profile repaired.");
        }
        profiles_.insert_or_assign(std::string(node.attribute("profileID")), std::move(profile));
    }

    void take_block(const XmlNode& node) {
        const std::string meter = multispeak::meter_of(node);
        if (!has_meter(node, meter)) return;
        const auto found = profiles_.find(std::string(node.value("profileID")));
        if (found == profiles_.end() || !found->second.fault.empty()) {
            return reject(node, "profileID", "profile",
                          fmt::format("the block of meter {} needs profile {}, which the message "
                                      "{}",
                                      shown(meter), shown(node.value("profileID")),
                                      found == profiles_.end() ? "does not have" : "has wrong"),
                          "Ask for the block with its profile.");
        }
        take_end_readings(node, meter, found->second);
        const XmlNode* data = node.child("dB");
        const XmlNode* columns = data == nullptr ? nullptr : data->child("chs");
        if (columns == nullptr) return;
        const auto start = time_of(node, node, "intervalStart");
        if (!start) return;
        for (const XmlNode& column : columns->children) {
            take_column(column, data->value("cS"), meter, *start, found->second);
        }
    }

    void take_column(const XmlNode& column, std::string_view common, const std::string& meter,
                     const XmlTime& start, const Profile& profile) {
        const auto index = parse_digits(column.value("idx"));
        const auto channel = index ? profile.channels.find(*index) : profile.channels.end();
        if (channel == profile.channels.end()) {
            return reject(column, "idx", "profile",
                          fmt::format("meter {} has channel {}, which the profile does not",
                                      shown(meter), shown(column.value("idx"))),
                          "Ask for the block with its profile.");
        }
        MultiSpeakBlock block{column.line,
                              meter,
                              channel->second.field,
                              channel->second.quantity,
                              channel->second.power,
                              profile.minutes,
                              start,
                              {}};
        const auto shared =
            common.empty() ? std::vector<std::string_view>() : multispeak::cut(common, delimiter_);
        std::size_t bad = 0;
        for (const std::string_view part : multispeak::cut(column.value("d"), delimiter_)) {
            MultiSpeakInterval interval;
            const auto pieces = multispeak::cut(part, statuses_);
            if (pieces.size() > 1) interval.status = pieces[1];
            if (interval.status.empty() && block.intervals.size() < shared.size()) {
                interval.status = shared[block.intervals.size()];
            }
            interval.value = parse_xml_number(pieces[0]);
            const auto in_units =
                interval.value ? scaled(*interval.value, block.power) : std::nullopt;
            if (!in_units || !is_meter_value(*interval.value) || !is_meter_value(*in_units)) {
                bad += pieces[0].empty() ? 0U : 1U;
                interval.value.reset();
            }
            block.intervals.push_back(std::move(interval));
        }
        if (bad > 0) {
            // Which hour a value belongs to is told by its place alone, so none of them counts.
            return reject(column, "d", "value",
                          fmt::format("{} of {} values of meter {} are no numbers", bad,
                                      block.intervals.size(), shown(meter)),
                          "Values are numbers; a missing one is empty.");
        }
        message().blocks.push_back(std::move(block));
    }

    void take_end_readings(const XmlNode& node, const std::string& meter, const Profile& profile) {
        const XmlNode* list = node.child("endReadingList");
        if (list == nullptr) return;
        for (const XmlNode& one : list->children) {
            const auto index = parse_digits(one.value("channelIndex"));
            const auto channel = index ? profile.channels.find(*index) : profile.channels.end();
            if (channel == profile.channels.end()) {
                reject(one, "channelIndex", "profile",
                       fmt::format("meter {} has a reading of channel {}, which the profile lacks",
                                   shown(meter), shown(one.value("channelIndex"))),
                       "Ask for the block with its profile.");
                continue;
            }
            const auto at = time_of(one, one, "readingDate");
            if (!at) continue;
            MultiSpeakReading reading;
            reading.line = one.line;
            reading.meter = meter;
            reading.field = channel->second.field;
            reading.quantity = channel->second.quantity;
            reading.power = channel->second.power;
            reading.at = *at;
            add_reading(one, one.value("reading"), std::move(reading));
        }
    }

    void take_event(const XmlNode& node) {
        MultiSpeakEvent event;
        event.line = node.line;
        event.meter = multispeak::meter_of(node);
        if (!has_meter(node, event.meter)) return;
        if (const XmlNode* what = node.child("meterEvent")) {
            event.code = multispeak::event_code_of(*what);
            event.text = trimmed(what->text);
        }
        add_event(node, "timeStamp", std::move(event));
    }

    void take_outage(const XmlNode& node) {
        MultiSpeakEvent event;
        event.line = node.line;
        event.text = node.value("outageEventType");
        if (const XmlNode* place = node.child("outageLocation")) {
            event.meter = multispeak::meter_of(*place);
        }
        if (event.meter.empty()) event.meter = node.value("outageDetectDeviceID");
        if (!has_meter(node, event.meter)) return;
        add_event(node, "eventTime", std::move(event));
    }

    void add_event(const XmlNode& node, const char* time, MultiSpeakEvent event) {
        if (event.code.empty() && event.text.empty()) {
            return reject(
                node, "meterEvent", "event",
                fmt::format("an event of meter {} does not say what happened", shown(event.meter)),
                "Ask for the event with its code.");
        }
        const auto at = time_of(node, node, time);
        if (!at) return;
        event.at = *at;
        event.name = event_name(event.code, event.text);
        if (event.name.empty()) {
            const std::string what = event.code.empty() ? event.text : event.code;
            const auto place = unknown_.try_emplace(what, node.line, 0).first;
            ++place->second.second;
        }
        message().events.push_back(std::move(event));
    }

    void take_state(const XmlNode& node) {
        MultiSpeakSwitch change;
        change.action = node.value("stateChange");
        change.error = node.attribute("errorString");
        if (change.error.empty()) change.error = node.value("errorString");
        if (!node.value("timestamp").empty()) {
            change.at = time_of(node, node, "timestamp");
            if (!change.at) return;
        }
        add_switch(node, std::move(change));
    }

    void take_switch(const XmlNode& node) {
        MultiSpeakSwitch wanted;
        wanted.action = node.value("loadActionCode");
        wanted.account = node.value("accountNumber");
        wanted.reason = node.value("reasonCode");
        if (wanted.reason.empty()) wanted.reason = node.value("CDReasonCode");
        wanted.amount_due = node.value("amountDue");
        wanted.error = node.attribute("errorString");
        add_switch(node, std::move(wanted));
    }

    void add_switch(const XmlNode& node, MultiSpeakSwitch one) {
        one.line = node.line;
        one.meter = multispeak::meter_of(node);
        if (!has_meter(node, one.meter)) return;
        if (!one.action.empty() && !multispeak::is_action(one.action)) {
            return reject(node, "loadActionCode", "action",
                          fmt::format("the action is {}", shown(one.action)),
                          "It is Connect, Disconnect, Arm or another of the standard's list.");
        }
        if (one.action.empty()) {
            note(node.line, "loadActionCode", "action",
                 fmt::format("what is to become of meter {} is not said", shown(one.meter)),
                 "Ask the sender for the action.");
        }
        if (!one.error.empty()) add_error({node.line, one.meter, one.error, node.name, {}});
        message().switches.push_back(std::move(one));
    }

    void take_error(const XmlNode& node) {
        MultiSpeakError error{node.line,
                              std::string(node.attribute("objectID")),
                              std::string(node.attribute("errorString")),
                              std::string(node.attribute("nounType")),
                              {}};
        if (error.text.empty()) error.text = trimmed(node.text);
        if (const auto moment = node.attribute("eventTime"); !moment.empty()) {
            std::string why;
            error.at = clock_.read(moment, why);
            if (!error.at) report(node.line, "eventTime", "time", std::move(why), time_remedy);
        }
        add_error(std::move(error));
    }

    void finish() {
        if (!walk_.fault().empty()) {
            const bool forbidden = walk_.is_forbidden();
            report(walk_.line(), "XML", forbidden ? "forbidden" : "xml", safe_fault(walk_),
                   forbidden ? "A message has no use for it; ask for it without."
                             : "The message may be cut; ask for it again.");
        } else if (file_.messages.empty() && file_.problems.empty()) {
            report(0, "Body", "empty", "the file holds no message",
                   "Check that the right file was given.");
        }
        for (const auto& [code, place] : unknown_) {
            note(place.first, "meterEvent", "event_unknown",
                 fmt::format("the table has no name for {}, which came {} times", shown(code),
                             place.second),
                 "Add the vendor's code to the table of event codes.");
        }
        if (without_direction_ > 0) {
            note(0, "fieldName", "direction",
                 fmt::format("{} energy values have no direction and are taken as delivered",
                             without_direction_),
                 "Ask the head-end for the direction.");
        }
        if (clock_.local_times() > 0 && !clock_.has_zone()) {
            note(0, "timeStamp", "local_time",
                 fmt::format("{} times have no offset from UTC", clock_.local_times()),
                 "An import reads them by the clock of the utility's zone.");
        }
    }

    XmlWalk walk_;
    XmlClock clock_;
    MultiSpeakFile file_;
    MultiSpeakHeader header_;
    std::vector<std::string> path_;
    std::map<std::string, Profile> profiles_;
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> unknown_;
    std::string statuses_ = "^";
    std::string delimiter_ = ",";
    std::int64_t without_direction_ = 0;
    bool in_message_ = false;
};

}  // namespace

MultiSpeakFile read_multispeak(std::string_view bytes, const MultiSpeakOptions& options) {
    return Reader(bytes, options).read();
}

std::size_t reading_count(const MultiSpeakMessage& message) {
    std::size_t count = message.readings.size();
    for (const MultiSpeakBlock& one : message.blocks) count += one.intervals.size();
    return count;
}

bool is_on_demand(const MultiSpeakMessage& message) {
    return message.method == "ReadingChangedNotification" && !message.transaction.empty();
}

}  // namespace watthour::formats
