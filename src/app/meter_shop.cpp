// SPDX-License-Identifier: Apache-2.0
#include "app/meter_shop.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "storage/capacity_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watthour::app {
namespace {

using access::permissions::meter_change;
using access::permissions::meter_comment;
using metering::Meter;
using metering::MeterDetails;
using metering::MeterTest;
using metering::StockState;
using storage::MeterShopRows;

constexpr std::size_t longest_serial = 32;
constexpr std::size_t longest_word = 60;
constexpr std::size_t longest_comment = 1000;
constexpr std::int64_t most_watts = 100'000'000;

std::string subject_of(const std::string& serial) { return "meter:" + serial; }

Error wrong(const char* field, const std::string& wanted) {
    return Error(errors::meter_field_wrong, {{"field", field}, {"wanted", wanted}});
}

Result<void> check_word(const char* field, const std::string& text, std::size_t longest) {
    const bool printable = is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
                               return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
                           });
    if (printable && text.size() <= longest) return {};
    return wrong(field, fmt::format("a line of at most {} characters", longest));
}

bool is_name(const std::string& text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789.-_") == std::string::npos;
}

Result<void> check_entry(const MeterEntry& entry) {
    if (!is_name(entry.serial, longest_serial)) {
        return wrong("serial", "1 to 32 letters, digits, '.', '-' or '_'");
    }
    TRY_DONE(check_details(entry.details));
    if (entry.details.maker.empty()) return wrong("maker", "named");
    if (entry.state != StockState::ordered && entry.state != StockState::received) {
        return wrong("first state", "ordered or received");
    }
    for (const auto& [code, minutes] : entry.channels) {
        const bool step = minutes == 0 || (minutes > 0 && 60 % minutes == 0);
        if (!is_name(code, longest_serial) || !step) {
            return wrong("channel", "a code with minutes that divide an hour: KWH-INT:15");
        }
    }
    return {};
}

/// The registers and interval rows of a new meter, each code once.
std::vector<metering::Channel> channels_of(const MeterEntry& entry, metering::MeterId meter) {
    std::vector<metering::Channel> channels;
    const auto add = [&](const std::string& code, int minutes) {
        channels.push_back(
            {{id_from_key("channel", entry.serial + "|" + code)}, meter, code, minutes});
    };
    for (const auto& [code, minutes] : entry.channels) {
        const bool known = std::any_of(channels.begin(), channels.end(),
                                       [&](const auto& channel) { return channel.code == code; });
        if (!known) add(code, minutes);
    }
    if (channels.empty()) add("KWH-REG", 0);
    return channels;
}

Result<Date> day_of(Office& office, const std::optional<Date>& day) {
    const Date on = day.value_or(office.business_date());
    if (on > office.business_date()) {
        return Error(errors::exchange_day_wrong, {{"date", on.to_string()},
                                                  {"why", "it is after the business date " +
                                                              office.business_date().to_string()}});
    }
    return on;
}

Result<std::optional<Decimal>> percent(const std::string& text) {
    if (text.empty()) return std::optional<Decimal>();
    TRY(const Decimal number, Decimal::parse(text));
    return std::optional<Decimal>(number);
}

bool was_refurbished(MeterShopRows& shop, metering::MeterId meter) {
    const auto states = shop.states(meter);
    return std::any_of(states.begin(), states.end(),
                       [](const auto& change) { return change.state == StockState::refurbished; });
}

Result<MeterTest> made_test(Office& office, MeterShopRows& shop, const TestEntry& entry) {
    TRY(const Meter meter, find_meter(office, entry.serial));
    MeterTest test;
    test.meter = meter.id;
    TRY(test.on, day_of(office, entry.on));
    TRY_DONE(check_word("standard", entry.standard, longest_word));
    TRY_DONE(check_word("tester", entry.tester, longest_word));
    if (trimmed(entry.standard).empty()) return wrong("test standard", "named");
    test.standard = entry.standard;
    test.tester = entry.tester.empty() ? office.actor().name : entry.tester;
    const auto method = metering::test_method_of(entry.method);
    if (!method) return wrong("method", "full_and_light, mean, single_point or three_loads");
    test.method = *method;
    const bool refurbished = was_refurbished(shop, meter.id);
    const auto limits = entry.limits.empty()
                            ? std::optional(refurbished ? metering::TestLimits::refurbished
                                                        : metering::TestLimits::in_service)
                            : metering::test_limits_of(entry.limits);
    if (!limits) return wrong("limits", "in_service or refurbished");
    test.limits = *limits;
    TRY(test.loads.full_load, percent(entry.full_load));
    TRY(test.loads.light_load, percent(entry.light_load));
    TRY(test.loads.power_factor, percent(entry.power_factor));
    TRY(const auto average, metering::average_registration(test.method, test.loads));
    test.average = average.rounded();
    test.verdict = metering::judge(average, test.limits);
    test.by = office.actor().name;
    return test;
}

