// SPDX-License-Identifier: Apache-2.0
#include "app/exchange_meter.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/search_index.hpp"
#include "base/text.hpp"
#include "billing/errors.hpp"
#include "billing/measure.hpp"
#include "metering/measured_quantity.hpp"
#include "usage/register_use.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using access::permissions::meter_change;
using metering::Channel;
using metering::InstalledMeter;
using metering::Meter;
using metering::MeterDetails;
using metering::MeterInstallation;
using metering::StockState;
using storage::MeterShopRows;

const Channel* register_of(const std::vector<Channel>& channels) {
    for (const Channel& channel : channels) {
        if (channel.is_register() && metering::measures(channel.code, "KWH")) {
            return &channel;
        }
    }
    return nullptr;
}

/// The steps of one piece of work, all within one transaction.
class Crew {
public:
    Crew(Office& office, const MeterWork& work, Date on)
        : office_(office), work_(work), shop_(office.database()) {
        done_.on = on;
    }

    Result<MeterWorkDone> go() {
        if (!work_.out.empty()) TRY_DONE(find_outgoing());
        TRY_DONE(find_point());
        TRY_DONE(refuse_billed_days());
        if (!work_.out.empty()) TRY_DONE(take_down());
        if (!work_.in.empty()) TRY_DONE(set());
        if (done_.removed && done_.set) TRY_DONE(balance());
        write_down();
        return done_;
    }

private:
    Error day_wrong(std::string why) const {
        return Error(errors::exchange_day_wrong,
                     {{"date", done_.on.to_string()}, {"why", std::move(why)}});
    }

    Error elsewhere(const std::string& where) const {
        return Error(errors::meter_elsewhere,
                     {{"meter", work_.out}, {"date", done_.on.to_string()}, {"where", where}});
    }

    /// The installation of the outgoing meter that is in force.
    Result<void> find_outgoing() {
        TRY(out_, find_meter(office_, work_.out));
        for (const auto& known : shop_.installations(out_.id)) {
            if (known.superseded_on != end_of_time) continue;
            if (known.installation.active.until != end_of_time) continue;
            if (done_.on <= known.installation.active.from) {
                return day_wrong(fmt::format("meter {} was set on {}", out_.serial,
                                             known.installation.active.from.to_string()));
            }
            done_.removed = known.installation;
        }
        if (!done_.removed) return elsewhere("it hangs nowhere");
        const auto point = done_.removed->service_point;
        if (work_.point && *work_.point != point.value) {
            return elsewhere(fmt::format("it hangs at point {}", point.value));
        }
        done_.point = point;
        return {};
    }

    Result<void> find_point() {
        if (!done_.removed) {
            const std::int64_t asked = work_.point.value_or(0);
            const auto points = office_.service().points();
            const bool known = std::any_of(points.begin(), points.end(), [&](const auto& point) {
                return point.id.value == asked;
            });
            if (!known) return Error(errors::point_unknown, {{"point", std::to_string(asked)}});
            done_.point = {asked};
        }
        const auto accounts = shop_.served_at(done_.point, done_.on);
        if (!accounts.empty()) {
            account_ = accounts.front().value;
            done_.account = customers::account_number(accounts.front());
        }
        return {};
    }

    /// What is billed was billed with the meters that were known then.
    Result<void> refuse_billed_days() {
        const auto billed = shop_.billed_after(done_.point, done_.on);
        if (billed.empty()) return {};
        return Error(errors::exchange_in_billed_days,
                     {{"date", done_.on.to_string()},
                      {"bill", billed.front().bill},
                      {"from", billed.front().period.from.to_string()},
                      {"until", billed.front().period.until.to_string()}});
    }

    /// A read is there where a register is, and its dials can show it.
    Result<void> check_read(const Meter& meter, const std::vector<Channel>& channels,
                            const std::string& read, const char* which, Date day) {
        const MeterDetails details = details_on(shop_, meter, day);
        if (register_of(channels) == nullptr) {
            if (read.empty()) return {};
            return Error(errors::exchange_read_unwanted,
                         {{"meter", meter.serial}, {"read", read.substr(0, 40)}});
        }
        if (read.empty()) {
            return Error(errors::exchange_read_missing,
                         {{"which", which},
                          {"meter", meter.serial},
                          {"digits", std::to_string(details.dials)}});
        }
        usage::RegisterFace face;
        face.dials = details.dials;
        face.decimals = details.decimals;
        TRY_DONE(usage::register_use(read, read, face));
        return {};
    }

    void change(const Meter& meter, StockState state) {
        const auto states = shop_.states(meter.id);
        const std::int64_t number = states.empty() ? 1 : states.back().number + 1;
        shop_.add(std::vector<metering::StateChange>{
            {meter.id, number, state, done_.on, work_.why, office_.actor().name, {}}});
    }

