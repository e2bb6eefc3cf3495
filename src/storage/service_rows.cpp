// SPDX-License-Identifier: Apache-2.0
#include "storage/account_rows.hpp"
#include "storage/dialect.hpp"
#include "storage/route_rows.hpp"

#include <map>

namespace watthour::storage {
namespace {

using service::ServedAgreement;

const Query insert_utility(
    "INSERT INTO utility (utility_id, name, time_zone, currency, business_date, seed, "
    "catalogue_hash, sample) VALUES (1, $1, $2, $3, $4, $5, $6, $7)");
const Query select_utility(
    "SELECT name, time_zone, currency, business_date, seed, catalogue_hash, sample FROM utility");
const Query insert_premise(
    "INSERT INTO premises (premise_id, street, unit, city, state, zip, tax_district) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query insert_point(
    "INSERT INTO service_points (service_point_id, premise_id, cycle, route, sequence, reading) "
    "VALUES ($1, $2, $3, $4, $5, $6)");
const Query insert_agreement(
    "INSERT INTO service_agreements (account_id, agreement_id, service_point_id, schedule, option, "
    "phase, active_from, active_until, version, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query insert_program(
    "INSERT INTO agreement_programs (account_id, agreement_id, kind, code, active_from, "
    "active_until, version, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const Query supersede_program(
    "UPDATE agreement_programs SET superseded_on = $1 WHERE account_id = $2 AND agreement_id = $3 "
    "AND kind = $4 AND code = $5 AND active_from = $6 AND superseded_on = '9999-12-31'");
const Query select_last_version(
    "SELECT COALESCE(max(version), 0) FROM agreement_programs WHERE account_id = $1 "
    "AND agreement_id = $2 AND kind = $3 AND code = $4 AND active_from = $5");
const Query select_of_cycle(
    "SELECT a.account_id, a.agreement_id, a.service_point_id, a.schedule, a.option, a.phase, "
    "a.active_from, a.active_until, p.premise_id, q.cycle, w.route, w.walk_order, w.reading, "
    "r.street, r.unit, r.city, r.state, r.zip, r.tax_district "
    "FROM " WH_POINTS_OF_CYCLE
    "CROSS JOIN service_agreements a JOIN premises r ON r.premise_id = p.premise_id "
    "WHERE " WH_IN_CYCLE_ON("$1", "$6")
    "AND a.service_point_id = p.service_point_id AND a.active_from < $3 AND a.active_until > $2 "
    "AND a.superseded_on = '9999-12-31' AND a.account_id >= $4 AND a.account_id < $5 "
    "ORDER BY a.account_id, a.active_from");
const Query select_accounts_of_cycle(
    "SELECT DISTINCT a.account_id FROM " WH_POINTS_OF_CYCLE
    "CROSS JOIN service_agreements a WHERE " WH_IN_CYCLE_ON("$1", "$4")
    "AND a.service_point_id = p.service_point_id AND a.active_from < $3 AND a.active_until > $2 "
    "AND a.superseded_on = '9999-12-31' ORDER BY a.account_id");
const Query select_of_account(
    "SELECT a.account_id, a.agreement_id, a.service_point_id, a.schedule, a.option, a.phase, "
    "a.active_from, a.active_until, p.premise_id, q.cycle, w.route, w.walk_order, w.reading, "
    "r.street, r.unit, r.city, r.state, r.zip, r.tax_district "
    "FROM service_agreements a JOIN service_points p ON a.service_point_id = p.service_point_id "
    "JOIN premises r ON r.premise_id = p.premise_id " WH_PLACED_ON("$3")
    "WHERE a.account_id = $1 AND a.recorded_on <= $2 AND a.superseded_on > $2 "
    "ORDER BY a.active_from");
const Query select_programs(
    "SELECT account_id, agreement_id, kind, code, active_from, active_until "
    "FROM agreement_programs WHERE account_id IN ${IDS} AND recorded_on <= $2 "
    "AND superseded_on > $2 AND active_from < active_until ORDER BY account_id, agreement_id, "
    "code, active_from");
const Query select_points(
    "SELECT p.service_point_id, p.premise_id, q.cycle, w.route, w.walk_order, w.reading "
    "FROM service_points p " WH_PLACED_ON("$1") "ORDER BY p.service_point_id");

ServedAgreement served_row(Statement& row) {
    ServedAgreement served;
    served.agreement.account = {row.integer(0)};
    served.agreement.id = {row.integer(1)};
    served.agreement.service_point = {row.integer(2)};
    served.agreement.schedule = row.text(3);
    served.agreement.option = row.text(4);
    served.agreement.phase = row.text(5);
    served.agreement.active = {row.date(6), row.date(7)};
    served.point.id = served.agreement.service_point;
    served.point.premise = {row.integer(8)};
    served.point.cycle = row.text(9);
    served.point.route = row.text(10);
    served.point.sequence = static_cast<int>(row.integer(11));
    served.point.reading = row.text(12);
    served.premise.id = served.point.premise;
    served.premise.street = row.text(13);
    served.premise.unit = row.text(14);
    served.premise.city = row.text(15);
    served.premise.state = row.text(16);
    served.premise.zip = row.text(17);
    served.premise.tax_district = row.text(18);
    return served;
}

}  // namespace

void ServiceRows::create_utility(const service::UtilityRecord& utility) {
    database_.prepare(insert_utility)
        .bind(1, utility.name)
        .bind(2, utility.time_zone)
        .bind(3, utility.currency)
        .bind(4, utility.business_date)
        .bind(5, utility.seed)
        .bind(6, utility.catalogue_hash)
        .bind(7, std::int64_t{utility.sample ? 1 : 0})
        .run();
}

std::optional<service::UtilityRecord> ServiceRows::utility() {
    Statement select = database_.prepare(select_utility);
    if (!select.step()) return std::nullopt;
    return service::UtilityRecord{select.text(0),        select.text(1),    select.text(2),
                                  select.date(3),        select.integer(4), select.text(5),
                                  select.integer(6) != 0};
}

void ServiceRows::add(const std::vector<service::Premise>& premises,
                      const std::vector<service::ServicePoint>& points,
                      const std::vector<service::ServiceAgreement>& agreements) {
    Bulk premise = database_.bulk(insert_premise);
    for (const auto& p : premises) {
        premise.bind(1, p.id.value)
            .bind(2, p.street)
            .bind(3, p.unit)
            .bind(4, p.city)
            .bind(5, p.state)
            .bind(6, p.zip)
            .bind(7, p.tax_district)
            .run();
    }
    premise.finish();
    Bulk point = database_.bulk(insert_point);
    for (const auto& p : points) {
        point.bind(1, p.id.value)
            .bind(2, p.premise.value)
            .bind(3, p.cycle)
            .bind(4, p.route)
            .bind(5, std::int64_t{p.sequence})
            .bind(6, p.reading == "ami" ? "ami" : "manual")
            .run();
    }
    point.finish();
    RouteRows(database_).place_first(points);
    constexpr std::int64_t first_version = 1;
    const Date recorded_on = database_.recorded_on();
    Bulk agreement = database_.bulk(insert_agreement);
    Bulk program = database_.bulk(insert_program);
    for (const auto& a : agreements) {
        agreement.bind(1, a.account.value)
            .bind(2, a.id.value)
            .bind(3, a.service_point.value)
            .bind(4, a.schedule)
            .bind(5, a.option)
            .bind(6, a.phase)
            .bind(7, a.active.from)
            .bind(8, a.active.until)
            .bind(9, first_version)
            .bind(10, recorded_on)
            .bind(11, end_of_time)
            .run();
        for (const auto& p : a.programs) {
            program.bind(1, a.account.value)
                .bind(2, a.id.value)
                .bind(3, p.kind)
                .bind(4, p.code)
                .bind(5, p.active.from)
                .bind(6, p.active.until)
                .bind(7, first_version)
                .bind(8, recorded_on)
                .bind(9, end_of_time)
                .run();
        }
    }
    agreement.finish();
    program.finish();
}

void ServiceRows::add_programs(std::vector<ServedAgreement>& served, Date known_on) {
    std::vector<customers::AccountId> ids;
    std::map<std::pair<std::int64_t, std::int64_t>, ServedAgreement*> by_key;
    for (ServedAgreement& s : served) {
        ids.push_back(s.agreement.account);
        by_key[{s.agreement.account.value, s.agreement.id.value}] = &s;
    }
    Statement select = database_.prepare(select_programs);
    select.bind(1, id_list(ids)).bind(2, known_on);
    while (select.step()) {
        const auto found = by_key.find({select.integer(0), select.integer(1)});
        if (found == by_key.end()) continue;
        found->second->agreement.programs.push_back(
            {select.text(3), select.text(2), {select.date(4), select.date(5)}});
    }
}

Date ServiceRows::today() {
    const auto known = utility();
    return known ? known->business_date : service::now_known;
}

std::vector<ServedAgreement> ServiceRows::agreements_of_cycle(const std::string& cycle,
                                                              DateRange days,
                                                              customers::AccountRange accounts) {
    return agreements_of_cycle(cycle, today(), days, accounts);
}

std::vector<ServedAgreement> ServiceRows::agreements_of_cycle(const std::string& cycle, Date on,
                                                              DateRange days,
                                                              customers::AccountRange accounts) {
    std::vector<ServedAgreement> served;
    Statement select = database_.prepare(select_of_cycle);
    select.bind(1, cycle)
        .bind(2, days.from)
        .bind(3, days.until)
        .bind(4, accounts.from)
        .bind(5, accounts.until)
        .bind(6, on);
    while (select.step()) served.push_back(served_row(select));
    add_programs(served, service::now_known);
    return served;
}

std::vector<customers::AccountId> ServiceRows::accounts_of_cycle(const std::string& cycle, Date on,
                                                                 DateRange days) {
    std::vector<customers::AccountId> accounts;
    Statement select = database_.prepare(select_accounts_of_cycle);
    select.bind(1, cycle).bind(2, days.from).bind(3, days.until).bind(4, on);
    while (select.step()) accounts.push_back({select.integer(0)});
    return accounts;
}

std::vector<ServedAgreement> ServiceRows::agreements_of_account(customers::AccountId account,
                                                                Date known_on) {
    std::vector<ServedAgreement> served;
    Statement select = database_.prepare(select_of_account);
    const Date on = today();
    select.bind(1, account.value).bind(2, known_on).bind(3, on);
    while (select.step()) served.push_back(served_row(select));
    add_programs(served, known_on);
    return served;
}

void ServiceRows::put_program(const service::ServiceAgreement& agreement,
                              const service::AgreementProgram& program) {
    database_.prepare(supersede_program)
        .bind(1, database_.recorded_on())
        .bind(2, agreement.account.value)
        .bind(3, agreement.id.value)
        .bind(4, program.kind)
        .bind(5, program.code)
        .bind(6, program.active.from)
        .run();
    Statement last = database_.prepare(select_last_version);
    last.bind(1, agreement.account.value)
        .bind(2, agreement.id.value)
        .bind(3, program.kind)
        .bind(4, program.code)
        .bind(5, program.active.from);
    const std::int64_t version = last.step() ? last.integer(0) + 1 : 1;
    last.reset();
    database_.prepare(insert_program)
        .bind(1, agreement.account.value)
        .bind(2, agreement.id.value)
        .bind(3, program.kind)
        .bind(4, program.code)
        .bind(5, program.active.from)
        .bind(6, program.active.until)
        .bind(7, version)
        .bind(8, database_.recorded_on())
        .bind(9, end_of_time)
        .run();
}

std::vector<service::ServicePoint> ServiceRows::points() { return points(today()); }

std::vector<service::ServicePoint> ServiceRows::points(Date on) {
    std::vector<service::ServicePoint> points;
    Statement select = database_.prepare(select_points);
    select.bind(1, on);
    while (select.step()) {
        points.push_back({{select.integer(0)},
                          {select.integer(1)},
                          select.text(2),
                          select.text(3),
                          static_cast<int>(select.integer(4)),
                          select.text(5)});
    }
    return points;
}

}  // namespace watthour::storage
