// SPDX-License-Identifier: Apache-2.0
#include "base/file_pieces.hpp"

#include "base/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

namespace watthour {
namespace {

std::string kept(const std::string& text) {
    const auto path =
        std::filesystem::temp_directory_path() / ("pieces-" + std::to_string(::getpid()) + ".txt");
    write_file(path.string(), text);
    return path.string();
}

TEST(FilePieces, EndWithLinesAndCountThem) {
    auto pieces = FilePieces::open(kept("one\ntwo\nthree\nfour"), 9);
    ASSERT_TRUE(pieces);
    std::vector<std::string> seen;
    std::vector<std::int64_t> lines;
    for (std::string_view piece; pieces->next(piece);) {
        seen.emplace_back(piece);
        lines.push_back(pieces->lines_before());
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"one\ntwo\n", "three\n", "four"}));
    EXPECT_EQ(lines, (std::vector<std::int64_t>{0, 2, 3}));
}

TEST(FilePieces, CutALineThatIsLongerThanAPiece) {
    auto pieces = FilePieces::open(kept("0123456789\nx\n"), 4);
    std::string all;
    for (std::string_view piece; pieces->next(piece);) {
        EXPECT_LE(piece.size(), 4U);
        all += piece;
    }
    EXPECT_EQ(all, "0123456789\nx\n");
}

TEST(FilePieces, OfAnEmptyFileAreNone) {
    auto pieces = FilePieces::open(kept(""), 4);
    std::string_view piece;
    EXPECT_FALSE(pieces->next(piece));
    EXPECT_FALSE(FilePieces::open("no-such-file.txt"));
}

}  // namespace
}  // namespace watthour
