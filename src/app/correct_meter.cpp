// SPDX-License-Identifier: Apache-2.0
#include "app/correct_meter.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/meter_views.hpp"
#include "base/text.hpp"
#include "metering/measured_quantity.hpp"
#include "usage/register_use.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace watthour::app {
namespace {

using access::permissions::meter_change;
using access::permissions::meter_correct;
using metering::InstalledMeter;
using metering::Meter;
using metering::MeterDetails;
using storage::MeterShopRows;

constexpr const char* item_cause = "metering.details_corrected";

Error wrong(const char* field, const std::string& wanted) {
    return Error(errors::meter_field_wrong, {{"field", field}, {"wanted", wanted}});
}

bool same_face(const Meter& a, const Meter& b) {
    return a.multiplier == b.multiplier && a.dials == b.dials && a.decimals == b.decimals;
}

/// The details with what is right in the place of what is wrong. `by_multiplier_alone`: the
/// constant is no nameplate and only stands for the multiplier.
Result<MeterDetails> corrected(const std::string& serial, MeterDetails details,
                               const RightDetails& right, bool by_multiplier_alone) {
    const auto given = [&](const char* name) { return right.contains(name); };
    const auto put_text = [&](const char* name, std::string& text) {
        if (given(name)) text = trimmed(right.at(name));
    };
    const auto put_digits = [&](const char* name, int& digits) {
        // What is no number of digits is refused as one.
        if (given(name)) {
            const auto number = parse_integer(trimmed(right.at(name))).value_or(-1);
            digits = number >= 0 && number <= 9 ? static_cast<int>(number) : -1;
        }
    };
    put_text("maker", details.maker);
    put_text("model", details.model);
    put_text("form", details.form);
    put_text("ct_ratio", details.ct_ratio);
    put_text("pt_ratio", details.pt_ratio);
    put_text("program", details.program);
    put_text("tou_program", details.tou_program);
    put_digits("dials", details.dials);
    put_digits("decimals", details.decimals);
    if (given("maker") && details.maker.empty()) return wrong("maker", "named");
    TRY_DONE(check_details(details));
    const bool ratio = given("ct_ratio") || given("pt_ratio");
    if (given("register_constant")) {
        TRY(details.register_constant, Decimal::parse(right.at("register_constant")));
    } else if (ratio && by_multiplier_alone) {
        details.register_constant = Decimal(1, 0);
    }
    if (given("multiplier")) {
        TRY(details.multiplier, Decimal::parse(right.at("multiplier")));
        TRY_DONE(metering::check_multiplier(serial, details));
    } else if (ratio || given("register_constant")) {
        TRY(details.multiplier, metering::multiplier_of(serial, details));
    }
    return details;
}

/// Each detail that differs, by its name, before and after.
std::vector<std::tuple<std::string, std::string, std::string>> differences(
    const MeterDetails& before, const MeterDetails& after) {
    const auto text = [](const json::value& value) {
        return value.is_string() ? std::string(value.as_string())
               : value.is_null() ? std::string()
                                 : to_text(value);
    };
    std::vector<std::tuple<std::string, std::string, std::string>> found;
    const json::object old = to_json(before);
    for (const auto& [name, value] : to_json(after)) {
        if (old.at(name) == value) continue;
        found.emplace_back(name, text(old.at(name)), text(value));
    }
    return found;
}

json::object face_told(const Meter& meter) {
    return worklist::tell("told.meter_corrected.face",
                          {{"multiplier", meter.multiplier.to_shortest()},
                           {"dials", std::to_string(meter.dials)},
                           {"decimals", std::to_string(meter.decimals)}});
}

/// The steps of one correction, all within one transaction.
class Corrector {
public:
    Corrector(Office& office, const MeterCorrection& wish)
        : office_(office), wish_(wish), shop_(office.database()) {}

