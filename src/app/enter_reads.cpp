// SPDX-License-Identifier: Apache-2.0
#include "app/enter_reads.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "metering/measured_quantity.hpp"
#include "metering/read_rank.hpp"
#include "usage/register_use.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

/// How far back the read before is looked for.
constexpr int days_looked_back = 400;

struct RegisterAt {
    metering::InstalledMeter installed;
    metering::ChannelId channel;
    std::vector<metering::Read> reads;  ///< before and on the day, rising
    std::optional<service::ServiceAgreement> agreement;
};

Result<RegisterAt> register_at(Office& office, const std::string& serial,
                               const std::string& quantity, Date date) {
    std::vector<service::ServicePointId> points;
    std::map<service::ServicePointId, std::string> cycles;
    for (const auto& point : office.service().points()) {
        points.push_back(point.id);
        cycles[point.id] = point.cycle;
    }
    bool known = false;
    for (auto& installed : office.meters().installed_at(points)) {
        if (installed.meter.serial != serial) continue;
        known = true;
        const auto& active = installed.installation.active;
        if (date < active.from || active.until < date) continue;
        RegisterAt found;
        for (const auto& channel : installed.channels) {
            if (channel.is_register() && metering::measures(channel.code, quantity)) {
                found.channel = channel.id;
            }
        }
        if (found.channel.value == 0) {
            return Error(errors::register_unknown, {{"meter", serial}, {"quantity", quantity}});
        }
        found.reads = office.meters().reads({found.channel}, {date - days_looked_back, date + 1});
        const auto point = installed.installation.service_point;
        for (auto& served : office.service().agreements_of_cycle(
                 cycles[point], {date - 1, date + 1}, customers::every_account)) {
            if (served.point.id == point) found.agreement = std::move(served.agreement);
        }
        found.installed = std::move(installed);
        return found;
    }
    if (known) {
        return Error(errors::meter_not_in_service, {{"meter", serial}, {"date", date.to_string()}});
    }
    return Error(errors::meter_unknown, {{"meter", serial}});
}

/// The last read before a day, else the set read of the meter.
metering::Read read_before(const RegisterAt& at, Date date) {
    metering::Read last;
    last.date = at.installed.installation.active.from;
    last.reading = at.installed.installation.set_read;
    last.type = "set";
    for (const auto& read : at.reads) {
        if (read.date < date) last = read;
    }
    return last;
}

/// The use that stands for the missing days: of the same period last year, else of the one before.
std::optional<std::pair<billing::PeriodUse, std::string>> reference_of(Office& office,
                                                                       const RegisterAt& at,
                                                                       Date date) {
    if (!at.agreement) return std::nullopt;
    auto history = office.bills().history({at.agreement->account}, date);
    const auto& uses = history[at.agreement->id];
    for (const auto& use : uses) {
        const int apart = date - use.period.until;
        if (apart >= 350 && apart <= 380) return std::pair(use, "the same period last year");
    }
    if (uses.empty()) return std::nullopt;
    return std::pair(uses.back(), std::string("the period before"));
}

/// Whether the use of an entry is far from what was billed before, as a bill of it would be held.
void compare_with_usual(Office& office, const RegisterAt& at, EnteredRead& read) {
    const auto reference = reference_of(office, at, read.date);
    if (!reference || reference->first.period.days() < 1) return;
    const std::int64_t usual =
        round_divide(i128{reference->first.delivered.wh()} * (read.date - *read.previous_date),
                     reference->first.period.days(), Rounding::half_away_from_zero);
    read.usual = Energy::watt_hours(usual);
    const auto& review = office.catalogue().policies.use_review;
    const Energy larger = std::max(*read.usual, read.use);
    if (usual <= 0 || larger < review.min) return;
    const i128 hundredfold = i128{read.use.wh()} * 100;
    if (hundredfold > i128{usual} * review.high_percent) read.looks = "high";
    if (hundredfold < i128{usual} * review.low_percent) read.looks = "low";
}

