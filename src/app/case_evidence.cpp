// SPDX-License-Identifier: Apache-2.0
#include "app/case_evidence.hpp"

#include "app/case_past.hpp"
#include "app/interval_use.hpp"
#include "app/meter_shop.hpp"
#include "base/json.hpp"
#include "storage/case_rows.hpp"
#include "storage/event_rows.hpp"
#include "storage/meter_shop_rows.hpp"
#include "storage/route_rows.hpp"
#include "usage/register_use.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using investigation::CaseKind;
using investigation::Evidence;
using worklist::tell;

constexpr std::size_t shown_periods = 3;
constexpr std::size_t shown_events = 10;

/// Which questions a fact helps to answer; the first that a kind asks counts.
struct FactSteps {
    std::string_view fact;
    std::vector<std::string_view> steps;
};

const std::vector<FactSteps>& fact_steps() {
    static const std::vector<FactSteps> all = {
        {"estimates", {"estimated_or_true_up"}},
        {"days", {"days_in_period"}},
        {"prices", {"price_or_season"}},
        {"programs", {"discount_lost", "occupancy"}},
        {"others", {"weather", "use_before", "events_and_use", "neighbours"}},
        {"uses", {"use_before", "intervals_and_night_load", "occupancy", "events_and_use"}},
        {"intervals", {"intervals_and_night_load", "intervals_and_events", "events_and_use"}},
        {"latest_read", {"on_demand_read"}},
        {"events", {"intervals_and_events", "intervals_and_night_load", "events_and_use"}},
        {"seals", {"preserve_evidence", "check_for_load"}},
        {"exchanges", {"step_at_exchange"}},
        {"neighbours", {"neighbours", "use_before", "weather"}},
        {"tests", {"meter_test", "ratio_check"}},
    };
    return all;
}

std::string step_for(CaseKind kind, std::string_view fact) {
    const auto& steps = investigation::steps_of(kind);
    for (const FactSteps& row : fact_steps()) {
        if (row.fact != fact) continue;
        for (const auto wanted : row.steps) {
            for (const auto& step : steps) {
                if (step.code == wanted) return std::string(wanted);
            }
        }
    }
    return std::string(steps.front().code);
}

json::object days_told(DateRange days) {
    return tell("told.days_until",
                {{"from", days.from.to_string()}, {"until", days.until.to_string()}});
}

/// The word of a family for a name; the name itself where there is none.
json::value named(std::string_view family, const std::string& name) {
    const std::string key = fmt::format("told.{}.{}", family, name);
    if (Words::of(Language::english).has(key)) return tell(key);
    return json::string(name);
}

/// The list, or the sentence that says that there is nothing.
json::value or_none(json::array words, std::string_view none) {
    if (words.empty()) return tell(none);
    return words;
}

class Gatherer {
public:
    Gatherer(Office& office, CaseKind kind, const CaseSubject& subject, Date on)
        : office_(office), kind_(kind), subject_(subject), on_(on), shop_(office.database()) {}

    std::vector<Evidence> all() {
        reads();
        multiplier();
        exchanges();
        estimates();
        days();
        prices();
        programs();
        uses();
        compare_with_others();
        intervals();
        latest_read();
        events();
        seals();
        tests();
        return std::move(pieces_);
    }

private:
    /// `words` is a sentence, or a list of them that are one.
    void put(std::string_view fact, json::value words, json::value facts) {
        json::object sentence = words.is_object() ? std::move(words.as_object())
                                                  : tell("told.list", {{"list", std::move(words)}});
        pieces_.push_back({step_for(kind_, fact), std::string(fact),
                           worklist::stored(std::move(sentence)), to_text(facts)});
    }

    [[nodiscard]] const billing::BillSegment* last(std::size_t back = 0) const {
        const auto& billed = subject_.billed;
        return back < billed.size() ? &billed[billed.size() - 1 - back].segment : nullptr;
    }

