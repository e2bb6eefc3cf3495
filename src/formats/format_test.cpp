// SPDX-License-Identifier: Apache-2.0
#include "formats/format.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

TEST(Format, NamesAreThoseOfTheCommands) {
    EXPECT_EQ(
        format_names(),
        "cmep, csv-intervals, csv-registers, green-button, green-button-csv, handheld, iec61968, "
        "lockbox, multispeak, mv90, nacha, nem12, urdb");
    EXPECT_EQ(find_format("telex"), nullptr);
    ASSERT_NE(find_format("nacha"), nullptr);
    EXPECT_TRUE(find_format("nacha")->money);
    EXPECT_FALSE(find_format("cmep")->money);
}

TEST(Format, CheckAnswersWithFileFormatOkProblemsAndTotals) {
    const FormatCheck check =
        find_format("lockbox")->check(sample_text("lockbox/batch_total_off_by_one_cent.bai"));
    const json::object answer = to_json(check, "x.bai");
    EXPECT_EQ(answer.at("file").as_string(), "x.bai");
    EXPECT_EQ(answer.at("format").as_string(), "lockbox");
    EXPECT_FALSE(answer.at("ok").as_bool());
    const json::object& problem = answer.at("problems").as_array().at(0).as_object();
    EXPECT_EQ(problem.at("line").as_int64(), 6);
    EXPECT_EQ(problem.at("field").as_string(), "amount");
    EXPECT_EQ(problem.at("rule").as_string(), "lockbox.batch_total");
    EXPECT_FALSE(problem.at("message").as_string().empty());
    EXPECT_FALSE(problem.at("remedy").as_string().empty());
    EXPECT_EQ(answer.at("amount").as_string(), "7000.00");
    EXPECT_EQ(answer.at("items").as_int64(), 1);
}

TEST(Format, RecordsAsJsonMaskBankAccountNumbers) {
    const std::string lockbox =
        to_text(find_format("lockbox")->read(sample_text("lockbox/test_lockbox.bai")));
    EXPECT_NE(lockbox.find("***5555"), std::string::npos);
    EXPECT_EQ(lockbox.find("12345555"), std::string::npos);
    const std::string nacha =
        to_text(find_format("nacha")->read(sample_text("nacha/valid/return-WEB.ach")));
    EXPECT_NE(nacha.find("***6789"), std::string::npos);
    EXPECT_EQ(nacha.find("123456789 "), std::string::npos);
    EXPECT_EQ(nacha.find("867530999999"), std::string::npos);
    EXPECT_NE(nacha.find("\"amount\":\"123.54\""), std::string::npos);
    const std::string change =
        to_text(find_format("nacha")->read(sample_text("nacha/valid/cor-example.ach")));
    EXPECT_EQ(change.find("1918171614"), std::string::npos);
}

TEST(Format, MeterRecordsGiveQuantitiesAsDecimalText) {
    const json::value cmep = find_format("cmep")->read(sample_text("cmep/sensus-mepmd01-a.cmep"));
    const json::object& row = cmep.as_object().at("rows").as_array().at(0).as_object();
    EXPECT_EQ(row.at("meter").as_string(), "B72842123");
    const json::object& value = row.at("values").as_array().at(0).as_object();
    EXPECT_EQ(value.at("value").as_string(), "36318");
    EXPECT_EQ(value.at("end").as_string(), "2011-09-20T00:00:00Z");
    EXPECT_EQ(value.at("received_end").as_string(), "2011-09-20T00:02:00Z");
}

TEST(Format, EmptyInputIsNoGoodFileOfAnyFormat) {
    for (const Format& format : all_formats()) {
        EXPECT_FALSE(format.check("").ok) << format.name;
        EXPECT_FALSE(format.check("\r\n\r\n").ok) << format.name;
    }
}

}  // namespace
}  // namespace watthour::formats
