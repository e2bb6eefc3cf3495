// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/compare_schedules.hpp"
#include "app/correct_meter.hpp"
#include "app/detect_cases.hpp"
#include "app/exchange_meter.hpp"
#include "app/export_route.hpp"
#include "app/import_file.hpp"
#include "app/investigate.hpp"
#include "app/missed_reads.hpp"
#include "app/office.hpp"
#include "app/preview_rules.hpp"
#include "app/release_drafts.hpp"
#include "app/replay.hpp"
#include "app/reroute.hpp"
#include "app/run_cycle.hpp"
#include "app/validate_reads.hpp"
#include "words.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watthour::scenarios {

/// What a scenario has told of the place so far and the office has not written yet.
struct Pending {
    std::vector<customers::Person> people;
    std::vector<customers::Account> accounts;
    std::vector<customers::BankMandate> mandates;
    std::vector<service::Premise> premises;
    std::vector<service::ServicePoint> points;
    std::vector<service::ServiceAgreement> agreements;
    std::vector<metering::Meter> meters;
    std::vector<metering::Channel> channels;
    std::vector<metering::MeterInstallation> installations;

    [[nodiscard]] bool is_empty() const {
        return accounts.empty() && mandates.empty() && points.empty() && agreements.empty() &&
               meters.empty();
    }
};

/// An office with a fresh database in a folder of its own, and what its last steps did.
class Stage {
public:
    Stage(const std::string& name, std::string url);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// The office with everything told so far written to it.
    [[nodiscard]] app::Office& office();
    /// Another on the same database, with a connection of its own.
    [[nodiscard]] std::unique_ptr<app::Office> another_office();
    [[nodiscard]] Pending& pending() { return pending_; }
    [[nodiscard]] std::string path_of(const std::string& file) const;
    /// Rows of all tables together.
    [[nodiscard]] std::int64_t rows();
    /// Remembers how much the database holds; said before a step.
    void before_step();

    /// Keeps a refusal, which the next statement must expect.
    template <class T>
    [[nodiscard]] bool took(const Result<T>& result) {
        if (result) return true;
        refusal = result.error();
        return false;
    }

    Date today = Date::ymd(2026, 6, 15);
    std::optional<Error> refusal;
    std::map<std::string, service::AgreementId> agreements;
    std::vector<customers::AccountId> accounts;
    std::optional<app::CycleOutcome> run;
    std::optional<app::CycleOutcome> preview;
    std::optional<billing::Bill> bill;  ///< the one that is looked at
    std::optional<app::ImportOutcome> import;
    std::optional<app::DraftOutcome> drafts;
    std::map<std::string, std::string> tariffs;  ///< that somebody writes, by file
    std::optional<app::ScheduleComparison> comparison;
    std::optional<app::ReplayOutcome> replay;
    std::optional<app::ValidationOutcome> validation;
    std::optional<app::RulesPreview> rules_preview;
    std::optional<app::MeterWorkDone> meter_work;
    std::optional<app::MeterCorrected> meter_corrected;  ///< the last one that was not refused
    std::optional<app::CaseDone> case_done;              ///< the last act on a case
    std::optional<app::DetectOutcome> detection;
    std::optional<app::Rerouted> rerouted;  ///< the last move
    std::optional<app::ExportedRoute> handed_out;
    std::optional<app::FollowUp> followed_up;
    std::optional<app::MissedOutcome> missed;
    std::int64_t rows_before = 0;

private:
    void write_pending();
    std::string folder_;
    std::string url_;
    std::unique_ptr<app::Office> office_;
    Pending pending_;
};