    void reads() {
        json::array rows;
        json::array words;
        const auto& billed = subject_.billed;
        for (std::size_t back = 0; back < std::min(shown_periods, billed.size()); ++back) {
            const auto& one = billed[billed.size() - 1 - back];
            for (const auto& read : one.segment.reads) {
                rows.push_back(json::object{{"bill", one.bill},
                                            {"meter", read.meter},
                                            {"from", read.period.from.to_string()},
                                            {"until", read.period.until.to_string()},
                                            {"from_read", read.from_read},
                                            {"until_read", read.until_read},
                                            {"type", read.read_type},
                                            {"multiplier", read.multiplier},
                                            {"kwh", read.energy.to_string()}});
                words.push_back(tell(
                    read.from_read.empty() ? "told.evidence.read_intervals" : "told.evidence.read",
                    {{"days", days_told(read.period)},
                     {"meter", read.meter},
                     {"from_read", read.from_read},
                     {"until_read", read.until_read},
                     {"type", named("read_type", read.read_type)},
                     {"multiplier", read.multiplier},
                     {"kwh", read.energy.to_string()}}));
            }
        }
        if (!rows.empty()) put("reads", std::move(words), std::move(rows));
    }

    void multiplier() {
        const auto details = details_on(shop_, subject_.meter, on_);
        const bool agrees = metering::check_multiplier(subject_.meter.serial, details).has_value();
        const auto ratio = [](const std::string& text) { return text.empty() ? "1" : text; };
        put("multiplier",
            tell(agrees ? "told.evidence.multiplier_agrees" : "told.evidence.multiplier_disagrees",
                 {{"multiplier", details.multiplier.to_shortest()},
                  {"ct", ratio(details.ct_ratio)},
                  {"pt", ratio(details.pt_ratio)},
                  {"constant", details.register_constant.to_shortest()}}),
            json::object{{"multiplier", details.multiplier.to_shortest()},
                         {"ct_ratio", details.ct_ratio},
                         {"pt_ratio", details.pt_ratio},
                         {"register_constant", details.register_constant.to_shortest()},
                         {"agrees", agrees}});
    }

    void exchanges() {
        const auto steps = exchange_steps(meter_uses_of(subject_));
        if (steps.empty()) return;
        json::array rows;
        json::array words;
        for (const ExchangeStep& step : steps) {
            rows.push_back(json::object{{"on", step.on.to_string()},
                                        {"old", step.old_meter},
                                        {"new", step.new_meter},
                                        {"old_multiplier", step.old_multiplier},
                                        {"new_multiplier", step.new_multiplier},
                                        {"wh_a_day_before", step.before.a_day_wh()},
                                        {"wh_a_day_after", step.after.a_day_wh()}});
            words.push_back(tell("told.evidence.exchange", {{"day", step.on.to_string()},
                                                            {"old", step.old_meter},
                                                            {"old_multiplier", step.old_multiplier},
                                                            {"new", step.new_meter},
                                                            {"new_multiplier", step.new_multiplier},
                                                            {"before", step.before.a_day_text()},
                                                            {"after", step.after.a_day_text()}}));
        }
        put("exchanges", std::move(words), std::move(rows));
    }

    /// Estimated closing reads, and the period after each, which trues it up (R1.09).
    void estimates() {
        json::array rows;
        json::array words;
        const auto& billed = subject_.billed;
        for (std::size_t i = 0; i < billed.size(); ++i) {
            const auto& segment = billed[i].segment;
            const bool estimated =
                std::any_of(segment.reads.begin(), segment.reads.end(),
                            [](const auto& read) { return read.read_type == "estimated"; });
            if (!estimated) continue;
            json::object row{{"bill", billed[i].bill},
                             {"until", segment.period.until.to_string()},
                             {"kwh", segment.delivered.to_string()}};
            json::object told =
                tell("told.evidence.estimated", {{"bill", billed[i].bill},
                                                 {"day", segment.period.until.to_string()},
                                                 {"kwh", segment.delivered.to_string()}});
            if (i + 1 < billed.size()) {
                const auto& next = billed[i + 1].segment;
                row["next_bill"] = billed[i + 1].bill;
                row["next_kwh"] = next.delivered.to_string();
                const UseOverDays both{segment.delivered + next.delivered,
                                       segment.period.days() + next.period.days()};
                row["both_kwh"] = both.energy.to_string();
                told = tell("told.evidence.estimated_next", {{"first", std::move(told)},
                                                             {"next", next.delivered.to_string()},
                                                             {"both", both.energy.to_string()},
                                                             {"days", std::to_string(both.days)},
                                                             {"a_day", both.a_day_text()}});
            }
            words.push_back(std::move(told));
            rows.push_back(std::move(row));
        }
        put("estimates", or_none(std::move(words), "told.evidence.not_estimated"), std::move(rows));
    }

