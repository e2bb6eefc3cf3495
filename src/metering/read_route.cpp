// SPDX-License-Identifier: Apache-2.0
#include "metering/read_route.hpp"

#include <array>

namespace watthour::metering {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"ami", "walked", "manual", "opt_out"};
constexpr std::array<std::string_view, 4> methods = {"network", "keyed", "radio", "probe"};

}  // namespace

std::string_view to_text(RouteKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::optional<RouteKind> route_kind_of(std::string_view text) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i] == text) return static_cast<RouteKind>(i);
    }
    return std::nullopt;
}

bool is_read_method(std::string_view text) {
    for (const std::string_view one : methods) {
        if (one == text) return true;
    }
    return false;
}

std::optional<std::int64_t> order_between(std::optional<std::int64_t> before,
                                          std::optional<std::int64_t> after) {
    if (!before && !after) return walk_step;
    if (!after) return *before + walk_step;
    const std::int64_t low = before.value_or(0);
    if (*after - low < 2) return std::nullopt;
    return low + (*after - low) / 2;
}

}  // namespace watthour::metering