/// Statements that tell of the place; false when the word is none of them.
[[nodiscard]] bool set_up(Stage& stage, const std::string& verb, Words& words);
/// Statements that work: reads, runs, files, money.
[[nodiscard]] bool work_through(Stage& stage, const std::string& verb, Words& words);
/// Money files, made and brought in.
[[nodiscard]] bool handle_money(Stage& stage, const std::string& verb, Words& words);
/// The stock of the meter shop, tests, and the work of a crew at a point.
[[nodiscard]] bool work_on_meters(Stage& stage, const std::string& verb, Words& words);
/// `again BILL KWH AMOUNT`: a bill that rests on what was corrected, computed again.
[[nodiscard]] std::string expect_again(Stage& stage, Words& words);
/// Cases of investigation: opened, answered, concluded, detected.
[[nodiscard]] bool investigate(Stage& stage, const std::string& verb, Words& words);
/// `case KIND of M-77 STATE`, `cases 2`, `evidence STEP "..."`, `correction N KWH AMOUNT bills 3`,
/// `letter of N es "..."`.
[[nodiscard]] std::string expect_case(Stage& stage, Words& words);
[[nodiscard]] std::string expect_cases(Stage& stage, Words& words);
[[nodiscard]] std::string expect_evidence(Stage& stage, Words& words);
[[nodiscard]] std::string expect_told(Stage& stage, Words& words);
[[nodiscard]] std::string expect_correction(Stage& stage, Words& words);
[[nodiscard]] std::string expect_letter(Stage& stage, Words& words);
/// Files taken by what they hold, mappings, rows repaired.
[[nodiscard]] bool bring_files(Stage& stage, const std::string& verb, Words& words);
/// `file reads.csv "good 23 repeated 0 failed 1 repaired 0 waiting 1 kwh 28.75"`
[[nodiscard]] std::string expect_file(Stage& stage, Words& words);
/// `determinant ACCOUNT on DATE KWH "384 kWh actual 0 measured"`
[[nodiscard]] std::string expect_determinant(Stage& stage, Words& words);
/// `changed since DATE KWH "384 to 385"`: billed, and now
[[nodiscard]] std::string expect_changed(Stage& stage, Words& words);
/// Routes: made, walked, moved, handed to the reader and followed up.
[[nodiscard]] bool work_on_routes(Stage& stage, const std::string& verb, Words& words);
/// `stop 05-01 for D M-77 skipped [code dog] [place 20] [low 04216] [high 04720] [estimates 1]`
[[nodiscard]] std::string expect_stop(Stage& stage, Words& words);
/// `bridge M-77 D D inside`, `proposed D`: of the last move.
[[nodiscard]] std::string expect_bridge(Stage& stage, Words& words);
[[nodiscard]] std::string expect_proposed(Stage& stage, Words& words);
/// `handed 2 export 1 [again]`, `followed order_proposed 1`, `missed 1 opened 1 closed 0`.
[[nodiscard]] std::string expect_handed(Stage& stage, Words& words);
[[nodiscard]] std::string expect_followed(Stage& stage, Words& words);
[[nodiscard]] std::string expect_missed(Stage& stage, Words& words);
/// Tariffs written, put forward and adopted; what they would do and did.
[[nodiscard]] bool change_tariffs(Stage& stage, const std::string& verb, Words& words);
/// Reads that are sent, validated and decided.
[[nodiscard]] bool work_on_reads(Stage& stage, const std::string& verb, Words& words);
/// "2026-05-20T16:00" by the wall clock.
[[nodiscard]] Instant moment(Stage& stage, const std::string& text);
/// "500 E": Wh and status of the interval that begins at a moment.
[[nodiscard]] std::string interval_text(Stage& stage, const std::string& serial, Instant at);
/// `usage M-77 from D until D by day 11.5 [known D]`: kWh of each step, by commas.
[[nodiscard]] std::string expect_came(Stage& stage, Words& words);
[[nodiscard]] std::string expect_silent(Stage& stage, Words& words);
[[nodiscard]] std::string expect_usage(Stage& stage, Words& words);
[[nodiscard]] std::string expect_usage_reads(Stage& stage, Words& words);
/// `usage-changes M-77 from D until D known D and D 1.2 2`: kWh more, and how many changes.
[[nodiscard]] std::string expect_usage_changes(Stage& stage, Words& words);
/// Why the interval was changed last, or nothing.
[[nodiscard]] std::string change_text(Stage& stage, const std::string& serial, Instant at);
/// One of the sample's staff acts, for as long as this lives.
class Acting {
public:
    Acting(app::Office& office, const std::string& name);
    ~Acting() { office_.act_as(before_.name); }
    Acting(const Acting&) = delete;
    Acting& operator=(const Acting&) = delete;

private:
    app::Office& office_;
    access::User before_;
};

/// What differs, in words; empty when it is as expected.
[[nodiscard]] std::string check_expectation(Stage& stage, Words& words);

/// Plays a scenario and returns what went wrong, one sentence each with file and line.
[[nodiscard]] std::vector<std::string> play(const std::string& file, std::string_view text);

/// The same on the database of a URL (a fresh SQLite file when empty), with the books it ends with.
struct Played {
    std::vector<std::string> problems;
    std::string books;  ///< every row in the order of keys
};
[[nodiscard]] Played play_on(const std::string& url, const std::string& file,
                             std::string_view text);

}  // namespace watthour::scenarios
