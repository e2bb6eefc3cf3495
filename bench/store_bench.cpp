// SPDX-License-Identifier: Apache-2.0
// The store of intervals with very many channels: some days of history as blocks, a night's file
// through the importer, single reads, sums of all. What is stored is added up and compared with
// what was made before a figure is printed.
// usage: store_bench DATABASE-URL CHANNELS DAYS [MINUTES]   (an empty database of its own)
#include "app/import_file.hpp"
#include "app/office.hpp"
#include "base/clock.hpp"
#include "base/files.hpp"
#include "formats/cmep.hpp"
#include "storage/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

namespace {

using namespace watthour;

const Date first_day = Date::ymd(2026, 5, 1);
constexpr int meters_a_step = 10'000;

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Most memory that the process has had, in MB.
std::int64_t peak_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6) / 1024;
    }
    return 0;
}

std::string serial(int meter) { return fmt::format("S-{:07}", meter); }
std::int64_t channel_id(int meter) { return id_from_key("channel", serial(meter) + "|KWH"); }

/// A home's load; the same for the same meter, day and step.
std::int64_t load(int meter, int day, int step, int steps) {
    std::uint64_t x = static_cast<std::uint64_t>(meter) * 0x9E3779B97F4A7C15U +
                      static_cast<std::uint64_t>(day * 131 + step) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 29U)) * 0x94D049BB133111EBU;
    const bool evening = step * 24 / steps >= 17 && step * 24 / steps < 22;
    const std::int64_t hour =
        250 + meter % 400 + (evening ? 900 : 0) + static_cast<std::int64_t>((x ^ (x >> 32U)) % 300);
    return hour * 24 / steps;
}

class Trial {
public:
    Trial(std::string url, int channels, int days, int minutes)
        : url_(std::move(url)), channels_(channels), days_(days), minutes_(minutes) {
        auto office = app::Office::open_empty(url_, clock_);
        if (!office) throw std::runtime_error(office.error().message());
        office_ = *std::move(office);
        storage::Transaction transaction(office_->database(), first_day);
        office_->service().create_utility({"Bench", "America/Los_Angeles", "USD",
                                           first_day + days_ + 1, 1, tariff::valdoro().content_hash,
                                           false});
        transaction.commit();
        if (const auto again = office_->reload(); !again) {
            throw std::runtime_error(again.error().message());
        }
    }

    void run() {
        const double made = seconds_of([this] { make_meters(); });
        fmt::print("{} channels of {} minutes made in {:.1f} s, peak memory {} MB\n", channels_,
                   minutes_, made, peak_mb());
        const double filled = seconds_of([this] { fill(); });
        const std::int64_t reads = std::int64_t{channels_} * days_ * steps_a_day();
        fmt::print("{} days as blocks: {} reads in {:.1f} s, {:.1f} M reads/s, peak {} MB\n", days_,
                   reads, filled, static_cast<double>(reads) / filled / 1e6, peak_mb());
        night();
        single_reads();
        all_sums();
    }

private:
    [[nodiscard]] int steps_a_day() const { return 1440 / minutes_; }

