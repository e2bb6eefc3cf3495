// SPDX-License-Identifier: Apache-2.0
#include "app/validate_reads.hpp"

#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/late_reads.hpp"
#include "app/validate_registers.hpp"
#include "base/text.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace watthour::app {
namespace {

using metering::ChannelId;
using metering::IntervalCorrection;
using tariff::VeeCheck;
using tariff::VeeLimits;
using tariff::VeeVerdict;
using vee::IntervalStatus;

constexpr int most_days_ahead = 31;
constexpr std::size_t channels_a_transaction = 200;

/// A channel and the first day that is not validated yet.
struct Task {
    const ChannelSubject* subject = nullptr;
    Date from;
    bool anew = false;  ///< days that were validated before and changed since
};

/// What one transaction writes.
struct Changes {
    std::vector<metering::StoredBlock> blocks;
    std::vector<IntervalCorrection> corrections;
    std::vector<metering::ChannelValidation> validations;
    std::vector<worklist::WorkItem> items;
    std::vector<worklist::WorkItem> closed;  ///< resolved by their rule
};

class Validator {
public:
    Validator(Office& office, const ValidationRequest& request, ValidationOutcome& outcome)
        : office_(office),
          rules_(request.rules == nullptr ? office.catalogue().vee : *request.rules),
          until_(request.until),
          on_(request.on.value_or(office.business_date())),
          outcome_(outcome) {}

    Changes run(const std::vector<Task>& tasks) {
        std::vector<const ChannelSubject*> subjects;
        Date from = until_ - 1;
        for (const Task& task : tasks) {
            subjects.push_back(task.subject);
            from = std::min(from, task.from);
        }
        const Date history = from - rules_.history_days();
        ChannelWindows windows(office_, subjects, {history, until_}, true);
        for (const Task& task : tasks) check(windows, task);
        return std::move(changes_);
    }

private:
    void check(ChannelWindows& windows, const Task& task) {
        const ChannelSubject& subject = *task.subject;
        const DateRange days = DateRange{task.from, until_}.intersection(subject.installed);
        ++outcome_.channels;
        vee::ChannelReads reads = windows.reads_of(subject);
        const auto [group, limits] = channel_rules(office_, rules_, subject, until_ - 1, reads);
        if (group == nullptr) ++outcome_.without_rules;
        if (group == nullptr || days.is_empty()) return;
        outcome_.channel_days += days.days();
        vee::validate(limits, reads, days, found_);
        if (!reads.misfits.empty()) {
            only_record(windows, subject, limits, group->name);
            return;
        }
        const std::size_t before = changes_.corrections.size();
        const Date valid_until = waits_from(windows, limits, days);
        for (const vee::Finding& finding : found_) {
            take_out(windows, subject, limits, group->name, finding);
        }
        estimate(windows, subject, limits, reads, {days.from, valid_until});
        if (changes_.corrections.size() > before) {
            for (auto& block : windows.blocks(subject.channel, days_of_changes(windows, before))) {
                changes_.blocks.push_back(std::move(block));
            }
        }
        changes_.validations.push_back({subject.channel, valid_until});
    }

    /// R1.22: of intervals of another length than the channel's nothing can be told, and nothing is
    /// written over them. The days are looked at again each night until the record is right.
    void only_record(ChannelWindows& windows, const ChannelSubject& subject,
                     const VeeLimits& limits, const std::string& group) {
        for (const vee::Finding& finding : found_) {
            if (finding.check == VeeCheck::record && finding.limit > 0) {
                take_out(windows, subject, limits, group, finding);
            }
        }
    }

    /// The days whose corrections were made for a channel since a place in the list: an estimate
    /// of before may have been brought to the register as well.
    DateRange days_of_changes(const ChannelWindows& windows, std::size_t since) const {
        DateRange days{end_of_time, Date()};
        for (std::size_t i = since; i < changes_.corrections.size(); ++i) {
            const int step = windows.grid().grid().step_of(changes_.corrections[i].start);
            const Date day = windows.grid().day_of(step);
            days = {std::min(days.from, day), std::max(days.until, day + 1)};
        }
        return days;
    }

