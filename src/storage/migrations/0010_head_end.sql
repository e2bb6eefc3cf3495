-- SPDX-License-Identifier: Apache-2.0
-- What meters are asked over their network, and what came of it.

-- Seconds of the wall clock after 00:00 at which a read was taken; 0 is the read that ends one day
-- and begins the next. Only reads that were asked for have another.
ALTER TABLE register_reads ADD COLUMN read_second BIGINT NOT NULL DEFAULT 0;

-- One row a request; its id is what the head-end sends back. Moments are seconds of UTC, 0 where
-- nothing happened yet. Holds no password.
CREATE TABLE head_end_requests (
  meter_id BIGINT NOT NULL,
  request_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ping', 'read', 'connect', 'disconnect')),
  serial TEXT NOT NULL,
  channel_id BIGINT NOT NULL,
  system TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('sent', 'acknowledged', 'done', 'timed_out', 'failed')),
  attempts BIGINT NOT NULL CHECK (attempts >= 1),
  changes BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  result TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (meter_id, request_id),
  CHECK (asked_at <= sent_at),
  CHECK (next_at <= expires_at)
) ${CLUSTERED};
CREATE UNIQUE INDEX head_end_requests_by_id ON head_end_requests (request_id);
CREATE INDEX head_end_requests_by_time ON head_end_requests (asked_at, request_id);
CREATE INDEX head_end_requests_due ON head_end_requests (state, next_at);

-- Every change of a request, and what came and changed nothing. Never changed.
CREATE TABLE head_end_changes (
  meter_id BIGINT NOT NULL,
  request_id BIGINT NOT NULL,
  change_number BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  event TEXT NOT NULL,
  note TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, request_id, change_number)
) ${CLUSTERED};
