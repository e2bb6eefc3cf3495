// SPDX-License-Identifier: Apache-2.0
#include "cases/read_year_case.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cases/errors.hpp"
#include "cases/rate_case_input.hpp"
#include "formats/csv.hpp"
#include "formats/urdb_parts.hpp"
#include "rating/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace watthour::cases {

namespace {

namespace fs = std::filesystem;
using formats::UrdbMetering;
using formats::UrdbTier;

constexpr std::size_t days_of_year = 365;
/// 10^-5 Wh in a kWh.
constexpr int kwh_places = 8;

/// Numbers of a series file, one list for each of its lines.
using Lines = std::vector<std::vector<Decimal>>;

Result<Lines> read_lines(const fs::path& path) {
    TRY(const std::string bytes, read_file(path.string()));
    Lines lines;
    std::size_t number = 0;
    for (const std::string_view line : split_text(bytes, '\n')) {
        ++number;
        if (trimmed(line).empty()) continue;
        lines.emplace_back();
        for (const std::string_view cell : split_text(trimmed(line), ',')) {
            const auto value = formats::urdb_number(cell);
            if (!value) {
                return Error(errors::value_malformed, {{"file", path.filename().string()},
                                                       {"path", fmt::format("line {}", number)},
                                                       {"text", std::string(cell)},
                                                       {"wanted", "a number"}});
            }
            lines.back().push_back(*value);
        }
    }
    return lines;
}

/// value x scale / divisor in 10^-8, half away from zero.
std::int64_t scaled(const Decimal& value, const Decimal& scale, std::int64_t numerator,
                    std::int64_t denominator) {
    const int places = value.scale() + scale.scale() - kwh_places;
    i128 top = i128{value.units()} * scale.units() * numerator;
    i128 bottom = denominator;
    for (int i = 0; i < places; ++i) bottom *= 10;
    for (int i = places; i < 0; ++i) top *= 10;
    return round_divide(top, bottom, Rounding::half_away_from_zero);
}

/// A reader of one case: what goes wrong is kept with its path.
class YearReader {
public:
    YearReader(const json::value& parsed, std::string_view file_name)
        : problems_{std::string(file_name), {}},
          file_(&parsed, "", problems_),
          folder_(fs::path(std::string(file_name)).parent_path()) {}

    Result<YearCase> read(YearForm form) {
        given_.id = file_.at("id").text();
        given_.terms.schedule = "CASE";
        given_.terms.rounding = "eighth_place_half_away_from_zero";
        if (form == YearForm::monthly_lists) {
            TRY_DONE(read_monthly_lists());
        } else {
            TRY_DONE(read_simulator_keys());
        }
        if (!problems_.first) check_record();
        if (problems_.first) return *problems_.first;
        return std::move(given_);
    }

private:
    [[nodiscard]] Decimal number(const CaseValue& value) const {
        const auto read = formats::urdb_number(value.raw());
        if (!read) value.refuse_value("a number");
        return read.value_or(Decimal());
    }
    [[nodiscard]] Decimal number_or_zero(const CaseValue& value, std::string_view name) const {
        return value.has(name) ? number(value.at(name)) : Decimal();
    }

    void check_record() {
        formats::UrdbFile checked;
        formats::check_urdb(given_.rate, checked);
        if (checked.problems.empty()) return;
        const Problem& first = checked.problems.front();
        file_.at("rate").refuse_value("a whole rate: " + first.message + ";");
    }

    // The form of data/rates.

    Result<void> read_monthly_lists() {
        given_.minutes = static_cast<int>(file_.at("resolution_minutes").whole());
        given_.years = static_cast<int>(file_.at("years").whole());
        if (given_.minutes < 1 || 60 % given_.minutes != 0) {
            file_.at("resolution_minutes").refuse_value("minutes that divide the hour");
        }
        if (given_.years < 1 || given_.years > 4) file_.at("years").refuse_value("1 to 4 years");
        read_rate(file_.at("rate"));
        if (problems_.first) return *problems_.first;
        given_.terms.demand_window = given_.minutes;
        TRY(given_.load, profile(file_.at("load")));
        if (file_.has("generation")) {
            TRY(given_.generation, profile(file_.at("generation")));
        }
        return read_price_series(file_.at("rate"));
    }

