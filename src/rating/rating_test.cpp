// SPDX-License-Identifier: Apache-2.0
// Bills worked in full are in tests/golden; here are rules one at a time and all refusals.
#include "rating/rating.hpp"

#include "rating/deposit_interest.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace watthour::rating {
namespace {

using tariff::Language;
using tariff::valdoro;

RatingRequest home(Date from, int days, std::int64_t kwh) {
    RatingRequest request;
    request.schedule = "R-1";
    request.option = "B";
    request.period = {from, from + days};
    request.delivered = Energy::kilowatt_hours(kwh);
    return request;
}

RatingRequest time_of_use(Date from, int days, std::int64_t on, std::int64_t off) {
    RatingRequest request = home(from, days, on + off);
    request.schedule = "R-TOU";
    request.option = "";
    request.tou = {{request.period,
                    {{"on", Energy::kilowatt_hours(on)}, {"off", Energy::kilowatt_hours(off)}}}};
    return request;
}

const ChargeLine* find(const RatedStatement& statement, std::string_view code) {
    for (const ChargeLine& line : statement.lines) {
        if (line.code == code) return &line;
    }
    return nullptr;
}

std::string slug_of(const RatingRequest& request) {
    const auto rated = rate(valdoro(), request);
    return rated ? "rated" : std::string(rated.error().slug());
}

const Date july_12 = Date::ymd(2024, 7, 12);
const Date march = Date::ymd(2026, 3, 2);

/// A schedule of one charge, which stands alone: kWh times a price, rounded by a word.
std::string one_charge(const char* price, const char* rounding) {
    return std::string(R"(
schedule: T
name: {en: T, es: T}
applies_to: {en: Tests, es: Pruebas}
class: residential
review_class: residential
usage: register
versions_apply: service_on_or_after
facts: {}
discounts: []
riders: []
versions:
  - effective: 2024-01-01
    proration_rules: {}
    charges:
      - code: EN
        text: {en: Energy, es: "Energía"}
        applies: everyone
        quantity: kwh
        unit: $/kWh
        energy: billed
        price: {by: none, each: ")") +
           price + R"("}
        kwh_split: days_cumulative_whole_kwh
        proration: none
        split: own_price
        rounding: )" +
           rounding + R"(
        in_base_of: []
        ledger: revenue
)";
}

std::string amount_of(const char* kwh, const char* price, const char* rounding) {
    const auto catalogue = tariff::load_tariff_file("t.yaml", one_charge(price, rounding));
    if (!catalogue) return catalogue.error().message();
    RatingRequest request;
    request.schedule = "T";
    request.period = {march, march + 30};
    request.delivered = *Energy::parse_kwh(kwh);
    const auto rated = rate(*catalogue, request);
    if (!rated) return rated.error().message();
    const ChargeLine& line = (*rated).lines.front();
    return line.unrounded ? line.unrounded->to_string() : line.amount.to_string();
}

TEST(Rounding, IsTheWordOfTheCharge) {
    // 0.5 x 0.01 = 0.005; 2.5 x 0.01 = 0.025; a price below zero mirrors them.
    EXPECT_EQ(amount_of("0.5", "0.01", "cent_half_away_from_zero"), "0.01");
    EXPECT_EQ(amount_of("0.5", "-0.01", "cent_half_away_from_zero"), "-0.01");
    EXPECT_EQ(amount_of("0.5", "0.01", "cent_half_even"), "0.00");
    EXPECT_EQ(amount_of("2.5", "0.01", "cent_half_even"), "0.02");
    EXPECT_EQ(amount_of("1.999", "0.01", "cent_toward_zero"), "0.01");
    EXPECT_EQ(amount_of("3", "7", "cent_half_away_from_zero"), "21.00");
    EXPECT_EQ(amount_of("1.234", "0.12345", "eighth_place_half_away_from_zero"), "0.15233730");
    // Prices finer than eight places are exact until the one rounding: 1000 x 0.070768997073.
    EXPECT_EQ(amount_of("1000", "0.070768997073", "eighth_place_half_away_from_zero"),
              "70.76899707");
}

