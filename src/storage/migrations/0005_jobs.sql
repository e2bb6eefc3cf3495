-- SPDX-License-Identifier: Apache-2.0
-- The durable queue: what was asked for, in units that workers claim. It is no part of the books.

CREATE TABLE jobs (
  job_id BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  request_key TEXT NOT NULL,
  parameters TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'stopped', 'done')),
  requested_by TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  result TEXT NOT NULL
) ${STRICT};
CREATE INDEX jobs_by_state ON jobs (state, not_before, job_id);

CREATE TABLE job_units (
  job_id BIGINT NOT NULL,
  unit_number BIGINT NOT NULL,
  parameters TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'done', 'parked')),
  worker TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  result TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (job_id, unit_number)
) ${STRICT};

CREATE TABLE job_schedules (
  name TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  parameters TEXT NOT NULL,
  minute_of_day BIGINT NOT NULL,
  days TEXT NOT NULL CHECK (days IN ('every_day', 'business_days'))
) ${CLUSTERED};
