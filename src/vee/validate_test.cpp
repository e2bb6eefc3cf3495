// SPDX-License-Identifier: Apache-2.0
#include "vee/validate.hpp"

#include "tariff/catalogue.hpp"
#include "vee/test_channel.hpp"

#include <gtest/gtest.h>

namespace watthour::vee {
namespace {

using tariff::VeeCheck;
using tariff::VeeLimits;
using tariff::VeeVerdict;

const DateRange may_and_june{Date::ymd(2026, 5, 1), Date::ymd(2026, 6, 12)};
const Date tuesday = Date::ymd(2026, 6, 9);

/// Hourly reads that change from hour to hour, so that nothing but what a test does is found.
TestChannel home() {
    TestChannel channel(60, may_and_june, 900);
    for (std::size_t step = 0; step < channel.wh.size(); ++step) {
        channel.wh[step] += static_cast<std::int64_t>(step % 7) * 10;
    }
    return channel;
}

std::vector<Finding> found_on(const TestChannel& channel, Date day,
                              const VeeLimits& limits = rule_book_limits()) {
    std::vector<Finding> found;
    validate(limits, channel.reads(), {day, day + 1}, found);
    return found;
}

std::vector<Finding> found_of(const TestChannel& channel, const ChannelReads& reads, Date day) {
    std::vector<Finding> found;
    validate(rule_book_limits(), reads, {day, day + 1}, found);
    (void)channel;
    return found;
}

TEST(Validate, FindsNothingInOrdinaryReads) {
    std::vector<Finding> found;
    const TestChannel channel = home();
    validate(rule_book_limits(), channel.reads(), {tuesday - 20, tuesday}, found);
    EXPECT_TRUE(found.empty());
}

// R1.28, the example of the rule book: 9.6 over 3.1 kWh is 209.7 %, 8.6 over 3.1 is 177.4 %.
TEST(Validate, FindsTheSpikeOfTheRuleBook) {
    TestChannel channel = home();
    channel.wh[channel.at(tuesday, 3)] = 3100;
    channel.wh[channel.at(tuesday, 9)] = 3200;
    channel.wh[channel.at(tuesday, 17)] = 9600;
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::spike);
    EXPECT_EQ(found[0].measured, 9600);
    EXPECT_EQ(found[0].reference, 3100);
    EXPECT_EQ(found[0].first_step, static_cast<std::int32_t>(channel.at(tuesday, 17)));
    channel.wh[channel.at(tuesday, 17)] = 8600;
    EXPECT_TRUE(found_on(channel, tuesday).empty());
}

TEST(Validate, LeavesSpikesOfSmallUseAndOfIrregularCustomersAlone) {
    TestChannel channel = home();
    channel.wh[channel.at(tuesday, 17)] = 4999;
    EXPECT_TRUE(found_on(channel, tuesday).empty());
    channel.wh[channel.at(tuesday, 17)] = 5000;
    EXPECT_EQ(found_on(channel, tuesday).size(), 1);
    ChannelReads reads = channel.reads();
    reads.irregular = true;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
}

// R1.23: neighbouring days are one finding, and a spring day has 23 hours.
TEST(Validate, CountsMissingIntervalsAlsoOnShortDays) {
    const Date sunday = Date::ymd(2026, 3, 8);
    TestChannel channel(60, {sunday - 30, sunday + 3}, 900);
    channel.lose(channel.at(sunday - 1, 22), 2 + 23);
    std::vector<Finding> found;
    VeeLimits limits = rule_book_limits();
    limits.verdicts[static_cast<std::size_t>(VeeCheck::constant)] = VeeVerdict::off;
    validate(limits, channel.reads(), {sunday - 1, sunday + 2}, found);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::gap);
    EXPECT_EQ(found[0].measured, 25);
    EXPECT_EQ(found[0].reference, 24 + 23);
    EXPECT_EQ(found[0].days.days(), 2);
}