    Result<MeterCorrected> go(std::int64_t approval) {
        TRY(done_.meter, find_meter(office_, wish_.serial));
        TRY_DONE(find_details());
        if (differences(done_.before, done_.after).empty()) {
            return Error(errors::correction_changes_nothing, {{"meter", wish_.serial}});
        }
        const auto before = installed();
        shop_.supersede(done_.meter.id, done_.before.active.from, instead_);
        const auto after = installed();
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (same_face(before[i].meter, after[i].meter)) continue;
            changed_.push_back({before[i], after[i]});
        }
        done_.counts_differently = !changed_.empty();
        for (const ReadDifferently& one : changed_) TRY_DONE(check_reads(one));
        done_.bills = bills_of_meter(office_, changed_);
        for (const BillOfMeter& row : done_.bills) {
            if (row.amount) done_.difference += *row.amount - row.billed;
        }
        open_items();
        record(office_, done_.counts_differently ? meter_correct : meter_change,
               {0, "meter:" + wish_.serial, in_words(done_.before),
                fmt::format("{}, since {}", in_words(done_.after),
                            done_.after.active.from.to_string()),
                wish_.why, approval});
        return done_;
    }

private:
    /// Those that are wrong, those that are right, and what is believed from now on.
    Result<void> find_details() {
        const auto believed = shop_.details(done_.meter.id, service::now_known);
        const Date on = wish_.on.value_or(office_.business_date());
        Date first = end_of_time;
        for (const auto& known : shop_.installations(done_.meter.id)) {
            if (known.superseded_on != end_of_time) continue;
            first = std::min(first, known.installation.active.from);
        }
        if (believed.empty()) {
            done_.before = details_on(shop_, done_.meter, on);
            done_.before.active = {std::min(first, office_.business_date()), end_of_time};
        } else {
            done_.before = believed.front();
            for (const MeterDetails& details : believed) {
                if (details.active.from <= on) done_.before = details;
            }
        }
        TRY(done_.after, corrected(wish_.serial, done_.before, wish_.right, believed.empty()));
        const bool from_the_first =
            believed.empty() || done_.before.active.from == believed.front().active.from;
        if (!wish_.since) {
            if (from_the_first) {
                done_.after.active.from = std::min(first, done_.before.active.from);
            }
            instead_ = {done_.after};
            return {};
        }
        TRY_DONE(check_since(*wish_.since));
        done_.after.active.from = *wish_.since;
        if (done_.before.active.from < *wish_.since) {
            MeterDetails earlier = done_.before;
            earlier.active.until = *wish_.since;
            instead_.push_back(std::move(earlier));
        }
        instead_.push_back(done_.after);
        return {};
    }

    Result<void> check_since(Date since) {
        const DateRange active = done_.before.active;
        if (!active.contains(since) || office_.business_date() < since) {
            return wrong(
                "first day of a correction",
                fmt::format("within the days of what is corrected, {} to {}",
                            active.from.to_string(),
                            std::min(active.until - 1, office_.business_date()).to_string()));
        }
        for (const auto& known : shop_.installations(done_.meter.id)) {
            const DateRange hung = known.installation.active;
            if (known.superseded_on != end_of_time || !hung.contains(since)) continue;
            if (hung.from == since) continue;
            return Error(errors::correction_within_installation,
                         {{"meter", wish_.serial},
                          {"point", std::to_string(known.installation.service_point.value)},
                          {"from", hung.from.to_string()},
                          {"date", since.to_string()}});
        }
        return {};
    }

    /// Wherever the meter hangs or hung, as billing reads it.
    std::vector<InstalledMeter> installed() {
        std::vector<service::ServicePointId> points;
        for (const auto& known : shop_.installations(done_.meter.id)) {
            if (known.superseded_on == end_of_time) {
                points.push_back(known.installation.service_point);
            }
        }
        std::sort(points.begin(), points.end());
        points.erase(std::unique(points.begin(), points.end()), points.end());
        if (points.empty()) return {};
        auto all = office_.meters().installed_at(points);
        std::erase_if(all, [&](const auto& one) { return one.meter.id != done_.meter.id; });
        return all;
    }

