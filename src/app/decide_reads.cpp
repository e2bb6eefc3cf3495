// SPDX-License-Identifier: Apache-2.0
#include "app/decide_reads.hpp"

#include "app/around_finding.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/change_work.hpp"
#include "app/errors.hpp"
#include "app/late_reads.hpp"
#include "app/local_time.hpp"
#include "app/validate_reads.hpp"
#include "app/validate_registers.hpp"
#include "base/text.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using vee::IntervalStatus;

/// Days that are written over by hand at once at most.
constexpr int most_edited_days = 31;

Error no_finding(const worklist::WorkItem& item) {
    return Error(errors::item_no_finding,
                 {{"item", std::to_string(item.id.value)}, {"kind", item.kind}});
}

/// The channel of a meter that measures a quantity on some days.
Result<ChannelSubject> subject_of(Office& office, const std::string& serial,
                                  const std::string& quantity, DateRange days) {
    auto subjects = channel_subjects(office, days, {serial});
    if (subjects.empty()) {
        for (const auto& address : office.meters().channel_addresses()) {
            if (address.serial != serial) continue;
            return Error(errors::meter_not_in_service,
                         {{"meter", serial}, {"date", days.from.to_string()}});
        }
        return Error(errors::meter_unknown, {{"meter", serial}});
    }
    std::string known;
    for (ChannelSubject& subject : subjects) {
        if (subject.quantity == quantity) return std::move(subject);
        known += (known.empty() ? "" : ", ") + subject.quantity;
    }
    return Error(errors::channel_unknown,
                 {{"meter", serial}, {"quantity", quantity}, {"known", known}});
}

/// The local days that a row of instants touches.
DateRange days_between(const TimeZone& zone, Instant from, Instant until) {
    return {zone.date_of(from), zone.date_of(until + -1) + 1};
}

/// Changes to the rows of one channel, gathered and then written at once.
class ReadsChange {
public:
    /// The window holds the days and as much history as estimating needs.
    ReadsChange(Office& office, ChannelSubject subject, DateRange days)
        : office_(office),
          subject_(std::move(subject)),
          days_(days),
          windows_(office, {&subject_},
                   {days.from - office.catalogue().vee.history_days(), days.until + 1}, false),
          reads_(windows_.reads_of(subject_)) {
        const auto& rules = office.catalogue().vee;
        const ChannelRules found = channel_rules(office, rules, subject_, days.from, reads_);
        // A channel that no group fits any more is estimated as the first group is.
        limits_ =
            found.group != nullptr ? found.limits : rules.versions.back().groups.front().limits;
    }

    [[nodiscard]] const vee::DayGrid& grid() const { return windows_.grid(); }
    [[nodiscard]] const ChannelSubject& subject() const { return subject_; }
    [[nodiscard]] const std::vector<ChangedInterval>& changed() const { return changed_; }
    [[nodiscard]] IntervalStatus status(int step) const {
        return windows_.status()[static_cast<std::size_t>(step)];
    }
    [[nodiscard]] std::int64_t wh(int step) const {
        return windows_.wh()[static_cast<std::size_t>(step)];
    }
    [[nodiscard]] std::int64_t counted(int first, int last) const {
        std::int64_t sum = 0;
        for (int step = first; step < last; ++step) {
            if (vee::is_good(status(step))) sum += wh(step);
        }
        return sum;
    }

    void put(int step, std::int64_t wh_now, IntervalStatus now, const std::string& why,
             const std::string& by) {
        const auto at = static_cast<std::size_t>(step);
        auto& wh = windows_.wh();
        auto& status = windows_.status();
        if (wh[at] == wh_now && status[at] == now) return;
        const Instant start = grid().grid().start_of(step);
        const char was = metering::status_letter(status[at]);
        const char is = metering::status_letter(now);
        changed_.push_back({start, wh[at], wh_now, was, is});
        corrections_.push_back({subject_.channel, start, wh[at], wh_now, was, is, why, {0}, by});
        wh[at] = wh_now;
        status[at] = now;
    }

    [[nodiscard]] const tariff::VeeLimits& limits() const { return limits_; }

