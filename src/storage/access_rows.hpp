// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/approval.hpp"
#include "access/user.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// access::UserStore over users, role_grants and role_revocations.
class UserRows final : public access::UserStore {
public:
    explicit UserRows(Database& database) : database_(database) {}
    void hold() override;
    bool add(const access::User& user, const access::ChangedBy& by) override;
    std::optional<access::User> find(const std::string& name, Instant at) override;
    std::vector<access::User> list(Instant at) override;
    bool set_active(access::UserId user, bool active, const access::ChangedBy& by) override;
    bool grant(const access::RoleGrant& grant) override;
    bool revoke(access::UserId user, const std::string& role, const access::ChangedBy& by) override;
    std::vector<access::RoleGrant> grants(access::UserId user) override;

private:
    Database& database_;
};

/// access::ApprovalStore over approvals.
class ApprovalRows final : public access::ApprovalStore {
public:
    explicit ApprovalRows(Database& database) : database_(database) {}
    access::ApprovalId request(const access::Approval& approval) override;
    std::optional<access::Approval> find(access::ApprovalId id) override;
    std::vector<access::Approval> open() override;
    bool decide(const access::Approval& approval) override;

private:
    Database& database_;
};

}  // namespace watthour::storage
