// SPDX-License-Identifier: Apache-2.0
#include "cli/route_command.hpp"

#include "app/export_route.hpp"
#include "app/missed_reads.hpp"
#include "app/opt_out.hpp"
#include "base/files.hpp"
#include "cli/print_answer.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace watthour::cli {
namespace {

struct Options {
    std::string route;
    std::string cycle;
    std::string kind;
    std::string reader;
    std::string method;
    int every = 0;
    std::string from;
    std::string on;
    std::string read_date;
    std::string why;
    std::vector<std::string> meters;
    std::string meter;
    std::string to;
    std::string after;
    bool first = false;
    bool accept_length = false;
    std::string by = "walk";
    std::string layout = "mvrs-126";
    bool reopen = false;
    std::string as = "reread";
    std::string since;
    bool open_items = false;
    std::string reading;
};

Result<std::optional<Date>> day_of(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
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

Result<app::RouteEntry> entry_of(const Common& common, const Options& options) {
    app::RouteEntry entry{options.route,  options.cycle, options.kind, options.reader,
                          options.method, options.every, {},           options.why,
                          common.dry_run};
    TRY(entry.from, day_of(options.from));
    return entry;
}

std::string in_words(const metering::ReadRoute& route) {
    return fmt::format("Route {} of cycle {}: {}, read {}{}, every {}", route.code, route.cycle,
                       metering::to_text(route.kind), route.method,
                       route.reader.empty() ? "" : " by " + route.reader,
                       route.every == 1 ? "period" : "second period");
}

Result<int> create(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto entry, entry_of(common, options));
    TRY(const auto route, app::create_route(*office, entry));
    return answer(common, app::to_json(route), in_words(route));
}

Result<int> change(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto entry, entry_of(common, options));
    TRY(const auto route, app::change_route(*office, entry));
    return answer(common, app::to_json(route), in_words(route));
}

Result<int> retire(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto entry, entry_of(common, options));
    TRY(const auto route, app::retire_route(*office, entry));
    return answer(
        common, app::to_json(route),
        fmt::format("Route {} ends before {}.", route.code, route.active.until.to_string()));
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const Date on, date_or(options.on, office->business_date()));
    const auto rows = app::list_routes(*office, options.cycle, on);
    if (common.json) return print_json(json::object{{"items", rows}});
    print_table(rows);
    return 0;
}

/// A walk for people: one line a meter.
void print_walk(const json::object& walk) {
    say(fmt::format("Route {} (cycle {}, {}) for the read of {}: {} unread, {} days left{}",
                    cell_text(walk.at("route")), cell_text(walk.at("cycle")),
                    cell_text(walk.at("kind")), cell_text(walk.at("read_date")),
                    cell_text(walk.at("unread")), cell_text(walk.at("days_left")),
                    walk.at("closed").as_bool()             ? ", closed"
                    : walk.at("estimated_period").as_bool() ? ", a period that is estimated"
                                                            : ""));
    json::array rows;
    for (const auto& value : walk.at("stops").as_array()) {
        const json::object& stop = value.as_object();
        const auto& registers = stop.at("registers").as_array();
        const auto of_register = [&](const char* field) {
            return registers.empty() ? json::value(nullptr)
                                     : registers.front().as_object().at(field);
        };
        std::string notes;
        for (const auto& comment : stop.at("comments").as_array()) {
            notes += fmt::format("{}{}: {}", notes.empty() ? "" : "; ",
                                 cell_text(comment.as_object().at("kind")),
                                 cell_text(comment.as_object().at("text")));
        }
        json::value code = stop.at("skip");
        if (!stop.at("troubles").as_array().empty()) code = stop.at("troubles").as_array().front();
        rows.push_back(json::object{{"order", stop.at("order")},
                                    {"meter", stop.at("meter")},
                                    {"address", stop.at("address")},
                                    {"state", stop.at("state")},
                                    {"code", code},
                                    {"last", of_register("last_reading")},
                                    {"reading", of_register("reading")},
                                    {"estimates", stop.at("estimates_in_a_row")},
                                    {"proposal", stop.at("proposal")},
                                    {"notes", notes}});
    }
    print_table(rows);
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto read_date, day_of(options.read_date));
    TRY(const auto walk, app::walk_route(*office, options.route, read_date));
    const auto view = app::to_json(*office, walk, false);
    if (common.json) return print_json(view);
    print_walk(view);
    if (walk.days_left < 0 && walk.next_read) {
        note(fmt::format("This is the walk as it was on that day; the next one: --read-date {}",
                         walk.next_read->to_string()));
    }
    return 0;
}

