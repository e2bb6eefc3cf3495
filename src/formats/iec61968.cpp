// SPDX-License-Identifier: Apache-2.0
#include "formats/iec61968.hpp"

#include "base/text.hpp"
#include "formats/event_codes.hpp"
#include "formats/iec61968_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::formats {

namespace {

using Event = XmlWalk::Event;
using iec61968::PendingReading;
using iec61968::PendingSeries;

constexpr std::string_view payloads[] = {"MeterReadings", "EndDeviceEvents", "EndDeviceControls"};
constexpr std::string_view meters[] = {"Meter",      "MeterAsset", "EndDevice", "EndDeviceAsset",
                                       "EndDevices", "Assets",     "Asset"};
constexpr std::string_view points[] = {"UsagePoint", "ServiceDeliveryPoint", "UsagePoints"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

class Reader {
public:
    Reader(std::string_view bytes, const IecOptions& options)
        : walk_(bytes), clock_(options.zone) {}

    IecFile read() {
        for (Event event = walk_.next(); event != Event::done; event = walk_.next()) {
            if (event == Event::start) {
                start();
            } else if (event == Event::end) {
                end();
            }
        }
        finish();
        return std::move(file_);
    }

private:
    void report(std::int64_t line, const char* field, const std::string& rule, std::string message,
                std::string remedy) {
        file_.problems.push_back(
            {line, field, "iec61968." + rule, std::move(message), std::move(remedy)});
    }

    /// A problem of the record, at the line of the field where it has one.
    void reject(const XmlNode& node, const char* field, const std::string& rule,
                std::string message, std::string remedy) {
        const XmlNode* part = node.child(field);
        const std::int64_t line = part == nullptr ? node.line : part->line;
        report(line, field, rule, std::move(message), std::move(remedy));
        file_.rejected.push_back({line, raw_text(node)});
    }

    void note(std::int64_t line, const char* field, const char* rule, std::string message,
              std::string remedy) {
        file_.notes.push_back(
            {line, field, std::string("iec61968.") + rule, std::move(message), std::move(remedy)});
    }

    /// The element in hand whole; its end does not come as an event of ours.
    std::optional<XmlNode> node() { return read_node(walk_); }

    void start() {
        const std::string name(walk_.name());
        if (path_.empty() && !is_root(name)) {
            report(walk_.line(), "root", "root",
                   fmt::format("the file is a {}, not a message", shown(name)),
                   "Check that the right file was given.");
        }
        const std::string above = path_.empty() ? "" : path_.back();
        // The header of the envelope holds passwords; the message has a header of its own.
        if (name == "Header" && above == "Envelope") {
            node();
            return;
        }
        if (in_reading_ ? start_in_reading(name, above) : start_in_message(name, above)) return;
        path_.push_back(name);
    }

    static bool is_root(std::string_view name) {
        return name == "Envelope" || name.ends_with("Message") || is_one_of(name, payloads);
    }

    IecMessage& message() {
        if (!in_message_) {
            file_.messages.emplace_back().line = walk_.line();
            in_message_ = true;
        }
        return file_.messages.back();
    }

    /// True where the element was taken whole.
    bool start_in_message(const std::string& name, const std::string& above) {
        if (name.ends_with("Message") && (path_.empty() || above == "Body")) {
            end_message();
            message().kind = name;
            return false;
        }
        if (name == "Header" || name == "Reply" || name == "Fault") {
            const auto taken = node();
            if (!taken) return true;
            if (name == "Header") take_header(*taken);
            if (name == "Reply") take_reply(*taken);
            if (name == "Fault") take_fault(*taken);
            return true;
        }
        if (name == "GetMeterReadings") {
            if (const auto taken = node()) take_asked(*taken);
            return true;
        }
        if (is_one_of(name, payloads)) message();
        if (name == "MeterReading") {
            message();
            in_reading_ = true;
            reading_ = {};
            reading_.line = walk_.line();
        } else if (name == "EndDeviceEvent" || name == "EndDeviceControl") {
            if (const auto taken = node()) {
                if (name == "EndDeviceEvent") {
                    if (auto event = event_of(*taken, "", "")) {
                        message().events.push_back(std::move(*event));
                    }
                } else {
                    take_control(*taken);
                }
            }
            return true;
        } else if (name == "ReadingType" && above == "MeterReadings") {
            if (const auto taken = node()) {
                types_[iec61968::identity_of(*taken, false)] = iec61968::dotted_name_of(*taken);
            }
            return true;
        }
        return false;
    }

    bool start_in_reading(const std::string& name, const std::string& above) {
        const bool in_block = above == "IntervalBlocks";
        if (name == "IntervalBlocks") {
            reading_.series.emplace_back().line = walk_.line();
            return false;
        }
        if (in_block && (name == "IntervalReadings" || name == "IntervalReading")) {
            if (const auto taken = node()) take_reading(*taken, reading_.series.back());
        } else if (in_block && name == "ReadingType") {
            if (const auto taken = node()) {
                reading_.series.back().type = iec61968::reference_of(*taken);
            }
        } else if (name == "Readings" || name == "Reading") {
            if (const auto taken = node()) take_single(*taken);
        } else if (is_one_of(name, meters)) {
            if (const auto taken = node()) reading_.meter = iec61968::identity_of(*taken, true);
        } else if (is_one_of(name, points)) {
            if (const auto taken = node()) {
                reading_.usage_point = iec61968::identity_of(*taken, true);
            }
        } else if (name == "EndDeviceEvents" || name == "EndDeviceEvent") {
            if (auto taken = node()) {
                if (taken->child("EndDeviceEvent") == nullptr) {
                    reading_.events.push_back(std::move(*taken));
                } else {
                    for (XmlNode& one : taken->children) reading_.events.push_back(std::move(one));
                }
            }
        } else {
            return false;
        }
        return true;
    }

    void end() {
        const std::string name(walk_.name());
        if (!path_.empty()) path_.pop_back();
        if (in_reading_ && name == "MeterReading") {
            end_reading();
        } else if (in_message_ && name == file_.messages.back().kind) {
            end_message();
        }
    }

    void take_header(const XmlNode& node) {
        IecHeader& header = message().header;
        const auto text = [&](const char* name) { return std::string(node.value(name)); };
        header.verb = text("Verb");
        header.noun = text("Noun");
        header.revision = text("Revision");
        header.timestamp = text("Timestamp");
        header.source = text("Source");
        header.message_id = text("MessageID");
        header.correlation_id = text("CorrelationID");
        header.reply_address = without_credentials(node.value("ReplyAddress"));
        const std::string flag = lower_case(node.value("AsyncReplyFlag"));
        header.wants_later_answer = flag == "true" || flag == "1";
        if (header.verb.empty() || header.noun.empty()) {
            report(node.line, header.verb.empty() ? "Verb" : "Noun", "header",
                   fmt::format("the header says {} {}", shown(header.verb), shown(header.noun)),
                   "A message says what it does and to what; ask for it again.");
        }
        if (!header.timestamp.empty() && !parse_xml_time(header.timestamp)) {
            report(node.line, "Timestamp", "timestamp",
                   fmt::format("the header is of {}", shown(header.timestamp)),
                   "Times are written 2026-03-08T08:15:00-06:00.");
        }
    }

    void take_asked(const XmlNode& node) {
        for (const XmlNode& one : node.children) {
            if (is_one_of(one.name, meters)) {
                message().asked_meters.push_back(iec61968::identity_of(one, true));
            } else if (one.name == "ReadingType") {
                std::string type = iec61968::dotted_name_of(one);
                if (type.empty()) type = iec61968::reference_of(one);
                message().asked_types.push_back(std::move(type));
            }
        }
    }

    void take_reply(const XmlNode& node) {
        IecReply reply = iec61968::reply_of(node);
        const bool known =
            reply.result == "OK" || reply.result == "PARTIAL" || reply.result == "FAILED";
        if (!known) {
            report(node.line, "Result", "reply",
                   fmt::format("the result is {}", shown(reply.result)),
                   "It is OK, PARTIAL or FAILED, or a code such as 0.0.");
        }
        const auto failed =
            std::find_if(reply.errors.begin(), reply.errors.end(),
                         [](const IecError& one) { return !one.code.starts_with("0."); });
        if (reply.result == "OK" && failed != reply.errors.end()) {
            report(
                failed->line, "Error", "reply",
                fmt::format("the result is OK and error {} stands beside it", shown(failed->code)),
                "Ask the head-end what became of the request.");
        }
        if (known && reply.result != "OK") {
            note(node.line, "Result", "reply",
                 fmt::format("the answer is {}{}", reply.result, iec61968::told(reply.errors)),
                 "Ask for what is missing once more, or look at the meters named.");
        }
        message().reply = std::move(reply);
    }

    void take_fault(const XmlNode& node) {
        IecReply reply;
        reply.line = node.line;
        reply.result = "FAILED";
        reply.errors.push_back({node.line, std::string(node.value("faultcode")), "",
                                std::string(node.value("faultstring")), ""});
        note(node.line, "Fault", "reply",
             fmt::format("the answer is a fault: {}", shown(node.value("faultstring"))),
             "Look at the request that this answers.");
        message().reply = std::move(reply);
    }

    void take_single(const XmlNode& node) {
        const XmlNode* type = node.child("ReadingType");
        const std::string reference = type == nullptr ? "" : iec61968::reference_of(*type);
        const std::string reason(node.value("reason"));
        // Neighbours of one type are one series.
        if (reading_.series.empty() || !reading_.series.back().is_single ||
            reading_.series.back().type != reference || reading_.series.back().reason != reason) {
            PendingSeries& series = reading_.series.emplace_back();
            series.line = node.line;
            series.type = reference;
            series.reason = reason;
            series.is_single = true;
        }
        take_reading(node, reading_.series.back());
    }

    void take_reading(const XmlNode& node, PendingSeries& series) {
        PendingReading reading;
        reading.line = node.line;
        std::string bad;
        if (!iec61968::take_qualities(node, reading, bad)) {
            return reject(node, "ReadingQualityType", "quality",
                          fmt::format("the quality is {}", shown(bad)),
                          "A quality is system.category.index, as 1.0.0 for a valid value.");
        }
        const std::string_view text = node.value("value");
        const auto value = parse_xml_number(text);
        if (text.empty() && iec61968::is_missing(reading.qualities)) {
            reading.value = Decimal();
        } else if (text.empty()) {
            return reject(node, "value", "value", "a reading has no value",
                          "A missing value has the quality 1.5.259; ask for the reading again.");
        } else if (!value || !is_meter_value(*value)) {
            return reject(node, "value", "value", fmt::format("the value is {}", shown(text)),
                          "It is a number that a meter can show.");
        } else {
            reading.value = *value;
        }
        if (!take_times(node, reading)) return;
        series.readings.push_back(std::move(reading));
    }

    bool take_times(const XmlNode& node, PendingReading& reading) {
        const auto take = [&](const XmlNode& in, const char* name, std::optional<XmlTime>& time) {
            const std::string_view text = in.value(name);
            if (text.empty()) return true;
            std::string why;
            time = clock_.read(text, why);
            if (time) return true;
            reject(node, name, parse_xml_time(text) ? "local_time" : "time", std::move(why),
                   "Times are written 2026-03-08T08:15:00-06:00.");
            return false;
        };
        if (!take(node, "timeStamp", reading.stamp)) return false;
        if (const XmlNode* period = node.child("timePeriod")) {
            if (!take(*period, "start", reading.start) || !take(*period, "end", reading.end)) {
                return false;
            }
        }
        if (reading.stamp || reading.start || reading.end) return true;
        reject(node, "timeStamp", "time", "a reading says no time", "Ask for the reading again.");
        return false;
    }

    void end_reading() {
        in_reading_ = false;
        for (const XmlNode& one : reading_.events) {
            if (auto event = event_of(one, reading_.meter, reading_.usage_point)) {
                message().events.push_back(std::move(*event));
            }
        }
        for (PendingSeries& series : reading_.series) {
            series.meter = reading_.meter;
            series.usage_point = reading_.usage_point;
            pending_.push_back(std::move(series));
        }
        reading_ = {};
    }

    /// Types that are defined in the message stand behind the readings, so all are met here.
    void end_message() {
        if (!in_message_) return;
        for (PendingSeries& series : pending_) place(series);
        pending_.clear();
        types_.clear();
        const IecMessage& last = file_.messages.back();
        const std::string& noun = last.header.noun;
        const std::array<bool, 3> has = {!last.series.empty(), !last.events.empty(),
                                         !last.controls.empty()};
        for (std::size_t i = 0; i < std::size(payloads); ++i) {
            // Readings may bring their events with them.
            if (noun != payloads[i] || has[i] || (!has[0] && !has[1] && !has[2])) continue;
            report(last.line, "Noun", "noun",
                   fmt::format("the header says {}, the payload holds {}", noun,
                               has[0]   ? "readings"
                               : has[1] ? "events"
                                        : "controls"),
                   "Ask the head-end which of both was meant.");
        }
        if (!noun.empty() && !is_one_of(noun, payloads)) {
            note(last.line, "Noun", "noun", fmt::format("nothing is read from {}", shown(noun)),
                 "Readings, events and controls of meters are read.");
        }
        in_message_ = false;
    }

    void reject_all(const PendingSeries& series, const char* field, const std::string& rule,
                    std::string message, std::string remedy) {
        report(series.line, field, rule, std::move(message), std::move(remedy));
        for (const PendingReading& one : series.readings) {
            file_.rejected.push_back({one.line, iec61968::raw_of(series, one)});
        }
    }

    void place(PendingSeries& pending) {
        if (pending.readings.empty()) return;
        if (pending.meter.empty() && pending.usage_point.empty()) {
            return reject_all(pending, "Meter", "meter", "the readings name no meter",
                              "Ask for the readings with their meter.");
        }
        std::string reference = pending.type;
        if (const auto defined = types_.find(reference); defined != types_.end()) {
            reference = defined->second.empty() ? reference : defined->second;
        }
        ReadingTypeFault fault;
        const auto type = parse_reading_type(reference, fault);
        if (!type) {
            return reject_all(
                pending, "ReadingType", fault.rule,
                reference.empty() ? "the readings have no reading type" : std::move(fault.message),
                std::move(fault.remedy));
        }
        if (!type->has_direction) {
            note(pending.line, "ReadingType", "direction",
                 fmt::format("{} has no direction, so it is taken as delivered", reference),
                 "Ask the head-end for the direction.");
        }
        IecSeries series;
        series.line = pending.line;
        series.meter = std::move(pending.meter);
        series.usage_point = std::move(pending.usage_point);
        series.reading_type = std::move(reference);
        series.type = *type;
        series.minutes = type->minutes;
        series.reason = std::move(pending.reason);
        for (PendingReading& one : pending.readings) settle(pending, one, series);
        if (!series.readings.empty()) message().series.push_back(std::move(series));
    }

    /// The moment of a reading, once its type is known.
    void settle(const PendingSeries& pending, PendingReading& one, IecSeries& series) {
        const auto bad = [&](const char* field, const char* rule, std::string what,
                             const char* how) {
            report(one.line, field, rule, std::move(what), how);
            file_.rejected.push_back({one.line, iec61968::raw_of(pending, one)});
        };
        const auto in_units = scaled(one.value, series.type.power);
        if (!in_units || !is_meter_value(*in_units)) {
            return bad("value", "value",
                       fmt::format("{} x 10^{} {} is no value of a meter", one.value.to_string(),
                                   series.type.power, series.type.quantity),
                       "A value has at most 12 digits before the point and 6 behind it.");
        }
        XmlTime at = one.stamp ? *one.stamp : one.end ? *one.end : *one.start;
        if (series.type.kind == ReadingKind::interval) {
            std::int64_t seconds = std::int64_t{series.minutes} * 60;
            if (one.start && one.end) {
                const std::int64_t stated = one.end->at - one.start->at;
                if (stated <= 0 || (seconds != 0 && stated != seconds)) {
                    return bad("timePeriod", "time_period",
                               fmt::format("the time period has {} s, an interval of {} minutes "
                                           "has {} s",
                                           stated, series.minutes, seconds),
                               "The reading type and the period disagree; ask for both again.");
                }
                if (seconds == 0 && stated % 60 == 0 && stated <= 400 * 86'400) {
                    series.minutes = static_cast<int>(stated / 60);
                    seconds = stated;
                }
            }
            if (seconds == 0) {
                return bad("ReadingType", "interval",
                           fmt::format("the reading type {} says no length, nor does a period",
                                       series.reading_type),
                           "An interval has a measuring period in its type, or start and end.");
            }
            if (one.end) {
                at = *one.end;
            } else if (one.start && !one.stamp) {
                at = {one.start->at + seconds, one.start->is_local};
            }
        }
        series.readings.push_back({one.line, at, one.value, std::move(one.qualities)});
    }

    std::optional<IecEvent> event_of(const XmlNode& node, const std::string& meter,
                                     const std::string& usage_point) {
        IecEvent event;
        event.line = node.line;
        event.code = iec61968::code_of(node, "EndDeviceEventType");
        if (const XmlNode* status = node.child("status")) {
            event.status = status->children.empty() ? std::string(trimmed(status->text))
                                                    : std::string(status->value("value"));
        }
        event.name = event_name(event.code, event.status);
        event.reason = node.value("reason");
        event.severity = node.value("severity");
        event.meter = iec61968::identity_in(node, meters, std::size(meters), meter);
        event.usage_point = iec61968::identity_in(node, points, std::size(points), usage_point);
        if (!is_event_code(event.code) && event.name.empty()) {
            reject(node, "EndDeviceEventType", "event_type",
                   fmt::format("the event is {}", shown(event.code)),
                   "An event is four numbers: device.domain.subdomain.action.");
            return std::nullopt;
        }
        if (event.meter.empty() && event.usage_point.empty()) {
            reject(node, "Assets", "meter", "the event names no meter",
                   "Ask for the event with its meter.");
            return std::nullopt;
        }
        const XmlNode* status = node.child("status");
        std::string_view moment = node.value("createdDateTime");
        if (moment.empty() && status != nullptr) moment = status->value("dateTime");
        std::string why = "the event says no time";
        const auto created = moment.empty() ? std::nullopt : clock_.read(moment, why);
        if (!created) {
            reject(node, "createdDateTime", "time", std::move(why),
                   "Times are written 2026-03-08T08:15:00-06:00.");
            return std::nullopt;
        }
        event.created = *created;
        if (event.name.empty()) count_unknown(event.code, node.line);
        return event;
    }

    void take_control(const XmlNode& node) {
        IecControl control;
        control.line = node.line;
        control.code = iec61968::code_of(node, "EndDeviceControlType");
        control.name = control_name(control.code);
        control.meter = iec61968::identity_in(node, meters, std::size(meters), "");
        control.usage_point = iec61968::identity_in(node, points, std::size(points), "");
        if (!is_event_code(control.code)) {
            return reject(node, "EndDeviceControlType", "control_type",
                          fmt::format("the control is {}", shown(control.code)),
                          "A control is four numbers: device.domain.subdomain.action.");
        }
        if (control.meter.empty() && control.usage_point.empty()) {
            return reject(node, "EndDevices", "meter", "the control names no meter",
                          "Ask for the control with its meter.");
        }
        if (control.name.empty()) count_unknown(control.code, node.line);
        message().controls.push_back(std::move(control));
    }

    void count_unknown(const std::string& code, std::int64_t line) {
        const auto [place, fresh] = unknown_.try_emplace(code, line, 0);
        ++place->second.second;
    }

    void finish() {
        std::size_t lost = 0;
        for (const PendingSeries& one : reading_.series) lost += one.readings.size();
        if (in_reading_) lost_readings(lost);
        end_message();
        if (!walk_.fault().empty()) {
            const bool forbidden = walk_.is_forbidden();
            report(walk_.line(), "XML", forbidden ? "forbidden" : "xml",
                   lost == 0 ? safe_fault(walk_)
                             : fmt::format("{}; {} readings before it belong to no meter yet",
                                           safe_fault(walk_), lost),
                   forbidden ? "A message has no use for it; ask for it without."
                             : "The message may be cut; ask for it again.");
        } else if (file_.messages.empty() && file_.problems.empty()) {
            report(0, "Message", "empty", "the file holds no message",
                   "Check that the right file was given.");
        }
        for (const auto& [code, place] : unknown_) {
            note(place.first, "type", "event_unknown",
                 fmt::format("the table has no name for {}, which came {} times", shown(code),
                             place.second),
                 "Add the vendor's code to the table of event codes.");
        }
        if (clock_.local_times() > 0 && !clock_.has_zone()) {
            note(0, "timeStamp", "local_time",
                 fmt::format("{} times have no offset from UTC", clock_.local_times()),
                 "An import reads them by the clock of the utility's zone.");
        }
    }

    /// What stood in a reading whose end was cut off.
    void lost_readings(std::size_t lost) {
        if (lost == 0) return;
        for (const PendingSeries& series : reading_.series) {
            for (const PendingReading& one : series.readings) {
                file_.rejected.push_back({one.line, iec61968::raw_of(series, one)});
            }
        }
    }

    struct Collected {
        std::int64_t line = 0;
        std::string meter;
        std::string usage_point;
        std::vector<PendingSeries> series;
        std::vector<XmlNode> events;
    };

    XmlWalk walk_;
    XmlClock clock_;
    IecFile file_;
    std::vector<std::string> path_;
    Collected reading_;
    std::vector<PendingSeries> pending_;
    std::map<std::string, std::string> types_;  ///< dotted names by the reference in use
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> unknown_;
    bool in_message_ = false;
    bool in_reading_ = false;
};

}  // namespace

IecFile read_iec61968(std::string_view bytes, const IecOptions& options) {
    return Reader(bytes, options).read();
}

std::size_t reading_count(const IecMessage& message) {
    std::size_t count = 0;
    for (const IecSeries& one : message.series) count += one.readings.size();
    return count;
}

}  // namespace watthour::formats
