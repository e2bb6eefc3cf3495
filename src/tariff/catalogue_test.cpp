// SPDX-License-Identifier: Apache-2.0
#include "tariff/catalogue.hpp"

#include "base/text.hpp"
#include "tariff/errors.hpp"
#include "tariff/retention.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour::tariff {
namespace {

const Date july = Date::ymd(2025, 7, 1);

std::vector<DateRange> ranges_of(const std::vector<PriceSegment>& segments) {
    std::vector<DateRange> ranges;
    for (const PriceSegment& segment : segments) ranges.push_back(segment.range);
    return ranges;
}

/// The folder with one text of one file replaced.
class Folder {
public:
    Folder(std::string_view name, const std::string& old_text, const std::string& new_text) {
        for (const EmbeddedFile& file : tariff_files::files()) {
            files_.push_back(file);
            if (file.name != name) continue;
            text_ = std::string(file.text);
            const auto at = text_.find(old_text);
            EXPECT_NE(at, std::string::npos) << old_text;
            if (at != std::string::npos) text_.replace(at, old_text.size(), new_text);
            files_.back().text = text_;
        }
    }
    [[nodiscard]] Result<Catalogue> load() const { return load_catalogue(files_); }

private:
    std::string text_;
    std::vector<EmbeddedFile> files_;
};

TEST(Catalogue, ValdoroIsReadWhole) {
    const Catalogue& all = valdoro();
    EXPECT_EQ(all.schedules.size(), 8U);
    EXPECT_EQ(all.riders.size(), 6U);
    EXPECT_EQ(all.utility.routes.size(), 62U);
    EXPECT_EQ(all.utility.time_zone, "America/Los_Angeles");
    EXPECT_EQ(all.cycles.rows().size(), 480U);
    EXPECT_EQ(all.cycles.of_cycle("01").size(), 24U);
    EXPECT_EQ(all.policies.billing.max_days_without_bill, 45);
    EXPECT_EQ(all.policies.billing.hold_over.small_commercial.to_string(), "7500.00");
    EXPECT_EQ(all.policies.cash.cutoff_second, 17 * 3600);
    EXPECT_EQ(all.policies.reading.rollover_max_fraction.to_string(), "0.50");
    EXPECT_EQ(all.gl.role("receivable"), "1310");
    EXPECT_EQ(all.gl.accounts.size(), 26U);
    EXPECT_TRUE(all.rate_holidays.contains(Date::ymd(2025, 7, 4)));
    EXPECT_EQ(all.deposits.interest_percent_by_year.at(2024).to_string(), "3.90");
}

TEST(Catalogue, UnknownScheduleNamesThoseInForce) {
    const auto found = valdoro().find_schedule("C-9");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().slug(), "tariff.schedule_unknown");
    EXPECT_NE(found.error().next().find("R-TOU"), std::string::npos);
}

TEST(Schedule, NoVersionBeforeTheFirst) {
    const RateSchedule& schedule = **valdoro().find_schedule("R-1");
    const auto found = schedule.version_on(Date::ymd(2024, 6, 30));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().slug(), "tariff.no_version_on_date");
    EXPECT_EQ(*(*schedule.version_on(july))->charges.front().price.rows[0][0], Decimal(1975, 2));
}

TEST(Schedule, NewVersionKeepsTheHashOfTheOld) {
    const RateSchedule& schedule = **valdoro().find_schedule("R-1");
    const Folder changed("schedules/r-1.yaml", "each: \"19.75\"", "each: \"20.75\"");
    const auto other = changed.load();
    ASSERT_TRUE(other);
    const RateSchedule& after = **(*other).find_schedule("R-1");
    EXPECT_EQ(schedule.versions[0].content_hash, after.versions[0].content_hash);
    EXPECT_NE(schedule.versions[1].content_hash, after.versions[1].content_hash);
    EXPECT_EQ(schedule.versions[0].content_hash.size(), 64U);
}