    void make_meters() {
        for (int begin = 0; begin < channels_; begin += 50'000) {
            storage::Transaction transaction(office_->database(), first_day);
            std::vector<metering::Meter> devices;
            std::vector<metering::Channel> channels;
            for (int i = begin; i < std::min(channels_, begin + 50'000); ++i) {
                const metering::MeterId meter{id_from_key("meter", serial(i))};
                devices.push_back({meter, serial(i), 5, Decimal(1, 0), "bench"});
                channels.push_back({{channel_id(i)}, meter, "KWH", minutes_});
            }
            office_->meters().add(devices, channels, {});
            transaction.commit();
        }
    }

    void fill() {
        const IntervalGrid month(office_->zone(), {first_day, first_day.first_of_next_month()},
                                 minutes_);
        const auto count = static_cast<std::size_t>(month.count());
        const int steps = steps_a_day();
        for (int begin = 0; begin < channels_; begin += meters_a_step) {
            std::vector<metering::StoredBlock> blocks;
            for (int i = begin; i < std::min(channels_, begin + meters_a_step); ++i) {
                std::vector<std::int64_t> wh(count, 0);
                std::vector<metering::IntervalStatus> status(count,
                                                             metering::IntervalStatus::missing);
                for (int at = 0; at < days_ * steps; ++at) {
                    const auto place = static_cast<std::size_t>(at);
                    wh[place] = load(i, at / steps, at % steps, steps);
                    status[place] = metering::IntervalStatus::actual;
                    total_wh_ += wh[place];
                }
                blocks.push_back({{channel_id(i)}, first_day, metering::encode_block(wh, status)});
            }
            storage::Transaction transaction(office_->database(), first_day + days_);
            office_->meters().put_blocks(blocks);
            transaction.commit();
        }
    }

    void night() {
        const std::string path =
            (std::filesystem::temp_directory_path() / "store-night.cmep").string();
        write_night(path);
        app::ImportOutcome outcome;
        const double took = seconds_of([&] {
            auto done = app::import_file(*office_, {"cmep", path, first_day + days_ + 1, false});
            if (!done) throw std::runtime_error(done.error().message());
            outcome = *std::move(done);
        });
        const std::int64_t reads = std::int64_t{channels_} * steps_a_day();
        if (outcome.file.posted != reads) throw std::runtime_error("not all reads were taken");
        fmt::print(
            "the night after: {} reads, {} MB of CMEP, in {:.1f} s, {:.2f} M reads/s, "
            "{:.1f} us a channel, peak {} MB\n",
            reads, std::filesystem::file_size(path) >> 20U, took,
            static_cast<double>(reads) / took / 1e6, took * 1e6 / channels_, peak_mb());
        std::filesystem::remove(path);
    }

    void write_night(const std::string& path) {
        std::ofstream file(path, std::ios::binary);
        const int steps = steps_a_day();
        std::string text;
        for (int meter = 0; meter < channels_; ++meter) {
            formats::CmepRow row;
            row.sender = "HEADEND";
            row.receiver = "UTILITY";
            row.created = "202606010200";
            row.meter = serial(meter);
            row.units = "KWH";
            row.interval_seconds = minutes_ * 60;
            Instant end = office_->zone().start_of(first_day + days_);
            for (int step = 0; step < steps; ++step) {
                end = end + std::int64_t{minutes_} * 60;
                formats::CmepValue value;
                value.end = end;
                value.quality = 'R';
                const std::int64_t wh = load(meter, days_, step, steps);
                total_wh_ += wh;
                value.value = Decimal(wh, 3);
                row.values.push_back(value);
            }
            formats::append_cmep_row(text, row);
            if (text.size() > (std::size_t{1} << 22U)) {
                file << text;
                text.clear();
            }
        }
        file << text;
    }

    void single_reads() {
        std::mt19937 random(20260615);
        constexpr int count = 5000;
        std::vector<double> blocks;
        std::vector<double> sums;
        std::int64_t sink = 0;
        for (int i = 0; i < count; ++i) {
            const metering::ChannelId channel{
                channel_id(static_cast<int>(random() % static_cast<unsigned>(channels_)))};
            blocks.push_back(seconds_of([&] {
                const auto found = office_->meters().blocks({channel}, first_day, first_day);
                sink += metering::BlockView::open(found.at(0).bytes)->decode().wh.at(0);
            }));
            sums.push_back(seconds_of([&] {
                sink += office_->meters()
                            .sums({channel}, first_day, first_day)
                            .at(0)
                            .sums.days.at(0)
                            .wh;
            }));
        }
        std::sort(blocks.begin(), blocks.end());
        std::sort(sums.begin(), sums.end());
        fmt::print(
            "a month of one channel, {} times: block median {:.0f} us, p99 {:.0f} us; its "
            "sums {:.0f} and {:.0f} us{}\n",
            count, blocks[count / 2] * 1e6, blocks[count * 99 / 100] * 1e6, sums[count / 2] * 1e6,
            sums[count * 99 / 100] * 1e6, sink == 0 ? "." : "");
    }

    void all_sums() {
        std::int64_t wh = 0;
        const double took = seconds_of([&] {
            for (int begin = 0; begin < channels_; begin += meters_a_step) {
                std::vector<metering::ChannelId> channels;
                for (int i = begin; i < std::min(channels_, begin + meters_a_step); ++i) {
                    channels.push_back({channel_id(i)});
                }
                for (const auto& row : office_->meters().sums(channels, first_day, first_day)) {
                    for (const auto& day : row.sums.days) wh += day.wh;
                }
            }
        });
        if (wh != total_wh_) throw std::runtime_error("the sums are not those of what was made");
        fmt::print(
            "daily sums of all channels of the month in {:.1f} s, {:.1f} us a channel, peak "
            "{} MB\n",
            took, took * 1e6 / channels_, peak_mb());
        if (!url_.starts_with("sqlite:")) return;
        const auto bytes = std::filesystem::file_size(url_.substr(7));
        const double reads =
            static_cast<double>(channels_) * (days_ + 1) * static_cast<double>(steps_a_day());
        fmt::print("file {:.1f} GB, {:.2f} bytes a read with meters and everything\n",
                   static_cast<double>(bytes) / 1e9, static_cast<double>(bytes) / reads);
    }

    SystemClock clock_;
    std::string url_;
    int channels_;
    int days_;
    int minutes_;
    std::unique_ptr<app::Office> office_;
    std::int64_t total_wh_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        fmt::print("usage: store_bench DATABASE-URL CHANNELS DAYS [MINUTES]\n");
        return 2;
    }
    try {
        Trial(argv[1], std::atoi(argv[2]), std::atoi(argv[3]), argc > 4 ? std::atoi(argv[4]) : 15)
            .run();
        return 0;
    } catch (const std::exception& error) {
        fmt::print("failed: {}\n", error.what());
        return 1;
    }
}