Result<int> unread(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::bill_view));
    TRY(const auto read_date, day_of(options.read_date));
    std::vector<std::string> routes;
    if (!options.route.empty()) routes.push_back(options.route);
    if (options.route.empty()) {
        for (const auto& route :
             storage::RouteRows(office->database()).routes(office->business_date())) {
            if (options.cycle.empty() || route.cycle == options.cycle) routes.push_back(route.code);
        }
    }
    json::array views;
    for (const std::string& code : routes) {
        TRY(const auto walk, app::walk_route(*office, code, read_date, app::WalkDetail::states));
        auto view = app::to_json(*office, walk, true);
        auto& stops = view.at("stops").as_array();
        const auto unread_count = static_cast<std::size_t>(walk.unread());
        stops.resize(unread_count);
        if (unread_count > 0 || !options.route.empty()) views.push_back(std::move(view));
    }
    if (common.json) return print_json(json::object{{"routes", std::move(views)}});
    for (const auto& view : views) print_walk(view.as_object());
    if (views.empty()) say("Every meter is read.");
    return 0;
}

/// A move for people: what becomes of the periods, of the load, and of each account.
int print_move(const Common& common, const app::Rerouted& done) {
    const auto view = app::to_json(done, common.dry_run);
    if (common.json) return print_json(view);
    std::string periods;
    for (const auto& [verdict, count] : view.at("counts").as_object()) {
        if (count.as_int64() == 0) continue;
        periods += fmt::format("{}{} {}", periods.empty() ? "" : ", ", count.as_int64(),
                               std::string(verdict));
    }
    say(fmt::format("{}To route {} of cycle {} from {} on: {}", mark(common), done.to_route,
                    done.to_cycle, done.from.to_string(), periods));
    if (done.count(app::PeriodVerdict::same) < static_cast<std::int64_t>(done.points.size())) {
        say(done.proposed ? fmt::format("Every period is inside 27 to 33 days on {}.",
                                        done.proposed->to_string())
                          : std::string("No single day keeps every period inside 27 to 33 days."));
    }
    print_table(view.at("load").as_array());
    print_table(view.at("points").as_array());
    if (!done.way.empty()) {
        say("The way over other cycles:");
        print_table(view.at("way").as_array());
    }
    return 0;
}

Result<int> place(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::RerouteWish wish;
    wish.meters = options.meters;
    wish.to_route = options.route;
    wish.after = options.after;
    wish.first = options.first;
    wish.accept_length = options.accept_length;
    wish.why = options.why;
    wish.dry_run = common.dry_run;
    TRY(wish.from, day_of(options.from));
    TRY(const auto done, app::reroute(*office, wish));
    return print_move(common, done);
}

Result<int> move(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    app::RerouteWish wish;
    wish.route = options.route;
    wish.meters = options.meters;
    wish.to_route = options.to;
    wish.to_cycle = options.cycle;
    wish.after = options.after;
    wish.accept_length = options.accept_length;
    wish.why = options.why;
    wish.dry_run = common.dry_run;
    TRY(wish.from, day_of(options.from));
    TRY(const auto done, app::reroute(*office, wish));
    return print_move(common, done);
}

