// SPDX-License-Identifier: Apache-2.0
// Statements of the meter data room: files of single intervals, validation, decisions.
#include "app/change_work.hpp"
#include "app/decide_reads.hpp"
#include "app/enter_reads.hpp"
#include "app/validate_reads.hpp"
#include "formats/cmep.hpp"
#include "metering/measured_quantity.hpp"
#include "stage.hpp"

namespace watthour::scenarios {
namespace {

metering::ChannelAddress intervals_of(Stage& stage, const std::string& serial) {
    for (auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial == serial && address.interval_minutes > 0) return address;
    }
    throw NotUnderstood("meter " + serial + " has no intervals");
}

/// `sends M-77 at 2026-06-02T18:00 wh 9600`: a file of the head end with one interval.
void send(Stage& stage, Words& words) {
    const std::string serial = words.text("a meter");
    const auto channel = intervals_of(stage, serial);
    words.literal("at");
    const Instant from = moment(stage, words.text("a date and time"));
    words.literal("wh");
    formats::CmepRow row;
    row.meter = serial;
    row.units = metering::measured_quantity(channel.code);
    row.interval_seconds = channel.interval_minutes * 60;
    row.multiplier = Decimal(1, 0);
    formats::CmepValue value;
    value.end = from + row.interval_seconds;
    value.quality = 'R';
    value.value = Decimal(words.whole("watt-hours"), 3);
    row.values.push_back(value);
    std::string bytes;
    formats::append_cmep_row(bytes, row);
    app::ImportRequest request{"cmep", "late.cmep", stage.today, false, bytes, ""};
    stage.before_step();
    auto outcome = app::import_file(stage.office(), request);
    if (stage.took(outcome)) stage.import = *std::move(outcome);
}

/// `validate until 2026-06-08`
void validate(Stage& stage, Words& words) {
    words.literal("until");
    app::ValidationRequest request;
    request.until = words.date();
    stage.before_step();
    auto outcome = app::validate_reads(stage.office(), request);
    if (stage.took(outcome)) stage.validation = *std::move(outcome);
}

/// `decide spike of M-77 as estimate because "..."`: the open finding of that check.
void decide(Stage& stage, Words& words) {
    const std::string check = words.text("a check");
    words.literal("of");
    const std::string serial = words.text("a meter");
    words.literal("as");
    app::ReadsDecision decision;
    decision.as = words.text("a decision");
    if (words.maybe("until")) decision.until = words.date();
    words.literal("because");
    decision.why = words.text("a reason");
    for (const auto& item : stage.office().work().list("open")) {
        const auto finding = app::finding_subject(item);
        if (finding && finding->serial == serial && item.cause == "vee." + check) {
            decision.item = std::to_string(item.id.value);
        }
    }
    if (decision.item.empty()) throw NotUnderstood("meter " + serial + " has no open " + check);
    stage.before_step();
    (void)stage.took(app::decide_reads(stage.office(), decision));
}

/// `reopen spike of M-77 because "..."`: the decision is taken back.
void reopen(Stage& stage, Words& words) {
    const std::string check = words.text("a check");
    words.literal("of");
    const std::string serial = words.text("a meter");
    words.literal("because");
    app::ItemChange change{"", "reopened", "", words.text("a reason")};
    for (const auto& item : stage.office().work().list("resolved")) {
        const auto finding = app::finding_subject(item);
        if (finding && finding->serial == serial && item.cause == "vee." + check) {
            change.item = std::to_string(item.id.value);
        }
    }
    if (change.item.empty()) throw NotUnderstood("no " + check + " of " + serial + " is decided");
    stage.before_step();
    (void)stage.took(app::change_item(stage.office(), change));
}

/// `edit M-77 at 2026-06-02T18:00 wh 700 because "..."`
void edit(Stage& stage, Words& words) {
    app::ReadsEdit wanted;
    wanted.meter = words.text("a meter");
    words.literal("at");
    wanted.from = moment(stage, words.text("a date and time"));
    words.literal("wh");
    wanted.values.push_back(Energy::watt_hours(words.whole("watt-hours")));
    words.literal("because");
    wanted.why = words.text("a reason");
    stage.before_step();
    (void)stage.took(app::edit_reads(stage.office(), wanted));
}

/// `estimate M-77 on 2026-06-08 because "..."`: a register read that did not come.
void estimate(Stage& stage, Words& words) {
    app::ReadEstimateRequest request;
    request.meter = words.text("a meter");
    words.literal("on");
    request.date = words.date();
    words.literal("because");
    request.why = words.text("a reason");
    stage.before_step();
    (void)stage.took(app::estimate_read(stage.office(), request));
}

/// `enter M-77 on 2026-06-08 04631 customer because "..."`
void enter(Stage& stage, Words& words) {
    app::ReadEntry entry;
    entry.meter = words.text("a meter");
    words.literal("on");
    entry.date = words.date();
    entry.reading = words.text("a read");
    entry.type = words.text("a read type");
    words.literal("because");
    entry.why = words.text("a reason");
    stage.before_step();
    (void)stage.took(app::enter_read(stage.office(), entry));
}

/// `take back M-77 on 2026-06-08 04733 customer because "..."`: an entry of today.
void take_back(Stage& stage, Words& words) {
    app::ReadTakenBack wanted;
    words.literal("back");
    wanted.meter = words.text("a meter");
    words.literal("on");
    wanted.date = words.date();
    wanted.reading = words.text("a read");
    wanted.type = words.text("a read type");
    words.literal("because");
    wanted.why = words.text("a reason");
    stage.before_step();
    (void)stage.took(app::take_read_back(stage.office(), wanted));
}

}  // namespace

bool work_on_reads(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "sends") {
        send(stage, words);
    } else if (verb == "validate") {
        validate(stage, words);
    } else if (verb == "decide") {
        decide(stage, words);
    } else if (verb == "reopen") {
        reopen(stage, words);
    } else if (verb == "edit") {
        edit(stage, words);
    } else if (verb == "estimate") {
        estimate(stage, words);
    } else if (verb == "take") {
        take_back(stage, words);
    } else if (verb == "enter") {
        enter(stage, words);
    } else {
        return false;
    }
    return true;
}

std::string interval_text(Stage& stage, const std::string& serial, Instant at) {
    const auto channel = intervals_of(stage, serial);
    const Date month = stage.office().zone().date_of(at).first_of_month();
    const auto stored = stage.office().meters().blocks({channel.channel}, month, month);
    if (stored.empty()) return "no block";
    const IntervalGrid grid(stage.office().zone(), {month, month.first_of_next_month()},
                            channel.interval_minutes);
    const auto series = metering::BlockView::open(stored.front().bytes)->decode();
    const auto step = static_cast<std::size_t>(grid.step_of(at));
    return std::to_string(series.wh[step]) + " " +
           std::string(1, metering::status_letter(series.status[step]));
}

}  // namespace watthour::scenarios