    [[nodiscard]] static int period_of(char letter) {
        if ('1' <= letter && letter <= '9') return letter - '1';
        if ('A' <= letter && letter <= 'Z') return letter - 'A' + 9;
        return -1;
    }

    formats::UrdbSchedule schedule(const CaseValue& rows) {
        formats::UrdbSchedule read;
        for (const CaseValue& row : rows.items()) {
            std::vector<int> hours;
            if (row.is_list()) {
                for (const CaseValue& hour : row.items()) {
                    hours.insert(hours.end(), 2, static_cast<int>(hour.whole()) - 1);
                }
            } else {
                for (const char letter : row.text())
                    hours.insert(hours.end(), 2, period_of(letter));
            }
            read.push_back(std::move(hours));
        }
        return read;
    }

    [[nodiscard]] UrdbTier tier_of(const CaseValue& item, const char* max, const char* price) {
        UrdbTier tier;
        tier.unit = item.has("unit") ? item.at("unit").text() : "kW";
        tier.rate = number(item.at(price));
        tier.sell = number_or_zero(item, "sell");
        if (item.has(max)) {
            const Decimal limit = number(item.at(max));
            if (!formats::urdb_no_limit(limit)) tier.max = limit;
        }
        return tier;
    }

    void put_tier(formats::UrdbPeriods& periods, std::int64_t number, UrdbTier tier) {
        if (number < 1 || number > 60) return;
        if (periods.size() < static_cast<std::size_t>(number)) {
            periods.resize(static_cast<std::size_t>(number));
        }
        periods[static_cast<std::size_t>(number - 1)].push_back(std::move(tier));
    }

    /// Periods that no price names cost nothing.
    static void fill_gaps(formats::UrdbPeriods& periods, const char* unit) {
        for (auto& tiers : periods) {
            if (!tiers.empty()) continue;
            tiers.emplace_back();
            tiers.back().unit = unit;
        }
    }

    void read_rate(const CaseValue& rate) {
        formats::UrdbRecord& record = given_.rate;
        record.name = given_.id;
        record.fixed = number(rate.at("fixed_monthly"));
        record.minimum = number_or_zero(rate, "min_monthly");
        record.annual_minimum = number_or_zero(rate, "min_annual");
        const CaseValue energy = rate.at("energy");
        for (const CaseValue& item : energy.at("tiers").items()) {
            put_tier(record.energy, item.at("period").whole(), tier_of(item, "max", "buy"));
        }
        fill_gaps(record.energy, "kWh");
        record.energy_weekday = schedule(energy.at("weekday"));
        record.energy_weekend = schedule(energy.at("weekend"));
        if (rate.has("demand")) read_demand(rate.at("demand"));
        if (rate.has("ratchet")) read_ratchet(rate.at("ratchet"));
        read_metering(rate);
    }

    void read_demand(const CaseValue& demand) {
        formats::UrdbRecord& record = given_.rate;
        for (const CaseValue& item : demand.at("tou").items()) {
            put_tier(record.demand, item.at("period").whole(), tier_of(item, "max_kw", "charge"));
        }
        fill_gaps(record.demand, "kW");
        record.demand_weekday = schedule(demand.at("weekday"));
        record.demand_weekend = schedule(demand.at("weekend"));
        for (const CaseValue& item : demand.at("flat").items()) {
            put_tier(record.flat_demand, item.at("month").whole(),
                     tier_of(item, "max_kw", "charge"));
        }
        fill_gaps(record.flat_demand, "kW");
        if (!record.flat_demand.empty()) {
            for (int month = 0; month < 12; ++month) record.flat_demand_months.push_back(month);
        }
        given_.terms.single_peak = demand.at("tou_uses_single_monthly_peak").yes();
    }

