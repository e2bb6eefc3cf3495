// SPDX-License-Identifier: Apache-2.0
#include "investigation/case_store.hpp"

namespace watthour::investigation {

CaseId case_id(CaseKind kind, std::int64_t account, const std::string& subject) {
    return {id_from_key(
        "case", std::string(to_text(kind)) + "|" + std::to_string(account) + "|" + subject)};
}

std::vector<std::string> answered_steps(const std::vector<CaseChange>& changes) {
    std::vector<std::string> answered;
    for (const CaseChange& change : changes) {
        if (change.kind == "step" && change.result != "ordered") answered.push_back(change.step);
    }
    return answered;
}

}  // namespace watthour::investigation
