// SPDX-License-Identifier: Apache-2.0
#include "formats/usage_export.hpp"

#include "formats/green_button.hpp"
#include "formats/profile_reads.hpp"
#include "formats/test_files.hpp"
#include "formats/xml_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <libxml/xmlschemas.h>
#include <map>
#include <memory>
#include <random>
#include <set>

namespace watthour::formats {
namespace {

TimeZone zone_named(const char* name) {
    auto zone = TimeZone::load(name);
    EXPECT_TRUE(zone.has_value());
    return *zone;
}

TEST(GreenButtonWrite, RulesOfTheClockAreThoseOfTheZone) {
    const struct {
        const char* zone;
        std::uint32_t begins;
        std::uint32_t ends;
    } cases[] = {
        // Second Sunday of March 02:00 (the example of the format's page), first of November.
        {"America/Los_Angeles", 0x360E2000, 0xB40E2000},
        // Last Sunday of March 02:00 and of October 03:00.
        {"Europe/Berlin", 0x3E0E2000, 0xAE0E3000},
        {"America/Phoenix", 0xFFFFFFFF, 0xFFFFFFFF},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(each.zone);
        EXPECT_EQ(dst_rule(zone_named(each.zone), 2026, true), each.begins);
        EXPECT_EQ(dst_rule(zone_named(each.zone), 2026, false), each.ends);
    }
    // Of 2006 the rule held for that year alone: first Sunday of April, then second of March.
    EXPECT_EQ(dst_rule(zone_named("America/Los_Angeles"), 2006, true), 0xFFFFFFFF);
}

/// Days of random intervals with each status; some times are not there at all.
ExportedSeries random_series(std::mt19937& random, const TimeZone& zone, DateRange days,
                             const char* quantity, int minutes) {
    ExportedSeries series{"SERIAL-4711", quantity, minutes, {}};
    const IntervalGrid grid(zone, days, minutes);
    for (int step = 0; step < grid.count(); ++step) {
        if (random() % 50 == 0) continue;
        const char status = random() % 4 == 0 ? "AEVFMPTL"[random() % 8] : 'A';
        const auto wh = static_cast<std::int64_t>(random() % 100'000);
        series.intervals.push_back({grid.start_of(step), wh, status});
    }
    return series;
}

int quality_of(char status) {
    return status == 'E' ? 8 : status == 'V' ? 7 : status == 'T' ? 10 : 0;
}

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

Document parsed(const std::string& feed) {
    return {xmlReadMemory(feed.data(), static_cast<int>(feed.size()), "feed", nullptr, 0),
            xmlFreeDoc};
}

/// The first element below this one that stands where the standard does not have it, or nothing.
/// Source: ESPI, whose types are sequences.
std::string out_of_order(const xmlNode* node) {
    static const std::map<std::string, std::vector<std::string>> sequences = {
        {"LocalTimeParameters", {"dstEndRule", "dstOffset", "dstStartRule", "tzOffset"}},
        {"UsagePoint", {"roleFlags", "ServiceCategory", "status", "ServiceDeliveryPoint"}},
        {"ServiceCategory", {"kind"}},
        {"MeterReading", {}},
        {"ReadingType",
         {"accumulationBehaviour", "commodity", "consumptionTier", "currency", "dataQualifier",
          "defaultQuality", "flowDirection", "intervalLength", "kind", "phase",
          "powerOfTenMultiplier", "timeAttribute", "tou", "uom", "cpp", "interharmonic",
          "measuringPeriod", "argument"}},
        {"IntervalBlock", {"interval", "IntervalReading"}},
        {"interval", {"duration", "start"}},
        {"timePeriod", {"duration", "start"}},
        {"IntervalReading",
         {"cost", "ReadingQuality", "timePeriod", "value", "consumptionTier", "tou", "cpp"}},
        {"ReadingQuality", {"quality"}}};
    const auto name_of = [](const xmlNode* one) {
        return std::string(reinterpret_cast<const char*>(one->name));
    };
    const auto found = sequences.find(name_of(node));
    std::size_t at = 0;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
        if (child->type != XML_ELEMENT_NODE) continue;
        if (found != sequences.end()) {
            const auto& sequence = found->second;
            while (at < sequence.size() && sequence[at] != name_of(child)) ++at;
            if (at == sequence.size()) return name_of(node) + "/" + name_of(child);
        }
        if (auto wrong = out_of_order(child); !wrong.empty()) return wrong;
    }
    return {};
}

/// By the schema that WATTHOUR_ESPI_SCHEMA names: espiDerived.xsd of OPENESPI beside its atom.xsd
/// and xml.xsd. It is NAESB's and not ours to hand on; without it nothing is found.
bool is_refused_by_schema(const std::string& feed) {
    const char* path = std::getenv("WATTHOUR_ESPI_SCHEMA");
    if (path == nullptr) return false;
    const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
        xmlSchemaNewParserCtxt(path), xmlSchemaFreeParserCtxt);
    const std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema(xmlSchemaParse(parser.get()),
                                                                      xmlSchemaFree);
    if (schema == nullptr) return true;
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> valid(
        xmlSchemaNewValidCtxt(schema.get()), xmlSchemaFreeValidCtxt);
    return xmlSchemaValidateDoc(valid.get(), parsed(feed).get()) != 0;
}

TEST(GreenButtonWrite, ElementsStandInTheOrderOfTheStandard) {
    std::mt19937 random(20'261'101U);
    const TimeZone zone = zone_named("America/Los_Angeles");
    UsageExport usage{"A & B <Power>", Instant{1'780'000'000}, {{"point 1", {}}}};
    for (const char* quantity : {"KWH", "GKWH", "KVARH"}) {
        usage.points.front().series.push_back(random_series(
            random, zone, {Date::ymd(2026, 10, 31), Date::ymd(2026, 11, 3)}, quantity, 15));
    }
    std::string feed = write_green_button(usage, zone);
    EXPECT_EQ(out_of_order(xmlDocGetRootElement(parsed(feed).get())), "");
    EXPECT_FALSE(is_refused_by_schema(feed));
    // The other way round is found.
    const std::size_t flow = feed.find("<flowDirection>");
    ASSERT_NE(flow, std::string::npos);
    const std::size_t end = feed.find("</flowDirection>", flow) + 16;
    const std::string moved = feed.substr(flow, end - flow);
    feed.erase(flow, moved.size());
    feed.insert(feed.find("</ReadingType>", flow), moved);
    EXPECT_EQ(out_of_order(xmlDocGetRootElement(parsed(feed).get())), "ReadingType/flowDirection");
}

TEST(GreenButtonWrite, FeedsReadBackEqualOnOrdinaryDaysAndThoseOfAClockChange) {
    constexpr unsigned seed = 20'260'308;
    std::mt19937 random(seed);
    const TimeZone zone = zone_named("America/Los_Angeles");
    for (const DateRange days : {DateRange{Date::ymd(2026, 3, 7), Date::ymd(2026, 3, 10)},
                                 DateRange{Date::ymd(2026, 10, 31), Date::ymd(2026, 11, 3)},
                                 DateRange{Date::ymd(2026, 6, 1), Date::ymd(2026, 6, 2)}}) {
        for (const int minutes : {5, 15, 30, 60}) {
            SCOPED_TRACE("seed " + std::to_string(seed) + " " + days.from.to_string());
            UsageExport usage{"A & B <Power>", Instant{1'780'000'000}, {}};
            usage.points.push_back({"point 1", {}});
            usage.points.push_back({"point 2", {}});
            const std::pair<const char*, int> kinds[] = {{"KWH", 1}, {"GKWH", 19}, {"KVARH", 1}};
            for (auto& point : usage.points) {
                for (const auto& [quantity, flow] : kinds) {
                    point.series.push_back(random_series(random, zone, days, quantity, minutes));
                }
            }
            const GreenButtonFile file = read_green_button(write_green_button(usage, zone));
            ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
            EXPECT_EQ(file.usage_points.size(), 2U);
            EXPECT_EQ(file.meter_readings.size(), 6U);
            EXPECT_EQ(file.types.size(), 3U);
            std::size_t block = 0;
            for (const auto& point : usage.points) {
                for (std::size_t kind = 0; kind < std::size(kinds); ++kind) {
                    std::vector<GreenButtonReading> back;
                    for (int day = 0; day < days.days(); ++day, ++block) {
                        const auto& one = file.blocks.at(block);
                        const auto& type = file.types.at(static_cast<std::size_t>(one.type));
                        EXPECT_EQ(type.flow, kinds[kind].second);
                        EXPECT_EQ(type.unit, kind == 2 ? 73 : 72);
                        EXPECT_EQ(type.power_of_ten, 0);
                        EXPECT_EQ(type.interval_seconds, minutes * 60);
                        back.insert(back.end(), one.readings.begin(), one.readings.end());
                    }
                    auto expected = back.begin();
                    for (const ExportedInterval& sent : point.series[kind].intervals) {
                        if (sent.status == 'M' || sent.status == 'F') continue;
                        ASSERT_NE(expected, back.end());
                        EXPECT_EQ(expected->start, sent.start.seconds);
                        EXPECT_EQ(expected->value, sent.wh);
                        EXPECT_EQ(expected->duration, minutes * 60);
                        EXPECT_EQ(expected->quality, quality_of(sent.status));
                        ++expected;
                    }
                    EXPECT_EQ(expected, back.end());
                }
            }
            EXPECT_EQ(block, file.blocks.size());
        }
    }
}

/// Any days, step, quantities and points.
UsageExport random_export(std::mt19937& random, const TimeZone& zone) {
    const auto pick = [&](unsigned most) { return static_cast<int>(random() % most); };
    static constexpr int steps[] = {5, 15, 30, 60};
    const Date first = Date::ymd(2024, 1, 1) + pick(1000);
    const DateRange days{first, first + 1 + pick(2)};
    const int minutes = steps[pick(4)];
    UsageExport usage{"Example Power", Instant{1'780'000'000}, {}};
    for (int point = 1 + pick(2); point > 0; --point) {
        auto& one = usage.points.emplace_back();
        one.key = "point " + std::to_string(point);
        for (const char* quantity : {"KWH", "GKWH", "KVARH"}) {
            if (!one.series.empty() && pick(2) == 0) continue;
            one.series.push_back(random_series(random, zone, days, quantity, minutes));
            one.series.back().meter = "M" + std::to_string(point);
        }
    }
    return usage;
}

using Told = std::map<std::pair<std::string, Instant>, std::string>;

/// What a feed or file of the use must tell, by quantity and start.
Told told_by(const UsageExport& usage, std::size_t point) {
    Told told;
    for (const ExportedSeries& series : usage.points[point].series) {
        for (const ExportedInterval& one : series.intervals) {
            if (one.status == 'M' || one.status == 'F') continue;
            told[{series.quantity, one.start}] = Decimal(one.wh, 3).to_string();
        }
    }
    return told;
}

TEST(GreenButtonWrite, RandomFeedsReadBackEqual) {
    std::mt19937 random(20'260'411);
    const TimeZone zone = zone_named("America/Los_Angeles");
    for (int i = 0, files = random_files(60); i < files; ++i) {
        const UsageExport usage = random_export(random, zone);
        const GreenButtonFile file = read_green_button(write_green_button(usage, zone));
        ASSERT_TRUE(file.problems.empty()) << i << ": " << file.problems[0].message;
        Told all;
        for (std::size_t point = 0; point < usage.points.size(); ++point) {
            for (const auto& [key, value] : told_by(usage, point)) {
                all[{usage.points[point].series[0].meter + key.first, key.second}] = value;
            }
        }
        // Blocks come in the order of points and series, days within them.
        Told back;
        std::size_t at = 0;
        for (const auto& point : usage.points) {
            for (const auto& series : point.series) {
                const std::string name = point.series[0].meter + series.quantity;
                const Date first = zone.date_of(series.intervals.front().start);
                const Date last = zone.date_of(series.intervals.back().start);
                for (Date day = first; day <= last; day = day + 1, ++at) {
                    for (const GreenButtonReading& one : file.blocks.at(at).readings) {
                        back[{name, Instant{one.start}}] = Decimal(one.value, 3).to_string();
                    }
                }
            }
        }
        ASSERT_EQ(at, file.blocks.size()) << i;
        ASSERT_TRUE(back == all) << i;
    }
}

TEST(UsageCsvWrite, RandomFilesReadBackEqual) {
    std::mt19937 random(20'260'412);
    const TimeZone zone = zone_named("America/Los_Angeles");
    for (int i = 0, files = random_files(60); i < files; ++i) {
        UsageExport usage = random_export(random, zone);
        usage.points.resize(1);
        const ReadsFile file =
            read_reads(write_csv_intervals(usage, zone), shipped_profile("csv-intervals"), {});
        ASSERT_TRUE(file.outcome.problems.empty()) << i << ": " << file.outcome.problems[0].message;
        Told back;
        for (const CmepRow& row : file.rows) {
            for (const CmepValue& value : row.values) {
                if (value.quality == 'N') continue;
                const int seconds = usage.points[0].series[0].minutes * 60;
                back[{row.units, value.end + -seconds}] = value.value.to_string();
            }
        }
        ASSERT_TRUE(back == told_by(usage, 0)) << i;
    }
}

UsageExport one_point(DateRange days) {
    std::mt19937 random(7);
    const TimeZone zone = zone_named("America/Los_Angeles");
    UsageExport usage{"Example Power", Instant{1'780'000'000}, {}};
    usage.points.push_back({"point-key-17",
                            {random_series(random, zone, days, "KWH", 60),
                             random_series(random, zone, days, "GKWH", 60)}});
    return usage;
}

const DateRange clock_weeks{Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 15)};

/// Children of an element in the order in which the schema has them.
TEST(GreenButtonWrite, ElementsStandInTheOrderOfTheSchema) {
    const std::map<std::string, std::vector<std::string>> order = {
        {"feed", {"id", "title", "updated", "link", "entry"}},
        {"entry", {"id", "link", "title", "content", "published", "updated"}},
        {"UsagePoint", {"ServiceCategory"}},
        {"ServiceCategory", {"kind"}},
        {"LocalTimeParameters", {"dstEndRule", "dstOffset", "dstStartRule", "tzOffset"}},
        {"ReadingType",
         {"accumulationBehaviour", "commodity", "dataQualifier", "flowDirection", "intervalLength",
          "kind", "powerOfTenMultiplier", "uom"}},
        {"IntervalBlock", {"interval", "IntervalReading"}},
        {"IntervalReading", {"ReadingQuality", "timePeriod", "value"}},
        {"interval", {"duration", "start"}},
        {"timePeriod", {"duration", "start"}}};
    const std::string feed =
        write_green_button(one_point(clock_weeks), zone_named("America/Los_Angeles"));
    XmlWalk walk(feed);
    std::vector<std::pair<std::string, std::size_t>> open;
    int judged = 0;
    for (auto event = walk.next(); event != XmlWalk::Event::done; event = walk.next()) {
        if (event == XmlWalk::Event::end) open.pop_back();
        if (event != XmlWalk::Event::start) continue;
        const std::string name(walk.name());
        if (!open.empty()) {
            const auto rule = order.find(open.back().first);
            if (rule != order.end()) {
                const auto& names = rule->second;
                const auto place = static_cast<std::size_t>(
                    std::find(names.begin(), names.end(), name) - names.begin());
                ASSERT_LT(place, names.size()) << name << " in " << rule->first;
                ASSERT_GE(place, open.back().second) << name << " in " << rule->first;
                open.back().second = place;
                ++judged;
            }
        }
        open.emplace_back(name, 0);
    }
    EXPECT_EQ(walk.fault(), "");
    EXPECT_GT(judged, 1000);
}

TEST(GreenButtonWrite, LinksMeetAndNobodyIsNamed) {
    const std::string feed =
        write_green_button(one_point(clock_weeks), zone_named("America/Los_Angeles"));
    std::set<std::string> selves;
    std::set<std::string> ups;
    std::set<std::string> related;
    std::set<std::string> ids;
    XmlWalk walk(feed);
    bool in_id = false;
    for (auto event = walk.next(); event != XmlWalk::Event::done; event = walk.next()) {
        if (event == XmlWalk::Event::start && walk.name() == "link") {
            const std::string href = walk.attribute("href");
            const std::string rel = walk.attribute("rel");
            if (rel == "self") {
                EXPECT_TRUE(selves.insert(href).second) << href;
            }
            if (rel == "up") ups.insert(href);
            if (rel == "related") related.insert(href);
        }
        if (event == XmlWalk::Event::text && in_id) {
            EXPECT_TRUE(ids.insert(std::string(walk.text())).second) << walk.text();
        }
        in_id = event == XmlWalk::Event::start && walk.name() == "id";
    }
    // The feed, its clock, a point, two readings, two types and fourteen days of each.
    EXPECT_EQ(selves.size(), 1U + 1 + 1 + 2 + 2 + 28);
    EXPECT_EQ(ids.size(), selves.size());
    for (const std::string& href : related) {
        EXPECT_TRUE(selves.contains(href) || ups.contains(href)) << href;
    }
    for (const std::string& href : ups) {
        // A collection belongs to the root or to a resource that is there.
        const std::string owner = href.substr(0, href.rfind('/'));
        EXPECT_TRUE(selves.contains(owner) || owner == "/espi/1_1/resource") << href;
    }
    EXPECT_EQ(feed.find("SERIAL-4711"), std::string::npos);
    EXPECT_EQ(feed.find("point-key-17"), std::string::npos);
    // The day that lacks an hour has 82,800 s and begins at 08:00 UTC: 20,520 days after 1970.
    EXPECT_NE(feed.find("<interval><duration>82800</duration><start>1772956800</start>"),
              std::string::npos);
    EXPECT_NE(feed.find("<tzOffset>-28800</tzOffset>"), std::string::npos);
    EXPECT_NE(feed.find("<dstOffset>3600</dstOffset>"), std::string::npos);
    // Made again it is the same to the byte.
    EXPECT_EQ(feed, write_green_button(one_point(clock_weeks), zone_named("America/Los_Angeles")));
}

TEST(UsageCsvWrite, TextFilesReadBackWithTheSameUse) {
    const TimeZone zone = zone_named("America/Los_Angeles");
    const DateRange autumn{Date::ymd(2026, 10, 31), Date::ymd(2026, 11, 3)};
    UsageExport usage = one_point(autumn);
    const auto& delivered = usage.points[0].series[0].intervals;
    const ReadsFile intervals =
        read_reads(write_csv_intervals(usage, zone), shipped_profile("csv-intervals"), {});
    ASSERT_TRUE(intervals.outcome.problems.empty()) << intervals.outcome.problems[0].message;
    ReadProfile portal = shipped_profile("green-button-csv");
    // A doubled label of which one was missing stands once.
    for (auto& series : usage.points[0].series) {
        for (auto& one : series.intervals) {
            if (one.status == 'M' || one.status == 'F') one.status = 'E';
        }
    }
    const ReadsFile sheet =
        read_reads(write_green_button_csv(usage.points[0], zone), portal, {zone, "M"});
    const auto values_of = [](const ReadsFile& file, const std::string& units) {
        std::map<Instant, std::string> values;
        for (const CmepRow& row : file.rows) {
            for (const CmepValue& value : row.values) {
                if (row.units != units || value.quality == 'N') continue;
                values[value.end + -3600] = value.value.to_string();
            }
        }
        return values;
    };
    std::map<Instant, std::string> all;
    for (const ExportedInterval& one : delivered) {
        all[one.start] = Decimal(one.wh, 3).to_string();
    }
    EXPECT_EQ(values_of(sheet, "KWH"), all);
    EXPECT_TRUE(sheet.outcome.problems.empty());
    const auto read = values_of(intervals, "KWH");
    for (const auto& [start, value] : read) EXPECT_EQ(all.at(start), value);
    EXPECT_LT(read.size(), all.size());  // without the missing and the failed
    EXPECT_GT(read.size(), all.size() / 2);
}

}  // namespace
}  // namespace watthour::formats
