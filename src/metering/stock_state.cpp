// SPDX-License-Identifier: Apache-2.0
#include "metering/stock_state.hpp"

#include "metering/errors.hpp"

#include <algorithm>
#include <array>

namespace watthour::metering {
namespace {

using enum StockState;

struct Row {
    StockState state;
    std::string_view text;
    std::vector<StockState> followers;
};

const std::array<Row, 12>& rows() {
    static const std::array<Row, 12> all = {{
        {ordered, "ordered", {received, returned}},
        {received, "received", {tested, quarantined, returned}},
        {tested, "tested", {available, in_test, quarantined, retired, returned}},
        {available, "available", {issued, in_test, quarantined, retired, returned}},
        {issued, "issued", {available, in_service, quarantined}},
        {in_service, "in_service", {removed}},
        {removed, "removed", {in_test, quarantined, retired, returned}},
        {in_test, "in_test", {tested, refurbished, quarantined, retired, returned}},
        {refurbished, "refurbished", {available, in_test, quarantined, retired}},
        {quarantined, "quarantined", {in_test, retired, returned}},
        {retired, "retired", {}},
        {returned, "returned", {received}},
    }};
    return all;
}

const Row& row_of(StockState state) { return rows()[static_cast<std::size_t>(state)]; }

}  // namespace

std::string_view to_text(StockState state) { return row_of(state).text; }

std::optional<StockState> stock_state_of(std::string_view text) {
    for (const Row& row : rows()) {
        if (row.text == text) return row.state;
    }
    return std::nullopt;
}

const std::vector<StockState>& all_stock_states() {
    static const std::vector<StockState> all = [] {
        std::vector<StockState> states;
        for (const Row& row : rows()) states.push_back(row.state);
        return states;
    }();
    return all;
}

const std::vector<StockState>& followers_of(StockState state) { return row_of(state).followers; }

Result<void> check_transition(const std::string& serial, StockState from, StockState to) {
    const auto& allowed = followers_of(from);
    if (std::find(allowed.begin(), allowed.end(), to) != allowed.end()) return {};
    std::string list;
    for (const StockState state : allowed) {
        if (!list.empty()) list += ", ";
        list += to_text(state);
    }
    return Error(errors::state_cannot_follow, {{"meter", serial},
                                               {"state", std::string(to_text(from))},
                                               {"wanted", std::string(to_text(to))},
                                               {"allowed", list.empty() ? "nothing" : list}});
}

}  // namespace watthour::metering
