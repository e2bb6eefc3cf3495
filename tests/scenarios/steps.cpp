// SPDX-License-Identifier: Apache-2.0
// Statements of the meter room and the billing office: reads, intervals, runs, decisions.
#include "app/change_programs.hpp"
#include "base/text.hpp"
#include "stage.hpp"

#include <algorithm>

namespace watthour::scenarios {
namespace {

using metering::ChannelAddress;
using metering::IntervalSeries;
using metering::IntervalStatus;

ChannelAddress channel_of(Stage& stage, const std::string& serial, bool wants_register) {
    for (auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial == serial && (address.interval_minutes == 0) == wants_register) {
            return address;
        }
    }
    throw NotUnderstood("meter " + serial + " has no such channel");
}

/// A register by its own code: `M-77/KWH-ON`.
ChannelAddress register_of(Stage& stage, const std::string& name) {
    const std::size_t at = name.find('/');
    if (at == std::string::npos) return channel_of(stage, name, true);
    for (auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial == name.substr(0, at) && address.code == name.substr(at + 1)) {
            return address;
        }
    }
    throw NotUnderstood("there is no register " + name);
}

/// `read M-77 2026-05-08 04120 actual_ami`, `read M-77/KWH-ON 2026-05-08 00100 actual_ami`
void add_read(Stage& stage, Words& words) {
    const auto channel = register_of(stage, words.text("a meter")).channel;
    const Date date = words.date();
    const std::string reading = words.text("a read");
    const std::string type = words.text("a read type");
    storage::Transaction transaction(stage.office().database(), stage.office().business_date());
    (void)stage.office().meters().add_reads({{channel, date, type, reading, {}, 0}});
    transaction.commit();
}

/// `opens 2026-06-10`: the business date goes on to another day.
void open_day(Stage& stage, Words& words) {
    stage.today = words.date();
    auto& office = stage.office();
    storage::Transaction transaction(office.database(), stage.today);
    office.database().execute("UPDATE utility SET business_date = '" + stage.today.to_string() +
                              "'");
    transaction.commit();
    if (const auto read = office.reload(); !read) throw NotUnderstood(read.error().message());
}

}  // namespace

Instant moment(Stage& stage, const std::string& text) {
    const auto date = Date::parse(text.substr(0, 10));
    const auto parts = text.size() == 16 ? split_text(std::string_view(text).substr(11), ':')
                                         : std::vector<std::string_view>{};
    if (!date || parts.size() != 2) throw NotUnderstood(text + " is no date and time");
    const std::int64_t minutes =
        parse_integer(parts[0]).value_or(0) * 60 + parse_integer(parts[1]).value_or(0);
    return stage.office().zone().start_of(*date) + minutes * 60;
}

