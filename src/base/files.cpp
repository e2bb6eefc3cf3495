// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace watthour {
namespace {

constexpr int io_failure = static_cast<int>(ExitCode::io);

[[noreturn]] void fail(const char* what, const std::string& path, int error_number) {
    const char* next = error_number == ENOSPC || error_number == EDQUOT
                           ? "; make room and give the same command again"
                           : "";
    throw EnvironmentError(
        io_failure, fmt::format("{} {}: {}{}", what, path, std::strerror(error_number), next));
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

}  // namespace

Result<std::string> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return Error(errors::file_missing, {{"file", path}});
        }
        fail("Cannot read", path, errno);
    }
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) fail("Cannot read", path, errno);
    if (S_ISDIR(status.st_mode)) fail("Cannot read", path, EISDIR);
    std::string bytes;
    bytes.resize(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    for (;;) {
        if (filled == bytes.size()) bytes.resize(bytes.size() + 65536);
        const ssize_t got = ::read(file.number(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0) fail("Cannot read", path, errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

void write_file(const std::string& path, std::string_view bytes) {
    const std::filesystem::path target(path);
    std::error_code failure;
    if (target.has_parent_path()) {
        std::filesystem::create_directories(target.parent_path(), failure);
        if (failure) fail("Cannot make the folder of", path, failure.value());
    }
    const std::string temporary = fmt::format("{}.{}.part", path, ::getpid());
    {
        const Descriptor file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (file.number() < 0) fail("Cannot write", path, errno);
        std::size_t written = 0;
        while (written < bytes.size()) {
            const ssize_t put =
                ::write(file.number(), bytes.data() + written, bytes.size() - written);
            if (put < 0) {
                const int error_number = errno;
                ::unlink(temporary.c_str());
                fail("Cannot write", path, error_number);
            }
            written += static_cast<std::size_t>(put);
        }
        if (::fdatasync(file.number()) != 0) {
            const int error_number = errno;
            ::unlink(temporary.c_str());
            fail("Cannot write", path, error_number);
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("Cannot write", path, errno);
}

void keep_file(const std::string& path, std::string_view bytes) {
    write_file(path, bytes);
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0) fail("Cannot open the folder of", path, errno);
    // A file system that cannot sync a folder says EINVAL and keeps names by itself.
    if (::fsync(opened.number()) != 0 && errno != EINVAL) {
        fail("Cannot sync the folder of", path, errno);
    }
}

}  // namespace watthour
