// SPDX-License-Identifier: Apache-2.0
#include "app/job_kinds.hpp"

#include "app/adopt_tariff.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/case_views.hpp"
#include "app/check_books.hpp"
#include "app/cycle_report.hpp"
#include "app/due_agreements.hpp"
#include "app/errors.hpp"
#include "app/head_end.hpp"
#include "app/import_file.hpp"
#include "app/move_database.hpp"
#include "app/print_bills.hpp"
#include "app/reads_views.hpp"
#include "app/study_tariff.hpp"
#include "app/validate_reads.hpp"
#include "app/work_jobs.hpp"
#include "base/text.hpp"
#include "jobs/errors.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using Parameters = json::object;
using Units = std::vector<json::object>;

std::string text_of(const Parameters& parameters, std::string_view name) {
    const auto* value = parameters.if_contains(name);
    return value == nullptr ? std::string() : std::string(value->as_string());
}

Date date_of(const Parameters& parameters, std::string_view name) {
    return *Date::parse(parameters.at(name).as_string());
}

Result<Units> one_unit(Office& /*office*/, const Parameters& /*parameters*/) {
    return Units{json::object{}};
}

Result<json::object> only_result(Office& /*office*/, const jobs::Job& /*job*/,
                                 const Parameters& /*parameters*/, const Units& results) {
    return results.empty() ? json::object{} : results.front();
}

// --- cycle_run

CycleRequest cycle_request(const Parameters& parameters) {
    CycleRequest request;
    request.cycle = text_of(parameters, "cycle");
    request.date = date_of(parameters, "date");
    request.threads = static_cast<int>(parameters.at("threads").as_int64());
    request.group = static_cast<int>(parameters.at("group").as_int64());
    return request;
}

Result<Units> plan_cycle(Office& office, const Parameters& parameters) {
    const CycleRequest request = cycle_request(parameters);
    TRY(const auto window, open_window(office.catalogue(), request.cycle, request.date));
    const auto accounts = accounts_to_bill(office, request.cycle, window.read);
    Units units;
    const auto step = static_cast<std::size_t>(request.group);
    for (std::size_t begin = 0; begin < accounts.size(); begin += step) {
        const std::size_t end = std::min(begin + step, accounts.size());
        units.push_back({{"from", accounts[begin].value}, {"until", accounts[end - 1].value + 1}});
    }
    return units;
}

Result<json::object> run_cycle_unit(Office& office, const Parameters& parameters,
                                    const json::object& unit) {
    const CycleRequest request = cycle_request(parameters);
    TRY(const auto window, open_window(office.catalogue(), request.cycle, request.date));
    return to_record(bill_part(office, request, window,
                               {unit.at("from").as_int64(), unit.at("until").as_int64()}));
}

Result<json::object> finish_cycle(Office& office, const jobs::Job& job,
                                  const Parameters& parameters, const Units& results) {
    const CycleRequest request = cycle_request(parameters);
    TRY(const auto window, open_window(office.catalogue(), request.cycle, request.date));
    const json::object whole = add_records(results);
    const CycleControl control{static_cast<std::int64_t>(whole.at("bills").as_array().size()),
                               static_cast<std::int64_t>(whole.at("exceptions").as_array().size()),
                               Money::minor(whole.at("total_minor").as_int64()), job.id.value};
    close_run(office, request, window, control);
    return to_report(window, RunMode::post, whole);
}

// --- import_file

Result<json::object> run_import(Office& office, const Parameters& parameters,
                                const json::object& /*unit*/) {
    ImportRequest request{text_of(parameters, "format"),
                          text_of(parameters, "file"),
                          date_of(parameters, "date"),
                          false,
                          std::nullopt,
                          text_of(parameters, "meter")};
    name_profile(text_of(parameters, "profile"), request);
    const auto outcome = import_file(office, request);
    // A unit that is done again finds its file taken in: by itself, before it could say so.
    if (!outcome && outcome.error().is(errors::file_already_taken)) {
        return json::object{{"file", request.path}, {"taken_before", true}};
    }
    if (!outcome) return outcome.error();
    return json::object{{"file", request.path},
                        {"records", outcome->file.records},
                        {"posted", outcome->file.posted},
                        {"parked", outcome->file.parked},
                        {"rejected", outcome->file.rejected},
                        {"posted_total", outcome->file.posted_total.to_string()},
                        {"parked_total", outcome->file.parked_total.to_string()}};
}