    Result<void> take_down() {
        for (const auto& installed : office_.meters().installed_at({done_.point})) {
            if (installed.meter.id == out_.id) out_channels_ = installed.channels;
        }
        TRY_DONE(
            metering::check_transition(out_.serial, state_of(shop_, out_.id), StockState::removed));
        TRY_DONE(check_read(out_, out_channels_, work_.removal_read, "removal",
                            done_.removed->active.from));
        done_.removed->active.until = done_.on;
        done_.removed->removal_read = work_.removal_read;
        shop_.put(*done_.removed);
        change(out_, StockState::removed);
        return {};
    }

    /// A meter that may go out: on the shelf or with the crew, tested, and hanging nowhere.
    Result<void> check_incoming(const MeterDetails& details) {
        const StockState state = state_of(shop_, in_.id);
        if (state != StockState::available && state != StockState::issued) {
            return Error(errors::meter_not_available,
                         {{"meter", in_.serial}, {"state", std::string(to_text(state))}});
        }
        TRY_DONE(check_tests(shop_, in_));
        TRY_DONE(metering::check_multiplier(in_.serial, details));
        for (const auto& known : shop_.installations(in_.id)) {
            const DateRange active = known.installation.active;
            if (known.superseded_on != end_of_time || active.until <= done_.on) continue;
            const bool open = active.until == end_of_time;
            return Error(errors::meter_hangs,
                         {{"meter", in_.serial},
                          {"point", std::to_string(known.installation.service_point.value)},
                          {"from", active.from.to_string()},
                          {"until", open ? "until now" : "until " + active.until.to_string()}});
        }
        return {};
    }

    Result<metering::MeterRole> role() {
        if (!work_.role.empty() && !metering::is_role(work_.role)) {
            return Error(errors::meter_field_wrong,
                         {{"field", "role"}, {"wanted", "additive, subtractive or check"}});
        }
        if (!work_.role.empty()) return metering::role_of(work_.role);
        if (done_.removed) return done_.removed->role;
        for (const auto& installed : office_.meters().installed_at({done_.point})) {
            if (installed.installation.active.until <= done_.on) continue;
            return Error(errors::point_has_meter, {{"point", std::to_string(done_.point.value)},
                                                   {"meter", installed.meter.serial}});
        }
        return metering::MeterRole::additive;
    }

    Result<void> set() {
        TRY(in_, find_meter(office_, work_.in));
        const MeterDetails details = details_on(shop_, in_, done_.on);
        TRY_DONE(check_incoming(details));
        MeterInstallation fresh;
        fresh.meter = in_.id;
        fresh.service_point = done_.point;
        fresh.active = {done_.on, end_of_time};
        fresh.set_read = work_.set_read;
        TRY(fresh.role, role());
        shop_.put(fresh);
        for (const auto& installed : office_.meters().installed_at({done_.point})) {
            if (installed.meter.id == in_.id) in_channels_ = installed.channels;
        }
        TRY_DONE(check_channels());
        TRY_DONE(check_read(in_, in_channels_, work_.set_read, "set", done_.on));
        done_.set = fresh;
        if (state_of(shop_, in_.id) == StockState::available) change(in_, StockState::issued);
        change(in_, StockState::in_service);
        return {};
    }

    /// What the old meter measured the new one measures too.
    Result<void> check_channels() const {
        for (const Channel& old : out_channels_) {
            const bool part = metering::is_part_of_quantity(old.code);
            const auto quantity =
                part ? std::string_view(old.code) : metering::measured_quantity(old.code);
            const bool there =
                std::any_of(in_channels_.begin(), in_channels_.end(), [&](const Channel& fresh) {
                    return (part ? fresh.code == quantity
                                 : metering::measures(fresh.code, quantity)) &&
                           fresh.interval_minutes == old.interval_minutes;
                });
            if (there) continue;
            return Error(
                errors::meter_channel_missing,
                {{"meter", in_.serial},
                 {"other", out_.serial},
                 {"quantity", std::string(quantity)},
                 {"kind", old.is_register() ? "register"
                                            : fmt::format("{}-minute", old.interval_minutes)}});
        }
        return {};
    }

    /// The first day that is not billed yet, on which the old meter counted.
    Date opening_day() {
        Date day = done_.removed->active.from;
        for (const auto& billed : shop_.billed_after(done_.point, day)) {
            day = std::max(day, billed.period.until);
        }
        for (const auto account : shop_.served_at(done_.point, done_.on - 1)) {
            for (const auto& served :
                 office_.service().agreements_of_account(account, service::now_known)) {
                const auto& agreement = served.agreement;
                if (agreement.service_point == done_.point &&
                    agreement.active.contains(done_.on - 1))
                    day = std::max(day, agreement.active.from);
            }
        }
        return day;
    }