    void read_ratchet(const CaseValue& value) {
        formats::UrdbRatchet ratchet;
        const auto percent = value.at("percent_by_month").items();
        const auto own = value.at("include_current_month").items();
        if (percent.size() != 12 || own.size() != 12) {
            return value.refuse_value("twelve percentages and twelve flags");
        }
        for (std::size_t m = 0; m < 12; ++m) {
            ratchet.percent[m] = number(percent[m]);
            ratchet.own_whole[m] = own[m].yes();
        }
        given_.lookback_months = static_cast<int>(value.at("lookback_months").whole());
        ratchet.periods = given_.lookback_months + 1;
        ratchet.floor_kw = number_or_zero(value, "minimum_kw");
        for (const CaseValue& item : value.at("applies_to_demand_period").items()) {
            const auto period = static_cast<std::size_t>(item.at("period").whole());
            if (period < 1 || period > 60) continue;
            ratchet.demand_periods.resize(std::max(ratchet.demand_periods.size(), period));
            ratchet.demand_periods[period - 1] = item.at("applies").yes();
        }
        if (value.has("year_zero_peak_kw")) {
            for (const CaseValue& peak : value.at("year_zero_peak_kw").items()) {
                const Decimal kw = number(peak).rescaled(6, Rounding::half_away_from_zero);
                given_.peaks_before.push_back(Demand::milliwatts(kw.units()));
            }
        }
        given_.terms.ratchet = std::move(ratchet);
    }

    void read_metering(const CaseValue& rate) {
        formats::UrdbTerms& terms = given_.terms;
        const std::string word = rate.at("metering").text();
        const std::pair<std::string_view, UrdbMetering> words[] = {
            {"net_metering_kwh_credits", UrdbMetering::net_kwh},
            {"net_metering_dollar_credits", UrdbMetering::net_dollars},
            {"net_billing", UrdbMetering::net_billing},
            {"net_billing_carryover", UrdbMetering::carried_billing},
            {"net_billing_with_carryover", UrdbMetering::carried_billing},
            {"buy_all_sell_all", UrdbMetering::buy_all_sell_all}};
        const auto* found = std::find_if(std::begin(words), std::end(words),
                                         [&](const auto& one) { return one.first == word; });
        if (found == std::end(words)) {
            return rate.at("metering").refuse_value("a known way of metering");
        }
        terms.metering = found->second;
        terms.chronological =
            terms.metering != UrdbMetering::net_kwh && terms.metering != UrdbMetering::net_dollars;
        terms.sell_equals_buy = rate.has("sell_equals_buy") && rate.at("sell_equals_buy").yes();
        if (rate.has("net_metering")) {
            const CaseValue net = rate.at("net_metering");
            given_.true_up_month = static_cast<int>(net.at("true_up_month").whole());
            terms.surplus_price = number_or_zero(net, "year_end_sell_rate");
            terms.surplus_to_bank = net.at("roll_over_true_up_credit").yes();
        }
        if (rate.has("net_billing")) {
            terms.expires = rate.at("net_billing").at("credit_expires").yes();
            terms.use_at_once = rate.at("net_billing").at("apply_credit_in_month_earned").yes();
        }
    }

    /// Steps of a year in 10^-5 Wh from a profile of Wh by quarter hour, or of average kW.
    Result<std::vector<std::int64_t>> profile(const CaseValue& value) {
        const bool power = value.has("profile_kw");
        const std::string name = value.at(power ? "profile_kw" : "profile").text();
        const Decimal scale = value.has("scale") ? number(value.at("scale")) : Decimal(1, 0);
        if (problems_.first) return *problems_.first;
        TRY(const Lines lines, read_lines(profiles_folder() / (name + ".csv")));
        const std::size_t per_day = static_cast<std::size_t>(1440 / given_.minutes);
        std::vector<std::int64_t> steps;
        for (const auto& day : lines) {
            for (std::size_t step = 0; step < per_day; ++step) {
                steps.push_back(power ? power_step(day, step, per_day, scale)
                                      : energy_step(day, step, per_day, scale));
            }
        }
        if (steps.size() == days_of_year * per_day) return steps;
        return wrong_series(name, steps.size(), days_of_year * per_day);
    }

