// SPDX-License-Identifier: Apache-2.0
#include "app/correct_meter.hpp"
#include "app/meter_views.hpp"
#include "base/text.hpp"
#include "cli/print_answer.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string serial;
    std::string state;
    std::string on;
    std::string known_on;
    std::string why;
    std::string maker, model, form, ct, pt, constant, multiplier, program, tou_program;
    int dials = 5;
    int decimals = 0;
    std::vector<std::string> channels;
    app::TestEntry test;
    std::string seal;
    std::string event = "applied";
    std::string kind = "other";
    std::string text;
    std::int64_t comment = 0;
    std::string of = "meter";
    std::string kw;
    std::int64_t point = 0;
    std::string out;
    std::string removal_read;
    std::string in;
    std::string set_read;
    std::string role;
    std::string since;
    std::array<std::optional<std::string>, 11> right;  ///< in the order of `correctable`
};

/// What may be corrected: the name of the detail, its option, what it is.
struct Correctable {
    const char* detail;
    const char* option;
    const char* what;
};
constexpr std::array<Correctable, 11> correctable = {
    {{"ct_ratio", "--ct", "Current transformer, 600:5; \"\" for none"},
     {"pt_ratio", "--pt", "Voltage transformer, 480:120; \"\" for none"},
     {"register_constant", "--constant", "Register constant"},
     {"multiplier", "--multiplier", "CT x PT x constant; else it follows from them"},
     {"dials", "--dials", "Digits before the point"},
     {"decimals", "--decimals", "Digits after the point"},
     {"form", "--form", "ANSI form: 2S, 9S, ..."},
     {"maker", "--maker", "Its maker"},
     {"model", "--model", "Its model"},
     {"program", "--program", "Program of the meter's memory"},
     {"tou_program", "--tou-program", "By which it tells periods apart"}}};

Result<std::optional<Date>> day_of(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
}

/// "KWH-INT:15" or "KWH-REG".
std::pair<std::string, int> parse_channel(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {text, 0};
    // What is no number is no step either, and is refused as such.
    const auto minutes = parse_integer(std::string_view(text).substr(colon + 1)).value_or(-1);
    return {text.substr(0, colon), minutes > 0 && minutes <= 60 ? static_cast<int>(minutes) : -1};
}

const char* mark(const Common& common) { return common.dry_run ? "Would be: " : ""; }

int answer(const Common& common, json::object object, const std::string& line) {
    if (common.json) {
        object["dry_run"] = common.dry_run;
        return print_json(object);
    }
    say(mark(common) + line);
    return 0;
}

Result<int> add(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::MeterEntry entry;
    entry.serial = options.serial;
    auto& d = entry.details;
    d.maker = options.maker;
    d.model = options.model;
    d.form = options.form;
    d.dials = options.dials;
    d.decimals = options.decimals;
    d.ct_ratio = options.ct;
    d.pt_ratio = options.pt;
    d.program = options.program;
    d.tou_program = options.tou_program;
    if (!options.constant.empty()) {
        TRY(d.register_constant, Decimal::parse(options.constant));
    }
    if (!options.multiplier.empty()) {
        TRY(const Decimal said, Decimal::parse(options.multiplier));
        entry.multiplier = said;
    }
    for (const auto& channel : options.channels) {
        entry.channels.push_back(parse_channel(channel));
    }
    if (!options.state.empty()) {
        TRY(entry.state, app::parse_state(options.state));
    }
    entry.why = options.why;
    entry.dry_run = common.dry_run;
    TRY(const auto row, app::add_meter(*office, entry));
    return answer(common, app::to_json(row),
                  fmt::format("Meter {} of {}, multiplier {}: {}", row.meter.serial, row.meter.make,
                              row.details.multiplier.to_shortest(), metering::to_text(row.state)));
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const Date known_on, date_or(options.known_on, service::now_known));
    TRY(const auto view, app::meter_view(*office, options.serial, known_on));
    if (common.json) return print_json(view);
    print_answer(view);
    return 0;
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    constexpr std::size_t everything = 10'000'000;
    TRY(const auto page, app::list_meters(*office, options.state, {}, everything));
    if (common.json) return print_json(json::object{{"items", page.rows}});
    print_table(page.rows);
    return 0;
}

Result<int> move_stock(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto since, day_of(options.on));
    TRY(const auto change, app::change_state(*office, {options.serial, options.state, since,
                                                       options.why, common.dry_run}));
    return answer(common, app::to_json(change),
                  fmt::format("Meter {} is {} since {}.", options.serial,
                              metering::to_text(change.state), change.since.to_string()));
}

