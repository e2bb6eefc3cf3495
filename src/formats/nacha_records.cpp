// SPDX-License-Identifier: Apache-2.0
#include "formats/nacha_records.hpp"

namespace watthour::formats {
namespace nacha {

Direction direction_of(std::string_view code) {
    if (code.size() != 2) return Direction::unknown;
    const char family = code[0];
    const char kind = code[1];
    if (family == '2' || family == '3' || family == '4') {
        if (kind >= '1' && kind <= '4') return Direction::credit;
        if (kind >= '6' && kind <= '9') return Direction::debit;
    }
    if (family == '5') {
        if (kind >= '1' && kind <= '4') return Direction::credit;
        if (kind == '5' || kind == '6') return Direction::debit;
    }
    if (family == '8' && kind >= '1' && kind <= '8') {
        return (kind - '0') % 2 == 1 ? Direction::credit : Direction::debit;
    }
    return Direction::unknown;
}

bool counts_addenda(std::string_view sec) { return sec == "CTX" || sec == "ATX" || sec == "TRX"; }

}  // namespace nacha

bool NachaEntry::is_debit() const { return nacha::direction_of(code) == nacha::Direction::debit; }

std::vector<NachaReturn> returns_of(const NachaFile& file) {
    std::vector<NachaReturn> returns;
    for (const NachaBatch& batch : file.batches) {
        for (const NachaEntry& entry : batch.entries) {
            for (const NachaAddenda& addenda : entry.addenda) {
                if (addenda.type != "99") continue;
                returns.push_back({addenda.line, addenda.reason, addenda.original_trace,
                                   entry.amount, entry.individual_id});
            }
        }
    }
    return returns;
}

}  // namespace watthour::formats
