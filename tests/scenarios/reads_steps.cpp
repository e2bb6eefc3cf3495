// SPDX-License-Identifier: Apache-2.0
// Statements of the meter data room: files of single intervals, validation, decisions.
#include "app/change_work.hpp"
#include "app/decide_reads.hpp"
#include "app/enter_reads.hpp"
#include "app/job_order.hpp"
#include "app/meter_shop.hpp"
#include "app/reads_came.hpp"
#include "app/validate_reads.hpp"
#include "app/work_jobs.hpp"
#include "formats/cmep.hpp"
#include "metering/measured_quantity.hpp"
#include "stage.hpp"
#include "tariff/catalogue.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace watthour::scenarios {
namespace {

metering::ChannelAddress intervals_of(Stage& stage, const std::string& serial) {
    for (auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial == serial && address.interval_minutes > 0) return address;
    }
    throw NotUnderstood("meter " + serial + " has no intervals");
}

/// `sends M-77 at 2026-06-02T18:00 wh 9600 [times 24] [flags 512] [every-flags 2] [multiplier 40]
/// [length 15] [created DThh:mm]`: a file of the head end with one interval, or with the same so
/// many times; its first, or each, has the flags.
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
    formats::CmepValue value;
    value.end = from + row.interval_seconds;
    value.quality = 'R';
    value.value = Decimal(words.whole("watt-hours"), 3);
    row.values.push_back(value);
    const std::int64_t times = words.maybe("times") ? words.whole("a count") : 1;
    for (std::int64_t i = 1; i < times; ++i) {
        row.values.push_back(row.values.back());
        row.values.back().end = row.values.back().end + row.interval_seconds;
    }
    if (words.maybe("flags")) {
        row.values.front().flags = static_cast<std::uint32_t>(words.whole("flags"));
    }
    if (words.maybe("every-flags")) {
        const auto flags = static_cast<std::uint32_t>(words.whole("flags"));
        for (auto& one : row.values) one.flags = flags;
    }
    row.multiplier = words.maybe("multiplier") ? words.decimal("a multiplier") : Decimal(1, 0);
    if (words.maybe("length")) {
        row.interval_seconds = static_cast<int>(words.whole("minutes")) * 60;
    }
    if (words.maybe("created")) {
        std::string text;
        for (const char c : to_iso_utc(moment(stage, words.text("a date and time")))) {
            if (c >= '0' && c <= '9') text += c;
        }
        row.created = text.substr(0, 12);
    }
    std::string bytes;
    formats::append_cmep_row(bytes, row);
    app::ImportRequest request{"cmep", "late.cmep", stage.today, false, bytes, ""};
    stage.before_step();
    auto outcome = app::import_file(stage.office(), request);
    if (stage.took(outcome)) stage.import = *std::move(outcome);
}

/// `write "NEW" instead "OLD"`, any number of times: vee.yaml of the sample, changed.
std::string changed_rules(Words& words) {
    std::string text;
    for (const EmbeddedFile& one : tariff_files::files()) {
        if (one.name == "vee.yaml") text = std::string(one.text);
    }
    while (words.maybe("write")) {
        const std::string fresh = words.text("the new text");
        words.literal("instead");
        const std::string old = words.text("the old text");
        const auto at = text.find(old);
        if (at == std::string::npos) throw NotUnderstood("vee.yaml does not say " + old);
        text.replace(at, old.size(), fresh);
    }
    return text;
}

/// `validate until 2026-06-08 [by rules write "NEW" instead "OLD"]`
void validate(Stage& stage, Words& words) {
    words.literal("until");
    app::ValidationRequest request;
    request.until = words.date();
    std::optional<tariff::VeeRules> rules;
    if (words.maybe("by")) {
        words.literal("rules");
        auto loaded = tariff::load_vee_rules("vee.yaml", changed_rules(words));
        if (!stage.took(loaded)) return;
        rules = *std::move(loaded);
        request.rules = &*rules;
    }
    stage.before_step();
    auto outcome = app::validate_reads(stage.office(), request);
    if (stage.took(outcome)) stage.validation = *std::move(outcome);
}