// R1.32 and R1.26: 24 hours of zeros are found once, an outage explains them.
TEST(Validate, FindsZerosThatNoOutageExplains) {
    TestChannel channel = home();
    for (std::size_t step = channel.at(tuesday - 1, 6); step < channel.at(tuesday, 6); ++step) {
        channel.wh[step] = 0;
    }
    EXPECT_TRUE(found_on(channel, tuesday - 1).empty());
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::zeros);
    EXPECT_EQ(found[0].measured, 24);
    channel.status[channel.at(tuesday - 1, 12)] = IntervalStatus::outage;
    EXPECT_TRUE(found_on(channel, tuesday).empty());
}

TEST(Validate, FindsOneValueThroughFourHours) {
    TestChannel channel = home();
    for (int hour = 10; hour < 14; ++hour) channel.wh[channel.at(tuesday, hour)] = 1234;
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::constant);
    EXPECT_EQ(found[0].reference, 1234);
    channel.wh[channel.at(tuesday, 13)] = 1235;
    EXPECT_TRUE(found_on(channel, tuesday).empty());
}

// R1.27: 24 kWh and some in the intervals; the register may differ by 2 kWh, its two steps.
TEST(Validate, HoldsTheSumAgainstTheRegister) {
    TestChannel channel = home();
    std::int64_t sum = 0;
    for (int hour = 0; hour < 24; ++hour) sum += channel.wh[channel.at(tuesday, hour)];
    channel.marks = {{tuesday, 5'000'000}, {tuesday + 1, 5'000'000 + sum + 2000}};
    EXPECT_TRUE(found_on(channel, tuesday).empty());
    channel.marks[1].wh += 1;
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::sum);
    EXPECT_EQ(found[0].measured, sum);
    EXPECT_EQ(found[0].reference, sum + 2001);
    EXPECT_EQ(found[0].limit, 2000);
}

// 0.5 % of 1,000 kWh is 5 kWh, more than two steps of 1 kWh.
TEST(Validate, ToleratesTheLargerOfShareAndSteps) {
    const SumTolerance sums = compare_sums(rule_book_limits(), 1'005'000, 1'000'000, 1000);
    EXPECT_EQ(sums.allowed, 5000);
    EXPECT_TRUE(sums.holds());
    EXPECT_FALSE(compare_sums(rule_book_limits(), 1'005'001, 1'000'000, 1000).holds());
}

TEST(Validate, FindsEnergyToTheGridWithoutGeneration) {
    TestChannel channel = home();
    channel.wh[channel.at(tuesday, 12)] = -300;
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::received);
    EXPECT_EQ(found[0].measured, -300);
    ChannelReads reads = channel.reads();
    reads.has_generation = true;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
}

