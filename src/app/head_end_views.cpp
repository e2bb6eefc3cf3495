// SPDX-License-Identifier: Apache-2.0
// Requests to meters as JSON.
#include "app/errors.hpp"
#include "app/head_end.hpp"
#include "base/text.hpp"
#include "storage/head_end_rows.hpp"

#include <fmt/format.h>

namespace watthour::app {

json::object to_json(const metering::HeadEndRequest& request) {
    return {{"request", std::to_string(request.id.value)},
            {"kind", metering::to_text(request.kind)},
            {"meter", request.serial},
            {"system", request.system},
            {"state", metering::to_text(request.state)},
            {"attempts", request.attempts},
            {"asked_at", to_iso_utc(request.asked_at)},
            {"sent_at", to_iso_utc(request.sent_at)},
            {"expires_at", to_iso_utc(request.expires_at)},
            {"answered_at", request.answered_at ? json::value(to_iso_utc(*request.answered_at))
                                                : json::value(nullptr)},
            {"result", request.result},
            {"by", request.by},
            {"why", request.why}};
}

json::object to_json(const AskedMeter& asked, bool dry_run) {
    auto object = to_json(asked.request);
    object["joined"] = asked.joined;
    object["dry_run"] = dry_run;
    return object;
}

json::object to_json(const HeadEndOutcome& outcome) {
    auto object = to_json(outcome.request);
    object["event"] = metering::to_text(outcome.event);
    object["note"] = outcome.note;
    return object;
}

json::object to_json(const HeadEndPoll& poll) {
    return {{"sent_again", poll.sent_again}, {"timed_out", poll.timed_out}, {"open", poll.open}};
}

Result<HeadEndPage> list_head_end(Office& office, const std::string& state,
                                  const std::string& serial, const std::string& after,
                                  std::size_t most, bool changes) {
    metering::HeadEndFilter filter;
    if (!state.empty()) {
        filter.state = metering::head_end_state_of(state);
        if (!filter.state) {
            return Error(errors::head_end_state_unknown, {{"state", state.substr(0, 40)}});
        }
    }
    filter.serial = serial;
    if (!after.empty()) {
        const auto id = parse_integer(after);
        if (!id) return Error(errors::place_malformed, {});
        filter.before = {*id};
    }
    filter.most = most + 1;
    storage::HeadEndRows rows(office.database());
    auto found = rows.list(filter);
    HeadEndPage page;
    page.more = found.size() > most;
    if (page.more) found.resize(most);
    if (!found.empty()) page.last = std::to_string(found.back().id.value);
    for (const auto& request : found) {
        auto row = to_json(request);
        if (changes) {
            json::array list;
            for (const auto& change : rows.changes(request.id)) {
                list.push_back(json::object{{"at", to_iso_utc(change.at)},
                                            {"event", metering::to_text(change.event)},
                                            {"note", change.note},
                                            {"by", change.by}});
            }
            row["changes"] = std::move(list);
        }
        page.rows.push_back(std::move(row));
    }
    return page;
}

}  // namespace watthour::app