    /// What rules would put in the place of some steps, whatever stands there.
    vee::Estimation estimate(int first, int last) {
        auto status = windows_.status();
        for (int step = first; step < last; ++step) {
            status[static_cast<std::size_t>(step)] = IntervalStatus::failed;
        }
        vee::ChannelReads reads = reads_;
        reads.status = status;
        vee::Estimation made = vee::estimate(limits(), reads, days_);
        std::erase_if(made.intervals,
                      [&](const auto& one) { return one.step < first || one.step >= last; });
        return made;
    }

    /// Within a transaction.
    void write() {
        if (corrections_.empty()) return;
        office_.meters().put_blocks(windows_.blocks(subject_.channel, days_));
        office_.meters().add_corrections(corrections_);
    }

    [[nodiscard]] const vee::ChannelReads& reads() const { return reads_; }
    [[nodiscard]] ChannelWindows& windows() { return windows_; }

private:
    Office& office_;
    ChannelSubject subject_;
    DateRange days_;
    ChannelWindows windows_;
    vee::ChannelReads reads_;
    tariff::VeeLimits limits_;
    std::vector<ChangedInterval> changed_;
    std::vector<metering::IntervalCorrection> corrections_;
};

/// A finding that is open, the channel it was made on and the steps it is about.
struct OpenFinding {
    worklist::WorkItem item;
    FindingSubject finding;
    DateRange days;
    std::unique_ptr<ReadsChange> change;  ///< null for one of registers: no interval changes
    int first = 0;
    int last = 0;
};

Result<OpenFinding> find_finding(Office& office, const std::string& number) {
    OpenFinding found;
    TRY(found.item, find_item(office, number));
    const auto finding = finding_subject(found.item);
    if (!finding) return no_finding(found.item);
    found.finding = *finding;
    found.days = days_between(office.zone(), finding->from, finding->until);
    if (is_of_registers(finding->check)) return found;
    TRY(auto subject, subject_of(office, finding->serial, finding->quantity, found.days));
    found.change = std::make_unique<ReadsChange>(office, std::move(subject), found.days);
    const auto& grid = found.change->grid().grid();
    found.first = grid.step_of(finding->from);
    found.last = finding->until == grid.end() ? grid.count() : grid.step_of(finding->until);
    return found;
}

void accept(OpenFinding& found, const std::string& by, const std::string& why) {
    if (found.change == nullptr) return;
    ReadsChange& change = *found.change;
    for (int step = found.first; step < found.last; ++step) {
        if (change.status(step) != IntervalStatus::failed) continue;
        change.put(step, change.wh(step), IntervalStatus::verified, "accepted: " + why, by);
    }
}

Result<void> estimate(OpenFinding& found, const std::string& by, const std::string& why) {
    const Error nothing(errors::nothing_to_estimate_from,
                        {{"meter", found.finding.serial},
                         {"from", found.days.from.to_string()},
                         {"until", found.days.until.to_string()}});
    if (found.change == nullptr) return nothing;
    ReadsChange& change = *found.change;
    const vee::Estimation made = change.estimate(found.first, found.last);
    if (static_cast<int>(made.intervals.size()) < found.last - found.first) return nothing;
    for (const auto& one : made.intervals) {
        change.put(one.step, one.wh, IntervalStatus::estimated,
                   fmt::format("{}: {}", how_estimated(one, change.reads().profile), why), by);
    }
    return {};
}

worklist::WorkItem order_item(const Office& office, const OpenFinding& found, const std::string& as,
                              const std::string& why) {
    worklist::WorkItem item;
    item.account = found.item.account;
    item.kind = as == "visit" ? "order_proposed" : "reread_proposed";
    item.cause = as == "visit" ? "vee.visit" : "vee.reread";
    item.subject = found.item.subject;
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = worklist::stored_with(found.item.evidence, json::string(why));
    item.next_step = worklist::stored(
        worklist::tell(as == "visit" ? "told.vee.visit.next" : "told.vee.reread.next"));
    item.at_stake = found.item.at_stake;
    item.opened_on = office.business_date();
    item.recurs = true;
    return item;
}