    /// R1.08: the first of the last days that are all silence and may still come.
    Date waits_from(const ChannelWindows& windows, const VeeLimits& limits, DateRange days) {
        Date waits = days.until;
        while (waits > days.from && until_ - waits < limits.wait_days &&
               all_missing(windows, waits - 1)) {
            waits = waits - 1;
        }
        if (waits < days.until) ++outcome_.waiting;
        return waits;
    }

    bool all_missing(const ChannelWindows& windows, Date day) const {
        const auto& status = windows.status();
        const auto first = static_cast<std::size_t>(windows.grid().first_step(day));
        const auto last = static_cast<std::size_t>(windows.grid().first_step(day + 1));
        for (std::size_t step = first; step < last; ++step) {
            if (status[step] != IntervalStatus::missing) return false;
        }
        return true;
    }

    ChannelFinding described(const ChannelWindows& windows, const ChannelSubject& subject,
                             const std::string& group, const vee::Finding& finding) const {
        const auto& grid = windows.grid().grid();
        ChannelFinding found{subject.serial,
                             subject.quantity,
                             group,
                             finding,
                             grid.start_of(finding.first_step),
                             grid.start_of(finding.last_step),
                             0};
        if (const auto* agreement = subject.agreement_on(finding.days.from)) {
            found.account = agreement->account.value;
        }
        return found;
    }

    /// A person has accepted all of these intervals, or decides them already.
    static bool is_decided(const vee::Finding& finding, const std::vector<IntervalStatus>& status) {
        for (int step = finding.first_step; step < finding.last_step; ++step) {
            if (status[static_cast<std::size_t>(step)] != IntervalStatus::verified) return false;
        }
        return true;
    }

    void take_out(ChannelWindows& windows, const ChannelSubject& subject, const VeeLimits& limits,
                  const std::string& group, const vee::Finding& finding) {
        const auto check = static_cast<std::size_t>(finding.check);
        if (is_decided(finding, windows.status())) return;
        ++outcome_.found[check];
        if (finding.verdict != VeeVerdict::fail && finding.verdict != VeeVerdict::review) return;
        ChannelFinding found = described(windows, subject, group, finding);
        const Money at_stake = limits.worth_of(vee::energy_at_stake(finding, subject.minutes));
        worklist::WorkItem item = finding_item(found, at_stake, on_);
        const FindingWords words = in_words(office_, found, subject.minutes);
        item.evidence = words.evidence;
        item.next_step = words.next_step;
        if (vee::closes_by_itself(limits, finding, subject.minutes)) {
            const tariff::AutoClose& close = limits.close[check];
            if (!is_sample(item.id, close.sample_percent)) {
                close_by_rule(std::move(item), close);
                return;
            }
            ++outcome_.sampled;
            item.evidence = worklist::stored_with(item.evidence, worklist::tell("told.vee.sample"));
        }
        if (finding.verdict == VeeVerdict::fail) hold(windows, subject, finding);
        if (finding.check == VeeCheck::received) changes_.items.push_back(reverse_flow(item));
        changes_.items.push_back(std::move(item));
        outcome_.findings.push_back(std::move(found));
    }

    /// R1.33: somebody looks whether there is solar that nobody reported, or a socket turned round.
    worklist::WorkItem reverse_flow(const worklist::WorkItem& finding) const {
        worklist::WorkItem item = finding;
        item.kind = "order_proposed";
        item.cause = "vee.reverse_flow";
        item.subject = finding.subject.substr(0, finding.subject.find('|'));  // the meter
        item.id = worklist::work_item_id(item.kind, item.account, item.subject);
        item.next_step = worklist::stored(worklist::tell("told.vee.received.next"));
        item.recurs = true;
        return item;
    }

    /// The reads stay as they are and count; the record says that no person has looked.
    void close_by_rule(worklist::WorkItem item, const tariff::AutoClose& close) {
        ++outcome_.closed;
        item.state = "resolved";
        item.resolution = "accepted";
        item.resolved_why = fmt::format("closed by the rule: no more than {} kWh and ${} at stake",
                                        close.most.to_string(), close.most_dollars.to_string());
        item.resolved_by = std::string(by_validation);
        item.resolved_on = on_;
        changes_.closed.push_back(std::move(item));
    }

