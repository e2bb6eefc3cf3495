// SPDX-License-Identifier: Apache-2.0
#include "formats/layout.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

std::string layout_with(const std::string& field) {
    return R"({"name":"t","record_length":20,"type_length":1,"records":[)"
           R"({"type":"A","role":"a","fields":[)" +
           field + "]}]}";
}

TEST(Layout, ShippedTablesAreWholeAndDoNotOverlap) {
    for (const char* name : {"mvrs-126", "bai-lockbox"}) {
        for (const LayoutRecord& record : shipped_layout(name).records) {
            for (const LayoutField& a : record.fields) {
                EXPECT_GT(a.start, shipped_layout(name).type_length);
                for (const LayoutField& b : record.fields) {
                    if (&a == &b) continue;
                    EXPECT_TRUE(a.through() < b.start || b.through() < a.start)
                        << name << " " << record.type << " " << a.name << " " << b.name;
                }
            }
        }
    }
}

TEST(Layout, BadTablesAreRefusedWithTheField) {
    const struct {
        std::string field;
        const char* why;
    } cases[] = {
        {R"({"name":"x","start":15,"length":9,"type":"text"})", "lies outside"},
        {R"({"name":"x","start":2,"length":2,"type":"float"})", "none of text"},
        {R"({"name":"x","start":2,"length":6,"type":"date","format":"DDMMYY"})", "no known format"},
        {R"({"start":2,"length":2,"type":"text"})", "no name"},
        {R"({"name":"x","start":1,"length":19,"type":"digits"})", "wider than 18"},
        {R"(5)", "not an object"}};
    for (const auto& each : cases) {
        const auto layout = parse_layout(layout_with(each.field), "t.json");
        ASSERT_FALSE(layout.has_value()) << each.field;
        EXPECT_NE(layout.error().message().find(each.why), std::string::npos)
            << layout.error().message();
    }
    EXPECT_FALSE(parse_layout("[]", "t.json").has_value());
    EXPECT_FALSE(parse_layout("{", "t.json").has_value());
}

TEST(Layout, FieldCutByTheEndOfTheLineIsNamed) {
    const auto layout = parse_layout(
        layout_with(R"({"name":"n","start":2,"length":6,"type":"digits","required":true})"), "t");
    ASSERT_TRUE(layout.has_value());
    Problems problems;
    EXPECT_FALSE(RecordView(layout->records[0], "A1234").check("t", 3, problems));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].rule, "t.field_cut");
    EXPECT_EQ(problems[0].line, 3);
    EXPECT_EQ(problems[0].field, "n");
}

}  // namespace
}  // namespace watthour::formats
