// SPDX-License-Identifier: Apache-2.0
#include "cases/rate_usage.hpp"

#include "base/check.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cases/errors.hpp"
#include "cases/tariff_source.hpp"
#include "formats/cmep.hpp"
#include "formats/profile_reads.hpp"
#include "rating/statement_json.hpp"
#include "usage/tou_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watthour::cases {

namespace {

constexpr int finest_scale = 5;  // 10^-5 Wh: kWh with eight places

struct Value {
    Instant start;
    std::array<std::optional<Decimal>, 4> kwh;  ///< delivered, received, generation, kVARh
    std::size_t line = 0;
};

Error malformed(std::string_view file, std::size_t line, std::string_view field,
                const std::string& text, const char* wanted) {
    return Error(errors::usage_file_malformed, {{"file", std::string(file)},
                                                {"line", std::to_string(line)},
                                                {"field", std::string(field)},
                                                {"text", text},
                                                {"wanted", wanted}});
}

/// Values of a CSV file as they come; all of them are of one meter.
class ValueSink : public formats::ReadSink {
public:
    void take(const formats::ProfileRead& read) override {
        constexpr std::array<std::string_view, 4> quantities{"KWH", "GKWH", "KWH-GEN", "KVARH"};
        const auto channel = static_cast<std::size_t>(
            std::find(quantities.begin(), quantities.end(), read.quantity) - quantities.begin());
        WH_CHECK(channel < quantities.size(), "csv-intervals has four quantities");
        if (values.empty()) meter_ = read.meter;
        if (meter_ != read.meter && other_meter.empty()) {
            other_meter = read.meter;
            other_line = static_cast<std::size_t>(read.line);
        }
        Value& value = values.emplace_back();
        value.line = static_cast<std::size_t>(read.line);
        value.start = read.end + -std::int64_t{read.seconds};
        if (read.status != 'M') value.kwh[channel] = read.value;
    }

    std::vector<Value> values;
    std::string other_meter;
    std::size_t other_line = 0;

private:
    std::string meter_;
};

const char* wanted_by(std::string_view rule) {
    if (rule == "reads.names") return "a line with the columns start and kwh_delivered";
    if (rule == "reads.time" || rule == "reads.offset") {
        return "a time with its offset, such as 2025-07-01T00:15:00-07:00";
    }
    if (rule == "reads.step") return "steps that divide the hour: 5, 15, 30 or 60 minutes";
    if (rule == "reads.value") return "kWh such as 0.482";
    return "a line of names and lines of values";
}

Result<std::vector<Value>> read_csv(std::string_view bytes, std::string_view name) {
    // Whole by the word of whoever asks: a last line without its end is one as well.
    std::string text(bytes);
    if (!text.ends_with('\n')) text += '\n';
    ValueSink sink;
    const auto outcome =
        formats::read_by_profile(text, formats::shipped_profile("csv-intervals"), {}, sink);
    if (!outcome.problems.empty()) {
        const Problem& first = outcome.problems.front();
        return malformed(name, static_cast<std::size_t>(std::max<std::int64_t>(1, first.line)),
                         first.field == "moment" ? "start" : first.field, first.message,
                         wanted_by(first.rule));
    }
    if (!sink.other_meter.empty()) {
        return malformed(name, sink.other_line, "meter", sink.other_meter, "one meter in the file");
    }
    return std::move(sink.values);
}

/// The interval rows of a file with one meter; registers are no interval use.
Result<std::vector<Value>> read_cmep(std::string_view bytes, std::string_view name) {
    const formats::CmepFile file = formats::read_cmep(bytes);
    if (!file.problems.empty()) {
        const Problem& first = file.problems.front();
        return malformed(name, static_cast<std::size_t>(first.line), first.field, first.message,
                         "a good CMEP file");
    }
    std::vector<Value> values;
    std::string meter;
    for (const formats::CmepRow& row : file.rows) {
        if (row.units.ends_with("REG") || row.interval_seconds == 0) continue;
        if (!meter.empty() && row.meter != meter) {
            return malformed(name, static_cast<std::size_t>(row.line), "meter", row.meter,
                             "one meter in the file");
        }
        meter = row.meter;
        const std::size_t channel = row.units == "KVARH" ? 3 : row.units == "KWHREV" ? 1 : 0;
        for (const formats::CmepValue& one : row.values) {
            Value value;
            value.line = static_cast<std::size_t>(row.line);
            value.start = one.end + -std::int64_t{row.interval_seconds};
            if (one.quality != 'N') {
                const Decimal& factor = row.multiplier;
                const i128 product = i128{one.value.units()} * factor.units();
                const int places = one.value.scale() + factor.scale();
                value.kwh[channel] =
                    Decimal(round_divide(product, power_of_ten(std::max(0, places - 8)),
                                         Rounding::half_away_from_zero),
                            std::min(places, 8));
            }
            values.push_back(value);
        }
    }
    return values;
}

/// The step of a file is the shortest time between two of its rows.
Result<int> step_minutes(const std::vector<Value>& values, std::string_view name) {
    std::int64_t shortest = 86'400;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const std::int64_t apart = values[i].start - values[i - 1].start;
        if (apart > 0) shortest = std::min(shortest, apart);
    }
    // A single row says nothing of its step; an hour is the longest there is.
    if (values.size() < 2) return 60;
    if (shortest % 60 == 0 && 3600 % shortest == 0) return static_cast<int>(shortest / 60);
    return malformed(name, values.empty() ? 1 : values.back().line, "start",
                     fmt::format("{} seconds apart", shortest),
                     "steps that divide the hour: 5, 15, 30 or 60 minutes");
}

