// SPDX-License-Identifier: Apache-2.0
// Statements of routes: made, walked, moved, handed to the reader and followed up.
#include "app/export_route.hpp"
#include "app/missed_reads.hpp"
#include "app/opt_out.hpp"
#include "base/files.hpp"
#include "formats/handheld_codes.hpp"
#include "stage.hpp"

#include <fmt/format.h>

namespace watthour::scenarios {
namespace {

constexpr const char* reason = "agreed with the readers";

/// `make route 90-05 cycle 05 kind opt_out [reader R07] [every 2] [from D]`
void make_route(Stage& stage, Words& words) {
    words.literal("route");
    app::RouteEntry entry;
    entry.code = words.text("a route");
    words.literal("cycle");
    entry.cycle = words.text("a cycle");
    words.literal("kind");
    entry.kind = words.text("a kind");
    if (words.maybe("reader")) entry.reader = words.text("a reader");
    if (words.maybe("every")) entry.every = static_cast<int>(words.whole("1 or 2"));
    if (words.maybe("from")) entry.from = words.date();
    entry.why = reason;
    stage.before_step();
    (void)stage.took(app::create_route(stage.office(), entry));
}

void move(Stage& stage, app::RerouteWish wish, Words& words) {
    if (words.maybe("after")) wish.after = words.text("a meter");
    wish.first = words.maybe("first");
    if (words.maybe("from")) wish.from = words.date();
    wish.accept_length = words.maybe("accepted");
    wish.dry_run = words.maybe("dry");
    wish.why = reason;
    stage.before_step();
    auto done = app::reroute(stage.office(), wish);
    if (stage.took(done)) stage.rerouted = *std::move(done);
}

/// `place M-77 on 05-02 [after M-78] [first] [from D] [accepted] [dry]`
void place(Stage& stage, Words& words) {
    app::RerouteWish wish;
    wish.meters = {words.text("a meter")};
    words.literal("on");
    wish.to_route = words.text("a route");
    move(stage, std::move(wish), words);
}

/// `reroute 05-01 to route 05-02 ...`, `reroute 05-01 to cycle 06 [from D] [accepted] [dry]`
void reroute(Stage& stage, Words& words) {
    app::RerouteWish wish;
    wish.route = words.text("a route");
    words.literal("to");
    if (words.maybe("cycle")) {
        wish.to_cycle = words.text("a cycle");
    } else {
        words.literal("route");
        wish.to_route = words.text("a route");
    }
    move(stage, std::move(wish), words);
}

/// `hand-out 05-01 for D [as F]`
void hand_out(Stage& stage, Words& words) {
    app::ExportWish wish;
    wish.route = words.text("a route");
    words.literal("for");
    wish.read_date = words.date();
    stage.before_step();
    auto done = app::export_route(stage.office(), wish);
    if (!stage.took(done)) return;
    if (words.maybe("as")) write_file(stage.path_of(words.text("a file")), done->text);
    stage.handed_out = *std::move(done);
}

/// `follow-up 05-01 for D as reread`
void follow_up(Stage& stage, Words& words) {
    app::FollowUpWish wish;
    wish.route = words.text("a route");
    words.literal("for");
    wish.read_date = words.date();
    words.literal("as");
    wish.as = words.text("reread or estimate");
    wish.why = reason;
    stage.before_step();
    auto done = app::follow_up(stage.office(), wish);
    if (stage.took(done)) stage.followed_up = *std::move(done);
}

/// `close 05-01 for D`, `open-again 05-01 for D`
void close(Stage& stage, Words& words, bool reopen) {
    app::ClosingWish wish;
    wish.route = words.text("a route");
    words.literal("for");
    wish.read_date = words.date();
    wish.reopen = reopen;
    wish.why = reason;
    stage.before_step();
    (void)stage.took(app::close_route(stage.office(), wish));
}

/// `opt-out M-77 to 90-05 on D [read 04320] [dry]`, `opt-in M-77 to 05-01 on D ...`
void opt(Stage& stage, Words& words, bool back) {
    app::OptOutWish wish;
    wish.meter = words.text("a meter");
    wish.back = back;
    words.literal("to");
    wish.to_route = words.text("a route");
    words.literal("on");
    wish.on = words.date();
    if (words.maybe("read")) wish.reading = words.text("a read");
    wish.dry_run = words.maybe("dry");
    wish.why = "the customer asked for it";
    stage.before_step();
    auto done = app::opt_out(stage.office(), wish);
    if (stage.took(done)) stage.rerouted = std::move(done->move);
}

/// `note M-78 dog "big and loose"`
void note(Stage& stage, Words& words) {
    app::CommentEntry entry;
    entry.serial = words.text("a meter");
    entry.kind = words.text("a kind");
    entry.text = words.text("words");
    entry.from = Date::ymd(2026, 1, 1);
    stage.before_step();
    (void)stage.took(app::add_comment(stage.office(), entry));
}

/// `report missed since D`
void report(Stage& stage, Words& words) {
    words.literal("missed");
    words.literal("since");
    const Date since = words.date();
    stage.before_step();
    auto outcome = app::report_missed_reads(stage.office(), "", since, false);
    if (stage.took(outcome)) stage.missed = *outcome;
}

}  // namespace

bool work_on_routes(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "make") {
        make_route(stage, words);
    } else if (verb == "place") {
        place(stage, words);
    } else if (verb == "reroute") {
        reroute(stage, words);
    } else if (verb == "hand-out") {
        hand_out(stage, words);
    } else if (verb == "follow-up") {
        follow_up(stage, words);
    } else if (verb == "close" || verb == "open-again") {
        close(stage, words, verb == "open-again");
    } else if (verb == "opt-out" || verb == "opt-in") {
        opt(stage, words, verb == "opt-in");
    } else if (verb == "note") {
        note(stage, words);
    } else if (verb == "report") {
        report(stage, words);
    } else {
        return false;
    }
    return true;
}