Result<int> number_anew(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto from, day_of(options.from));
    TRY(const auto changed,
        app::resequence(*office, {options.route, options.by, from, options.why, common.dry_run}));
    return answer(common, {{"route", options.route}, {"changed", changed}},
                  fmt::format("Route {} is numbered anew; changed: {}.", options.route, changed));
}

Result<int> close(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto read_date, day_of(options.read_date));
    TRY(const auto done, app::close_route(*office, {options.route, read_date, options.reopen,
                                                    options.why, common.dry_run}));
    return answer(common,
                  {{"route", done.route},
                   {"read_date", done.read_date.to_string()},
                   {"state", done.closed ? "closed" : "open"}},
                  fmt::format("Route {} is {} for {}.", done.route, done.closed ? "closed" : "open",
                              done.read_date.to_string()));
}

Result<int> hand_out(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto read_date, day_of(options.read_date));
    TRY(const auto done,
        app::export_route(*office, {options.route, read_date, options.layout, common.dry_run}));
    // --out names the file itself, or a folder that is there.
    std::string file = common.out;
    if (file.empty()) {
        TRY(const std::string folder, common.out_folder());
        file = folder + "/routes/" + done.name;
    } else if (std::filesystem::is_directory(file)) {
        file += "/" + done.name;
    }
    if (!common.dry_run) write_file(file, done.text);
    return answer(common, app::to_json(done, common.dry_run),
                  fmt::format("Route {} for {}, export {}{}: {} meters, {} registers, in {}",
                              done.record.route, done.record.read_date.to_string(),
                              done.record.number, done.again ? " once more" : "",
                              done.record.meters, done.record.registers, file));
}

Result<int> follow_up(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto read_date, day_of(options.read_date));
    TRY(const auto done, app::follow_up(*office, {options.route, read_date, options.as, options.why,
                                                  common.dry_run}));
    const auto view = app::to_json(done, common.dry_run);
    if (common.json) {
        print_json(view);
    } else {
        print_answer(view);
    }
    return done.count("refused") > 0 ? static_cast<int>(ExitCode::some_rejected) : 0;
}

Result<int> missed(const Common& common, const Options& options) {
    TRY(const auto office,
        options.open_items ? common.office() : common.office_for(access::permissions::bill_view));
    TRY(const Date since, date_or(options.since, office->business_date() - 45));
    if (options.open_items) {
        TRY(const auto outcome,
            app::report_missed_reads(*office, options.cycle, since, common.dry_run));
        return answer(common, app::to_json(outcome, common.dry_run),
                      fmt::format("{} reads missed, {} work items opened, {} closed.",
                                  outcome.missed, outcome.opened, outcome.closed));
    }
    TRY(const auto rows, app::missed_reads(*office, options.cycle, since));
    const auto view = app::to_json(rows);
    if (common.json) return print_json(json::object{{"items", view}});
    print_table(view);
    return 0;
}

Result<int> opt(const Common& common, const Options& options, bool back) {
    TRY(const auto office, common.office());
    app::OptOutWish wish;
    wish.meter = options.meter;
    wish.to_route = options.to;
    wish.back = back;
    wish.reading = options.reading;
    wish.after = options.after;
    wish.accept_length = options.accept_length;
    wish.why = options.why;
    wish.dry_run = common.dry_run;
    TRY(wish.on, day_of(options.on));
    TRY(const auto done, app::opt_out(*office, wish));
    return answer(common, app::to_json(done, common.dry_run),
                  fmt::format("Meter {} is on route {}, cycle {}, from {} on; it rests on the read "
                              "{} of {}{}.",
                              wish.meter, done.move.to_route, done.move.to_cycle,
                              done.move.from.to_string(), done.reading, done.read_on.to_string(),
                              done.fee.is_zero() ? ""
                                                 : fmt::format("; {} {} is proposed", done.fee_code,
                                                               dollars(done.fee))));
}
Result<int> opt_out(const Common& common, const Options& options) {
    return opt(common, options, false);
}
Result<int> opt_in(const Common& common, const Options& options) {
    return opt(common, options, true);
}