// --- head_end_poll

Result<json::object> run_head_end_poll(Office& office, const Parameters& /*parameters*/,
                                       const json::object& /*unit*/) {
    TRY(const auto poll, poll_head_end(office));
    return to_json(poll);
}

// --- validate_reads

Result<json::object> run_validation(Office& office, const Parameters& parameters,
                                    const json::object& /*unit*/) {
    ValidationRequest request;
    request.until = date_of(parameters, "until");
    TRY(const auto outcome, validate_reads(office, request));
    return to_json(outcome, false);
}

// --- detect_cases

Result<json::object> run_detection(Office& office, const Parameters& /*parameters*/,
                                   const json::object& /*unit*/) {
    TRY(const auto outcome, detect_cases(office, false));
    return to_json(outcome, false);
}

// --- print_bills

constexpr std::size_t bills_a_unit = 200;

std::vector<billing::BillSummary> bills_of(Office& office, const Parameters& parameters) {
    return office.bills().issued({date_of(parameters, "from"), date_of(parameters, "until")},
                                 service::now_known);
}

Result<Units> plan_print(Office& office, const Parameters& parameters) {
    const auto bills = bills_of(office, parameters);
    Units units;
    for (std::size_t begin = 0; begin < bills.size(); begin += bills_a_unit) {
        const std::size_t end = std::min(begin + bills_a_unit, bills.size());
        units.push_back({{"first", bills[begin].number}, {"last", bills[end - 1].number}});
    }
    return units;
}

/// By number, not by place: a bill that was issued since the plan shifts every place after it.
Result<json::object> run_print(Office& office, const Parameters& parameters,
                               const json::object& unit) {
    const auto bills = bills_of(office, parameters);
    const auto place = [&](std::string_view key) {
        const std::string number(unit.at(key).as_string());
        return std::find_if(bills.begin(), bills.end(),
                            [&](const auto& bill) { return bill.number == number; });
    };
    const auto last = place("last");
    const std::vector<billing::BillSummary> part(place("first"),
                                                 last == bills.end() ? last : last + 1);
    const auto outcome = print_bills(office, part, text_of(parameters, "folder"), 2);
    return json::object{{"printed", outcome.printed},
                        {"already_there", outcome.already_there},
                        {"bytes", outcome.bytes}};
}

Result<json::object> finish_print(Office& /*office*/, const jobs::Job& /*job*/,
                                  const Parameters& parameters, const Units& results) {
    json::object whole{{"printed", 0}, {"already_there", 0}, {"bytes", 0}};
    for (const auto& result : results) {
        for (auto& [name, sum] : whole) sum = sum.as_int64() + result.at(name).as_int64();
    }
    whole["folder"] = text_of(parameters, "folder");
    return whole;
}

// --- seal_days, check_books

Result<json::object> run_seal(Office& office, const Parameters& parameters,
                              const json::object& /*unit*/) {
    TRY(const std::string file, default_anchor_file(office.database().url()));
    TRY(const auto outcome, seal_days(office, date_of(parameters, "through"), file));
    return json::object{{"through", outcome.through.to_string()},
                        {"seals", outcome.anchor.seals},
                        {"head", outcome.anchor.head},
                        {"anchor_file", outcome.anchor_file}};
}

