// SPDX-License-Identifier: Apache-2.0
#include "storage/placement.hpp"

#include "base/text.hpp"
#include "storage/errors.hpp"
#include "storage/postgres/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::storage {

namespace {

constexpr Placement all_placements[] = {
    {"account_notes", Where::by_key, "account_id"},
    {"accounts", Where::by_key, "account_id"},
    {"agreement_programs", Where::by_key, "account_id"},
    {"allocations", Where::by_key, "account_id"},
    {"approvals", Where::by_key, "account_id"},
    {"audit_entries", Where::by_key, "account_id"},
    {"bank_mandates", Where::by_key, "account_id"},
    {"bill_activity", Where::by_key, "account_id"},
    {"bill_numbers", Where::by_key, "bill_number"},
    {"bill_segments", Where::by_key, "account_id"},
    {"bills", Where::by_key, "account_id"},
    {"case_changes", Where::by_key, "account_id"},
    {"case_evidence", Where::by_key, "account_id"},
    {"case_proposals", Where::by_key, "account_id"},
    {"cases", Where::by_key, "account_id"},
    {"channel_validations", Where::by_key, "channel_id"},
    {"channels", Where::everywhere, ""},
    {"charge_lines", Where::by_key, "account_id"},
    {"cycle_runs", Where::coordinator, ""},
    {"credentials", Where::coordinator, ""},
    {"draft_entries", Where::coordinator, ""},
    {"file_details", Where::coordinator, ""},
    {"file_rejects", Where::coordinator, ""},
    {"file_repairs", Where::coordinator, ""},
    {"files", Where::everywhere, ""},
    {"head_end_changes", Where::coordinator, ""},
    {"head_end_requests", Where::coordinator, ""},
    {"idempotency_keys", Where::coordinator, ""},
    {"interval_blocks", Where::by_key, "channel_id"},
    {"interval_corrections", Where::by_key, "channel_id"},
    {"interval_sums", Where::by_key, "channel_id"},
    {"job_schedules", Where::coordinator, ""},
    {"job_units", Where::coordinator, ""},
    {"jobs", Where::coordinator, ""},
    {"journal_entries", Where::by_key, "account_id"},
    {"mandate_suspensions", Where::by_key, "account_id"},
    {"meter_comments", Where::coordinator, ""},
    {"meter_details", Where::everywhere, ""},
    {"meter_events", Where::by_key, "meter_id"},
    {"meter_installations", Where::everywhere, ""},
    {"meter_seals", Where::coordinator, ""},
    {"meter_serials", Where::everywhere, ""},
    {"meter_states", Where::coordinator, ""},
    {"meter_tests", Where::coordinator, ""},
    {"meters", Where::everywhere, ""},
    {"one_time_links", Where::coordinator, ""},
    {"open_items", Where::by_key, "account_id"},
    {"payment_references", Where::by_key, "reference"},
    {"payment_returns", Where::by_key, "account_id"},
    {"payments", Where::by_key, "account_id"},
    {"people", Where::everywhere, ""},
    {"postings", Where::by_key, "account_id"},
    {"premises", Where::everywhere, ""},
    {"read_profiles", Where::coordinator, ""},
    {"read_routes", Where::everywhere, ""},
    {"register_reads", Where::by_key, "channel_id"},
    {"role_grants", Where::coordinator, ""},
    {"role_revocations", Where::coordinator, ""},
    {"route_closings", Where::coordinator, ""},
    {"route_exports", Where::coordinator, ""},
    {"route_places", Where::everywhere, ""},
    {"route_visits", Where::coordinator, ""},
    {"schema_migrations", Where::coordinator, ""},
    {"seal_state", Where::coordinator, ""},
    {"seals", Where::coordinator, ""},
    {"second_factors", Where::coordinator, ""},
    {"segment_reads", Where::by_key, "account_id"},
    {"segment_tou", Where::by_key, "account_id"},
    {"service_agreements", Where::by_key, "account_id"},
    {"service_capacities", Where::coordinator, ""},
    {"service_points", Where::everywhere, ""},
    {"sessions", Where::coordinator, ""},
    {"tariff_adoptions", Where::coordinator, ""},
    {"tariff_files", Where::coordinator, ""},
    {"tariff_sets", Where::coordinator, ""},
    {"users", Where::coordinator, ""},
    {"utility", Where::everywhere, ""},
    {"work_changes", Where::by_key, "account_id"},
    {"work_items", Where::by_key, "account_id"},
    {"work_resolutions", Where::by_key, "account_id"},
};

}  // namespace

const std::vector<Placement>& placements() {
    static const std::vector<Placement> all(std::begin(all_placements), std::end(all_placements));
    return all;
}

const Placement& placement_of(std::string_view table) {
    const auto found = std::find_if(placements().begin(), placements().end(),
                                    [&](const Placement& one) { return one.table == table; });
    WH_CHECK(found != placements().end(), "a table has no placement");
    return *found;
}

