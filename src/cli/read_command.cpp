// SPDX-License-Identifier: Apache-2.0
#include "app/enter_reads.hpp"
#include "app/reads_views.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string meter;
    std::string date;
    std::string reading;
    std::string type = "verified";
    std::string quantity = "KWH";
    std::string why;
};

void say_read(const app::EnteredRead& read, bool dry_run) {
    say(fmt::format("{} meter {} on {}: {} ({}).", dry_run ? "Would keep" : "Kept", read.meter,
                    read.date.to_string(), read.reading, read.type));
    if (read.previous_date) {
        say(fmt::format("The read before: {} on {} ({}); {} kWh between them, worth about {}.",
                        read.previous_reading, read.previous_date->to_string(), read.previous_type,
                        read.use.to_string(), dollars(read.worth)));
    }
    if (read.rolled_over) say("The dials passed from all nines to zero between the two.");
    if (!read.looks.empty()) {
        note(fmt::format("That is {}: {} kWh were usual for these days.", read.looks,
                         read.usual->to_string()));
    }
    if (!read.stands)
        note("A stronger read of that day is there and counts; this one stands beside it.");
}

Result<int> enter(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_decide));
    app::ReadEntry entry;
    entry.meter = options.meter;
    TRY(entry.date, date_or(options.date, office->business_date()));
    entry.reading = options.reading;
    entry.type = options.type;
    entry.quantity = options.quantity;
    entry.why = options.why;
    entry.dry_run = common.dry_run;
    TRY(const auto read, app::enter_read(*office, entry));
    if (common.json) return print_json(app::to_json(read, common.dry_run));
    say_read(read, common.dry_run);
    return 0;
}

Result<int> take_back(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_decide));
    TRY(const Date date, date_or(options.date, office->business_date()));
    TRY(const auto read,
        app::take_read_back(*office, {options.meter, date, options.reading, options.type,
                                      options.quantity, options.why, common.dry_run}));
    if (common.json) return print_json(app::to_json(read, common.dry_run));
    say(fmt::format("{} back the read {} ({}) of meter {} for {}.",
                    common.dry_run ? "Would take" : "Took", read.reading, read.type, read.meter,
                    read.date.to_string()));
    return 0;
}

Result<int> estimate(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::read_decide));
    TRY(const Date date, date_or(options.date, office->business_date()));
    TRY(const auto made,
        app::estimate_read(*office, {options.meter, date, options.why, common.dry_run}));
    if (common.json) return print_json(app::to_json(made, common.dry_run));
    say_read(made.read, common.dry_run);
    say(fmt::format(
        "{} kWh from {} to {} ({}) are {} kWh a day; times {} days, by the multiplier "
        "{}, are {} dial units. Estimate {} in a row.",
        made.reference_use.to_string(), made.reference.from.to_string(),
        made.reference.until.to_string(), made.basis, made.estimate.use_a_day.to_string(),
        made.days, made.multiplier, made.estimate.dial_units, made.in_a_row));
    if (made.warned && !made.order_proposed)
        note("The next estimate in a row proposes a visit: see that the meter is read before.");
    if (made.order_proposed)
        note("It is the last that the policy allows: a visit is proposed in the inbox.");
    return 0;
}

}  // namespace

void add_read(CLI::App& app, Common& common) {
    static Options options;
    auto* read = app.add_subcommand("read", "Register reads written by hand or estimated");
    read->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, auto use_case) {
        auto* command = add_use_case(*read, common, options, name, what, use_case);
        add_dry_run(*command, common);
        command->add_option("--meter", options.meter, "Serial")->required();
        command->add_option("--date", options.date, "The read at 00:00 of this day");
        command->add_option("--why", options.why, "The reason, kept with the read")->required();
        return command;
    };
    auto* entering =
        add("enter", "Keep a read; of two for one day the stronger type counts", enter);
    entering->add_option("reading", options.reading, "As the dials show it")->required();
    entering->add_option("--type", options.type, "verified, customer, actual_manual, on_demand");
    entering->add_option("--quantity", options.quantity, "KWH, GKWH");
    auto* taking = add("take-back", "Take back a read that you entered today", take_back);
    taking->add_option("reading", options.reading, "As it was entered")->required();
    taking->add_option("--type", options.type,
                       "verified, customer, actual_manual, on_demand, estimated");
    taking->add_option("--quantity", options.quantity, "KWH, GKWH");
    add("estimate", "Estimate a missing read from average daily use", estimate);
    read->footer(
        "Examples:\n  watthour read enter 04631 --meter 20000123 --date 2026-06-08 --type customer "
        "--why \"photo by mail\"\n"
        "  watthour read take-back 04631 --meter 20000123 --date 2026-06-08 --type customer "
        "--why \"the photo is of the neighbour\"\n"
        "  watthour read estimate --meter 20000123 --date 2026-06-08 --why \"dog\" --dry-run");
}

}  // namespace watthour::cli
