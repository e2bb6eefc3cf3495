// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "customers/account.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::service {

using PremiseId = Id<struct PremiseTag>;
using ServicePointId = Id<struct ServicePointTag>;
using AgreementId = Id<struct AgreementTag>;

/// The served place with its address.
struct Premise {
    PremiseId id;
    std::string street;
    std::string unit;
    std::string city;
    std::string state;
    std::string zip;
    std::string tax_district;
};

/// Where supply enters and a meter sits, with its place on a route on the day that was asked for.
struct ServicePoint {
    ServicePointId id;
    PremiseId premise;
    std::string cycle;
    std::string route;
    int sequence = 0;
    std::string reading;  ///< "ami", "manual" or "opt_out": by hand because the customer wants it
};

/// A dated code in force on an agreement: a discount (EAP) or a tax exemption (GOVERNMENT).
struct AgreementProgram {
    std::string code;
    std::string kind;  ///< "discount" or "exemption"
    DateRange active;
};

/// Right and duty of one customer at one service point on one schedule.
struct ServiceAgreement {
    customers::AccountId account;
    AgreementId id;
    ServicePointId service_point;
    std::string schedule;
    std::string option;
    std::string phase;
    DateRange active;  ///< until = end_of_time while it runs
    std::vector<AgreementProgram> programs;
};

/// An agreement together with the point and premise it serves.
struct ServedAgreement {
    ServiceAgreement agreement;
    ServicePoint point;
    Premise premise;
};

struct UtilityRecord {
    std::string name;
    std::string time_zone;
    std::string currency;
    Date business_date;
    std::int64_t seed = 0;
    std::string catalogue_hash;
    bool sample = false;
};

/// Facts as they are known now: nothing is recorded later, and what holds is not superseded.
inline constexpr Date now_known = end_of_time - 1;

class ServiceStore {
public:
    virtual ~ServiceStore() = default;
    virtual void create_utility(const UtilityRecord& utility) = 0;
    [[nodiscard]] virtual std::optional<UtilityRecord> utility() = 0;
    virtual void add(const std::vector<Premise>& premises, const std::vector<ServicePoint>& points,
                     const std::vector<ServiceAgreement>& agreements) = 0;
    /// Agreements of the points of a cycle that were in force on any day of the range, of
    /// accounts of a range, in order of account and start. The points are those that belong to the
    /// cycle on a day; without one, on the business date.
    [[nodiscard]] virtual std::vector<ServedAgreement> agreements_of_cycle(
        const std::string& cycle, DateRange days, customers::AccountRange accounts) = 0;
    [[nodiscard]] virtual std::vector<ServedAgreement> agreements_of_cycle(
        const std::string& cycle, Date on, DateRange days, customers::AccountRange accounts) = 0;
    /// Their accounts alone, in order.
    [[nodiscard]] virtual std::vector<customers::AccountId> accounts_of_cycle(
        const std::string& cycle, Date on, DateRange days) = 0;
    /// As they were known at the end of a business date; where the points stand now.
    [[nodiscard]] virtual std::vector<ServedAgreement> agreements_of_account(
        customers::AccountId account, Date known_on) = 0;
    /// Begins a program or corrects the one of the same code and first day; what was known of it
    /// before stays as a version that is superseded. Inside a transaction with a date.
    virtual void put_program(const ServiceAgreement& agreement,
                             const AgreementProgram& program) = 0;
    /// Points of any cycle, with or without an agreement, where they stand on the business date or
    /// on a day.
    [[nodiscard]] virtual std::vector<ServicePoint> points() = 0;
    [[nodiscard]] virtual std::vector<ServicePoint> points(Date on) = 0;
};

}  // namespace watthour::service
