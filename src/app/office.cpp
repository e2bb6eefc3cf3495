// SPDX-License-Identifier: Apache-2.0
#include "app/office.hpp"

#include "app/errors.hpp"

#include <cstdlib>
#include <filesystem>

namespace watthour::app {
namespace {

std::string key_path(const std::string& database_path) {
    if (const char* path = std::getenv("WATTHOUR_KEY_FILE"); path != nullptr && *path != '\0') {
        return path;
    }
    return database_path + ".key";
}

}  // namespace

Office::Office(std::unique_ptr<storage::Database> database, audit::FieldKey key)
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
      catalogue_(&tariff::valdoro()) {}

Result<std::unique_ptr<Office>> Office::open_empty(const std::string& url, const Clock&) {
    TRY(auto database, storage::Database::open(url, storage::OpenMode::create_or_open));
    // A key is made for a new database only: a fresh one would not open what an old one sealed.
    TRY(const std::string local, storage::local_path(url));
    const std::string path = key_path(local);
    const bool in_use = storage::ServiceRows(*database).utility().has_value();
    TRY(const audit::FieldKey key,
        in_use ? audit::FieldKey::load(path) : audit::FieldKey::load_or_create(path));
    std::unique_ptr<Office> office(new Office(std::move(database), key));
    if (in_use) TRY_DONE(office->reload());
    return office;
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
    TRY(zone_, TimeZone::load(utility_.time_zone));
    return {};
}

std::string default_out_folder(const std::string& database_path) {
    const std::filesystem::path path(database_path);
    return (path.parent_path() / (path.stem().string() + "-files")).string();
}

}  // namespace watthour::app
