// SPDX-License-Identifier: Apache-2.0
// Rating a register customer of R-1 with full trace against the same tariff hard-coded in C++.
#include "rating/rating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace {

using namespace watthour;

constexpr int customers = 20000;

rating::RatingRequest request_of(int customer) {
    rating::RatingRequest request;
    request.schedule = "R-1";
    request.option = "B";
    request.period = {Date::ymd(2026, 1, 9), Date::ymd(2026, 2, 9)};
    request.delivered = Energy::kilowatt_hours(200 + customer % 900);
    return request;
}

/// R-1 of January 2026 in whole cents: three tiers, ECA, PBC, ERS, UUT, minimum.
std::int64_t hard_coded(std::int64_t kwh) {
    const auto cents = [](std::int64_t quantity, std::int64_t price) {
        return (quantity * price + 500) / 1000;  // price in 1/100,000 dollar
    };
    const std::int64_t first = (104 * 31 + 5) / 10;   // 10.4 x 31 = 322.4
    const std::int64_t second = (156 * 31 + 5) / 10;  // 15.6 x 31 = 483.6
    const std::int64_t t1 = std::min(kwh, first);
    const std::int64_t t2 = std::clamp<std::int64_t>(kwh - first, 0, second - first);
    const std::int64_t t3 = std::max<std::int64_t>(kwh - second, 0);
    std::int64_t base = 1975 + cents(t1, 15120) + cents(t2, 21060) + cents(t3, 29350);
    base += std::max<std::int64_t>(2350 - base, 0);
    base += cents(kwh, 195);
    const std::int64_t pbc = (base * 285 + 5000) / 10000;
    const std::int64_t uut = ((base + pbc) * 75 + 500) / 1000;
    return base + pbc + cents(kwh, 28) + uut;
}

double seconds(const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main() {
    const auto& catalogue = tariff::valdoro();
    std::int64_t sum = 0;
    std::int64_t expected = 0;
    for (int i = 0; i < customers; ++i) {
        const auto rated = rating::rate(catalogue, request_of(i));
        if (!rated) {
            fmt::print("{}\n", rated.error().message());
            return 1;
        }
        sum += rated->current_charges.minor_units();
        expected += hard_coded(200 + i % 900);
    }
    if (sum != expected) {
        fmt::print("the two ways differ: {} against {} cents\n", sum, expected);
        return 1;
    }
    double best = 1e9;
    double best_hard = 1e9;
    for (int round = 0; round < 7; ++round) {
        best = std::min(
            best, seconds([&] {
                for (int i = 0; i < customers; ++i) {
                    sum += rating::rate(catalogue, request_of(i))->current_charges.minor_units();
                }
            }));
        best_hard = std::min(best_hard, seconds([&] {
                                 for (int i = 0; i < customers; ++i)
                                     expected += hard_coded(200 + i % 900);
                             }));
    }
    fmt::print(
        "Register customer, R-1, with trace: {:.2f} us a bill; hard-coded {:.4f} us; {:.0f} "
        "times (kept {})\n",
        best / customers * 1e6, best_hard / customers * 1e6, best / best_hard,
        (sum + expected) % 7);
    return 0;
}