// R1.30: 31.25 kW is 125 % of 25 kW and passes, a watt-hour more does not.
TEST(Validate, HoldsTheLoadAgainstTheRating) {
    TestChannel channel(15, may_and_june, 900);
    for (std::size_t step = 0; step < channel.wh.size(); ++step) {
        channel.wh[step] = 7000 + static_cast<std::int64_t>(step % 9);
    }
    channel.wh[channel.at(tuesday, 17)] = 7812;
    ChannelReads reads = channel.reads();
    reads.capacity_watts = 25'000;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
    channel.wh[channel.at(tuesday, 17)] = 7813;
    const auto found = found_of(channel, reads, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::capacity);
    EXPECT_EQ(found[0].measured, 31'252);
}

// R1.30: the highest quarter hour of the reference days was 26.0 kWh; 52.0 is 200 % and passes.
TEST(Validate, HoldsTheDemandAgainstTheDaysBefore) {
    TestChannel channel(15, may_and_june, 900);
    for (std::size_t step = 0; step < channel.wh.size(); ++step) {
        channel.wh[step] = 25'000 + static_cast<std::int64_t>(step % 11) * 100;
    }
    channel.wh[channel.at(tuesday, 15)] = 52'000;
    EXPECT_TRUE(found_on(channel, tuesday).empty());
    channel.wh[channel.at(tuesday, 15)] = 52'001;
    const auto found = found_on(channel, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::high_low_demand);
    EXPECT_EQ(found[0].measured, 208'004);
    EXPECT_EQ(found[0].reference, 104'000);
}

// R1.29: 28 days at twice the use of last year are not more than 200 %; a little more is.
TEST(Validate, ComparesUseWithLastYear) {
    TestChannel channel = home();
    // The first day of the range on which a stretch of 28 days ends.
    Date day = may_and_june.from + 28;
    while (day.days() % 28 != 27) day = day + 1;
    channel.last_year.assign(static_cast<std::size_t>(may_and_june.days()), {10'000, 900, 0});
    for (Date d = may_and_june.from; d < may_and_june.until; d = d + 1) {
        channel.set_day(d, 0);
        for (int hour = 0; hour < 24; ++hour) {
            channel.wh[channel.at(d, hour)] = hour % 2 == 0 ? 833 : 834;
        }
        channel.wh[channel.at(d, 0)] += 20'000 - 12 * (833 + 834);
    }
    EXPECT_TRUE(found_on(channel, day).empty());
    channel.wh[channel.at(day, 5)] += 1;
    const auto found = found_on(channel, day);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::high_low_use);
    EXPECT_EQ(found[0].reference, 10'000);
    EXPECT_EQ(found[0].limit, 200);
}

// R1.31: reactive energy of 1.5 times the energy passes, more does not, none with load does not.
TEST(Validate, HoldsReactiveEnergyAgainstEnergy) {
    TestChannel channel(60, may_and_june, 1500);
    for (std::size_t step = 0; step < channel.wh.size(); ++step) {
        channel.wh[step] += step % 2 == 0 ? 1 : -1;
    }
    const std::vector<std::int64_t> energy(channel.wh.size(), 1000);
    ChannelReads reads = channel.reads();
    reads.energy_wh = energy;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
    channel.wh[channel.at(tuesday, 4)] += 1;
    ASSERT_EQ(found_of(channel, reads, tuesday).size(), 1);
    channel.set_day(tuesday, 0);
    const auto found = found_of(channel, reads, tuesday);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.back().check, VeeCheck::reactive);
    EXPECT_EQ(found.back().reference, 24'000);
}

TEST(Validate, FindsUseWhereNobodyIsServed) {
    TestChannel channel = home();
    channel.served = {{may_and_june.from, tuesday - 1}};
    const ChannelReads reads = channel.reads();
    std::vector<Finding> found;
    validate(rule_book_limits(), reads, {tuesday - 2, tuesday + 1}, found);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::inactive);
    EXPECT_EQ(found[0].days.from, tuesday - 1);
    EXPECT_EQ(found[0].days.days(), 2);
}

// R1.14: 2.4 kWh a day where nobody is served: 12.0 on the fifth day are over 10, 21.6 on the ninth
// over 20.
TEST(Validate, FindsUseWhereNobodyIsServedLittleByLittle) {
    TestChannel channel(60, may_and_june, 100);
    for (std::size_t step = 0; step < channel.wh.size(); ++step) {
        channel.wh[step] += step % 2 == 0 ? 1 : -1;
    }
    channel.served = {{may_and_june.from, tuesday - 8}};
    std::vector<Finding> found;
    validate(rule_book_limits(), channel.reads(), {tuesday - 10, tuesday - 4}, found);
    std::erase_if(found, [](const Finding& one) { return one.check != VeeCheck::inactive; });
    EXPECT_TRUE(found.empty());
    validate(rule_book_limits(), channel.reads(), {tuesday - 4, tuesday}, found);
    std::erase_if(found, [](const Finding& one) { return one.check != VeeCheck::inactive; });
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].days.from, tuesday - 8);
    EXPECT_EQ(found[0].days.until, tuesday - 3);
    EXPECT_EQ(found[0].measured, 12'000);
    validate(rule_book_limits(), channel.reads(), {tuesday, tuesday + 1}, found);
    std::erase_if(found, [](const Finding& one) { return one.check != VeeCheck::inactive; });
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].measured, 21'600);
}

// R1.36: 300 + 500 + 198 against 1,000 kWh: 2 kWh is inside 0.5 %, 6 kWh is not.
TEST(Validate, SumsRegistersOfTimeOfUse) {
    const DateRange days{tuesday - 30, tuesday};
    const std::int64_t good[] = {300'000, 500'000, 198'000};
    const std::int64_t bad[] = {300'000, 500'000, 194'000};
    EXPECT_TRUE(validate_tou_registers(rule_book_limits(), days, good, 1'000'000, 1000).empty());
    const auto found = validate_tou_registers(rule_book_limits(), days, bad, 1'000'000, 1000);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].measured, 994'000);
    EXPECT_EQ(found[0].limit, 5000);
}

// R1.36: 29 days after 32 of 160 kWh; 50% and 200% of 5 kWh a day are 72.5 and 290 kWh.
TEST(Validate, HoldsAPartOfTheDayAgainstItself) {
    const DateRange before{tuesday - 61, tuesday - 29};
    const DateRange days{tuesday - 29, tuesday};
    const auto part = [&](std::int64_t wh) {
        return validate_tou_part(rule_book_limits(), days, wh, before, 160'000);
    };
    EXPECT_FALSE(part(290'000));
    EXPECT_FALSE(part(72'500));
    ASSERT_TRUE(part(290'001));
    EXPECT_EQ(part(290'001)->reference, 5000);
    EXPECT_EQ(part(290'001)->limit, 200);
    ASSERT_TRUE(part(72'499));
    EXPECT_EQ(part(72'499)->limit, 50);
    EXPECT_FALSE(validate_tou_part(rule_book_limits(), days, 20'000, before, 9'000))
        << "both under 1 kWh a day";
}

// R1.22: 200:5 is 40; what nobody recorded disagrees with nothing.
TEST(Validate, HoldsTheMultiplierAgainstTheRecord) {
    TestChannel channel = home();
    ChannelReads reads = channel.reads();
    reads.multiplier_micro = 40'000'000;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
    reads.record_micro = 40'000'000;
    EXPECT_TRUE(found_of(channel, reads, tuesday).empty());
    reads.multiplier_micro = 1'000'000;
    const auto found = found_of(channel, reads, tuesday);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].check, VeeCheck::record);
    EXPECT_EQ(found[0].measured, 1'000'000);
    EXPECT_EQ(found[0].reference, 40'000'000);
}

// R1.22: a month of quarter hours stored for an hourly channel: 2,880 and not 720.
TEST(Validate, HoldsTheIntervalLengthAgainstTheRecord) {
    TestChannel channel = home();
    const Misfit misfits[] = {{Date::ymd(2026, 5, 1), 2976}, {Date::ymd(2026, 6, 1), 2880}};
    ChannelReads reads = channel.reads();
    reads.misfits = misfits;
    const auto found = found_of(channel, reads, tuesday);
    ASSERT_EQ(found.size(), 1) << "only of the month that is checked";
    EXPECT_EQ(found[0].check, VeeCheck::record);
    EXPECT_EQ(found[0].days.from, Date::ymd(2026, 6, 1));
    EXPECT_EQ(found[0].measured, 2880);
    EXPECT_EQ(found[0].limit, 60);
}

// R1.28, "unless a verified pattern": 9.6 kWh after 8.0 verified at the same hour are 120%.
TEST(Validate, ExcusesASpikeThatAPersonHasVerifiedBefore) {
    TestChannel channel = home();
    VeeLimits limits = rule_book_limits();
    limits.pattern_days = 28;
    limits.pattern_percent = 120;
    channel.wh[channel.at(tuesday, 18)] = 9600;
    ASSERT_EQ(found_on(channel, tuesday, limits).size(), 1);
    channel.wh[channel.at(tuesday - 7, 17)] = 8000;
    channel.status[channel.at(tuesday - 7, 17)] = IntervalStatus::verified;
    EXPECT_TRUE(found_on(channel, tuesday, limits).empty()) << "an hour beside is the same";
    channel.wh[channel.at(tuesday, 18)] = 9601;
    EXPECT_EQ(found_on(channel, tuesday, limits).size(), 1);
    channel.wh[channel.at(tuesday, 18)] = 9600;
    channel.status[channel.at(tuesday - 7, 17)] = IntervalStatus::actual;
    EXPECT_EQ(found_on(channel, tuesday, limits).size(), 1);
    channel.status[channel.at(tuesday - 7, 17)] = IntervalStatus::verified;
    channel.wh[channel.at(tuesday, 18)] = 500;
    channel.wh[channel.at(tuesday, 12)] = 9600;
    EXPECT_EQ(found_on(channel, tuesday, limits).size(), 1) << "another hour of the day";
}

// R1.46: bounds in kWh and dollars, both; what has no kWh is never closed. $0.25 a kWh.
TEST(Close, ClosesWhatIsWithinBothBounds) {
    VeeLimits limits = rule_book_limits();
    Finding spike;
    spike.check = VeeCheck::spike;
    spike.verdict = VeeVerdict::fail;
    spike.measured = 5100;
    spike.reference = 500;  // 4.6 kWh, $1.15
    EXPECT_FALSE(closes_by_itself(limits, spike, 60)) << "nobody said so";
    auto& close = limits.close[static_cast<std::size_t>(VeeCheck::spike)];
    close = {Energy::watt_hours(4600), Money::minor(115), 5};
    EXPECT_TRUE(closes_by_itself(limits, spike, 60));
    close.most = Energy::watt_hours(4599);
    EXPECT_FALSE(closes_by_itself(limits, spike, 60));
    close = {Energy::watt_hours(4600), Money::minor(114), 5};
    EXPECT_FALSE(closes_by_itself(limits, spike, 60));
    close = {Energy::watt_hours(9999), Money::minor(999), 5};
    spike.verdict = VeeVerdict::note;
    EXPECT_FALSE(closes_by_itself(limits, spike, 60)) << "it asks nobody";
    Finding zeros;
    zeros.check = VeeCheck::zeros;
    zeros.verdict = VeeVerdict::review;
    limits.close[static_cast<std::size_t>(VeeCheck::zeros)] = close;
    EXPECT_FALSE(closes_by_itself(limits, zeros, 60));
}

TEST(Close, CountsTheEnergyOverTheRating) {
    Finding finding;
    finding.check = VeeCheck::capacity;
    finding.measured = 31'000;
    finding.reference = 24'000;
    EXPECT_EQ(energy_at_stake(finding, 15), 1750);  // 7 kW for a quarter hour
    finding.check = VeeCheck::high_low_use;
    finding.days = {tuesday - 28, tuesday};
    EXPECT_EQ(energy_at_stake(finding, 15), 196'000);  // 7 kWh a day for 28 days
}

TEST(Validate, ChecksOnlyWhatThePolicyAsks) {
    TestChannel channel = home();
    channel.wh[channel.at(tuesday, 12)] = -300;
    VeeLimits limits = rule_book_limits();
    limits.verdicts.fill(VeeVerdict::off);
    EXPECT_TRUE(found_on(channel, tuesday, limits).empty());
}

// R1.43: the sample's own classes; each day is some share of an average one.
TEST(VeeRules, HaveAProfileOfEachClass) {
    const auto& rules = tariff::valdoro().vee;
    for (const char* name : {"residential", "commercial"}) {
        const auto* profile = rules.profile_of(name, tuesday);
        ASSERT_NE(profile, nullptr) << name;
        EXPECT_NE(profile->source.find("channel days"), std::string::npos);
        std::int64_t day = 0;
        for (int hour = 0; hour < 24; ++hour) {
            day += profile->wh_of(6, 0, hour * 60, 60, 10'000).value_or(0);
        }
        EXPECT_NEAR(static_cast<double>(day), 10'000, 2'500) << name;
    }
    EXPECT_EQ(rules.profile_of("residential", Date::ymd(2024, 12, 31)), nullptr);
    EXPECT_EQ(rules.profile_of("maritime", tuesday), nullptr);
}

TEST(VeeRules, FindTheGroupOfAChannelByDay) {
    const auto& rules = tariff::valdoro().vee;
    const auto* home = rules.group_for({"residential", "R-TOU", "KWH", 15}, tuesday);
    ASSERT_NE(home, nullptr);
    EXPECT_EQ(home->name, "homes");
    EXPECT_EQ(home->limits.spike_min.wh(), 5000);
    const auto* shop = rules.group_for({"commercial", "C-2", "KWH", 15}, tuesday);
    ASSERT_NE(shop, nullptr);
    EXPECT_EQ(shop->limits.zero_hours, 8);
    EXPECT_EQ(shop->limits.spike_percent, home->limits.spike_percent);
    EXPECT_EQ(rules.group_for({"residential", "R-1", "KWH", 60}, Date::ymd(2020, 1, 1)), nullptr);
}

}  // namespace
}  // namespace watthour::vee
