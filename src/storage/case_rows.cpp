// SPDX-License-Identifier: Apache-2.0
#include "storage/case_rows.hpp"

#include "base/check.hpp"
#include "storage/dialect.hpp"

#include <map>

namespace watthour::storage {
namespace {

using investigation::Case;
using investigation::CaseChange;
using investigation::CaseId;
using investigation::Evidence;
using investigation::Proposal;

const Query insert_case(
    "INSERT INTO cases (account_id, case_id, kind, subject, meter, other_meter, discovered_on, "
    "why, opened_by, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT DO NOTHING");
const Query insert_evidence(
    "INSERT INTO case_evidence (account_id, case_id, piece_number, step, fact, words, facts, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const Query insert_change(
    "INSERT INTO case_changes (account_id, case_id, change_number, kind, step, result, found, "
    "state, changed_by, changed_on, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query insert_proposal(
    "INSERT INTO case_proposals (account_id, case_id, proposal_number, kind, for_account_id, "
    "work_item_id, facts, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
constexpr const char* case_columns =
    "SELECT account_id, case_id, kind, subject, meter, other_meter, discovered_on, why, opened_by "
    "FROM cases ";
const Query select_case(case_columns, "WHERE case_id = $1");
const Query select_cases(case_columns, "ORDER BY discovered_on, account_id, case_id");
const Query select_states(
    "SELECT case_id, kind, step, state FROM case_changes WHERE case_id IN ${IDS} "
    "ORDER BY case_id, change_number");
const Query select_changes(
    "SELECT change_number, kind, step, result, found, state, changed_by, changed_on "
    "FROM case_changes WHERE account_id = $1 AND case_id = $2 ORDER BY change_number");
const Query select_evidence(
    "SELECT step, fact, words, facts FROM case_evidence WHERE account_id = $1 AND case_id = $2 "
    "ORDER BY piece_number");
const Query select_proposals(
    "SELECT proposal_number, kind, for_account_id, work_item_id, facts FROM case_proposals "
    "WHERE account_id = $1 AND case_id = $2 ORDER BY proposal_number");
constexpr const char* billed_columns =
    "SELECT s.account_id, s.agreement_id, s.period_from, s.period_until, s.delivered_wh, b.cycle, "
    "b.bill_number FROM bill_segments s JOIN bills b ON b.account_id = s.account_id "
    "AND b.bill_id = s.bill_id WHERE s.period_until > $1 ";
constexpr const char* billed_order = "ORDER BY s.account_id, s.agreement_id, s.period_from";
const Query select_billed(billed_columns, billed_order);
const Query select_billed_of_cycle(billed_columns, "AND b.cycle = $2 ", billed_order);
const Query select_premise(
    "SELECT r.premise_id, r.street, r.unit, r.city, r.state, r.zip, r.tax_district "
    "FROM service_points p JOIN premises r ON r.premise_id = p.premise_id "
    "WHERE p.service_point_id = $1");
const Query select_billed_meters(
    "SELECT r.account_id, s.agreement_id, r.meter, r.read_from, r.read_until, SUM(r.energy_wh), "
    "max(r.multiplier) FROM segment_reads r JOIN bill_segments s ON s.account_id = r.account_id "
    "AND s.bill_id = r.bill_id AND s.segment_number = r.segment_number WHERE r.read_until > $1 "
    "GROUP BY r.account_id, s.agreement_id, r.meter, r.read_from, r.read_until "
    "ORDER BY r.account_id, s.agreement_id, r.read_from, r.read_until, r.meter");

Case case_row(const Statement& row) {
    Case one;
    one.account = row.integer(0);
    one.id = {row.integer(1)};
    const auto kind = investigation::parse_kind(row.text_view(2));
    WH_CHECK(kind.has_value(), "a case has a kind that the program does not know");
    one.kind = *kind;
    one.subject = row.text(3);
    one.meter = row.text(4);
    one.other_meter = row.text(5);
    one.discovered_on = row.date(6);
    one.why = row.text(7);
    one.opened_by = row.text(8);
    return one;
}

std::vector<BilledUse> billed_rows(Statement& select) {
    std::vector<BilledUse> found;
    select.stream();
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         {select.date(2), select.date(3)},
                         select.energy(4),
                         select.text(5),
                         select.text(6)});
    }
    return found;
}

}  // namespace

bool CaseRows::add(const Case& opened, const std::vector<Evidence>& evidence) {
    const Date recorded_on = database_.recorded_on();
    const bool fresh = database_.prepare(insert_case)
                           .bind(1, opened.account)
                           .bind(2, opened.id.value)
                           .bind(3, investigation::to_text(opened.kind))
                           .bind(4, opened.subject)
                           .bind(5, opened.meter)
                           .bind(6, opened.other_meter)
                           .bind(7, opened.discovered_on)
                           .bind(8, opened.why)
                           .bind(9, opened.opened_by)
                           .bind(10, recorded_on)
                           .run_unless_taken();
    if (!fresh) return false;
    Bulk insert = database_.bulk(insert_evidence);
    std::int64_t number = 0;
    for (const Evidence& piece : evidence) {
        insert.bind(1, opened.account)
            .bind(2, opened.id.value)
            .bind(3, ++number)
            .bind(4, piece.step)
            .bind(5, piece.fact)
            .bind(6, piece.words)
            .bind(7, piece.facts)
            .bind(8, recorded_on)
            .run();
    }
    insert.finish();
    add(opened,
        {1, "opened", "", "", opened.why, opened.state, opened.opened_by, opened.discovered_on});
    return true;
}

