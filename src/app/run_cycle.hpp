// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <functional>
#include <string>
#include <vector>

namespace watthour::app {

enum class RunMode { post, preview };

struct CycleRequest {
    std::string cycle;
    Date date;
    RunMode mode = RunMode::post;
    int threads = 2;
    /// Accounts a transaction writes; whole accounts, never half of one (quality bar B3).
    int group = 500;
};

struct LineTotal {
    std::string code;
    std::int64_t lines = 0;
    Money amount;
};

/// What a run did, or would do: the same code up to the commit.
struct CycleOutcome {
    tariff::CycleRow window;
    RunMode mode = RunMode::post;
    std::int64_t agreements = 0;      ///< due in this window
    std::int64_t already_billed = 0;  ///< by an earlier night
    std::int64_t merged = 0;          ///< first periods too short to bill alone
    std::vector<billing::Bill> bills;
    std::vector<billing::BillingException> exceptions;
    Money total;
    Energy delivered;
    std::vector<LineTotal> lines;  ///< by line code
};

using Progress = std::function<void(std::int64_t done, std::int64_t of)>;

/// The nightly run of an open window: every account that is due is measured, checked, rated and
/// posted, each whole or not at all; what cannot be billed becomes a work item and the rest goes
/// on. Safe to repeat: what is billed stays billed, what failed is tried again.
///
/// Errors: app.cycle_unknown, app.window_not_open.
/// Source: R4.01 to R4.05, R1.29, R2.21.
[[nodiscard]] Result<CycleOutcome> run_cycle(Office& office, const CycleRequest& request,
                                             const Progress& progress = {});

/// The window of a cycle that is open on a date. Errors: app.cycle_unknown, app.window_not_open.
[[nodiscard]] Result<tariff::CycleRow> open_window(const tariff::Catalogue& catalogue,
                                                   const std::string& cycle, Date date);

}  // namespace watthour::app