    Result<Energy> counted(const InstalledMeter& meter, const std::string& from,
                           const std::string& until) const {
        const usage::RegisterFace face =
            usage::face_of(meter.meter, office_.catalogue().policies.reading.rollover_max_fraction);
        TRY(const auto use, usage::register_use(from, until, face));
        return use.energy;
    }

    /// Side by side: each register from its own reads, and the point as billing measures it.
    Result<void> balance() {
        const Channel* old = register_of(out_channels_);
        const Channel* fresh = register_of(in_channels_);
        if (old == nullptr || fresh == nullptr) return {};
        std::vector<InstalledMeter> pair;
        for (auto& installed : office_.meters().installed_at({done_.point})) {
            const auto& active = installed.installation.active;
            const bool ours = (installed.meter.id == out_.id && active.until == done_.on) ||
                              (installed.meter.id == in_.id && active.from == done_.on);
            if (!ours) continue;
            installed.installation.role = metering::MeterRole::additive;
            pair.push_back(std::move(installed));
        }
        WH_CHECK(pair.size() == 2, "an exchange has two installations");
        const Date opening = opening_day();
        if (opening == done_.on) return {};  // a period begins with the exchange: nothing to close
        const auto reads = office_.meters().reads({old->id, fresh->id}, {opening, end_of_time});
        metering::ExchangeBalance both;
        both.old_meter = {out_.serial, {opening, done_.on}, {}, work_.removal_read, {}};
        both.new_meter = {in_.serial, {done_.on, done_.on}, work_.set_read, {}, {}};
        if (opening == done_.removed->active.from)
            both.old_meter.from_read = done_.removed->set_read;
        for (const auto& read : reads) {
            if (read.channel == old->id && read.date == opening &&
                both.old_meter.from_read.empty()) {
                both.old_meter.from_read = read.reading;
            }
            if (read.channel == fresh->id && read.date > both.new_meter.days.until) {
                both.new_meter.days.until = read.date;
                both.new_meter.until_read = read.reading;
            }
        }
        if (both.old_meter.from_read.empty()) {
            return Error(billing::errors::opening_read_missing,
                         {{"meter", out_.serial}, {"date", opening.to_string()}});
        }
        TRY(both.old_meter.energy,
            counted(pair[0], both.old_meter.from_read, both.old_meter.until_read));
        if (!both.new_meter.until_read.empty()) {
            TRY(both.new_meter.energy,
                counted(pair[1], both.new_meter.from_read, both.new_meter.until_read));
        }
        billing::ReadShelf shelf;
        shelf.put(reads);
        const billing::MeasureContext context{&office_.catalogue(), &office_.zone(), nullptr,
                                              &shelf, nullptr};
        TRY(const auto point,
            billing::measure_by_registers(context, pair, {opening, both.new_meter.days.until}));
        both.point = point.delivered;
        TRY_DONE(metering::check_balance(both));
        done_.balance = std::move(both);
        return {};
    }

    void write_down() {
        std::string before;
        std::string after;
        if (done_.removed) {
            before = fmt::format("meter {} at point {}", out_.serial, done_.point.value);
            after = fmt::format("removed {} at {}", done_.on.to_string(),
                                work_.removal_read.empty() ? "no register" : work_.removal_read);
        }
        if (done_.set) {
            after += fmt::format("{}meter {} set {} at {} as {}", after.empty() ? "" : "; ",
                                 in_.serial, done_.on.to_string(),
                                 work_.set_read.empty() ? "no register" : work_.set_read,
                                 metering::to_text(done_.set->role));
        }
        record(office_, meter_change,
               {account_, fmt::format("point:{}", done_.point.value), before, after, work_.why, 0});
    }

    Office& office_;
    const MeterWork& work_;
    MeterShopRows shop_;
    MeterWorkDone done_;
    Meter out_;
    Meter in_;
    std::vector<Channel> out_channels_;
    std::vector<Channel> in_channels_;
    std::int64_t account_ = 0;
};

}  // namespace

Result<MeterWorkDone> work_on_meter(Office& office, const MeterWork& work) {
    TRY_DONE(authorize(office, meter_change));
    if (trimmed(work.why).empty()) return Error(access::errors::reason_missing, {});
    WH_CHECK(!work.out.empty() || !work.in.empty(), "a meter goes, comes, or both");
    if (work.out == work.in) return Error(errors::meter_same, {{"meter", work.in}});
    const Date on = work.on.value_or(office.business_date());
    if (on > office.business_date()) {
        return Error(errors::exchange_day_wrong, {{"date", on.to_string()},
                                                  {"why", "it is after the business date " +
                                                              office.business_date().to_string()}});
    }
    return storage::with_retries([&]() -> Result<MeterWorkDone> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(auto done, Crew(office, work, on).go());
        if (!work.dry_run) {
            transaction.commit();
            search_again();  // it finds accounts by the serials that hang
        }
        return done;
    });
}

}  // namespace watthour::app
