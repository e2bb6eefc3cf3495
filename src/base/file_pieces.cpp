// SPDX-License-Identifier: Apache-2.0
#include "base/file_pieces.hpp"

#include "base/check.hpp"
#include "base/errors.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace watthour {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
    throw EnvironmentError(static_cast<int>(ExitCode::io),
                           "Cannot read " + path + ": " + std::strerror(error));
}

}  // namespace

Result<FilePieces> FilePieces::open(const std::string& path, std::size_t piece_bytes) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return Error(errors::file_missing, {{"file", path}});
        }
        fail(path, errno);
    }
    FilePieces pieces(descriptor, path, piece_bytes);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) fail(path, errno);
    if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
    return pieces;
}

FilePieces::FilePieces(int descriptor, std::string path, std::size_t piece_bytes)
    : descriptor_(descriptor), path_(std::move(path)), piece_bytes_(piece_bytes) {}

FilePieces::FilePieces(FilePieces&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      piece_bytes_(other.piece_bytes_),
      buffer_(std::move(other.buffer_)),
      given_(other.given_),
      lines_before_(other.lines_before_),
      lines_given_(other.lines_given_),
      at_end_(other.at_end_) {}

FilePieces::~FilePieces() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool FilePieces::next(std::string_view& piece) {
    buffer_.erase(0, given_);
    lines_before_ += lines_given_;
    given_ = 0;
    lines_given_ = 0;
    while (!at_end_ && buffer_.size() < piece_bytes_) {
        const std::size_t had = buffer_.size();
        buffer_.resize(piece_bytes_);
        const ssize_t got = ::read(descriptor_, buffer_.data() + had, piece_bytes_ - had);
        if (got < 0) fail(path_, errno);
        buffer_.resize(had + static_cast<std::size_t>(got));
        at_end_ = got == 0;
    }
    if (buffer_.empty()) return false;
    given_ = buffer_.size();
    if (!at_end_) {
        const std::size_t line_end = buffer_.rfind('\n');
        if (line_end != std::string::npos) given_ = line_end + 1;
    }
    piece = std::string_view(buffer_).substr(0, given_);
    lines_given_ = std::count(piece.begin(), piece.end(), '\n');
    return true;
}

}  // namespace watthour