    [[nodiscard]] Error wrong_series(const std::string& name, std::size_t found,
                                     std::size_t wanted) const {
        return Error(errors::value_malformed, {{"file", problems_.file},
                                               {"path", name},
                                               {"text", fmt::format("{} values", found)},
                                               {"wanted", fmt::format("{}", wanted)}});
    }

    [[nodiscard]] fs::path profiles_folder() const { return folder_ / ".." / "profiles"; }

    /// The sum of the quarter hours of a step, or the share of one that a shorter step has.
    static std::int64_t energy_step(const std::vector<Decimal>& day, std::size_t step,
                                    std::size_t per_day, const Decimal& scale) {
        const std::size_t quarters = day.size() / per_day;
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < quarters; ++i) {
            sum += scaled(day[step * quarters + i], scale, 1, 1000);
        }
        return sum;
    }

    /// Average kW times the hours of the step; an hourly value stays for the whole hour.
    std::int64_t power_step(const std::vector<Decimal>& day, std::size_t step, std::size_t per_day,
                            const Decimal& scale) const {
        const std::size_t at = step * day.size() / per_day;
        if (at >= day.size()) return 0;
        return scaled(day[at], scale, given_.minutes, 60);
    }

    Result<void> read_price_series(const CaseValue& rate) {
        for (const bool sell : {false, true}) {
            const char* key = sell ? "time_series_sell" : "time_series_buy";
            if (!rate.has(key)) continue;
            const std::string name = rate.at(key).text();
            TRY(const Lines lines, read_lines(profiles_folder() / (name + ".csv")));
            if (lines.size() != days_of_year) return wrong_series(name, lines.size(), days_of_year);
            // Whole numbers count 10^-5 $/kWh, except where the name says that they are prices.
            const int places = name.find("price") == std::string::npos ? 5 : 0;
            std::vector<std::string> rows;
            for (const auto& day : lines) {
                std::string row;
                for (const Decimal& price : day) {
                    const Decimal shown(price.units(), price.scale() + places);
                    row += (row.empty() ? "" : " ") + shown.to_shortest();
                }
                rows.push_back(std::move(row));
            }
            auto& into = sell ? given_.terms.sell_prices : given_.terms.buy_prices;
            into = rows;
            for (int year = 1; year < given_.years; ++year) {
                into.insert(into.end(), rows.begin(), rows.end());
            }
            put_dates();
        }
        return {};
    }

    void put_dates() {
        given_.terms.price_dates.clear();
        for (int year = 0; year < given_.years; ++year) {
            const Date first = Date::ymd(year == 0 ? 2018 : 2029, 1, 1);
            for (int day = 0; day < static_cast<int>(days_of_year); ++day) {
                given_.terms.price_dates.push_back((first + day).to_string());
            }
        }
    }

    // The form of data/known-bills.

    Result<void> read_simulator_keys() {
        const std::int64_t per_hour = file_.at("steps_per_hour").whole();
        if (per_hour < 1 || per_hour > 60 || 60 % per_hour != 0) {
            file_.at("steps_per_hour").refuse_value("steps that divide the hour");
        }
        if (problems_.first) return *problems_.first;
        given_.minutes = static_cast<int>(60 / per_hour);
        given_.terms.demand_window = given_.minutes;
        read_simulator_rate(file_.at("rate"));
        read_simulator_metering();
        if (problems_.first) return *problems_.first;
        TRY(given_.load, column_series(file_.at("load")));
        if (file_.has("generation")) {
            TRY(given_.generation, column_series(file_.at("generation")));
        }
        return {};
    }

    formats::UrdbPeriods periods(const CaseValue& rate, std::string_view name, const char* unit) {
        formats::UrdbPeriods all;
        if (!rate.has(name)) return all;
        for (const CaseValue& period : rate.at(name).items()) {
            std::vector<UrdbTier> tiers;
            for (const CaseValue& item : period.items()) {
                UrdbTier tier;
                tier.unit = unit;
                tier.rate = number_or_zero(item, "rate");
                tier.adj = number_or_zero(item, "adj");
                tier.sell = number_or_zero(item, "sell");
                if (item.has("max")) {
                    const Decimal limit = number(item.at("max"));
                    if (!formats::urdb_no_limit(limit)) tier.max = limit;
                }
                tiers.push_back(std::move(tier));
            }
            all.push_back(std::move(tiers));
        }
        return all;
    }