Result<json::object> run_check(Office& office, const Parameters& parameters,
                               const json::object& /*unit*/) {
    std::optional<Date> since;
    if (parameters.contains("since")) since = date_of(parameters, "since");
    json::array broken;
    for (const auto& result : check_books(office, since)) {
        for (const auto& violation : result.violations) {
            broken.emplace_back(result.invariant.name + ": " + violation.what);
        }
    }
    if (!broken.empty()) {
        // Nobody looks at the result of a job that is done; everybody looks at the inbox.
        worklist::WorkItem item;
        item.kind = "books_broken";
        item.cause = "books.check";
        item.subject = office.business_date().to_string();
        item.id = worklist::work_item_id(item.kind, 0, item.subject);
        item.evidence = worklist::stored(worklist::tell(
            "told.books_broken",
            {{"n", std::to_string(broken.size())}, {"first", broken.front().as_string()}}));
        item.next_step = worklist::stored(worklist::tell("told.books_broken.next"));
        item.opened_on = office.business_date();
        item.recurs = true;
        storage::Transaction transaction(office.database(), office.business_date());
        (void)office.work().open({item});
        transaction.commit();
    }
    return json::object{{"ok", broken.empty()}, {"broken", std::move(broken)}};
}

// --- tariff_study

Result<json::object> run_study(Office& office, const Parameters& parameters,
                               const json::object& /*unit*/) {
    TRY(const tariff::Catalogue proposed, tariffs_of_set(office, text_of(parameters, "set")));
    const Cohort cohort{text_of(parameters, "schedule"), text_of(parameters, "class"),
                        text_of(parameters, "program")};
    const Date until = date_of(parameters, "until");
    return to_json(study_tariff(office, proposed, cohort, {until - 366, until}, {})).as_object();
}

// --- nightly

/// Asks for everything that a night needs; each is a job of its own, once a night.
Result<json::object> run_nightly(Office& office, const Parameters& parameters,
                                 const json::object& /*unit*/) {
    const Date date = date_of(parameters, "date");
    const std::string key = "nightly:" + date.to_string();
    json::array asked;
    const auto ask = [&](const std::string& kind, const json::object& wanted,
                         const std::string& what) -> Result<void> {
        TRY(const auto job, submit_job(office, {kind, wanted, key + ":" + what, 0}));
        asked.push_back(json::object{{"job", job.id.value}, {"what", what}});
        return {};
    };
    TRY_DONE(ask("validate_reads", {{"until", date.to_string()}}, "validation"));
    for (const CycleToRun& one : cycles_to_run(office, date)) {
        const std::string& cycle = one.window.cycle;
        TRY_DONE(
            ask("cycle_run", {{"cycle", cycle}, {"date", date.to_string()}}, "cycle " + cycle));
    }
    // What bills and reads of the night show; whoever asks for nights may lack the right to it.
    if (authorize(office, access::permissions::case_work)) {
        TRY_DONE(ask("detect_cases", {{"date", date.to_string()}}, "cases"));
    }
    TRY_DONE(ask("seal_days", {{"through", (date - 1).to_string()}}, "seal"));
    return json::object{{"asked", std::move(asked)}};
}

/// Work of the day: reads, bills, cases.
std::vector<JobKind> kinds_of_the_day() {
    using enum ParameterType;
    using namespace access;
    return {
        {"cycle_run",
         "Bill a cycle whose window is open",
         &permissions::bill_run,
         {{"cycle", text},
          {"date", date, false},
          {"group", whole, false},
          {"threads", whole, false}},
         plan_cycle,
         run_cycle_unit,
         finish_cycle,
         "date",
         {{"validate_reads", WhenStuck::holds}}},
        {"import_file",
         "Take a file in",
         &permissions::file_import,
         {{"format", text, false},
          {"file", text},
          {"date", date, false},
          {"meter", text, false},
          {"profile", text, false}},
         one_unit,
         run_import,
         only_result,
         "date"},
        {"validate_reads",
         "Check the intervals that came, and estimate those that did not",
         &permissions::read_validate,
         {{"until", date, false}},
         one_unit,
         run_validation,
         only_result,
         "until",
         {{"import_file", WhenStuck::lets_go}}},
        {"head_end_poll",
         "Ask meters again that did not answer, and give up what is over",
         &permissions::meter_ask,
         {},
         one_unit,
         run_head_end_poll,
         only_result},
        {"detect_cases",
         "Open cases for what bills, events and meters show",
         &permissions::case_work,
         {{"date", date, false}},
         one_unit,
         run_detection,
         only_result,
         "date",
         {{"validate_reads", WhenStuck::lets_go}, {"cycle_run", WhenStuck::lets_go}}},
    };
}

