// SPDX-License-Identifier: Apache-2.0
#include "stage.hpp"

#include "app/authorize.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace watthour::scenarios {
namespace fs = std::filesystem;
namespace {

std::string fresh_folder(const std::string& name) {
    static std::atomic<int> count{0};
    const std::string last = "watthour-" + fs::path(name).stem().string() + "-" +
                             std::to_string(getpid()) + "-" + std::to_string(++count);
    const fs::path folder = fs::temp_directory_path() / last;
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder.string();
}

}  // namespace

Stage::Stage(const std::string& name, std::string url)
    : folder_(fresh_folder(name)), url_(std::move(url)) {
    // The key of a database on a server would lie in the current folder.
    ::setenv("WATTHOUR_KEY_FILE", path_of("scenario.key").c_str(), 1);
    if (url_.empty()) url_ = "sqlite:" + path_of("scenario.db");
}

Stage::~Stage() {
    office_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    // A night seals; of a database on a server the anchors lie in the current folder.
    if (const auto path = storage::local_path(url_)) fs::remove(*path + ".anchors", ignored);
}

std::string Stage::path_of(const std::string& file) const {
    return (fs::path(folder_) / file).string();
}

app::Office& Stage::office() {
    if (!office_) {
        static const FixedClock clock(0);
        auto opened = app::Office::open_empty(url_, clock);
        if (!opened) throw NotUnderstood(opened.error().message());
        office_ = std::move(*opened);
        const auto& catalogue = office_->catalogue();
        service::UtilityRecord utility;
        utility.name = catalogue.utility.name;
        utility.time_zone = catalogue.utility.time_zone;
        utility.currency = catalogue.utility.currency;
        utility.business_date = today;
        utility.catalogue_hash = catalogue.content_hash;
        storage::Transaction transaction(office_->database(), today);
        office_->service().create_utility(utility);
        transaction.commit();
        const auto loaded = office_->reload();
        if (!loaded) throw NotUnderstood(loaded.error().message());
    }
    write_pending();
    return *office_;
}

std::unique_ptr<app::Office> Stage::another_office() {
    static const FixedClock clock(0);
    (void)office();
    auto opened = app::Office::open(url_, clock);
    if (!opened) throw NotUnderstood(opened.error().message());
    return std::move(*opened);
}

void Stage::write_pending() {
    if (pending_.is_empty()) return;
    const Pending now = std::move(pending_);
    pending_ = {};
    storage::Transaction transaction(office_->database(), today);
    office_->accounts().add(now.people, now.accounts, now.mandates);
    office_->service().add(now.premises, now.points, now.agreements);
    office_->meters().add(now.meters, now.channels, now.installations);
    transaction.commit();
}

std::int64_t Stage::rows() {
    auto& database = office().database();
    std::int64_t rows = 0;
    for (const std::string& table : database.tables()) {
        // Who looked is kept also where nothing is changed.
        if (table == "audit_entries") continue;
        auto count = database.prepare_text("SELECT COUNT(*) FROM " + table);
        if (count.step()) rows += count.integer(0);
    }
    return rows;
}

void Stage::before_step() { rows_before = rows(); }

Acting::Acting(app::Office& office, const std::string& name)
    : office_(office), before_(office.actor()) {
    storage::Transaction transaction(office.database(), office.business_date());
    app::add_first_users(office, true);
    transaction.commit();
    office.act_as(name);
}

}  // namespace watthour::scenarios