Result<int> test(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::TestEntry entry = options.test;
    entry.serial = options.serial;
    TRY(entry.on, day_of(options.on));
    entry.dry_run = common.dry_run;
    TRY(const auto done, app::record_test(*office, entry));
    return answer(common, app::to_json(done),
                  fmt::format("Meter {}: average registration {}%, {} by the limits {}.",
                              options.serial, done.average.to_string(),
                              metering::to_text(done.verdict), metering::to_text(done.limits)));
}

Result<int> seal(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::SealEntry entry;
    entry.serial = options.serial;
    entry.seal = options.seal;
    entry.event = options.event;
    TRY(entry.on, day_of(options.on));
    entry.why = options.why;
    entry.dry_run = common.dry_run;
    TRY(const auto done, app::record_seal(*office, entry));
    return answer(common, app::to_json(done),
                  fmt::format("Meter {}: seal {} {} on {}.", options.serial, done.seal, done.event,
                              done.on.to_string()));
}

Result<int> comment(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::CommentEntry entry;
    entry.serial = options.serial;
    entry.at_point = options.of == "point";
    entry.kind = options.kind;
    entry.text = options.text;
    TRY(entry.from, day_of(options.on));
    entry.dry_run = common.dry_run;
    TRY(const auto written, app::add_comment(*office, entry));
    return answer(common, app::to_json(written),
                  fmt::format("{}: {} (comment {})", written.kind, written.text, written.id.value));
}

Result<int> capacity(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::CapacityEntry entry;
    entry.serial = options.serial;
    entry.kind = options.of;
    TRY(entry.kw, Decimal::parse(options.kw));
    TRY(entry.from, day_of(options.on));
    entry.why = options.why;
    entry.dry_run = common.dry_run;
    TRY(const auto recorded, app::record_capacity(*office, entry));
    return answer(
        common, app::to_json(recorded),
        fmt::format("From {} the {} where meter {} hangs carries {} kW.", recorded.from.to_string(),
                    recorded.kind, options.serial, entry.kw.to_shortest()));
}

Result<int> uncomment(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const Date on, date_or(options.on, office->business_date()));
    TRY(const auto ended,
        app::end_comment(*office, options.comment, on, options.why, common.dry_run));
    return answer(common, app::to_json(ended),
                  fmt::format("Holds no longer from {}: {}", on.to_string(), ended.text));
}

std::string in_words(const metering::BalanceSide& side) {
    if (side.until_read.empty()) {
        return fmt::format("  {:<14} set at {}, no read yet", side.serial, side.from_read);
    }
    return fmt::format("  {:<14} {} to {}  {} to {}  {:>12} kWh", side.serial,
                       side.days.from.to_string(), side.days.until.to_string(), side.from_read,
                       side.until_read, side.energy.to_string());
}

Result<int> work(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::MeterWork wanted;
    if (options.point != 0) wanted.point = options.point;
    wanted.out = options.out;
    wanted.removal_read = options.removal_read;
    wanted.in = options.in;
    wanted.set_read = options.set_read;
    TRY(wanted.on, day_of(options.on));
    wanted.role = options.role;
    wanted.why = options.why;
    wanted.dry_run = common.dry_run;
    TRY(const auto done, app::work_on_meter(*office, wanted));
    if (common.json) return print_json(app::to_json(done, common.dry_run));
    const std::string what = options.out.empty()  ? "Set " + options.in
                             : options.in.empty() ? "Took down " + options.out
                                                  : options.in + " in the place of " + options.out;
    say(fmt::format("{}{} on {} at point {}{}", mark(common), what, done.on.to_string(),
                    done.point.value,
                    done.account.empty() ? ", nobody is served" : ", account " + done.account));
    if (done.balance) {
        say(in_words(done.balance->old_meter));
        say(in_words(done.balance->new_meter));
        say(fmt::format("  both           {:>12} kWh; the point {} kWh: closes",
                        done.balance->sum().to_string(), done.balance->point.to_string()));
    }
    return 0;
}

std::string in_words(const app::BillOfMeter& bill) {
    if (!bill.amount) return fmt::format("  {:<20} {}", bill.bill, bill.why_not);
    return fmt::format("  {:<20} {} to {}  {:>9} kWh {:>11}  again {:>9} kWh {:>11}  {:>11}",
                       bill.bill, bill.period.from.to_string(), bill.period.until.to_string(),
                       bill.billed_use.to_string(), bill.billed.to_string(), bill.use->to_string(),
                       bill.amount->to_string(), (*bill.amount - bill.billed).to_string());
}