TEST(Proration, WindowOf27Through33DaysIsOneMonth) {
    struct Row {
        int days;
        const char *factor, *customer;
    };
    // 18.50 x days/30 outside the window.
    const Row rows[] = {{26, "13/15", "16.03"},
                        {27, "1", "18.50"},
                        {33, "1", "18.50"},
                        {34, "17/15", "20.97"},
                        {1, "1/30", "0.62"}};
    for (const Row& row : rows) {
        const auto rated = rate(valdoro(), home(july_12, row.days, 0));
        ASSERT_TRUE(rated);
        EXPECT_EQ(to_string((*rated).fixed_charge_factor), row.factor);
        EXPECT_EQ((*rated).lines.front().amount.to_string(), row.customer);
    }
}

TEST(Statement, LinesSumToTheTotalAndTheJournalBalances) {
    const auto rated = rate(valdoro(), home(july_12, 31, 653));
    ASSERT_TRUE(rated);
    EXPECT_EQ((*rated).current_charges.to_string(), "167.00");
    Money lines, debit, credit;
    for (const ChargeLine& line : (*rated).lines) lines += line.amount;
    for (const JournalLeg& leg : (*rated).journal) {
        debit += leg.debit;
        credit += leg.credit;
    }
    EXPECT_EQ(lines, (*rated).current_charges);
    EXPECT_EQ(debit, credit);
    EXPECT_EQ((*rated).journal.front().account, "1310");
}

TEST(Statement, ZeroUseBillsTheMinimumAndNoEnergyLine) {
    const auto rated = rate(valdoro(), home(march, 30, 0));
    ASSERT_TRUE(rated);
    EXPECT_EQ(find(*rated, "EN-T1"), nullptr);
    EXPECT_EQ(find(*rated, "ERS"), nullptr);
    EXPECT_EQ(find(*rated, "MIN")->amount.to_string(), "3.75");  // 23.50 - 19.75
}

TEST(Discount, EapOverlappingRangesCountADayOnce) {
    RatingRequest request = time_of_use(march, 30, 100, 300);
    request.discounts = {{"EAP", {march, march + 10}}, {"EAP", {march + 5, march + 15}}};
    const auto rated = rate(valdoro(), request);
    ASSERT_TRUE(rated);
    EXPECT_EQ(find(*rated, "EAP")->factor_text(), "1/2");
    EXPECT_NE(find(*rated, "UUT"), nullptr);  // not in force on the last service day
    request.discounts.push_back({"EAP", {march + 29, end_of_time}});
    const auto exempt = rate(valdoro(), request);
    EXPECT_EQ(find(*exempt, "UUT"), nullptr);
    EXPECT_EQ((*exempt).uut_exempt, (std::vector<std::string>{"EAP"}));
}

TEST(Exemption, IsTestedOnTheLastServiceDay) {
    RatingRequest request = home(march, 30, 400);
    request.exemptions = {{"CONSULAR", {march, march + 29}}};
    const auto ended = rate(valdoro(), request);
    EXPECT_NE(find(*ended, "UUT"), nullptr);
    EXPECT_NE(find(*ended, "ERS"), nullptr);
    request.exemptions = {{"CONSULAR", {march + 29, end_of_time}}};
    const auto begun = rate(valdoro(), request);
    EXPECT_EQ(find(*begun, "UUT"), nullptr);
    EXPECT_EQ(find(*begun, "ERS"), nullptr);
    request.exemptions = {{"FEDERAL", {march, end_of_time}}};
    const auto federal = rate(valdoro(), request);
    EXPECT_NE(find(*federal, "UUT"), nullptr);
    EXPECT_EQ(find(*federal, "ERS"), nullptr);
}

TEST(Surcharge, VersionOfTheFirstDayIsNeverSplit) {
    const auto before = rate(valdoro(), home(Date::ymd(2025, 12, 31), 30, 1000));
    EXPECT_EQ(find(*before, "ERS")->rate_text(), "0.00030");
    const auto after = rate(valdoro(), home(Date::ymd(2026, 1, 1), 30, 1000));
    EXPECT_EQ(find(*after, "ERS")->rate_text(), "0.00028");
}

