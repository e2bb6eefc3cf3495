// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <unistd.h>

namespace watthour::tidy {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string spdx = "// SPDX-License-Identifier: Apache-2.0\n";
const std::string hash_spdx = "# SPDX-License-Identifier: Apache-2.0\n";

/// A small source tree in a folder of its own, gone at the end of the test.
class TidyTest : public ::testing::Test {
protected:
    TidyTest() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        root_ = fs::temp_directory_path() /
                ("tidy_test_" + std::to_string(getpid()) + "_" + test->name());
        fs::create_directories(root_);
        write("tools/tidy/rooms.txt",
              "base:\nmoney:\ncalendar:\nquantity:\naccess: money calendar\nmetering: quantity\n"
              "billing: metering @primitives\ncollections: billing\nstorage: @domain\napp: *\n"
              "cli: app @domain\n");
    }
    ~TidyTest() override { fs::remove_all(root_); }

    void write(const std::string& path, const std::string& text) const {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path, std::ios::binary) << text;
    }

    /// The findings of one rule, as "path:line".
    [[nodiscard]] std::vector<std::string> found(const std::string& rule) const {
        std::vector<std::string> places;
        for (const Finding& finding : check_all(read_tree(root_))) {
            if (finding.rule != rule) continue;
            places.push_back(finding.file + ":" + std::to_string(finding.line));
            EXPECT_FALSE(finding.what.empty() || finding.instead.empty()) << to_text(finding);
        }
        return places;
    }

    fs::path root_;
};

std::string lines(int count, const std::string& line = "    work();\n") {
    std::string text;
    for (int i = 0; i < count; ++i) text += line;
    return text;
}

TEST_F(TidyTest, FindingSaysWhereWhatAndWhatInstead) {
    EXPECT_EQ(to_text({"src/a.cpp", 3, "leftover", "a thing is wrong", "do that"}),
              "src/a.cpp:3: leftover: a thing is wrong; do that");
}

TEST_F(TidyTest, ArrowPointsOnlyWhereTheTableAllows) {
    write("src/billing/bill.hpp",
          "#include \"money/money.hpp\"\n#include \"metering/read.hpp\"\n"
          "#include \"base/text.hpp\"\n#include <fmt/format.h>\n");
    write("src/storage/bills.cpp",
          "#include \"billing/bill.hpp\"\n#include \"collections/notice.hpp\"\n");
    write("src/app/run.cpp", "#include \"storage/bills.hpp\"\n");
    EXPECT_THAT(found("room-arrow"), IsEmpty());

    write("src/metering/read.hpp",
          "\n#include \"billing/bill.hpp\"\n#include \"money/money.hpp\"\n");
    write("src/cli/bills.cpp", "#include \"storage/bills.hpp\"\n#include \"nowhere/x.hpp\"\n");
    EXPECT_THAT(found("room-arrow"),
                ElementsAre("src/cli/bills.cpp:1", "src/cli/bills.cpp:2", "src/metering/read.hpp:2",
                            "src/metering/read.hpp:3"));
}

TEST_F(TidyTest, RoomMustBeInTheTable) {
    write("src/gadgets/a.hpp", spdx);
    EXPECT_THAT(found("room-arrow"), ElementsAre("src/gadgets/a.hpp:1"));
}

TEST_F(TidyTest, TableMustPointUp) {
    write("tools/tidy/rooms.txt", "base:\nmoney: calendar\ncalendar:\n");
    EXPECT_THAT(found("room-arrow"), ElementsAre("tools/tidy/rooms.txt:2"));
}

TEST_F(TidyTest, MapKeepsTheOrderAndTheArrowsOfTheTable) {
    const std::string good =
        "watthour_room(money\n  SOURCES money/money.cpp)\ninclude(metering/room.cmake)\n"
        "watthour_room(billing\n  USES metering money\n  LIBS fmt::fmt)\n";
    write("src/metering/room.cmake", "watthour_room(metering USES quantity)\n");
    write("src/CMakeLists.txt", good);
    EXPECT_THAT(found("room-arrow"), IsEmpty());

    write("src/metering/room.cmake", "watthour_room(metering USES\n  money quantity)\n");
    write("src/CMakeLists.txt", good + "watthour_room(access)\nwatthour_room(gadgets)\n");
    EXPECT_THAT(found("room-arrow"), ElementsAre("src/CMakeLists.txt:7", "src/CMakeLists.txt:8",
                                                 "src/metering/room.cmake:2"));
}

