// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::faults {

/// One thing that SQLite asked of the disk and that a power cut may undo.
struct Record {
    enum class Kind { create, write, truncate, sync, remove };
    Kind kind;
    std::string path;
    std::int64_t offset;  ///< of a write; the new size of a truncate
    std::string bytes;
};

/// Calls that can be made to fail; map is the shared memory of the write-ahead log.
enum class Call : std::size_t { write, sync, open, map };

struct Fault {
    Call call;
    int code;      ///< what SQLite is told, such as SQLITE_IOERR_WRITE
    int at;        ///< the first call that fails, counted from 1
    bool lasting;  ///< all later calls fail too
};

/// The default VFS of SQLite with a log and with faults. One thread at a time goes through it;
/// connections that are opened on "unix" by name pass it by.
class RecordingVfs {
public:
    /// Registered once for the whole program, as the default.
    static RecordingVfs& installed();

    void start_recording();
    [[nodiscard]] std::vector<Record> stop_recording();
    [[nodiscard]] std::size_t recorded() const { return log_.size(); }

    void arm(const Fault& fault);
    void heal() { armed_ = false; }
    /// Calls that failed since the last arm().
    [[nodiscard]] int failures() const { return failures_; }

    /// For the C functions of the VFS: SQLITE_OK, or the code that this call fails with.
    [[nodiscard]] int verdict(Call call);
    void note(Record::Kind kind, const char* path, std::int64_t offset, std::string_view bytes);

private:
    RecordingVfs();
    bool recording_ = false;
    bool armed_ = false;
    Fault fault_{};
    std::array<int, 4> calls_{};
    int failures_ = 0;
    std::vector<Record> log_;
};

/// A folder in memory where the machine has one, gone at the end.
class ScratchFolder {
public:
    explicit ScratchFolder(const std::string& name);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void clear() const;

private:
    std::filesystem::path path_;
};

}  // namespace watthour::faults