    void days() {
        const auto* now = last();
        const auto* before = last(1);
        if (now == nullptr || before == nullptr) return;
        const UseOverDays here{now->delivered, now->period.days()};
        const UseOverDays then{before->delivered, before->period.days()};
        put("days",
            tell("told.evidence.days", {{"days", std::to_string(here.days)},
                                        {"a_day", here.a_day_text()},
                                        {"days_before", std::to_string(then.days)},
                                        {"a_day_before", then.a_day_text()}}),
            json::object{{"days", here.days},
                         {"wh_a_day", here.a_day_wh()},
                         {"days_before", then.days},
                         {"wh_a_day_before", then.a_day_wh()}});
    }

    void prices() {
        const auto* now = last();
        const auto* before = last(1);
        if (now == nullptr || before == nullptr) return;
        std::map<std::string, std::set<std::string>> old_prices;
        std::map<std::string, std::set<std::string>> new_prices;
        const auto collect = [](const billing::BillSegment& segment, auto& into) {
            for (const auto& line : segment.lines) into[line.code].insert(line.rate_text());
        };
        collect(*before, old_prices);
        collect(*now, new_prices);
        json::array rows;
        json::array words;
        if (now->schedule != before->schedule || now->option != before->option) {
            words.push_back(tell("told.evidence.schedule",
                                 {{"now", now->schedule + " " + now->option},
                                  {"before", before->schedule + " " + before->option}}));
        }
        for (const auto& [code, prices] : new_prices) {
            const auto old = old_prices.find(code);
            const bool same = old != old_prices.end() && old->second == prices;
            if (same) continue;
            const std::string is = fmt::format("{}", fmt::join(prices, ", "));
            const bool is_new = old == old_prices.end();
            const std::string was =
                is_new ? "none" : fmt::format("{}", fmt::join(old->second, ", "));
            rows.push_back(json::object{{"line", code}, {"before", was}, {"now", is}});
            words.push_back(tell(is_new ? "told.evidence.new_price" : "told.evidence.price",
                                 {{"line", code}, {"before", was}, {"now", is}}));
        }
        put("prices", or_none(std::move(words), "told.evidence.no_price"), std::move(rows));
    }

    void programs() {
        if (!subject_.served) {
            put("programs", tell("told.evidence.nobody"), json::array());
            return;
        }
        json::array rows;
        json::array words;
        for (const auto& program : subject_.served->agreement.programs) {
            const bool ended = program.active.until != end_of_time;
            rows.push_back(json::object{
                {"code", program.code},
                {"kind", program.kind},
                {"from", program.active.from.to_string()},
                {"until", ended ? json::value(program.active.until.to_string()) : json::value()}});
            words.push_back(tell(ended ? "told.evidence.program_ended" : "told.evidence.program",
                                 {{"code", program.code},
                                  {"from", program.active.from.to_string()},
                                  {"until", program.active.until.to_string()}}));
        }
        put("programs", or_none(std::move(words), "told.evidence.no_program"), std::move(rows));
    }

    void uses() {
        const auto* now = last();
        if (now == nullptr) return;
        json::array rows;
        json::array words;
        const auto& billed = subject_.billed;
        const std::size_t first = billed.size() > 13 ? billed.size() - 13 : 0;
        for (std::size_t i = first; i < billed.size(); ++i) {
            const auto& segment = billed[i].segment;
            rows.push_back(json::object{{"from", segment.period.from.to_string()},
                                        {"until", segment.period.until.to_string()},
                                        {"kwh", segment.delivered.to_string()},
                                        {"charges", segment.current_charges.to_string()}});
        }
        const UseOverDays here{now->delivered, now->period.days()};
        const auto use = [](std::string_view key, const UseOverDays& told) {
            return tell(key, {{"kwh", told.energy.to_string()},
                              {"days", std::to_string(told.days)},
                              {"a_day", told.a_day_text()}});
        };
        words.push_back(use("told.evidence.use", here));
        if (const auto* year_ago = a_year_before(subject_, now->period)) {
            const UseOverDays then{year_ago->delivered, year_ago->period.days()};
            words.push_back(use("told.evidence.use_year_before", then));
        }
        put("uses", std::move(words), std::move(rows));
    }

