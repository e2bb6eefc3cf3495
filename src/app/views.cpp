// SPDX-License-Identifier: Apache-2.0
#include "app/views.hpp"

#include "app/errors.hpp"
#include "app/local_time.hpp"
#include "app/post_payments.hpp"
#include "billing/compare_bills.hpp"
#include "formats/format.hpp"
#include "rating/charge_line.hpp"

namespace watthour::app {

json::object to_json(const rating::ChargeLine& line) {
    json::object object{{"seq", line.seq},
                        {"code", line.code},
                        {"description", line.text_en},
                        {"description_es", line.text_es},
                        {"amount", line.amount.to_string()},
                        {"group", line.group},
                        {"gl_account", line.gl_account},
                        {"clause", line.clause}};
    if (line.period) {
        object["from"] = line.period->from.to_string();
        object["until"] = line.period->until.to_string();
    }
    if (line.quantity) {
        object["quantity"] = line.quantity_text();
        object["unit"] = line.unit;
    }
    if (line.rate) object["rate"] = line.rate_text();
    if (!line.factor_text().empty()) object["factor"] = line.factor_text();
    if (line.base) object["base"] = line.base->to_string();
    return object;
}

json::object to_json(const billing::Bill& bill) {
    json::array segments;
    for (const auto& segment : bill.segments) {
        json::array lines;
        for (const auto& line : segment.lines) lines.push_back(to_json(line));
        json::array reads;
        for (const auto& read : segment.reads) {
            reads.push_back(json::object{{"meter", read.meter},
                                         {"from", read.period.from.to_string()},
                                         {"until", read.period.until.to_string()},
                                         {"from_read", read.from_read},
                                         {"until_read", read.until_read},
                                         {"type", read.read_type},
                                         {"multiplier", read.multiplier},
                                         {"kwh", read.energy.to_string()}});
        }
        json::object object{{"number", segment.number},
                            {"schedule", segment.schedule},
                            {"state", "frozen"},
                            {"from", segment.period.from.to_string()},
                            {"until", segment.period.until.to_string()},
                            {"kwh", segment.delivered.to_string()},
                            {"current_charges", segment.current_charges.to_string()},
                            {"inputs_hash", segment.inputs_hash},
                            {"reads", std::move(reads)},
                            {"lines", std::move(lines)}};
        if (segment.billed_demand) object["billed_kw"] = segment.billed_demand->to_string();
        if (segment.measured_demand) object["measured_kw"] = segment.measured_demand->to_string();
        segments.push_back(std::move(object));
    }
    json::array activity;
    for (const auto& entry : bill.activity) {
        activity.push_back(json::object{{"date", entry.date.to_string()},
                                        {"kind", entry.kind},
                                        {"memo", entry.memo},
                                        {"amount", entry.amount.to_string()}});
    }
    return {{"bill", bill.number},
            {"account", customers::account_number(bill.account)},
            {"cycle", bill.cycle},
            {"bill_date", bill.bill_date.to_string()},
            {"due_date", bill.due_date.to_string()},
            {"from", bill.period.from.to_string()},
            {"until", bill.period.until.to_string()},
            {"language", bill.language},
            {"previous_balance", bill.previous_balance.to_string()},
            {"activity_total", bill.activity_total.to_string()},
            {"current_charges", bill.current_charges.to_string()},
            {"amount_due", bill.amount_due.to_string()},
            {"autopay", bill.autopay},
            {"activity", std::move(activity)},
            {"segments", std::move(segments)}};
}

json::object to_json(const billing::BillSummary& bill) {
    return {{"bill", bill.number},
            {"bill_date", bill.bill_date.to_string()},
            {"due_date", bill.due_date.to_string()},
            {"current_charges", bill.current_charges.to_string()},
            {"amount_due", bill.amount_due.to_string()}};
}

json::object to_json(const worklist::WorkItem& item, Language language) {
    json::object object{
        {"id", std::to_string(item.id.value)},
        {"kind", item.kind},
        {"cause", item.cause},
        {"account", item.account == 0 ? json::value()
                                      : json::value(customers::account_number({item.account}))},
        {"evidence", worklist::in_words(item.evidence, language)},
        {"next_step", worklist::in_words(item.next_step, language)},
        {"at_stake", item.at_stake.to_string()},
        {"opened_on", item.opened_on.to_string()},
        {"owner", item.owner},
        {"due_on", item.due_on ? json::value(item.due_on->to_string()) : json::value()},
        {"snoozed_until",
         item.snoozed_until ? json::value(item.snoozed_until->to_string()) : json::value()},
        {"state", item.state}};
    if (item.state == "resolved") {
        object["resolution"] = item.resolution;
        object["why"] = item.resolved_why;
        object["resolved_by"] = item.resolved_by;
        object["resolved_on"] = item.resolved_on.to_string();
    }
    return object;
}

json::object to_json(const jobs::Job& job, const jobs::Progress& progress, std::int64_t now) {
    const auto left = progress.seconds_left(now);
    return {{"job", job.id.value},
            {"kind", job.kind},
            {"parameters", job.parameters},
            {"state", job.state},
            {"requested_by", job.requested_by},
            {"units", progress.all()},
            {"waiting", progress.waiting},
            {"claimed", progress.claimed},
            {"done", progress.done},
            {"parked", progress.parked},
            {"seconds_left", job.state == "open" && left ? json::value(*left) : json::value()}};
}

json::object to_json(const audit::AuditEntry& entry) {
    json::object object{{"recorded_on", entry.recorded_on.to_string()},
                        {"subject", entry.subject},
                        {"use_case", entry.use_case},
                        {"before", entry.before},
                        {"after", entry.after},
                        {"why", entry.why},
                        {"by", entry.by}};
    object["account"] = entry.account == 0
                            ? json::value()
                            : json::value(customers::account_number({entry.account}));
    object["approval"] = entry.approval == 0 ? json::value() : json::value(entry.approval);
    object["changed_at"] = entry.changed_at == 0 ? json::value() : json::value(entry.changed_at);
    return object;
}

json::object to_json(const access::User& user) {
    return {{"user", user.name},
            {"full_name", user.full_name},
            {"active", user.active},
            {"roles", json::array(user.roles.begin(), user.roles.end())}};
}

json::object to_json(const access::Approval& approval) {
    return {{"id", std::to_string(approval.id.value)},
            {"use_case", approval.use_case},
            {"parameters", approval.parameters},
            {"amount", approval.amount ? json::value(approval.amount->to_string()) : json::value()},
            {"maker", approval.maker},
            {"why", approval.why},
            {"state", approval.state},
            {"checker", approval.checker},
            {"decided_why", approval.decided_why}};
}

json::object to_json(const access::RoleGrant& grant) {
    json::object object{{"role", grant.role},
                        {"valid_from", to_iso_utc(grant.valid_from)},
                        {"valid_until", grant.valid_until == access::without_end
                                            ? json::value()
                                            : json::value(to_iso_utc(grant.valid_until))},
                        {"recorded_at", to_iso_utc(grant.recorded_at)},
                        {"granted_by", grant.granted_by},
                        {"approved_by", grant.approved_by},
                        {"why", grant.why}};
    if (!grant.revoked_by.empty()) {
        object["revoked_by"] = grant.revoked_by;
        object["revoked_why"] = grant.revoked_why;
    }
    return object;
}

json::object to_json(const access::Role& role) {
    json::array slugs;
    for (const auto& permission : role.permissions) slugs.emplace_back(permission.slug);
    return {{"role", role.name},
            {"for", role.sentence},
            {"limit", role.limit ? json::value(role.limit->to_string()) : json::value()},
            {"permissions", std::move(slugs)}};
}

namespace {

/// What became of a file's records, and its totals.
void add_counts(json::object& object, const worklist::ReceivedFile& file) {
    object["sha256"] = file.sha256;
    object["records"] = file.records;
    object["posted"] = file.posted;
    object["parked"] = file.parked;
    object["rejected"] = file.rejected;
    object["repeated"] = file.repeated;
    object["declared_total"] = file.declared_total.to_string();
    object["posted_total"] = file.posted_total.to_string();
    object["parked_total"] = file.parked_total.to_string();
}

/// What a file held and how it was read; of a preview its first rows.
void add_what_it_held(json::object& object, const ImportOutcome& outcome, const TimeZone& zone) {
    const worklist::FileDetails& details = outcome.details;
    const auto moment = [&](Instant at) {
        return at.seconds == 0 ? std::string() : local_time(zone, at);
    };
    object["encoding"] = details.encoding;
    object["profile_name"] = details.profile_name;
    object["profile_version"] = details.profile_version;
    object["failed_rows"] = details.failed_rows;
    object["repaired"] = outcome.repaired;
    object["failed_again"] = outcome.failed_again;
    object["meters_known"] = details.meters_known;
    object["meters_unknown"] = details.meters_unknown;
    object["first"] = moment(details.first_at);
    object["last"] = moment(details.last_at);
    object["kwh"] = Energy::watt_hours(details.delivered_wh).to_string();
    json::array causes;
    for (const ProblemCause& cause : outcome.causes) {
        causes.push_back(json::object{{"rule", cause.rule},
                                      {"field", cause.field},
                                      {"rows", cause.rows},
                                      {"first_line", cause.first_line},
                                      {"example", cause.example},
                                      {"remedy", cause.remedy}});
    }
    json::array rows;
    for (const StoredRow& row : outcome.first_rows) {
        rows.push_back(json::object{{"line", row.line},
                                    {"meter", row.meter},
                                    {"channel", row.channel},
                                    {"start", local_time(zone, row.start)},
                                    {"minutes", row.seconds / 60},
                                    {"kwh", row.kwh},
                                    {"flag", row.flag}});
    }
    object["causes"] = std::move(causes);
    object["rows"] = std::move(rows);
}

}  // namespace

json::object to_json(const std::string& path, const ImportOutcome& outcome, bool dry_run,
                     const TimeZone& zone) {
    json::array problems;
    for (std::size_t i = 0; i < outcome.problems.size(); ++i) {
        const Problem& problem = outcome.problems[i];
        problems.push_back(json::object{{"line", problem.line},
                                        {"field", problem.field},
                                        {"rule", problem.rule},
                                        {"message", problem.message},
                                        {"remedy", problem.remedy},
                                        {"raw", outcome.raw[i]}});
    }
    json::object object{{"file", path}, {"format", outcome.file.format}, {"dry_run", dry_run}};
    add_counts(object, outcome.file);
    object["work_items"] = outcome.work_items;
    object["corrections"] = outcome.corrections;
    object["different_reads"] = outcome.different_reads;
    object["returned"] = outcome.returned;
    object["notes"] = formats::to_json(outcome.notes);
    object["problems"] = std::move(problems);
    object["file_id"] = std::to_string(outcome.file.id);
    add_what_it_held(object, outcome, zone);
    return object;
}

json::object to_json(const worklist::ReceivedFile& file) {
    json::object object{{"file", std::to_string(file.id)},
                        {"name", file.name},
                        {"format", file.format},
                        {"business_date", file.business_date.to_string()}};
    add_counts(object, file);
    return object;
}

namespace {

json::array meters_of(Office& office, const service::ServedAgreement& served) {
    json::array meters;
    for (const auto& installed : office.meters().installed_at({served.point.id})) {
        const DateRange active = installed.installation.active;
        if (active.intersection(served.agreement.active).is_empty()) continue;
        json::array channels;
        for (const auto& channel : installed.channels) {
            channels.emplace_back(channel.is_register()
                                      ? channel.code
                                      : channel.code + " " +
                                            std::to_string(channel.interval_minutes) + " min");
        }
        meters.push_back(json::object{
            {"serial", installed.meter.serial},
            {"make", installed.meter.make},
            {"from", active.from.to_string()},
            {"until",
             active.until == end_of_time ? json::value() : json::value(active.until.to_string())},
            {"channels", std::move(channels)}});
    }
    return meters;
}

}  // namespace

json::object account_view(Office& office, const customers::Account& account) {
    const Money balance = account_balance(office, account.id);
    const auto agreements = office.service().agreements_of_account(account.id, service::now_known);
    const auto bills = office.bills().of_account(account.id);
    const auto payments = office.payments().payments(account.id);
    const auto autopay = office.accounts().autopay_state(account.id);
    json::array served;
    for (const auto& one : agreements) {
        const auto& agreement = one.agreement;
        json::array programs;
        for (const auto& program : agreement.programs) {
            programs.push_back(
                json::object{{"kind", program.kind},
                             {"code", program.code},
                             {"from", program.active.from.to_string()},
                             {"until", program.active.until == end_of_time
                                           ? json::value()
                                           : json::value(program.active.until.to_string())}});
        }
        served.push_back(
            json::object{{"schedule", agreement.schedule},
                         {"option", agreement.option},
                         {"from", agreement.active.from.to_string()},
                         {"until", agreement.active.until == end_of_time
                                       ? json::value()
                                       : json::value(agreement.active.until.to_string())},
                         {"cycle", one.point.cycle},
                         {"route", one.point.route},
                         {"address", one.premise.street},
                         {"reading", one.point.reading},
                         {"programs", std::move(programs)},
                         {"meters", meters_of(office, one)}});
    }
    json::array issued;
    for (const auto& bill : bills) issued.push_back(to_json(bill));
    json::array paid;
    for (const auto& payment : payments) {
        paid.push_back(json::object{{"date", payment.effective.to_string()},
                                    {"channel", payment.channel},
                                    {"amount", payment.amount.to_string()},
                                    {"allocated", payment.allocated.to_string()},
                                    {"returned", payment.returned}});
    }
    return {{"account", account.number()},
            {"name", account.name},
            {"language", account.language},
            {"balance", balance.to_string()},
            {"autopay", autopay ? json::value(*autopay) : json::value()},
            {"open_work", office.work().count_open(account.id.value)},
            {"agreements", std::move(served)},
            {"bills", std::move(issued)},
            {"payments", std::move(paid)}};
}

Result<json::object> comparison_view(Office& office, const std::string& bill, std::string with,
                                     const std::string& language) {
    const auto second = office.bills().find(bill);
    if (!second) return Error(errors::bill_unknown, {{"bill", bill}});
    if (with.empty()) {
        for (const auto& one : office.bills().of_account(second->account)) {
            if (one.period.until < second->period.until) with = one.number;
        }
        if (with.empty()) return Error(errors::bill_unknown, {{"bill", "before " + bill}});
    }
    const auto first = office.bills().find(with);
    if (!first) return Error(errors::bill_unknown, {{"bill", with}});
    const bool spanish = language.empty() ? second->language == "es" : language == "es";
    const auto compared = billing::compare_bills(*first, *second);
    json::array reasons;
    for (const auto& reason : compared.reasons) {
        reasons.push_back(json::object{
            {"reason", billing::reason_name(reason.kind)},
            {"amount", reason.amount.to_string()},
            {"words", billing::reason_in_words(compared, reason,
                                               spanish ? Language::spanish : Language::english)}});
    }
    return json::object{{"first", compared.first},
                        {"second", compared.second},
                        {"first_charges", compared.first_charges.to_string()},
                        {"second_charges", compared.second_charges.to_string()},
                        {"difference", compared.difference.to_string()},
                        {"first_kwh", compared.first_use.to_string()},
                        {"second_kwh", compared.second_use.to_string()},
                        {"first_days", compared.first_days},
                        {"second_days", compared.second_days},
                        {"estimated", compared.estimated},
                        {"reasons", std::move(reasons)}};
}

}  // namespace watthour::app