Result<EnteredRead> described(Office& office, const RegisterAt& at, const ReadEntry& entry) {
    const metering::Read before = read_before(at, entry.date);
    EnteredRead read;
    read.meter = entry.meter;
    read.date = entry.date;
    read.reading = entry.reading;
    read.type = entry.type;
    if (!before.reading.empty() && before.date < entry.date) {
        TRY(const auto use,
            usage::register_use(
                before.reading, entry.reading,
                usage::face_of(at.installed.meter,
                               office.catalogue().policies.reading.rollover_max_fraction)));
        read.previous_date = before.date;
        read.previous_reading = before.reading;
        read.previous_type = before.type;
        read.use = use.energy;
        read.rolled_over = use.rolled_over;
        read.worth = office.catalogue().vee.worth_on(entry.date, use.energy.wh());
        compare_with_usual(office, at, read);
    }
    for (const auto& other : at.reads) {
        const bool stronger = metering::read_rank(other.type) < metering::read_rank(entry.type);
        if (other.date == entry.date && other.second_of_day == 0 && stronger) read.stands = false;
    }
    return read;
}

/// Estimated reads at the end of the periods before, back to the last that was read.
int estimates_in_a_row(const RegisterAt& at, Date date) {
    int count = 0;
    for (auto read = at.reads.rbegin(); read != at.reads.rend(); ++read) {
        if (read->date >= date) continue;
        if (read->type != "estimated") break;
        ++count;
    }
    return count;
}

bool is_last_estimate(const Office& office, const RegisterAt& at, Date date) {
    const int limit = office.catalogue().policies.reading.consecutive_estimates_max;
    return estimates_in_a_row(at, date) + 1 == limit;
}

worklist::WorkItem order_item(const Office& office, const RegisterAt& at, const EnteredRead& read) {
    worklist::WorkItem item;
    item.account = at.agreement ? at.agreement->account.value : 0;
    item.kind = "order_proposed";
    item.cause = "vee.estimates_in_a_row";
    item.subject = fmt::format("{}|{}", read.meter, read.date.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = worklist::stored(
        worklist::tell("told.vee.estimates_in_a_row",
                       {{"meter", read.meter},
                        {"n", std::to_string(estimates_in_a_row(at, read.date) + 1)},
                        {"day", read.date.to_string()}}));
    item.next_step = worklist::stored(worklist::tell("told.vee.estimates_in_a_row.next"));
    item.at_stake = read.worth;
    item.opened_on = office.business_date();
    return item;
}

/// The same read entered on this day by the same person, as often as it was taken back meanwhile.
struct EntryOfToday {
    bool was_entered = false;
    bool stands = false;  ///< and was not taken back since
    std::string next;     ///< hash of the file that one more would be
};

EntryOfToday entry_of_today(Office& office, const ReadEntry& entry, const std::string& by) {
    EntryOfToday found;
    for (int times = 1;; ++times) {
        const auto hash = [&](const char* what) {
            const std::string again = times == 1 ? std::string() : fmt::format("|{}", times);
            return sha256_hex(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}{}", what, entry.meter,
                                          entry.quantity, entry.date.to_string(), entry.type,
                                          entry.reading, by, office.business_date().to_string(),
                                          again));
        };
        found.next = hash("entry");
        if (!office.files().find(found.next)) return found;
        found.was_entered = true;
        found.next = hash("entry taken back");
        found.stands = !office.files().find(found.next);
        if (found.stands) return found;
    }
}

/// An entry is a file of one read: it has a day, a source, and is sealed with it.
void write_entry(Office& office, const RegisterAt& at, const ReadEntry& entry,
                 const EnteredRead& read, const std::string& by, std::int64_t approval) {
    const Date today = office.business_date();
    worklist::ReceivedFile file;
    file.format = "entry";
    file.name = fmt::format("{} of meter {} by {}", entry.type, entry.meter, by);
    const EntryOfToday there = entry_of_today(office, entry, by);
    if (there.stands) return;  // the very same entry of today
    file.sha256 = there.next;
    file.id = worklist::file_id(file.sha256);
    file.business_date = today;
    file.records = 1;
    if (entry.type == "estimated" && is_last_estimate(office, at, entry.date)) {
        (void)office.work().open({order_item(office, at, read)});
    }
    const auto counts = office.meters().add_reads(
        {{at.channel, entry.date, entry.type, entry.reading, {file.id}, 1}});
    file.posted = counts.added + counts.different;
    file.repeated = counts.same;
    office.files().add(file);
    record(office, access::permissions::read_decide,
           {at.agreement ? at.agreement->account.value : 0,
            fmt::format("read:{}|{}", entry.meter, entry.date.to_string()), read.previous_reading,
            fmt::format("{} {}", entry.type, entry.reading), entry.why, approval});
}

