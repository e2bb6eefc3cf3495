// SPDX-License-Identifier: Apache-2.0
#include "app/change_users.hpp"

#include "access/decide.hpp"
#include "access/errors.hpp"
#include "access/grant_request.hpp"
#include "access/role.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "base/text.hpp"

#include <functional>

namespace watthour::app {
namespace {

using access::ChangedBy;
using access::User;

/// Does one thing to one user, unless the utility would lose command of itself by it.
Result<User> change_user(
    Office& office, const UserChange& change,
    const std::function<Result<void>(const User& user, const ChangedBy& by)>& alter) {
    TRY_DONE(authorize(office, access::permissions::user_manage));
    if (trimmed(change.why).empty()) return Error(access::errors::reason_missing, {});
    const Instant now{office.clock().now()};
    storage::Transaction transaction(office.database(), office.business_date());
    office.users().hold();
    const auto user = office.users().find(change.user, now);
    if (!user) return Error(access::errors::user_unknown, {{"user", change.user}});
    const auto before = office.users().list(now);
    TRY_DONE(alter(*user, {office.actor().name, change.why, now}));
    TRY_DONE(access::stays_in_command(before, office.users().list(now), change.user));
    User changed = *office.users().find(change.user, now);
    record(office, access::permissions::user_manage,
           {0, "user:" + change.user, access::in_words(*user), access::in_words(changed),
            change.why, 0});
    if (!change.dry_run) transaction.commit();
    return changed;
}

/// Asks for the second person, who is told what for; answers with the number it waits under.
Error ask_second_person(Office& office, const access::GrantRequest& request,
                        const std::string& why) {
    const access::Permission& permission = access::permissions::user_grant;
    const Instant now{office.clock().now()};
    access::Approval approval;
    approval.use_case = permission.slug;
    approval.parameters = access::to_parameters(request);
    approval.maker = office.actor().name;
    approval.why = why;
    approval.requested_at = now;
    // Who gets the role cannot be the one who approves it.
    auto users = office.users().list(now);
    std::erase_if(users, [&](const auto& user) { return user.name == request.user; });
    return access::waits_for(
        office.approvals().request(approval),
        access::who_may_check(users, office.actor(), permission, std::nullopt));
}

}  // namespace

Result<AddedUser> add_user(Office& office, const UserChange& change, const std::string& full_name,
                           const std::string& role) {
    TRY_DONE(authorize(office, access::permissions::user_manage));
    if (!role.empty()) {
        TRY_DONE(authorize(office, access::permissions::user_grant));
    }
    TRY_DONE(access::check_user_name(change.user));
    if (!role.empty() && access::find_role(role) == nullptr) {
        return Error(access::errors::role_unknown,
                     {{"role", role}, {"known", access::names_of_roles()}});
    }
    AddedUser added{{access::user_id(change.user), change.user, full_name, true, {}}, {}};
    storage::Transaction transaction(office.database(), office.business_date());
    if (!office.users().add(added.user,
                            {office.actor().name, change.why, Instant{office.clock().now()}})) {
        return Error(access::errors::user_exists, {{"user", change.user}});
    }
    // The grant is asked for within the transaction, so that a dry run leaves no trace of either.
    if (!role.empty()) added.waits = ask_second_person(office, {change.user, role}, change.why);
    if (!change.dry_run) transaction.commit();
    return added;
}

Result<AddedUser> ask_for_role(Office& office, const UserChange& change, const std::string& role) {
    TRY_DONE(authorize(office, access::permissions::user_grant));
    if (trimmed(change.why).empty()) return Error(access::errors::reason_missing, {});
    const access::GrantRequest request{change.user, role};
    TRY(const User user,
        access::check_grant(office.users(), request, Instant{office.clock().now()}));
    AddedUser asked{user, {}};
    storage::Transaction transaction(office.database(), office.business_date());
    asked.waits = ask_second_person(office, request, change.why);
    if (!change.dry_run) transaction.commit();
    return asked;
}

Result<User> revoke_role(Office& office, const UserChange& change, const std::string& role) {
    return change_user(office, change, [&](const User& user, const ChangedBy& by) -> Result<void> {
        if (office.users().revoke(user.id, role, by)) return {};
        return Error(access::errors::role_not_held, {{"user", user.name}, {"role", role}});
    });
}

Result<User> disable_user(Office& office, const UserChange& change) {
    return change_user(office, change, [&](const User& user, const ChangedBy& by) -> Result<void> {
        if (office.users().set_active(user.id, false, by)) return {};
        return Error(access::errors::user_disabled, {{"user", user.name}});
    });
}

}  // namespace watthour::app
