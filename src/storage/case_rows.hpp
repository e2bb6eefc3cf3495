// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "investigation/case_store.hpp"
#include "quantity/energy.hpp"
#include "service/service_agreement.hpp"
#include "storage/database.hpp"

#include <string>
#include <vector>

namespace watthour::storage {

/// A billed period of an agreement.
struct BilledUse {
    customers::AccountId account;
    service::AgreementId agreement;
    DateRange period;
    Energy delivered;
    std::string cycle;
    std::string bill;
};

/// What one meter contributed to a billed period.
struct BilledMeterUse {
    customers::AccountId account;
    service::AgreementId agreement;
    std::string serial;
    DateRange days;
    Energy energy;
    std::string multiplier;
};

/// investigation::CaseStore over cases, case_changes, case_evidence and case_proposals, and what
/// the detectors look at: the billed periods of all accounts.
class CaseRows final : public investigation::CaseStore {
public:
    explicit CaseRows(Database& database) : database_(database) {}
    [[nodiscard]] bool add(const investigation::Case& opened,
                           const std::vector<investigation::Evidence>& evidence) override;
    void add(const investigation::Case& of, const investigation::CaseChange& change) override;
    void add(const investigation::Case& of,
             const std::vector<investigation::Proposal>& proposals) override;
    std::optional<investigation::Case> find(investigation::CaseId id) override;
    std::vector<investigation::Case> list() override;
    std::vector<investigation::CaseChange> changes(const investigation::Case& of) override;
    std::vector<investigation::Evidence> evidence(const investigation::Case& of) override;
    std::vector<investigation::Proposal> proposals(const investigation::Case& of) override;

    /// Periods that end after a day, in order of account, agreement and period; of all, or of the
    /// bills of one cycle.
    [[nodiscard]] std::vector<BilledUse> billed_uses(Date after);
    [[nodiscard]] std::vector<BilledUse> billed_uses(Date after, const std::string& cycle);
    /// The premise of a point, whoever is served there.
    [[nodiscard]] std::optional<service::Premise> premise_of(service::ServicePointId point);
    /// What meters contributed to days that end after a day, in order of account, agreement and
    /// days; the parts of one meter and its days are one.
    [[nodiscard]] std::vector<BilledMeterUse> billed_meter_uses(Date after);

private:
    void fill_states(std::vector<investigation::Case>& cases);
    Database& database_;
};

}  // namespace watthour::storage
