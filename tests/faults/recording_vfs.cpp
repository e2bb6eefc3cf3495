// SPDX-License-Identifier: Apache-2.0
#include "recording_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <new>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace watthour::faults {
namespace {

/// SQLite allocates szOsFile bytes: this, and behind it the file of the real VFS.
struct alignas(16) ShimFile {
    sqlite3_file base;
    /// SQLite keeps the name alive until the file is closed; null for a nameless temporary file.
    const char* path;
};

sqlite3_vfs* real_vfs = nullptr;
RecordingVfs* shim = nullptr;

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<ShimFile*>(file) + 1);
}

const char* path_of(sqlite3_file* file) { return reinterpret_cast<ShimFile*>(file)->path; }

int close_file(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, size, offset);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    const int failure = shim->verdict(Call::write);
    // A disk that fills up takes the beginning of a write.
    const int taken = failure == SQLITE_FULL ? size / 2 : size;
    if (failure != SQLITE_OK && failure != SQLITE_FULL) return failure;
    const int done = real(file)->pMethods->xWrite(real(file), from, taken, offset);
    if (done != SQLITE_OK) return done;
    shim->note(Record::Kind::write, path_of(file), offset,
               {static_cast<const char*>(from), static_cast<std::size_t>(taken)});
    return failure;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    const int done = real(file)->pMethods->xTruncate(real(file), size);
    if (done == SQLITE_OK) shim->note(Record::Kind::truncate, path_of(file), size, {});
    return done;
}

int sync_file(sqlite3_file* file, int flags) {
    if (const int failure = shim->verdict(Call::sync); failure != SQLITE_OK) return failure;
    const int done = real(file)->pMethods->xSync(real(file), flags);
    if (done == SQLITE_OK) shim->note(Record::Kind::sync, path_of(file), 0, {});
    return done;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* held) {
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }

int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    if (const int failure = shim->verdict(Call::map); failure != SQLITE_OK) return failure;
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void shared_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }

int unmap_shared(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/// Version 2 has shared memory and no xFetch: every write passes by write_file.
const sqlite3_io_methods methods = {2,
                                    close_file,
                                    read_file,
                                    write_file,
                                    truncate_file,
                                    sync_file,
                                    file_size,
                                    lock_file,
                                    unlock_file,
                                    check_reserved_lock,
                                    control_file,
                                    sector_size,
                                    characteristics,
                                    map_shared,
                                    lock_shared,
                                    shared_barrier,
                                    unmap_shared,
                                    nullptr,
                                    nullptr};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    if (const int failure = shim->verdict(Call::open); failure != SQLITE_OK) return failure;
    int existed = 1;
    if (path != nullptr && (flags & SQLITE_OPEN_CREATE) != 0) {
        real_vfs->xAccess(real_vfs, path, SQLITE_ACCESS_EXISTS, &existed);
    }
    const int done = real_vfs->xOpen(real_vfs, path, real(file), flags, out_flags);
    if (real(file)->pMethods != nullptr) file->pMethods = &methods;
    reinterpret_cast<ShimFile*>(file)->path = path;
    if (done == SQLITE_OK && existed == 0) shim->note(Record::Kind::create, path, 0, {});
    return done;
}

int remove_file(sqlite3_vfs*, const char* path, int sync_folder) {
    const int done = real_vfs->xDelete(real_vfs, path, sync_folder);
    if (done == SQLITE_OK) shim->note(Record::Kind::remove, path, 0, {});
    return done;
}

}  // namespace

RecordingVfs& RecordingVfs::installed() {
    static RecordingVfs vfs;
    return vfs;
}

RecordingVfs::RecordingVfs() {
    real_vfs = sqlite3_vfs_find("unix");
    shim = this;
    // SQLite keeps the address; what is not replaced here takes no file and works as it is.
    static sqlite3_vfs recording = *real_vfs;
    recording.szOsFile = static_cast<int>(sizeof(ShimFile)) + real_vfs->szOsFile;
    recording.pNext = nullptr;
    recording.zName = "recording";
    recording.xOpen = open_file;
    recording.xDelete = remove_file;
    sqlite3_vfs_register(&recording, 1);
}

void RecordingVfs::start_recording() {
    log_.clear();
    recording_ = true;
}

std::vector<Record> RecordingVfs::stop_recording() {
    recording_ = false;
    return std::exchange(log_, {});
}

void RecordingVfs::arm(const Fault& fault) {
    fault_ = fault;
    calls_ = {};
    failures_ = 0;
    armed_ = true;
}

int RecordingVfs::verdict(Call call) {
    if (!armed_ || call != fault_.call) return SQLITE_OK;
    const int number = ++calls_[static_cast<std::size_t>(call)];
    const bool fails = fault_.lasting ? number >= fault_.at : number == fault_.at;
    if (!fails) return SQLITE_OK;
    ++failures_;
    return fault_.code;
}

void RecordingVfs::note(Record::Kind kind, const char* path, std::int64_t offset,
                        std::string_view bytes) {
    if (!recording_ || path == nullptr) return;
    log_.push_back({kind, path, offset, std::string(bytes)});
}

ScratchFolder::ScratchFolder(const std::string& name) {
    static std::atomic<int> count{0};
    std::error_code none;
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory =
        std::filesystem::is_directory(memory, none) && ::access(memory.c_str(), W_OK) == 0;
    path_ = (in_memory ? memory : std::filesystem::temp_directory_path()) /
            ("watthour-" + name + "." + std::to_string(::getpid()) + "." + std::to_string(++count));
    std::filesystem::create_directories(path_);
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void ScratchFolder::clear() const {
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
        std::filesystem::remove(entry.path());
    }
}

}  // namespace watthour::faults