    void hold(ChannelWindows& windows, const ChannelSubject& subject, const vee::Finding& finding) {
        const auto& status = windows.status();
        const std::string why =
            fmt::format("{}{}", held_by_check, tariff::vee_check_name(finding.check));
        for (int step = finding.first_step; step < finding.last_step; ++step) {
            const auto at = static_cast<std::size_t>(step);
            if (!vee::is_good(status[at]) || status[at] == IntervalStatus::verified) continue;
            correct(windows, subject, step, windows.wh()[at], IntervalStatus::failed, why);
            ++outcome_.taken_out;
            taken_.insert({subject.channel, step});
        }
    }

    void correct(ChannelWindows& windows, const ChannelSubject& subject, int step, std::int64_t wh,
                 IntervalStatus status, const std::string& why) {
        const auto at = static_cast<std::size_t>(step);
        changes_.corrections.push_back({subject.channel,
                                        windows.grid().grid().start_of(step),
                                        windows.wh()[at],
                                        wh,
                                        metering::status_letter(windows.status()[at]),
                                        metering::status_letter(status),
                                        why,
                                        {0},
                                        std::string(by_validation)});
        windows.wh()[at] = wh;
        windows.status()[at] = status;
    }

    void estimate(ChannelWindows& windows, const ChannelSubject& subject, const VeeLimits& limits,
                  const vee::ChannelReads& reads, DateRange days) {
        if (days.is_empty()) return;
        if (limits.verdict(VeeCheck::gap) != VeeVerdict::estimate) return;
        const auto& held = windows.held(subject.channel);
        const vee::Estimation made = vee::estimate(limits, reads, days);
        for (const auto& one : made.intervals) {
            const auto start = windows.grid().grid().start_of(one.step);
            // What a check took out waits for a person.
            if (held.contains(start.seconds) || taken_.contains({subject.channel, one.step})) {
                continue;
            }
            correct(windows, subject, one.step, one.wh, IntervalStatus::estimated,
                    how_estimated(one, reads.profile));
            ++outcome_.estimated;
        }
        if (made.not_estimated > 0) {
            outcome_.not_estimated += made.not_estimated;
            ask_for_reads(subject, days, made.not_estimated);
        }
        ask_for_order(windows, subject, limits, days);
    }

    void ask_for_reads(const ChannelSubject& subject, DateRange days, int count) {
        worklist::WorkItem item;
        item.account = account_on(subject, days.from);
        item.kind = "reads_missing";
        item.cause = "vee.not_estimated";
        item.subject =
            fmt::format("{}|{}|{}", subject.serial, subject.quantity, days.from.to_string());
        item.id = worklist::work_item_id(item.kind, item.account, item.subject);
        item.evidence = worklist::stored(
            worklist::tell("told.vee.not_estimated", {{"meter", subject.serial},
                                                      {"n", std::to_string(count)},
                                                      {"quantity", subject.quantity},
                                                      {"from", days.from.to_string()},
                                                      {"until", days.until.to_string()}}));
        item.next_step = worklist::stored(worklist::tell("told.vee.not_estimated.next"));
        item.opened_on = on_;
        changes_.items.push_back(std::move(item));
    }

    static std::int64_t account_on(const ChannelSubject& subject, Date day) {
        const auto* agreement = subject.agreement_on(day);
        return agreement == nullptr ? 0 : agreement->account.value;
    }

    /// R1.08: a meter that was estimated too many days in a row is visited.
    void ask_for_order(ChannelWindows& windows, const ChannelSubject& subject,
                       const VeeLimits& limits, DateRange days) {
        int run = 0;
        Date last = days.from;
        for (Date day = days.until - 1; day >= windows.grid().days().from; day = day - 1) {
            bool all = true;
            for (int step = windows.grid().first_step(day);
                 all && step < windows.grid().first_step(day + 1); ++step) {
                all = windows.status()[static_cast<std::size_t>(step)] == IntervalStatus::estimated;
            }
            if (!all) break;
            ++run;
            last = day;
        }
        if (run < limits.order_after_days) return;
        worklist::WorkItem item;
        item.account = account_on(subject, last);
        item.kind = "order_proposed";
        item.cause = "vee.meter_silent";
        item.subject = fmt::format("{}|{}", subject.serial, last.to_string());
        item.id = worklist::work_item_id(item.kind, item.account, item.subject);
        item.evidence = worklist::stored(worklist::tell(
            "told.vee.meter_silent", {{"meter", subject.serial},
                                      {"route", subject.route},
                                      {"day", last.to_string()},
                                      {"days", std::to_string(run)},
                                      {"limit", std::to_string(limits.order_after_days)}}));
        item.next_step = worklist::stored(worklist::tell("told.vee.meter_silent.next"));
        item.opened_on = on_;
        changes_.items.push_back(std::move(item));
    }

