// SPDX-License-Identifier: Apache-2.0
#include "formats/csv.hpp"

namespace watthour::formats {

std::vector<std::vector<std::string>> csv_cells(std::string_view bytes) {
    std::vector<std::vector<std::string>> rows(1);
    std::string cell;
    bool quoted = false;
    const auto end_cell = [&] {
        rows.back().push_back(std::move(cell));
        cell.clear();
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (i + 1 < bytes.size() && bytes[i + 1] == '"') {
                cell += '"';
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            end_cell();
        } else if (c == '\n') {
            end_cell();
            rows.emplace_back();
        } else if (c != '\r') {
            cell += c;
        }
    }
    if (!cell.empty() || !rows.back().empty()) end_cell();
    while (!rows.empty() &&
           (rows.back().empty() || (rows.back().size() == 1 && rows.back().front().empty()))) {
        rows.pop_back();
    }
    return rows;
}

}  // namespace watthour::formats
