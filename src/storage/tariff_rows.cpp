// SPDX-License-Identifier: Apache-2.0
#include "storage/tariff_rows.hpp"

namespace watthour::storage {
namespace {

const Query insert_set(
    "INSERT INTO tariff_sets (set_hash, proposed_by, why, proposed_at, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
const Query insert_file(
    "INSERT INTO tariff_files (set_hash, name, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
const Query insert_adoption(
    "INSERT INTO tariff_adoptions (set_hash, number, adopted_by, adopted_at, recorded_on) "
    "VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM tariff_adoptions), $2, $3, $4) "
    "ON CONFLICT DO NOTHING");
const Query select_adoption("SELECT 1 FROM tariff_adoptions WHERE set_hash = $1");
const Query select_in_force("SELECT set_hash FROM tariff_adoptions ORDER BY number DESC LIMIT 1");
const Query select_files("SELECT name, text FROM tariff_files WHERE set_hash = $1 ORDER BY name");
const Query select_history(
    "SELECT s.set_hash, s.proposed_by, s.why, s.proposed_at, COALESCE(a.adopted_by, ''), "
    "COALESCE(a.adopted_at, 0), COALESCE(a.recorded_on, s.recorded_on) FROM tariff_sets s "
    "LEFT JOIN tariff_adoptions a ON a.set_hash = s.set_hash "
    "ORDER BY s.proposed_at DESC, s.set_hash");

}  // namespace

void TariffRows::add(const TariffSet& set, const Files& files) {
    database_.prepare(insert_set)
        .bind(1, set.hash)
        .bind(2, set.proposed_by)
        .bind(3, set.why)
        .bind(4, set.proposed_at)
        .bind(5, database_.recorded_on())
        .run();
    for (const auto& [name, text] : files) {
        database_.prepare(insert_file).bind(1, set.hash).bind(2, name).bind(3, text).run();
    }
}

bool TariffRows::adopt(const std::string& hash, const std::string& by, std::int64_t at) {
    Statement known = database_.prepare(select_adoption);
    known.bind(1, hash);
    if (known.step()) return false;
    database_.prepare(insert_adoption)
        .bind(1, hash)
        .bind(2, by)
        .bind(3, at)
        .bind(4, database_.recorded_on())
        .run();
    return true;
}

std::optional<std::string> TariffRows::in_force() {
    Statement select = database_.prepare(select_in_force);
    if (!select.step()) return std::nullopt;
    return select.text(0);
}

TariffRows::Files TariffRows::files(const std::string& hash) {
    Files found;
    Statement select = database_.prepare(select_files);
    select.bind(1, hash);
    while (select.step()) found.emplace_back(select.text(0), select.text(1));
    return found;
}

std::vector<TariffSet> TariffRows::history() {
    std::vector<TariffSet> sets;
    Statement select = database_.prepare(select_history);
    while (select.step()) {
        sets.push_back({select.text(0), select.text(1), select.text(2), select.integer(3),
                        select.text(4), select.integer(5), select.text(6)});
    }
    return sets;
}

}  // namespace watthour::storage
