// SPDX-License-Identifier: Apache-2.0
#include "app/authorize.hpp"
#include "app/job_kinds.hpp"
#include "app/job_order.hpp"
#include "app/views.hpp"
#include "app/work_jobs.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "jobs/errors.hpp"

#include <fmt/format.h>

namespace watthour::cli {
namespace {

struct Options {
    std::string kind;
    std::vector<std::string> parameters;  ///< "cycle=05"
    std::string key;
    std::int64_t job = 0;
    bool all = false;
    std::string name;
    std::string at;
    std::string why;
    std::string days = "business_days";
};

void print(const jobs::Job& job, const jobs::Progress& progress, std::int64_t now) {
    const auto left = progress.seconds_left(now);
    say(fmt::format("{:>19}  {:<12} {:<8} {:>4} of {:>4} units{}{}  {}", job.id.value, job.kind,
                    job.state, progress.done, progress.all(),
                    progress.parked > 0 ? fmt::format(", {} PARKED", progress.parked) : "",
                    job.state == "open" && left ? fmt::format(", about {} s left", *left) : "",
                    job.parameters));
}

/// What must end before the job begins, one line each.
void print_awaited(app::Office& office, const jobs::Job& job) {
    for (const auto& one : app::awaited_by(office, job)) {
        say(fmt::format("{:>19}  waits for {} {}{}", "", one.job.kind, one.job.id.value,
                        one.job.state == "stopped" ? ", which is STOPPED"
                        : one.stuck                ? ", which is PARKED: " + one.problem
                                                   : std::string()));
    }
}

json::object parameters_of(const Options& options) {
    json::object parameters;
    for (const std::string& text : options.parameters) {
        const std::size_t at = text.find('=');
        parameters[text.substr(0, at)] = at == std::string::npos ? "" : text.substr(at + 1);
    }
    return parameters;
}

Result<jobs::Job> job_of(app::Office& office, const Options& options) {
    auto job = office.jobs().find({options.job});
    if (!job) return Error(jobs::errors::job_unknown, {{"job", std::to_string(options.job)}});
    return *std::move(job);
}

Result<int> submit_to(const Common& common, app::Office& office, const app::JobRequest& request) {
    TRY(const auto job, app::submit_job(office, request));
    const auto progress = office.jobs().progress(job.id);
    if (common.json) return print_json(app::to_json(job, progress, common.clock->now()));
    say(fmt::format("Job {} with {} units is in the queue; a worker does it: watthour work",
                    job.id.value, progress.all()));
    return 0;
}

Result<int> submit(const Common& common, const Options& options) {
    TRY(const auto office, common.office());
    return submit_to(common, *office, {options.kind, parameters_of(options), options.key, 0});
}

Result<int> list(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    json::array array;
    for (const auto& job : office->jobs().list(!options.all)) {
        const auto progress = office->jobs().progress(job.id);
        if (!common.json) {
            print(job, progress, common.clock->now());
            print_awaited(*office, job);
        }
        array.push_back(app::job_view(*office, job));
    }
    if (common.json) return print_json(std::move(array));
    if (array.empty()) say("No jobs.");
    return 0;
}

Result<int> show(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    TRY(const auto job, job_of(*office, options));
    const auto progress = office->jobs().progress(job.id);
    json::object object = app::job_view(*office, job);
    if (!common.json) {
        print(job, progress, common.clock->now());
        print_awaited(*office, job);
    }
    json::array units;
    for (const auto& unit : office->jobs().units(job.id)) {
        units.push_back(json::object{{"unit", unit.number},
                                     {"state", unit.state},
                                     {"parameters", unit.parameters},
                                     {"worker", unit.worker},
                                     {"attempts", unit.attempts},
                                     {"problem", unit.problem}});
        if (common.json || (unit.state == "done" && !options.all)) continue;
        say(fmt::format("  unit {:>4} {:<8} {}{}{}", unit.number, unit.state,
                        unit.number == 0 ? "what follows when all are done" : unit.parameters,
                        unit.worker.empty() ? "" : "  by " + unit.worker,
                        unit.problem.empty() ? "" : "  " + unit.problem));
    }
    object["unit_list"] = std::move(units);
    if (!job.result.empty()) {
        TRY(object["result"], parse_json(job.result, "result"));
    }
    return common.json ? print_json(object) : 0;
}

/// stop, resume and retry.
Result<int> change(const Common& common, const Options& options, const std::string& how) {
    TRY(const auto office, common.office_for(access::permissions::job_manage));
    TRY(const auto job, job_of(*office, options));
    if (job.state == "done") {
        return Error(jobs::errors::job_done, {{"job", std::to_string(options.job)}});
    }
    std::string sentence;
    if (how == "retry") {
        sentence = fmt::format("{} parked units wait again.", office->jobs().retry_parked(job.id));
    } else {
        (void)office->jobs().set_state(job.id, how == "stop" ? "stopped" : "open");
        const auto progress = office->jobs().progress(job.id);
        sentence = how == "stop" ? fmt::format("Stopped: {} units under way end, {} wait.",
                                               progress.claimed, progress.waiting)
                                 : fmt::format("Goes on: {} units wait.", progress.waiting);
    }
    const auto after = office->jobs().find(job.id);
    if (common.json) {
        return print_json(
            app::to_json(*after, office->jobs().progress(job.id), common.clock->now()));
    }
    say(sentence);
    return 0;
}

Result<int> give_up(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::job_manage));
    TRY(const auto job, app::give_up_job(*office, {options.job}, options.why));
    if (common.json) return print_json(app::job_view(*office, job));
    say(fmt::format("Job {} is given up; what waited for it begins without it.", options.job));
    return 0;
}