TEST_F(TidyTest, EverySourceIsListed) {
    write("src/CMakeLists.txt",
          "watthour_room(money HEADERS money/money.hpp SOURCES money/money.cpp)\n");
    write("src/billing/CMakeLists.txt", "set(files bill.cpp)\n");
    write("src/money/money.hpp", spdx);
    write("src/money/money.cpp", spdx);
    write("src/billing/bill.cpp", spdx);
    EXPECT_THAT(found("unlisted-file"), IsEmpty());
    write("src/money/coin.cpp", spdx);
    EXPECT_THAT(found("unlisted-file"), ElementsAre("src/money/coin.cpp:1"));
}

TEST_F(TidyTest, FileStaysBelowItsLimit) {
    write("src/app/good.cpp", lines(800, "\n"));
    write("src/app/table_test.cpp", lines(900, "\n"));
    write("src/app/table.cpp", "// Generated by a tool.\n" + lines(900, "\n"));
    EXPECT_THAT(found("file-size"), IsEmpty());
    write("src/app/bad.cpp", lines(801, "\n"));
    EXPECT_THAT(found("file-size"), ElementsAre("src/app/bad.cpp:801"));
}

TEST_F(TidyTest, FunctionStaysBelowItsLimit) {
    write("src/app/good.cpp", "namespace a {\nint f() {\n" + lines(70) + "}\n}\n");
    EXPECT_THAT(found("function-size"), IsEmpty());
    const std::string body = lines(71) + "}\n";
    write("src/app/free.cpp", "namespace a {\n\nint f(int a = 3) noexcept {\n" + body + "}\n");
    write("src/app/member.cpp",
          "class A : public B {\npublic:\n    template <class T, int n = 3>\n"
          "    bool operator==(const T&) const {\n" +
              body + "};\n");
    write("src/app/made.cpp", "A::A(int a) : a_{a}, b_(2), c_{3} {\n" + body);
    write("src/app/lambda.cpp", "const auto rate = [](int a) {\n" + body + ";\n");
    write("src/app/returns.cpp", "struct stat look() {\n" + body);
    write("src/app/whole.cpp",
          "int f() {\n    if (a) {\n" + lines(68) + "    }\n    b({1, 2});\n" + "}\n");
    EXPECT_THAT(
        found("function-size"),
        ElementsAre("src/app/free.cpp:3", "src/app/lambda.cpp:1", "src/app/made.cpp:1",
                    "src/app/member.cpp:4", "src/app/returns.cpp:1", "src/app/whole.cpp:1"));
}

TEST_F(TidyTest, LongTypesTablesAndNamespacesAreNoFunctions) {
    const std::string rows = lines(90, "    {1, \"{ (\", f(2)},  // }\n");
    write("src/app/tables.cpp",
          "namespace a {\nnamespace {\n"
          "constexpr std::array<Row, 90> first = {{\n" +
              rows +
              "}};\n"
              "const std::vector<Row> second{\n" +
              rows +
              "};\n"
              "const auto third = make(Row{\n" +
              rows +
              "});\n"
              "const std::map<int, F> fourth = {\n" +
              lines(90, "    {1, [](int a) { work(a); }},\n") +
              "};\n"
              "}\n}\n");
    write("src/app/types.hpp",
          "template <class T>\nstruct [[nodiscard]] A final : B<decltype(c())> {\n" +
              lines(90, "    int a = f(1);\n") +
              "    int g() const { return 1; }\n};\nenum class E : int {\n" +
              lines(90, "    a = g(1),\n") + "};\nextern \"C\" {\n" + lines(90, "int h(int);\n") +
              "}\n");
    write("src/app/text.cpp", "#define MANY(a) \\\n    if (a) { \\\n\nconst char* text = R\"(\n" +
                                  lines(90, "f() {\n") + ")\";\n");
    EXPECT_THAT(found("function-size"), IsEmpty());
}

