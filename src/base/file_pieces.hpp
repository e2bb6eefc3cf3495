// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace watthour {

/// A file read in pieces of whole lines, so that its size does not matter.
class FilePieces {
public:
    static constexpr std::size_t usual_bytes = std::size_t{16} << 20U;

    /// Errors: base.file_missing; an unreadable file throws EnvironmentError.
    [[nodiscard]] static Result<FilePieces> open(const std::string& path,
                                                 std::size_t piece_bytes = usual_bytes);
    ~FilePieces();
    FilePieces(FilePieces&& other) noexcept;
    FilePieces(const FilePieces&) = delete;
    FilePieces& operator=(const FilePieces&) = delete;
    FilePieces& operator=(FilePieces&&) = delete;

    /// The next piece, valid until the next call; false at the end. Each ends with a line, but for
    /// the last, and but for a line longer than a piece, which is cut.
    [[nodiscard]] bool next(std::string_view& piece);
    /// Lines that end in the pieces before the last one given.
    [[nodiscard]] std::int64_t lines_before() const { return lines_before_; }

private:
    FilePieces(int descriptor, std::string path, std::size_t piece_bytes);

    int descriptor_;
    std::string path_;
    std::size_t piece_bytes_;
    std::string buffer_;
    std::size_t given_ = 0;  ///< of the buffer, by the last call
    std::int64_t lines_before_ = 0;
    std::int64_t lines_given_ = 0;
    bool at_end_ = false;
};

}  // namespace watthour
