// SPDX-License-Identifier: Apache-2.0
#include "app/head_end.hpp"
#include "app/silent_meters.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace watthour::cli {
namespace {

struct Options {
    std::string meter;
    std::string system;
    std::string why;
    std::string state;
    std::string file;
    std::string ticket;
    std::string date;
    int days = 3;
    int wait = 0;
    bool changes = false;
    bool ping = false;
    bool order = false;
};

/// Requests that a list shows at most.
constexpr std::size_t most_rows = 200;
constexpr auto look_again = std::chrono::milliseconds(200);

constexpr const char* example =
    "{\n"
    "  \"systems\": [\n"
    "    {\n"
    "      \"name\": \"north\",\n"
    "      \"protocol\": \"multispeak\",\n"
    "      \"version\": \"3.0\",\n"
    "      \"url\": \"https://ami.example.org/MR_Server\",\n"
    "      \"user\": \"billing\",\n"
    "      \"password\": \"what the head-end knows us by\",\n"
    "      \"reply_url\": \"https://billing.example.org\",\n"
    "      \"reply_secret\": \"sixteen-letters-or-more\",\n"
    "      \"reply_user\": \"north\",\n"
    "      \"reply_password\": \"sixteen letters or more\",\n"
    "      \"serial_prefixes\": [\"V1\", \"V2\"],\n"
    "      \"answer_seconds\": 60,\n"
    "      \"most_attempts\": 3,\n"
    "      \"expires_seconds\": 900\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"south\",\n"
    "      \"protocol\": \"iec61968\",\n"
    "      \"url\": \"https://hes.example.org/iec\",\n"
    "      \"reply_url\": \"https://billing.example.org\",\n"
    "      \"reply_password\": \"sixteen letters or more\"\n"
    "    }\n"
    "  ]\n"
    "}";

std::string in_words(const metering::HeadEndRequest& request) {
    std::string text = fmt::format("{} {} of meter {}: {}", metering::transaction_of(request.id),
                                   metering::to_text(request.kind), request.serial,
                                   metering::to_text(request.state));
    if (request.attempts > 1) text += fmt::format(", {} attempts", request.attempts);
    if (!request.result.empty()) text += " (" + request.result + ")";
    return text;
}

int exit_of(const metering::HeadEndRequest& request) {
    using enum metering::HeadEndState;
    if (request.state == failed) return static_cast<int>(ExitCode::refused);
    if (request.state == timed_out) return static_cast<int>(ExitCode::unavailable);
    return 0;
}

/// Until the request has ended or the seconds are over; asks again what is due meanwhile.
Result<metering::HeadEndRequest> wait_for(app::Office& office, metering::HeadEndRequest request,
                                          int seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!is_final(request.state) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(look_again);
        if (app::head_end_is_due(office)) TRY_DONE(app::poll_head_end(office));
        TRY(request, app::find_head_end_request(office, request.id.value));
    }
    return request;
}