int scale_of(const std::vector<Value>& values) {
    int places = 3;
    for (const Value& value : values) {
        for (const auto& kwh : value.kwh) {
            if (kwh) places = std::max(places, kwh->scale());
        }
    }
    return std::min(places - 3, finest_scale);
}

class FactReader {
public:
    FactReader(const std::map<std::string, std::string>& facts,
               const tariff::RateSchedule& schedule)
        : facts_(facts), schedule_(schedule) {}

    Result<void> read(rating::RatingRequest& request) {
        for (const auto& [key, value] : facts_) TRY_DONE(one(key, value, request));
        return {};
    }

private:
    static Error wrong(const std::string& key, const std::string& value, const char* wanted) {
        return Error(errors::fact_malformed, {{"fact", key}, {"value", value}, {"wanted", wanted}});
    }

    static std::vector<rating::DatedCode> codes(const std::string& list, DateRange period) {
        std::vector<rating::DatedCode> read;
        for (const std::string_view code : split_text(list, ',')) {
            read.push_back({std::string(trimmed(code)), period});
        }
        return read;
    }

    Result<void> one(const std::string& key, const std::string& value,
                     rating::RatingRequest& request) {
        if (schedule_.values_of(key) != nullptr) {
            tariff::ServiceFacts facts;
            facts.set(key, value);
            if (key == "option") request.option = value;
            if (key == "phase") request.phase = value;
            if (key == "voltage") request.voltage = value;
            for (auto& other : facts.others) request.other_facts.push_back(std::move(other));
            return {};
        }
        if (key == "rider") {
            request.rider = value;
        } else if (key == "discounts") {
            request.discounts = codes(value, request.period);
        } else if (key == "exemptions") {
            request.exemptions = codes(value, request.period);
        } else if (key == "true_up" || key == "year_ends" || key == "estimate") {
            if (value != "yes" && value != "no") return wrong(key, value, "yes or no");
            if (key == "true_up") request.true_up = value == "yes";
            if (key == "year_ends") request.year_ends = value == "yes";
        } else {
            return numeric(key, value, request);
        }
        return {};
    }

