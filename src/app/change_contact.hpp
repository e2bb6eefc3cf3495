// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <string>

namespace watthour::app {

/// How an account is written to and called.
struct Contact {
    std::string name;  ///< as printed on the bill
    std::string language;
    std::string phone;
    std::string email;
    customers::MailingAddress mailing;
};

[[nodiscard]] json::object to_json(const Contact& contact);
/// Changes when any field does; of a record that is edited it is the version.
[[nodiscard]] std::string version_of(const Contact& contact);

/// Errors: app.account_unknown.
[[nodiscard]] Result<Contact> find_contact(Office& office, const std::string& account);

struct ContactChange {
    std::string account;
    Contact contact;
    std::string version;  ///< of the record that was edited
    std::string why;
    bool dry_run = false;
};

/// Replaces an account's contact, unless somebody changed it meanwhile. Every field that differs is
/// kept in the audit trail with what it was.
/// Errors: app.account_unknown, app.contact_changed with the fields that differ, app.contact_wrong,
/// access.reason_missing.
[[nodiscard]] Result<Contact> change_contact(Office& office, const ContactChange& change);

}  // namespace watthour::app
