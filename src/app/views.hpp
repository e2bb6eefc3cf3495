// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/role.hpp"
#include "app/import_file.hpp"
#include "app/office.hpp"
#include "base/json.hpp"
#include "worklist/told.hpp"

#include <string>

namespace watthour::app {

/// Things as commands and the API give them: money and quantities as text, dates as
/// year-month-day, what is not there as null. The same words everywhere.
[[nodiscard]] json::object to_json(const rating::ChargeLine& line);
[[nodiscard]] json::object to_json(const billing::Bill& bill);
[[nodiscard]] json::object to_json(const billing::BillSummary& bill);
/// Evidence and next step in the words of a language.
[[nodiscard]] json::object to_json(const worklist::WorkItem& item,
                                   Language language = Language::english);
[[nodiscard]] json::object to_json(const jobs::Job& job, const jobs::Progress& progress,
                                   std::int64_t now);
[[nodiscard]] json::object to_json(const audit::AuditEntry& entry);
[[nodiscard]] json::object to_json(const access::User& user);
[[nodiscard]] json::object to_json(const access::Approval& approval);
[[nodiscard]] json::object to_json(const access::RoleGrant& grant);
[[nodiscard]] json::object to_json(const access::Role& role);
[[nodiscard]] json::object to_json(const worklist::ReceivedFile& file);
/// What became of a file, by the name it was given with.
[[nodiscard]] json::object to_json(const std::string& path, const ImportOutcome& outcome,
                                   bool dry_run, const TimeZone& zone);
/// Why a bill differs from another, or from the one before it where `with` is empty; in "en", "es"
/// or, empty, the bill's own language. Errors: app.bill_unknown.
[[nodiscard]] Result<json::object> comparison_view(Office& office, const std::string& bill,
                                                   std::string with, const std::string& language);
/// An account with its balance, agreements, bills and payments.
[[nodiscard]] json::object account_view(Office& office, const customers::Account& account);

}  // namespace watthour::app
