// SPDX-License-Identifier: Apache-2.0
#include "app/change_users.hpp"

#include "access/decide.hpp"
#include "access/errors.hpp"
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

}  // namespace

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
