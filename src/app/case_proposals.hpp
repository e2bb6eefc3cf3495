// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/case_correction.hpp"
#include "base/json.hpp"
#include "investigation/case_store.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// What a case asks others to do, gathered and then written at once: each is a row of the case with
/// all that is needed to do it, and an item of the inbox.
class CaseProposals {
public:
    CaseProposals(Office& office, const investigation::Case& of) : office_(office), case_(of) {}

    /// Someone is sent to a meter. Source: R7.01.
    void order(const std::string& code, const CaseSubject& subject);
    /// The answer to a customer in the language of the account, with what is corrected; to premises
    /// where nobody has an agreement in both languages. Source: R4.13, R4.16.
    void letter(const std::string& finding, const CaseSubject& subject,
                const CaseCorrection* correction);
    /// Bills to be made anew, or use to be billed afterwards. Nothing where nothing differs.
    void correction(const std::string& finding, investigation::Claim claim,
                    const CaseSubject& subject, const CaseCorrection& made);
    /// Within a transaction with a date. Returns what was written.
    std::vector<investigation::Proposal> write();

private:
    void put(const std::string& kind, std::int64_t account, worklist::WorkItem item,
             const std::string& key, json::object facts);

    Office& office_;
    const investigation::Case& case_;
    std::vector<investigation::Proposal> proposals_;
    std::vector<worklist::WorkItem> items_;
};

}  // namespace watthour::app
