// SPDX-License-Identifier: Apache-2.0
#include "app/authorize.hpp"

#include "access/errors.hpp"
#include "access/grant_request.hpp"
#include "access/role.hpp"
#include "app/adopt_tariff.hpp"
#include "app/audit_trail.hpp"
#include "app/correct_meter.hpp"
#include "app/decide_reads.hpp"
#include "app/enter_reads.hpp"
#include "app/errors.hpp"
#include "app/head_end.hpp"
#include "app/post_payments.hpp"
#include "app/reroute.hpp"
#include "base/json.hpp"

#include <functional>

namespace watthour::app {
namespace {

using access::Approval;

Result<json::object> parameters_of(const Approval& approval) {
    TRY(const json::value value, parse_json(approval.parameters, "approval"));
    if (!value.is_object()) {
        return Error(access::errors::request_malformed, {{"why", "it is no object"}});
    }
    return value.as_object();
}

std::string text_of(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<void> carry_out_resolution(Office& office, const Approval& approval) {
    TRY(const json::object asked, parameters_of(approval));
    ItemsDecision decision{{}, text_of(asked, "as"), text_of(asked, "why"), approval.maker};
    const json::value* items = asked.if_contains("items");
    if (items == nullptr || !items->is_array()) {
        return Error(access::errors::request_malformed, {{"why", "it names no items"}});
    }
    for (const json::value& item : items->as_array()) decision.items.push_back(item.as_int64());
    resolve_items(office, decision);
    return {};
}

Result<void> carry_out_payment(Office& office, const Approval& approval) {
    TRY(const json::object asked, parameters_of(approval));
    CounterPayment payment;
    payment.account = text_of(asked, "account");
    payment.tender = text_of(asked, "tender");
    payment.receipt = text_of(asked, "receipt");
    TRY(payment.amount, Money::parse(text_of(asked, "amount")));
    TRY(payment.date, Date::parse(text_of(asked, "date")));
    const auto receipt = post_counter_payment(office, payment);
    // Approved before and cut off before it was noted: the receipt is the key, it is done.
    if (!receipt && !receipt.error().is(errors::payment_reference_taken)) return receipt.error();
    return {};
}

Result<void> carry_out_role_grant(Office& office, const Approval& approval) {
    storage::Transaction transaction(office.database(), office.business_date());
    const auto granted = access::carry_out_grant(office.users(), approval, {office.clock().now()});
    if (!granted && !granted.error().is(access::errors::role_held)) return granted.error();
    TRY(const auto request, access::parse_grant_request(approval.parameters));
    record(
        office, access::permissions::user_grant,
        {0, "user:" + request.user, "", "role " + request.role, approval.why, approval.id.value});
    transaction.commit();
    return {};
}

Result<void> carry_out_adoption(Office& office, const Approval& approval) {
    TRY(const json::object asked, parameters_of(approval));
    return adopt_tariffs(office, text_of(asked, "set"), approval.why, approval.id.value);
}

Result<void> carry_out_reads_decision(Office& office, const Approval& approval) {
    TRY(const json::object asked, parameters_of(approval));
    const auto carry_out = text_of(asked, "what") == "enter" ? carry_out_entry : carry_out_reads;
    return carry_out(office, approval.parameters, approval.maker, approval.id.value);
}

Result<void> carry_out_move(Office& office, const Approval& approval) {
    return carry_out_reroute(office, approval.parameters, approval.maker, approval.id.value);
}

Result<void> carry_out_switch(Office& office, const Approval& approval) {
    return carry_out_disconnect(office, approval.parameters, approval.maker, approval.id.value);
}

Result<void> carry_out_meter_correction(Office& office, const Approval& approval) {
    return carry_out_correction(office, approval.parameters, approval.id.value);
}

struct CarriedOut {
    access::Permission permission;
    Result<void> (*carry_out)(Office&, const Approval&);
};

constexpr CarriedOut use_cases[] = {
    {access::permissions::work_resolve, carry_out_resolution},
    {access::permissions::payment_post, carry_out_payment},
    {access::permissions::user_grant, carry_out_role_grant},
    {access::permissions::tariff_adopt, carry_out_adoption},
    {access::permissions::read_decide, carry_out_reads_decision},
    {access::permissions::meter_disconnect, carry_out_switch},
    {access::permissions::meter_correct, carry_out_meter_correction},
    {access::permissions::route_move_many, carry_out_move},
};

}  // namespace

Result<void> authorize(const Office& office, const access::Permission& permission) {
    const auto decision = access::decide(office.actor(), permission, std::nullopt);
    if (decision.refusal) return *decision.refusal;
    return {};
}

Result<void> authorize(const std::string& url, const Clock& clock,
                       const access::Permission& permission) {
    TRY(const auto database, storage::Database::open(url, storage::OpenMode::existing));
    storage::UserRows users(*database);
    const auto actor = find_actor(users, actor_name(), Instant{clock.now()});
    const auto decision = access::decide(actor, permission, std::nullopt);
    if (decision.refusal) return *decision.refusal;
    return {};
}

Result<void> authorize(Office& office, const access::Permission& permission,
                       const Request& request) {
    const auto decision = access::decide(office.actor(), permission, request.amount);
    if (decision.refusal) return *decision.refusal;
    if (decision.verdict == access::Verdict::allowed) return {};
    const Instant now{office.clock().now()};
    Approval approval;
    approval.account = request.account;
    approval.use_case = permission.slug;
    approval.parameters = request.parameters;
    approval.amount = request.amount;
    approval.maker = office.actor().name;
    approval.why = request.why;
    approval.requested_at = now;
    storage::Transaction transaction(office.database(), office.business_date());
    const auto id = office.approvals().request(approval);
    transaction.commit();
    return access::waits_for(id, access::who_may_check(office.users().list(now), office.actor(),
                                                       permission, request.amount));
}

Result<Approval> decide_approval(Office& office, access::ApprovalId id, Verdict verdict,
                                 const std::string& why) {
    const Instant now{office.clock().now()};
    auto approval = office.approvals().find(id);
    if (!approval) {
        return Error(access::errors::approval_unknown, {{"approval", std::to_string(id.value)}});
    }
    const Error decided(access::errors::approval_decided, {{"approval", std::to_string(id.value)},
                                                           {"state", approval->state},
                                                           {"who", approval->checker}});
    if (approval->state != "open") return decided;
    const access::Permission* permission = access::find_permission(approval->use_case);
    const auto maker = office.users().find(approval->maker, now);
    if (permission == nullptr || !maker) {
        return Error(access::errors::user_unknown, {{"user", approval->maker}});
    }
    TRY_DONE(access::may_check(*maker, office.actor(), *permission, approval->amount));
    approval->checker = office.actor().name;
    approval->decided_at = now;
    approval->decided_why = why;
    approval->state = verdict == Verdict::approve ? "approved" : "declined";
    if (verdict == Verdict::approve) {
        for (const CarriedOut& one : use_cases) {
            if (one.permission == *permission) TRY_DONE(one.carry_out(office, *approval));
        }
    }
    storage::Transaction transaction(office.database(), office.business_date());
    if (!office.approvals().decide(*approval)) return decided;
    record(office, *permission,
           {approval->account, "approval:" + std::to_string(id.value),
            "asked by " + approval->maker, approval->state, why, id.value});
    transaction.commit();
    return *std::move(approval);
}

std::string to_parameters(const ItemsDecision& decision) {
    json::array items(decision.items.begin(), decision.items.end());
    return to_text(json::object{
        {"items", std::move(items)}, {"as", decision.resolution}, {"why", decision.why}});
}

void resolve_items(Office& office, const ItemsDecision& decision) {
    storage::Transaction transaction(office.database(), office.business_date());
    for (const std::int64_t id : decision.items) {
        auto item = office.work().find({id});
        if (!item || item->state == "resolved") continue;
        item->resolution = decision.resolution;
        item->resolved_why = decision.why;
        item->resolved_by = decision.by;
        item->resolved_on = office.business_date();
        office.work().resolve(*item);
        if (item->kind == "validation") accept_taken_out(office, *item, decision.by);
    }
    transaction.commit();
}

void add_first_users(Office& office, bool sample_staff) {
    struct First {
        std::string name;
        std::string full_name;
        std::vector<std::string> roles;
    };
    std::vector<std::string> every_role;
    for (const access::Role& role : access::all_roles()) every_role.push_back(role.name);
    std::vector<First> first = {{actor_name(), "who made the utility", every_role}};
    if (sample_staff) {
        first.insert(first.end(), {{"m.ortiz", "Marisol Ortiz", {"billing_technician"}},
                                   {"s.lee", "Sam Lee", {"billing_supervisor"}},
                                   {"f.gomez", "Fernanda Gomez", {"finance"}},
                                   {"c.diaz", "Carla Diaz", {"csr"}},
                                   {"k.brown", "Keith Brown", {"cashier"}},
                                   {"j.park", "Jin Park", {"meter_shop"}},
                                   {"a.reyes", "Alma Reyes", {"auditor"}}});
    }
    const Instant now{office.clock().now()};
    const access::ChangedBy by{actor_name(), "first users of the utility", now};
    for (const First& one : first) {
        const access::User user{access::user_id(one.name), one.name, one.full_name, true, {}};
        if (!office.users().add(user, by)) continue;
        for (const std::string& role : one.roles) {
            access::RoleGrant grant;
            grant.user = user.id;
            grant.role = role;
            grant.valid_from = now;
            grant.recorded_at = now;
            grant.granted_by = by.who;
            grant.why = by.why;
            (void)office.users().grant(grant);
        }
    }
}

}  // namespace watthour::app
