// SPDX-License-Identifier: Apache-2.0
#include "formats/guess_format.hpp"

#include "formats/guess_profile.hpp"
#include "formats/profile_reads.hpp"
#include "formats/test_files.hpp"
#include "formats/text_encoding.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

TEST(GuessFormat, EverySampleFileIsTakenForWhatItIs) {
    const std::pair<const char*, const char*> folders[] = {
        {"cmep", "cmep"},       {"greenbutton", "green-button"}, {"iec61968", "iec61968"},
        {"lockbox", "lockbox"}, {"multispeak", "multispeak"},    {"nacha", "nacha"},
        {"nem12", "nem12"},     {"handheld", "handheld"},
    };
    for (const auto& [folder, format] : folders) {
        std::size_t known = 0;
        const auto names = sample_names(folder);
        for (const std::string& name : names) {
            const std::string bytes = sample_text(name);
            const std::string found = guess_format(FileCharacters(bytes).text()).format;
            // A file damaged at its head may be unknown, never another.
            EXPECT_TRUE(found == format || found.empty()) << name << ": " << found;
            known += found == format ? 1U : 0U;
        }
        EXPECT_GE(known * 10, names.size() * 8) << folder;
    }
    EXPECT_EQ(guess_format(sample_text("csv-intervals/two_meters_in_turn.csv")).format,
              "csv-intervals");
    EXPECT_EQ(guess_format("").format, "");
    EXPECT_EQ(guess_format("Dear sir,\nthe reads are late.\n").format, "");
}

struct Odd {
    const char* file;
    const char* encoding;
    const char* sum;  // tests/formats/mapping/SOURCES.md
    int reads;
    const char* first_end;
};

TEST(GuessFormat, TextFilesOfOddFormsAreReadByWhatTheyHold) {
    // Local times are shown here as if the clock were that of UTC.
    const Odd odd[] = {
        {"mapping/semicolon_latin1_spanish.csv", "Latin-1", "30", 24, "2026-06-13T01:00:00Z"},
        {"mapping/utf16_us_dates_ending.csv", "UTF-16", "30", 24, "2026-06-12T01:00:00Z"},
        {"mapping/days_in_24_columns.csv", "UTF-8", "36", 48, "2026-06-14T01:00:00Z"},
    };
    for (const Odd& one : odd) {
        const std::string bytes = sample_text(one.file);
        const FormatGuess format = guess_format(FileCharacters(bytes).text());
        EXPECT_EQ(format.format, "csv-intervals") << one.file;
        EXPECT_TRUE(format.guessed_columns) << one.file;
        const ProfileGuess guess = guess_read_profile(bytes);
        ASSERT_TRUE(guess.usable) << one.file;
        EXPECT_EQ(guess.encoding, one.encoding) << one.file;
        const ReadsFile file = read_reads(bytes, guess.profile, {});
        EXPECT_TRUE(file.outcome.problems.empty()) << one.file;
        const json::object totals = totals_json(file);
        EXPECT_EQ(totals.at("sums_as_sent").as_object().at("KWH").as_string(), one.sum);
        EXPECT_EQ(totals.at("reads").as_int64(), one.reads) << one.file;
        EXPECT_EQ(totals.at("first_end").as_string(), one.first_end) << one.file;
    }
}

TEST(GuessFormat, ABadCellDoesNotHideItsColumn) {
    std::string bytes = sample_text("mapping/semicolon_latin1_spanish.csv");
    bytes.replace(bytes.find("1,25"), 4, "1,2x");
    bytes.replace(bytes.find("13/06/2026;20"), 10, "32/06/2026");
    const ProfileGuess guess = guess_read_profile(bytes);
    ASSERT_TRUE(guess.usable);
    EXPECT_EQ(guess.profile.date_formats, std::vector<std::string>{"D/M/YYYY"});
    // Line 8 is 06:00, line 22 is 20:00; the others have 30 - 1.25 - 2 = 26.75 kWh.
    const ReadsFile file = read_reads(bytes, guess.profile, {});
    EXPECT_TRUE(has_rule(file.outcome.problems, "reads.value", 8));
    EXPECT_TRUE(has_rule(file.outcome.problems, "reads.date", 22));
    EXPECT_EQ(totals_json(file).at("sums_as_sent").as_object().at("KWH").as_string(), "26.75");
}

TEST(GuessFormat, FilesOfOneSenderHaveOneFingerprint) {
    const std::string a = "Meter,Start,kWh\n1,2026-06-01 00:00,1\n1,2026-06-01 01:00,2\n";
    const std::string b = "METER;START;KWH\n2;2026-06-02 00:00;4\n";
    EXPECT_EQ(guess_read_profile(a).fingerprint, ",|METER|START|KWH");
    EXPECT_EQ(guess_read_profile(b).fingerprint, ";|METER|START|KWH");
    EXPECT_EQ(guess_read_profile("4711,2026-06-01 00:15,0.5\n").fingerprint,
              "#,|value|moment|value");
}

TEST(GuessFormat, CharactersOfEveryEncodingAreUtf8) {
    const std::string utf16 =
        std::string("\xFF\xFE", 2) + std::string("\xFA\0;\0\x3D\xD8\x00\xDE", 8);
    EXPECT_EQ(FileCharacters(utf16).text(), "\xC3\xBA;\xF0\x9F\x98\x80");
    EXPECT_EQ(FileCharacters("\xFA;\x80").text(), "\xC3\xBA;\xE2\x82\xAC");
    EXPECT_EQ(FileCharacters("\xEF\xBB\xBFxyz").text(), "xyz");
    // Half a pair of surrogates, and a file cut in a character.
    EXPECT_EQ(FileCharacters(std::string("\xFE\xFF\xD8\x3D\0a", 6)).text(),
              "\xEF\xBF\xBD"
              "a");
    EXPECT_EQ(detect_encoding("abc\xC3"), TextEncoding::utf_8);
}

}  // namespace
}  // namespace watthour::formats