    formats::UrdbSchedule numbered(const CaseValue& rate, std::string_view name) {
        formats::UrdbSchedule read;
        if (!rate.has(name)) return read;
        for (const CaseValue& row : rate.at(name).items()) {
            std::vector<int> hours;
            for (const CaseValue& hour : row.items()) {
                const Decimal period = number(hour).rescaled(0, Rounding::toward_zero);
                hours.insert(hours.end(), 2, static_cast<int>(period.units()));
            }
            read.push_back(std::move(hours));
        }
        return read;
    }

    void read_simulator_rate(const CaseValue& rate) {
        formats::UrdbRecord& record = given_.rate;
        record.name = given_.id;
        record.fixed = number_or_zero(rate, "fixed_month");
        record.minimum = number_or_zero(rate, "min_month");
        record.energy = periods(rate, "energy", "kWh");
        record.energy_weekday = numbered(rate, "ewd");
        record.energy_weekend = numbered(rate, "ewe");
        record.demand = periods(rate, "demand", "kW");
        if (!record.demand.empty()) {
            record.demand_weekday = numbered(rate, "dwd");
            record.demand_weekend = numbered(rate, "dwe");
        }
        record.flat_demand = periods(rate, "flat", "kW");
        if (!rate.has("flatmonths")) return;
        for (const CaseValue& month : rate.at("flatmonths").items()) {
            record.flat_demand_months.push_back(
                static_cast<int>(number(month).rescaled(0, Rounding::toward_zero).units()));
        }
    }

    void read_simulator_metering() {
        formats::UrdbTerms& terms = given_.terms;
        terms.metering = UrdbMetering::net_kwh;
        if (!file_.has("options")) return;
        const CaseValue options = file_.at("options");
        if (options.has("metering")) {
            constexpr UrdbMetering kinds[] = {
                UrdbMetering::net_kwh, UrdbMetering::net_dollars, UrdbMetering::net_billing,
                UrdbMetering::carried_billing, UrdbMetering::buy_all_sell_all};
            const std::int64_t kind = options.at("metering").whole();
            if (kind < 0 || kind > 4) return options.at("metering").refuse_value("0 to 4");
            terms.metering = kinds[kind];
        }
        terms.chronological =
            terms.metering != UrdbMetering::net_kwh && terms.metering != UrdbMetering::net_dollars;
        terms.surplus_price = number_or_zero(options, "nm_yearend_sell");
        const auto month = [&](const char* key) {
            if (!options.has(key)) return;
            // 0 is January.
            given_.true_up_month = static_cast<int>(options.at(key).whole()) + 1;
        };
        month("credit_month");
        month("nb_credit_month");
    }

