// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "tariff/catalogue.hpp"

#include <string>
#include <vector>

namespace watthour::tariff {

/// One price of a rate sheet, as it is printed.
struct SheetRow {
    std::string charge;  ///< text of the charge
    std::string what;    ///< season, period, tier or fact; "" = whatever
    std::string price;   ///< with every written digit
    std::string unit;    ///< "$/kWh"
    std::string code;    ///< of the line, the same in both languages
};

/// The printed form of a schedule version in one language, from the same text that bills.
struct RateSheet {
    std::string schedule;
    std::string name;
    std::string applies_to;
    Date effective;
    std::string clause;
    std::vector<SheetRow> rows;
    std::vector<std::string> terms;  ///< what the prices do not say, in sentences
};

/// Errors: tariff.no_version_on_date.
[[nodiscard]] Result<RateSheet> rate_sheet(const Catalogue& catalogue, const RateSchedule& schedule,
                                           Date date, Language language);

[[nodiscard]] json::object to_json(const RateSheet& sheet);

/// A price or a term that two texts say differently.
struct TariffChange {
    std::string document;  ///< "R-1 2025-07-01"
    std::string what;      ///< "EN-T1, summer"
    std::string before;    ///< "" = not there
    std::string after;
};

/// What changed from one set of tariffs to another: versions, prices, surcharges, in the order of
/// the documents.
[[nodiscard]] std::vector<TariffChange> tariff_changes(const Catalogue& before,
                                                       const Catalogue& after);

/// The same tariffs as if their newest versions had always been in force: for asking what a new
/// price does to use of the past.
[[nodiscard]] Catalogue as_if_in_force(Catalogue catalogue);

}  // namespace watthour::tariff
