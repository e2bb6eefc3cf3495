// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/sealed_field.hpp"
#include "customers/account.hpp"
#include "service/service_agreement.hpp"
#include "storage/database.hpp"

#include <optional>

namespace watthour::storage {

/// customers::AccountStore over people, accounts and bank_mandates.
class AccountRows final : public customers::AccountStore {
public:
    AccountRows(Database& database, const audit::FieldKey& key) : database_(database), key_(key) {}
    void add(const std::vector<customers::Person>& people,
             const std::vector<customers::Account>& accounts,
             const std::vector<customers::BankMandate>& mandates) override;
    std::vector<customers::Account> accounts(const std::vector<customers::AccountId>& ids) override;
    std::vector<customers::AccountId> all_account_ids() override;
    std::vector<customers::BankMandate> mandates() override;
    std::vector<customers::AccountId> autopay_accounts() override;
    /// Seals every sensitive field anew under another key; inside a transaction. Returns how many.
    /// Errors: audit.seal_broken, where one does not open with the key of now.
    [[nodiscard]] Result<std::int64_t> seal_anew(const audit::FieldKey& key);
    /// Whether the sealed fields open with a key; true where there is none.
    [[nodiscard]] bool opens_with(const audit::FieldKey& key);
    void hold(const std::vector<customers::AccountId>& ids) override;
    void suspend_mandate(customers::AccountId account, Date on, const std::string& why) override;
    /// "active" or "suspended"; none without a mandate. Opens no sealed field.
    [[nodiscard]] std::optional<std::string> autopay_state(customers::AccountId account);
    /// Whose account it is; the account exists.
    [[nodiscard]] customers::Person person_of(customers::AccountId account);
    /// Name, language and mailing address of the account, phone and e-mail of its person. Inside a
    /// transaction that holds the account.
    void change_contact(const customers::Account& account, const std::string& phone,
                        const std::string& email);

private:
    Database& database_;
    const audit::FieldKey& key_;
};

/// service::ServiceStore over utility, premises, service_points, service_agreements and
/// agreement_programs.
class ServiceRows final : public service::ServiceStore {
public:
    explicit ServiceRows(Database& database) : database_(database) {}
    void create_utility(const service::UtilityRecord& utility) override;
    std::optional<service::UtilityRecord> utility() override;
    void add(const std::vector<service::Premise>& premises,
             const std::vector<service::ServicePoint>& points,
             const std::vector<service::ServiceAgreement>& agreements) override;
    std::vector<service::ServedAgreement> agreements_of_cycle(
        const std::string& cycle, DateRange days, customers::AccountRange accounts) override;
    std::vector<service::ServedAgreement> agreements_of_cycle(
        const std::string& cycle, Date on, DateRange days,
        customers::AccountRange accounts) override;
    std::vector<customers::AccountId> accounts_of_cycle(const std::string& cycle, Date on,
                                                        DateRange days) override;
    std::vector<service::ServedAgreement> agreements_of_account(customers::AccountId account,
                                                                Date known_on) override;
    void put_program(const service::ServiceAgreement& agreement,
                     const service::AgreementProgram& program) override;
    std::vector<service::ServicePoint> points() override;
    std::vector<service::ServicePoint> points(Date on) override;

private:
    [[nodiscard]] Date today();
    void add_programs(std::vector<service::ServedAgreement>& served, Date known_on);
    Database& database_;
};

}  // namespace watthour::storage