    /// All others of the cycle against a year before, and the neighbours on the route.
    void compare_with_others() {
        const auto* now = last();
        if (now == nullptr || !subject_.point) return;
        storage::CaseRows rows(office_.database());
        const auto billed = rows.billed_uses(now->period.until - 430, subject_.billed.back().cycle);
        const auto change = change_of_others(billed, now->period.until, subject_.account_id());
        if (change.count > 0) {
            put("others",
                tell("told.evidence.others", {{"n", std::to_string(change.count)},
                                              {"kwh", change.now.to_string()},
                                              {"before", change.then.to_string()}}),
                json::object{{"accounts", change.count},
                             {"kwh", change.now.to_string()},
                             {"kwh_year_before", change.then.to_string()}});
        }
        neighbours(billed);
    }

    void neighbours(const std::vector<storage::BilledUse>& billed) {
        const auto& policy = office_.catalogue().policies.investigation;
        const int reach = policy ? policy->crossed_neighbours : 0;
        json::array found;
        json::array words;
        // Places of the walk count, not their numbers, between which there is room.
        const auto walk = storage::RouteRows(office_.database())
                              .places(subject_.point->route, office_.business_date());
        const auto own_place = std::find_if(walk.begin(), walk.end(), [&](const auto& place) {
            return place.point == subject_.point->id;
        });
        for (auto place = walk.begin(); place != walk.end(); ++place) {
            if (place == own_place || std::abs(place - own_place) > reach) continue;
            for (const auto account : shop_.served_at(place->point, on_)) {
                std::vector<const storage::BilledUse*> own;
                for (const auto& use : billed) {
                    if (use.account == account) own.push_back(&use);
                }
                if (own.empty()) continue;
                const UseOverDays here{own.back()->delivered, own.back()->period.days()};
                json::object row{{"account", customers::account_number(account)},
                                 {"sequence", place->order},
                                 {"wh_a_day", here.a_day_wh()}};
                json::object told = tell("told.evidence.neighbour",
                                         {{"account", customers::account_number(account)},
                                          {"a_day", here.a_day_text()}});
                if (own.size() > 1) {
                    const auto& before = *own[own.size() - 2];
                    const UseOverDays then{before.delivered, before.period.days()};
                    row["wh_a_day_before"] = then.a_day_wh();
                    told = tell("told.evidence.neighbour_before",
                                {{"first", std::move(told)}, {"a_day", then.a_day_text()}});
                }
                words.push_back(std::move(told));
                found.push_back(std::move(row));
            }
        }
        if (!found.empty()) put("neighbours", std::move(words), std::move(found));
    }

    /// Average load at night against the whole day, over the last billed days.
    void intervals() {
        const auto* now = last();
        if (now == nullptr || !subject_.point) return;
        const auto used = interval_use(office_, {{subject_.point->id, now->period}});
        if (!used) return;
        constexpr int night_from = 3600;       // 1 o'clock
        constexpr int night_until = 5 * 3600;  // 5 o'clock
        for (const ChannelUse& channel : *used) {
            if (channel.serial != subject_.meter.serial || !channel.code.starts_with("KWH") ||
                channel.intervals.empty()) {
                continue;
            }
            std::int64_t all_wh = 0;
            std::int64_t night_wh = 0;
            std::int64_t night_steps = 0;
            std::int64_t highest = 0;
            for (const auto& interval : channel.intervals) {
                const int second = office_.zone().wall_second_of(interval.start);
                all_wh += interval.wh;
                highest = std::max(highest, interval.wh);
                if (second < night_from || second >= night_until) continue;
                night_wh += interval.wh;
                ++night_steps;
            }
            const auto watts = [&](std::int64_t wh, std::int64_t steps) {
                return steps == 0 ? std::int64_t{0}
                                  : round_divide(i128{wh} * 60, i128{steps} * channel.minutes,
                                                 Rounding::half_away_from_zero);
            };
            const auto steps = static_cast<std::int64_t>(channel.intervals.size());
            const std::int64_t night = watts(night_wh, night_steps);
            const std::int64_t average = watts(all_wh, steps);
            const std::int64_t peak = watts(highest, 1);
            put("intervals",
                tell("told.evidence.intervals", {{"n", std::to_string(steps)},
                                                 {"minutes", std::to_string(channel.minutes)},
                                                 {"average", std::to_string(average)},
                                                 {"night", std::to_string(night)},
                                                 {"most", std::to_string(peak)}}),
                json::object{{"intervals", steps},
                             {"minutes", channel.minutes},
                             {"average_w", average},
                             {"night_w", night},
                             {"highest_w", peak}});
        }
    }

