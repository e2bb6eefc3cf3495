-- SPDX-License-Identifier: Apache-2.0
-- Tariffs that were put forward, as whole folders, and those that were adopted. Nothing of them is
-- ever changed: a later adoption stands after an earlier one.

CREATE TABLE tariff_sets (
  set_hash TEXT NOT NULL PRIMARY KEY,
  proposed_by TEXT NOT NULL,
  why TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  recorded_on TEXT NOT NULL
) ${CLUSTERED};

CREATE TABLE tariff_files (
  set_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (set_hash, name)
) ${CLUSTERED};

CREATE TABLE tariff_adoptions (
  set_hash TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  adopted_by TEXT NOT NULL,
  adopted_at BIGINT NOT NULL,
  recorded_on TEXT NOT NULL
) ${CLUSTERED};