Result<int> correct(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::MeterCorrection wish;
    wish.serial = options.serial;
    for (std::size_t i = 0; i < correctable.size(); ++i) {
        if (options.right[i]) wish.right[correctable[i].detail] = *options.right[i];
    }
    TRY(wish.on, day_of(options.on));
    TRY(wish.since, day_of(options.since));
    wish.why = options.why;
    wish.dry_run = common.dry_run;
    TRY(const auto done, app::correct_meter(*office, wish));
    const json::object object = app::to_json(done, common.dry_run);
    if (common.json) return print_json(object);
    say(fmt::format("{}Meter {}, since {}:", mark(common), options.serial,
                    done.after.active.from.to_string()));
    for (const auto& change : object.at("changes").as_array()) {
        const auto text = [&](const char* side) {
            const auto& value = change.as_object().at(side);
            return value.is_null() ? std::string("none") : std::string(value.as_string());
        };
        say(fmt::format("  {:<18} {} instead of {}", text("detail"), text("after"),
                        text("before")));
    }
    for (const auto& bill : done.bills) say(in_words(bill));
    if (!done.bills.empty()) {
        say(fmt::format("  Bills that rest on it: {}, together {} more than billed; work items: {}",
                        done.bills.size(), done.difference.to_string(), done.work_items));
    }
    if (common.dry_run && done.counts_differently) say("  A second person must agree.");
    return 0;
}

using UseCase = Result<int> (*)(const Common&, const Options&);

/// The commands that share options; each line says one of them.
class Commands {
public:
    Commands(CLI::App& meter, Common& common, Options& options)
        : meter_(meter), common_(common), options_(options) {}

    CLI::App& command(const char* name, const char* what, UseCase use_case, bool changes) {
        CLI::App* made = meter_.add_subcommand(name, what);
        add_common(*made, common_);
        if (changes) add_dry_run(*made, common_);
        made->callback([this, use_case] {
            Common& common = common_;
            const Options& options = options_;
            common.command = [&common, &options, use_case] {
                const Result<int> done = use_case(common, options);
                return done ? *done : refuse(common, done.error());
            };
        });
        return *made;
    }

    void serial(CLI::App& command) {
        command.add_option("serial", options_.serial, "Serial number of the meter")->required();
    }
    void why(CLI::App& command) {
        command.add_option("--why", options_.why, "The reason, kept with the change")->required();
    }
    void day(CLI::App& command, const char* what) {
        command.add_option("--date", options_.on, what);
    }

private:
    CLI::App& meter_;
    Common& common_;
    Options& options_;
};

void add_inventory(Commands& commands, Options& options) {
    CLI::App& adding = commands.command("add", "Take a meter into the inventory", add, true);
    commands.serial(adding);
    adding.add_option("--maker", options.maker, "Its maker")->required();
    adding.add_option("--model", options.model, "Its model");
    adding.add_option("--form", options.form, "ANSI form: 2S, 9S, ...");
    adding.add_option("--dials", options.dials, "Digits before the point");
    adding.add_option("--decimals", options.decimals, "Digits after the point");
    adding.add_option("--ct", options.ct, "Current transformer, 600:5");
    adding.add_option("--pt", options.pt, "Voltage transformer, 480:120");
    adding.add_option("--constant", options.constant, "Register constant; else 1");
    adding.add_option("--multiplier", options.multiplier, "Must be CT x PT x constant");
    adding.add_option("--program", options.program, "Program of the meter's memory");
    adding.add_option("--tou-program", options.tou_program, "By which it tells periods apart");
    adding.add_option("--channel", options.channels, "KWH-REG, KWH-INT:15; else KWH-REG");
    adding.add_option("--state", options.state, "ordered or received; else received");
    commands.why(adding);
    CLI::App& correcting =
        commands.command("correct", "Correct what is recorded of a meter", correct, true);
    commands.serial(correcting);
    for (std::size_t i = 0; i < correctable.size(); ++i) {
        correcting.add_option(correctable[i].option, options.right[i], correctable[i].what);
    }
    correcting.add_option("--on", options.on,
                          "A day on which it was wrong; else the business date");
    correcting.add_option("--since", options.since,
                          "First day on which it was otherwise; else it was always so");
    commands.why(correcting);
    correcting.footer(
        "Examples:\n"
        "  watthour meter correct V400009 --ct 600:5 --why \"plate read by the crew\" --dry-run\n"
        "  watthour meter correct V100017 --dials 6 --decimals 1 --why \"photograph of 3 June\"\n"
        "  watthour meter correct V400009 --form 9S --maker Calder --on 2026-05-01 --why "
        "\"delivery note 4711\"");
    CLI::App& showing = commands.command("show", "All that is known of a meter", show, false);
    commands.serial(showing);
    showing.add_option("--known-on", options.known_on, "As it was known at the end of this day");
    commands.command("list", "The inventory", list, false)
        .add_option("--state", options.state, "Only meters of this state");
    CLI::App& state = commands.command("state", "Move a meter through the stock", move_stock, true);
    commands.serial(state);
    state.add_option("state", options.state, "tested, available, quarantined, ...")->required();
    commands.day(state, "Since when; else the business date");
    commands.why(state);
}

