// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <random>

namespace watthour::formats {
namespace {

TEST(Handheld, UploadReadsEveryRegisterOfTheRoute) {
    const HandheldFile file = read_handheld(sample_text("handheld/route_of_six_registers.hup"));
    ASSERT_TRUE(file.problems.empty());
    ASSERT_EQ(file.reads.size(), 6U);
    EXPECT_EQ(file.counts, (HandheldCounts{2, 3, 5, 6}));
    const HandheldRead& first = file.reads[0];
    EXPECT_EQ(first.route, "01R0412");
    EXPECT_EQ(first.cycle, "04");
    EXPECT_EQ(first.account, "10000000019");
    EXPECT_EQ(first.meter, "M700100");
    EXPECT_EQ(first.reg, "KWH");
    EXPECT_EQ(first.reading, "04120");
    EXPECT_EQ(first.value, Decimal(4120, 0));
    EXPECT_EQ(first.date, Date::ymd(2026, 6, 9));
    EXPECT_EQ(first.second_of_day, 8 * 3600);
    EXPECT_EQ(first.reader, "R07");
    EXPECT_EQ(file.reads[1].reg, "KW");
    EXPECT_EQ(file.reads[1].reading, "044.53");
    EXPECT_TRUE(file.reads[2].reread);
    EXPECT_EQ(file.reads[2].failed_limit, 'H');
    EXPECT_EQ(file.reads[2].trouble_codes, std::vector<std::string>{"SC"});
    EXPECT_EQ(file.reads[3].skip_code, "DG");
    EXPECT_TRUE(file.reads[3].reading.empty());
}

TEST(Handheld, EachBadFileIsNamedAtItsLine) {
    const struct {
        const char* file;
        const char* rule;
        std::int64_t line;
        std::size_t rejected;
    } cases[] = {{"count_in_trailer_off", "handheld.count", 22, 0},
                 {"reading_not_numeric", "handheld.not_numeric", 6, 1},
                 {"reading_has_more_digits_than_dials", "handheld.reading_exceeds_dials", 6, 1},
                 {"read_on_february_30", "handheld.date", 6, 1},
                 {"unknown_record_type", "handheld.record_type", 6, 2},
                 {"two_reads_for_a_register", "handheld.two_reads", 7, 1},
                 {"record_of_125_characters", "handheld.record_length", 6, 1},
                 {"trailer_missing", "handheld.trailer_missing", 0, 0},
                 {"neither_reading_nor_skip_code", "handheld.reading_missing", 6, 1},
                 {"read_before_its_meter", "handheld.record_order", 5, 2},
                 {"cut_in_the_middle_of_a_line", "handheld.line_cut", 10, 1}};
    for (const auto& each : cases) {
        SCOPED_TRACE(each.file);
        const HandheldFile file =
            read_handheld(sample_text(std::string("handheld/") + each.file + ".hup"));
        EXPECT_TRUE(has_rule(file.problems, each.rule, each.line));
        EXPECT_EQ(file.rejected.size(), each.rejected);
    }
}

TEST(Handheld, ReadsBehindABadMeterAreNotGivenToTheMeterBefore) {
    std::string text = sample_text("handheld/route_of_six_registers.hup");
    const std::size_t at = text.find("M700102");
    text.replace(at, 7, "       ");
    const HandheldFile file = read_handheld(text);
    for (const HandheldRead& read : file.reads) EXPECT_NE(read.value, Decimal(4786, 0));
    EXPECT_EQ(file.reads.size(), 5U);
    EXPECT_EQ(file.rejected.size(), 2U);
}

TEST(Handheld, AnotherProfileMovesTheColumns) {
    std::string text(shipped_layout_text("mvrs-126"));
    const std::string was = R"({"name": "reader", "start": 71, "length": 6)";
    const std::size_t at = text.find(was);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, was.size(), R"({"name": "reader", "start": 115, "length": 6)");
    const auto layout = parse_layout(text, "site.json");
    ASSERT_TRUE(layout.has_value());
    const HandheldFile file = read_handheld(sample_text("handheld/route_of_six_registers.hup"));
    const std::string written = write_handheld(file, *layout);
    EXPECT_EQ(read_handheld(written, *layout).reads[0].reader, "R07");
    EXPECT_EQ(read_handheld(written).reads[0].reader, "");
}

HandheldFile random_file(std::mt19937& random, int reads) {
    const auto pick = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    HandheldFile file;
    file.created = Date::ymd(2026, 6, 9);
    for (int i = 0; i < reads; ++i) {
        HandheldRead& read = file.reads.emplace_back();
        read.cycle = "0" + std::to_string(1 + i / 200);
        read.route = "01R" + std::to_string(100 + i / 50);
        read.account = std::to_string(10'000'000'000 + i / 3);
        read.meter = "M" + std::to_string(i / 2);
        read.reg = i % 2 == 0 ? "KWH" : "KW";
        read.dials = 4 + pick(3);
        read.decimals = pick(3);
        read.date = Date::ymd(2026, 6, 1) + pick(30);
        read.second_of_day = pick(86'400);
        read.method = "KRPT"[pick(4)];
        read.tries = pick(5);
        read.reread = pick(2) == 0;
        read.reader = "R" + std::to_string(pick(100));
        if (pick(10) == 0) {
            read.skip_code = "DG";
            continue;
        }
        read.value = Decimal(pick(10'000), read.decimals);
        const auto digits = static_cast<std::size_t>(read.dials);
        read.reading = std::to_string(read.value.units());
        read.reading.insert(0, digits - std::min(digits, read.reading.size()), '0');
        if (read.decimals > 0) {
            read.reading.insert(digits - static_cast<std::size_t>(read.decimals), 1, '.');
        }
    }
    return file;
}

TEST(Handheld, WrittenFileReadsBackEqual) {
    constexpr unsigned seed = 77;
    std::mt19937 random(seed);
    for (int i = 0, files = random_files(40); i < files; ++i) {
        // The first has several cycles and routes.
        const HandheldFile file =
            random_file(random, i == 0 ? 400 : 1 + static_cast<int>(random() % 12));
        HandheldFile back = read_handheld(write_handheld(file));
        ASSERT_TRUE(back.problems.empty()) << back.problems[0].message;
        ASSERT_EQ(back.reads.size(), file.reads.size());
        for (std::size_t at = 0; at < back.reads.size(); ++at) {
            back.reads[at].line = 0;
            ASSERT_TRUE(back.reads[at] == file.reads[at])
                << "seed " << seed << " file " << i << " read " << at;
        }
    }
}

}  // namespace
}  // namespace watthour::formats