    static Result<void> numeric(const std::string& key, const std::string& value,
                                rating::RatingRequest& request) {
        if (key == "prior_max_kw") {
            for (const std::string_view part : split_text(value, ',')) {
                const auto kw = Demand::parse_kw(trimmed(part));
                if (!kw) return wrong(key, value, "kW with commas between, oldest first");
                request.prior_max.push_back(*kw);
            }
            return {};
        }
        const auto number = Decimal::parse(value);
        if (!number) return wrong(key, value, "a fact of the schedule, or a number");
        const auto kw = Demand::parse_kw(value);
        const auto kwh = Energy::parse_kwh(value);
        if (key == "contract_kw" && kw) {
            request.contract_demand = *kw;
        } else if (key == "max_kw" && kw) {
            request.measured_max = *kw;
        } else if (key == "kvarh" && kwh) {
            request.reactive = *kwh;
        } else if (key == "surplus_kwh" && kwh) {
            request.surplus = *kwh;
        } else if (key == "bank_open") {
            request.bank_open = *number;
        } else if (key == "accrued_before") {
            request.accrued_before = *number;
        } else if (key == "billed_this_year") {
            request.billed_this_year = *number;
        } else if (key == "tax_this_year") {
            const auto money = Money::parse(value);
            if (!money) return wrong(key, value, "dollars and cents");
            request.uut_year_to_date = *money;
        } else {
            return wrong(key, value, "a fact that this schedule or its rider asks for");
        }
        return {};
    }

    const std::map<std::string, std::string>& facts_;
    const tariff::RateSchedule& schedule_;
};

Energy sum_of(const usage::IntervalUse& use, tariff::UsageChannel channel, DateRange period) {
    tariff::Determinant wanted;
    wanted.channel = channel;
    wanted.range = period;
    const auto sum = use.measure(wanted, {});
    return sum ? Energy::watt_hours(*sum) : Energy();
}

Result<void> measure_all(const rating::Plan& plan, const usage::IntervalUse& use,
                         rating::RatingRequest& request, bool& coarse_demand) {
    const DateRange period = request.period;
    request.delivered = sum_of(use, tariff::UsageChannel::delivered, period);
    request.received = sum_of(use, tariff::UsageChannel::received, period);
    request.generation = sum_of(use, tariff::UsageChannel::generation, period);
    tariff::Determinant peak;
    peak.kind = tariff::Determinant::Kind::peak;
    peak.range = period;
    peak.window_minutes = std::max(15, use.grid().minutes());
    if (const auto highest = use.measure(peak, {}); highest && !request.measured_max) {
        request.measured_max = Demand::milliwatts(*highest);
    }
    for (const tariff::Determinant& wanted : plan.determinants) {
        const auto number = use.measure_coarsely(wanted, plan.catalogue->coincident_peaks);
        if (number && wanted.window_minutes > 0 && wanted.window_minutes < use.grid().minutes()) {
            coarse_demand = true;
        }
        // What the file does not measure may have been stated as a fact.
        if (!number && request.reactive && wanted.channel == tariff::UsageChannel::reactive) {
            request.measured.push_back({wanted, request.reactive->wh()});
            continue;
        }
        if (!number) return number.error();
        request.measured.push_back({wanted, *number});
    }
    return {};
}

}  // namespace

