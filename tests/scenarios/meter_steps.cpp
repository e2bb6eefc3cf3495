// SPDX-License-Identifier: Apache-2.0
// Statements of the meter shop: the stock, tests, and the work of a crew at a point.
#include "app/exchange_meter.hpp"
#include "stage.hpp"

namespace watthour::scenarios {
namespace {

/// `stock M-78 [dials 5] [decimals 1] [ct 600:5] [pt 480:120] [constant 1] [multiplier 480]
/// [intervals 15]`
void stock(Stage& stage, Words& words) {
    app::MeterEntry entry;
    entry.serial = words.text("a meter");
    entry.details.maker = "Tessera";
    entry.details.model = "A2";
    entry.details.active = {Date::ymd(2020, 1, 1), end_of_time};
    if (words.maybe("dials")) entry.details.dials = static_cast<int>(words.whole("dials"));
    if (words.maybe("decimals")) entry.details.decimals = static_cast<int>(words.whole("decimals"));
    if (words.maybe("ct")) entry.details.ct_ratio = words.text("a ratio");
    if (words.maybe("pt")) entry.details.pt_ratio = words.text("a ratio");
    if (words.maybe("constant")) entry.details.register_constant = words.decimal("a constant");
    if (words.maybe("multiplier")) entry.multiplier = words.decimal("a multiplier");
    entry.channels.emplace_back("KWH-REG", 0);
    if (words.maybe("intervals")) {
        entry.channels.emplace_back("KWH-INT", static_cast<int>(words.whole("minutes")));
    }
    entry.why = "delivered";
    stage.before_step();
    (void)stage.took(app::add_meter(stage.office(), entry));
}

/// `shelve M-78 tested available`: state after state.
void shelve(Stage& stage, Words& words) {
    const std::string serial = words.text("a meter");
    while (!words.at_end()) {
        stage.before_step();
        const auto changed = app::change_state(
            stage.office(),
            {serial, words.text("a state"), std::nullopt, "seen by the shop", false});
        if (!stage.took(changed) && !words.at_end()) return;
    }
}

/// `test M-78 full 99.8 [light 97.6] [limits refurbished]`
void test(Stage& stage, Words& words) {
    app::TestEntry entry;
    entry.serial = words.text("a meter");
    words.literal("full");
    entry.full_load = words.text("percent");
    entry.method = "single_point";
    if (words.maybe("light")) {
        entry.light_load = words.text("percent");
        entry.method = "full_and_light";
    }
    if (words.maybe("limits")) entry.limits = words.text("limits");
    entry.standard = "RD-21";
    stage.before_step();
    (void)stage.took(app::record_test(stage.office(), entry));
}

void do_work(Stage& stage, app::MeterWork work, Words& words) {
    work.why = "seen by the crew";
    work.dry_run = words.maybe("dry");
    stage.before_step();
    auto done = app::work_on_meter(stage.office(), work);
    if (stage.took(done)) stage.meter_work = std::move(*done);
}

/// `swap M-77 for M-78 on D [removal READ] [set READ] [dry]`
void swap(Stage& stage, Words& words) {
    app::MeterWork work;
    work.out = words.text("a meter");
    words.literal("for");
    work.in = words.text("a meter");
    words.literal("on");
    work.on = words.date();
    if (words.maybe("removal")) work.removal_read = words.text("a read");
    if (words.maybe("set")) work.set_read = words.text("a read");
    do_work(stage, std::move(work), words);
}

/// `hang M-79 at SP-1 on D [set READ] [role subtractive]`
void hang(Stage& stage, Words& words) {
    app::MeterWork work;
    work.in = words.text("a meter");
    words.literal("at");
    work.point = id_from_key("service_point", words.text("a point"));
    words.literal("on");
    work.on = words.date();
    if (words.maybe("set")) work.set_read = words.text("a read");
    if (words.maybe("role")) work.role = words.text("a role");
    do_work(stage, std::move(work), words);
}

/// `unhang M-79 on D [removal READ]`
void unhang(Stage& stage, Words& words) {
    app::MeterWork work;
    work.out = words.text("a meter");
    words.literal("on");
    work.on = words.date();
    if (words.maybe("removal")) work.removal_read = words.text("a read");
    do_work(stage, std::move(work), words);
}

}  // namespace

bool work_on_meters(Stage& stage, const std::string& verb, Words& words) {
    if (verb == "stock") {
        stock(stage, words);
    } else if (verb == "shelve") {
        shelve(stage, words);
    } else if (verb == "test") {
        test(stage, words);
    } else if (verb == "swap") {
        swap(stage, words);
    } else if (verb == "hang") {
        hang(stage, words);
    } else if (verb == "unhang") {
        unhang(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