Result<int> schedule(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::job_manage));
    TRY(const auto* kind, app::find_job_kind(options.kind));
    const auto parameters = parameters_of(options);
    TRY_DONE(app::check_parameters(*office, *kind, parameters));
    jobs::Schedule wanted{
        options.name, options.kind, to_text(parameters), 0,
        options.days == "every_day" ? jobs::Days::every_day : jobs::Days::business_days};
    TRY(wanted.minute_of_day, jobs::parse_time_of_day(options.at));
    office->jobs().put_schedule(wanted);
    if (common.json) return print_json(json::object{{"schedule", wanted.name}});
    say(fmt::format("{} runs at {} on {}; a worker must be there: watthour work", wanted.name,
                    jobs::time_of_day(wanted.minute_of_day),
                    wanted.days == jobs::Days::every_day ? "every day" : "business days"));
    return 0;
}

Result<int> unschedule(const Common& common, const Options& options) {
    TRY(const auto office, common.office_for(access::permissions::job_manage));
    if (!office->jobs().remove_schedule(options.name)) {
        return Error(jobs::errors::schedule_unknown, {{"name", options.name}});
    }
    if (common.json) return print_json(json::object{{"removed", options.name}});
    say(options.name + " runs no more.");
    return 0;
}

Result<int> schedules(const Common& common, const Options& /*options*/) {
    TRY(const auto office, common.office_for(access::permissions::work_view));
    json::array array;
    for (const auto& one : office->jobs().schedules()) {
        array.push_back(json::object{{"schedule", one.name},
                                     {"kind", one.kind},
                                     {"parameters", one.parameters},
                                     {"at", jobs::time_of_day(one.minute_of_day)},
                                     {"days", jobs::to_text(one.days)}});
        if (common.json) continue;
        say(fmt::format("{:<16} {} {:<14} {} {}", one.name, jobs::time_of_day(one.minute_of_day),
                        jobs::to_text(one.days), one.kind, one.parameters));
    }
    return common.json ? print_json(std::move(array)) : 0;
}

std::string kinds_in_words() {
    std::string text = "Kinds:\n";
    for (const auto& kind : app::job_kinds()) {
        std::vector<std::string_view> names;
        for (const auto& parameter : kind.parameters) names.push_back(parameter.name);
        text += fmt::format("  {:<12} {} ({})\n", kind.name, kind.meaning, fmt::join(names, ", "));
    }
    return text;
}

}  // namespace

int put_in_queue(const Common& common, app::Office& office, const std::string& kind,
                 const json::object& parameters) {
    const auto answer = submit_to(common, office, {kind, parameters, {}, 0});
    return answer ? *answer : refuse(common, answer.error());
}

void add_job(CLI::App& app, Common& common) {
    static Options options;
    auto* job = app.add_subcommand("job", "Long work in the queue: ask, look, stop, go on");
    job->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, auto run) {
        return add_use_case(*job, common, options, name, what, run);
    };
    const auto with_kind = [&](CLI::App* command) {
        command->add_option("kind", options.kind, "The kind of job")->required();
        command->add_option("parameters", options.parameters, "NAME=VALUE ...");
    };
    auto* submitting = add("submit", "Put a job into the queue", submit);
    with_kind(submitting);
    submitting->add_option("--key", options.key,
                           "One key is one job, however often it is asked for");
    auto* listing = add("list", "Jobs that are not done", list);
    listing->add_flag("--all", options.all, "Those that are done as well");
    auto* showing = add("show", "A job with its units", show);
    showing->add_option("id", options.job, "Number of the job")->required();
    showing->add_flag("--all", options.all, "Units that are done as well");
    for (const auto& [name, what] :
         {std::pair{"stop", "Give out no more units; those under way end"},
          std::pair{"resume", "Go on with a stopped job"},
          std::pair{"retry", "Let parked units be tried again"}}) {
        const std::string how = name;
        add(name, what, [how](const Common& c, const Options& o) { return change(c, o, how); })
            ->add_option("id", options.job, "Number of the job")
            ->required();
    }
    auto* giving_up =
        add("give-up", "End a job that will not be done; others go on without it", give_up);
    giving_up->add_option("id", options.job, "Number of the job")->required();
    giving_up->add_option("--why", options.why, "The reason, kept in the audit trail")->required();
    auto* scheduling = add("schedule", "Have the clock ask for a job", schedule);
    scheduling->add_option("name", options.name, "Name of the schedule")->required();
    with_kind(scheduling);
    scheduling->add_option("--at", options.at, "Time of day of the utility, 21:30")->required();
    scheduling->add_option("--days", options.days, "business_days or every_day")
        ->check(CLI::IsMember({"business_days", "every_day"}));
    add("unschedule", "Take a schedule away", unschedule)
        ->add_option("name", options.name, "Name of the schedule")
        ->required();
    add("schedules", "What the clock asks for", schedules);
    job->footer(kinds_in_words() +
                "Examples:\n  watthour job submit cycle_run cycle=05 date=2026-06-09\n"
                "  watthour job schedule night nightly --at 21:30\n"
                "  watthour job list");
}

}  // namespace watthour::cli