void add_shop(Commands& commands, Options& options) {
    CLI::App& testing = commands.command("test", "Record an accuracy test", test, true);
    commands.serial(testing);
    testing.add_option("--standard", options.test.standard, "The reference standard")->required();
    testing.add_option("--tester", options.test.tester, "Who tested; else you");
    testing
        .add_option("--method", options.test.method,
                    "full_and_light, mean, single_point, three_loads")
        ->capture_default_str();
    testing.add_option("--full-load", options.test.full_load, "Registration in percent");
    testing.add_option("--light-load", options.test.light_load, "Registration in percent");
    testing.add_option("--power-factor", options.test.power_factor, "Registration in percent");
    testing.add_option("--limits", options.test.limits, "in_service or refurbished");
    commands.day(testing, "Day of the test; else the business date");
    CLI::App& sealing = commands.command("seal", "Record what became of a seal", seal, true);
    commands.serial(sealing);
    sealing.add_option("seal", options.seal, "Number of the seal")->required();
    sealing.add_option("--event", options.event, "applied, removed, broken, missing")
        ->capture_default_str();
    sealing.add_option("--why", options.why, "What was found");
    commands.day(sealing, "The day; else the business date");
    CLI::App& noting = commands.command("comment", "What the next person must know", comment, true);
    commands.serial(noting);
    noting.add_option("text", options.text, "The words")->required();
    noting.add_option("--kind", options.kind, "location, key, dog, hazard, other")
        ->capture_default_str();
    noting
        .add_option("--of", options.of, "meter; or point: of the place, whatever meter hangs there")
        ->capture_default_str();
    commands.day(noting, "From when; else the business date");
    CLI::App& carrying = commands.command(
        "capacity", "What the panel or transformer can carry where a meter hangs", capacity, true);
    commands.serial(carrying);
    carrying.add_option("--of", options.of, "panel or transformer")->required();
    carrying.add_option("--kw", options.kw, "kW, at most three places")->required();
    commands.day(carrying, "From when; else the business date");
    commands.why(carrying);
    CLI::App& ending =
        commands.command("comment-end", "A comment holds no longer", uncomment, true);
    ending.add_option("comment", options.comment, "Number of the comment")->required();
    commands.day(ending, "The first day without it; else the business date");
    commands.why(ending);
}

void add_field(Commands& commands, Options& options) {
    const auto outgoing = [&](CLI::App& command) {
        command.add_option("--out", options.out, "Serial of the meter that goes")->required();
        command.add_option("--removal-read", options.removal_read, "As its dials showed it");
    };
    const auto incoming = [&](CLI::App& command) {
        command.add_option("--in", options.in, "Serial of the meter that comes")->required();
        command.add_option("--set-read", options.set_read, "As its dials showed it");
        command.add_option("--role", options.role, "additive, subtractive or check");
    };
    CLI::App& exchange = commands.command(
        "exchange", "Another meter in the place of one; its kWh must close", work, true);
    CLI::App& install = commands.command("install", "Set a meter at a point", work, true);
    CLI::App& remove = commands.command("remove", "Take a meter down", work, true);
    outgoing(exchange);
    incoming(exchange);
    incoming(install);
    outgoing(remove);
    exchange.add_option("--point", options.point, "Service point; else where the old one hangs");
    install.add_option("--point", options.point, "Service point")->required();
    remove.add_option("--point", options.point, "Service point; else where it hangs");
    for (CLI::App* command : {&exchange, &install, &remove}) {
        commands.day(*command, "Day of the work; else the business date");
        commands.why(*command);
    }
}

}  // namespace

void add_meter(CLI::App& app, Common& common) {
    static Options options;
    auto* meter = app.add_subcommand("meter", "The meter shop: inventory, tests, exchanges");
    meter->require_subcommand(1);
    static Commands commands(*meter, common, options);
    add_inventory(commands, options);
    add_shop(commands, options);
    add_field(commands, options);
    meter->footer(
        "Examples:\n"
        "  watthour meter add V400009 --maker Tessera --form 9S --ct 600:5 --pt 480:120 --why "
        "\"delivery of 2 June\"\n"
        "  watthour meter test V400009 --standard RD-21 --full-load 99.9 --light-load 100.1\n"
        "  watthour meter exchange --out V100017 --removal-read 04300 --in V150017 --set-read "
        "00010 --date 2026-06-12 --why \"display dark\" --dry-run");
}

}  // namespace watthour::cli
