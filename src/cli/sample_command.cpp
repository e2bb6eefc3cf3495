// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"
#include "sample/let_staff_in.hpp"
#include "sample/live_through.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string until;
    std::string date;
    bool again = false;
};

int live(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto until = date_or(options.until, (*office)->business_date());
    if (!until) return refuse(common, until.error());
    const auto folder = common.out_folder();
    if (!folder) return refuse(common, folder.error());
    const auto lived = sample::live_through(
        **office, *folder, *until, [&](Date day, std::int64_t done, std::int64_t of) {
            progress(common, "office days, " + day.to_string(), done, of);
        });
    progress_done(common);
    if (!lived) return refuse(common, lived.error());
    if (common.json) {
        return print_json(json::object{{"until", until->to_string()},
                                       {"files", lived->files},
                                       {"reads", lived->reads},
                                       {"cycle_runs", lived->runs},
                                       {"bills", lived->bills},
                                       {"billed", lived->billed.to_string()},
                                       {"payments", lived->payments},
                                       {"paid", lived->paid.to_string()}});
    }
    say(
        fmt::format("Lived through the office days before {}: {} files, {} reads, {} cycle runs, "
                    "{} bills of {}, {} payments of {}",
                    until->to_string(), grouped(lived->files), grouped(lived->reads),
                    grouped(lived->runs), grouped(lived->bills), dollars(lived->billed),
                    grouped(lived->payments), dollars(lived->paid)));
    return 0;
}

int deliver(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto day = date_or(options.date, (*office)->business_date());
    if (!day) return refuse(common, day.error());
    const auto folder = common.out_folder();
    if (!folder) return refuse(common, folder.error());
    const auto files = sample::deliver(**office, *folder, *day);
    json::array rows;
    for (const auto& file : files) {
        rows.push_back(json::object{{"format", file.format}, {"path", file.path}});
        if (!common.json) say(fmt::format("{} {}", file.format, file.path));
    }
    return common.json ? print_json(json::object{{"files", std::move(rows)}}) : 0;
}

int counter(const Common& common, const Options& options) {
    const auto office = common.office();
    if (!office) return refuse(common, office.error());
    const auto day = date_or(options.date, (*office)->business_date());
    if (!day) return refuse(common, day.error());
    const auto served = sample::serve_counter(**office, *day);
    if (!served) return refuse(common, served.error());
    if (common.json) {
        return print_json(
            json::object{{"payments", served->payments}, {"total", served->total.to_string()}});
    }
    say(fmt::format("Counter of {}: {} payments, {}", day->to_string(), grouped(served->payments),
                    dollars(served->total)));
    return 0;
}

int staff(const Common& common, const Options& options) {
    const auto office = common.office_for(access::permissions::user_manage);
    if (!office) return refuse(common, office.error());
    const auto entrance = sample::let_staff_in(**office, options.again);
    if (!entrance) return refuse(common, entrance.error());
    if (common.json) {
        json::array users;
        for (const auto& user : entrance->staff) users.emplace_back(user.name);
        return print_json(json::object{
            {"users", std::move(users)},
            {"password",
             entrance->password.empty() ? json::value() : json::value(entrance->password)}});
    }
    if (entrance->staff.empty()) {
        say("The staff has passwords; watthour sample staff --again gives a new one.");
        return 0;
    }
    say("The sample's people sign in with this password, told once: " + entrance->password);
    for (const auto& user : entrance->staff) {
        say(fmt::format(
            "  {:<10} {} ({})", user.name, user.full_name,
            user.roles.size() > 3 ? "every role" : fmt::format("{}", fmt::join(user.roles, ", "))));
    }
    return 0;
}

}  // namespace

void add_sample(CLI::App& app, Common& common) {
    static Options options;
    auto* sample = app.add_subcommand("sample", "Play the sample utility's customers and bank");
    sample->require_subcommand(1);
    auto* living = sample->add_subcommand(
        "live", "Live through the office days: import, bill, draft, deposit; goes on where it was");
    add_common(*living, common);
    living->add_option("--until", options.until,
                       "First day not lived (default: the business date)");
    living->add_option("--out", common.out, "Folder for files (default: beside the database)");
    living->callback([&common] {
        common.resumable = true;
        common.command = [&common] { return live(common, options); };
    });
    auto* delivering =
        sample->add_subcommand("deliver", "Write the bank's files of a day and list all that came");
    add_common(*delivering, common);
    delivering->add_option("--date", options.date, "Business date, year-month-day");
    delivering->add_option("--out", common.out, "Folder for files (default: beside the database)");
    delivering->callback(
        [&common] { common.command = [&common] { return deliver(common, options); }; });
    auto* serving = sample->add_subcommand("counter", "Post what customers pay at the counter");
    add_common(*serving, common);
    serving->add_option("--date", options.date, "Business date, year-month-day");
    serving->callback(
        [&common] { common.command = [&common] { return counter(common, options); }; });
    auto* letting =
        sample->add_subcommand("staff", "Give the sample's people a password to sign in");
    add_common(*letting, common);
    letting->add_flag("--again", options.again, "A new one in the place of the old");
    letting->callback([&common] { common.command = [&common] { return staff(common, options); }; });
    sample->footer(
        "Examples:\n  watthour sample live --until 2026-06-08\n"
        "  watthour sample deliver --date 2026-06-12\n"
        "  watthour sample counter --date 2026-06-12\n"
        "  watthour sample staff");
}

}  // namespace watthour::cli
