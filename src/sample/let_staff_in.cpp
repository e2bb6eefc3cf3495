// SPDX-License-Identifier: Apache-2.0
#include "sample/let_staff_in.hpp"

#include "access/password.hpp"
#include "app/sign_in.hpp"
#include "sample/errors.hpp"

namespace watthour::sample {

Result<StaffEntrance> let_staff_in(app::Office& office, bool again) {
    if (!office.utility().sample) return Error(errors::not_the_sample, {});
    StaffEntrance entrance;
    if (app::anybody_can_sign_in(office) && !again) return entrance;
    entrance.password = access::random_token().substr(0, 16);
    const access::User actor = office.actor();
    for (const auto& user : office.users().list(Instant{office.clock().now()})) {
        if (!user.active) continue;
        TRY(const auto link, app::make_link(office, user.name));
        TRY_DONE(app::set_password(office, link.token, entrance.password));
        office.act_as(actor);
        entrance.staff.push_back(user);
    }
    return entrance;
}

}  // namespace watthour::sample
