// SPDX-License-Identifier: Apache-2.0
// What meters report of themselves, from every format that carries it.
#include "app/import_parts.hpp"
#include "formats/event_codes.hpp"
#include "metering/meter_event.hpp"
#include "storage/event_rows.hpp"
#include "storage/meter_shop_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

namespace watthour::app {
namespace {

/// What was sent beside the code, in words.
std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        if (part.empty()) continue;
        text += text.empty() ? "" : ", ";
        text += part;
    }
    return text;
}

class EventsImport {
public:
    EventsImport(Office& office, ImportOutcome& outcome)
        : office_(office), outcome_(outcome), shop_(office.database()) {}

    void take(const SentEvent& sent) {
        ++outcome_.file.records;
        const auto meter = meter_of(sent.meter);
        if (!meter) {
            unknown_meter(sent);
            return;
        }
        events_.push_back(
            {*meter, sent.at, sent.code, sent.name, sent.detail, {outcome_.file.id}, sent.line});
        outcome_.took(sent.line);
    }

    void reject(std::int64_t line, const char* field, const std::string& message) {
        ++outcome_.file.records;
        ++outcome_.file.rejected;
        note(line, field, "metering.event_without_moment", message);
    }

    void write() {
        const std::int64_t added = storage::EventRows(office_.database()).add(events_);
        outcome_.file.posted += added;
        outcome_.file.repeated += static_cast<std::int64_t>(events_.size()) - added;
        outcome_.events += added;
        outcome_.work_items += office_.work().open(items_);
    }

private:
    std::optional<metering::MeterId> meter_of(const std::string& serial) {
        const auto [at, fresh] = meters_.try_emplace(serial);
        if (fresh) {
            if (const auto meter = shop_.find(serial)) at->second = meter->id;
        }
        return at->second;
    }

    void note(std::int64_t line, const char* field, const char* rule, const std::string& message) {
        outcome_.problems.push_back(
            {line, field, rule, message, "Repair the row and bring it in as a file of its own."});
        outcome_.raw.resize(outcome_.problems.size());
    }

    void unknown_meter(const SentEvent& sent) {
        ++outcome_.file.parked;
        note(sent.line, "meter", "metering.meter_unknown",
             fmt::format("meter {} is not in the inventory", sent.meter));
        // Of a message the event is kept as an alarm of CMEP; of a file of lines its line is.
        std::string at = to_iso_utc(sent.at);
        std::erase_if(at, [](char c) { return c < '0' || c > '9'; });
        outcome_.raw.back() = fmt::format("MLA01,20080501,,,,,{},{},OK,E,{}", at.substr(0, 12),
                                          sent.meter, sent.code);
        items_.push_back(file_work_item(
            outcome_, "unknown_meter", "metering.meter_unknown", sent.meter,
            worklist::stored(
                worklist::tell("told.import.event_unknown_meter",
                               {{"file", outcome_.file.name},
                                {"line", std::to_string(sent.line)},
                                {"meter", sent.meter},
                                {"event", sent.name.empty() ? sent.code : sent.name}})),
            worklist::stored(worklist::tell("told.import.unknown_meter.next")), Money()));
    }

    Office& office_;
    ImportOutcome& outcome_;
    storage::MeterShopRows shop_;
    std::map<std::string, std::optional<metering::MeterId>> meters_;
    std::vector<metering::MeterEvent> events_;
    std::vector<worklist::WorkItem> items_;
};

}  // namespace

void take_events(Office& office, const formats::IecFile& file, ImportOutcome& outcome) {
    EventsImport import(office, outcome);
    for (const auto& message : file.messages) {
        for (const auto& e : message.events) {
            import.take({e.line, e.meter, e.created.at, e.code, e.name,
                         joined({e.severity, e.status, e.reason})});
        }
    }
    import.write();
}

void take_events(Office& office, const formats::MultiSpeakFile& file, ImportOutcome& outcome) {
    EventsImport import(office, outcome);
    for (const auto& message : file.messages) {
        for (const auto& e : message.events) {
            const bool coded = !e.code.empty();
            import.take({e.line, e.meter, e.at.at, coded ? e.code : e.text, e.name,
                         coded ? e.text : std::string()});
        }
    }
    import.write();
}

void take_events(Office& office, const formats::CmepFile& file, ImportOutcome& outcome) {
    EventsImport import(office, outcome);
    for (const auto& alarm : file.alarms) {
        const auto at = formats::cmep_moment(alarm.created);
        if (!at) {
            import.reject(alarm.line, "created",
                          fmt::format("meter {}: the alarm's time {} is none of the form "
                                      "CCYYMMDDHHMM",
                                      alarm.meter, alarm.created.substr(0, 40)));
            continue;
        }
        std::string code;
        std::string_view name;
        for (const auto& field : alarm.fields) {
            code += (code.empty() ? "" : ",") + field;
            if (name.empty()) name = formats::event_name(field, field);
        }
        import.take({alarm.line, alarm.meter, *at, code, std::string(name), alarm.sender});
    }
    import.write();
}

}  // namespace watthour::app
