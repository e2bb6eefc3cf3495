// SPDX-License-Identifier: Apache-2.0
// How fast text files of reads are read by their profile, beside counting their lines with memchr
// and beside a reader that cuts each line and converts nothing. The sums are compared first.
#include "formats/cmep.hpp"
#include "formats/green_button.hpp"
#include "formats/profile_reads.hpp"
#include "formats/usage_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <libxml/xmlreader.h>
#include <string>
#include <time.h>

namespace {

using namespace watthour;

constexpr int meters = 100;
constexpr int days = 120;
constexpr int rounds = 9;

/// Wh of a quarter of an hour; the same in every form of the file.
std::int64_t made_wh(int meter, int quarter) { return (meter * 7919 + quarter * 104'729) % 2000; }

/// One row a quarter, meter by meter; the forms differ in how they write it.
template <class Row>
std::string file_of(const std::string& names, Row row) {
    std::string text = names;
    const Date first = Date::ymd(2026, 6, 1);
    for (int meter = 0; meter < meters; ++meter) {
        for (int quarter = 0; quarter < days * 96; ++quarter) {
            const Date date = first + quarter / 96;
            row(text, meter, date, quarter % 96 * 15, made_wh(meter, quarter));
        }
    }
    return text;
}

void append_iso(std::string& out, int meter, Date date, int minute, std::int64_t wh) {
    static Date shown;
    static std::string day;
    if (shown != date) day = (shown = date).to_string();
    fmt::format_to(std::back_inserter(out), "{},{}T{:02}:{:02}:00-07:00,{}.{:03}\n",
                   4'000'000 + meter, day, minute / 60, minute % 60, wh / 1000, wh % 1000);
}

void append_portal(std::string& out, int, Date date, int minute, std::int64_t wh) {
    const int last = minute + 14;
    fmt::format_to(
        std::back_inserter(out), "Electric usage,{},{:02}:{:02},{:02}:{:02},{}.{:03},kWh,$0.11,\n",
        date.to_string(), minute / 60, minute % 60, last / 60, last % 60, wh / 1000, wh % 1000);
}

void append_mv90(std::string& out, int meter, Date date, int minute, std::int64_t wh) {
    if (minute == 0) fmt::format_to(std::back_inserter(out), "ID {}\n", 4'000'000 + meter);
    const int end = minute + 15;
    fmt::format_to(std::back_inserter(out), "{:02}/{:02}/{:02},{:02}:{:02},{}.{:03}\n",
                   date.month(), date.day(), date.year() % 100, end / 60, end % 60, wh / 1000,
                   wh % 1000);
}

class SumSink : public formats::ReadSink {
public:
    void take(const formats::ProfileRead& read) override {
        ++count;
        units += read.value.units();
        ends ^= read.end.seconds;
    }
    std::int64_t count = 0;
    std::int64_t units = 0;
    std::int64_t ends = 0;
};

std::int64_t count_lines(const std::string& text) {
    std::int64_t count = 0;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at != end) {
        const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        if (found == nullptr) break;
        at = static_cast<const char*>(found) + 1;
        ++count;
    }
    return count;
}

/// Lines and cells, nothing converted: what any reader of such a file must do at least.
std::int64_t count_cells(const std::string& text) {
    std::int64_t cells = 0;
    for (const char c : text) cells += c == ',' || c == '\n' ? 1 : 0;
    return cells;
}

/// Nanoseconds that this thread has had a core, which others on the machine do not change.
std::int64_t core_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// MB/s of the best of some rounds, on one core.
template <class Run>
std::int64_t speed_of(const std::string& text, Run run) {
    std::int64_t best = 0;
    for (int round = 0; round < rounds; ++round) {
        const std::int64_t begin = core_time();
        run();
        const std::int64_t taken = std::max<std::int64_t>(core_time() - begin, 1);
        best = std::max(best, static_cast<std::int64_t>(text.size()) * 1000 / taken);
    }
    return best;
}

void measure(const char* format, const std::string& text, const formats::ReadOptions& options) {
    const formats::ReadProfile& profile = formats::shipped_profile(format);
    std::int64_t wanted = 0;
    for (int meter = 0; meter < meters; ++meter) {
        for (int quarter = 0; quarter < days * 96; ++quarter) wanted += made_wh(meter, quarter);
    }
    SumSink check;
    const auto outcome = formats::read_by_profile(text, profile, options, check);
    if (!outcome.problems.empty() || check.units != wanted ||
        check.count != std::int64_t{meters} * days * 96) {
        fmt::print("{}: the sums differ: {} rows, {} Wh of {}, {} problems {}\n", format,
                   check.count, check.units, wanted, outcome.problems.size(),
                   outcome.problems.empty() ? "" : outcome.problems[0].message);
        std::exit(1);
    }
    std::int64_t sink = 0;
    const auto lines = speed_of(text, [&] { sink += count_lines(text); });
    const auto cells = speed_of(text, [&] { sink += count_cells(text); });
    const auto reads = speed_of(text, [&] {
        SumSink sum;
        static_cast<void>(formats::read_by_profile(text, profile, options, sum));
        sink += sum.ends;
    });
    const auto rows = speed_of(text, [&] {
        sink += static_cast<std::int64_t>(formats::read_reads(text, profile, options).rows.size());
    });
    fmt::print(
        "{:18} {:4} MB  lines {:6}  bytes {:6}  read {:5} MB/s ({} times the lines, {} ns a "
        "row)  as rows for import {:5} MB/s{}\n",
        format, text.size() / 1'000'000, lines, cells, reads,
        fmt::format("{}.{}", lines / reads, lines * 10 / reads % 10),
        static_cast<std::int64_t>(text.size()) * 1000 / reads / check.count, rows,
        sink == 1 ? " " : "");
}

/// A row a meter and day, as head-ends send them, beside its lines and bytes.
void measure_cmep() {
    std::string text;
    std::int64_t wanted = 0;
    for (int meter = 0; meter < meters; ++meter) {
        for (int day = 0; day < days; ++day) {
            formats::CmepRow row;
            row.sender = "HEADEND";
            row.receiver = "UTILITY";
            row.created = "202606100200";
            row.meter = std::to_string(4'000'000 + meter);
            row.units = "KWH";
            row.interval_seconds = 900;
            for (int quarter = 0; quarter < 96; ++quarter) {
                formats::CmepValue value;
                value.end = Instant{1'780'272'000 + (day * 96 + quarter + 1) * 900};
                value.quality = 'R';
                value.value = Decimal(made_wh(meter, day * 96 + quarter), 3);
                wanted += value.value.units();
                row.values.push_back(value);
            }
            formats::append_cmep_row(text, row);
        }
    }
    const auto read = [&] {
        std::int64_t sum = 0;
        for (const auto& row : formats::read_cmep(text).rows) {
            for (const auto& value : row.values) sum += value.value.units();
        }
        return sum;
    };
    if (read() != wanted) {
        fmt::print("cmep: the sums differ\n");
        std::exit(1);
    }
    std::int64_t sink = 0;
    const auto lines = speed_of(text, [&] { sink += count_lines(text); });
    const auto cells = speed_of(text, [&] { sink += count_cells(text); });
    const auto rows = speed_of(text, [&] { sink += read(); });
    constexpr std::int64_t values = std::int64_t{meters} * days * 96;
    fmt::print(
        "cmep               {:4} MB  lines {:6}  bytes {:6}  as rows for import {:5} MB/s, {} "
        "ns a value{}\n",
        text.size() / 1'000'000, lines, cells, rows,
        static_cast<std::int64_t>(text.size()) * 1000 / rows / values, sink == 1 ? " " : "");
}

/// Every node of a text by libxml2's reader, and nothing made of it.
std::size_t walk_nodes(const std::string& text) {
    std::size_t nodes = 0;
    xmlTextReaderPtr reader =
        xmlReaderForMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                           XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES);
    while (xmlTextReaderRead(reader) == 1) ++nodes;
    xmlFreeTextReader(reader);
    return nodes;
}

/// Rounds take turns, so that what else the machine does falls on both.
void compare_with_walk(const char* what, const std::string& feed) {
    std::size_t sink = 0;
    std::int64_t walked = 0;
    std::int64_t read = 0;
    for (int round = 0; round < rounds; ++round) {
        walked = std::max(walked, speed_of(feed, [&] { sink += walk_nodes(feed); }));
        read = std::max(
            read, speed_of(feed, [&] { sink += formats::read_green_button(feed).blocks.size(); }));
    }
    fmt::print(
        "green-button read   {}: {} MB/s, libxml2's reader alone {}: {}.{:02} times its "
        "time{}\n",
        what, read, walked, walked / read, walked * 100 / read % 100, sink == 1 ? " " : "");
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Thirteen months of quarters of one home as a Green Button feed: written beside copying its
/// bytes, read beside libxml2's reader.
void measure_feed(const TimeZone& zone) {
    formats::UsageExport usage{"Example Power", Instant{1'780'000'000}, {}};
    formats::ExportedSeries series{"M", "KWH", 15, {}};
    const IntervalGrid grid(zone, {Date::ymd(2025, 5, 1), Date::ymd(2026, 6, 1)}, 15);
    std::int64_t wanted = 0;
    for (int step = 0; step < grid.count(); ++step) {
        series.intervals.push_back({grid.start_of(step), made_wh(1, step), 'A'});
        wanted += made_wh(1, step);
    }
    usage.points.push_back({"point", {std::move(series)}});
    const std::string feed = formats::write_green_button(usage, zone);
    std::int64_t back = 0;
    for (const auto& block : formats::read_green_button(feed).blocks) {
        for (const auto& reading : block.readings) back += reading.value;
    }
    if (back != wanted) {
        fmt::print("green-button: the feed reads back as {} Wh of {}\n", back, wanted);
        std::exit(1);
    }
    std::size_t sink = 0;
    const auto copied = speed_of(feed, [&] { sink += std::string(feed).size(); });
    const auto written =
        speed_of(feed, [&] { sink += formats::write_green_button(usage, zone).size(); });
    compare_with_walk("the feed written", feed);
    fmt::print("green-button feed   {} intervals, {} MB: {} us ({} MB/s; a copy {} MB/s){}\n",
               grid.count(), feed.size() / 1'000'000,
               static_cast<std::int64_t>(feed.size()) / written, written, copied,
               sink == 1 ? " " : "");
}

}  // namespace

int main() {
    const auto zone = TimeZone::load("America/Los_Angeles");
    measure("csv-intervals", file_of("meter,start,kwh_delivered\n", append_iso), {});
    measure(
        "green-button-csv",
        file_of("Name,A\n\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES\n", append_portal),
        {*zone, "M"});
    measure("mv90", file_of("", append_mv90), {*zone, ""});
    measure_cmep();
    measure_feed(*zone);
    compare_with_walk(
        "a portal's file",
        text_of(WATTHOUR_FILES
                "/Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml"));
    return 0;
}