void write_rest(Office& office, const OpenFinding& found, const ReadsDecision& decision,
                const std::string& by) {
    const auto* rules = office.catalogue().vee.version_on(office.business_date());
    const int visit = rules == nullptr ? 0 : rules->visit_days;
    const int reread = rules == nullptr ? 0 : rules->reread_days;
    const Date until = decision.as == "hold"
                           ? *decision.until
                           : office.business_date() + (decision.as == "visit" ? visit : reread);
    if (decision.as != "hold") {
        (void)office.work().open({order_item(office, found, decision.as, decision.why)});
    }
    office.work().change({found.item.account, found.item.id, "snoozed", until.to_string(),
                          fmt::format("{}: {}", decision.as, decision.why), by,
                          office.business_date()});
}

/// Whether a decision ends the finding; the others let it rest and change no read.
bool settles(const std::string& as) { return as == "accept" || as == "estimate"; }

/// Writes a decision that has been allowed.
void write_decision(Office& office, OpenFinding& found, const ReadsDecision& decision,
                    const std::string& by, std::int64_t approval) {
    storage::Transaction transaction(office.database(), office.business_date());
    const std::size_t changed = found.change == nullptr ? 0 : found.change->changed().size();
    if (settles(decision.as)) {
        if (found.change != nullptr) found.change->write();
        found.item.state = "resolved";
        found.item.resolution = decision.as == "accept" ? "accepted" : "corrected";
        found.item.resolved_why = decision.why;
        found.item.resolved_by = by;
        found.item.resolved_on = office.business_date();
        office.work().resolve(found.item);
    } else {
        write_rest(office, found, decision, by);
    }
    record(office, access::permissions::read_decide,
           {found.item.account, "reads:" + found.item.subject, found.item.cause,
            fmt::format("{}, {} intervals changed", decision.as, changed), decision.why, approval});
    transaction.commit();
    if (settles(decision.as) && found.item.account != 0) {
        (void)ask_for_rebills(office, {{{found.item.account}, found.days}}, office.business_date());
    }
}

Result<void> check_decision(const ReadsDecision& decision) {
    constexpr std::string_view known[] = {"accept", "estimate", "reread", "visit", "hold"};
    if (std::find(std::begin(known), std::end(known), decision.as) == std::end(known)) {
        return Error(errors::reads_decision_unknown, {{"decision", decision.as.substr(0, 80)}});
    }
    if (trimmed(decision.why).empty()) {
        return Error(errors::reason_missing, {{"item", decision.item}});
    }
    if (decision.as == "hold" && !decision.until) return Error(errors::hold_day_missing, {});
    return {};
}

Result<OpenFinding> prepared(Office& office, const ReadsDecision& decision, const std::string& by) {
    TRY_DONE(check_decision(decision));
    TRY(OpenFinding found, find_finding(office, decision.item));
    if (found.item.state == "resolved") return decided_before(found.item);
    if (decision.as == "accept") accept(found, by, decision.why);
    if (decision.as == "estimate") TRY_DONE(estimate(found, by, decision.why));
    return found;
}

std::string to_parameters(const ReadsDecision& decision) {
    return to_text(json::object{
        {"what", "decide"}, {"item", decision.item}, {"as", decision.as}, {"why", decision.why}});
}

std::string to_parameters(const ReadsEdit& edit) {
    json::array values;
    for (const Energy value : edit.values) values.push_back(value.wh());
    return to_text(json::object{{"what", "edit"},
                                {"meter", edit.meter},
                                {"quantity", edit.quantity},
                                {"from", to_iso_utc(edit.from)},
                                {"values", std::move(values)},
                                {"why", edit.why}});
}

struct PreparedEdit {
    std::unique_ptr<ReadsChange> change;
    Money worth;
    std::int64_t account = 0;
    Date first_day;
};

