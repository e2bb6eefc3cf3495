// SPDX-License-Identifier: Apache-2.0
#include "app/import_parts.hpp"
#include "formats/handheld.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <map>

namespace watthour::app {

Result<void> import_handheld(Office& office, const std::string& bytes, const ImportRequest&,
                             ImportOutcome& outcome) {
    const formats::HandheldFile file = formats::read_handheld(bytes);
    std::map<std::string, metering::ChannelAddress> registers;
    for (auto& address : office.meters().channel_addresses()) {
        if (address.interval_minutes == 0) registers.emplace(address.serial, std::move(address));
    }
    std::vector<metering::Read> reads;
    std::vector<worklist::WorkItem> items;
    for (const formats::HandheldRead& read : file.reads) {
        ++outcome.file.records;
        const auto found = registers.find(read.meter);
        if (found == registers.end()) {
            ++outcome.file.parked;
            items.push_back(file_work_item(
                outcome, "unknown_meter", "metering.meter_unknown", read.meter,
                worklist::stored(worklist::tell("told.import.handheld_unknown_meter",
                                                {{"file", outcome.file.name},
                                                 {"line", std::to_string(read.line)},
                                                 {"route", read.route},
                                                 {"meter", read.meter}})),
                worklist::stored(worklist::tell("told.import.unknown_meter.next")), Money()));
            continue;
        }
        if (!read.skip_code.empty()) {
            ++outcome.file.parked;
            items.push_back(file_work_item(
                outcome, "read_skipped", "metering.read_skipped",
                read.meter + "|" + read.date.to_string(),
                worklist::stored(
                    worklist::tell("told.import.read_skipped", {{"file", outcome.file.name},
                                                                {"line", std::to_string(read.line)},
                                                                {"route", read.route},
                                                                {"meter", read.meter},
                                                                {"code", read.skip_code}})),
                worklist::stored(worklist::tell("told.import.read_skipped.next")), Money()));
            continue;
        }
        reads.push_back({found->second.channel,
                         read.date,
                         "actual_manual",
                         read.reading,
                         {outcome.file.id},
                         read.line});
    }
    const auto counts = office.meters().add_reads(reads);
    outcome.file.posted = counts.added + counts.different;
    outcome.file.repeated = counts.same;
    outcome.different_reads = counts.different;
    outcome.work_items = office.work().open(items);
    for (const Problem& problem : file.problems) {
        outcome.problems.push_back(problem);
        outcome.raw.emplace_back();
    }
    for (const auto& rejected : file.rejected) {
        ++outcome.file.records;
        ++outcome.file.rejected;
        for (std::size_t i = 0; i < outcome.problems.size(); ++i) {
            if (outcome.problems[i].line == rejected.line) outcome.raw[i] = rejected.raw;
        }
    }
    return {};
}

}  // namespace watthour::app
