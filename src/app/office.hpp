// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/user.hpp"
#include "audit/sealed_field.hpp"
#include "base/clock.hpp"
#include "calendar/time_zone.hpp"
#include "storage/access_rows.hpp"
#include "storage/account_rows.hpp"
#include "storage/audit_rows.hpp"
#include "storage/bill_rows.hpp"
#include "storage/database.hpp"
#include "storage/job_rows.hpp"
#include "storage/meter_rows.hpp"
#include "storage/money_rows.hpp"
#include "storage/work_rows.hpp"
#include "tariff/catalogue.hpp"

#include <memory>
#include <string>

namespace watthour::app {

class HeadEndLine;

/// An open database with everything a use case works on: the stores, the tariffs, the zone and
/// the business date. One per command or request.
class Office {
public:
    /// Opens a database that holds a utility.
    /// Errors: storage.*, app.utility_missing, calendar.zone_unknown, audit.key_malformed.
    [[nodiscard]] static Result<std::unique_ptr<Office>> open(const std::string& url,
                                                              const Clock& clock);
    /// Opens or makes a database that may still be empty.
    [[nodiscard]] static Result<std::unique_ptr<Office>> open_empty(const std::string& url,
                                                                    const Clock& clock);

    [[nodiscard]] storage::Database& database() { return *database_; }
    [[nodiscard]] storage::AccountRows& accounts() { return accounts_; }
    [[nodiscard]] storage::ServiceRows& service() { return service_; }
    [[nodiscard]] storage::MeterRows& meters() { return meters_; }
    [[nodiscard]] storage::BillRows& bills() { return bills_; }
    [[nodiscard]] storage::JournalRows& journal() { return journal_; }
    [[nodiscard]] storage::PaymentRows& payments() { return payments_; }
    [[nodiscard]] storage::WorkRows& work() { return work_; }
    [[nodiscard]] storage::FileRows& files() { return files_; }
    [[nodiscard]] storage::UserRows& users() { return users_; }
    [[nodiscard]] storage::ApprovalRows& approvals() { return approvals_; }
    [[nodiscard]] storage::JobRows& jobs() { return jobs_; }
    [[nodiscard]] storage::AuditRows& audit() { return audit_; }
    [[nodiscard]] const Clock& clock() const { return *clock_; }
    /// Who gives the command: WATTHOUR_USER, else the user of the operating system. One who is not
    /// in the utility's list has no role; where the list is empty, everything is allowed.
    [[nodiscard]] const access::User& actor() const { return actor_; }
    /// From now on acts in the name of another: a worker in that of who asked for the job.
    void act_as(const std::string& name);
    /// The same, of a user who was just read.
    void act_as(const access::User& user) { actor_ = user; }
    /// The line to head-ends; none where nobody brought one.
    [[nodiscard]] HeadEndLine* line() { return line_; }
    void use_line(HeadEndLine& line) { line_ = &line; }
    [[nodiscard]] const tariff::Catalogue& catalogue() const { return *catalogue_; }
    [[nodiscard]] const TimeZone& zone() const { return *zone_; }
    [[nodiscard]] const service::UtilityRecord& utility() const { return utility_; }
    /// The civil date that work is dated with: that of the utility, or of the clock when live.
    [[nodiscard]] Date business_date() const { return utility_.business_date; }
    /// Of the sealed fields.
    [[nodiscard]] const audit::FieldKey& key() const { return key_; }
    /// Seals every sensitive field under a new key and puts it in the place of the old one. Cut off
    /// at any moment, the next opening finds which of the two keys is in force.
    /// Errors: audit.seal_broken. Returns how many fields.
    [[nodiscard]] Result<std::int64_t> rotate_key();
    /// Reads the utility row again after it was created.
    [[nodiscard]] Result<void> reload();

private:
    Office(std::unique_ptr<storage::Database> database, audit::FieldKey key, const Clock& clock);
    std::unique_ptr<storage::Database> database_;
    std::string key_path_;
    audit::FieldKey key_;
    storage::AccountRows accounts_;
    storage::ServiceRows service_;
    storage::MeterRows meters_;
    storage::BillRows bills_;
    storage::JournalRows journal_;
    storage::PaymentRows payments_;
    storage::WorkRows work_;
    storage::FileRows files_;
    storage::UserRows users_;
    storage::ApprovalRows approvals_;
    storage::AuditRows audit_;
    storage::JobRows jobs_;
    const Clock* clock_;
    HeadEndLine* line_ = nullptr;
    access::User actor_;
    const tariff::Catalogue* catalogue_;  ///< the program's own, or that of `adopted_`
    std::string adopted_hash_;
    std::unique_ptr<const tariff::Catalogue> adopted_;
    std::optional<TimeZone> zone_;
    service::UtilityRecord utility_;
};

/// What is read within sees the office at one moment; nothing may be changed within.
class Moment {
public:
    explicit Moment(Office& office) : snapshot_(office.database()) {}

private:
    storage::Snapshot snapshot_;
};

/// A user by name. One who is not in the utility's list has no role; where the list is empty,
/// everything is allowed.
[[nodiscard]] access::User find_actor(storage::UserRows& users, const std::string& name,
                                      Instant now);

/// The name of whoever runs the program.
[[nodiscard]] std::string actor_name();

/// The folder for files that runs on a database make: beside it and named after it, so that two
/// databases never share one. watthour.db -> watthour-files.
[[nodiscard]] std::string default_out_folder(const std::string& database_path);

}  // namespace watthour::app