Result<PreparedEdit> prepared(Office& office, const ReadsEdit& edit, const std::string& by) {
    if (trimmed(edit.why).empty()) return Error(errors::reason_missing, {{"item", edit.meter}});
    const Date day = office.zone().date_of(edit.from);
    TRY(auto subject, subject_of(office, edit.meter, edit.quantity, {day, day + 1}));
    const int seconds = subject.minutes * 60;
    const Instant until = edit.from + seconds * static_cast<std::int64_t>(edit.values.size());
    const DateRange days = days_between(office.zone(), edit.from, until);
    const Error off_grid(errors::interval_off_grid, {{"meter", edit.meter},
                                                     {"minutes", std::to_string(subject.minutes)},
                                                     {"from", to_iso_utc(edit.from)}});
    if (edit.values.empty() || days.days() > most_edited_days) return off_grid;
    PreparedEdit made;
    if (const auto* agreement = subject.agreement_on(day)) made.account = agreement->account.value;
    made.first_day = day;
    made.change = std::make_unique<ReadsChange>(office, std::move(subject), days);
    const auto& grid = made.change->grid().grid();
    if (!grid.on_grid(edit.from)) return off_grid;
    const int first = grid.step_of(edit.from);
    const int last = first + static_cast<int>(edit.values.size());
    const std::int64_t before = made.change->counted(first, last);
    for (std::size_t i = 0; i < edit.values.size(); ++i) {
        made.change->put(first + static_cast<int>(i), edit.values[i].wh(), IntervalStatus::verified,
                         "edited: " + edit.why, by);
    }
    const std::int64_t changed = std::abs(made.change->counted(first, last) - before);
    made.worth = made.change->limits().worth_of(changed);
    return made;
}

void write_edit(Office& office, PreparedEdit& made, const ReadsEdit& edit, std::int64_t approval) {
    storage::Transaction transaction(office.database(), office.business_date());
    made.change->write();
    office.meters().validate_anew({{made.change->subject().channel, made.first_day}});
    record(
        office, access::permissions::read_decide,
        {made.account, fmt::format("reads:{}|{}", edit.meter, edit.quantity), to_iso_utc(edit.from),
         fmt::format("{} intervals edited", made.change->changed().size()), edit.why, approval});
    transaction.commit();
    if (made.account != 0) {
        (void)ask_for_rebills(office, {{{made.account}, {made.first_day, made.first_day + 32}}},
                              office.business_date());
    }
}

}  // namespace

Result<DecidedReads> decide_reads(Office& office, const ReadsDecision& decision) {
    TRY_DONE(authorize(office, access::permissions::read_decide));
    TRY(OpenFinding found, prepared(office, decision, office.actor().name));
    DecidedReads decided;
    if (found.change != nullptr) {
        decided.intervals = found.change->changed();
        decided.after = Energy::watt_hours(found.change->counted(found.first, found.last));
    }
    decided.before = decided.after;
    for (const auto& one : decided.intervals) {
        if (one.new_status != 'F' && one.new_status != 'M') {
            decided.before -= Energy::watt_hours(one.new_wh);
        }
        if (one.old_status != 'F' && one.old_status != 'M') {
            decided.before += Energy::watt_hours(one.old_wh);
        }
    }
    if (!decision.dry_run) {
        // Only what changes what is billed has an amount.
        const Money amount = settles(decision.as) ? found.item.at_stake : Money();
        TRY_DONE(authorize(office, access::permissions::read_decide,
                           {found.item.account, to_parameters(decision), amount, decision.why}));
        write_decision(office, found, decision, office.actor().name, 0);
    }
    decided.item = found.item;
    return decided;
}

Result<EditedReads> edit_reads(Office& office, const ReadsEdit& edit) {
    TRY_DONE(authorize(office, access::permissions::read_decide));
    TRY(PreparedEdit made, prepared(office, edit, office.actor().name));
    if (!edit.dry_run) {
        TRY_DONE(authorize(office, access::permissions::read_decide,
                           {made.account, to_parameters(edit), made.worth, edit.why}));
        write_edit(office, made, edit, 0);
    }
    return EditedReads{made.change->changed(), made.worth};
}