TEST(Segments, CutOnlyWhereOwnPriceOrAllowanceChanges) {
    const Catalogue& all = valdoro();
    const RateSchedule& schedule = **all.find_schedule("R-1");
    const DateRange period{Date::ymd(2025, 5, 20), Date::ymd(2025, 7, 15)};
    const ServiceFacts facts{"B", "", ""};
    EXPECT_EQ(ranges_of(*price_segments(schedule, all.seasons, "CUST", facts, period)),
              (std::vector<DateRange>{{period.from, july}, {july, period.until}}));
    const Date june = Date::ymd(2025, 6, 1);
    EXPECT_EQ(ranges_of(*energy_segments(all, schedule, facts, period)),
              (std::vector<DateRange>{{period.from, june}, {june, july}, {july, period.until}}));
    const auto eca = adjustment_segments(all.adjustments.front(), period);
    ASSERT_TRUE(eca);
    EXPECT_EQ((*eca).size(), 2U);
    EXPECT_EQ((*usage_pieces(all, schedule, facts, period)).size(), 3U);
}

TEST(Segments, PhaseDecidesThePrice) {
    const Catalogue& all = valdoro();
    const RateSchedule& schedule = **all.find_schedule("C-1");
    EXPECT_EQ(check_facts(schedule, {"", "", ""}).error().slug(), "tariff.fact_missing");
    EXPECT_EQ(check_facts(schedule, {"", "2", ""}).error().slug(), "tariff.fact_unknown");
    const ServiceFacts facts{"", "3", ""};
    const auto segments = price_segments(schedule, all.seasons, "CUST", facts, {july, july + 30});
    EXPECT_EQ(price_row((*segments)[0].charge->price, 0, facts)[0]->to_string(), "41.60");
}

TEST(Proration, WholeMonthFrom27Through33Days) {
    const ProrationRule rule{"month", 27, 33, 30};
    EXPECT_EQ(rule.factor(26), (Ratio{13, 15}));
    EXPECT_EQ(rule.factor(27), (Ratio{1, 1}));
    EXPECT_EQ(rule.factor(33), (Ratio{1, 1}));
    EXPECT_EQ(rule.factor(34), (Ratio{17, 15}));
    EXPECT_EQ(rule.factor(12), (Ratio{2, 5}));
}

struct Defect {
    const char* file;
    const char* old_text;
    const char* new_text;
    const char* slug;
    const char* place;
};

