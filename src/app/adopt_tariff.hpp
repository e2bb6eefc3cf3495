// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"
#include "base/problem.hpp"
#include "tariff/rate_sheet.hpp"

#include <string>
#include <utility>
#include <vector>

namespace watthour::app {

/// Files of a set by name.
using TariffTexts = std::vector<std::pair<std::string, std::string>>;

/// What adopting a folder of tariffs would change.
struct TariffProposal {
    std::string hash;
    std::vector<tariff::TariffChange> changes;
};

/// Reads a folder that is put forward and says what it changes. A version that may have billed
/// can neither be edited nor left out, and a new one begins on the business date or later.
///
/// Errors: those of tariff, app.tariff_not_whole with the first finding of the check,
///         app.tariff_version_edited, app.tariff_too_early, app.tariff_unchanged.
[[nodiscard]] Result<TariffProposal> look_at_tariffs(Office& office, const std::string& folder);

/// Keeps the folder and asks a second person to adopt it.
///
/// Errors: as look_at_tariffs; access.needs_approval (exit code 6) with the approval's number.
[[nodiscard]] Result<TariffProposal> propose_tariffs(Office& office, const std::string& folder,
                                                     const std::string& why);

/// The same of texts by name: a set with one file replaced.
[[nodiscard]] Result<TariffProposal> look_at_texts(Office& office, const TariffTexts& texts);
[[nodiscard]] Result<TariffProposal> propose_texts(Office& office, const TariffTexts& texts,
                                                   const std::string& why);
/// The texts that are in force: of the set adopted last, or the program's own.
[[nodiscard]] TariffTexts texts_in_force(Office& office);

/// Puts a kept set in force; what was adopted before is not adopted twice.
/// Errors: app.tariff_set_unknown, app.tariff_version_edited, app.tariff_too_early.
[[nodiscard]] Result<void> adopt_tariffs(Office& office, const std::string& hash,
                                         const std::string& why, std::int64_t approval);

/// A set that was put forward. Errors: app.tariff_set_unknown.
[[nodiscard]] Result<tariff::Catalogue> tariffs_of_set(Office& office, const std::string& hash);

/// Every set that was put forward, newest first, as {"hash","proposed_by","why","state",..}.
[[nodiscard]] json::array tariff_history(Office& office);

}  // namespace watthour::app