std::string to_parameters(const ReadEntry& entry) {
    return to_text(json::object{{"what", "enter"},
                                {"meter", entry.meter},
                                {"date", entry.date.to_string()},
                                {"reading", entry.reading},
                                {"type", entry.type},
                                {"quantity", entry.quantity},
                                {"why", entry.why}});
}

Result<void> check_entry(const ReadEntry& entry) {
    constexpr std::string_view known[] = {"verified", "customer", "actual_manual", "on_demand",
                                          "estimated"};
    if (std::find(std::begin(known), std::end(known), entry.type) == std::end(known)) {
        return Error(errors::read_type_unknown, {{"type", entry.type.substr(0, 40)}});
    }
    if (trimmed(entry.why).empty()) return Error(errors::reason_missing, {{"item", entry.meter}});
    return {};
}

Result<void> keep(Office& office, const RegisterAt& at, const ReadEntry& entry,
                  const EnteredRead& read) {
    TRY_DONE(authorize(office, access::permissions::read_decide,
                       {at.agreement ? at.agreement->account.value : 0, to_parameters(entry),
                        read.worth, entry.why}));
    storage::Transaction transaction(office.database(), office.business_date());
    write_entry(office, at, entry, read, office.actor().name, 0);
    transaction.commit();
    return {};
}

/// Whether a bill of the agreement begins or ends with the read of a day.
bool is_billed(Office& office, const RegisterAt& at, Date date) {
    if (!at.agreement) return false;
    auto history = office.bills().history({at.agreement->account}, end_of_time);
    for (const auto& use : history[at.agreement->id]) {
        if (use.period.from == date || use.period.until == date) return true;
    }
    return false;
}

/// The last read and some whole dial units more, as the dials would show it.
std::string read_text(const std::string& last, std::int64_t dial_units,
                      const metering::Meter& meter) {
    const std::size_t point = std::min(last.find('.'), last.size());
    const std::int64_t whole = parse_integer(last.substr(0, point)).value_or(0);
    return fmt::format("{:0{}}{}", (whole + dial_units) % power_of_ten(meter.dials), meter.dials,
                       last.substr(point));
}

}  // namespace

Result<EnteredRead> enter_read(Office& office, const ReadEntry& entry) {
    TRY_DONE(authorize(office, access::permissions::read_decide));
    TRY_DONE(check_entry(entry));
    if (entry.type == "estimated") {
        return Error(errors::read_type_unknown, {{"type", entry.type}});
    }
    TRY(const RegisterAt at, register_at(office, entry.meter, entry.quantity, entry.date));
    TRY(const EnteredRead read, described(office, at, entry));
    if (!entry.dry_run) TRY_DONE(keep(office, at, entry, read));
    return read;
}

