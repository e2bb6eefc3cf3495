// SPDX-License-Identifier: Apache-2.0
#include "storage/account_rows.hpp"

#include "storage/dialect.hpp"

#include <fmt/format.h>

namespace watthour::storage {
namespace {

using customers::Account;
using customers::AccountId;
using customers::BankMandate;

const Query insert_person(
    "INSERT INTO people (person_id, name, language, phone, email) VALUES ($1, $2, $3, $4, $5)");
const Query insert_account(
    "INSERT INTO accounts (account_id, person_id, name, language, mailing_street, mailing_city, "
    "mailing_state, mailing_zip, opened_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const Query insert_mandate(
    "INSERT INTO bank_mandates (account_id, valid_from, routing, bank_account_sealed, kind) "
    "VALUES ($1, $2, $3, $4, $5)");
const Query select_accounts(
    "SELECT account_id, person_id, name, language, mailing_street, mailing_city, mailing_state, "
    "mailing_zip, opened_on FROM accounts WHERE account_id IN ${IDS} ORDER BY account_id");
const Query select_account_ids("SELECT account_id FROM accounts ORDER BY account_id");
const Query select_mandates(
    "SELECT m.account_id, m.routing, m.bank_account_sealed, m.kind, m.valid_from, "
    "EXISTS (SELECT 1 FROM mandate_suspensions s WHERE s.account_id = m.account_id "
    "AND s.suspended_on >= m.valid_from) FROM bank_mandates m ORDER BY m.account_id, m.valid_from");
const Query select_autopay_accounts(
    "SELECT m.account_id FROM bank_mandates m WHERE NOT EXISTS (SELECT 1 FROM mandate_suspensions "
    "s "
    "WHERE s.account_id = m.account_id AND s.suspended_on >= m.valid_from) "
    "ORDER BY m.account_id, m.valid_from");
const Query select_sealed(
    "SELECT account_id, valid_from, bank_account_sealed FROM bank_mandates "
    "ORDER BY account_id, valid_from");
const Query update_sealed(
    "UPDATE bank_mandates SET bank_account_sealed = $3 WHERE account_id = $1 AND valid_from = $2");
const Query select_one_sealed("SELECT account_id, bank_account_sealed FROM bank_mandates LIMIT 1");
// Rows on several machines cannot be held by a SELECT; an UPDATE that changes nothing holds them.
const Query touch_accounts("UPDATE accounts SET opened_on = opened_on WHERE account_id IN ${IDS}");
const Query hold_accounts(
    "SELECT account_id FROM accounts WHERE account_id IN ${IDS} ORDER BY account_id "
    "${FOR_UPDATE}");
const Query insert_suspension(
    "INSERT INTO mandate_suspensions (account_id, suspended_on, why) VALUES ($1, $2, $3) "
    "ON CONFLICT DO NOTHING");

const Query select_autopay_state(
    "SELECT EXISTS (SELECT 1 FROM mandate_suspensions s WHERE s.account_id = m.account_id "
    "AND s.suspended_on >= m.valid_from) FROM bank_mandates m WHERE m.account_id = $1 "
    "ORDER BY m.valid_from DESC LIMIT 1");
const Query select_person(
    "SELECT p.person_id, p.name, p.language, p.phone, p.email FROM accounts a "
    "JOIN people p ON p.person_id = a.person_id WHERE a.account_id = $1");
const Query update_account_contact(
    "UPDATE accounts SET name = $2, language = $3, mailing_street = $4, mailing_city = $5, "
    "mailing_state = $6, mailing_zip = $7 WHERE account_id = $1");
const Query update_person_contact("UPDATE people SET phone = $2, email = $3 WHERE person_id = $1");

std::string seal_context(AccountId account) {
    return fmt::format("bank_mandates|{}", account.value);
}

}  // namespace

void AccountRows::add(const std::vector<customers::Person>& people,
                      const std::vector<Account>& accounts,
                      const std::vector<BankMandate>& mandates) {
    Bulk person = database_.bulk(insert_person);
    for (const auto& p : people) {
        person.bind(1, p.id.value)
            .bind(2, p.name)
            .bind(3, p.language)
            .bind(4, p.phone)
            .bind(5, p.email)
            .run();
    }
    person.finish();
    Bulk account = database_.bulk(insert_account);
    for (const Account& a : accounts) {
        account.bind(1, a.id.value)
            .bind(2, a.person.value)
            .bind(3, a.name)
            .bind(4, a.language)
            .bind(5, a.mailing.street)
            .bind(6, a.mailing.city)
            .bind(7, a.mailing.state)
            .bind(8, a.mailing.zip)
            .bind(9, a.opened)
            .run();
    }
    account.finish();
    Bulk mandate = database_.bulk(insert_mandate);
    for (const BankMandate& m : mandates) {
        mandate.bind(1, m.account.value)
            .bind(2, m.from)
            .bind(3, m.routing)
            .bind_bytes(4, key_.seal(m.bank_account, seal_context(m.account)))
            .bind(5, m.kind)
            .run();
    }
    mandate.finish();
}

std::vector<Account> AccountRows::accounts(const std::vector<AccountId>& ids) {
    std::vector<Account> found;
    Statement select = database_.prepare(select_accounts);
    select.bind(1, id_list(ids));
    while (select.step()) {
        Account account;
        account.id = {select.integer(0)};
        account.person = {select.integer(1)};
        account.name = select.text(2);
        account.language = select.text(3);
        account.mailing = {select.text(4), select.text(5), select.text(6), select.text(7)};
        account.opened = select.date(8);
        found.push_back(std::move(account));
    }
    return found;
}

std::vector<AccountId> AccountRows::all_account_ids() {
    std::vector<AccountId> ids;
    Statement select = database_.prepare(select_account_ids);
    while (select.step()) ids.push_back({select.integer(0)});
    return ids;
}

std::vector<BankMandate> AccountRows::mandates() {
    std::vector<BankMandate> mandates;
    Statement select = database_.prepare(select_mandates);
    while (select.step()) {
        BankMandate mandate;
        mandate.account = {select.integer(0)};
        mandate.routing = select.text(1);
        auto opened = key_.open(select.bytes(2), seal_context(mandate.account));
        if (!opened) {
            throw EnvironmentError(
                static_cast<int>(opened.error().kind().exit),
                opened.error().message() + " Use the key file that belongs to the database");
        }
        mandate.bank_account = *std::move(opened);
        mandate.kind = select.text(3);
        mandate.from = select.date(4);
        mandate.state = select.integer(5) != 0 ? "suspended" : "active";
        mandates.push_back(std::move(mandate));
    }
    return mandates;
}

std::vector<AccountId> AccountRows::autopay_accounts() {
    std::vector<AccountId> accounts;
    Statement select = database_.prepare(select_autopay_accounts);
    while (select.step()) accounts.push_back({select.integer(0)});
    return accounts;
}

Result<std::int64_t> AccountRows::seal_anew(const audit::FieldKey& key) {
    Bulk update = database_.bulk(update_sealed);
    std::int64_t count = 0;
    std::optional<Error> broken;
    Statement select = database_.prepare(select_sealed);
    while (select.step() && !broken) {
        const AccountId account{select.integer(0)};
        const auto plain = key_.open(select.bytes(2), seal_context(account));
        if (!plain) {
            broken = plain.error();
            continue;
        }
        update.bind(1, account.value)
            .bind(2, select.text_view(1))
            .bind_bytes(3, key.seal(*plain, seal_context(account)))
            .run();
        ++count;
    }
    select.reset();
    update.finish();
    if (broken) return *broken;
    return count;
}

bool AccountRows::opens_with(const audit::FieldKey& key) {
    Statement select = database_.prepare(select_one_sealed);
    if (!select.step()) return true;
    return key.open(select.bytes(1), seal_context({select.integer(0)})).has_value();
}

void AccountRows::hold(const std::vector<AccountId>& ids) {
    if (database_.connection().is_spread()) {
        database_.prepare(touch_accounts).bind(1, id_list(ids)).run();
        return;
    }
    Statement select = database_.prepare(hold_accounts);
    select.bind(1, id_list(ids));
    while (select.step()) {
    }
}

void AccountRows::suspend_mandate(AccountId account, Date on, const std::string& why) {
    database_.prepare(insert_suspension).bind(1, account.value).bind(2, on).bind(3, why).run();
}

std::optional<std::string> AccountRows::autopay_state(AccountId account) {
    Statement select = database_.prepare(select_autopay_state);
    select.bind(1, account.value);
    if (!select.step()) return std::nullopt;
    return select.integer(0) != 0 ? "suspended" : "active";
}

customers::Person AccountRows::person_of(AccountId account) {
    customers::Person person;
    Statement select = database_.prepare(select_person);
    select.bind(1, account.value);
    if (select.step()) {
        person = {
            {select.integer(0)}, select.text(1), select.text(2), select.text(3), select.text(4)};
    }
    return person;
}

void AccountRows::change_contact(const Account& account, const std::string& phone,
                                 const std::string& email) {
    database_.prepare(update_account_contact)
        .bind(1, account.id.value)
        .bind(2, account.name)
        .bind(3, account.language)
        .bind(4, account.mailing.street)
        .bind(5, account.mailing.city)
        .bind(6, account.mailing.state)
        .bind(7, account.mailing.zip)
        .run();
    database_.prepare(update_person_contact)
        .bind(1, account.person.value)
        .bind(2, phone)
        .bind(3, email)
        .run();
}

}  // namespace watthour::storage