TEST(Fee, LateChargeIsTheGreaterOfMinimumAndPercent) {
    struct Row {
        const char *past_due, *fee;
    };
    const Row rows[] = {{"19.99", ""},
                        {"20.00", "5.00"},
                        {"333.33", "5.00"},
                        {"333.70", "5.01"},
                        {"1000.00", "15.00"}};
    for (const Row& row : rows) {
        RatingRequest request = home(march, 30, 100);
        request.fees = {{"LATE", *Money::parse(row.past_due)}};
        const auto rated = rate(valdoro(), request);
        const ChargeLine* fee = find(*rated, "FEE-LATE");
        EXPECT_EQ(fee == nullptr ? "" : fee->amount.to_string(), row.fee) << row.past_due;
    }
}

TEST(Demand, RatchetUsesTheLastElevenMeasuredMaxima) {
    RatingRequest request = home(march, 30, 10'000);
    request.schedule = "C-2";
    request.measured_max = Demand::watts(50'000);
    request.prior_max.assign(12, Demand::watts(40'000));
    request.prior_max.front() = Demand::watts(400'000);  // twelve periods ago
    EXPECT_EQ((*rate(valdoro(), request)).demands.front().billing.to_string(), "50");
    request.prior_max[1] = Demand::watts(167'900);
    EXPECT_EQ((*rate(valdoro(), request)).demands.front().billing.to_string(), "100.7");  // 100.74
}

TEST(Refusal, NothingIsHalfComputed) {
    RatingRequest request = home(march, 30, 100);
    EXPECT_EQ(slug_of(request), "rated");
    const auto with = [&](auto change) {
        RatingRequest changed = request;
        change(changed);
        return slug_of(changed);
    };
    using R = RatingRequest;
    EXPECT_EQ(with([](R& r) { r.schedule = "X-9"; }), "tariff.schedule_unknown");
    EXPECT_EQ(with([](R& r) { r.rider = "NEM-2"; }), "rating.rider_not_taken");
    EXPECT_EQ(with([](R& r) { r.rider = "NEM-3"; }), "tariff.rider_unknown");
    EXPECT_EQ(with([](R& r) { r.option = ""; }), "tariff.fact_missing");
    EXPECT_EQ(with([](R& r) { r.option = "X"; }), "tariff.fact_unknown");
    EXPECT_EQ(with([](R& r) { r.period.until = r.period.from; }), "rating.period_empty");
    EXPECT_EQ(with([](R& r) { r.period.until = r.period.from + 1101; }), "rating.period_too_long");
    EXPECT_EQ(with([](R& r) { r.period = {Date::ymd(2024, 6, 20), Date::ymd(2024, 7, 20)}; }),
              "tariff.no_version_on_date");
    EXPECT_EQ(with([](R& r) { r.delivered = Energy::kilowatt_hours(-1); }), "rating.use_negative");
    EXPECT_EQ(with([](R& r) { r.discounts = {{"EEP", r.period}}; }), "rating.discount_unknown");
    EXPECT_EQ(with([](R& r) { r.discounts = {{"MED-PCT", r.period}}; }),
              "rating.discount_not_offered");
    EXPECT_EQ(with([](R& r) { r.discounts = {{"SENIOR", r.period}}; }), "rated");
    EXPECT_EQ(with([](R& r) { r.exemptions = {{"CHURCH", r.period}}; }),
              "rating.exemption_unknown");
    EXPECT_EQ(with([](R& r) { r.fees = {{"TIP", {}}}; }), "tariff.fee_unknown");
    EXPECT_EQ(with([](R& r) { r.schedule = "C-2"; }), "rating.demand_missing");
    EXPECT_EQ(with([](R& r) { r.schedule = "C-1"; }), "tariff.fact_missing");
    EXPECT_EQ(with([](R& r) { r.schedule = "R-TOU"; }), "rating.tou_use_missing");
}

TEST(Refusal, IntervalUseIsNeverSplitByDays) {
    RatingRequest request = time_of_use(Date::ymd(2026, 5, 20), 30, 100, 300);
    EXPECT_EQ(slug_of(request), "rating.use_straddles_change");
    request = time_of_use(march, 30, 100, 300);
    request.delivered = Energy::kilowatt_hours(401);
    EXPECT_EQ(slug_of(request), "rating.use_disagrees");
    request = time_of_use(march, 30, 100, 300);
    request.tou.front().segment.until = march + 29;
    EXPECT_EQ(slug_of(request), "rating.use_not_tiled");
    request = time_of_use(march, 30, 100, 300);
    request.tou.front().by_period.front().first = "super";
    EXPECT_EQ(slug_of(request), "rating.period_unknown");
}

TEST(Rate, GivesTheSameAnswerOnAnyThread) {
    const auto expected = rate(valdoro(), home(july_12, 31, 653));
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (int& bad : wrong) {
        threads.emplace_back([&bad, &expected] {
            for (int i = 0; i < 500; ++i) {
                const auto again = rate(valdoro(), home(july_12, 31, 653));
                if ((*again).journal != (*expected).journal) ++bad;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Trace, RecordsReadBackAsWritten) {
    RatingRequest request = home(Date::ymd(2025, 6, 13), 32, 731);
    request.discounts = {{"MED-ALLOW", {Date::ymd(2025, 7, 1), end_of_time}}};
    request.uut_year_to_date = *Money::parse("17999.00");
    const auto rated = rate(valdoro(), request);
    for (const ChargeLine& line : (*rated).lines) {
        EXPECT_FALSE(line.trace.empty()) << line.code;
        for (const TraceStep& step : line.trace) {
            EXPECT_EQ(*TraceStep::from_record(step.to_record()), step);
        }
    }
    EXPECT_EQ(TraceStep::from_record("tier_limit 1 2").error().slug(), "rating.trace_malformed");
    EXPECT_EQ(TraceStep::from_record("").error().slug(), "rating.trace_malformed");
}

TEST(Explain, SaysWhatTheCustomerCanRepeatByHand) {
    const auto rated = rate(valdoro(), home(Date::ymd(2025, 6, 13), 32, 731));
    const std::string clause = find(*rated, "EN-T2")->clause;
    EXPECT_EQ(explain_line(*find(*rated, "EN-T2"), Language::english),
              "Energy tier 2, June 13, 2025 through June 30, 2025: $17.07.\n"
              "Of 731 kWh in 32 days, 411 kWh belong to days 1 to 18, in whole kWh.\n"
              "This price reaches up to 257 kWh: a baseline of 9.5 kWh a day over 18 days "
              "(1.5 x 9.5 x 18), in whole kWh.\n"
              "Of 411 kWh, 86 kWh lie above 171 kWh and within this price.\n"
              "86 kWh x $0.19850 = $17.071, which rounds to $17.07 (to the cent, a half cent away "
              "from zero).\n"
              "Source: " +
                  clause + ".");
    EXPECT_EQ(explain_line((*rated).lines[0], Language::spanish),
              "Cargo fijo por cliente, del 13 de junio de 2025 al 30 de junio de 2025: $10.41.\n"
              "El período tiene 32 días; de 27 a 33 días cuentan como un mes completo.\n"
              "Cuenta por 18 de los 32 días.\n"
              "1 mes x $18.50 x 9/16 = $10.40625, que se redondea a $10.41 (al centavo; medio "
              "centavo se aleja de cero).\n"
              "Fuente: " +
                  (*rated).lines[0].clause + ".");
    EXPECT_EQ(explain_line(*find(*rated, "PBC"), Language::english),
              "Public benefits charge: $4.94.\n"
              "2.85% of $173.33 = $4.939905, which rounds to $4.94 (to the cent, a half cent away "
              "from zero).\n"
              "Source: " +
                  find(*rated, "PBC")->clause + ".");
}

TEST(Deposit, SimpleInterestByCalendarYear) {
    const auto found = deposit_interest(valdoro().deposits, *Money::parse("200.00"),
                                        Date::ymd(2024, 3, 4), Date::ymd(2025, 8, 20));
    ASSERT_TRUE(found);
    EXPECT_EQ((*found).interest.to_string(), "11.92");
    EXPECT_EQ((*found).years[0].days, 302);
    EXPECT_EQ((*found).years[1].days, 232);
    EXPECT_EQ(deposit_interest(valdoro().deposits, Money::minor(1), Date::ymd(2026, 1, 1),
                               Date::ymd(2027, 1, 1))
                  .error()
                  .slug(),
              "rating.interest_rate_missing");
}

}  // namespace
}  // namespace watthour::rating
