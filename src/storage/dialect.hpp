// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/query.hpp"

#include <string>
#include <string_view>

namespace watthour::storage {

/// One SQL text serves every engine; what differs is replaced here and nowhere else. `IN ${IDS}`
/// is the set of ids bound as $1 (see id_list); ${SKIP_LOCKED} ends a SELECT that claims rows,
/// ${FOR_UPDATE} one that holds them (on SQLite a writer holds the whole database);
/// ${STRICT} and ${CLUSTERED} end a table; ${OF} stands before a table whose name a WITH of the
/// same statement takes.
[[nodiscard]] std::string to_sqlite(std::string_view sql);
[[nodiscard]] std::string to_postgresql(std::string_view sql);
[[nodiscard]] std::string to_engine(EngineKind engine, std::string_view sql);

/// Tables whose rows are never updated or deleted once written.
[[nodiscard]] bool is_posted_table(std::string_view table);
[[nodiscard]] std::size_t posted_table_count();

/// Ids as the text that ${IDS} reads.
template <class Ids>
[[nodiscard]] std::string id_list(const Ids& ids) {
    std::string text = "[";
    for (const auto& id : ids) {
        if (text.size() > 1) text += ',';
        text += std::to_string(id.value);
    }
    return text += ']';
}

}  // namespace watthour::storage