    /// What the dials as recorded could show, the corrected ones must show too: else billing would
    /// stop at these reads.
    Result<void> check_reads(const ReadDifferently& one) {
        const auto& installation = one.after.installation;
        for (const auto& channel : one.after.channels) {
            if (!channel.is_register()) continue;
            const bool energy = metering::measures(channel.code, "KWH");
            std::vector<std::pair<Date, std::string>> reads;
            if (energy && !installation.set_read.empty()) {
                reads.emplace_back(installation.active.from, installation.set_read);
            }
            for (const auto& read : office_.meters().reads(
                     {channel.id}, {installation.active.from, installation.active.until})) {
                reads.emplace_back(read.date, read.reading);
            }
            if (energy && !installation.removal_read.empty()) {
                reads.emplace_back(installation.active.until, installation.removal_read);
            }
            for (std::size_t i = 0; i < reads.size(); ++i) {
                const auto& from = reads[i == 0 ? 0 : i - 1].second;
                const auto& [date, until] = reads[i];
                if (!usage::register_use(from, until, face_of(office_, one.before.meter))) continue;
                const auto use =
                    usage::register_use(from, until, face_of(office_, one.after.meter));
                if (use) continue;
                return Error(errors::correction_breaks_reads,
                             {{"meter", wish_.serial},
                              {"dials", std::to_string(one.after.meter.dials)},
                              {"decimals", std::to_string(one.after.meter.decimals)},
                              {"read", until},
                              {"date", date.to_string()},
                              {"why", use.error().message()}});
            }
        }
        return {};
    }

    /// An item for each account with all its bills. Those that an earlier correction of the same
    /// days has opened do not say any more what is right.
    void open_items() {
        if (changed_.empty()) return;
        for (auto& item : office_.work().list("open")) {
            if (item.cause != item_cause || !item.subject.starts_with(subject())) continue;
            item.resolution = "dismissed";
            item.resolved_why = "meter " + wish_.serial + " was corrected again: " + wish_.why;
            item.resolved_by = office_.actor().name;
            item.resolved_on = office_.business_date();
            office_.work().resolve(item);
        }
        std::map<customers::AccountId, std::vector<const BillOfMeter*>> by_account;
        for (const BillOfMeter& row : done_.bills) {
            if (!row.amount || *row.amount != row.billed) by_account[row.account].push_back(&row);
        }
        std::vector<worklist::WorkItem> items;
        for (const auto& [account, bills] : by_account) items.push_back(item_of(account, bills));
        if (!items.empty()) done_.work_items = office_.work().open(items);
    }

    worklist::WorkItem item_of(customers::AccountId account,
                               const std::vector<const BillOfMeter*>& bills) const {
        const Meter& before = changed_.front().before.meter;
        const Meter& after = changed_.front().after.meter;
        worklist::WorkItem item;
        item.account = account.value;
        item.kind = "rebill";
        item.cause = item_cause;
        item.subject = fmt::format("{}{}|{}", subject(), office_.business_date().to_string(),
                                   differences_text());
        item.id = worklist::work_item_id(item.kind, item.account, item.subject);
        Money difference;
        json::array evidence;
        for (const BillOfMeter* row : bills) {
            if (!row->amount) {
                evidence.push_back(worklist::tell("told.meter_corrected.bill_unknown",
                                                  {{"bill", row->bill}, {"why", row->why_not}}));
                continue;
            }
            const Money more = *row->amount - row->billed;
            difference += more;
            evidence.push_back(worklist::tell("told.meter_corrected.bill",
                                              {{"bill", row->bill},
                                               {"from", row->period.from.to_string()},
                                               {"until", row->period.until.to_string()},
                                               {"kwh", row->use->to_string()},
                                               {"billed", row->billed_use.to_string()},
                                               {"now", row->amount->to_string()},
                                               {"then", row->billed.to_string()},
                                               {"difference", more.to_string()}}));
        }
        evidence.insert(evidence.begin(), worklist::tell("told.meter_corrected",
                                                         {{"meter", wish_.serial},
                                                          {"before", face_told(before)},
                                                          {"after", face_told(after)},
                                                          {"why", wish_.why},
                                                          {"difference", difference.to_string()}}));
        item.evidence = worklist::stored(std::move(evidence));
        item.next_step = worklist::stored(worklist::tell("told.meter_corrected.next"));
        item.at_stake = difference.magnitude();
        item.opened_on = office_.business_date();
        item.recurs = true;
        return item;
    }

    /// The meter and the first of the days that are corrected.
    [[nodiscard]] std::string subject() const {
        return fmt::format("{}|{}|", wish_.serial, done_.after.active.from.to_string());
    }

    [[nodiscard]] std::string differences_text() const {
        std::string text;
        for (const auto& [name, before, after] : differences(done_.before, done_.after)) {
            text += fmt::format("{}{} {} to {}", text.empty() ? "" : ", ", name, before, after);
        }
        return text;
    }

