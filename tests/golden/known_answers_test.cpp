// SPDX-License-Identifier: Apache-2.0
// Years of bills that other engines computed (data/rates, data/known-bills), each rated through a
// tariff that is written in the language and read back. What they expect is compared, never read
// by the program.
#include "base/files.hpp"
#include "base/json.hpp"
#include "cases/rate_case.hpp"
#include "cases/tariff_source.hpp"
#include "formats/urdb_tariff.hpp"
#include "rating/rating.hpp"
#include "usage/interval_use.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace watthour {
namespace {

namespace fs = std::filesystem;

const fs::path data_folder = fs::path(WATTHOUR_DATA_DIR);

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == extension) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

json::value parsed(const fs::path& path) {
    return *parse_json(*read_file(path.string()), path.string());
}

/// The input without what is expected of it.
std::string bare_text(const json::value& whole) {
    json::value bare = whole;
    bare.as_object().erase("expected");
    return to_text(bare);
}

/// The largest difference of two lists of numbers, and where.
void compare(const json::value& wanted, const json::value& found, const std::string& where,
             double tolerance, std::vector<std::string>& differences) {
    const auto& a = wanted.as_array();
    const auto& b = found.as_array();
    ASSERT_EQ(a.size(), b.size()) << where;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i].to_number<double>();
        const double y = b[i].to_number<double>();
        if (std::fabs(x - y) < tolerance) continue;
        differences.push_back(where + " month " + std::to_string(i + 1) + ": " + std::to_string(x) +
                              " expected, " + std::to_string(y) + " found");
    }
}

void check_years(const fs::path& path, std::vector<std::string>& differences) {
    const json::value given = parsed(path);
    const auto answer = cases::rate_case(bare_text(given), path.string());
    ASSERT_TRUE(answer) << path << ": " << answer.error().message();
    constexpr const char* fields[] = {"energy_charge", "demand_flat_charge", "demand_tou_charge",
                                      "fixed_charge",  "minimum_charge",     "true_up_credit",
                                      "bill"};
    for (const char* side : {"without_generation", "with_generation"}) {
        const json::value* expected = given.at("expected").as_object().if_contains(side);
        if (expected == nullptr) continue;
        const auto& years = expected->at("years").as_array();
        for (std::size_t year = 0; year < years.size(); ++year) {
            const json::value& found = (*answer).at(side).at("years").as_array()[year];
            for (const char* field : fields) {
                const json::value* wanted = years[year].as_object().if_contains(field);
                if (wanted == nullptr) continue;
                compare(*wanted, found.at(field), path.stem().string() + " " + side + " " + field,
                        0.005, differences);
            }
        }
    }
}

TEST(KnownAnswers, SyntheticLoadsAndRates) {
    const auto files = files_of(data_folder / "rates/cases", ".json");
    EXPECT_EQ(files.size(), 159U);
    std::vector<std::string> differences;
    for (const fs::path& file : files) check_years(file, differences);
    EXPECT_EQ(differences, std::vector<std::string>());
}

TEST(KnownAnswers, TheSimulatorsOwnTests) {
    const auto files = files_of(data_folder / "rates/ssc_own_tests/cases", ".json");
    EXPECT_EQ(files.size(), 33U);
    std::vector<std::string> differences;
    for (const fs::path& file : files) check_years(file, differences);
    EXPECT_EQ(differences, std::vector<std::string>());
}

TEST(KnownAnswers, PublishedRatesOnMeasuredLoads) {
    const auto files = files_of(data_folder / "known-bills", ".json");
    EXPECT_EQ(files.size(), 11U);
    std::vector<std::string> differences;
    for (const fs::path& path : files) {
        const json::value given = parsed(path);
        const auto answer = cases::rate_case(bare_text(given), path.string());
        ASSERT_TRUE(answer) << path << ": " << answer.error().message();
        for (const char* field :
             {"year1_monthly_utility_bill_w_sys", "year1_monthly_utility_bill_wo_sys"}) {
            compare(given.at("expected").at(field), (*answer).at(field),
                    path.stem().string() + " " + field, 0.005, differences);
        }
    }
    EXPECT_EQ(differences, std::vector<std::string>());
}

