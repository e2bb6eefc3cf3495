// SPDX-License-Identifier: Apache-2.0
// What must hold for any use, shown on thousands of drawn ones: parts sum to the whole, more use
// never costs less, a bank never loses a cent, the number of threads changes nothing.
#include "rating/rating.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace watthour::rating {
namespace {

using tariff::valdoro;

constexpr int draws = 2'000;

class Drawn {
public:
    explicit Drawn(unsigned seed) : engine_(seed) {}
    std::int64_t between(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
    }
    Date day() { return Date::ymd(2024, 7, 1) + static_cast<int>(between(0, 700)); }

private:
    std::mt19937_64 engine_;
};

RatingRequest home(Drawn& drawn) {
    RatingRequest request;
    request.schedule = "R-1";
    request.option = drawn.between(0, 1) == 0 ? "B" : "H";
    request.period.from = drawn.day();
    request.period.until = request.period.from + static_cast<int>(drawn.between(1, 62));
    request.delivered = Energy::kilowatt_hours(drawn.between(0, 4'000));
    return request;
}

Energy sum_of_lines(const RatedStatement& rated, std::string_view stem) {
    Energy sum;
    for (const ChargeLine& line : rated.lines) {
        if (!line.code.starts_with(stem)) continue;
        sum += Energy::watt_hours(line.quantity->rescaled(3, Rounding::toward_zero).units());
    }
    return sum;
}

TEST(Property, EnergyLinesSumToTheUse) {
    Drawn drawn(1);
    for (int i = 0; i < draws; ++i) {
        const RatingRequest request = home(drawn);
        const auto rated = rate(valdoro(), request);
        ASSERT_TRUE(rated) << rated.error().message();
        ASSERT_EQ(sum_of_lines(*rated, "EN-"), request.delivered);
        Energy segments;
        for (const SegmentDetail& segment : (*rated).segments) segments += segment.use;
        ASSERT_EQ(segments, request.delivered);
    }
}

TEST(Property, MoreUseNeverLowersABill) {
    Drawn drawn(2);
    for (int i = 0; i < draws; ++i) {
        RatingRequest request = home(drawn);
        // A price below zero is the one thing that may turn this round.
        if (request.period.until > Date::ymd(2025, 10, 1) &&
            request.period.from < Date::ymd(2026, 1, 1)) {
            continue;
        }
        const Money less = (*rate(valdoro(), request)).current_charges;
        request.delivered += Energy::kilowatt_hours(drawn.between(1, 50));
        ASSERT_LE(less, (*rate(valdoro(), request)).current_charges);
    }
}

TEST(Property, NetUseBelowZeroMirrorsUseAboveIt) {
    Drawn drawn(3);
    for (int i = 0; i < draws; ++i) {
        RatingRequest request = home(drawn);
        request.rider = "NEM-1";
        const auto above = rate(valdoro(), request);
        std::swap(request.delivered, request.received);
        const auto below = rate(valdoro(), request);
        ASSERT_TRUE(above && below);
        ASSERT_EQ(sum_of_lines(*above, "EN-"), -sum_of_lines(*below, "EN-"));
        Money up, down;
        for (const ChargeLine& line : (*above).lines) {
            if (line.code.starts_with("EN-")) up += line.amount;
        }
        for (const ChargeLine& line : (*below).lines) {
            if (line.code.starts_with("EN-")) down += line.amount;
        }
        ASSERT_EQ(up, -down);
    }
}

TEST(Property, ABankNeverLosesACent) {
    Drawn drawn(4);
    Decimal bank(0, 2);
    for (int i = 0; i < draws; ++i) {
        RatingRequest request = home(drawn);
        request.rider = i % 2 == 0 ? "NEM-1" : "NB-1";
        request.received = Energy::kilowatt_hours(drawn.between(0, 4'000));
        request.bank_open = bank;
        request.true_up = request.rider == "NEM-1" && i % 13 == 0;
        const auto rated = rate(valdoro(), request);
        ASSERT_TRUE(rated) << rated.error().message();
        const BankDetail& moved = *(*rated).bank;
        ASSERT_EQ(moved.open + moved.deposit - moved.applied - moved.forfeited - moved.paid,
                  moved.close);
        ASSERT_FALSE(moved.close.is_negative());
        ASSERT_FALSE(moved.deposit.is_negative() || moved.applied.is_negative());
        if (request.true_up) {
            ASSERT_TRUE(moved.close.is_zero());
        }
        bank = moved.close;
    }
}

TEST(Property, RenamingTheHoursChangesNothing) {
    // The same use in one piece or in two that meet where no price changes.
    Drawn drawn(5);
    for (int i = 0; i < draws; ++i) {
        RatingRequest whole;
        whole.schedule = "R-TOU";
        whole.period = {Date::ymd(2026, 4, 2), Date::ymd(2026, 5, 2)};
        const Date middle = Date::ymd(2026, 4, 2) + static_cast<int>(drawn.between(1, 29));
        RatingRequest parted = whole;
        TouSegmentUse one{whole.period, {}};
        TouSegmentUse before{{whole.period.from, middle}, {}};
        TouSegmentUse after{{middle, whole.period.until}, {}};
        for (const char* period : {"on", "off"}) {
            const Energy a = Energy::watt_hours(drawn.between(0, 900'000));
            const Energy b = Energy::watt_hours(drawn.between(0, 900'000));
            one.by_period.emplace_back(period, a + b);
            before.by_period.emplace_back(period, a);
            after.by_period.emplace_back(period, b);
            whole.delivered += a + b;
        }
        parted.delivered = whole.delivered;
        whole.tou = {one};
        parted.tou = {before, after};
        const auto a = rate(valdoro(), whole);
        const auto b = rate(valdoro(), parted);
        ASSERT_TRUE(a && b);
        ASSERT_EQ((*a).current_charges, (*b).current_charges);
        ASSERT_EQ(sum_of_lines(*a, "EN-"), whole.delivered);
    }
}

TEST(Property, OneThreadIsAsGoodAsMany) {
    const auto total = [](unsigned seed) {
        Drawn drawn(seed);
        std::int64_t sum = 0;
        for (int i = 0; i < 500; ++i) {
            sum += (*rate(valdoro(), home(drawn))).current_charges.minor_units();
        }
        return sum;
    };
    std::vector<std::int64_t> alone, together(8);
    for (unsigned seed = 0; seed < 8; ++seed) alone.push_back(total(seed));
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 8; ++seed) {
        threads.emplace_back([&, seed] { together[seed] = total(seed); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(alone, together);
}

}  // namespace
}  // namespace watthour::rating
