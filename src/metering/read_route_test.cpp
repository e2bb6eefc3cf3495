// SPDX-License-Identifier: Apache-2.0
#include "metering/read_route.hpp"

#include <gtest/gtest.h>

namespace watthour::metering {
namespace {

TEST(ReadRoute, APlaceBetweenNeighboursTakesANumberBetweenTheirs) {
    EXPECT_EQ(order_between(std::nullopt, std::nullopt), 10);
    EXPECT_EQ(order_between(40, std::nullopt), 50);  // at the end
    EXPECT_EQ(order_between(std::nullopt, 10), 5);   // at the beginning
    EXPECT_EQ(order_between(10, 20), 15);
    EXPECT_EQ(order_between(10, 12), 11);
    EXPECT_EQ(order_between(10, 11), std::nullopt);  // no room
    EXPECT_EQ(order_between(std::nullopt, 1), std::nullopt);
}

TEST(ReadRoute, KindsAndMethodsHaveNames) {
    for (const auto kind :
         {RouteKind::ami, RouteKind::walked, RouteKind::manual, RouteKind::opt_out}) {
        EXPECT_EQ(route_kind_of(to_text(kind)), kind);
    }
    EXPECT_EQ(route_kind_of("flown"), std::nullopt);
    EXPECT_TRUE(is_read_method("probe"));
    EXPECT_FALSE(is_read_method("guess"));
}

}  // namespace
}  // namespace watthour::metering
