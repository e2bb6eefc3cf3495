// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>
#include <unistd.h>

namespace watthour::storage {

/// The engines that tests run on. PostgreSQL is the throw-away server of tests/postgres.sh, whose
/// address stands in a file; without it (a test run by hand) its half is skipped aloud.
enum class TestEngine { sqlite, postgresql };

inline std::string server_url() {
    const char* place = std::getenv("WATTHOUR_TEST_POSTGRES");
    std::ifstream file(place == nullptr ? WATTHOUR_TEST_POSTGRES_URL : place);
    std::string url;
    std::getline(file, url);
    return url;
}

/// The URL of a database that does not exist yet; empty when there is no server.
inline std::string fresh_database(TestEngine engine) {
    static std::atomic<int> count{0};
    const std::string name =
        "watthour_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    if (engine == TestEngine::postgresql) {
        const std::string server = server_url();
        return server.empty() ? std::string() : server + "/" + name;
    }
    const std::string path = testing::TempDir() + name + ".db";
    for (const char* suffix : {"", "-wal", "-shm", "-queue", ".key"}) {
        std::filesystem::remove(path + suffix);
    }
    return "sqlite:" + path;
}

inline constexpr Date test_day = Date::ymd(2026, 6, 15);

/// Does one piece of work in a transaction of its own and commits it.
template <class Work>
auto recorded(Database& database, Work&& work) {
    Transaction transaction(database, test_day);
    if constexpr (std::is_void_v<decltype(work())>) {
        work();
        transaction.commit();
    } else {
        auto answer = work();
        transaction.commit();
        return answer;
    }
}

}  // namespace watthour::storage
