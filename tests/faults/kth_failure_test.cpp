// SPDX-License-Identifier: Apache-2.0
// The k-th write, sync, open, shared map or allocation fails, once or from then on, for every k:
// the program says so, what was acknowledged is there, and the same work done again ends in the
// undisturbed books (quality bar C4, drill R4).
#include "ledger/journal_entry.hpp"
#include "recording_vfs.hpp"
#include "storage/audit_rows.hpp"
#include "storage/database.hpp"
#include "storage/money_rows.hpp"
#include "storage/table_copy.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <new>
#include <set>
#include <unistd.h>

namespace {

/// Allocations of this program and of SQLite fail together.
struct Memory {
    bool armed = false;
    bool lasting = false;
    std::int64_t at = 0;
    std::int64_t calls = 0;
    std::int64_t failures = 0;
    bool refuses() {
        if (!armed) return false;
        ++calls;
        if (calls != at && !(lasting && calls > at)) return false;
        ++failures;
        return true;
    }
};
Memory memory;
sqlite3_mem_methods real_memory;

void* sqlite_allocate(int size) { return memory.refuses() ? nullptr : real_memory.xMalloc(size); }
void* sqlite_resize(void* old, int size) {
    return memory.refuses() ? nullptr : real_memory.xRealloc(old, size);
}

void install_memory() {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods mine = real_memory;
    mine.xMalloc = sqlite_allocate;
    mine.xRealloc = sqlite_resize;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
}

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    if (memory.refuses()) throw std::bad_alloc();
    if (void* bytes = std::malloc(size == 0 ? 1 : size)) return bytes;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* bytes) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace watthour::faults {
namespace {

namespace fs = std::filesystem;
constexpr Date monday = Date::ymd(2026, 6, 15);
constexpr int postings_run = 6;

ledger::JournalEntry entry(int number) {
    ledger::JournalEntry e;
    e.account = 10000000000 + number * 7919 % 1000;
    e.source_kind = "payment";
    e.source_key = std::to_string(number);
    e.id = ledger::entry_id(e.source_kind, e.source_key);
    e.business_date = monday;
    for (int leg = 0; leg < 3; ++leg) {
        ledger::add_posting(e, ledger::gl::cash_clearing,
                            leg == 0   ? "1310"
                            : leg == 1 ? "4600"
                                       : "2330",
                            Money::minor(100 + number));
    }
    return e;
}

std::set<std::string> posted(storage::Database& database) {
    std::set<std::string> keys;
    auto select = database.prepare_text("SELECT source_key FROM journal_entries");
    while (select.step()) keys.insert(select.text(0));
    return keys;
}

/// Opens, posts what is not there yet, moves the log into the file, seals; says what it finished.
void work(const std::string& path, std::set<std::string>& acknowledged) {
    auto database = *storage::Database::open("sqlite:" + path, storage::OpenMode::existing);
    database->execute("PRAGMA wal_autocheckpoint=8");
    const auto there = posted(*database);
    for (int number = 0; number < postings_run; ++number) {
        const auto e = entry(number);
        if (!there.contains(e.source_key)) {
            storage::Transaction transaction(*database, monday);
            storage::JournalRows(*database).post({e});
            transaction.commit();
        }
        acknowledged.insert(e.source_key);
    }
    (void)storage::SealRows(*database).seal_through(monday);
    acknowledged.insert("sealed");
}

class KthFailure : public testing::Test {
protected:
    KthFailure() : folder_(testing::TempDir() + "kth_failure") {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        (void)RecordingVfs::installed();
        start_ = (folder_ / "start.db").string();
        {
            auto made =
                *storage::Database::open("sqlite:" + start_, storage::OpenMode::create_or_open);
        }
        std::set<std::string> all;
        copy(start_, file());
        work(file(), all);
        calm_ = dump();
    }
    [[nodiscard]] std::string file() const { return (folder_ / "work.db").string(); }
    static void copy(const std::string& from, const std::string& to) {
        for (const char* suffix : {"-wal", "-shm", "-queue"}) fs::remove(to + suffix);
        fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    }
    std::string dump() {
        auto database = *storage::Database::open("sqlite:" + file(), storage::OpenMode::existing);
        return storage::dump_tables(*database);
    }
    /// One round on a fresh copy; false when the work came to its end without a failure.
    template <class Arm, class Heal>
    bool round(const std::string& what, Arm&& arm, Heal&& heal) {
        copy(start_, file());
        std::set<std::string> acknowledged;
        bool thrown = false;
        arm();
        try {
            work(file(), acknowledged);
        } catch (const std::exception&) {
            thrown = true;
        }
        const auto failures = heal();
        EXPECT_TRUE(!thrown || failures > 0) << what << " stopped without a failure";
        {
            auto database =
                *storage::Database::open("sqlite:" + file(), storage::OpenMode::existing);
            const auto there = posted(*database);
            for (const std::string& key : acknowledged) {
                if (key != "sealed") {
                    EXPECT_TRUE(there.contains(key)) << what << " lost " << key;
                }
            }
            auto whole = database->prepare_text("PRAGMA integrity_check");
            EXPECT_TRUE(whole.step() && whole.text(0) == "ok") << what;
            auto halves = database->prepare_text(
                "SELECT count(*) FROM journal_entries e WHERE (SELECT count(*) FROM postings p "
                "WHERE p.account_id = e.account_id AND p.entry_id = e.entry_id) <> 3");
            EXPECT_TRUE(halves.step());
            EXPECT_EQ(halves.integer(0), 0) << what << " left half an entry";
        }
        work(file(), acknowledged);
        EXPECT_EQ(dump(), calm_) << what << " done again ends in other books";
        stopped_ += thrown ? 1 : 0;
        ++rounds_;
        return failures > 0;
    }
    fs::path folder_;
    std::string start_;
    std::string calm_;
    int rounds_ = 0;
    int stopped_ = 0;
};

TEST_F(KthFailure, OfTheDiskIsSaidAndHarmsNothing) {
    struct Kind {
        Call call;
        int code;
        const char* name;
    };
    RecordingVfs& vfs = RecordingVfs::installed();
    for (const Kind& kind :
         {Kind{Call::write, SQLITE_IOERR_WRITE, "write"}, Kind{Call::write, SQLITE_FULL, "full"},
          Kind{Call::sync, SQLITE_IOERR_FSYNC, "sync"}, Kind{Call::open, SQLITE_CANTOPEN, "open"},
          Kind{Call::map, SQLITE_IOERR_SHMMAP, "map"}}) {
        for (const bool lasting : {false, true}) {
            const int before = rounds_;
            for (int at = 1; at < 2000; ++at) {
                const std::string what =
                    std::string(kind.name) + (lasting ? " from " : " ") + std::to_string(at);
                const bool failed = round(
                    what, [&] { vfs.arm({kind.call, kind.code, at, lasting}); },
                    [&] {
                        vfs.heal();
                        return vfs.failures();
                    });
                if (!failed || HasFailure()) break;
            }
            EXPECT_GT(rounds_ - before, 1) << kind.name << " was never asked for";
        }
    }
    std::cout << rounds_ << " failures of the disk, " << stopped_ << " stopped the work\n";
}

TEST_F(KthFailure, OfAnAllocationIsSaidAndHarmsNothing) {
    for (const bool lasting : {false, true}) {
        // One in 37 of some 15,000, others by WATTHOUR_EVERY; each run begins at another.
        const char* given = std::getenv("WATTHOUR_EVERY");
        const std::int64_t every = given == nullptr ? 37 : std::max(1, std::atoi(given));
        for (std::int64_t at = 1 + ::getpid() % every; at < 100000; at += every) {
            const std::string what =
                (lasting ? "allocations from " : "allocation ") + std::to_string(at);
            const bool failed = round(
                what, [&] { memory = {true, lasting, at, 0, 0}; },
                [&] {
                    memory.armed = false;
                    return memory.failures;
                });
            if (!failed || HasFailure()) break;
        }
    }
    std::cout << rounds_ << " failed allocations, " << stopped_ << " stopped the work\n";
    EXPECT_GT(stopped_, 100);
}

}  // namespace
}  // namespace watthour::faults

int main(int argc, char** argv) {
    install_memory();
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
