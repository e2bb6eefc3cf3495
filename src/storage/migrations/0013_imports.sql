-- SPDX-License-Identifier: Apache-2.0
-- How text files of reads are read, remembered; and what became of the rows of files that failed.

-- A mapping of a sender's columns under a name. It is never changed: an edit is the next version,
-- and so is its retirement. fingerprint tells a file of the same sender by its header.
CREATE TABLE read_profiles (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'retired')),
  format TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  profile TEXT NOT NULL,
  why TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (name, version)
) ${CLUSTERED};

-- What is known of a file beside its counts: who brought it, how it was read, what it held, and
-- the lines around its rows, by which rows that failed can be written as a file of the same form.
-- profile is the text of the mapping with the minutes that were found. first_at and last_at are 0
-- where nothing of it was taken.
CREATE TABLE file_details (
  file_id BIGINT NOT NULL PRIMARY KEY,
  profile_name TEXT NOT NULL,
  profile_version BIGINT NOT NULL,
  profile TEXT NOT NULL,
  meter TEXT NOT NULL,
  encoding TEXT NOT NULL,
  head TEXT NOT NULL,
  tail TEXT NOT NULL,
  meters_known BIGINT NOT NULL,
  meters_unknown BIGINT NOT NULL,
  failed_rows BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  delivered_wh BIGINT NOT NULL,
  taken_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL
) ${STRICT};

-- What became of a row that failed, once: it came in by another file, it came and failed there
-- again, or somebody says that it is not needed. by_file_id is 0 where a person decided.
CREATE TABLE file_repairs (
  file_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('repaired', 'failed_again', 'set_aside')),
  by_file_id BIGINT NOT NULL,
  why TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (file_id, line)
) ${CLUSTERED};

-- Corrections of a day, for determinants that are sent again.
CREATE INDEX interval_corrections_by_day ON interval_corrections (recorded_on, channel_id);