/// The point where a meter hangs. Errors: app.meter_elsewhere.
Result<service::ServicePointId> point_of(Office& office, MeterShopRows& shop, const Meter& meter) {
    for (const auto& known : shop.installations(meter.id)) {
        if (known.superseded_on == end_of_time && known.installation.active.until == end_of_time) {
            return known.installation.service_point;
        }
    }
    return Error(errors::meter_elsewhere, {{"meter", meter.serial},
                                           {"date", office.business_date().to_string()},
                                           {"where", "it hangs nowhere"}});
}

}  // namespace

Result<Meter> find_meter(Office& office, const std::string& serial) {
    auto meter = MeterShopRows(office.database()).find(serial);
    if (!meter) return Error(errors::meter_unknown, {{"meter", serial.substr(0, longest_word)}});
    return std::move(*meter);
}

StockState state_of(MeterShopRows& shop, metering::MeterId meter) {
    const auto states = shop.states(meter);
    if (!states.empty()) return states.back().state;
    StockState state = StockState::received;
    for (const auto& known : shop.installations(meter)) {
        if (known.superseded_on != end_of_time) continue;
        state = known.installation.active.until == end_of_time ? StockState::in_service
                                                               : StockState::removed;
    }
    return state;
}

MeterDetails details_on(MeterShopRows& shop, const Meter& meter, Date day, Date known_on) {
    for (auto& details : shop.details(meter.id, known_on)) {
        if (details.active.contains(day)) return std::move(details);
    }
    MeterDetails plain;
    plain.meter = meter.id;
    plain.maker = meter.make;
    plain.dials = meter.dials;
    plain.register_constant = meter.multiplier;
    plain.multiplier = meter.multiplier;
    return plain;
}

std::string in_words(const MeterDetails& d) {
    std::string words = fmt::format(
        "{} {} form {}, {} dials, {} decimals, CT {}, PT {}, constant {}, "
        "multiplier {}",
        d.maker, d.model, d.form.empty() ? "-" : d.form, d.dials, d.decimals,
        d.ct_ratio.empty() ? "1" : d.ct_ratio, d.pt_ratio.empty() ? "1" : d.pt_ratio,
        d.register_constant.to_shortest(), d.multiplier.to_shortest());
    if (!d.program.empty()) words += ", program " + d.program;
    if (!d.tou_program.empty()) words += ", time-of-use program " + d.tou_program;
    return words;
}

Result<void> check_details(const MeterDetails& d) {
    const std::array<std::pair<const char*, const std::string*>, 5> words = {
        {{"maker", &d.maker},
         {"model", &d.model},
         {"form", &d.form},
         {"program", &d.program},
         {"TOU program", &d.tou_program}}};
    for (const auto& [field, text] : words) TRY_DONE(check_word(field, *text, longest_word));
    if (d.dials < 4 || d.dials > 9) return wrong("number of dials", "4 to 9");
    if (d.decimals < 0 || d.decimals > 3) return wrong("number of decimals", "0 to 3");
    return {};
}

Result<StockState> parse_state(const std::string& text) {
    if (const auto state = metering::stock_state_of(text)) return *state;
    std::string known;
    for (const StockState state : metering::all_stock_states()) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", metering::to_text(state));
    }
    return Error(errors::meter_state_unknown,
                 {{"state", text.substr(0, longest_word)}, {"known", known}});
}

Result<metering::InventoryRow> add_meter(Office& office, const MeterEntry& entry) {
    TRY_DONE(authorize(office, meter_change));
    if (trimmed(entry.why).empty()) return Error(access::errors::reason_missing, {});
    TRY_DONE(check_entry(entry));
    metering::InventoryRow row;
    row.details = entry.details;
    row.details.meter = {id_from_key("meter", entry.serial)};
    if (row.details.active.is_empty()) row.details.active = {office.business_date(), end_of_time};
    if (entry.multiplier) {
        row.details.multiplier = *entry.multiplier;
        TRY_DONE(metering::check_multiplier(entry.serial, row.details));
    } else {
        TRY(row.details.multiplier, metering::multiplier_of(entry.serial, row.details));
    }
    row.meter.id = row.details.meter;
    row.meter.serial = entry.serial;
    row.meter.dials = row.details.dials;
    row.meter.decimals = row.details.decimals;
    row.meter.multiplier = row.details.multiplier;
    row.meter.make =
        row.details.model.empty() ? row.details.maker : row.details.maker + " " + row.details.model;
    row.state = entry.state;
    row.since = row.details.active.from;
    return storage::with_retries([&]() -> Result<metering::InventoryRow> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        if (shop.find(entry.serial)) {
            return Error(errors::meter_exists, {{"meter", entry.serial}});
        }
        office.meters().add({row.meter}, channels_of(entry, row.meter.id), {});
        shop.add(std::vector<MeterDetails>{row.details});
        shop.add(std::vector<metering::StateChange>{
            {row.meter.id, 1, row.state, row.since, entry.why, office.actor().name, {}}});
        record(office, meter_change,
               {0, subject_of(entry.serial), "", in_words(row.details), entry.why, 0});
        if (!entry.dry_run) transaction.commit();
        return row;
    });
}