Result<int> ask(const Common& common, const Options& options, metering::HeadEndKind kind) {
    TRY(const auto office, common.office());
    if (kind == metering::HeadEndKind::ping && options.meter.empty()) {
        TRY(const std::string words, app::ping_head_end(*office, options.system));
        if (common.json) return print_json(json::object{{"up", words.empty()}, {"words", words}});
        say(words.empty() ? "The head-end is up." : "The head-end answers: " + words);
        return words.empty() ? 0 : static_cast<int>(ExitCode::refused);
    }
    TRY(auto asked, app::ask_meter(*office, {kind, options.meter, options.system, options.why,
                                             common.dry_run}));
    if (!common.dry_run && options.wait > 0) {
        TRY(asked.request, wait_for(*office, asked.request, options.wait));
    }
    if (common.json) {
        print_json(app::to_json(asked, common.dry_run));
    } else if (common.dry_run) {
        say(fmt::format("Would ask {} for a {} of meter {}.", asked.request.system,
                        metering::to_text(kind), asked.request.serial));
    } else {
        if (asked.joined) note("The same was asked before and is open; nothing was sent.");
        say(in_words(asked.request));
    }
    return exit_of(asked.request);
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::meter_ask));
    TRY(const auto page, app::list_head_end(*office, options.state, options.meter, "", most_rows,
                                            options.changes || common.json));
    if (common.json) {
        return print_json(json::object{{"items", page.rows}, {"has_more", page.more}});
    }
    for (const auto& value : page.rows) {
        const auto& row = value.as_object();
        const auto text = [&](const char* name) {
            return std::string_view(row.at(name).as_string());
        };
        say(fmt::format("{} {:<10} {:<14} {:<12} wh-{} {} {}", text("asked_at"), text("kind"),
                        text("meter"), text("state"), text("request"), text("result"),
                        row.at("attempts").as_int64() > 1
                            ? fmt::format("({} attempts)", row.at("attempts").as_int64())
                            : std::string()));
        if (!options.changes) continue;
        for (const auto& one : row.at("changes").as_array()) {
            const auto& change = one.as_object();
            say(fmt::format("  {} {:<14} {} {}", std::string_view(change.at("at").as_string()),
                            std::string_view(change.at("event").as_string()),
                            std::string_view(change.at("by").as_string()),
                            std::string_view(change.at("note").as_string())));
        }
    }
    if (page.more) note(fmt::format("The {} newest are shown.", most_rows));
    return 0;
}

Result<int> receive(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    TRY(const auto outcome, app::receive_file(*office, options.system, options.file));
    using enum metering::HeadEndEvent;
    if (common.json) {
        print_json(app::to_json(outcome));
    } else {
        say(fmt::format("{}: {}", metering::to_text(outcome.event), in_words(outcome.request)));
        if (!outcome.note.empty()) say("  " + outcome.note);
    }
    if (outcome.event == wrong_meter || outcome.event == wrong_kind || outcome.event == failed) {
        return static_cast<int>(ExitCode::refused);
    }
    if (outcome.event != repeated || common.ok_if_done) return 0;
    return static_cast<int>(ExitCode::duplicate);
}

Result<int> poll(const Common& common, const Options& /*options*/) {
    TRY(const auto office, common.office_for(access::permissions::meter_ask));
    TRY(const auto outcome, app::poll_head_end(*office));
    if (common.json) return print_json(app::to_json(outcome));
    say(fmt::format("{} sent again, {} timed out.", outcome.sent_again, outcome.timed_out));
    if (outcome.open > 0) {
        note(fmt::format("{} wait for a head-end that the settings no longer name.", outcome.open));
    }
    return 0;
}

/// Those that were asked; a refusal of one is told and the others are asked.
Result<std::int64_t> ping_all(app::Office& office, const app::SilentMeters& silent,
                              const Options& options) {
    std::vector<std::string> serials;
    for (const auto& meter : silent.meters) {
        if (serials.size() < app::most_pings) serials.push_back(meter.serial);
    }
    TRY(const auto pinged,
        app::ping_meters(office, serials, options.system,
                         options.why.empty() ? "silent meter" : options.why, false));
    std::int64_t count = 0;
    for (const auto& one : pinged) {
        if (one.refusal) {
            note(one.serial + ": " + one.refusal->message());
        } else {
            ++count;
        }
    }
    return count;
}

Result<int> silent(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::meter_ask));
    TRY(const Date date, date_or(options.date, office->business_date()));
    auto found = app::silent_meters(*office, date, options.days);
    std::int64_t pinged = 0;
    std::int64_t proposed = 0;
    if (options.ping && !common.dry_run) {
        TRY(pinged, ping_all(*office, found, options));
        found = app::silent_meters(*office, date, options.days);
    }
    if (options.order && !common.dry_run) {
        TRY(proposed, app::propose_orders(*office, found));
    }
    if (!options.ticket.empty()) write_file(options.ticket, app::ticket_csv(found));
    auto object = app::to_json(found);
    if (common.json) {
        object["pinged"] = pinged;
        object["orders_proposed"] = proposed;
        return print_json(object);
    }
    for (const auto& meter : found.meters) {
        say(fmt::format("{:<14} {:>3} days ({}) {:<12} {} {}", meter.serial, meter.days, meter.age,
                        meter.route, meter.quantities,
                        meter.last_request ? in_words(*meter.last_request) : std::string()));
    }
    say(fmt::format("Silent for {1} days or more as of {2}: {0}.", found.meters.size(),
                    options.days, found.day.to_string()));
    if (options.ping) say(fmt::format("{} were pinged.", pinged));
    if (options.order) say(fmt::format("{} field orders are proposed in the inbox.", proposed));
    if (!options.ticket.empty()) note("The ticket is in " + options.ticket + ".");
    return 0;
}

}  // namespace