    Office& office_;
    const MeterCorrection& wish_;
    MeterShopRows shop_;
    MeterCorrected done_;
    std::vector<MeterDetails> instead_;
    std::vector<ReadDifferently> changed_;
};

std::string to_parameters(const MeterCorrection& wish, Date on) {
    json::object right;
    for (const auto& [name, text] : wish.right) right[name] = text;
    return to_text(json::object{{"meter", wish.serial},
                                {"right", std::move(right)},
                                {"on", on.to_string()},
                                {"since", wish.since ? wish.since->to_string() : ""},
                                {"why", wish.why}});
}

Result<MeterCorrected> try_out(Office& office, const MeterCorrection& wish) {
    return storage::with_retries([&]() -> Result<MeterCorrected> {
        storage::Transaction transaction(office.database(), office.business_date());
        return Corrector(office, wish).go(0);
    });
}

Result<MeterCorrected> do_it(Office& office, const MeterCorrection& wish, std::int64_t approval) {
    return storage::with_retries([&]() -> Result<MeterCorrected> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(auto done, Corrector(office, wish).go(approval));
        transaction.commit();
        return done;
    });
}

}  // namespace

Result<MeterCorrected> correct_meter(Office& office, const MeterCorrection& wish) {
    TRY_DONE(authorize(office, meter_change));
    if (trimmed(wish.why).empty()) return Error(access::errors::reason_missing, {});
    TRY(const MeterCorrected tried, try_out(office, wish));
    if (wish.dry_run) return tried;
    if (tried.counts_differently) {
        Request request;
        request.parameters = to_parameters(wish, wish.on.value_or(office.business_date()));
        request.amount = tried.difference.magnitude();
        request.why = wish.why;
        TRY_DONE(authorize(office, meter_correct, request));
    }
    return do_it(office, wish, 0);
}

Result<void> carry_out_correction(Office& office, const std::string& parameters,
                                  std::int64_t approval) {
    TRY(const json::value parsed, parse_json(parameters, "approval"));
    const json::object& asked = parsed.as_object();
    const auto text = [&](const char* name) { return std::string(asked.at(name).as_string()); };
    MeterCorrection wish;
    wish.serial = text("meter");
    for (const auto& [name, value] : asked.at("right").as_object()) {
        wish.right[std::string(name)] = std::string(value.as_string());
    }
    TRY(wish.on, Date::parse(text("on")));
    if (!text("since").empty()) {
        TRY(wish.since, Date::parse(text("since")));
    }
    wish.why = text("why");
    const auto done = do_it(office, wish, approval);
    // Agreed to before and cut off before it was noted: it is recorded so already.
    if (!done && !done.error().is(errors::correction_changes_nothing)) return done.error();
    return {};
}

json::object to_json(const MeterCorrected& done, bool dry_run) {
    json::array changes;
    for (const auto& [name, before, after] : differences(done.before, done.after)) {
        changes.push_back(json::object{
            {"detail", name}, {"before", text_or_null(before)}, {"after", text_or_null(after)}});
    }
    json::array bills;
    for (const BillOfMeter& row : done.bills) {
        json::object one{{"account", customers::account_number(row.account)},
                         {"bill", row.bill},
                         {"from", row.period.from.to_string()},
                         {"until", row.period.until.to_string()},
                         {"billed_kwh", row.billed_use.to_string()},
                         {"kwh", nullptr},
                         {"billed", row.billed.to_string()},
                         {"amount", nullptr},
                         {"difference", nullptr},
                         {"why_not", text_or_null(row.why_not)}};
        if (row.use) one["kwh"] = row.use->to_string();
        if (row.amount) {
            one["amount"] = row.amount->to_string();
            one["difference"] = (*row.amount - row.billed).to_string();
        }
        bills.push_back(std::move(one));
    }
    const Date until = done.after.active.until;
    return {{"meter", done.meter.serial},
            {"from", done.after.active.from.to_string()},
            {"until", until == end_of_time ? json::value() : json::value(until.to_string())},
            {"changes", std::move(changes)},
            {"second_person", done.counts_differently},
            {"bills", std::move(bills)},
            {"difference", done.difference.to_string()},
            {"work_items", done.work_items},
            {"dry_run", dry_run}};
}

}  // namespace watthour::app
