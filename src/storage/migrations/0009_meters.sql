-- SPDX-License-Identifier: Apache-2.0
-- The meter shop. A meter of an older database has no rows here: what `meters` says of it holds,
-- and its state follows from its installations.

-- How the use of a meter counts at its point (R1.12).
ALTER TABLE meter_installations ADD COLUMN role TEXT NOT NULL DEFAULT 'additive'
  CHECK (role IN ('additive', 'subtractive', 'check'));

-- What a meter is, from one day until another; the version that is believed stands for `meters`.
-- Ratios are as on the nameplate, "600:5"; empty where nothing is transformed.
CREATE TABLE meter_details (
  meter_id BIGINT NOT NULL,
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  active_until TEXT NOT NULL,
  maker TEXT NOT NULL,
  model TEXT NOT NULL,
  form TEXT NOT NULL,
  dials BIGINT NOT NULL CHECK (dials BETWEEN 4 AND 9),
  decimals BIGINT NOT NULL CHECK (decimals BETWEEN 0 AND 3),
  ct_ratio TEXT NOT NULL,
  pt_ratio TEXT NOT NULL,
  register_constant TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  program TEXT NOT NULL,
  tou_program TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, active_from, version),
  CHECK (active_from < active_until)
) ${CLUSTERED};

-- Where a meter stood, one row a change (R7.05); the last one holds. Never changed.
CREATE TABLE meter_states (
  meter_id BIGINT NOT NULL,
  state_number BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ordered', 'received', 'tested', 'available', 'issued',
    'in_service', 'removed', 'in_test', 'refurbished', 'quarantined', 'retired', 'returned')),
  since TEXT NOT NULL,
  why TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, state_number)
) ${CLUSTERED};

-- Registrations are percents as decimals; empty where that load was not tested. Never changed.
CREATE TABLE meter_tests (
  meter_id BIGINT NOT NULL,
  test_number BIGINT NOT NULL,
  tested_on TEXT NOT NULL,
  standard TEXT NOT NULL,
  tester TEXT NOT NULL,
  method TEXT NOT NULL CHECK (method IN
    ('full_and_light', 'mean', 'single_point', 'three_loads')),
  full_load TEXT NOT NULL,
  light_load TEXT NOT NULL,
  power_factor TEXT NOT NULL,
  average TEXT NOT NULL,
  limits TEXT NOT NULL CHECK (limits IN ('in_service', 'refurbished')),
  verdict TEXT NOT NULL CHECK (verdict IN ('within', 'fast', 'slow')),
  recorded_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, test_number)
) ${CLUSTERED};

-- What happened to the seals of a meter, one row an event. Never changed.
CREATE TABLE meter_seals (
  meter_id BIGINT NOT NULL,
  event_number BIGINT NOT NULL,
  seal TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('applied', 'removed', 'broken', 'missing')),
  happened_on TEXT NOT NULL,
  why TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, event_number)
) ${CLUSTERED};

-- What the next person at the meter must know; of the point, or of the meter wherever it goes: the
-- other id is 0.
CREATE TABLE meter_comments (
  comment_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  service_point_id BIGINT NOT NULL,
  meter_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('location', 'key', 'dog', 'hazard', 'other')),
  text TEXT NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT NOT NULL,
  written_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (comment_id, version),
  CHECK (active_from <= active_until),
  CHECK ((service_point_id = 0) <> (meter_id = 0))
) ${CLUSTERED};
CREATE INDEX meter_comments_by_point ON meter_comments (service_point_id, comment_id);
CREATE INDEX meter_comments_by_meter ON meter_comments (meter_id, comment_id);
CREATE INDEX meter_installations_by_meter ON meter_installations (meter_id, active_from);
