// SPDX-License-Identifier: Apache-2.0
#include "app/office.hpp"

#include "access/role.hpp"
#include "app/errors.hpp"
#include "storage/sign_in_rows.hpp"
#include "storage/tariff_rows.hpp"

#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

namespace watthour::app {
namespace {

std::string key_path(const std::string& database_path) {
    if (const char* path = std::getenv("WATTHOUR_KEY_FILE"); path != nullptr && *path != '\0') {
        return path;
    }
    return database_path + ".key";
}

}  // namespace

std::string actor_name() {
    if (const char* name = std::getenv("WATTHOUR_USER"); name != nullptr && *name != '\0') {
        return name;
    }
    const passwd* user = ::getpwuid(::geteuid());
    return user != nullptr ? user->pw_name : "operator";
}

/// A rotation writes the new key beside the old one, seals, and only then takes its place. Where
/// it was cut off, the sealed fields say which key is in force.
Result<void> settle_keys(storage::Database& database, const std::string& path) {
    const std::string next = path + ".next";
    std::error_code ignored;
    if (!std::filesystem::exists(next, ignored)) return {};
    TRY(const audit::FieldKey fresh, audit::FieldKey::load(next));
    TRY(const audit::FieldKey old, audit::FieldKey::load(path));
    if (storage::AccountRows(database, old).opens_with(old)) {
        std::filesystem::remove(next, ignored);
    } else if (storage::AccountRows(database, fresh).opens_with(fresh)) {
        std::filesystem::rename(next, path, ignored);
    }
    return {};
}

Office::Office(std::unique_ptr<storage::Database> database, audit::FieldKey key, const Clock& clock)
    : database_(std::move(database)),
      key_(key),
      accounts_(*database_, key_),
      service_(*database_),
      meters_(*database_),
      bills_(*database_),
      journal_(*database_),
      payments_(*database_),
      work_(*database_),
      files_(*database_),
      users_(*database_),
      approvals_(*database_),
      audit_(*database_),
      jobs_(*database_),
      clock_(&clock),
      catalogue_(&tariff::valdoro()) {}

Result<std::unique_ptr<Office>> Office::open_empty(const std::string& url, const Clock& clock) {
    TRY(auto database, storage::Database::open(url, storage::OpenMode::create_or_open));
    // A key is made for a new database only: a fresh one would not open what an old one sealed.
    TRY(const std::string local, storage::local_path(url));
    const std::string path = key_path(local);
    const bool in_use = storage::ServiceRows(*database).utility().has_value();
    if (in_use) TRY_DONE(settle_keys(*database, path));
    TRY(const audit::FieldKey key,
        in_use ? audit::FieldKey::load(path) : audit::FieldKey::load_or_create(path));
    std::unique_ptr<Office> office(new Office(std::move(database), key, clock));
    if (in_use) TRY_DONE(office->reload());
    office->key_path_ = path;
    office->act_as(actor_name());
    return office;
}

Result<std::int64_t> Office::rotate_key() {
    const std::string next = key_path_ + ".next";
    TRY(const audit::FieldKey fresh, audit::FieldKey::load_or_create(next));
    storage::Transaction transaction(*database_, business_date());
    TRY(const std::int64_t accounts, accounts_.seal_anew(fresh));
    TRY(const std::int64_t factors, storage::SignInRows(*database_).seal_anew(key_, fresh));
    const std::int64_t count = accounts + factors;
    audit::AuditEntry entry;
    entry.subject = "key";
    entry.use_case = access::permissions::sensitive_rotate_key.slug;
    entry.after = std::to_string(count) + " fields sealed anew";
    entry.by = actor_.name;
    entry.changed_at = clock_->now();
    audit_.add(entry);
    transaction.commit();
    std::filesystem::rename(next, key_path_);
    key_ = fresh;
    return count;
}

access::User find_actor(storage::UserRows& users, const std::string& name, Instant now) {
    if (auto known = users.find(name, now)) return *std::move(known);
    access::User stranger;
    stranger.name = name;
    if (users.list(now).empty()) {
        for (const access::Role& role : access::all_roles()) stranger.roles.push_back(role.name);
    }
    return stranger;
}

void Office::act_as(const std::string& name) {
    actor_ = find_actor(users_, name, Instant{clock_->now()});
}

Result<std::unique_ptr<Office>> Office::open(const std::string& url, const Clock& clock) {
    TRY(const bool exists, storage::database_exists(url));
    if (!exists) {
        return Error(errors::utility_missing, {{"database", url}});
    }
    TRY(auto office, open_empty(url, clock));
    if (!office->zone_) return Error(errors::utility_missing, {{"database", url}});
    return office;
}

Result<void> Office::reload() {
    utility_ = *service_.utility();
    if (!zone_ || zone_->name() != utility_.time_zone) {
        TRY(zone_, TimeZone::load(utility_.time_zone));
    }
    // Tariffs that were adopted meanwhile hold from now on.
    storage::TariffRows tariffs(*database_);
    const auto in_force = tariffs.in_force();
    if (!in_force || *in_force == adopted_hash_) return {};
    const auto texts = tariffs.files(*in_force);
    std::vector<EmbeddedFile> files;
    for (const auto& [name, text] : texts) files.push_back({name, text});
    TRY(tariff::Catalogue adopted, tariff::load_catalogue(files));
    adopted_ = std::make_unique<const tariff::Catalogue>(std::move(adopted));
    adopted_hash_ = *in_force;
    catalogue_ = adopted_.get();
    return {};
}

std::string default_out_folder(const std::string& database_path) {
    const std::filesystem::path path(database_path);
    return (path.parent_path() / (path.stem().string() + "-files")).string();
}

}  // namespace watthour::app