    Office& office_;
    const tariff::VeeRules& rules_;
    Date until_;
    Date on_;
    ValidationOutcome& outcome_;
    Changes changes_;
    std::vector<vee::Finding> found_;
    std::set<std::pair<ChannelId, int>> taken_;
};

/// Where the validation of each channel goes on: after the days validated before, else with the
/// first day of which anything is stored.
std::vector<Task> tasks_of(Office& office, const std::vector<ChannelSubject>& subjects,
                           Date until) {
    std::map<ChannelId, metering::ChannelValidation> validated;
    for (const auto& row : office.meters().validations()) validated[row.channel] = row;
    std::map<ChannelId, Date> first_month;
    for (const auto& row : office.meters().first_months())
        first_month[row.channel] = row.valid_until;
    std::vector<Task> tasks;
    for (const ChannelSubject& subject : subjects) {
        Task task{&subject, until - 1, false};
        if (const auto found = validated.find(subject.channel); found != validated.end()) {
            task.from = found->second.valid_until;
            task.anew = found->second.taken_back;
        } else if (const auto first = first_month.find(subject.channel);
                   first != first_month.end()) {
            task.from = first->second;
        }
        task.from = std::max(task.from, subject.installed.from);
        if (task.from < std::min(until, subject.installed.until)) tasks.push_back(task);
    }
    std::sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
        return std::tuple(a.subject->minutes, a.from, a.subject->channel) <
               std::tuple(b.subject->minutes, b.from, b.subject->channel);
    });
    return tasks;
}

/// Days before the last validation that are validated anew: they may lie under bills.
ChangedDays days_under_bills(const std::vector<Task>& tasks, Date until) {
    ChangedDays days;
    for (const Task& task : tasks) {
        if (!task.anew) continue;
        const DateRange changed{task.from, until};
        for (const auto& agreement : task.subject->agreements) {
            if (agreement.active.intersection(changed).is_empty()) continue;
            auto [place, first] = days.try_emplace(agreement.account, changed);
            if (!first) place->second.from = std::min(place->second.from, changed.from);
        }
    }
    return days;
}

/// Two channels of one silent meter ask for one order.
void drop_repeated(std::vector<worklist::WorkItem>& items) {
    std::set<worklist::WorkItemId> seen;
    std::erase_if(items, [&](const auto& item) { return !seen.insert(item.id).second; });
}

/// What is not found in intervals: registers of parts of the day, and flags that nobody reviewed.
void validate_registers(Office& office, const ValidationRequest& request,
                        ValidationOutcome& outcome) {
    const auto& rules = request.rules == nullptr ? office.catalogue().vee : *request.rules;
    const Date on = request.on.value_or(office.business_date());
    RegisterFindings found =
        find_in_registers(office, rules, request.meters, registers_of_night(request.until), on);
    for (auto& one : found.findings) {
        ++outcome.found[static_cast<std::size_t>(one.finding.check)];
        if (one.finding.verdict == VeeVerdict::note) continue;
        outcome.findings.push_back(std::move(one));
    }
    if (request.meters.empty()) {
        for (auto& item : irregular_reviews(rules, request.until, on)) {
            found.items.push_back(std::move(item));
        }
    }
    if (request.dry_run || found.items.empty()) {
        outcome.work_items += static_cast<std::int64_t>(found.items.size());
        return;
    }
    storage::Transaction transaction(office.database(), on);
    outcome.work_items += office.work().open(found.items);
    transaction.commit();
}

