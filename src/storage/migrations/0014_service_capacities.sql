-- SPDX-License-Identifier: Apache-2.0
-- What the panel or the transformer of a service point can carry (R1.30), from one day on; a
-- correction is a new version.

CREATE TABLE service_capacities (
  service_point_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('panel', 'transformer')),
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  capacity_watts BIGINT NOT NULL CHECK (capacity_watts > 0),
  why TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (service_point_id, kind, active_from, version)
) ${CLUSTERED};