void CaseRows::add(const Case& of, const CaseChange& change) {
    database_.prepare(insert_change)
        .bind(1, of.account)
        .bind(2, of.id.value)
        .bind(3, change.number)
        .bind(4, change.kind)
        .bind(5, change.step)
        .bind(6, change.result)
        .bind(7, change.found)
        .bind(8, change.state)
        .bind(9, change.by)
        .bind(10, change.on)
        .bind(11, database_.recorded_on())
        .run();
}

void CaseRows::add(const Case& of, const std::vector<Proposal>& proposals) {
    const Date recorded_on = database_.recorded_on();
    Bulk insert = database_.bulk(insert_proposal);
    for (const Proposal& one : proposals) {
        insert.bind(1, of.account)
            .bind(2, of.id.value)
            .bind(3, one.number)
            .bind(4, one.kind)
            .bind(5, one.for_account)
            .bind(6, one.work_item)
            .bind(7, one.facts)
            .bind(8, recorded_on)
            .run();
    }
    insert.finish();
}

void CaseRows::fill_states(std::vector<Case>& cases) {
    if (cases.empty()) return;
    std::map<CaseId, Case*> by_id;
    std::vector<CaseId> ids;
    for (Case& one : cases) {
        by_id[one.id] = &one;
        ids.push_back(one.id);
    }
    Statement select = database_.prepare(select_states);
    select.bind(1, id_list(ids));
    while (select.step()) {
        Case& one = *by_id.at({select.integer(0)});
        one.state = select.text(3);
        if (select.text_view(1) == "concluded") one.finding = select.text(2);
    }
}

std::optional<Case> CaseRows::find(CaseId id) {
    std::vector<Case> found;
    {
        Statement select = database_.prepare(select_case);
        select.bind(1, id.value);
        if (select.step()) found.push_back(case_row(select));
    }
    if (found.empty()) return std::nullopt;
    fill_states(found);
    return found.front();
}

std::vector<Case> CaseRows::list() {
    std::vector<Case> found;
    {
        Statement select = database_.prepare(select_cases);
        while (select.step()) found.push_back(case_row(select));
    }
    fill_states(found);
    return found;
}

std::vector<CaseChange> CaseRows::changes(const Case& of) {
    std::vector<CaseChange> found;
    Statement select = database_.prepare(select_changes);
    select.bind(1, of.account).bind(2, of.id.value);
    while (select.step()) {
        found.push_back({select.integer(0), select.text(1), select.text(2), select.text(3),
                         select.text(4), select.text(5), select.text(6), select.date(7)});
    }
    return found;
}

std::vector<Evidence> CaseRows::evidence(const Case& of) {
    std::vector<Evidence> found;
    Statement select = database_.prepare(select_evidence);
    select.bind(1, of.account).bind(2, of.id.value);
    while (select.step()) {
        found.push_back({select.text(0), select.text(1), select.text(2), select.text(3)});
    }
    return found;
}

std::vector<Proposal> CaseRows::proposals(const Case& of) {
    std::vector<Proposal> found;
    Statement select = database_.prepare(select_proposals);
    select.bind(1, of.account).bind(2, of.id.value);
    while (select.step()) {
        found.push_back({select.integer(0), select.text(1), select.integer(2), select.integer(3),
                         select.text(4)});
    }
    return found;
}

std::vector<BilledUse> CaseRows::billed_uses(Date after) {
    Statement select = database_.prepare(select_billed);
    select.bind(1, after);
    return billed_rows(select);
}

std::vector<BilledUse> CaseRows::billed_uses(Date after, const std::string& cycle) {
    Statement select = database_.prepare(select_billed_of_cycle);
    select.bind(1, after).bind(2, cycle);
    return billed_rows(select);
}

std::optional<service::Premise> CaseRows::premise_of(service::ServicePointId point) {
    Statement select = database_.prepare(select_premise);
    select.bind(1, point.value);
    if (!select.step()) return std::nullopt;
    return service::Premise{{select.integer(0)}, select.text(1), select.text(2), select.text(3),
                            select.text(4),      select.text(5), select.text(6)};
}

std::vector<BilledMeterUse> CaseRows::billed_meter_uses(Date after) {
    std::vector<BilledMeterUse> found;
    Statement select = database_.prepare(select_billed_meters);
    select.bind(1, after);
    select.stream();
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         select.text(2),
                         {select.date(3), select.date(4)},
                         select.energy(5),
                         select.text(6)});
    }
    return found;
}

}  // namespace watthour::storage