TEST(KnownAnswers, ACaseOfAMissingMonthIsRefused) {
    json::value given = parsed(data_folder / "rates/cases/s001_flat_fixed_1.json");
    given.at("rate").at("energy").at("weekday").as_array().pop_back();
    const auto answer = cases::rate_case(
        to_text(given), (data_folder / "rates/cases/s001_flat_fixed_1.json").string());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().slug(), "cases.value_malformed");
    EXPECT_NE(answer.error().message().find("11 months"), std::string::npos)
        << answer.error().message();
}

double dollars(const rating::RatedStatement& rated) {
    double sum = 0;
    for (const rating::ChargeLine& line : rated.lines) {
        sum += std::stod(line.unrounded ? line.unrounded->to_string() : line.amount.to_string());
    }
    return sum;
}

/// The rate of a case as elements with windows of hours.
std::string elements_of(const json::value& one) {
    const std::vector<std::string> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    json::array components;
    for (const json::value& price : one.at("energy").as_array()) {
        json::array months;
        for (const json::value& month : price.at("months").as_array()) {
            months.push_back(month.to_number<int>() - 1);
        }
        json::array days;
        for (const json::value& day : price.at("days").as_array()) {
            const auto at = std::find(weekdays.begin(), weekdays.end(), day.as_string().c_str());
            days.push_back(at - weekdays.begin());
        }
        components.push_back(json::object{{"charge", price.at("price_per_kwh")},
                                          {"months", std::move(months)},
                                          {"daysOfWeek", std::move(days)},
                                          {"hourStarts", price.at("hours_starting")}});
    }
    json::array fixed{json::object{{"charge", one.at("fixed_monthly")}}};
    return to_text(json::array{
        json::object{{"rateElementType", "FixedPerMonth"}, {"rateComponents", std::move(fixed)}},
        json::object{{"rateElementType", "EnergyTimeOfUse"},
                     {"rateComponents", std::move(components)}}});
}

double year_on_the_clock(const json::value& one) {
    const formats::UrdbFile file = formats::read_urdb(elements_of(one));
    EXPECT_TRUE(file.problems.empty());
    formats::UrdbTerms terms;
    terms.time_zone = one.at("time_zone").as_string().c_str();
    terms.rounding = "eighth_place_half_away_from_zero";
    const auto catalogue =
        tariff::load_tariff_file("dst", formats::urdb_tariff_text(file.records.front(), terms));
    EXPECT_TRUE(catalogue) << (catalogue ? "" : catalogue.error().message());
    const TimeZone zone = *TimeZone::load(terms.time_zone);
    const Date first = Date::ymd(one.at("year").to_number<int>(), 1, 1);
    const auto& block = one.at("kwh_of_each_24_hour_block").as_array();
    double sum = 0;
    std::int64_t hour = 0;
    for (Date month = first; month.year() == first.year(); month = month.first_of_next_month()) {
        const DateRange period{month, month.first_of_next_month()};
        usage::IntervalRows rows;
        const int steps = IntervalGrid(zone, period, 60).count();
        for (int step = 0; step < steps; ++step, ++hour) {
            const json::value& kwh = block[static_cast<std::size_t>(hour % 24)];
            rows.delivered.push_back(std::llround(kwh.to_number<double>() * 1000));
        }
        const auto use =
            usage::IntervalUse::make(zone, period, 60, 0, std::move(rows), usage::Missing::refused);
        rating::RatingRequest request;
        request.schedule = terms.schedule;
        request.period = period;
        const auto plan = rating::make_plan(*catalogue, rating::plan_key_of(request));
        EXPECT_TRUE(plan && use);
        for (const tariff::Determinant& wanted : (*plan).determinants) {
            request.measured.push_back({wanted, *(*use).measure(wanted, {})});
        }
        sum += dollars(*rating::rate_by(*plan, request));
    }
    EXPECT_EQ(hour, 8760);
    return sum;
}

/// A clock that moves twice a year: getting it wrong moves these bills by 2 to 11 percent.
TEST(KnownAnswers, DaylightSavingMovesTheHours) {
    const json::value given = parsed(data_folder / "rates/other_engines/tou_ev_dst.json");
    EXPECT_EQ(given.at("cases").as_array().size(), 3U);
    for (const json::value& one : given.at("cases").as_array()) {
        EXPECT_NEAR(year_on_the_clock(one), one.at("expected_annual_cost").to_number<double>(),
                    0.005)
            << one.at("id");
    }
}

