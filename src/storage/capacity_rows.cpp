// SPDX-License-Identifier: Apache-2.0
#include "storage/capacity_rows.hpp"

#include "storage/dialect.hpp"

namespace watthour::storage {
namespace {

using service::ServiceCapacity;

constexpr const char* capacity_columns =
    "SELECT service_point_id, kind, active_from, capacity_watts, why, recorded_by, recorded_on "
    "FROM service_capacities WHERE superseded_on = '9999-12-31' ";
const Query select_capacities(capacity_columns, "ORDER BY service_point_id, kind, active_from");
const Query select_capacities_of(capacity_columns,
                                 "AND service_point_id IN ${IDS} "
                                 "ORDER BY service_point_id, kind, active_from");
const Query last_capacity_version(
    "SELECT COALESCE(max(version), 0) FROM service_capacities WHERE service_point_id = $1 "
    "AND kind = $2 AND active_from = $3");
const Query supersede_capacity(
    "UPDATE service_capacities SET superseded_on = $1 WHERE service_point_id = $2 AND kind = $3 "
    "AND active_from = $4 AND superseded_on = '9999-12-31'");
const Query insert_capacity(
    "INSERT INTO service_capacities (service_point_id, kind, active_from, version, "
    "capacity_watts, why, recorded_by, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

std::vector<ServiceCapacity> capacity_list(Statement select) {
    std::vector<ServiceCapacity> found;
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         select.text(1),
                         select.date(2),
                         select.integer(3),
                         select.text(4),
                         select.text(5),
                         select.date(6)});
    }
    return found;
}

}  // namespace

void CapacityRows::put(const ServiceCapacity& capacity) {
    database_.prepare(supersede_capacity)
        .bind(1, database_.recorded_on())
        .bind(2, capacity.point.value)
        .bind(3, capacity.kind)
        .bind(4, capacity.from)
        .run();
    std::int64_t version = 1;
    {
        Statement last = database_.prepare(last_capacity_version);
        last.bind(1, capacity.point.value).bind(2, capacity.kind).bind(3, capacity.from);
        if (last.step()) version = last.integer(0) + 1;
    }
    database_.prepare(insert_capacity)
        .bind(1, capacity.point.value)
        .bind(2, capacity.kind)
        .bind(3, capacity.from)
        .bind(4, version)
        .bind(5, capacity.watts)
        .bind(6, capacity.why)
        .bind(7, capacity.by)
        .bind(8, database_.recorded_on())
        .bind(9, end_of_time)
        .run();
}

std::vector<ServiceCapacity> CapacityRows::of(const std::vector<service::ServicePointId>& points) {
    Statement select = database_.prepare(select_capacities_of);
    select.bind(1, id_list(points));
    return capacity_list(std::move(select));
}

std::vector<ServiceCapacity> CapacityRows::all() {
    return capacity_list(database_.prepare(select_capacities));
}

}  // namespace watthour::storage
