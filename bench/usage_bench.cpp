// SPDX-License-Identifier: Apache-2.0
// Usage by days of thirteen months, from the sums beside the blocks and from the blocks themselves,
// side by side; every step of both is compared before a time is printed.
// usage: usage_bench DATABASE-URL   (a sample utility that has lived for thirteen months)
#include "app/office.hpp"
#include "app/usage_known.hpp"
#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <vector>

namespace {

using namespace watthour;

/// Of the time that this thread had a core.
double cpu_ms(const std::function<void()>& work) {
    const auto now = [] {
        timespec at{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
        return static_cast<double>(at.tv_sec) * 1e3 + static_cast<double>(at.tv_nsec) / 1e6;
    };
    const double begin = now();
    work();
    return now() - begin;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

void compare(const app::KnownUsage& a, const app::KnownUsage& b) {
    bool same = a.rows.size() == b.rows.size() && a.wh == b.wh;
    for (std::size_t i = 0; same && i < a.rows.size(); ++i) {
        same = a.rows[i].from == b.rows[i].from && a.rows[i].wh == b.rows[i].wh &&
               a.rows[i].statuses == b.rows[i].statuses;
    }
    if (!same) throw std::runtime_error("sums and blocks say different things");
}

int run(const std::string& url) {
    const SystemClock clock;
    auto opened = app::Office::open(url, clock);
    if (!opened) throw std::runtime_error(opened.error().message());
    app::Office& office = **opened;
    for (const char* step : {"day", "month"}) {
        std::vector<double> from_sums;
        std::vector<double> from_blocks;
        for (const auto account : office.accounts().all_account_ids()) {
            if (from_sums.size() == 300) break;
            app::UsageQuestion question;
            question.account = std::to_string(account.value);
            question.until = office.zone().start_of(office.business_date());
            question.from = office.zone().start_of(office.business_date() - 396);
            question.step = step;
            auto other = question;
            other.known_on = service::now_known;
            if (!app::usage_known(office, question)) continue;  // an account without intervals
            Result<app::KnownUsage> sums = app::KnownUsage();
            Result<app::KnownUsage> blocks = app::KnownUsage();
            from_sums.push_back(cpu_ms([&] { sums = app::usage_known(office, question); }));
            from_blocks.push_back(cpu_ms([&] { blocks = app::usage_known(office, other); }));
            if (!sums || !blocks || !sums->from_sums) throw std::runtime_error("refused");
            compare(*sums, *blocks);
        }
        fmt::print(
            "{} accounts, 13 months by {}: from the sums median {:.2f} ms, slowest {:.2f} ms; from "
            "the blocks {:.2f} and {:.2f} ms: {:.1f} times\n",
            from_sums.size(), step, median(from_sums),
            *std::max_element(from_sums.begin(), from_sums.end()), median(from_blocks),
            *std::max_element(from_blocks.begin(), from_blocks.end()),
            median(from_blocks) / median(from_sums));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print("usage: usage_bench DATABASE-URL\n");
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (const std::exception& error) {
        fmt::print("failed: {}\n", error.what());
        return 1;
    }
}