TEST_F(TidyTest, BannedNamesAreFoundWhereTheyAreDeclared) {
    write("src/app/good.cpp", "// BillManager\nclass QPDFObjectHelper;\n");
    EXPECT_THAT(found("banned-name"), ElementsAre("src/app/good.cpp:2"));
    write(
        "src/app/good.cpp",
        "QPDFObjectHelper page;\nusing detail::BillInfo;\nconst char* a = \"class BillManager\";\n"
        "int data = 1;\nint bill_info = 2;\nclass Datagram;\nstruct Read {};\n");
    EXPECT_THAT(found("banned-name"), IsEmpty());
    write("src/app/bad.cpp",
          "class BillManager {};\nenum class ReadInfo { a };\nusing RowData = int;\n"
          "int bill_processor();\nnamespace util {}\n");
    EXPECT_THAT(found("banned-name"),
                ElementsAre("src/app/bad.cpp:1", "src/app/bad.cpp:2", "src/app/bad.cpp:3",
                            "src/app/bad.cpp:4", "src/app/bad.cpp:5"));
}

TEST_F(TidyTest, BannedFileNamesAndTheUtilRoom) {
    write("src/app/bill_helper.cpp", spdx);
    write("src/app/meter_data_test.cpp", spdx);
    write("src/util/text.cpp", spdx);
    write("src/app/metadata.cpp", spdx);
    EXPECT_THAT(found("banned-name"),
                ElementsAre("src/app/bill_helper.cpp:1", "src/app/meter_data_test.cpp:1",
                            "src/util/text.cpp:1"));
}

TEST_F(TidyTest, MoneyRoomsHaveNoFloatingPoint) {
    write("src/money/good.cpp", "// a double\nconst char* a = \"double\";\nint doubled;\n");
    write("src/app/speed.cpp", "double seconds;\n");
    write("src/metering/mean.cpp",
          "double mean;  // tidy: allow double (a statistic, not billed)\n");
    EXPECT_THAT(found("double-in-money"), IsEmpty());
    write("src/money/bad.cpp",
          "\ndouble a;  // tidy: allow double (never in this room)\nfloat b;\n");
    write("src/metering/bad.cpp", "double mean;  // tidy: allow double ()\n");
    EXPECT_THAT(
        found("double-in-money"),
        ElementsAre("src/metering/bad.cpp:1", "src/money/bad.cpp:2", "src/money/bad.cpp:3"));
}

TEST_F(TidyTest, SqlStaysInStorage) {
    write("src/storage/bills.cpp", "const char* a = \"SELECT a FROM b\";\n");
    write("src/app/run_test.cpp", "const char* a = \"SELECT a FROM b\";\n");
    write("src/app/good.cpp",
          "const char* a[] = {\"DELETE\", \"Select a bill\", \"update the bill\",\n"
          "\"Create a table of bills\"};  // SELECT 1\n");
    EXPECT_THAT(found("sql-outside-storage"), IsEmpty());
    write("src/app/bad.cpp",
          "const char* a[] = {\"SELECT a \"\n\"FROM b\", \"insert into b values (1)\",\n"
          "R\"(\n  DELETE FROM b)\", \"UPDATE b SET a = 1\"};\n");
    EXPECT_THAT(found("sql-outside-storage"),
                ElementsAre("src/app/bad.cpp:1", "src/app/bad.cpp:2", "src/app/bad.cpp:3",
                            "src/app/bad.cpp:4"));
}

