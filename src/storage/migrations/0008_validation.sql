-- SPDX-License-Identifier: Apache-2.0
-- Corrections of intervals say who made them and on which day: rules and people make them too,
-- not only files. file_id is 0 where no file brought the value.

CREATE TABLE interval_corrections_dated (
  channel_id BIGINT NOT NULL,
  start_utc BIGINT NOT NULL,
  version BIGINT NOT NULL,
  old_wh BIGINT NOT NULL,
  new_wh BIGINT NOT NULL,
  old_status TEXT NOT NULL,
  new_status TEXT NOT NULL,
  why TEXT NOT NULL,
  file_id BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (channel_id, start_utc, version)
) ${CLUSTERED};
INSERT INTO interval_corrections_dated (channel_id, start_utc, version, old_wh, new_wh,
  old_status, new_status, why, file_id, changed_by, recorded_on)
  SELECT c.channel_id, c.start_utc, c.version, c.old_wh, c.new_wh, c.old_status, c.new_status,
  c.why, c.file_id, '', f.recorded_on FROM interval_corrections c
  JOIN files f ON f.file_id = c.file_id;
DROP TABLE interval_corrections;
ALTER TABLE interval_corrections_dated RENAME TO interval_corrections;

-- How far each channel's intervals have been validated: all days before valid_until. A file that
-- changes an earlier day takes it back to that day.
CREATE TABLE channel_validations (
  channel_id BIGINT NOT NULL PRIMARY KEY,
  valid_until TEXT NOT NULL,
  taken_back BIGINT NOT NULL CHECK (taken_back IN (0, 1))
) ${STRICT};
