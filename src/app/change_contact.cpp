// SPDX-License-Identifier: Apache-2.0
#include "app/change_contact.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "app/post_payments.hpp"
#include "app/search_index.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

Result<Contact> contact_of(Office& office, const customers::Account& account) {
    const auto person = office.accounts().person_of(account.id);
    return Contact{account.name, account.language, person.phone, person.email, account.mailing};
}

/// "phone, mailing_street": what two records do not share.
std::string differing(const json::object& a, const json::object& b) {
    std::string names;
    for (const auto& [name, value] : a) {
        if (b.at(name) == value) continue;
        if (!names.empty()) names += ", ";
        names += std::string_view(name);
    }
    return names;
}

Result<void> check(const Contact& contact) {
    const auto wrong = [](const char* field, const char* wanted) {
        return Error(errors::contact_wrong, {{"field", field}, {"wanted", wanted}});
    };
    if (trimmed(contact.name).empty()) return wrong("name", "a name of at most 80 characters");
    if (contact.name.size() > 80) return wrong("name", "a name of at most 80 characters");
    if (contact.language != "en" && contact.language != "es") return wrong("language", "en or es");
    if (trimmed(contact.mailing.street).empty()) return wrong("mailing_street", "a street");
    if (trimmed(contact.mailing.city).empty()) return wrong("mailing_city", "a city");
    if (contact.mailing.state.size() != 2) return wrong("mailing_state", "two letters");
    const std::string& zip = contact.mailing.zip;
    if (zip.find_first_not_of("0123456789-") != std::string::npos ||
        (zip.size() != 5 && zip.size() != 10)) {
        return wrong("mailing_zip", "five digits, or nine with a dash");
    }
    if (!contact.email.empty() && contact.email.find('@') == std::string::npos) {
        return wrong("email", "an address with @, or nothing");
    }
    return {};
}

}  // namespace

json::object to_json(const Contact& contact) {
    return {{"name", contact.name},
            {"language", contact.language},
            {"phone", contact.phone},
            {"email", contact.email},
            {"mailing_street", contact.mailing.street},
            {"mailing_city", contact.mailing.city},
            {"mailing_state", contact.mailing.state},
            {"mailing_zip", contact.mailing.zip}};
}

std::string version_of(const Contact& contact) {
    return sha256_hex(to_text(to_json(contact))).substr(0, 16);
}

Result<Contact> find_contact(Office& office, const std::string& account) {
    TRY(const auto found, find_account(office, account));
    return contact_of(office, found);
}

Result<Contact> change_contact(Office& office, const ContactChange& change) {
    if (trimmed(change.why).empty()) return Error(access::errors::reason_missing, {});
    TRY_DONE(check(change.contact));
    storage::Transaction transaction(office.database(), office.business_date());
    TRY(auto account, find_account(office, change.account));
    office.accounts().hold({account.id});
    TRY(const auto before, contact_of(office, account));
    const json::object then = to_json(before);
    const json::object now = to_json(change.contact);
    if (version_of(before) != change.version) {
        return Error(errors::contact_changed,
                     {{"account", change.account}, {"fields", differing(then, now)}});
    }
    for (const auto& [name, value] : now) {
        if (then.at(name) == value) continue;
        record(office, access::permissions::agreement_change,
               {account.id.value, "contact:" + std::string(name), to_text(then.at(name)),
                to_text(value), change.why, 0});
    }
    account.name = change.contact.name;
    account.language = change.contact.language;
    account.mailing = change.contact.mailing;
    office.accounts().change_contact(account, change.contact.phone, change.contact.email);
    if (!change.dry_run) {
        transaction.commit();
        search_again();
    }
    return change.contact;
}

}  // namespace watthour::app
