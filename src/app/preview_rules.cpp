// SPDX-License-Identifier: Apache-2.0
#include "app/preview_rules.hpp"

#include "app/validate_registers.hpp"

#include <algorithm>
#include <limits>

namespace watthour::app {
namespace {

using metering::IntervalCorrection;

constexpr std::size_t channels_at_once = 200;

class Preview {
public:
    Preview(Office& office, const tariff::VeeRules& proposed, RulesPreview& into)
        : office_(office),
          proposed_(proposed),
          history_days_(std::max(office.catalogue().vee.history_days(), proposed.history_days())),
          into_(into) {}

    void month(const std::vector<const ChannelSubject*>& subjects, DateRange month) {
        ChannelWindows windows(office_, subjects, {month.from - history_days_, month.until}, true);
        std::vector<metering::ChannelId> channels;
        for (const auto* subject : subjects) channels.push_back(subject->channel);
        std::map<metering::ChannelId, std::vector<IntervalCorrection>> corrections;
        for (auto& one : office_.meters().corrections(channels, windows.grid().grid().begin(),
                                                      windows.grid().grid().end())) {
            corrections[one.channel].push_back(std::move(one));
        }
        for (const auto* subject : subjects) {
            const DateRange days = month.intersection(subject->installed);
            if (days.is_empty()) continue;
            into_.channel_days += days.days();
            const vee::ChannelReads reads = windows.reads_of(*subject);
            as_received(windows, corrections[subject->channel]);
            count(office_.catalogue().vee, *subject, reads, days, windows,
                  corrections[subject->channel], &CheckPreview::now);
            count(proposed_, *subject, reads, days, windows, corrections[subject->channel],
                  &CheckPreview::proposed);
        }
    }

private:
    /// The first correction of an interval says what came first.
    static void as_received(ChannelWindows& windows, const std::vector<IntervalCorrection>& all) {
        Instant last{-1};
        for (const auto& one : all) {
            if (one.start == last) continue;
            last = one.start;
            const auto step = static_cast<std::size_t>(windows.grid().grid().step_of(one.start));
            windows.wh()[step] = one.old_wh;
            windows.status()[step] =
                metering::status_of_letter(one.old_status).value_or(vee::IntervalStatus::missing);
        }
    }

    static bool was_changed(const vee::Finding& finding, const vee::DayGrid& grid,
                            const std::vector<IntervalCorrection>& corrections) {
        const Instant from = grid.grid().start_of(finding.first_step);
        const Instant until = grid.grid().start_of(finding.last_step);
        return std::any_of(corrections.begin(), corrections.end(), [&](const auto& one) {
            return from <= one.start && one.start < until && one.old_wh != one.new_wh;
        });
    }

    void count(const tariff::VeeRules& rules, const ChannelSubject& subject,
               vee::ChannelReads reads, DateRange days, const ChannelWindows& windows,
               const std::vector<IntervalCorrection>& corrections, CheckHits CheckPreview::* side) {
        const auto [group, limits] = channel_rules(office_, rules, subject, days.until - 1, reads);
        if (group == nullptr) return;
        vee::validate(limits, reads, days, found_);
        for (const auto& finding : found_) {
            const bool right = was_changed(finding, windows.grid(), corrections);
            const auto check = static_cast<std::size_t>(finding.check);
            add(into_.rows[check].*side, finding, right,
                closes(finding, limits, subject, windows.grid()));
            if (side == &CheckPreview::proposed && asks(finding)) {
                stakes_[check].push_back({vee::energy_at_stake(finding, subject.minutes), right});
            }
        }
    }

    enum class Closing { person, sample, rule };

    static bool asks(const vee::Finding& finding) {
        return finding.verdict == tariff::VeeVerdict::review ||
               finding.verdict == tariff::VeeVerdict::fail;
    }

    /// As the night does it: the same findings are left as a sample.
    static Closing closes(const vee::Finding& finding, const tariff::VeeLimits& limits,
                          const ChannelSubject& subject, const vee::DayGrid& grid) {
        if (!vee::closes_by_itself(limits, finding, subject.minutes)) return Closing::person;
        ChannelFinding found{subject.serial,
                             subject.quantity,
                             {},
                             finding,
                             grid.grid().start_of(finding.first_step),
                             grid.grid().start_of(finding.last_step),
                             0};
        if (const auto* agreement = subject.agreement_on(finding.days.from)) {
            found.account = agreement->account.value;
        }
        const int percent = limits.close[static_cast<std::size_t>(finding.check)].sample_percent;
        return is_sample(finding_item(found, Money(), Date()).id, percent) ? Closing::sample
                                                                           : Closing::rule;
    }

    static void add(CheckHits& hits, const vee::Finding& finding, bool right, Closing closing) {
        ++hits.hits;
        if (right) ++hits.confirmed;
        if (!asks(finding)) return;
        if (closing == Closing::rule) {
            ++hits.closed;
            if (right) ++hits.closed_wrongly;
            return;
        }
        ++hits.alerts;
        if (right) ++hits.alerts_confirmed;
        if (closing == Closing::sample) ++hits.sampled;
    }

public:
    /// Registers of parts of the day, which have no intervals to look at.
    void registers(const tariff::VeeRules& rules, CheckHits CheckPreview::* side) {
        const auto found = find_in_registers(office_, rules, {}, into_.days, into_.days.until);
        for (const auto& one : found.findings) {
            add(into_.rows[static_cast<std::size_t>(one.finding.check)].*side, one.finding, false,
                Closing::person);
        }
    }