/// Opens what is asked; what a rule closes is opened and decided at once, unless a person has had
/// it before.
std::int64_t open_items(Office& office, const Changes& changes) {
    for (const auto& item : changes.closed) {
        if (office.work().open({item}) == 1) office.work().resolve(item);
    }
    return office.work().open(changes.items);
}

}  // namespace

std::string how_estimated(const vee::EstimatedInterval& one, const tariff::ClassProfile* profile) {
    std::string how = fmt::format("estimated {}", vee::method_name(one.method));
    if (one.method == vee::EstimateMethod::class_profile && profile != nullptr) {
        how += fmt::format(" {} of {}", profile->rate_class, profile->effective.to_string());
    }
    if (one.scaled) how += ", to the register";
    return how;
}

bool is_sample(worklist::WorkItemId item, int percent) {
    return (item.value & 0x7fffffff) % 100 < percent;
}

worklist::WorkItem finding_item(const ChannelFinding& found, Money at_stake, Date on) {
    worklist::WorkItem item;
    item.account = found.account;
    item.kind = "validation";
    item.cause = fmt::format("vee.{}", tariff::vee_check_name(found.finding.check));
    item.subject =
        to_subject({found.serial, found.quantity, found.finding.check, found.from, found.until});
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.at_stake = at_stake;
    item.opened_on = on;
    return item;
}

Result<ValidationOutcome> validate_reads(Office& office, const ValidationRequest& request) {
    TRY_DONE(authorize(office, access::permissions::read_validate));
    // Missing days are estimated; nobody wants those of a year that is mistyped.
    const Date today = request.on.value_or(office.business_date());
    if (request.until > today + most_days_ahead) {
        return Error(errors::interval_days, {{"from", today.to_string()},
                                             {"until", request.until.to_string()},
                                             {"most", std::to_string(most_days_ahead)}});
    }
    ValidationOutcome outcome;
    const auto subjects =
        channel_subjects(office, {request.until - 400, request.until}, request.meters);
    const auto tasks = tasks_of(office, subjects, request.until);
    for (std::size_t begin = 0; begin < tasks.size();) {
        std::size_t end = begin;
        while (end < tasks.size() && end - begin < channels_a_transaction &&
               tasks[end].subject->minutes == tasks[begin].subject->minutes) {
            ++end;
        }
        const std::vector<Task> some(tasks.begin() + static_cast<std::ptrdiff_t>(begin),
                                     tasks.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
        if (request.dry_run) {
            outcome.work_items += static_cast<std::int64_t>(
                Validator(office, request, outcome).run(some).items.size());
            continue;
        }
        const Date on = request.on.value_or(office.business_date());
        storage::Transaction transaction(office.database(), on);
        Changes changes = Validator(office, request, outcome).run(some);
        drop_repeated(changes.items);
        office.meters().put_blocks(changes.blocks);
        office.meters().add_corrections(changes.corrections);
        office.meters().put_validations(changes.validations);
        outcome.work_items += open_items(office, changes);
        transaction.commit();
        // Bills are computed again with what stands now, outside the writer's turn.
        outcome.work_items += ask_for_rebills(office, days_under_bills(some, request.until), on);
    }
    validate_registers(office, request, outcome);
    std::sort(outcome.findings.begin(), outcome.findings.end(), [](const auto& a, const auto& b) {
        return std::tie(a.serial, a.quantity, a.from, a.finding.check) <
               std::tie(b.serial, b.quantity, b.from, b.finding.check);
    });
    return outcome;
}

std::string to_subject(const FindingSubject& subject) {
    return fmt::format("{}|{}|{}|{}|{}", subject.serial, subject.quantity,
                       tariff::vee_check_name(subject.check), to_iso_utc(subject.from),
                       to_iso_utc(subject.until));
}

std::optional<FindingSubject> finding_subject(const worklist::WorkItem& item) {
    if (item.kind != "validation") return std::nullopt;
    const auto parts = split_text(item.subject, '|');
    if (parts.size() != 5) return std::nullopt;
    const auto check = tariff::vee_check_of(parts[2]);
    const auto from = parse_iso_instant(parts[3]);
    const auto until = parse_iso_instant(parts[4]);
    if (!check || !from || !until) return std::nullopt;
    return FindingSubject{std::string(parts[0]), std::string(parts[1]), *check, *from, *until};
}

}  // namespace watthour::app