void add_route_facts(CLI::App& command, Options& options) {
    command.add_option("--kind", options.kind, "ami, walked, manual, opt_out");
    command.add_option("--reader", options.reader, "Who reads it");
    command.add_option("--method", options.method, "network, keyed, radio, probe");
    command.add_option("--every", options.every, "1: in every period; 2: in every second one");
}

void add_why(CLI::App& command, Options& options) {
    command.add_option("--why", options.why, "The reason, kept with the change")->required();
}

void add_code(CLI::App& command, Options& options) {
    command.add_option("route", options.route, "Code of the route")->required();
}

void add_from(CLI::App& command, Options& options, const char* what) {
    command.add_option("--from", options.from, what);
}

void add_read_date(CLI::App& command, Options& options) {
    command.add_option("--read-date", options.read_date,
                       "Read date of the cycle; else the last whose window has begun");
}

void add_keeping(CLI::App& route, Common& common, Options& options) {
    auto* creating = add_use_case(route, common, options, "create", "Make a route", create);
    add_code(*creating, options);
    creating->add_option("--cycle", options.cycle, "The cycle it belongs to")->required();
    add_route_facts(*creating, options);
    add_from(*creating, options, "First day; else the business date");
    add_why(*creating, options);
    add_dry_run(*creating, common);
    auto* changing = add_use_case(route, common, options, "change",
                                  "Another reader, method, kind or rhythm", change);
    add_code(*changing, options);
    add_route_facts(*changing, options);
    add_from(*changing, options, "First day of the change; else the business date");
    add_why(*changing, options);
    add_dry_run(*changing, common);
    auto* retiring =
        add_use_case(route, common, options, "retire", "End a route without points", retire);
    add_code(*retiring, options);
    add_from(*retiring, options, "First day without it; else the business date");
    add_why(*retiring, options);
    add_dry_run(*retiring, common);
    auto* listing = add_use_case(route, common, options, "list",
                                 "Routes with their points and read progress", list);
    listing->add_option("--cycle", options.cycle, "Only of this cycle");
    listing->add_option("--on", options.on, "As they are on this day; else the business date");
    auto* showing = add_use_case(route, common, options, "show",
                                 "The walk: meters in order with notes and reads", show);
    add_code(*showing, options);
    add_read_date(*showing, options);
}

void add_moving(CLI::App& route, Common& common, Options& options) {
    const auto common_moves = [&](CLI::App& command) {
        command.add_option("--after", options.after,
                           "Serial behind which they stand; else the end");
        add_from(command, options, "First day there; else the day that keeps the period inside");
        command.add_flag("--accept-length", options.accept_length,
                         "Take periods shorter or longer than 27 to 33 days");
        add_why(command, options);
        add_dry_run(command, common);
    };
    auto* placing = add_use_case(route, common, options, "place",
                                 "Put meters on a route or at another spot of its walk", place);
    add_code(*placing, options);
    placing->add_option("meters", options.meters, "Serials, in the order of the walk")->required();
    placing->add_flag("--first", options.first, "At the beginning of the walk");
    common_moves(*placing);
    auto* moving = add_use_case(route, common, options, "move",
                                "Move a whole route to another route or cycle", move);
    add_code(*moving, options);
    moving->add_option("--to", options.to, "The route to which its points go");
    moving->add_option("--cycle", options.cycle, "The cycle to which the route itself goes");
    moving->add_option("--meters", options.meters, "Only these of its meters");
    common_moves(*moving);
    auto* numbering = add_use_case(route, common, options, "resequence",
                                   "Number a walk anew, with room between neighbours", number_anew);
    add_code(*numbering, options);
    numbering->add_option("--by", options.by, "walk: as it is; address")->capture_default_str();
    add_from(*numbering, options, "First day; else the business date");
    add_why(*numbering, options);
    add_dry_run(*numbering, common);
}

