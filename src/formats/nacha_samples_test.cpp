// SPDX-License-Identifier: Apache-2.0
#include "formats/nacha.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <map>

namespace watthour::formats {
namespace {

/// Files that break a rule of content which this reader does not know, and why it does not.
const std::map<std::string, std::string> content_rules = {
    {"invalid/iat-invalidAddenda10.ach",
     "an international addenda with an unlisted transaction type; we send and post none"},
    {"invalid/ppd-mixedDebitCredit-invalid.ach",
     "an immediate origin with letters; banks give such ids by agreement"}};

TEST(NachaSamples, TotalsAndJudgementAreThoseOfTheIndependentChecker) {
    int read = 0;
    for (const auto& row : table_rows("nacha/EXPECT.tsv")) {
        if (row.size() < 8 || row[0] == "file") continue;
        SCOPED_TRACE(row[0]);
        const NachaFile file = read_nacha(sample_text("nacha/" + row[0]));
        const bool expected_ok = !row[0].starts_with("invalid/") || content_rules.contains(row[0]);
        EXPECT_EQ(file.ok(), expected_ok) << (file.ok() ? "no problem" : file.problems[0].message);
        ++read;
        if (row[0].starts_with("invalid/")) continue;
        EXPECT_EQ(std::to_string(file.totals.batches), row[3]);
        EXPECT_EQ(std::to_string(file.totals.entries), row[4]);
        EXPECT_EQ(std::to_string(file.totals.debits.minor_units()), row[5]);
        EXPECT_EQ(std::to_string(file.totals.credits.minor_units()), row[6]);
        std::string codes;
        std::map<std::string, int> reasons;
        for (const NachaBatch& batch : file.batches) {
            for (const NachaEntry& entry : batch.entries) {
                for (const NachaAddenda& addenda : entry.addenda) {
                    if (!addenda.reason.empty()) ++reasons[addenda.reason];
                }
            }
        }
        for (const auto& [reason, count] : reasons) codes += (codes.empty() ? "" : ",") + reason;
        EXPECT_EQ(codes.empty() ? "-" : codes, row[2]);
    }
    EXPECT_EQ(read, 107);
}

TEST(NachaSamples, ProblemsNeverShowAnAccountNumber) {
    for (const char* folder : {"nacha", "nacha/valid", "nacha/lenient", "nacha/invalid"}) {
        for (const std::string& name : sample_names(folder)) {
            const NachaFile file = read_nacha(sample_text(name));
            std::string messages;
            for (const Problem& problem : file.problems) messages += problem.message + "\n";
            for (const NachaBatch& batch : file.batches) {
                for (const NachaEntry& entry : batch.entries) {
                    if (entry.account.size() < 8) continue;
                    EXPECT_EQ(messages.find(entry.account), std::string::npos) << name;
                }
            }
        }
    }
}

TEST(NachaSamples, DomesticFilesWrittenAgainReadBackEqual) {
    for (const std::string& name : sample_names("nacha/valid")) {
        const NachaFile file = read_nacha(sample_text(name));
        bool domestic = true;
        for (const NachaBatch& batch : file.batches) {
            domestic = domestic && batch.sec != "IAT" && batch.sec != "ADV";
        }
        if (!domestic || name.find("iat-") != std::string::npos) continue;
        SCOPED_TRACE(name);
        const NachaFile back = read_nacha(write_nacha(file));
        EXPECT_TRUE(back.ok()) << (back.ok() ? "" : back.problems[0].message);
        EXPECT_EQ(back.totals, file.totals);
        EXPECT_EQ(back.batches.size(), file.batches.size());
    }
}

TEST(NachaSamples, EachBadFileIsNamedAtItsLine) {
    const struct {
        const char* file;
        const char* rule;
        std::int64_t line;
    } cases[] = {{"batch_total_off_by_one", "nacha.batch_debit", 4},
                 {"entry_hash_off_by_one", "nacha.batch_hash", 4},
                 {"entry_count_off_by_one", "nacha.batch_count", 4},
                 {"file_total_off_by_one", "nacha.file_debit", 5},
                 {"routing_check_digit_wrong", "nacha.routing_check_digit", 3},
                 {"letters_in_the_amount", "nacha.not_numeric", 3},
                 {"credit_in_a_debit_batch", "nacha.service_class", 3},
                 {"transaction_code_unknown", "nacha.transaction_code", 3},
                 {"addenda_promised_and_missing", "nacha.addenda_indicator", 3},
                 {"line_of_93_characters", "nacha.line_length", 3},
                 {"batch_control_missing", "nacha.batch_not_closed", 4},
                 {"entry_outside_any_batch", "nacha.record_order", 2},
                 {"two_file_headers", "nacha.file_header", 2},
                 {"unknown_record_type", "nacha.record_type", 3}};
    for (const auto& each : cases) {
        SCOPED_TRACE(each.file);
        const NachaFile file = read_nacha(sample_text(std::string("nacha/") + each.file + ".ach"));
        EXPECT_TRUE(has_rule(file.problems, each.rule, each.line));
    }
}

}  // namespace
}  // namespace watthour::formats
