// SPDX-License-Identifier: Apache-2.0
#include "app/determinants.hpp"

#include "app/due_agreements.hpp"
#include "app/errors.hpp"
#include "app/interval_use.hpp"
#include "app/post_payments.hpp"
#include "app/rate_again.hpp"
#include "base/text.hpp"
#include "formats/table_file.hpp"
#include "metering/measured_quantity.hpp"
#include "rating/plan_book.hpp"
#include "storage/changed_reads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using customers::AccountId;

constexpr int days_looked_back = 120;
constexpr int bills_looked_back = 430;

/// What a period was made of, as a share and in words.
struct Quality {
    std::string word = "actual";
    std::string share = "0";
    std::string statuses;
};

std::string percent_of(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return "0";
    return Decimal(round_divide(i128{part} * 10'000, i128{whole}, Rounding::half_away_from_zero), 2)
        .to_string();
}

Quality quality_of(std::int64_t estimated, std::int64_t all, std::string statuses) {
    const char* word = estimated == 0 ? "actual" : estimated == all ? "estimated" : "mixed";
    return {word, percent_of(estimated, all), std::move(statuses)};
}

Quality quality_of_registers(const std::vector<billing::SegmentRead>& reads) {
    std::int64_t estimated = 0;
    std::set<std::string> types;
    for (const auto& read : reads) {
        estimated += read.read_type == "estimated" ? 1 : 0;
        types.insert(read.read_type);
    }
    return quality_of(estimated, static_cast<std::int64_t>(reads.size()),
                      fmt::format("{}", fmt::join(types, " ")));
}

Result<Quality> quality_of_intervals(Office& office, service::ServicePointId point,
                                     DateRange period) {
    TRY(const auto uses, interval_use(office, {{point, period}}));
    std::map<char, std::int64_t> counts;
    std::int64_t all = 0;
    for (const ChannelUse& use : uses) {
        if (!metering::measures(use.code, "KWH")) continue;
        for (const auto& one : use.intervals) ++counts[one.status];
        all += static_cast<std::int64_t>(use.intervals.size());
    }
    std::string words;
    for (const auto& [letter, count] : counts) {
        words += fmt::format("{}{} {}", words.empty() ? "" : " ", letter, count);
    }
    return quality_of(counts['E'], all, std::move(words));
}

std::string words_of(const std::vector<billing::SegmentRead>& reads) {
    std::string words;
    for (const auto& read : reads) {
        if (!words.empty()) words += "; ";
        words += fmt::format("{} {} {} to {}", read.meter, read.channel,
                             read.period.from.to_string(), read.period.until.to_string());
        if (!read.until_read.empty()) {
            words +=
                fmt::format(": {} to {} x {}", read.from_read, read.until_read, read.multiplier);
        }
    }
    return words;
}

/// What was measured or recorded, of one agreement and period.
struct Counted {
    const service::ServedAgreement* served = nullptr;
    DateRange period;
    Energy delivered;
    const std::vector<std::pair<std::string, Energy>>* by_tou = nullptr;
    std::optional<Demand> demand;
    const std::vector<billing::SegmentRead>* reads = nullptr;
    std::string source;
};

Result<void> add_rows(Office& office, const Counted& counted, std::vector<DeterminantRow>& rows) {
    const auto& agreement = counted.served->agreement;
    const bool by_registers =
        std::any_of(counted.reads->begin(), counted.reads->end(),
                    [](const auto& read) { return !read.until_read.empty(); });
    Quality quality = quality_of_registers(*counted.reads);
    if (!by_registers) {
        TRY(quality, quality_of_intervals(office, counted.served->point.id, counted.period));
    }
    DeterminantRow row;
    row.account = customers::account_number(agreement.account);
    row.agreement = std::to_string(agreement.id.value);
    row.point = std::to_string(counted.served->point.id.value);
    row.schedule = agreement.schedule;
    row.period = counted.period;
    row.quality = quality.word;
    row.estimated_share = quality.share;
    row.statuses = quality.statuses;
    row.reads = words_of(*counted.reads);
    row.source = counted.source;
    const auto add = [&](std::string determinant, std::string quantity, const char* unit) {
        row.determinant = std::move(determinant);
        row.quantity = std::move(quantity);
        row.unit = unit;
        rows.push_back(row);
    };
    add("KWH", counted.delivered.to_string(), "kWh");
    for (const auto& [period, energy] : *counted.by_tou) {
        add("KWH-" + upper_case(period), energy.to_string(), "kWh");
    }
    if (counted.demand) add("KW", counted.demand->to_string(), "kW");
    return {};
}

Counted counted_of(const service::ServedAgreement& served, const billing::BillSegment& segment,
                   std::string source) {
    return {&served,          segment.period,          segment.delivered,
            &segment.by_tou,  segment.measured_demand, &segment.reads,
            std::move(source)};
}

Counted counted_of(const service::ServedAgreement& served, const billing::MeasuredUse& use,
                   std::string source) {
    return {&served,    use.period,       use.delivered, &use.by_tou, use.measured_demand,
            &use.reads, std::move(source)};
}

DeterminantFailure failure_of(const service::ServedAgreement& served, DateRange period,
                              const Error& error) {
    return {customers::account_number(served.agreement.account),
            std::to_string(served.agreement.id.value),
            period,
            std::string(error.slug()),
            error.message(),
            error.next()};
}

/// The agreements of a cycle about a read date.
class CycleDeterminants {
public:
    CycleDeterminants(Office& office, std::string cycle, Date read_date,
                      customers::AccountRange accounts)
        : office_(office), cycle_(std::move(cycle)), read_date_(read_date), accounts_(accounts) {}

    void find(Determinants& found) {
        const DueSet set = collect_due(office_, cycle_, read_date_, accounts_);
        measure_due(set, found);
        std::set<service::AgreementId> measured;
        for (const DueAgreement& due : set.due) measured.insert(due.served.agreement.id);
        const auto served = office_.service().agreements_of_cycle(
            cycle_, read_date_, {read_date_ - days_looked_back, read_date_}, accounts_);
        for (const auto& one : served) {
            if (!measured.contains(one.agreement.id)) recorded(one, found);
        }
    }

private:
    void measure_due(const DueSet& set, Determinants& found) {
        tariff::TouRunCache runs(office_.zone());
        prepare_runs(office_.catalogue(), set, runs);
        rating::PlanBook plans(office_.catalogue());
        const billing::MeasureContext context{&office_.catalogue(), &office_.zone(), &runs,
                                              &set.shelf, &plans};
        for (const DueAgreement& due : set.due) {
            const auto use = billing::measure(context, due.served, due.meters, due.period);
            const auto added =
                use ? add_rows(office_, counted_of(due.served, *use, "measured"), found.rows)
                    : Result<void>(use.error());
            if (!added) {
                found.failures.push_back(failure_of(due.served, due.period, added.error()));
            }
        }
    }

    /// Of a period that was billed: as the bill recorded it.
    void recorded(const service::ServedAgreement& served, Determinants& found) {
        const auto& policy = office_.catalogue().policies.reading;
        const Date until = std::min(read_date_, served.agreement.active.until);
        const DateRange near{until - policy.window_days_before,
                             until + policy.window_days_after + 1};
        for (const auto& summary : office_.bills().of_account(served.agreement.account)) {
            if (!near.contains(summary.period.until)) continue;
            const auto bill = office_.bills().find(summary.number);
            if (!bill) continue;
            for (const auto& segment : bill->segments) {
                if (segment.agreement != served.agreement.id) continue;
                const auto added =
                    add_rows(office_, counted_of(served, segment, bill->number), found.rows);
                if (!added) {
                    found.failures.push_back(failure_of(served, segment.period, added.error()));
                }
                return;
            }
        }
        found.failures.push_back(
            failure_of(served, {read_date_, read_date_},
                       Error(errors::period_not_ended,
                             {{"agreement", std::to_string(served.agreement.id.value)},
                              {"date", read_date_.to_string()}})));
    }

    Office& office_;
    std::string cycle_;
    Date read_date_;
    customers::AccountRange accounts_;
};

/// Accounts with an agreement at a point where one of the meters has a channel that changed.
std::set<AccountId> accounts_changed(Office& office, Date since) {
    const auto channels = storage::channels_changed_since(office.database(), since);
    std::set<AccountId> accounts;
    if (channels.empty()) return accounts;
    std::set<service::ServicePointId> touched;
    std::vector<service::ServicePointId> points;
    const auto all = office.service().points();
    for (const auto& point : all) points.push_back(point.id);
    for (const auto& installed : office.meters().installed_at(points)) {
        for (const auto& channel : installed.channels) {
            if (channels.contains(channel.id)) touched.insert(installed.installation.service_point);
        }
    }
    std::set<std::string> cycles;
    for (const auto& point : all) {
        if (touched.contains(point.id)) cycles.insert(point.cycle);
    }
    for (const std::string& cycle : cycles) {
        for (const auto& served : office.service().agreements_of_cycle(
                 cycle, {since - bills_looked_back, office.business_date() + 1},
                 customers::every_account)) {
            if (touched.contains(served.point.id)) accounts.insert(served.agreement.account);
        }
    }
    return accounts;
}

/// What an issued bill counted, beside each row of what is known now.
void add_billed(const billing::BillSegment& segment, DeterminantRow& row) {
    if (row.determinant == "KWH") row.billed_quantity = segment.delivered.to_string();
    if (row.determinant == "KW" && segment.measured_demand) {
        row.billed_quantity = segment.measured_demand->to_string();
    }
    for (const auto& [period, energy] : segment.by_tou) {
        if (row.determinant == "KWH-" + upper_case(period))
            row.billed_quantity = energy.to_string();
    }
}

json::object row_json(const DeterminantRow& row) {
    return {{"account", row.account},
            {"agreement", row.agreement},
            {"point", row.point},
            {"schedule", row.schedule},
            {"determinant", row.determinant},
            {"quantity", row.quantity},
            {"unit", row.unit},
            {"from", row.period.from.to_string()},
            {"until", row.period.until.to_string()},
            {"quality", row.quality},
            {"estimated_share", row.estimated_share},
            {"statuses", row.statuses},
            {"reads", row.reads},
            {"source", row.source},
            {"billed_quantity", row.billed_quantity}};
}

json::object failure_json(const DeterminantFailure& failure) {
    return {{"account", failure.account},
            {"agreement", failure.agreement},
            {"from", failure.period.from.to_string()},
            {"until", failure.period.until.to_string()},
            {"cause", failure.cause},
            {"message", failure.message},
            {"next", failure.next}};
}

}  // namespace

Result<Determinants> determinants_of(Office& office, const DeterminantsRequest& request) {
    Determinants found;
    if (request.account.empty()) {
        if (office.catalogue().cycles.of_cycle(request.cycle).empty()) {
            return Error(errors::cycle_unknown, {{"cycle", request.cycle}});
        }
        CycleDeterminants(office, request.cycle, request.read_date, customers::every_account)
            .find(found);
        return found;
    }
    TRY(const auto account, find_account(office, request.account));
    std::set<std::string> cycles;
    for (const auto& served :
         office.service().agreements_of_account(account.id, service::now_known)) {
        cycles.insert(served.point.cycle);
    }
    for (const std::string& cycle : cycles) {
        if (!request.cycle.empty() && cycle != request.cycle) continue;
        CycleDeterminants(office, cycle, request.read_date,
                          {account.id.value, account.id.value + 1})
            .find(found);
    }
    return found;
}

Result<Determinants> determinants_changed_since(Office& office, Date since) {
    Determinants found;
    BillsAgain bills(office, office.catalogue(), BillsAgain::RecordedLater::as_known_now);
    for (const AccountId account : accounts_changed(office, since)) {
        bills.of_account(account, {since - bills_looked_back, end_of_time}, [&](const auto& again) {
            if (!again || !again->intervals_changed) return;
            std::vector<DeterminantRow> rows;
            const auto added =
                add_rows(office, counted_of(*again->served, again->use, again->bill->number), rows);
            if (!added) {
                found.failures.push_back(
                    failure_of(*again->served, again->segment->period, added.error()));
            }
            for (DeterminantRow& row : rows) {
                add_billed(*again->segment, row);
                found.rows.push_back(std::move(row));
            }
        });
    }
    return found;
}

json::object to_json(const Determinants& determinants) {
    json::array rows;
    for (const DeterminantRow& row : determinants.rows) rows.push_back(row_json(row));
    json::array failures;
    for (const auto& failure : determinants.failures) failures.push_back(failure_json(failure));
    return {{"items", std::move(rows)}, {"failures", std::move(failures)}};
}

Result<std::string> to_csv(const Determinants& determinants) {
    json::array rows;
    for (const DeterminantRow& row : determinants.rows) rows.push_back(row_json(row));
    for (const auto& failure : determinants.failures) {
        json::object row = failure_json(failure);
        row["failure"] = row["cause"];
        row["reads"] = row["message"];
        rows.push_back(std::move(row));
    }
    return formats::table_as_csv({"account", "agreement", "point", "schedule", "determinant",
                                  "quantity", "unit", "from", "until", "quality", "estimated_share",
                                  "statuses", "reads", "source", "billed_quantity", "failure"},
                                 rows);
}

}  // namespace watthour::app
