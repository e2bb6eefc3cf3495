// SPDX-License-Identifier: Apache-2.0
#include "app/validate_registers.hpp"

#include "metering/measured_quantity.hpp"
#include "usage/register_use.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

using metering::ChannelId;
using tariff::VeeCheck;
using tariff::VeeVerdict;

/// Where the two reads before those are looked for.
constexpr int days_looked_back = 130;

struct Register {
    std::string code;
    ChannelId channel;
    std::map<Date, std::string> reads;
};

/// A meter that counts the parts of the day of a quantity beside its whole.
struct TouMeter {
    ChannelSubject subject;
    Register total;
    std::vector<Register> parts;
};

/// The meters with such registers among those of some serials, or of all.
std::vector<TouMeter> tou_meters(Office& office, const std::vector<std::string>& named,
                                 DateRange days) {
    std::set<std::string> wanted;
    for (const auto& address : office.meters().channel_addresses()) {
        const bool asked =
            named.empty() || std::find(named.begin(), named.end(), address.serial) != named.end();
        if (asked && address.interval_minutes == 0 && metering::is_part_of_day(address.code)) {
            wanted.insert(address.serial);
        }
    }
    std::vector<TouMeter> found;
    if (wanted.empty()) return found;
    for (auto& meter : register_subjects(office, days, {wanted.begin(), wanted.end()})) {
        std::map<std::string, TouMeter> by_quantity;
        for (const auto& channel : meter.channels) {
            if (!channel.is_register()) continue;
            const std::string quantity(metering::measured_quantity(channel.code));
            TouMeter& of = by_quantity[quantity];
            if (metering::is_part_of_day(channel.code)) {
                of.parts.push_back({channel.code, channel.id, {}});
            } else if (channel.code == quantity || channel.code == quantity + "-REG") {
                of.total = {channel.code, channel.id, {}};
            }
        }
        for (auto& [quantity, of] : by_quantity) {
            if (of.parts.empty() || of.total.channel.value == 0) continue;
            of.subject = meter.subject;
            of.subject.quantity = quantity;
            found.push_back(std::move(of));
        }
    }
    return found;
}

class RegisterValidation {
public:
    RegisterValidation(Office& office, const tariff::VeeRules& rules, DateRange checked, Date on)
        : office_(office), rules_(rules), checked_(checked), on_(on) {}

    void check(const TouMeter& meter) {
        vee::ChannelReads facts;
        const auto [group, limits] =
            channel_rules(office_, rules_, meter.subject, checked_.until - 2, facts);
        if (group == nullptr) return;
        const auto dates = common_dates(meter);
        for (std::size_t i = 1; i < dates.size(); ++i) {
            if (!checked_.contains(dates[i])) continue;
            const DateRange days{dates[i - 1], dates[i]};
            const auto uses = uses_between(meter, days);
            if (!uses) continue;  // a register that went back has its own item
            const auto total = use_of(meter, meter.total, days);
            for (const auto& finding : vee::validate_tou_registers(
                     limits, days, *uses, total.value_or(0), step_of(meter))) {
                if (total) add(meter, group->name, limits, meter.subject.quantity, finding);
            }
            if (i < 2 || facts.irregular) continue;
            const DateRange before{dates[i - 2], dates[i - 1]};
            const auto earlier = uses_between(meter, before);
            for (std::size_t part = 0; earlier && part < uses->size(); ++part) {
                const auto finding =
                    vee::validate_tou_part(limits, days, (*uses)[part], before, (*earlier)[part]);
                if (finding) add(meter, group->name, limits, meter.parts[part].code, *finding);
            }
        }
    }

    RegisterFindings found;

private:
    /// The dates on which the total and every part were read.
    static std::vector<Date> common_dates(const TouMeter& meter) {
        std::vector<Date> dates;
        for (const auto& [date, reading] : meter.total.reads) {
            const bool all =
                std::all_of(meter.parts.begin(), meter.parts.end(),
                            [&](const auto& part) { return part.reads.contains(date); });
            if (all) dates.push_back(date);
        }
        return dates;
    }

