// SPDX-License-Identifier: Apache-2.0
#include "formats/table_file.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

const std::vector<std::string> columns = {"account", "name", "amount"};

json::array row(const char* name, const char* amount) {
    return {json::object{{"account", "10000000017"}, {"name", name}, {"amount", amount}}};
}

TEST(TableFile, QuotesWhatNeedsIt) {
    EXPECT_EQ(*table_as_csv(columns, row("Ruiz, \"Ana\"", "-12.50")),
              "\xef\xbb\xbf"
              "account,name,amount\r\n10000000017,\"Ruiz, \"\"Ana\"\"\",-12.50\r\n");
}

TEST(TableFile, LetsNoSpreadsheetRunAName) {
    for (const char* name : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"}) {
        const auto text = *table_as_csv(columns, row(name, "1.00"));
        EXPECT_NE(text.find(std::string("'") + name), std::string::npos) << name;
    }
    EXPECT_EQ(table_as_csv(columns, row("x", "-3.00"))->find("'"), std::string::npos);
}

TEST(TableFile, MakesASheetThatIsAZipFile) {
    const auto bytes = *table_as_xlsx(columns, row("Ana Núñez", "12.50"));
    EXPECT_EQ(bytes.substr(0, 2), "PK");
    EXPECT_GT(bytes.size(), 2000U);
}

}  // namespace
}  // namespace watthour::formats
