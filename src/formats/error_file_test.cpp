// SPDX-License-Identifier: Apache-2.0
#include "formats/error_file.hpp"

#include "formats/nem12.hpp"
#include "formats/profile_reads.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

constexpr std::string_view text =
    "meter,start,kwh_delivered\n"
    "M-1,2026-06-01T00:00-07:00,0.5\n"
    "M-1,2026-06-01T01:00-07:00,x\n"
    "M-1,2026-06-01T02:00-07:00,0.75\n";

TEST(ErrorFile, HoldsTheRowsThatFailedAndNoOther) {
    const auto& profile = shipped_profile("csv-intervals");
    const FailedRows failed = failed_rows("csv-intervals", text, &profile, {3});
    ASSERT_EQ(failed.rows.size(), 1U);
    const std::string file = write_error_file(
        77, ',', failed.head, failed.tail,
        {{3, failed.rows.at(3), "kwh_delivered", "reads.value", "\"x\" is no number, or"}});
    EXPECT_EQ(file,
              "meter,start,kwh_delivered,!rejected,line,field,rule,reason\n"
              "M-1,2026-06-01T01:00-07:00,x,!rejected:77,3,kwh_delivered,reads.value,"
              "\"\"\"x\"\" is no number, or\"\n");
}

TEST(ErrorFile, RepairedItIsTheFormatThatItWas) {
    const std::string repaired =
        "meter,start,kwh_delivered,!rejected,line,field,rule,reason\r\n"
        "M-1,2026-06-01T01:00-07:00,0.25,!rejected:-77,3,kwh_delivered,reads.value,no number\r\n"
        "M-1,2026-06-01T02:00-07:00,0.5,\"!rejected:-77\",\"9\",a,b,c\r\n";
    ASSERT_TRUE(has_reasons(repaired));
    const WithoutReasons plain = take_reasons_off(repaired);
    EXPECT_EQ(plain.text,
              "meter,start,kwh_delivered\n"
              "M-1,2026-06-01T01:00-07:00,0.25\n"
              "M-1,2026-06-01T02:00-07:00,0.5\n");
    ASSERT_EQ(plain.returned.size(), 2U);
    EXPECT_EQ(plain.returned[0].line, 2);
    EXPECT_EQ(plain.returned[0].file, -77);
    EXPECT_EQ(plain.returned[0].file_line, 3);
    EXPECT_EQ(plain.returned[1].file_line, 9);
    EXPECT_TRUE(
        read_reads(plain.text, shipped_profile("csv-intervals"), {}).outcome.problems.empty());
    EXPECT_FALSE(has_reasons(text));
}

TEST(ErrorFile, ARowOfNem12KeepsItsChannelAndItsQuality) {
    const std::string day(95, ',');
    const std::string nem =
        "100,NEM12,200405011135,MDA1,Ret1\n200,A,E1E2,1,E1,N1,M-1,kWh,30,20050610\n"
        "300,20040201,1\n400,1,48,A,,\n300,20040202,2\n200,B,E1,1,E1,N1,M-2,kWh,30,20050610\n"
        "300,20040201,3\n900\n";
    const FailedRows failed = failed_rows("nem12", nem, nullptr, {3, 7});
    EXPECT_EQ(failed.head, "100,NEM12,200405011135,MDA1,Ret1\n");
    EXPECT_EQ(failed.tail, "900\n");
    ASSERT_EQ(failed.rows.size(), 2U);
    EXPECT_EQ(failed.rows.at(3),
              "200,A,E1E2,1,E1,N1,M-1,kWh,30,20050610\n300,20040201,1\n400,1,48,A,,");
    EXPECT_EQ(failed.rows.at(7), "200,B,E1,1,E1,N1,M-2,kWh,30,20050610\n300,20040201,3");
}

TEST(ErrorFile, ARowOfMv90KeepsTheLineOfItsMeter) {
    const FailedRows failed =
        failed_rows("mv90", "ID,M-1\n06/01/26,00:15,1\nID,M-2\n06/01/26,00:15,x\n",
                    &shipped_profile("mv90"), {4});
    EXPECT_EQ(failed.rows.at(4), "ID,M-2\n06/01/26,00:15,x");
}

TEST(ErrorFile, AReasonIsNeverAFormula) {
    const std::string file =
        write_error_file(1, ';', "", "", {{2, "a;b", "=1+1", "rule", "two\nlines"}});
    EXPECT_EQ(file, "a;b;!rejected:1;2;'=1+1;rule;two lines\n");
}

}  // namespace
}  // namespace watthour::formats