    [[nodiscard]] std::optional<std::int64_t> use_of(const TouMeter& meter, const Register& part,
                                                     DateRange days) const {
        const auto use = usage::register_use(
            part.reads.at(days.from), part.reads.at(days.until),
            usage::face_of(meter.subject.meter,
                           office_.catalogue().policies.reading.rollover_max_fraction));
        return use ? std::optional(use->energy.wh()) : std::nullopt;
    }

    [[nodiscard]] std::optional<std::vector<std::int64_t>> uses_between(const TouMeter& meter,
                                                                        DateRange days) const {
        std::vector<std::int64_t> uses;
        for (const Register& part : meter.parts) {
            const auto use = use_of(meter, part, days);
            if (!use) return std::nullopt;
            uses.push_back(*use);
        }
        return uses;
    }

    static std::int64_t step_of(const TouMeter& meter) {
        const Multiplier multiplier(meter.subject.meter.multiplier);
        const auto step = multiplier.energy(Decimal(1, meter.subject.meter.decimals));
        return step ? step->wh() : 1000;
    }

    void add(const TouMeter& meter, const std::string& group, const tariff::VeeLimits& limits,
             const std::string& quantity, const vee::Finding& finding) {
        ChannelFinding one{meter.subject.serial,
                           quantity,
                           group,
                           finding,
                           office_.zone().start_of(finding.days.from),
                           office_.zone().start_of(finding.days.until),
                           0};
        if (const auto* agreement = meter.subject.agreement_on(finding.days.from)) {
            one.account = agreement->account.value;
        }
        if (finding.verdict == VeeVerdict::review || finding.verdict == VeeVerdict::fail) {
            worklist::WorkItem item =
                finding_item(one, limits.worth_of(vee::energy_at_stake(finding, 0)), on_);
            const FindingWords words = in_words(office_, one, 0);
            item.evidence = words.evidence;
            item.next_step = words.next_step;
            found.items.push_back(std::move(item));
        }
        found.findings.push_back(std::move(one));
    }

    Office& office_;
    const tariff::VeeRules& rules_;
    DateRange checked_;
    Date on_;
};

}  // namespace

RegisterFindings find_in_registers(Office& office, const tariff::VeeRules& rules,
                                   const std::vector<std::string>& serials, DateRange checked,
                                   Date on) {
    const DateRange days{checked.from - days_looked_back, checked.until};
    std::vector<TouMeter> meters = tou_meters(office, serials, days);
    std::map<ChannelId, Register*> by_channel;
    std::vector<ChannelId> channels;
    for (TouMeter& meter : meters) {
        by_channel[meter.total.channel] = &meter.total;
        for (Register& part : meter.parts) by_channel[part.channel] = &part;
    }
    for (const auto& [channel, part] : by_channel) channels.push_back(channel);
    RegisterValidation validation(office, rules, checked, on);
    if (channels.empty()) return std::move(validation.found);
    for (const auto& read : office.meters().reads(channels, days)) {
        // What was estimated, or asked for in the day, is no mark of its midnight.
        if (read.type == "estimated" || read.second_of_day != 0) continue;
        by_channel.at(read.channel)->reads[read.date] = read.reading;
    }
    for (const TouMeter& meter : meters) validation.check(meter);
    return std::move(validation.found);
}

std::vector<worklist::WorkItem> irregular_reviews(const tariff::VeeRules& rules, Date until,
                                                  Date on) {
    std::vector<worklist::WorkItem> items;
    for (const auto& one : rules.overrides) {
        if (!one.irregular || !one.days.contains(until - 1) || until <= one.review_due()) continue;
        worklist::WorkItem item;
        item.kind = "irregular_review";
        item.cause = "vee.irregular_review";
        item.subject = fmt::format("{}|{}", one.meter, one.review_due().to_string());
        item.id = worklist::work_item_id(item.kind, 0, item.subject);
        item.evidence = worklist::stored(worklist::tell(
            "told.vee.irregular_review", {{"meter", one.meter},
                                          {"why", one.why},
                                          {"day", (one.review_due() - 365).to_string()}}));
        item.next_step = worklist::stored(worklist::tell("told.vee.irregular_review.next"));
        item.opened_on = on;
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace watthour::app