    /// Average kW of a named column, from a first row on, round the end of the file.
    Result<std::vector<std::int64_t>> column_series(const CaseValue& value) {
        const std::string name = value.at("file").text();
        const std::string column = value.text_or_empty("column");
        const Decimal scale = number(value.at("scale"));
        const bool watts = value.at("unit").text().starts_with("W ");
        const std::int64_t first = value.has("first_row") ? value.at("first_row").whole() : 1;
        if (problems_.first) return *problems_.first;
        TRY(const std::string bytes, read_file((folder_ / ".." / name).string()));
        const auto rows = formats::csv_cells(bytes);
        std::size_t at = 0;
        std::size_t head = 0;
        if (!column.empty()) {
            const auto found = std::find(rows.front().begin(), rows.front().end(), column);
            if (found == rows.front().end()) {
                value.at("column").refuse_value("a column of the file");
                return *problems_.first;
            }
            at = static_cast<std::size_t>(found - rows.front().begin());
            head = 1;
        }
        const std::size_t count = rows.size() - head;
        const std::size_t wanted = days_of_year * static_cast<std::size_t>(1440 / given_.minutes);
        if (count == 0) return wrong_series(name, count, wanted);
        std::vector<std::int64_t> steps;
        for (std::size_t i = 0; i < wanted; ++i) {
            // The number of the first row counts the line of names, where there is one.
            const auto& row =
                rows[head + (static_cast<std::size_t>(first - 1) + count - head + i) % count];
            const auto power = at < row.size() ? formats::urdb_number(row[at]) : std::nullopt;
            if (!power) return wrong_series(name, i, wanted);
            steps.push_back(scaled(*power, scale, given_.minutes, watts ? 60'000 : 60));
        }
        return steps;
    }

    CaseProblems problems_;
    CaseValue file_;
    fs::path folder_;
    YearCase given_;
};

json::value dollars(std::int64_t units) {
    return std::strtod(Decimal(units, 8).to_string().c_str(), nullptr);
}

using Field = std::int64_t MonthOfCase::*;

json::array list_of(const std::vector<MonthOfCase>& months, std::size_t year, Field field) {
    json::array list;
    for (std::size_t m = 0; m < 12; ++m) list.push_back(dollars(months[year * 12 + m].*field));
    return list;
}

json::object years_json(const std::vector<MonthOfCase>& months) {
    json::array years;
    for (std::size_t year = 0; year * 12 < months.size(); ++year) {
        json::object one;
        const std::pair<const char*, Field> fields[] = {
            {"energy_charge", &MonthOfCase::energy},
            {"demand_flat_charge", &MonthOfCase::flat_demand},
            {"demand_tou_charge", &MonthOfCase::tou_demand},
            {"fixed_charge", &MonthOfCase::fixed},
            {"minimum_charge", &MonthOfCase::minimum},
            {"true_up_credit", &MonthOfCase::true_up_credit},
            {"bill", &MonthOfCase::bill}};
        for (const auto& [name, field] : fields) one[name] = list_of(months, year, field);
        std::int64_t sum = 0;
        for (std::size_t m = 0; m < 12; ++m) sum += months[year * 12 + m].bill;
        one["annual_bill"] = dollars(sum);
        years.push_back(std::move(one));
    }
    return {{"years", std::move(years)}};
}

}  // namespace

YearForm year_form_of(const json::value& parsed) {
    if (!parsed.is_object()) return YearForm::none;
    const json::object& object = parsed.get_object();
    if (!object.contains("rate") || !object.contains("load")) return YearForm::none;
    return object.contains("steps_per_hour") ? YearForm::simulator_keys : YearForm::monthly_lists;
}

Result<YearCase> read_year_case(const json::value& parsed, std::string_view file_name,
                                YearForm form) {
    return YearReader(parsed, file_name).read(form);
}

Result<json::value> answer_year_case(const YearCase& given, YearForm form) {
    TRY(const std::vector<MonthOfCase> without, rate_year(given, Generation::left_out));
    std::vector<MonthOfCase> with;
    if (!given.generation.empty()) {
        TRY(with, rate_year(given, Generation::counted));
    }
    json::object answer{{"id", given.id}};
    if (form == YearForm::monthly_lists) {
        answer["without_generation"] = years_json(without);
        if (!with.empty()) answer["with_generation"] = years_json(with);
        return json::value(std::move(answer));
    }
    const std::pair<const char*, Field> fields[] = {
        {"year1_monthly_utility_bill_", &MonthOfCase::bill},
        {"year1_monthly_ec_charge_", &MonthOfCase::energy},
        {"year1_monthly_dc_fixed_", &MonthOfCase::flat_demand},
        {"year1_monthly_dc_tou_", &MonthOfCase::tou_demand},
        {"year1_monthly_fixed_", &MonthOfCase::fixed},
        {"year1_monthly_minimum_", &MonthOfCase::minimum}};
    for (const auto& [name, field] : fields) {
        const bool bill = field == &MonthOfCase::bill;
        const auto& shown = with.empty() ? without : with;
        answer[std::string(name) + (bill ? "wo_sys" : "without_system")] =
            list_of(without, 0, field);
        answer[std::string(name) + (bill ? "w_sys" : "with_system")] = list_of(shown, 0, field);
    }
    return json::value(std::move(answer));
}

}  // namespace watthour::cases
