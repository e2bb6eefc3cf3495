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

/// A part of a run: the due accounts of a range, measured, checked, rated and posted, with their
/// holds opened and closed. Any number of parts of one run may go on at once, and a part may be
/// done again: what is billed stays billed.
[[nodiscard]] CycleOutcome bill_part(Office& office, const CycleRequest& request,
                                     const tariff::CycleRow& window, customers::AccountRange range,
                                     const Progress& progress = {});

/// Figures of a whole run for its control report.
struct CycleControl {
    std::int64_t billed = 0;
    std::int64_t held = 0;
    Money amount;
    std::int64_t job = 0;  ///< a job reports its run once; 0 = no job
};

/// What follows when every part is done: use where nobody is, the control report of the run.
void close_run(Office& office, const CycleRequest& request, const tariff::CycleRow& window,
               const CycleControl& control);

/// The nightly run of an open window as one part: every account that is due is measured, checked,
/// rated and posted, each whole or not at all; what cannot be billed becomes a work item and the
/// rest goes on. Safe to repeat: what is billed stays billed, what failed is tried again.
///
/// Errors: app.cycle_unknown, app.window_not_open.
/// Source: R4.01 to R4.05, R1.29, R2.21.
[[nodiscard]] Result<CycleOutcome> run_cycle(Office& office, const CycleRequest& request,
                                             const Progress& progress = {});

struct CycleToRun {
    tariff::CycleRow window;
    bool ran = false;       ///< by an earlier night
    std::int64_t held = 0;  ///< accounts that its last run left
};

/// Cycles with an open window on a date that were not run yet or have accounts held.
[[nodiscard]] std::vector<CycleToRun> cycles_to_run(Office& office, Date date);

/// The window of a cycle that is open on a date. Errors: app.cycle_unknown, app.window_not_open.
[[nodiscard]] Result<tariff::CycleRow> open_window(const tariff::Catalogue& catalogue,
                                                   const std::string& cycle, Date date);

}  // namespace watthour::app
