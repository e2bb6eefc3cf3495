// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "customers/account.hpp"
#include "investigation/case_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::investigation {

using CaseId = Id<struct CaseTag>;

/// Something that cannot be decided by looking at one number: what is suspected, of which meter,
/// and the day on which it was found, from which limits are counted.
struct Case {
    std::int64_t account = 0;  ///< 0 where nobody has an agreement
    CaseId id;
    CaseKind kind{};
    std::string subject;      ///< what it is about, in natural keys
    std::string meter;        ///< serial
    std::string other_meter;  ///< of crossed meters
    Date discovered_on;
    std::string why;
    std::string opened_by;
    std::string state;    ///< of its last change
    std::string finding;  ///< empty until it is concluded
};

[[nodiscard]] CaseId case_id(CaseKind kind, std::int64_t account, const std::string& subject);

/// A fact that was known when the case was opened.
struct Evidence {
    std::string step;   ///< that it helps to answer
    std::string fact;   ///< "last_bills", "events"
    std::string words;  ///< for people
    std::string facts;  ///< the same as JSON
};

/// One thing that was done with a case; never changed.
struct CaseChange {
    std::int64_t number = 0;
    std::string kind;    ///< opened, step, state, concluded
    std::string step;    ///< of a step; the finding of a conclusion
    std::string result;  ///< of a step: clear, explains, not_possible, ordered
    std::string found;   ///< in words
    std::string state;   ///< of the case from then on
    std::string by;
    Date on;
};

/// What a case asks others to do. `facts` is JSON with everything that is needed to do it.
struct Proposal {
    std::int64_t number = 0;
    std::string kind;  ///< order, letter, correction
    std::int64_t for_account = 0;
    std::int64_t work_item = 0;
    std::string facts;
};

/// Whatever writes needs a transaction with a date.
class CaseStore {
public:
    virtual ~CaseStore() = default;
    /// False when the case is there already; then nothing is written.
    [[nodiscard]] virtual bool add(const Case& opened, const std::vector<Evidence>& evidence) = 0;
    virtual void add(const Case& of, const CaseChange& change) = 0;
    virtual void add(const Case& of, const std::vector<Proposal>& proposals) = 0;
    [[nodiscard]] virtual std::optional<Case> find(CaseId id) = 0;
    /// All, in order of discovery, account and id.
    [[nodiscard]] virtual std::vector<Case> list() = 0;
    [[nodiscard]] virtual std::vector<CaseChange> changes(const Case& of) = 0;
    [[nodiscard]] virtual std::vector<Evidence> evidence(const Case& of) = 0;
    [[nodiscard]] virtual std::vector<Proposal> proposals(const Case& of) = 0;
};

/// The steps that have an answer, in the order of the changes; `ordered` is none yet.
[[nodiscard]] std::vector<std::string> answered_steps(const std::vector<CaseChange>& changes);

}  // namespace watthour::investigation