void add_head_end(CLI::App& app, Common& common) {
    static Options options;
    auto* head_end = app.add_subcommand("head-end", "Ask meters over their network, switch them");
    head_end->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, auto run) {
        return add_use_case(*head_end, common, options, name, what, run);
    };
    const auto add_asking = [&](metering::HeadEndKind kind, const char* what) {
        auto* command = add(std::string(metering::to_text(kind)).c_str(), what,
                            [kind](const Common& c, const Options& o) { return ask(c, o, kind); });
        add_dry_run(*command, common);
        auto* meter = command->add_option("--meter", options.meter, "Serial");
        auto* why = command->add_option("--why", options.why, "The reason, kept with the request");
        command->add_option("--system", options.system,
                            "Name of the head-end; else the one that has the meter");
        command->add_option("--wait", options.wait, "Seconds to wait for the end of it")
            ->check(CLI::Range(0, 86'400));
        if (kind == metering::HeadEndKind::ping) return;
        meter->required();
        why->required();
    };
    add_asking(metering::HeadEndKind::ping,
               "Ask a meter whether it is there; without --meter, the head-end itself");
    add_asking(metering::HeadEndKind::read, "Read a meter now");
    add_asking(metering::HeadEndKind::connect, "Close the switch of a meter");
    add_asking(metering::HeadEndKind::disconnect,
               "Open the switch of a meter; takes a second person");
    auto* listing = add("list", "What was asked, the newest first", list);
    listing->add_option("--state", options.state, "sent, acknowledged, done, timed_out, failed");
    listing->add_option("--meter", options.meter, "Only of this meter");
    listing->add_flag("--changes", options.changes, "With all that happened to each");
    auto* receiving = add("receive", "Take in an answer that came as a file", receive);
    receiving->add_option("file", options.file, "The message")->required();
    receiving->add_option("--system", options.system, "Whose answer it is; else the first's");
    add("poll", "Ask again what is due, give up what is over", poll);
    auto* quiet = add("silent", "Meters of which nothing comes", silent);
    add_dry_run(*quiet, common);
    quiet->add_option("--days", options.days, "Silent for at least so many days")
        ->check(CLI::Range(1, 31));
    quiet->add_option("--date", options.date, "The day after the last that is awaited");
    quiet->add_option("--ticket", options.ticket,
                      "Write the list for the head-end's administrator");
    quiet->add_flag("--ping", options.ping, "Ping each of them");
    quiet->add_flag("--order", options.order, "Propose a field order for each");
    quiet->add_option("--why", options.why, "The reason of the pings");
    quiet->add_option("--system", options.system, "Name of the head-end");
    add("example", "Print a settings file to begin from", [](const Common&, const Options&) {
        say(example);
        return Result<int>(0);
    });
    head_end->footer(
        "The settings of head-ends, with their secrets, are in WATTHOUR_HEAD_END, else beside the\n"
        "database: watthour.db.head-end.json, readable by its owner alone.\n"
        "Answers come to watthour serve at /head-end/multispeak and /head-end/iec61968.\n"
        "Examples:\n  watthour head-end read --meter V100017 --why \"no read\" --wait 60\n"
        "  watthour head-end list --state timed_out\n"
        "  watthour head-end silent --days 4 --ticket silent.csv");
}

}  // namespace watthour::cli