/// `night on 2026-06-09 workers 3`: what the clock asks for, done by several workers at once, each
/// with a connection of its own.
void night(Stage& stage, Words& words) {
    words.literal("on");
    const Date date = words.date();
    words.literal("workers");
    const auto workers = static_cast<std::size_t>(words.whole("workers"));
    stage.before_step();
    const auto asked =
        app::submit_job(stage.office(), {"nightly", {{"date", date.to_string()}}, {}, 0});
    if (!stage.took(asked)) return;
    std::vector<std::unique_ptr<app::Office>> offices;
    for (std::size_t i = 0; i < workers; ++i) offices.push_back(stage.another_office());
    std::vector<std::thread> threads;
    for (auto& office : offices) {
        threads.emplace_back([&office = *office] {
            // The others may still have what comes before: as workers do, it looks again.
            for (;;) {
                const auto outcome = app::work_jobs(office, {});
                if (outcome.done + outcome.parked == 0 && office.jobs().workers().empty()) return;
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
    }
    for (auto& thread : threads) thread.join();
}

/// `park validation until 2026-06-09 because "..."`: the night's validation cannot be done.
void park(Stage& stage, Words& words) {
    words.literal("validation");
    words.literal("until");
    const std::string date = words.date().to_string();
    words.literal("because");
    auto& office = stage.office();
    const auto job = app::submit_job(
        office, {"validate_reads", {{"until", date}}, "nightly:" + date + ":validation", 0});
    if (!stage.took(job)) return;
    const auto unit = office.jobs().claim(job->id, "a worker", 0, 100);
    if (!unit) throw NotUnderstood("the validation is under way");
    office.jobs().park(*unit, words.text("a reason"));
}

/// `give-up KIND because "..."`: a person ends a job that will not be done.
void give_up(Stage& stage, Words& words) {
    const std::string kind = words.text("a kind of job");
    words.literal("because");
    const std::string why = words.text("a reason");
    for (const auto& job : stage.office().jobs().list(true)) {
        if (job.kind != kind) continue;
        stage.before_step();
        (void)stage.took(app::give_up_job(stage.office(), job.id, why));
        return;
    }
    throw NotUnderstood("there is no job " + kind + " that is not done");
}

/// `try rules write "NEW" instead "OLD" months 2`: other rules on the reads of the past.
void try_rules(Stage& stage, Words& words) {
    words.literal("rules");
    app::RulesPreviewRequest request;
    request.rules_text = changed_rules(words);
    words.literal("months");
    request.months = static_cast<int>(words.whole("months"));
    stage.before_step();
    auto preview = app::preview_rules(stage.office(), request);
    if (stage.took(preview)) stage.rules_preview = *std::move(preview);
}

/// `capacity 5.0 of panel at M-77 from D because "..."`
void capacity(Stage& stage, Words& words) {
    app::CapacityEntry entry;
    entry.kw = words.decimal("kW");
    words.literal("of");
    entry.kind = words.text("panel or transformer");
    words.literal("at");
    entry.serial = words.text("a meter");
    words.literal("from");
    entry.from = words.date();
    words.literal("because");
    entry.why = words.text("a reason");
    stage.before_step();
    (void)stage.took(app::record_capacity(stage.office(), entry));
}

/// `handed-over M-77 ct 200:5 multiplier 20`: details as an older system kept them, unchecked.
void handed_over(Stage& stage, Words& words) {
    storage::MeterShopRows shop(stage.office().database());
    const auto meter = shop.find(words.text("a meter"));
    if (!meter) throw NotUnderstood("there is no such meter");
    metering::MeterDetails details;
    details.meter = meter->id;
    details.active = {Date::ymd(2020, 1, 1), end_of_time};
    words.literal("ct");
    details.ct_ratio = words.text("a ratio");
    words.literal("multiplier");
    details.multiplier = words.decimal("a multiplier");
    storage::Transaction transaction(stage.office().database(), stage.office().business_date());
    shop.add(std::vector<metering::MeterDetails>{details});
    transaction.commit();
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
    std::optional<Acting> acting;
    if (words.maybe("by")) acting.emplace(stage.office(), words.text("a person"));
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
    } else if (verb == "night") {
        night(stage, words);
    } else if (verb == "park") {
        park(stage, words);
    } else if (verb == "give-up") {
        give_up(stage, words);
    } else if (verb == "try") {
        try_rules(stage, words);
    } else if (verb == "capacity") {
        capacity(stage, words);
    } else if (verb == "handed-over") {
        handed_over(stage, words);
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

std::string change_text(Stage& stage, const std::string& serial, Instant at) {
    const auto channel = intervals_of(stage, serial);
    const auto changes = stage.office().meters().corrections({channel.channel}, at, at + 1);
    return changes.empty() ? std::string() : changes.back().why;
}

namespace {

std::string count_of(const std::string& what, std::int64_t expected, std::int64_t found) {
    if (expected == found) return {};
    return fmt::format("{}: expected {}, found {}; ", what, expected, found);
}

}  // namespace

/// `came 2026-06-10 channels 3 came 1 partly 1 [route 05-01]`: what the board of a morning says.
std::string expect_came(Stage& stage, Words& words) {
    const auto board = app::reads_came(stage.office(), words.date());
    app::ChannelsCame found = board.all;
    std::string wrong;
    while (!words.at_end()) {
        const std::string what = words.text("channels, came, partly or route");
        if (what == "route") {
            const std::string route = words.text("a route");
            for (const auto& one : board.routes) {
                if (one.of == route) found = one;
            }
            if (found.of != route) return "nothing is awaited of route " + route;
            continue;
        }
        const std::int64_t counted = what == "channels" ? found.channels
                                     : what == "came"   ? found.came
                                                        : found.partly;
        wrong += count_of("board: " + what, words.whole("a count"), counted);
    }
    return wrong;
}

/// `silent M-77 KWH-REG on 2026-06-10 days 3 [without power]`.
std::string expect_silent(Stage& stage, Words& words) {
    const std::string serial = words.text("a meter");
    const std::string quantity = words.text("a quantity");
    words.literal("on");
    const Date morning = words.date();
    words.literal("days");
    const std::int64_t days = words.whole("a count");
    const bool without_power = words.maybe("without");
    if (without_power) words.literal("power");
    for (const auto& one : app::reads_came(stage.office(), morning).silent) {
        if (one.serial != serial || one.quantity != quantity) continue;
        if (one.no_power_since.empty() == without_power) {
            return serial + (without_power ? " did not say that" : " said at ") +
                   one.no_power_since + " its power failed";
        }
        return count_of("days of silence of " + serial, days, one.days);
    }
    return serial + " is not silent";
}

}  // namespace watthour::scenarios