namespace {

IntervalSeries series_of(Stage& stage, const ChannelAddress& channel, Date month, int count) {
    const auto stored = stage.office().meters().blocks({channel.channel}, month, month);
    if (!stored.empty()) {
        const auto block = metering::BlockView::open(stored.front().bytes);
        if (!block) throw NotUnderstood(block.error().message());
        return block->decode();
    }
    const auto steps = static_cast<std::size_t>(count);
    return {std::vector<std::int64_t>(steps, 0),
            std::vector<IntervalStatus>(steps, IntervalStatus::missing)};
}

/// `intervals M-77 from D until D wh 500 [except 2026-05-20T16:00 missing]`: a constant load.
void add_intervals(Stage& stage, Words& words) {
    const auto channel = channel_of(stage, words.text("a meter"), false);
    words.literal("from");
    const Date from = words.date();
    words.literal("until");
    const Date until = words.date();
    words.literal("wh");
    const std::int64_t wh = words.whole("watt-hours");
    std::vector<Instant> missing;
    while (words.maybe("except")) {
        missing.push_back(moment(stage, words.text("a date and time")));
        words.literal("missing");
    }
    const TimeZone& zone = stage.office().zone();
    std::vector<metering::StoredBlock> blocks;
    for (Date month = from.first_of_month(); month < until; month = month.first_of_next_month()) {
        const IntervalGrid grid(zone, {month, month.first_of_next_month()},
                                channel.interval_minutes);
        auto series = series_of(stage, channel, month, grid.count());
        for (int i = 0; i < grid.count(); ++i) {
            const Instant at = grid.start_of(i);
            if (at < zone.start_of(from) || zone.start_of(until) <= at) continue;
            const auto step = static_cast<std::size_t>(i);
            if (std::find(missing.begin(), missing.end(), at) != missing.end()) continue;
            series.wh[step] = wh;
            series.status[step] = IntervalStatus::actual;
        }
        blocks.push_back(
            {channel.channel, month, metering::encode_block(series.wh, series.status)});
    }
    storage::Transaction transaction(stage.office().database(), stage.office().business_date());
    stage.office().meters().put_blocks(blocks);
    transaction.commit();
}

/// `run cycle 05 on 2026-06-09 [preview]`
void run(Stage& stage, Words& words) {
    app::CycleRequest request;
    words.literal("cycle");
    request.cycle = words.text("a cycle");
    words.literal("on");
    request.date = words.date();
    const bool preview = words.maybe("preview");
    request.mode = preview ? app::RunMode::preview : app::RunMode::post;
    stage.before_step();
    auto outcome = app::run_cycle(stage.office(), request);
    if (!stage.took(outcome)) return;
    stage.bill.reset();
    if (!outcome->bills.empty()) stage.bill = outcome->bills.back();
    if (preview) stage.preview = *outcome;
    stage.run = std::move(*outcome);
}

/// `give SA-1 EAP from 2026-05-23 because "form of 9 June"`, `end SA-1 EAP on ...`
void change_program(Stage& stage, Words& words, bool begins) {
    const std::string name = words.text("an agreement");
    app::ProgramChange change;
    change.agreement = stage.agreements.at(name).value;
    change.code = words.text("a program");
    words.literal(begins ? "from" : "on");
    change.on = words.date();
    words.literal("because");
    change.why = words.text("a reason");
    for (const auto account : stage.accounts) {
        for (const auto& served :
             stage.office().service().agreements_of_account(account, service::now_known)) {
            if (served.agreement.id.value == *change.agreement) {
                change.account = customers::account_number(account);
            }
        }
    }
    stage.before_step();
    (void)stage.took(begins ? app::add_program(stage.office(), change)
                            : app::end_program(stage.office(), change));
}

/// `seal through 2026-06-14`
void seal(Stage& stage, Words& words) {
    words.literal("through");
    const Date through = words.date();
    (void)storage::SealRows(stage.office().database()).seal_through(through);
}

/// `accept held SA-1`: a person looked at it and it is right.
void accept_held(Stage& stage, Words& words) {
    words.literal("held");
    const std::string name = words.text("an agreement");
    const auto known = stage.agreements.find(name);
    if (known == stage.agreements.end()) throw NotUnderstood("there is no agreement " + name);
    const std::string part = "|" + std::to_string(known->second.value) + "|";
    int accepted = 0;
    storage::Transaction transaction(stage.office().database(), stage.office().business_date());
    for (auto& item : stage.office().work().list("open")) {
        if (item.kind != "billing_hold" || item.subject.find(part) == std::string::npos) continue;
        item.resolution = "accepted";
        item.resolved_why = "the reads are right";
        item.resolved_by = "clerk";
        item.resolved_on = stage.today;
        stage.office().work().resolve(item);
        ++accepted;
    }
    transaction.commit();
    if (accepted == 0) throw NotUnderstood("nothing of " + name + " is held");
}

/// `show bill of 10000000017`: the account's last bill as it stands in the database.
void show_bill(Stage& stage, Words& words) {
    words.literal("bill");
    words.literal("of");
    const auto account = words.account();
    const auto bills = stage.office().bills().of_account(account);
    if (bills.empty()) {
        throw NotUnderstood("account " + customers::account_number(account) + " has no bill");
    }
    const auto latest = std::max_element(
        bills.begin(), bills.end(),
        [](const auto& a, const auto& b) { return a.period.until < b.period.until; });
    stage.bill = stage.office().bills().find(latest->number);
}

}  // namespace

bool work_through(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "read") {
        add_read(stage, words);
    } else if (verb == "opens") {
        open_day(stage, words);
    } else if (verb == "intervals") {
        add_intervals(stage, words);
    } else if (verb == "run") {
        run(stage, words);
    } else if (verb == "give" || verb == "end") {
        change_program(stage, words, verb == "give");
    } else if (verb == "seal") {
        seal(stage, words);
    } else if (verb == "accept") {
        accept_held(stage, words);
    } else if (verb == "show") {
        show_bill(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
