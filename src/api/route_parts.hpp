// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/route.hpp"
#include "base/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::api {

using Handle = Result<Answer> (*)(Call&);

[[nodiscard]] Answer json_answer(json::value body, int status = 200);
/// A page of a list: the rows after the cursor, at most as many as are wanted. `key` names the
/// field by which a row is found again.
[[nodiscard]] Result<Answer> page(Call& call, json::array rows, std::string_view key);
/// A page of which the caller brought the rows and knows whether more follow; `last` is what the
/// next cursor holds.
[[nodiscard]] Answer page_of(json::array rows, bool more, const std::string& last);
/// What the cursor holds; empty without one. Errors: api.cursor_malformed.
[[nodiscard]] Result<std::string> cursor_of(const Call& call);

/// In which language evidence is told to whoever asks: the first of Accept-Language that there are
/// words for, else English.
[[nodiscard]] Language language_of(const Request& request);

[[nodiscard]] Route open_route(Method method, std::string_view pattern, std::string_view operation,
                               std::string_view summary, std::string_view answer, Handle handle);
[[nodiscard]] Route signed_in_route(Method method, std::string_view pattern,
                                    std::string_view operation, std::string_view summary,
                                    std::string_view answer, Handle handle);
[[nodiscard]] Route inside_route(Method method, std::string_view pattern,
                                 std::string_view operation, std::string_view summary,
                                 const access::Permission& permission, std::string_view answer,
                                 Handle handle);

// The operations by subject, in the order of the contract.
void add_entry_routes(std::vector<Route>& table);
void add_account_routes(std::vector<Route>& table);
void add_meter_routes(std::vector<Route>& table);
void add_bill_routes(std::vector<Route>& table);
void add_money_routes(std::vector<Route>& table);
void add_file_routes(std::vector<Route>& table);
void add_usage_routes(std::vector<Route>& table);
void add_work_routes(std::vector<Route>& table);
void add_tariff_routes(std::vector<Route>& table);
void add_head_end_routes(std::vector<Route>& table);
void add_case_routes(std::vector<Route>& table);
/// Read routes of meters: the trade's word, not the operations of this file.
void add_walk_routes(std::vector<Route>& table);
void add_read_routes(std::vector<Route>& table);
void add_determinant_routes(std::vector<Route>& table);
void add_office_routes(std::vector<Route>& table);

}  // namespace watthour::api