Result<void> carry_out_reads(Office& office, const std::string& parameters,
                             const std::string& maker, std::int64_t approval) {
    TRY(const json::value parsed, parse_json(parameters, "approval"));
    const json::object& asked = parsed.as_object();
    const auto text = [&](const char* name) { return std::string(asked.at(name).as_string()); };
    if (text("what") == "decide") {
        const ReadsDecision decision{text("item"), text("as"), text("why"), std::nullopt, false};
        TRY(OpenFinding found, prepared(office, decision, maker));
        write_decision(office, found, decision, maker, approval);
        return {};
    }
    ReadsEdit edit{text("meter"), text("quantity"), {}, {}, text("why"), false};
    TRY(edit.from, parse_iso_instant(text("from")));
    for (const auto& value : asked.at("values").as_array()) {
        edit.values.push_back(Energy::watt_hours(value.as_int64()));
    }
    TRY(PreparedEdit made, prepared(office, edit, maker));
    write_edit(office, made, edit, approval);
    return {};
}

void accept_taken_out(Office& office, const worklist::WorkItem& item, const std::string& by) {
    auto found = find_finding(office, std::to_string(item.id.value));
    if (!found || found->change == nullptr) return;
    accept(*found, by, item.resolved_why);
    found->change->write();
}

void take_decision_back(Office& office, const worklist::WorkItem& item, const std::string& why) {
    auto found = find_finding(office, std::to_string(item.id.value));
    if (!found || found->change == nullptr) return;
    ReadsChange& change = *found->change;
    std::map<std::int64_t, metering::IntervalCorrection> latest;
    for (auto& one : office.meters().corrections({change.subject().channel}, found->finding.from,
                                                 found->finding.until)) {
        latest[one.start.seconds] = std::move(one);
    }
    for (const auto& [start, one] : latest) {
        // What a file brought since, or a person wrote by hand, is no part of the decision.
        const bool decided = one.why.starts_with("accepted: ") ||
                             (one.why.starts_with("estimated ") && one.by != by_validation);
        if (!decided) continue;
        const auto was = metering::status_of_letter(one.old_status);
        const std::string held =
            fmt::format("{}{}", held_by_check, tariff::vee_check_name(found->finding.check));
        const bool waits = was == IntervalStatus::failed;
        change.put(change.grid().grid().step_of(one.start), one.old_wh,
                   was.value_or(IntervalStatus::missing), waits ? held : "taken back: " + why,
                   office.actor().name);
    }
    change.write();
}

namespace {

json::object interval_json(const vee::DayGrid& grid, const TimeZone& zone, int step,
                           std::int64_t wh, IntervalStatus status) {
    const Instant at = grid.grid().start_of(step);
    const int second = zone.wall_second_of(at);
    return {{"start", to_iso_utc(at)},
            {"day", zone.date_of(at).to_string()},
            {"time", fmt::format("{:02}:{:02}", second / 3600, second / 60 % 60)},
            {"kwh", Energy::watt_hours(wh).to_string()},
            {"status", std::string(1, metering::status_letter(status))}};
}

/// The same clock time of a day some days before, or nothing.
json::value value_before(ReadsChange& change, int step, int days) {
    const auto& grid = change.grid();
    const Date day = grid.day_of(step) - days;
    if (day < grid.days().from) return nullptr;
    const int other = grid.step_at(day, grid.slot(step));
    if (!vee::is_good(change.status(other))) return nullptr;
    return json::value(Energy::watt_hours(change.wh(other)).to_string());
}

json::value value_at(const WhByMoment& values, Instant at) {
    const auto found = values.find(at.seconds);
    if (found == values.end()) return nullptr;
    return json::value(Energy::watt_hours(found->second).to_string());
}

json::array past_changes(Office& office, const OpenFinding& found) {
    json::array rows;
    for (const auto& one : office.meters().corrections({found.change->subject().channel},
                                                       found.finding.from, found.finding.until)) {
        rows.push_back(json::object{{"start", local_time(office.zone(), one.start)},
                                    {"old_kwh", Energy::watt_hours(one.old_wh).to_string()},
                                    {"new_kwh", Energy::watt_hours(one.new_wh).to_string()},
                                    {"old_status", std::string(1, one.old_status)},
                                    {"new_status", std::string(1, one.new_status)},
                                    {"why", one.why},
                                    {"by", one.by},
                                    {"on", one.recorded_on.to_string()}});
    }
    return rows;
}

json::object facts_of(const OpenFinding& found) {
    return {{"item", std::to_string(found.item.id.value)},
            {"meter", found.finding.serial},
            {"quantity", found.finding.quantity},
            {"check", std::string(tariff::vee_check_name(found.finding.check))},
            {"rule", std::string(tariff::vee_check_rule(found.finding.check))},
            {"from", to_iso_utc(found.finding.from)},
            {"until", to_iso_utc(found.finding.until)}};
}

}  // namespace