/// A ladder of blocks, as a record of the database and through the language.
TEST(KnownAnswers, LadderOfBlocks) {
    const json::value given = parsed(data_folder / "rates/other_engines/tier_ladder.json");
    for (const json::value& one : given.at("cases").as_array()) {
        formats::UrdbRecord record;
        record.fixed = Decimal(one.at("fixed_monthly").to_number<int>(), 0);
        record.energy_weekday.assign(12, std::vector<int>(48, 0));
        record.energy_weekend = record.energy_weekday;
        record.energy.emplace_back();
        formats::UrdbTier tier{std::nullopt, "kWh", Decimal(5, 1), {}, {}};
        for (const json::value& block : given.at("blocks").as_array()) {
            tier.max = Decimal(block.at("above_kwh").to_number<int>(), 0);
            record.energy.front().push_back(tier);
            tier = {std::nullopt, "kWh", Decimal(block.at("price").to_number<int>(), 0), {}, {}};
        }
        record.energy.front().push_back(tier);
        const formats::UrdbTerms terms;
        const auto catalogue =
            tariff::load_tariff_file("ladder", formats::urdb_tariff_text(record, terms));
        ASSERT_TRUE(catalogue) << catalogue.error().message();
        rating::RatingRequest request;
        request.schedule = terms.schedule;
        request.period = {Date::ymd(2025, 4, 1), Date::ymd(2025, 5, 1)};
        request.delivered =
            Energy::watt_hours(std::llround(one.at("kwh").to_number<double>() * 1000));
        request.tou = {{request.period, {{"p1", request.delivered}}}};
        const auto rated = rating::rate(*catalogue, request);
        ASSERT_TRUE(rated) << rated.error().message();
        EXPECT_NEAR(dollars(*rated), one.at("expected_bill").to_number<double>(), 0.005);
    }
}

/// A printed statement: the schedule of the tariff book with generation from the local agency.
TEST(KnownAnswers, PrintedStatementOfATariffBook) {
    const json::value given =
        parsed(data_folder / "rates/other_engines/pge_mce_statement_2026_07.json");
    const json::value& bill = given.at("bills").as_array().front();
    const auto loaded =
        cases::load_tariff((data_folder / "../tariffs/pge/e-elec.yaml").string(), "E-ELEC");
    ASSERT_TRUE(loaded) << loaded.error().message();
    rating::RatingRequest request;
    request.schedule = "E-ELEC";
    request.other_facts = {{"supply", "community_choice"}, {"income_tier", "3"}};
    request.period = {Date::ymd(2026, 7, 2), Date::ymd(2026, 7, 29)};
    rating::TouSegmentUse piece{request.period, {}};
    for (const char* period : {"peak", "part_peak", "off_peak"}) {
        const Energy energy = Energy::watt_hours(
            std::llround(bill.at("import_kwh").at(period).to_number<double>() * 1000));
        piece.by_period.emplace_back(period, energy);
        request.delivered += energy;
    }
    request.tou = {piece};
    const auto rated = rating::rate((*loaded).catalogue, request);
    ASSERT_TRUE(rated) << rated.error().message();
    double base = 0, generation = 0, relief = 0;
    for (const rating::ChargeLine& line : (*rated).lines) {
        const double amount = std::stod(line.amount.to_string());
        if (line.code == "BASE") base += amount;
        if (line.code.starts_with("CCA-") && line.code != "CCA-RELIEF") generation += amount;
        if (line.code == "CCA-RELIEF") relief += amount;
    }
    const json::value& expected = bill.at("expected");
    EXPECT_NEAR(base, expected.at("base_services_charge").to_number<double>(), 0.005);
    EXPECT_NEAR(generation, expected.at("cca_generation").to_number<double>(), 0.005);
    EXPECT_NEAR(relief, expected.at("cca_cost_relief_credit").to_number<double>(), 0.005);
}

TEST(RateRecords, EveryFormIsReadAndWrittenInTheLanguage) {
    std::vector<fs::path> files = files_of(data_folder / "urdb", ".json");
    for (const fs::path& table : files_of(data_folder / "urdb", ".csv")) files.push_back(table);
    EXPECT_EQ(files.size(), 13U);
    for (const fs::path& path : files) {
        const auto imported = cases::import_urdb(path.string(), {{"schedule", "X"}});
        ASSERT_TRUE(imported) << path << ": " << imported.error().message();
        const auto loaded = tariff::load_tariff_file(path.string(), (*imported).text);
        ASSERT_TRUE(loaded) << path << ": " << loaded.error().message();
        EXPECT_FALSE((*imported).asked.empty()) << "no record says everything";
    }
}

}  // namespace
}  // namespace watthour
