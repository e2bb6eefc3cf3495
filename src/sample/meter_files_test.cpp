// SPDX-License-Identifier: Apache-2.0
#include "sample/meter_files.hpp"

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "formats/cmep.hpp"
#include "formats/handheld.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>
#include <unistd.h>

namespace watthour::sample {
namespace {

constexpr Date business_date = Date::ymd(2026, 6, 15);

TimeZone pacific() { return TimeZone::load("America/Los_Angeles").value(); }

SampleUtility city(int accounts, std::int64_t seed) {
    return make_sample(tariff::valdoro(), pacific(), accounts, seed, business_date).value();
}

/// The files of a sample: name and bytes in order of import.
std::vector<std::pair<std::string, std::string>> files_of(const SampleUtility& utility) {
    const std::string folder =
        std::filesystem::temp_directory_path() / ("sample-test-" + std::to_string(::getpid()));
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& path : write_meter_files(utility, tariff::valdoro(), pacific(),
                                                     reads_begin, business_date, folder)) {
        files.emplace_back(std::filesystem::path(path).filename(), read_file(path).value());
    }
    std::filesystem::remove_all(folder);
    return files;
}

std::string digest_of(const SampleUtility& utility) {
    std::string all;
    for (const auto& [name, text] : files_of(utility)) all += name + text;
    return sha256_hex(all);
}

/// What the CMEP rows say: Wh by serial, and dial readings by serial and UTC time.
struct Heard {
    std::map<std::string, std::int64_t> interval_wh;
    std::map<std::string, std::vector<std::int64_t>> readings;
    int bad_rows = 0;
};

Heard hear(const std::vector<std::pair<std::string, std::string>>& files) {
    Heard heard;
    std::set<std::string> days;
    for (const auto& [name, text] : files) {
        if (!name.ends_with(".cmep")) continue;
        for (const std::string_view row : split_text(text, '\n')) {
            const auto fields = split_text(trimmed_right(row), ',');
            if (fields.size() < 15) continue;
            const auto count = static_cast<std::size_t>(parse_integer(fields[13]).value_or(0));
            const std::string serial(fields[7]);
            const bool intervals = fields[10] == "KWH";
            // A day sent again is counted once.
            const bool repeated =
                intervals && !days.insert(serial + "|" + std::string(fields[14])).second;
            if (fields.size() != 14 + 3 * count || repeated) {
                ++heard.bad_rows;
                continue;
            }
            for (std::size_t i = 0; i < count; ++i) {
                const std::string_view value = fields[14 + 3 * i + 2];
                if (intervals) {
                    heard.interval_wh[serial] += Energy::parse_kwh(value).value().wh();
                } else {
                    heard.readings[serial].push_back(parse_integer(value).value());
                }
            }
        }
    }
    return heard;
}

TEST(MeterFiles, TheSameSeedWritesTheSameBytes) {
    const std::string first = digest_of(city(60, 7));
    EXPECT_EQ(first, digest_of(city(60, 7)));
    EXPECT_NE(first, digest_of(city(60, 8)));
}

TEST(MeterFiles, OneFileAMonthThenOneADayThenOneAWalk) {
    const auto files = files_of(city(20, 1));
    ASSERT_EQ(files.size(), 13u + 14u + 13u);
    EXPECT_EQ(files[0].first, "cmep-2025-05.cmep");
    EXPECT_EQ(files[12].first, "cmep-2026-05.cmep");
    EXPECT_EQ(files[13].first, "cmep-2026-06-01.cmep");
    EXPECT_EQ(files[26].first, "cmep-2026-06-14.cmep");
    EXPECT_EQ(files[27].first, "handheld-90-01-2025-05-29.hup");
    EXPECT_EQ(files[39].first, "handheld-90-01-2026-05-29.hup");
    for (const auto& [name, text] : files) {
        EXPECT_TRUE(text.ends_with("\r\n")) << name;
    }
}

TEST(MeterFiles, OnlyTheRowThatIsCutOnPurposeIsBad) {
    for (const auto& [name, text] : files_of(city(60, 1))) {
        if (!name.ends_with(".cmep")) continue;
        const formats::CmepFile read = formats::read_cmep(text);
        const bool last = name == "cmep-2026-06-14.cmep";
        EXPECT_EQ(read.problems.size(), last ? 1u : 0u) << name;
        EXPECT_EQ(read.rejected.size(), last ? 1u : 0u) << name;
        EXPECT_TRUE(read.notes.empty()) << name << ": " << read.notes.front().message;
    }
}

TEST(MeterFiles, TheWalkReadsEveryOptOutOnEveryReadDate) {
    const SampleUtility utility = city(60, 1);
    const DayHours hours(pacific(), {reads_begin, business_date + 1});
    int walks = 0;
    for (const auto& [name, text] : files_of(utility)) {
        if (!name.ends_with(".hup")) continue;
        ++walks;
        const formats::HandheldFile read = formats::read_handheld(text);
        EXPECT_TRUE(read.problems.empty()) << read.problems.front().message;
        ASSERT_EQ(read.reads.size(), 2u);
        for (const formats::HandheldRead& one : read.reads) {
            const auto load = std::find_if(
                utility.loads.begin(), utility.loads.end(),
                [&](const ChannelLoad& candidate) { return candidate.serial == one.meter; });
            ASSERT_NE(load, utility.loads.end());
            EXPECT_TRUE(load->by_hand);
            EXPECT_EQ(one.route, "90-01");
            EXPECT_EQ(
                one.value,
                Decimal(dial_reading(*load, used_until(*load, one.date, hours), one.date), 0));
        }
    }
    EXPECT_EQ(walks, 13);
}

TEST(MeterFiles, WrittenIntervalsSumToTheLoadAndRegistersFollowIt) {
    const SampleUtility utility = city(100, 3);
    const Heard heard = hear(files_of(utility));
    EXPECT_EQ(heard.bad_rows, 2);  // the row sent again and the malformed one
    const DayHours hours(pacific(), {reads_begin, business_date + 1});
    int whole = 0;
    for (const ChannelLoad& load : utility.loads) {
        if (load.by_hand || !load.faults.empty() || load.active.until != end_of_time) continue;
        ++whole;
        const std::int64_t used = used_until(load, business_date, hours);
        if (!load.is_register()) {
            EXPECT_EQ(heard.interval_wh.at(load.serial), used) << load.serial;
            continue;
        }
        const auto& readings = heard.readings.at(load.serial);
        // Every midnight from the first through the business date, both in.
        EXPECT_EQ(readings.size(), static_cast<std::size_t>(business_date - load.active.from + 1));
        EXPECT_EQ(readings.front(), load.start_reading % 100000);
        EXPECT_EQ(readings.back(), (load.start_reading + used / (1000 * load.multiplier)) % 100000);
    }
    EXPECT_GT(whole, 80);
}

TEST(MeterFiles, RegisterAndIntervalsOfADemandMeterTellTheSameStory) {
    const SampleUtility utility = city(60, 2);
    const Heard heard = hear(files_of(utility));
    int compared = 0;
    for (const ChannelLoad& load : utility.loads) {
        if (load.interval_minutes != 15) continue;
        const auto& readings = heard.readings.at(load.serial);
        const std::int64_t by_register =
            (readings.back() - readings.front()) * load.multiplier * 1000;
        const std::int64_t by_interval = heard.interval_wh.at(load.serial);
        EXPECT_LE(by_register, by_interval);
        EXPECT_LT(by_interval - by_register, load.multiplier * 1000);
        ++compared;
    }
    EXPECT_GT(compared, 0);
}

TEST(MeterFiles, FaultsShowInTheReads) {
    const SampleUtility utility = city(100, 3);
    const Heard heard = hear(files_of(utility));
    std::map<std::string, std::string> account_of_kind;
    for (const auto& [kind, account] : utility.awkward) account_of_kind[kind] = account;
    const auto readings_of = [&](const std::string& kind) {
        for (const auto& agreement : utility.agreements) {
            if (customers::account_number(agreement.account) != account_of_kind.at(kind)) continue;
            for (const ChannelLoad& load : utility.loads) {
                if (load.point == agreement.service_point) return heard.readings.at(load.serial);
            }
        }
        return std::vector<std::int64_t>();
    };
    const auto steps_back = [](const std::vector<std::int64_t>& readings) {
        int steps = 0;
        for (std::size_t i = 1; i < readings.size(); ++i) steps += readings[i] < readings[i - 1];
        return steps;
    };
    const auto rolled = readings_of("register_rollover");
    EXPECT_EQ(steps_back(rolled), 1);
    EXPECT_LT(rolled.back(), 1500);
    EXPECT_EQ(steps_back(readings_of("register_misread")), 1);
    EXPECT_EQ(readings_of("silent").size(),
              static_cast<std::size_t>(Date::ymd(2026, 5, 20) - reads_begin + 1));
    EXPECT_EQ(readings_of("missing_read").size(),
              static_cast<std::size_t>(business_date - reads_begin));
    const auto idle = readings_of("zero_use");
    EXPECT_EQ(idle[idle.size() - 55], idle.back());
    EXPECT_LT(idle.front(), idle.back());
}

TEST(MeterFiles, AnExchangeIsContinuousOnBothSides) {
    const SampleUtility utility = city(100, 3);
    int exchanged = 0;
    for (const auto& installation : utility.installations) {
        if (installation.removal_read.empty()) continue;
        ++exchanged;
        const auto next = &installation + 1;
        EXPECT_EQ(next->active.from, installation.active.until);
        EXPECT_EQ(next->service_point, installation.service_point);
        EXPECT_EQ(next->set_read.size(), 5u);
        EXPECT_EQ(installation.active.until.month(), 5);
    }
    EXPECT_EQ(exchanged, 1);
}

}  // namespace
}  // namespace watthour::sample