TEST_F(TidyTest, SqlOfStorageMovesBetweenEngines) {
    write("src/storage/good.cpp",
          "namespace watthour::storage {}\nstd::string a = \"INSERT INTO b VALUES ($1)\"\n"
          "\"ON CONFLICT DO NOTHING ${STRICT}\";\n"
          "const char* b = \"A trigger of strict rules: serial {}::\";\n");
    write("src/storage/migrations/0001_good.sql",
          "CREATE TABLE a (b BIGINT) ${STRICT}; -- no SERIAL\n");
    write("src/storage/dialect.cpp", "const char* a = \"STRICT, WITHOUT ROWID\";\n");
    write("src/app/other.cpp", "const char* a = \"ILIKE\";\n");
    EXPECT_THAT(found("movable-sql"), IsEmpty());
    const std::vector<std::string> bad = {"SELECT a::text",
                                          "a ilike $1",
                                          "id INTEGER PRIMARY KEY AUTOINCREMENT",
                                          "id SERIAL",
                                          "CREATE TRIGGER t",
                                          "GROUP BY GROUPING SETS (a)",
                                          "GROUP BY ROLLUP (a)",
                                          "INSERT OR REPLACE INTO a",
                                          "insert or ignore into a",
                                          "SELECT group_concat(a)",
                                          "SELECT string_agg(a, ',')",
                                          "TRUNCATE a",
                                          "JOIN LATERAL (b)",
                                          "SELECT last_insert_rowid()",
                                          "CREATE TABLE a (b) STRICT",
                                          "UPDATE a SET account_id = $1",
                                          "SELECT j ->> 'k'",
                                          "d + INTERVAL '1 day'",
                                          "DELETE FROM a USING b",
                                          "MERGE INTO a",
                                          "REPLACE INTO a"};
    std::string sql;
    std::string cpp;
    std::vector<std::string> places;
    for (const std::string& text : bad) {
        sql += text + ";\n";
        cpp += "f(\"" + text + "\");\n";
    }
    for (const std::string path : {"src/storage/bad.cpp", "src/storage/migrations/0002_bad.sql"}) {
        for (std::size_t i = 0; i < bad.size(); ++i)
            places.push_back(path + ":" + std::to_string(i + 1));
    }
    write("src/storage/bad.cpp", cpp);
    write("src/storage/migrations/0002_bad.sql", sql);
    EXPECT_THAT(found("movable-sql"), ::testing::ElementsAreArray(places));
}

TEST_F(TidyTest, LeftoversNameTheirIssue) {
    const std::string later =
        "TO"
        "DO";
    write("src/app/good.cpp", "// " + later + " (#12): more\n// " + later +
                                  "(#3) too\nconst char* a = \"XX"
                                  "X\";\n");
    EXPECT_THAT(found("leftover"), IsEmpty());
    write("src/app/bad.cpp",
          "// FIX"
          "ME\nint a;  /* XX"
          "X */\n// " +
              later + ": more\n");
    write("tools/a.sh", "# " + later + " tidy up\n");
    EXPECT_THAT(found("leftover"), ElementsAre("src/app/bad.cpp:1", "src/app/bad.cpp:2",
                                               "src/app/bad.cpp:3", "tools/a.sh:1"));
}

TEST_F(TidyTest, FilesBeginWithTheirLicence) {
    write("src/app/good.cpp", spdx + "int a;\n");
    write("cmake/Good.cmake", hash_spdx);
    write("run", "#!/usr/bin/env bash\n" + hash_spdx);
    write("README.md", "# A\n");
    EXPECT_THAT(found("spdx"), IsEmpty());
    write("src/app/bad.cpp", "\n" + spdx);
    write("cmake/Bad.cmake", spdx);
    write("test", "#!/usr/bin/env bash\n");
    EXPECT_THAT(found("spdx"), ElementsAre("cmake/Bad.cmake:1", "src/app/bad.cpp:1", "test:2"));
}