Result<void> check_tests(MeterShopRows& shop, const Meter& meter) {
    const bool refurbished = was_refurbished(shop, meter.id);
    const auto tests = shop.tests(meter.id);
    const char* limits = refurbished ? "refurbished" : "in_service";
    const auto refused = [&](const std::string& last) {
        return Error(errors::meter_test_wanting,
                     {{"meter", meter.serial}, {"last", last}, {"limits", limits}});
    };
    if (tests.empty()) {
        if (refurbished) return refused("none since it was refurbished");
        return {};
    }
    const MeterTest& last = tests.back();
    const std::string words =
        fmt::format("{}% on {}, {} by the limits {}", last.average.to_string(), last.on.to_string(),
                    metering::to_text(last.verdict), metering::to_text(last.limits));
    if (last.verdict != metering::Verdict::within) return refused(words);
    if (refurbished && last.limits != metering::TestLimits::refurbished) return refused(words);
    return {};
}

Result<metering::StateChange> change_state(Office& office, const StateWish& wish) {
    TRY_DONE(authorize(office, meter_change));
    if (trimmed(wish.why).empty()) return Error(access::errors::reason_missing, {});
    TRY(const StockState wanted, parse_state(wish.state));
    TRY(const Date since, day_of(office, wish.since));
    TRY(const Meter meter, find_meter(office, wish.serial));
    if (wanted == StockState::in_service || wanted == StockState::removed) {
        return Error(errors::meter_state_by_work,
                     {{"state", std::string(metering::to_text(wanted))}});
    }
    return storage::with_retries([&]() -> Result<metering::StateChange> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        const StockState before = state_of(shop, meter.id);
        TRY_DONE(metering::check_transition(meter.serial, before, wanted));
        if (wanted == StockState::available) TRY_DONE(check_tests(shop, meter));
        metering::StateChange change{meter.id, 0, wanted, since, wish.why, office.actor().name, {}};
        const auto states = shop.states(meter.id);
        change.number = states.empty() ? 1 : states.back().number + 1;
        change.recorded_on = office.database().recorded_on();
        shop.add(std::vector<metering::StateChange>{change});
        record(office, meter_change,
               {0, subject_of(meter.serial), std::string(metering::to_text(before)),
                std::string(metering::to_text(wanted)), wish.why, 0});
        if (!wish.dry_run) transaction.commit();
        return change;
    });
}

Result<MeterTest> record_test(Office& office, const TestEntry& entry) {
    TRY_DONE(authorize(office, meter_change));
    return storage::with_retries([&]() -> Result<MeterTest> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        TRY(MeterTest test, made_test(office, shop, entry));
        shop.add(test);
        test.number = shop.tests(test.meter).back().number;
        test.recorded_on = office.database().recorded_on();
        record(office, meter_change,
               {0, subject_of(entry.serial), "",
                fmt::format("tested {}%, {}", test.average.to_string(),
                            metering::to_text(test.verdict)),
                "", 0});
        if (!entry.dry_run) transaction.commit();
        return test;
    });
}

Result<metering::SealEvent> record_seal(Office& office, const SealEntry& entry) {
    TRY_DONE(authorize(office, meter_change));
    if (!is_name(entry.seal, longest_serial)) {
        return wrong("seal", "1 to 32 letters, digits, '.', '-' or '_'");
    }
    const std::array<std::string_view, 4> events = {"applied", "removed", "broken", "missing"};
    if (std::find(events.begin(), events.end(), entry.event) == events.end()) {
        return wrong("event of a seal", "applied, removed, broken or missing");
    }
    TRY_DONE(check_word("reason", entry.why, longest_comment));
    TRY(const Date on, day_of(office, entry.on));
    TRY(const Meter meter, find_meter(office, entry.serial));
    return storage::with_retries([&]() -> Result<metering::SealEvent> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        metering::SealEvent event{meter.id, 0,         entry.seal,          entry.event,
                                  on,       entry.why, office.actor().name, {}};
        shop.add(event);
        event.number = shop.seals(meter.id).back().number;
        event.recorded_on = office.database().recorded_on();
        record(office, meter_change,
               {0, subject_of(meter.serial), "", fmt::format("seal {} {}", event.seal, event.event),
                entry.why, 0});
        if (!entry.dry_run) transaction.commit();
        return event;
    });
}

