-- SPDX-License-Identifier: Apache-2.0
-- Routes and the places of service points on them, as dated facts. From here on they say on which
-- cycle and route a point is and how it is read; the columns of service_points keep what was told
-- when the point was made.

CREATE TABLE read_routes (
  route TEXT NOT NULL,
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  active_until TEXT NOT NULL,
  cycle TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ami', 'walked', 'manual', 'opt_out')),
  reader TEXT NOT NULL,
  read_method TEXT NOT NULL CHECK (read_method IN ('network', 'keyed', 'radio', 'probe')),
  read_every BIGINT NOT NULL CHECK (read_every IN (1, 2)),
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (route, active_from, version),
  CHECK (active_from < active_until)
) ${CLUSTERED};

-- walk_order rises along the walk; a point between two neighbours takes a number between theirs.
CREATE TABLE route_places (
  service_point_id BIGINT NOT NULL,
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  active_until TEXT NOT NULL,
  route TEXT NOT NULL,
  walk_order BIGINT NOT NULL,
  reading TEXT NOT NULL CHECK (reading IN ('ami', 'manual', 'opt_out')),
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (service_point_id, active_from, version),
  CHECK (active_from < active_until)
) ${CLUSTERED};
CREATE INDEX route_places_by_route ON route_places (route, walk_order, service_point_id);

-- What went out to the reader, one row an export whose content is new. Never changed.
CREATE TABLE route_exports (
  route TEXT NOT NULL,
  read_date TEXT NOT NULL,
  export_number BIGINT NOT NULL,
  layout TEXT NOT NULL,
  meters BIGINT NOT NULL,
  registers BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  exported_by TEXT NOT NULL,
  exported_at BIGINT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (route, read_date, export_number)
) ${CLUSTERED};

-- What the reader reported of a meter beside its read: a skip, troubles. Never changed.
CREATE TABLE route_visits (
  meter_id BIGINT NOT NULL,
  file_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  visited_on TEXT NOT NULL,
  route TEXT NOT NULL,
  skip_code TEXT NOT NULL,
  trouble_codes TEXT NOT NULL,
  reader TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, file_id, line)
) ${CLUSTERED};
CREATE INDEX route_visits_by_day ON route_visits (visited_on, meter_id);

-- A read date of a route is closed when nothing more is taken for it, and may be opened again; the
-- last row holds. Never changed.
CREATE TABLE route_closings (
  route TEXT NOT NULL,
  read_date TEXT NOT NULL,
  closing_number BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('closed', 'open')),
  why TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (route, read_date, closing_number)
) ${CLUSTERED};

-- What service_points said until now. A route whose points stood in several cycles becomes one
-- route a cycle: the later ones carry the cycle behind their name.
INSERT INTO route_places (service_point_id, active_from, version, active_until, route, walk_order,
  reading, changed_by, recorded_on, superseded_on)
  SELECT p.service_point_id, '1900-01-01', 1, '9999-12-31',
  CASE WHEN p.cycle = f.cycle THEN p.route ELSE p.route || '-' || p.cycle END, p.sequence,
  CASE WHEN p.reading = 'ami' THEN 'ami' ELSE 'opt_out' END, '', '1900-01-01', '9999-12-31'
  FROM service_points p
  JOIN (SELECT route, min(cycle) AS cycle FROM service_points GROUP BY route) f
  ON f.route = p.route;
INSERT INTO read_routes (route, active_from, version, active_until, cycle, kind, reader,
  read_method, read_every, recorded_on, superseded_on)
  SELECT w.route, '1900-01-01', 1, '9999-12-31', min(p.cycle),
  CASE WHEN max(w.reading) = 'ami' THEN 'ami' WHEN min(w.reading) = 'opt_out' THEN 'opt_out'
    ELSE 'manual' END, '',
  CASE WHEN max(w.reading) = 'ami' THEN 'network' ELSE 'keyed' END, 1, '1900-01-01', '9999-12-31'
  FROM route_places w JOIN service_points p ON p.service_point_id = w.service_point_id
  GROUP BY w.route;