namespace {

/// "host:port"; nothing else goes into the SQL.
Result<std::pair<std::string, std::int64_t>> parse_node(const std::string& node) {
    const auto parts = split_text(node, ':');
    const auto port = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
    const bool plain = port && !parts[0].empty() &&
                       parts[0].find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                           ".-_") == std::string_view::npos;
    if (!plain) return Error(errors::node_malformed, {{"node", node}});
    return std::pair{std::string(parts[0]), *port};
}

/// The same database on another machine, reached as the same user.
std::string url_on_node(const std::string& url, const std::pair<std::string, std::int64_t>& node) {
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = url.find('/', host);
    const std::size_t at = url.rfind('@', path);
    const std::size_t from = at == std::string::npos || at < host ? host : at + 1;
    return fmt::format("{}{}:{}{}", url.substr(0, from), node.first, node.second,
                       path == std::string::npos ? "" : url.substr(path));
}

/// Every node needs the database, empty, with the extension.
Result<void> prepare_node(const std::string& url) {
    TRY(const bool exists, postgres::exists(url));
    if (!exists) TRY_DONE(postgres::create(url));
    TRY(const auto connection, postgres::open(url));
    connection->execute("CREATE EXTENSION IF NOT EXISTS citus");
    return {};
}

std::vector<std::string> texts(Connection& connection, const std::string& sql) {
    std::vector<std::string> found;
    const auto select = connection.prepare(sql);
    while (select->step()) found.emplace_back(select->text(0));
    return found;
}

/// The program steps down to a role of its own, which must come in on every node; the extension
/// carries the role there.
void let_program_in(Connection& connection) {
    connection.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'watthour_program') "
        "THEN CREATE ROLE watthour_program; END IF; END $$");
    if (texts(connection,
              "SELECT CAST(rolname AS text) FROM pg_roles WHERE rolname = 'watthour_program' "
              "AND rolcanlogin")
            .empty()) {
        connection.execute("ALTER ROLE watthour_program LOGIN");
    }
}

}  // namespace

Result<SpreadOutcome> spread_database(const std::string& url, const std::vector<std::string>& nodes,
                                      const SpreadProgress& progress) {
    std::vector<std::pair<std::string, std::int64_t>> wanted;
    for (const std::string& node : nodes) {
        TRY(auto parsed, parse_node(node));
        wanted.push_back(std::move(parsed));
    }
    // Opened once as the program does, so that the schema is of this release.
    TRY(auto database, Database::open(url, OpenMode::existing));
    if (database->engine() != EngineKind::postgresql) return Error(errors::not_postgresql, {});
    const auto tables = database->tables();
    database.reset();
    TRY(const auto connection, postgres::open(url));
    if (texts(*connection,
              "SELECT CAST(name AS text) FROM pg_available_extensions WHERE name = 'citus'")
            .empty()) {
        return Error(errors::citus_missing, {});
    }
    connection->execute("CREATE EXTENSION IF NOT EXISTS citus");
    SpreadOutcome outcome;
    for (const auto& [host, port] : wanted) {
        TRY_DONE(prepare_node(url_on_node(url, {host, port})));
        connection->execute(fmt::format("SELECT citus_add_node('{}', {})", host, port));
    }
    let_program_in(*connection);
    const auto done = texts(*connection, "SELECT CAST(table_name AS text) FROM citus_tables");
    const std::set<std::string> spread(done.begin(), done.end());
    // Tables that are whole everywhere first: the others join them.
    for (const Where pass : {Where::everywhere, Where::by_key}) {
        for (const std::string& table : tables) {
            const Placement& placement = placement_of(table);
            if (placement.where != pass) continue;
            if (spread.contains(table)) {
                ++outcome.already;
                continue;
            }
            if (pass == Where::everywhere) {
                connection->execute(fmt::format("SELECT create_reference_table('{}')", table));
                ++outcome.everywhere;
                if (progress) progress(table, "everywhere");
                continue;
            }
            // Rows of one account lie on one machine, in whatever table they stand.
            std::string beside = "none";
            if (placement.column == "account_id" && table != "accounts") beside = "accounts";
            if (placement.column == "channel_id" && table != "interval_blocks") {
                beside = "interval_blocks";
            }
            connection->execute(
                fmt::format("SELECT create_distributed_table('{}', '{}', colocate_with => '{}')",
                            table, placement.column, beside));
            ++outcome.divided;
            if (progress) progress(table, "by " + std::string(placement.column));
        }
    }
    if (!wanted.empty() && outcome.already > 0) {
        // Shards that were there before go over to the nodes that came.
        connection->execute("SELECT rebalance_table_shards(shard_transfer_mode => 'block_writes')");
    }
    outcome.nodes = texts(*connection,
                          "SELECT CAST(nodename || ':' || nodeport AS text) FROM pg_dist_node "
                          "WHERE isactive AND shouldhaveshards ORDER BY nodename, nodeport");
    return outcome;
}

}  // namespace watthour::storage