void add_opting(CLI::App& route, Common& common, Options& options) {
    const auto opting = [&](CLI::App& command) {
        command.add_option("meter", options.meter, "Serial of the meter")->required();
        command.add_option("--to", options.to, "The route it goes to")->required();
        command.add_option("--date", options.on,
                           "Day of the effective read; else the business date");
        command.add_option("--read", options.reading,
                           "The effective read as the dials showed it; else one that is there");
        command.add_option("--after", options.after, "Serial behind which the reader comes by");
        command.add_flag("--accept-length", options.accept_length,
                         "Take a period shorter or longer than 27 to 33 days");
        add_why(command, options);
        add_dry_run(command, common);
    };
    opting(*add_use_case(route, common, options, "opt-out",
                         "A customer leaves AMI for a route that is walked", opt_out));
    opting(*add_use_case(route, common, options, "opt-in", "A customer comes back to AMI", opt_in));
}

void add_walking(CLI::App& route, Common& common, Options& options) {
    auto* exporting = add_use_case(route, common, options, "export",
                                   "The walk as a file for the reader's handheld", hand_out);
    add_code(*exporting, options);
    add_read_date(*exporting, options);
    exporting->add_option("--layout", options.layout, "Layout of the file")->capture_default_str();
    exporting->add_option("--out", common.out,
                          "The file, or a folder for it; else below the files of the database");
    add_dry_run(*exporting, common);
    auto* missing = add_use_case(route, common, options, "unread",
                                 "What is not read yet, with days left and what to do", unread);
    missing->add_option("route", options.route, "Code of the route; else all");
    missing->add_option("--cycle", options.cycle, "Routes of this cycle");
    add_read_date(*missing, options);
    auto* following =
        add_use_case(route, common, options, "follow-up",
                     "Order what was not read to be read again, or estimate it", follow_up);
    add_code(*following, options);
    add_read_date(*following, options);
    following->add_option("--as", options.as, "reread or estimate")->capture_default_str();
    add_why(*following, options);
    add_dry_run(*following, common);
    auto* closing = add_use_case(route, common, options, "close",
                                 "Take nothing more from a handheld for a read date", close);
    add_code(*closing, options);
    add_read_date(*closing, options);
    closing->add_flag("--reopen", options.reopen, "Take again");
    add_why(*closing, options);
    add_dry_run(*closing, common);
    auto* missed_list =
        add_use_case(route, common, options, "missed",
                     "Reads that were due and did not come, with their age", missed);
    missed_list->add_option("--cycle", options.cycle, "Only of this cycle");
    missed_list->add_option("--since", options.since,
                            "Windows that closed on this day or later; else 45 days back");
    missed_list->add_flag("--open-items", options.open_items,
                          "Open a work item for each, close those whose read came");
    add_dry_run(*missed_list, common);
}

}  // namespace

void add_route(CLI::App& app, Common& common) {
    static Options options;
    auto* route =
        app.add_subcommand("route", "Read routes: the walk, the calendar, what is unread");
    route->require_subcommand(1);
    add_keeping(*route, common, options);
    add_moving(*route, common, options);
    add_opting(*route, common, options);
    add_walking(*route, common, options);
    add_route_calendar(*route, common);
    route->footer(
        "Examples:\n"
        "  watthour route list --cycle 20\n"
        "  watthour route export 90-01 --read-date 2026-06-29 --out 90-01.hdl\n"
        "  watthour route unread 90-01\n"
        "  watthour route place 05-02 V500013 --after V500012 --why \"new street\" --dry-run\n"
        "  watthour route move 05-01 --cycle 06 --why \"even load\" --dry-run");
}

}  // namespace watthour::cli