    /// What the register shows since the last bill.
    void latest_read() {
        if (!subject_.installed) return;
        for (const auto& channel : subject_.installed->channels) {
            if (!channel.is_register() || !channel.code.starts_with("KWH")) continue;
            const Date since = last() == nullptr ? subject_.installed->installation.active.from
                                                 : last()->period.until;
            const auto reads = office_.meters().reads({channel.id}, {since, on_ + 1});
            if (reads.size() < 2) return;
            const usage::RegisterFace face = usage::face_of(
                subject_.meter, office_.catalogue().policies.reading.rollover_max_fraction);
            const auto use = usage::register_use(reads.front().reading, reads.back().reading, face);
            if (!use) return;
            const UseOverDays since_bill{use->energy, reads.back().date - reads.front().date};
            put("latest_read",
                tell("told.evidence.latest_read", {{"day", reads.back().date.to_string()},
                                                   {"reading", reads.back().reading},
                                                   {"type", named("read_type", reads.back().type)},
                                                   {"kwh", use->energy.to_string()},
                                                   {"days", std::to_string(since_bill.days)},
                                                   {"since", reads.front().date.to_string()},
                                                   {"a_day", since_bill.a_day_text()}}),
                json::object{{"date", reads.back().date.to_string()},
                             {"reading", reads.back().reading},
                             {"type", reads.back().type},
                             {"kwh", use->energy.to_string()},
                             {"days", since_bill.days}});
            return;
        }
    }

    void events() {
        const auto events = storage::EventRows(office_.database()).of_meter(subject_.meter.id);
        if (events.empty()) return;
        json::array rows;
        json::array words;
        for (const auto& event : events) {
            if (rows.size() == shown_events) break;
            const std::string name = event.name.empty() ? event.code : event.name;
            rows.push_back(json::object{{"at", to_iso_utc(event.at)},
                                        {"code", event.code},
                                        {"name", event.name},
                                        {"detail", event.detail}});
            words.push_back(tell("told.evidence.event",
                                 {{"at", to_iso_utc(event.at)}, {"event", named("event", name)}}));
        }
        put("events", std::move(words), std::move(rows));
    }

    void seals() {
        json::array rows;
        json::array words;
        for (const auto& seal : shop_.seals(subject_.meter.id)) {
            rows.push_back(json::object{
                {"on", seal.on.to_string()}, {"seal", seal.seal}, {"event", seal.event}});
            words.push_back(tell("told.evidence.seal." + seal.event,
                                 {{"day", seal.on.to_string()}, {"seal", seal.seal}}));
        }
        if (!rows.empty()) put("seals", std::move(words), std::move(rows));
    }

    void tests() {
        json::array rows;
        json::array words;
        for (const auto& test : shop_.tests(subject_.meter.id)) {
            rows.push_back(json::object{{"on", test.on.to_string()},
                                        {"average", test.average.to_string()},
                                        {"verdict", metering::to_text(test.verdict)}});
            words.push_back(
                tell(fmt::format("told.evidence.test.{}", metering::to_text(test.verdict)),
                     {{"day", test.on.to_string()}, {"average", test.average.to_string()}}));
        }
        if (!rows.empty()) put("tests", std::move(words), std::move(rows));
    }

    Office& office_;
    CaseKind kind_;
    const CaseSubject& subject_;
    Date on_;
    storage::MeterShopRows shop_;
    std::vector<Evidence> pieces_;
};

}  // namespace

std::vector<Evidence> gather_evidence(Office& office, CaseKind kind, const CaseSubject& subject,
                                      Date on) {
    return Gatherer(office, kind, subject, on).all();
}

}  // namespace watthour::app