Result<metering::MeterComment> add_comment(Office& office, const CommentEntry& entry) {
    TRY_DONE(authorize(office, meter_comment));
    const std::string text(trimmed(entry.text));
    if (text.empty()) return Error(errors::note_empty, {});
    TRY_DONE(check_word("comment", text, longest_comment));
    const std::array<std::string_view, 5> kinds = {"location", "key", "dog", "hazard", "other"};
    if (std::find(kinds.begin(), kinds.end(), entry.kind) == kinds.end()) {
        return wrong("kind of comment", "location, key, dog, hazard or other");
    }
    TRY(const Date from, day_of(office, entry.from));
    TRY(const Meter meter, find_meter(office, entry.serial));
    return storage::with_retries([&]() -> Result<metering::MeterComment> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        metering::MeterComment comment;
        if (entry.at_point) {
            TRY(comment.point, point_of(office, shop, meter));
        } else {
            comment.meter = meter.id;
        }
        comment.kind = entry.kind;
        comment.text = text;
        comment.active = {from, end_of_time};
        comment.by = office.actor().name;
        comment.id = {
            id_from_key("meter comment",
                        fmt::format("{}|{}|{}|{}|{}|{}", comment.point.value, comment.meter.value,
                                    comment.by, office.clock().now(), comment.kind, comment.text))};
        comment.recorded_on = office.database().recorded_on();
        shop.put(comment);
        record(office, meter_comment,
               {0, subject_of(meter.serial), "", comment.kind + ": " + comment.text, "", 0});
        if (!entry.dry_run) transaction.commit();
        return comment;
    });
}

Result<service::ServiceCapacity> record_capacity(Office& office, const CapacityEntry& entry) {
    TRY_DONE(authorize(office, meter_change));
    if (entry.kind != "panel" && entry.kind != "transformer") {
        return wrong("kind of capacity", "panel or transformer");
    }
    // Whole watts, and no plant of a city: a slip of the comma is seen here.
    const std::int64_t scale = power_of_ten(std::max(0, 3 - entry.kw.scale()));
    if (entry.kw.scale() > 3 || entry.kw.units() <= 0 ||
        i128{entry.kw.units()} * scale > i128{most_watts}) {
        return wrong("kw", "kW over 0 to 100000, at most three places");
    }
    if (trimmed(entry.why).empty()) return Error(access::errors::reason_missing, {});
    TRY_DONE(check_word("reason", entry.why, longest_comment));
    TRY(const Date from, day_of(office, entry.from));
    TRY(const Meter meter, find_meter(office, entry.serial));
    return storage::with_retries([&]() -> Result<service::ServiceCapacity> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        service::ServiceCapacity capacity;
        TRY(capacity.point, point_of(office, shop, meter));
        capacity.kind = entry.kind;
        capacity.from = from;
        capacity.watts = entry.kw.units() * scale;
        capacity.why = entry.why;
        capacity.by = office.actor().name;
        capacity.recorded_on = office.database().recorded_on();
        storage::CapacityRows(office.database()).put(capacity);
        record(office, meter_change,
               {0, subject_of(meter.serial), "",
                fmt::format("{} carries {} kW from {}", capacity.kind, entry.kw.to_string(),
                            from.to_string()),
                entry.why, 0});
        if (!entry.dry_run) transaction.commit();
        return capacity;
    });
}

Result<metering::MeterComment> end_comment(Office& office, std::int64_t comment, Date on,
                                           const std::string& why, bool dry_run) {
    TRY_DONE(authorize(office, meter_comment));
    if (trimmed(why).empty()) return Error(access::errors::reason_missing, {});
    return storage::with_retries([&]() -> Result<metering::MeterComment> {
        storage::Transaction transaction(office.database(), office.business_date());
        MeterShopRows shop(office.database());
        auto found = shop.comment({comment});
        if (!found || found->active.until != end_of_time || on < found->active.from) {
            return Error(errors::comment_unknown, {{"comment", std::to_string(comment)}});
        }
        found->active.until = on;
        shop.put(*found);
        record(office, meter_comment,
               {0, fmt::format("meter comment:{}", comment), found->kind + ": " + found->text,
                "ended " + on.to_string(), why, 0});
        if (!dry_run) transaction.commit();
        return *found;
    });
}

}  // namespace watthour::app