/// What is made of it afterwards, and what keeps the rest.
std::vector<JobKind> kinds_of_the_night() {
    using enum ParameterType;
    using namespace access;
    return {
        {"print_bills",
         "Print the bills dated in a range",
         &permissions::bill_print,
         {{"from", date}, {"until", date}, {"folder", text}},
         plan_print,
         run_print,
         finish_print},
        {"seal_days",
         "Seal the days through one",
         &permissions::audit_seal,
         {{"through", date}},
         one_unit,
         run_seal,
         only_result},
        {"check_books",
         "Prove the books; what is broken becomes a work item",
         &permissions::books_check,
         {{"since", date}},
         one_unit,
         run_check,
         only_result},
        {"tariff_study",
         "What tariffs that were put forward do to everybody's bills of a year",
         &permissions::report_run,
         {{"set", text},
          {"until", date, false},
          {"schedule", text, false},
          {"class", text, false},
          {"program", text, false}},
         one_unit,
         run_study,
         only_result},
        {"nightly",
         "Ask for the night's jobs: validation, the cycles that are due, cases, the seals",
         &permissions::job_manage,
         {{"date", date, false}},
         one_unit,
         run_nightly,
         only_result},
    };
}

}  // namespace

const std::vector<JobKind>& job_kinds() {
    static const std::vector<JobKind> kinds = [] {
        std::vector<JobKind> all = kinds_of_the_day();
        for (JobKind& kind : kinds_of_the_night()) all.push_back(std::move(kind));
        return all;
    }();
    return kinds;
}

Result<const JobKind*> find_job_kind(const std::string& name) {
    std::vector<std::string_view> known;
    for (const JobKind& kind : job_kinds()) {
        if (kind.name == name) return &kind;
        known.push_back(kind.name);
    }
    return Error(jobs::errors::kind_unknown,
                 {{"kind", name}, {"known", fmt::format("{}", fmt::join(known, ", "))}});
}

Result<json::object> check_parameters(const Office& office, const JobKind& kind,
                                      const json::object& given) {
    std::vector<std::string_view> known;
    for (const JobParameter& parameter : kind.parameters) known.push_back(parameter.name);
    const std::string list = fmt::format("{}", fmt::join(known, ", "));
    const std::string name(kind.name);
    for (const auto& [key, value] : given) {
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) {
            return Error(jobs::errors::parameter_unknown,
                         {{"kind", name}, {"parameter", std::string(key)}, {"known", list}});
        }
    }
    json::object checked;
    for (const JobParameter& parameter : kind.parameters) {
        const auto* value = given.if_contains(parameter.name);
        const std::string text = value == nullptr     ? std::string()
                                 : value->is_string() ? std::string(value->as_string())
                                                      : to_text(*value);
        const auto malformed = [&](const char* wanted) {
            return Error(jobs::errors::parameter_malformed,
                         {{"kind", name},
                          {"parameter", std::string(parameter.name)},
                          {"text", text},
                          {"wanted", wanted}});
        };
        if (text.empty()) {
            if (parameter.required) {
                return Error(
                    jobs::errors::parameter_missing,
                    {{"kind", name}, {"parameter", std::string(parameter.name)}, {"known", list}});
            }
            if (parameter.type == ParameterType::date) {
                checked[parameter.name] = office.business_date().to_string();
            } else if (parameter.name == "group") {
                checked[parameter.name] = CycleRequest{}.group;
            } else if (parameter.name == "threads") {
                checked[parameter.name] = CycleRequest{}.threads;
            }
            continue;
        }
        if (parameter.type == ParameterType::date) {
            if (!Date::parse(text)) return malformed("a date, year-month-day");
            checked[parameter.name] = text;
        } else if (parameter.type == ParameterType::whole) {
            const auto number = parse_integer(text);
            if (!number || *number < 1 || *number > 100000) return malformed("1 to 100000");
            checked[parameter.name] = *number;
        } else {
            checked[parameter.name] = text;
        }
    }
    return checked;
}

}  // namespace watthour::app
