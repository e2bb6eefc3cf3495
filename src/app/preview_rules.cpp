// SPDX-License-Identifier: Apache-2.0
#include "app/preview_rules.hpp"

#include "app/channel_window.hpp"
#include "vee/validate.hpp"

#include <algorithm>

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
            CheckHits& hits = into_.rows[static_cast<std::size_t>(finding.check)].*side;
            ++hits.hits;
            if (was_changed(finding, windows.grid(), corrections)) ++hits.confirmed;
        }
    }

    Office& office_;
    const tariff::VeeRules& proposed_;
    int history_days_;
    RulesPreview& into_;
    std::vector<vee::Finding> found_;
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
    preview.may_close = closable(rules, preview.rows);
    return preview;
}

}  // namespace watthour::app