TEST_F(TidyTest, NoTextNamesAMachine) {
    write("README.md",
          "src/wo"
          "rk/a and /v1/wo"
          "rk/1 and https://example.org/ro"
          "ot/ are fine\n");
    write(".gitignore", "/build/\n*.log\n");
    write("build/a.txt",
          "/ro"
          "ot/a\n");
    write("src/a.log",
          "/ro"
          "ot/a\n");
    EXPECT_THAT(found("machine-path"), IsEmpty());
    write("docs/a.md",
          "see /wo"
          "rk/main\nand /ro"
          "ot/x\nfrom https://deb.deb"
          "ian.org/debian\n");
    EXPECT_THAT(found("machine-path"), ElementsAre("docs/a.md:1", "docs/a.md:2", "docs/a.md:3"));
}

TEST_F(TidyTest, ScenariosCoverKnownCapabilities) {
    write("docs/capabilities.tsv", "id\tcapability\n1.01\tBilling | calendar\n1.02\tKeep trying\n");
    write("docs/rules.tsv", "rule\twhat it asks\twhere\nR1.03\tRollover\tmetering\n");
    write("tests/scenarios/first.scenario", "# a clerk's words\ncovers 1.01 R1.03\n");
    const CapabilityPage page = capability_page(read_tree(root_));
    EXPECT_EQ(page.covered, 1U);
    EXPECT_THAT(page.uncovered, ElementsAre("1.02"));
    EXPECT_THAT(
        page.text,
        HasSubstr("| 1.01 | Billing \\| calendar | [first](../tests/scenarios/first.scenario) |"));
    EXPECT_THAT(page.text, HasSubstr("| 1.02 | Keep trying | not yet |"));
    EXPECT_THAT(page.text, HasSubstr("| R1.03 | Rollover | [first]"));
    EXPECT_THAT(found("capability"), ElementsAre("docs/capabilities.md:1"));
    write("docs/capabilities.md", page.text);
    EXPECT_THAT(found("capability"), IsEmpty());

    write("tests/scenarios/second.scenario", "covers 1.02 9.99\n");
    write("tests/scenarios/third.scenario", "point SP-1\n");
    EXPECT_THAT(found("capability"),
                ElementsAre("docs/capabilities.md:1", "tests/scenarios/second.scenario:1",
                            "tests/scenarios/third.scenario:1"));
}

TEST_F(TidyTest, SourcesAreListed) {
    write("docs/sources.md",
          "| id | source |\n|---|---|\n| VEU-WB | Bills |\n| CMEP-1.20 | Rows |\n");
    write("docs/rules.tsv", "rule\twhat\nR1.03\tRollover\n");
    write("docs/decisions/0004-rounding.md", "# Rounding\n");
    write("src/app/good.cpp",
          "/// Source: VEU-WB \"WHOLE words\"; R1.03, ADR-0004,\n///   CMEP-1.20.\nint a;\n");
    EXPECT_THAT(report_sources(read_tree(root_)).unknown, IsEmpty());
    EXPECT_THAT(report_sources(read_tree(root_)).unused, IsEmpty());
    write("src/app/good.cpp",
          "/// Source: VEU-WB.\n/// Errors: NONE-1.\n// Source: R9.99.\n// \n// Source: a file.\n");
    const SourceReport report = report_sources(read_tree(root_));
    ASSERT_EQ(report.unknown.size(), 3U);
    EXPECT_EQ(report.unknown.front().line, 3U);
    EXPECT_EQ(report.unknown.back().line, 5U);
    EXPECT_THAT(report.unused, ElementsAre("CMEP-1.20"));
}

TEST(CppText, TakesCommentsAndLiteralsApart) {
    const CppText cpp =
        take_apart("a(\"x // \\\" y\"); // c\n/* d\ne */ f('\"', 1'000, R\"-(g)\")-\");\n");
    EXPECT_EQ(cpp.code, "a(\"         \");     \n    \n     f(' ', 1'000, \"      \");\n");
    EXPECT_THAT(cpp.comments, HasSubstr("// c\n/* d\ne */"));
    ASSERT_EQ(cpp.literals.size(), 2U);
    EXPECT_EQ(cpp.literals[0].text, "x // \\\" y");
    EXPECT_EQ(cpp.literals[1].text, "g)\"");
    EXPECT_EQ(cpp.literals[1].line, 3U);
}

}  // namespace
}  // namespace watthour::tidy
