// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/api.hpp"
#include "api/route.hpp"
#include "app/sign_in.hpp"
#include "sample/create_sample.hpp"
#include "sample/live_through.hpp"
#include "storage/test_database.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace watthour::api_test {

inline constexpr std::int64_t start_of_test = 1'781'000'000;
inline constexpr const char* good_password = "correct horse battery";

inline std::string folder_of_test() {
    return testing::TempDir() + "watthour_api_test_" + std::to_string(::getpid());
}

/// A small city with history, made once for all tests of the program.
class Stage {
public:
    static Stage& shared() {
        static Stage stage;
        return stage;
    }
    [[nodiscard]] const std::string& url() const { return url_; }
    api::Response ask(api::Method method, const std::string& target, const std::string& token = {},
                      const std::string& body = {},
                      std::map<std::string, std::string> headers = {}) {
        api::Request request;
        request.method = method;
        if (!api::parse_target(target, request)) {
            api::Response malformed;
            malformed.status = 400;
            return malformed;
        }
        for (auto& [name, value] : headers) request.headers[name] = value;
        if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
        if (!body.empty()) request.headers.emplace("content-type", "application/json");
        request.body = body;
        return api_->handle(request);
    }
    /// The token of a user; the first time a password is set by a link.
    std::string token(const std::string& name) {
        auto& known = tokens_[name];
        if (!known.empty()) return known;
        const auto link = app::make_link(*office_, name);
        if (!link) throw std::logic_error("no user " + name);
        if (!app::set_password(*office_, link->token, good_password)) {
            throw std::logic_error("no password");
        }
        known = app::sign_in(*office_, name, good_password)->token;
        return known;
    }
    app::Office& office() { return *office_; }
    FixedClock& clock() { return clock_; }
    std::string first_account() {
        return customers::account_number(office_->accounts().all_account_ids().front());
    }
    std::string last_bill() {
        for (const auto id : office_->accounts().all_account_ids()) {
            const auto bills = office_->bills().of_account(id);
            if (!bills.empty()) return bills.back().number;
        }
        return {};
    }
    /// Rows of all tables but those of sign-in: a refused request adds none.
    std::int64_t rows() {
        std::int64_t rows = 0;
        for (const auto& table : office_->database().tables()) {
            if (table == "sessions" || table == "credentials") continue;
            auto count = office_->database().prepare_text("SELECT count(*) FROM " + table);
            if (count.step()) rows += count.integer(0);
        }
        return rows;
    }

private:
    Stage() {
        const std::string folder = folder_of_test();
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        ::setenv("WATTHOUR_KEY_FILE", (folder + "/office.key").c_str(), 1);
        // tests/CMakeLists.txt runs the program once for each engine.
        const char* engine = std::getenv("WATTHOUR_API_TEST_ENGINE");
        const bool postgresql = engine != nullptr && std::string(engine) == "postgresql";
        url_ = storage::fresh_database(postgresql ? storage::TestEngine::postgresql
                                                  : storage::TestEngine::sqlite);
        sample::CreateRequest request;
        request.database = url_;
        request.accounts = 60;
        request.out_folder = folder;
        if (!sample::create_sample(request, clock_)) throw std::logic_error("no city");
        office_ = *app::Office::open(url_, clock_);
        if (!sample::live_through(*office_, folder, Date::ymd(2025, 8, 1))) {
            throw std::logic_error("no history");
        }
        std::vector<worklist::WorkItem> items;
        for (const auto id : office_->accounts().all_account_ids()) {
            if (items.size() == 20) break;
            worklist::WorkItem item;
            item.account = id.value;
            item.kind = "billing_hold";
            item.cause = "test.use_doubled";
            item.subject = "2025-07";
            item.id = worklist::work_item_id(item.kind, item.account, item.subject);
            item.evidence = "twice the use of a year ago";
            item.next_step = "Look at the reads.";
            item.at_stake = Money::minor(1000 + static_cast<std::int64_t>(items.size()));
            item.opened_on = Date::ymd(2025, 7, 30);
            items.push_back(std::move(item));
        }
        storage::Transaction transaction(office_->database(), office_->business_date());
        office_->work().open(items);
        transaction.commit();
        api_ = std::make_unique<api::Api>(url_, clock_);
    }
    FixedClock clock_{start_of_test};
    std::string url_;
    std::unique_ptr<app::Office> office_;
    std::unique_ptr<api::Api> api_;
    std::map<std::string, std::string> tokens_;
};

}  // namespace watthour::api_test