TEST(TariffFiles, DefectsNameFileLineAndColumn) {
    const Defect defects[] = {
        {"schedules/r-1.yaml", "quantity: months", "quantity: moons", "tariff.word_unknown",
         "schedules/r-1.yaml line 23 column 19"},
        {"schedules/r-1.yaml", "        split: own_price\n", "", "tariff.key_missing", "split"},
        {"schedules/r-1.yaml", "        proration: month\n",
         "        proration: month\n        colour: red\n", "tariff.key_unknown",
         "line 27 column 17"},
        {"schedules/r-1.yaml", "class: residential\n", "class: residential\nclass: residential\n",
         "tariff.key_repeated", "line 9"},
        {"schedules/r-1.yaml", "\"18.50\"", "\"18,50\"", "tariff.value_malformed",
         "line 25 column 33"},
        {"schedules/r-1.yaml", "2025-07-01", "2024-07-01", "tariff.version_out_of_order",
         "2024-07-01"},
        {"schedules/r-1.yaml", "[MIN, EAP,", "[MIN, EEP,", "tariff.reference_unknown", "EEP"},
        {"schedules/r-tou.yaml", "RES-TOU", "RES-T0U", "tariff.reference_unknown", "RES-T0U"},
        {"schedules/r-1.yaml", "up_to: open", "up_to: {baselines: \"3\"}", "tariff.value_malformed",
         "a last tier that is open"},
        {"schedules/r-1.yaml", ", es: Cargo fijo por cliente}", "}", "tariff.key_missing", "es"},
        {"calendars.yaml", "from: \"21:00\", until: \"23:00\"", "from: \"20:00\", until: \"23:00\"",
         "tariff.windows_overlap", "calendars.yaml line"},
        {"schedules/c-2.yaml", "unit: $/kW\n", "unit: $/kWh\n", "tariff.unit_wrong", "per $/kWh"},
        {"schedules/c-2.yaml", "demand: maximum", "demand: highest", "tariff.reference_unknown",
         "highest"},
        {"schedules/c-3.yaml", "applies: {voltage: [primary]}", "applies: {voltage: [middle]}",
         "tariff.reference_unknown", "voltage middle"},
        {"schedules/c-3.yaml", "in_base_of: [VOLT, PBC, UUT]", "in_base_of: [PFADJ, PBC, UUT]",
         "tariff.percent_too_early", "PFADJ is taken on PFADJ"},
        {"schedules/r-1.yaml", "up_to: {baselines: \"1.5\"}", "up_to: {baselines: \"0.5\"}",
         "tariff.value_malformed", "a limit above the tier before"},
        {"schedules/r-1.yaml", "riders: [NEM-1,", "riders: [NEM-9,", "tariff.reference_unknown",
         "NEM-9"},
        {"riders/nem-1.yaml", "netting: period", "netting: none", "tariff.value_malformed",
         "period or tou_period"},
        {"riders/nb-1.yaml", "pays: utility", "pays: nobody", "tariff.word_unknown", "nobody"},
        {"schedules/sl-1.yaml", ", HPS-200: \"10.90\"", "", "tariff.value_malformed",
         "a price for each type"},
        {"gl.yaml", "discounts: \"4090\"", "discounts: \"4099\"", "tariff.reference_unknown",
         "4099"},
        {"cycle-calendar.tsv", "2025-01-03", "2025-13-03", "tariff.value_malformed", "line 3"},
        {"policies.yaml", "due_days: \"20\"", "due_days: twenty", "tariff.value_malformed",
         "credit.due_days"},
        {"policies.yaml", "interval_months: \"36\"", "interval_months: \"0\"",
         "tariff.value_malformed", "a number of months above 0"},
        {"taxes.yaml", "percent_of_base", "percent_of: [base", "tariff.file_malformed",
         "taxes.yaml line"},
        {"vee.yaml", "zeros: {accept: \"8\"", "zeros: {acept: \"8\"", "tariff.key_unknown",
         "acept"},
        {"vee.yaml", "gap: {verdict: estimate}",
         "gap: {verdict: estimate, close: {kwh: \"1\", dollars: \"1.00\", sample_percent: \"5\"}}",
         "tariff.key_unknown", "close"},
        {"vee.yaml", "spike: {verdict: fail,",
         "spike: {verdict: fail, close: {kwh: \"1\", dollars: \"1.00\", sample_percent: \"0\"},",
         "tariff.value_malformed", "1 to 100"},
    };
    for (const Defect& defect : defects) {
        const auto loaded = Folder(defect.file, defect.old_text, defect.new_text).load();
        ASSERT_FALSE(loaded) << defect.old_text;
        EXPECT_EQ(loaded.error().slug(), defect.slug) << loaded.error().message();
        EXPECT_NE(loaded.error().message().find(defect.place), std::string::npos)
            << loaded.error().message();
    }
}

TEST(Retention, KeepsWholeMonthsAndWhatIsHeld) {
    const auto policy = retention_of(
        "retention:\n  interval_months: \"36\"\n  rebill_months: \"12\"\n  holds:\n"
        "    - {meter: \"M-1\", from: \"2022-01-10\", until: \"2022-02-01\", why: \"Case 7\"}\n");
    ASSERT_TRUE(policy) << policy.error().message();
    const Date today = Date::ymd(2026, 6, 15);
    EXPECT_EQ(policy->keeps_from(today), Date::ymd(2023, 6, 1));
    EXPECT_EQ(policy->rebills_from(today), Date::ymd(2025, 6, 1));
    const DateRange january{Date::ymd(2022, 1, 1), Date::ymd(2022, 2, 1)};
    EXPECT_TRUE(policy->holds_meter("M-1", january));
    EXPECT_FALSE(policy->holds_meter("M-2", january));
    EXPECT_FALSE(policy->holds_meter("M-1", {Date::ymd(2022, 2, 1), Date::ymd(2022, 3, 1)}));
    EXPECT_FALSE(retention_of("reading: {}\n"));
}

}  // namespace
}  // namespace watthour::tariff