Result<json::object> finding_view(Office& office, const std::string& item) {
    TRY(OpenFinding found, find_finding(office, item));
    json::object view = facts_of(found);
    if (found.change == nullptr) {
        // Of registers there is no graph: what they showed stands in the item's evidence.
        view["minutes"] = 0;
        view["neighbours"] = 0;
        for (const char* none : {"intervals", "register_marks", "events", "changes"}) {
            view[none] = json::array();
        }
        return view;
    }
    ReadsChange& change = *found.change;
    const auto& grid = change.grid();
    const Date from = std::max(found.days.from - 1, grid.days().from);
    const Date until = std::min(found.days.until + 1, grid.days().until);
    const DateRange shown{from, until};
    const auto last_year = year_before(office, change.subject(), grid, shown);
    const auto beside = neighbours_of(office, change.subject(), shown);
    std::map<int, std::int64_t> proposed;
    for (const auto& one : change.estimate(found.first, found.last).intervals) {
        proposed[one.step] = one.wh;
    }
    json::array intervals;
    for (int step = grid.first_step(from); step < grid.first_step(until); ++step) {
        auto row = interval_json(grid, office.zone(), step, change.wh(step), change.status(step));
        row["concerned"] = step >= found.first && step < found.last;
        row["week_before"] = value_before(change, step, 7);
        row["year_before"] = value_at(last_year, grid.grid().start_of(step));
        row["neighbours"] = value_at(beside.wh, grid.grid().start_of(step));
        const auto one = proposed.find(step);
        row["estimate"] = one == proposed.end()
                              ? json::value(nullptr)
                              : json::value(Energy::watt_hours(one->second).to_string());
        intervals.push_back(std::move(row));
    }
    json::array marks;
    for (const auto& mark : change.reads().marks) {
        if (mark.day < from || mark.day > until) continue;
        marks.push_back(json::object{{"day", mark.day.to_string()},
                                     {"kwh", Energy::watt_hours(mark.wh).to_string()}});
    }
    view["minutes"] = change.subject().minutes;
    view["intervals"] = std::move(intervals);
    view["register_marks"] = std::move(marks);
    view["neighbours"] = beside.count;
    view["events"] = events_on(office, change.subject().meter.id, shown);
    view["changes"] = past_changes(office, found);
    return view;
}

Result<json::object> intervals_view(Office& office, const std::string& meter,
                                    const std::string& quantity, DateRange days) {
    if (days.is_empty() || days.days() > most_edited_days) {
        return Error(errors::interval_days, {{"from", days.from.to_string()},
                                             {"until", days.until.to_string()},
                                             {"most", std::to_string(most_edited_days)}});
    }
    TRY(const ChannelSubject subject, subject_of(office, meter, quantity, days));
    ChannelWindows windows(office, {&subject}, days, false);
    (void)windows.reads_of(subject);
    const auto& grid = windows.grid();
    json::array intervals;
    for (int step = grid.first_step(days.from); step < grid.first_step(days.until); ++step) {
        const auto at = static_cast<std::size_t>(step);
        intervals.push_back(
            interval_json(grid, office.zone(), step, windows.wh()[at], windows.status()[at]));
    }
    return json::object{{"meter", meter},
                        {"quantity", quantity},
                        {"minutes", subject.minutes},
                        {"intervals", std::move(intervals)}};
}

}  // namespace watthour::app
