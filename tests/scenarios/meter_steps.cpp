// SPDX-License-Identifier: Apache-2.0
// Statements of the meter shop: the stock, tests, and the work of a crew at a point.
#include "app/correct_meter.hpp"
#include "app/exchange_meter.hpp"
#include "stage.hpp"

#include <fmt/format.h>

#include <array>

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

/// `correct M-77 ct 600:5 [dials 6] ... [since D] because "..." [by j.park] [dry]`
void correct(Stage& stage, Words& words) {
    app::MeterCorrection wish;
    wish.serial = words.text("a meter");
    const std::array<std::pair<const char*, const char*>, 8> details = {
        {{"ct", "ct_ratio"},
         {"pt", "pt_ratio"},
         {"constant", "register_constant"},
         {"multiplier", "multiplier"},
         {"dials", "dials"},
         {"decimals", "decimals"},
         {"form", "form"},
         {"maker", "maker"}}};
    for (const auto& [word, detail] : details) {
        if (words.maybe(word)) wish.right[detail] = words.text("what is right");
    }
    if (words.maybe("since")) wish.since = words.date();
    words.literal("because");
    wish.why = words.text("a reason");
    std::optional<Acting> acting;
    if (words.maybe("by")) acting.emplace(stage.office(), words.text("a person"));
    wish.dry_run = words.maybe("dry");
    stage.before_step();
    auto done = app::correct_meter(stage.office(), wish);
    if (stage.took(done)) stage.meter_corrected = std::move(*done);
}

}  // namespace

std::string expect_again(Stage& stage, Words& words) {
    if (!stage.meter_corrected) throw NotUnderstood("no meter was corrected yet");
    const std::string bill = words.text("a bill");
    const std::string kwh = words.text("kWh");
    const Money amount = words.money();
    const std::string wanted = fmt::format("{} kWh, {}", kwh, amount.to_string());
    for (const auto& row : stage.meter_corrected->bills) {
        if (row.bill != bill) continue;
        const std::string found =
            row.amount ? fmt::format("{} kWh, {}", row.use->to_string(), row.amount->to_string())
                       : row.why_not;
        if (found == wanted) return {};
        return fmt::format("{} computed again: expected {}, found {}", bill, wanted, found);
    }
    return bill + " does not rest on what was corrected";
}

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
    } else if (verb == "correct") {
        correct(stage, words);
    } else {
        return false;
    }
    return true;
}

}  // namespace watthour::scenarios