Result<EnteredRead> take_read_back(Office& office, const ReadTakenBack& wanted) {
    TRY_DONE(authorize(office, access::permissions::read_decide));
    const ReadEntry entry{wanted.meter,    wanted.date, wanted.reading, wanted.type,
                          wanted.quantity, wanted.why,  wanted.dry_run};
    TRY_DONE(check_entry(entry));
    TRY(const RegisterAt at, register_at(office, entry.meter, entry.quantity, entry.date));
    const std::string& by = office.actor().name;
    const EntryOfToday there = entry_of_today(office, entry, by);
    const auto about = [&](const auto& refusal) {
        return Error(
            refusal,
            {{"meter", entry.meter}, {"date", entry.date.to_string()}, {"reading", entry.reading}});
    };
    if (!there.was_entered) return about(errors::read_not_of_today);
    if (!there.stands) return about(errors::read_taken_back);
    if (is_billed(office, at, entry.date)) return about(errors::read_billed);
    TRY(EnteredRead read, described(office, at, entry));
    read.stands = false;
    if (wanted.dry_run) return read;
    storage::Transaction transaction(office.database(), office.business_date());
    worklist::ReceivedFile file;
    file.format = "entry";
    file.name = fmt::format("{} of meter {} taken back by {}", entry.type, entry.meter, by);
    file.sha256 = there.next;
    file.id = worklist::file_id(file.sha256);
    file.business_date = office.business_date();
    file.records = 1;
    file.posted = 1;
    (void)office.meters().add_reads({{at.channel, entry.date, entry.type, "", {file.id}, 1}});
    office.files().add(file);
    record(office, access::permissions::read_decide,
           {at.agreement ? at.agreement->account.value : 0,
            fmt::format("read:{}|{}", entry.meter, entry.date.to_string()),
            fmt::format("{} {}", entry.type, entry.reading), "taken back", entry.why, 0});
    transaction.commit();
    return read;
}

Result<EstimatedRead> estimate_read(Office& office, const ReadEstimateRequest& request) {
    TRY_DONE(authorize(office, access::permissions::read_decide));
    ReadEntry entry{request.meter, request.date,   "", "estimated", "KWH",
                    request.why,   request.dry_run};
    TRY_DONE(check_entry(entry));
    TRY(const RegisterAt at, register_at(office, request.meter, "KWH", request.date));
    for (const auto& read : at.reads) {
        if (read.date == request.date) {
            return Error(errors::read_is_there, {{"meter", request.meter},
                                                 {"date", request.date.to_string()},
                                                 {"reading", read.reading},
                                                 {"type", read.type}});
        }
    }
    const auto& policy = office.catalogue().policies.reading;
    EstimatedRead made;
    made.in_a_row = estimates_in_a_row(at, request.date) + 1;
    if (made.in_a_row > policy.consecutive_estimates_max) {
        return Error(errors::too_many_estimates,
                     {{"meter", request.meter},
                      {"limit", std::to_string(policy.consecutive_estimates_max)}});
    }
    const auto reference = reference_of(office, at, request.date);
    const metering::Read before = read_before(at, request.date);
    if (!reference || before.reading.empty() || before.date >= request.date) {
        return Error(errors::no_use_to_estimate_from, {{"meter", request.meter}});
    }
    made.reference = reference->first.period;
    made.basis = reference->second;
    made.reference_use = reference->first.delivered;
    made.days = request.date - before.date;
    made.multiplier = at.installed.meter.multiplier.to_shortest();
    made.estimate =
        vee::estimate_register(reference->first.delivered, made.reference.days(),
                               request.date - before.date, at.installed.meter.multiplier);
    entry.reading = read_text(before.reading, made.estimate.dial_units, at.installed.meter);
    TRY(made.read, described(office, at, entry));
    made.warned = made.in_a_row >= policy.consecutive_estimates_warn;
    made.order_proposed = is_last_estimate(office, at, request.date);
    if (!request.dry_run) TRY_DONE(keep(office, at, entry, made.read));
    return made;
}

Result<void> carry_out_entry(Office& office, const std::string& parameters,
                             const std::string& maker, std::int64_t approval) {
    TRY(const json::value parsed, parse_json(parameters, "approval"));
    const json::object& asked = parsed.as_object();
    const auto text = [&](const char* name) { return std::string(asked.at(name).as_string()); };
    ReadEntry entry{text("meter"), {},   text("reading"), text("type"), text("quantity"),
                    text("why"),   false};
    TRY(entry.date, Date::parse(text("date")));
    TRY(const RegisterAt at, register_at(office, entry.meter, entry.quantity, entry.date));
    TRY(const EnteredRead read, described(office, at, entry));
    storage::Transaction transaction(office.database(), office.business_date());
    write_entry(office, at, entry, read, maker, approval);
    transaction.commit();
    return {};
}

}  // namespace watthour::app
