// SPDX-License-Identifier: Apache-2.0
#include "app/validate_reads.hpp"

#include "app/authorize.hpp"
#include "app/late_reads.hpp"
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
        const std::size_t before = changes_.corrections.size();
        const Date valid_until = waits_from(windows, limits, days);
        for (const vee::Finding& finding : found_) take_out(windows, subject, group->name, finding);
        estimate(windows, subject, limits, reads, {days.from, valid_until});
        if (changes_.corrections.size() > before) {
            for (auto& block : windows.blocks(subject.channel, days_of_changes(windows, before))) {
                changes_.blocks.push_back(std::move(block));
            }
        }
        changes_.validations.push_back({subject.channel, valid_until});
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

    void take_out(ChannelWindows& windows, const ChannelSubject& subject, const std::string& group,
                  const vee::Finding& finding) {
        const auto check = static_cast<std::size_t>(finding.check);
        auto& status = windows.status();
        if (is_decided(finding, status)) return;
        ++outcome_.found[check];
        if (finding.verdict == VeeVerdict::fail) {
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
        if (finding.verdict == VeeVerdict::fail || finding.verdict == VeeVerdict::review) {
            open_item(described(windows, subject, group, finding), subject.minutes);
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

    void open_item(ChannelFinding found, int minutes) {
        worklist::WorkItem item;
        item.account = found.account;
        item.kind = "validation";
        item.cause = fmt::format("vee.{}", tariff::vee_check_name(found.finding.check));
        item.subject = to_subject(
            {found.serial, found.quantity, found.finding.check, found.from, found.until});
        item.id = worklist::work_item_id(item.kind, item.account, item.subject);
        const FindingWords words = in_words(office_, found, minutes);
        item.evidence = words.evidence;
        item.next_step = words.next_step;
        item.at_stake = at_stake(found.finding);
        item.opened_on = on_;
        changes_.items.push_back(std::move(item));
        outcome_.findings.push_back(std::move(found));
    }

    [[nodiscard]] Money at_stake(const vee::Finding& finding) const {
        std::int64_t wh = 0;
        switch (finding.check) {
            case VeeCheck::spike:
            case VeeCheck::sum:
            case VeeCheck::tou_sum: wh = (finding.measured - finding.reference); break;
            case VeeCheck::high_low_use:
                wh = (finding.measured - finding.reference) * finding.days.days();
                break;
            case VeeCheck::received:
            case VeeCheck::inactive:
            case VeeCheck::reactive: wh = (finding.measured); break;
            default: break;
        }
        return rules_.worth_on(until_ - 1, wh);
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
                    fmt::format("estimated {}{}", vee::method_name(one.method),
                                one.scaled ? ", to the register" : ""));
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

}  // namespace

Result<ValidationOutcome> validate_reads(Office& office, const ValidationRequest& request) {
    TRY_DONE(authorize(office, access::permissions::read_validate));
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
        outcome.work_items += office.work().open(changes.items);
        transaction.commit();
        // Bills are computed again with what stands now, outside the writer's turn.
        outcome.work_items += ask_for_rebills(office, days_under_bills(some, request.until), on);
    }
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
