// SPDX-License-Identifier: Apache-2.0
// What the night puts before a person is told in the reader's language.
#include "worklist/told.hpp"

#include "app/work_jobs.hpp"
#include "stage.hpp"

#include <gtest/gtest.h>

namespace watthour::scenarios {
namespace {

void tell(Stage& stage, const std::string& text) {
    for (const Statement& statement : read_statements(text)) {
        Words words(statement);
        const std::string verb = words.text("a verb");
        ASSERT_TRUE(set_up(stage, verb, words) || work_through(stage, verb, words)) << verb;
    }
}

/// Evidence and next step of the open items of a kind.
std::string told(Stage& stage, const std::string& kind, Language language) {
    std::string all;
    for (const auto& item : stage.office().work().list("open")) {
        if (item.kind != kind) continue;
        all += worklist::in_words(item.evidence, language) + " " +
               worklist::in_words(item.next_step, language) + "\n";
    }
    return all;
}

TEST(NightTold, BrokenBooksInBothLanguages) {
    Stage stage("told-books", "");
    tell(stage,
         "today 2026-06-15\naccount 10000000017 \"Ana Ruiz\"\n"
         "point SP-1 cycle 05 route 05-01\n"
         "agreement SA-1 account 10000000017 at SP-1 from 2026-05-07 schedule R-1 option B\n"
         "meter M-77 at SP-1 from 2026-05-07 dials 5 multiplier 1 set 04120\n"
         "read M-77 2026-06-08 04320 actual_ami\nrun cycle 05 on 2026-06-09\n");
    // A posting that no bill knows.
    storage::Transaction transaction(stage.office().database());
    stage.office().database().execute(
        "INSERT INTO postings (account_id, entry_id, posting_number, debit_account, "
        "credit_account, amount_minor) SELECT account_id, entry_id, 99, debit_account, "
        "credit_account, amount_minor FROM postings WHERE posting_number = 1");
    transaction.commit();
    ASSERT_TRUE(app::submit_job(stage.office(), {"check_books", {{"since", "2026-01-01"}}, {}, 0}));
    (void)app::work_jobs(stage.office(), {});
    const std::string spanish = told(stage, "books_broken", Language::spanish);
    EXPECT_NE(spanish.find("invariantes de los libros no se cumplen; la primera: "),
              std::string::npos)
        << spanish;
    EXPECT_NE(spanish.find("no facture antes de que se cumpla"), std::string::npos) << spanish;
    EXPECT_NE(told(stage, "books_broken", Language::english).find("do not hold, first: "),
              std::string::npos);
}

TEST(NightTold, AScheduleThatCouldNotAskAndAJobThatFailed) {
    Stage stage("told-jobs", "");
    auto& office = stage.office();
    jobs::Schedule schedule;
    schedule.name = "evening";
    schedule.kind = "cycle_run";  // without its date
    storage::Transaction transaction(office.database());
    office.jobs().put_schedule(schedule);
    transaction.commit();
    app::ask_for_due(office);
    const std::string refused = told(stage, "job_parked", Language::spanish);
    EXPECT_NE(refused.find("El horario evening no pudo pedir cycle_run: "), std::string::npos)
        << refused;
    EXPECT_NE(refused.find("Corríjalo; el horario lo pide otra vez"), std::string::npos) << refused;
    // A file that is not there fails each time.
    ASSERT_TRUE(app::submit_job(
        office, {"import_file", {{"file", "no-such-file"}, {"format", "cmep"}}, {}, 0}));
    (void)app::work_jobs(office, {});
    const std::string parked = told(stage, "job_parked", Language::spanish);
    EXPECT_NE(parked.find("(import_file), parte "), std::string::npos) << parked;
    EXPECT_NE(parked.find("Corríjalo y después: watthour job retry "), std::string::npos) << parked;
}

}  // namespace
}  // namespace watthour::scenarios
