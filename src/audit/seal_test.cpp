// SPDX-License-Identifier: Apache-2.0
#include "audit/seal.hpp"

#include "audit/errors.hpp"

#include <gtest/gtest.h>

namespace watthour::audit {
namespace {

TEST(Anchors, ComeBackAsTheyWereWritten) {
    const Anchor anchor{Date::ymd(2026, 6, 14), 12, std::string(64, 'c')};
    const auto read = read_anchors(to_line(anchor) + to_line(anchor), "kept.anchors");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[1], anchor);
}

TEST(Anchors, ALineThatIsNoneIsNamed) {
    for (const char* text :
         {"2026-06-14 12", "2026-06-14 x ", "monday 12 00", "2026-06-14 12 cccc"}) {
        const auto read = read_anchors(text, "kept.anchors");
        ASSERT_FALSE(read) << text;
        EXPECT_TRUE(read.error().is(errors::anchor_malformed));
        EXPECT_EQ(read.error().message(), "Line 1 of kept.anchors is no anchor.");
    }
}

/// The digest was made with sha256sum over the six lines.
TEST(Seals, AreChainedByTheHeadBeforeThem) {
    const Seal seal{Date::ymd(2026, 6, 14), "postings", "account_id", 3, "ab", {}};
    EXPECT_EQ(chained(first_head, seal),
              "fbed58b837bffaf4cd174025976f9bb29510c2bdb725576890a405000dec32e7");
}

}  // namespace
}  // namespace watthour::audit