Result<UsageFile> read_usage_file(std::string_view bytes, std::string_view name,
                                  const TimeZone& zone, DateRange period) {
    TRY(std::vector<Value> values,
        bytes.starts_with("MEPMD") ? read_cmep(bytes, name) : read_csv(bytes, name));
    std::stable_sort(values.begin(), values.end(),
                     [](const Value& a, const Value& b) { return a.start < b.start; });
    UsageFile file;
    TRY(file.minutes, step_minutes(values, name));
    file.scale = scale_of(values);
    const IntervalGrid grid(zone, period, file.minutes);
    const std::array rows{&file.rows.delivered, &file.rows.received, &file.rows.generation,
                          &file.rows.reactive};
    std::size_t inside = 0;
    for (const Value& value : values) {
        const int step = grid.step_of(value.start);
        if (step < 0) continue;
        if (!grid.on_grid(value.start)) {
            return malformed(name, value.line, "start", to_iso_utc(value.start),
                             "a time on the step of the file");
        }
        ++inside;
        for (std::size_t c = 0; c < rows.size(); ++c) {
            if (!value.kwh[c]) continue;
            if (rows[c]->empty()) {
                rows[c]->assign(static_cast<std::size_t>(grid.count()), usage::missing_wh);
            }
            std::int64_t& at = (*rows[c])[static_cast<std::size_t>(step)];
            if (at != usage::missing_wh) {
                return malformed(name, value.line, "start", to_iso_utc(value.start),
                                 "one value for each time");
            }
            at = value.kwh[c]->rescaled(3 + file.scale, Rounding::half_away_from_zero).units();
        }
    }
    if (inside == 0) {
        return Error(errors::usage_file_outside, {{"file", std::string(name)},
                                                  {"from", period.from.to_string()},
                                                  {"until", period.until.to_string()}});
    }
    return file;
}

Result<json::value> rate_usage(const UsageRating& asked) {
    TRY(const LoadedTariff loaded, load_tariff(asked.tariff, asked.schedule));
    const tariff::Catalogue& catalogue = loaded.catalogue;
    TRY(const tariff::RateSchedule* schedule, catalogue.find_schedule(asked.schedule));
    rating::RatingRequest request;
    request.schedule = asked.schedule;
    request.period = asked.period;
    TRY_DONE(FactReader(asked.facts, *schedule).read(request));
    if (asked.period.days() < 1 || asked.period.days() > rating::most_period_days) {
        return rating::rate(catalogue, request).error();  // says what is wrong with the period
    }
    TRY(const rating::Plan plan, rating::make_plan(catalogue, rating::plan_key_of(request)));
    TRY(const TimeZone zone, TimeZone::load(catalogue.utility.time_zone));
    TRY(const std::string bytes, read_file(asked.usage));
    TRY(UsageFile file, read_usage_file(bytes, asked.usage, zone, asked.period));
    const auto estimate = asked.facts.find("estimate");
    const bool may_miss = estimate != asked.facts.end() && estimate->second == "yes";
    TRY(const usage::IntervalUse use,
        usage::IntervalUse::make(
            zone, asked.period, file.minutes, file.scale, std::move(file.rows),
            may_miss ? usage::Missing::counts_as_zero : usage::Missing::refused));
    bool coarse_demand = false;
    TRY_DONE(measure_all(plan, use, request, coarse_demand));
    usage::IntervalTierFiller filler(use);
    request.tier_filler = &filler;
    TRY(const rating::RatedStatement rated, rating::rate_by(plan, request));
    json::object answer{{"schedule", asked.schedule},
                        {"from", asked.period.from.to_string()},
                        {"until", asked.period.until.to_string()}};
    if (!request.rider.empty()) answer["rider"] = request.rider;
    if (use.missing_count() > 0) {
        answer["estimate"] = true;
        answer["missing_intervals"] = use.missing_count();
    }
    if (coarse_demand) answer["demand_from_intervals_of"] = use.grid().minutes();
    for (auto& member : rating::to_json(rated, rating::JsonDetail::with_trace)) {
        answer[member.key()] = member.value();
    }
    answer["total"] = rated.current_charges.to_string();
    if (!loaded.open_questions.empty()) {
        json::array questions;
        for (const std::string& question : loaded.open_questions) {
            questions.push_back(json::value(question));
        }
        answer["open_questions"] = std::move(questions);
    }
    return json::value(std::move(answer));
}

}  // namespace watthour::cases