std::string expect_stop(Stage& stage, Words& words) {
    const std::string route = words.text("a route");
    words.literal("for");
    const Date date = words.date();
    const std::string serial = words.text("a meter");
    const std::string wanted = words.text("a state");
    const auto walk = app::walk_route(stage.office(), route, date);
    if (!walk) return walk.error().message();
    std::string differs = fmt::format("meter {} is not on route {}", serial, route);
    for (const auto& stop : walk->stops) {
        if (stop.serial() != serial) continue;
        differs.clear();
        const std::string state(app::stop_state_name(stop.state));
        if (state != wanted)
            differs += fmt::format("state: expected {}, found {}; ", wanted, state);
        while (!words.at_end()) {
            const std::string what = words.text("a fact");
            const std::string value = words.text("its value");
            std::string found = "?";
            if (what == "code") found = formats::skip_code(stop.skip_code).name;
            if (what == "trouble") found = formats::trouble_code(stop.trouble_codes).name;
            if (what == "place") found = std::to_string(stop.place.order);
            if (what == "estimates") found = std::to_string(stop.estimates_in_a_row);
            const auto& limits = stop.registers.front().limits;
            if (what == "low") found = limits ? std::to_string(limits->low) : "none";
            if (what == "high") found = limits ? std::to_string(limits->high) : "none";
            if (found != value) {
                differs += fmt::format("{}: expected {}, found {}; ", what, value, found);
            }
        }
    }
    return differs;
}

std::string expect_bridge(Stage& stage, Words& words) {
    if (!stage.rerouted) throw NotUnderstood("nothing was moved");
    const std::string serial = words.text("a meter");
    const Date from = words.date();
    const Date until = words.date();
    const std::string verdict = words.text("a verdict");
    for (const auto& point : stage.rerouted->points) {
        if (point.serial != serial) continue;
        const std::string found = point.bridge
                                      ? fmt::format("{} {} {}", point.bridge->last_read.to_string(),
                                                    point.bridge->first_read.to_string(),
                                                    app::verdict_name(point.verdict))
                                      : std::string("no bridge");
        const std::string wanted =
            fmt::format("{} {} {}", from.to_string(), until.to_string(), verdict);
        if (found == wanted) return {};
        return fmt::format("bridge of {}: expected {}, found {}", serial, wanted, found);
    }
    return fmt::format("meter {} was not moved", serial);
}

std::string expect_proposed(Stage& stage, Words& words) {
    if (!stage.rerouted) throw NotUnderstood("nothing was moved");
    const std::string wanted = words.text("a day, or none");
    const std::string found =
        stage.rerouted->proposed ? stage.rerouted->proposed->to_string() : "none";
    if (found == wanted) return {};
    return fmt::format("proposed: expected {}, found {}", wanted, found);
}

std::string expect_handed(Stage& stage, Words& words) {
    if (!stage.handed_out) throw NotUnderstood("nothing was handed out");
    const auto meters = words.whole("a count of meters");
    words.literal("export");
    const auto number = words.whole("a number");
    const bool again = words.maybe("again");
    const auto& record = stage.handed_out->record;
    if (record.meters == meters && record.number == number && stage.handed_out->again == again) {
        return {};
    }
    return fmt::format("handed out: expected {} meters, export {}{}, found {}, {}{}", meters,
                       number, again ? " again" : "", record.meters, record.number,
                       stage.handed_out->again ? " again" : "");
}

std::string expect_followed(Stage& stage, Words& words) {
    if (!stage.followed_up) throw NotUnderstood("nothing was followed up");
    const std::string outcome = words.text("an outcome");
    const auto wanted = words.whole("a count");
    const auto found = stage.followed_up->count(outcome);
    if (found == wanted) return {};
    std::string why;
    for (const auto& one : stage.followed_up->meters) why += " " + one.serial + ": " + one.why_not;
    return fmt::format("followed up as {}: expected {}, found {};{}", outcome, wanted, found, why);
}

std::string expect_missed(Stage& stage, Words& words) {
    if (!stage.missed) throw NotUnderstood("missed reads were not reported");
    const auto missed = words.whole("a count");
    words.literal("opened");
    const auto opened = words.whole("a count");
    words.literal("closed");
    const auto closed = words.whole("a count");
    const auto& found = *stage.missed;
    if (found.missed == missed && found.opened == opened && found.closed == closed) return {};
    return fmt::format("missed {} opened {} closed {}, found {}, {}, {}", missed, opened, closed,
                       found.missed, found.opened, found.closed);
}

}  // namespace watthour::scenarios