    /// What the alerts cost, and how far each check could close by itself.
    void end() {
        const Date day = into_.days.until - 1;
        const tariff::VeeVersion* now = office_.catalogue().vee.version_on(day);
        const tariff::VeeVersion* then = proposed_.version_on(day);
        // Rules that say nothing of work are weighed by what is in force.
        const bool own = then != nullptr && !then->work.wage_an_hour.is_zero();
        for (CheckPreview& row : into_.rows) {
            if (now != nullptr) price(row.check, row.now, now->work);
            if (own || now != nullptr) price(row.check, row.proposed, (own ? then : now)->work);
        }
        for (const auto check : tariff::vee_checks) {
            if (const auto safe = safe_close(check)) into_.safe_close.push_back(*safe);
        }
    }

private:
    static void price(tariff::VeeCheck check, CheckHits& hits, const tariff::VeeWork& work) {
        hits.cost =
            work.cost(check, tariff::VeeDecision::estimate, hits.alerts_confirmed) +
            work.cost(check, tariff::VeeDecision::accept, hits.alerts - hits.alerts_confirmed);
    }

    std::optional<SafeClose> safe_close(tariff::VeeCheck check) {
        auto& stakes = stakes_[static_cast<std::size_t>(check)];
        std::sort(stakes.begin(), stakes.end());
        SafeClose safe{check, {}, {}, 0};
        std::int64_t wrong_from = std::numeric_limits<std::int64_t>::max();
        for (const Stake& one : stakes) {
            if (one.right) wrong_from = std::min(wrong_from, one.wh);
        }
        for (const Stake& one : stakes) {
            if (one.wh == 0 || one.wh >= wrong_from) continue;
            safe.most = Energy::watt_hours(one.wh);
            ++safe.alerts;
        }
        if (safe.alerts < RulesPreview::hits_that_tell) return std::nullopt;
        safe.worth = proposed_.worth_on(into_.days.until - 1, safe.most.wh());
        return safe;
    }

    struct Stake {
        std::int64_t wh = 0;
        bool right = false;
        friend bool operator<(const Stake& a, const Stake& b) { return a.wh < b.wh; }
    };

    Office& office_;
    const tariff::VeeRules& proposed_;
    int history_days_;
    RulesPreview& into_;
    std::vector<vee::Finding> found_;
    std::array<std::vector<Stake>, tariff::vee_check_count> stakes_;
};

std::vector<tariff::VeeCheck> closable(const tariff::VeeRules& rules,
                                       const std::vector<CheckPreview>& rows) {
    std::vector<tariff::VeeCheck> checks;
    for (const CheckPreview& row : rows) {
        const bool asks =
            std::any_of(rules.versions.back().groups.begin(), rules.versions.back().groups.end(),
                        [&](const auto& group) {
                            return group.limits.verdict(row.check) == tariff::VeeVerdict::review;
                        });
        if (asks && row.proposed.confirmed == 0 &&
            row.proposed.hits >= RulesPreview::hits_that_tell) {
            checks.push_back(row.check);
        }
    }
    return checks;
}

}  // namespace

std::string CheckHits::precision() const {
    if (hits == 0) return "-";
    return Decimal(round_divide(i128{confirmed} * 1000, hits, Rounding::half_away_from_zero), 1)
               .to_string() +
           "%";
}

std::optional<Money> CheckHits::cost_per_alert() const {
    if (alerts == 0 || cost.is_zero()) return std::nullopt;
    return Money::minor(
        round_divide(i128{cost.minor_units()}, alerts, Rounding::half_away_from_zero));
}

std::optional<Money> CheckHits::cost_per_error() const {
    if (alerts_confirmed == 0 || cost.is_zero()) return std::nullopt;
    return Money::minor(
        round_divide(i128{cost.minor_units()}, alerts_confirmed, Rounding::half_away_from_zero));
}

Result<RulesPreview> preview_rules(Office& office, const RulesPreviewRequest& request) {
    TRY(const tariff::VeeRules rules,
        tariff::load_vee_rules(request.rules_name, request.rules_text));
    RulesPreview preview;
    Date from = office.business_date().first_of_month();
    for (int month = 0; month < request.months; ++month) from = (from - 1).first_of_month();
    preview.days = {from, office.business_date()};
    for (const auto check : tariff::vee_checks) preview.rows.push_back({check, {}, {}});
    const auto subjects = channel_subjects(office, preview.days);
    preview.channels = static_cast<std::int64_t>(subjects.size());
    std::map<int, std::vector<const ChannelSubject*>> by_minutes;
    for (const auto& subject : subjects) by_minutes[subject.minutes].push_back(&subject);
    Preview counting(office, rules, preview);
    for (const auto& [minutes, all] : by_minutes) {
        for (std::size_t begin = 0; begin < all.size(); begin += channels_at_once) {
            const std::size_t end = std::min(begin + channels_at_once, all.size());
            const std::vector<const ChannelSubject*> some(
                all.begin() + static_cast<std::ptrdiff_t>(begin),
                all.begin() + static_cast<std::ptrdiff_t>(end));
            for (Date month = from; month < preview.days.until;
                 month = month.first_of_next_month()) {
                counting.month(
                    some, DateRange{month, month.first_of_next_month()}.intersection(preview.days));
            }
        }
    }
    counting.registers(office.catalogue().vee, &CheckPreview::now);
    counting.registers(rules, &CheckPreview::proposed);
    counting.end();
    preview.may_close = closable(rules, preview.rows);
    return preview;
}

}  // namespace watthour::app
