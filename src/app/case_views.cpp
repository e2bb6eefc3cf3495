// SPDX-License-Identifier: Apache-2.0
#include "app/case_views.hpp"

#include "base/words.hpp"
#include "storage/case_rows.hpp"
#include "worklist/told.hpp"

namespace watthour::app {
namespace {

using investigation::Case;
using investigation::CaseChange;
using storage::CaseRows;

json::object both(const std::string& key) {
    return {{"en", Words::of(Language::english).text(key)},
            {"es", Words::of(Language::spanish).text(key)}};
}

json::value parsed(const std::string& facts) {
    const auto value = parse_json(facts, "facts");
    return value ? *value : json::value();
}

json::object change_object(const CaseChange& change) {
    return {{"number", change.number},
            {"kind", change.kind},
            {"step", text_or_null(change.step)},
            {"result", text_or_null(change.result)},
            {"found", change.found},
            {"state", change.state},
            {"by", change.by},
            {"on", change.on.to_string()}};
}

json::array proposals_array(const std::vector<investigation::Proposal>& proposals) {
    json::array rows;
    for (const auto& one : proposals) {
        rows.push_back(json::object{
            {"kind", one.kind},
            {"account", one.for_account == 0
                            ? json::value()
                            : json::value(customers::account_number({one.for_account}))},
            {"work_item", std::to_string(one.work_item)},
            {"facts", parsed(one.facts)}});
    }
    return rows;
}

/// The steps with what helps to answer them and what was answered last.
json::array steps_array(const Case& of, const std::vector<investigation::Evidence>& evidence,
                        const std::vector<CaseChange>& changes, Language language) {
    json::array rows;
    for (const auto& step : investigation::steps_of(of.kind)) {
        json::object row{{"step", step.code},
                         {"asks", both("case.step." + std::string(step.code))},
                         {"order", text_or_null(std::string(step.order))},
                         {"result", json::value()},
                         {"found", json::value()},
                         {"by", json::value()},
                         {"on", json::value()}};
        json::array facts;
        for (const auto& piece : evidence) {
            if (piece.step != step.code) continue;
            facts.push_back(json::object{{"fact", piece.fact},
                                         {"words", worklist::in_words(piece.words, language)},
                                         {"facts", parsed(piece.facts)}});
        }
        row["evidence"] = std::move(facts);
        for (const auto& change : changes) {
            if (change.kind != "step" || change.step != step.code) continue;
            row["result"] = change.result;
            row["found"] = change.found;
            row["by"] = change.by;
            row["on"] = change.on.to_string();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

json::array findings_array(investigation::CaseKind kind) {
    json::array rows;
    for (const auto& finding : investigation::findings_of(kind)) {
        rows.push_back(json::object{
            {"finding", finding.code},
            {"name", both("case.finding." + std::string(finding.code))},
            {"after", finding.after},
            {"corrects_bills", finding.correction != investigation::Correction::none}});
    }
    return rows;
}

json::array corrections_array(const std::vector<CaseCorrection>& corrections) {
    json::array rows;
    for (const auto& made : corrections) {
        rows.push_back(json::object{{"account", customers::account_number({made.account})},
                                    {"from", made.allowed.from.to_string()},
                                    {"until", made.allowed.until.to_string()},
                                    {"bills", made.bills.size()},
                                    {"kwh", made.difference.to_string()},
                                    {"beyond_kwh", made.beyond.to_string()},
                                    {"amount", made.amount.to_string()}});
    }
    return rows;
}

}  // namespace

json::object to_json(const Case& one) {
    return {{"case", std::to_string(one.id.value)},
            {"kind", investigation::to_text(one.kind)},
            {"state", one.state},
            {"account", one.account == 0 ? json::value()
                                         : json::value(customers::account_number({one.account}))},
            {"meter", one.meter},
            {"other_meter", text_or_null(one.other_meter)},
            {"discovered_on", one.discovered_on.to_string()},
            {"finding", text_or_null(one.finding)},
            {"why", one.why},
            {"opened_by", one.opened_by}};
}

namespace {

/// Dollars of the corrections that a case proposed, else of the last bill that it saw.
json::value at_stake(const std::vector<investigation::Proposal>& proposals,
                     const std::vector<investigation::Evidence>& evidence) {
    Money sum;
    bool proposed = false;
    for (const auto& one : proposals) {
        if (one.kind != "correction") continue;
        const json::value facts = parsed(one.facts);
        if (const auto amount = Money::parse(std::string(facts.at("amount").as_string()))) {
            sum += amount->magnitude();
            proposed = true;
        }
    }
    if (proposed) return json::value(sum.to_string());
    for (const auto& piece : evidence) {
        if (piece.fact != "uses") continue;
        const json::value facts = parsed(piece.facts);
        if (facts.is_array() && !facts.as_array().empty()) {
            return facts.as_array().back().at("charges");
        }
    }
    return nullptr;
}

json::object row_of(Office& office, const Case& of) {
    CaseRows rows(office.database());
    const auto changes = rows.changes(of);
    json::object row = to_json(of);
    row["age_days"] = office.business_date() - of.discovered_on;
    row["owner"] = changes.empty() ? of.opened_by : changes.back().by;
    const auto next = investigation::next_step(of.kind, investigation::answered_steps(changes));
    const bool undecided = investigation::is_undecided(of.state);
    row["next_step"] = next && undecided ? json::value(next->code) : json::value();
    row["next_asks"] = next && undecided ? json::value(both("case.step." + std::string(next->code)))
                                         : json::value();
    row["at_stake"] = at_stake(rows.proposals(of), rows.evidence(of));
    return row;
}

}  // namespace

Result<json::object> case_view(Office& office, const std::string& number, Language language) {
    TRY(const Case of, find_case(office, number));
    CaseRows rows(office.database());
    const auto changes = rows.changes(of);
    json::object view = to_json(of);
    view["name"] = both("case.kind." + std::string(investigation::to_text(of.kind)));
    const auto next = investigation::next_step(of.kind, investigation::answered_steps(changes));
    const bool undecided = investigation::is_undecided(of.state);
    view["next_step"] = next && undecided ? json::value(next->code) : json::value();
    json::array followers;
    for (const auto follower : investigation::followers_of(of.state)) {
        followers.emplace_back(follower);
    }
    view["followers"] = std::move(followers);
    view["steps"] = steps_array(of, rows.evidence(of), changes, language);
    view["findings"] = findings_array(of.kind);
    view["proposals"] = proposals_array(rows.proposals(of));
    json::array history;
    for (const auto& change : changes) history.push_back(change_object(change));
    view["changes"] = std::move(history);
    return view;
}

Result<json::array> list_cases(Office& office, const std::string& kind, const std::string& state,
                               const std::string& meter) {
    if (!kind.empty()) TRY_DONE(investigation::parse_kind(kind));
    json::array rows;
    for (const Case& one : CaseRows(office.database()).list()) {
        const bool of_kind = kind.empty() || kind == investigation::to_text(one.kind);
        const bool of_state = state.empty() || state == "all" || state == one.state ||
                              (state == "open" && !investigation::is_closed(one.state));
        const bool of_meter = meter.empty() || meter == one.meter || meter == one.other_meter;
        if (of_kind && of_state && of_meter) rows.push_back(row_of(office, one));
    }
    return rows;
}

json::object to_json(const CaseDone& done, bool dry_run, Language language) {
    json::object object = to_json(done.the_case);
    json::array evidence;
    for (const auto& piece : done.evidence) {
        evidence.push_back(json::object{{"step", piece.step},
                                        {"words", worklist::in_words(piece.words, language)}});
    }
    object["evidence"] = std::move(evidence);
    object["proposals"] = proposals_array(done.proposals);
    object["corrections"] = corrections_array(done.corrections);
    object["follows"] =
        done.follows ? json::value(std::to_string(done.follows->id.value)) : json::value();
    object["dry_run"] = dry_run;
    return object;
}

json::object to_json(const DetectOutcome& outcome, bool dry_run) {
    json::array opened;
    for (const Case& one : outcome.opened) opened.push_back(to_json(one));
    return {{"seen", outcome.seen}, {"opened", std::move(opened)}, {"dry_run", dry_run}};
}

}  // namespace watthour::app
