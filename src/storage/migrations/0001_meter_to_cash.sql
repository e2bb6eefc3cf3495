-- SPDX-License-Identifier: Apache-2.0
-- The first schema. BIGINT and BYTEA are the two types whose names differ between engines;
-- ${STRICT} and ${CLUSTERED} end a table: storage/dialect.hpp says what they become.
-- Rows of accounts lead with account_id, measurements with channel_id (decision 0008).

CREATE TABLE utility (
  utility_id BIGINT NOT NULL PRIMARY KEY CHECK (utility_id = 1),
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  business_date TEXT NOT NULL,
  seed BIGINT NOT NULL,
  catalogue_hash TEXT NOT NULL,
  sample BIGINT NOT NULL
) ${STRICT};

CREATE TABLE people (
  person_id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'es')),
  phone TEXT NOT NULL,
  email TEXT NOT NULL
) ${STRICT};

CREATE TABLE accounts (
  account_id BIGINT NOT NULL PRIMARY KEY,
  person_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'es')),
  mailing_street TEXT NOT NULL,
  mailing_city TEXT NOT NULL,
  mailing_state TEXT NOT NULL,
  mailing_zip TEXT NOT NULL,
  opened_on TEXT NOT NULL
) ${STRICT};

CREATE TABLE bank_mandates (
  account_id BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  routing TEXT NOT NULL,
  bank_account_sealed BYTEA NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('checking', 'savings')),
  PRIMARY KEY (account_id, valid_from)
) ${CLUSTERED};

-- A suspension is a fact of its own; the mandate row stays as it was signed.
CREATE TABLE mandate_suspensions (
  account_id BIGINT NOT NULL,
  suspended_on TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (account_id, suspended_on)
) ${CLUSTERED};

CREATE TABLE premises (
  premise_id BIGINT NOT NULL PRIMARY KEY,
  street TEXT NOT NULL,
  unit TEXT NOT NULL,
  city TEXT NOT NULL,
  state TEXT NOT NULL,
  zip TEXT NOT NULL,
  tax_district TEXT NOT NULL
) ${STRICT};

CREATE TABLE service_points (
  service_point_id BIGINT NOT NULL PRIMARY KEY,
  premise_id BIGINT NOT NULL,
  cycle TEXT NOT NULL,
  route TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  reading TEXT NOT NULL CHECK (reading IN ('ami', 'manual'))
) ${STRICT};
CREATE INDEX service_points_by_cycle ON service_points (cycle, service_point_id);

CREATE TABLE service_agreements (
  account_id BIGINT NOT NULL,
  agreement_id BIGINT NOT NULL,
  service_point_id BIGINT NOT NULL,
  schedule TEXT NOT NULL,
  option TEXT NOT NULL,
  phase TEXT NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT NOT NULL,
  PRIMARY KEY (account_id, agreement_id),
  CHECK (active_from < active_until)
) ${CLUSTERED};
CREATE INDEX service_agreements_by_point ON service_agreements (service_point_id, account_id);

CREATE TABLE agreement_programs (
  account_id BIGINT NOT NULL,
  agreement_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('discount', 'exemption')),
  code TEXT NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT NOT NULL,
  PRIMARY KEY (account_id, agreement_id, kind, code, active_from),
  CHECK (active_from < active_until)
) ${CLUSTERED};

CREATE TABLE meters (
  meter_id BIGINT NOT NULL PRIMARY KEY,
  serial TEXT NOT NULL,
  dials BIGINT NOT NULL CHECK (dials BETWEEN 4 AND 9),
  multiplier TEXT NOT NULL,
  make TEXT NOT NULL
) ${STRICT};

-- What must be unique in the whole utility has a registry keyed by that very value.
CREATE TABLE meter_serials (
  serial TEXT NOT NULL PRIMARY KEY,
  meter_id BIGINT NOT NULL
) ${CLUSTERED};

CREATE TABLE channels (
  channel_id BIGINT NOT NULL PRIMARY KEY,
  meter_id BIGINT NOT NULL,
  code TEXT NOT NULL,
  interval_minutes BIGINT NOT NULL
) ${STRICT};
CREATE INDEX channels_by_meter ON channels (meter_id, channel_id);

CREATE TABLE meter_installations (
  service_point_id BIGINT NOT NULL,
  meter_id BIGINT NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT NOT NULL,
  set_read TEXT NOT NULL,
  removal_read TEXT NOT NULL,
  PRIMARY KEY (service_point_id, meter_id, active_from),
  CHECK (active_from < active_until)
) ${CLUSTERED};

-- Files taken in; the hash guards each against a second time.
CREATE TABLE files (
  file_id BIGINT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  format TEXT NOT NULL,
  name TEXT NOT NULL,
  business_date TEXT NOT NULL,
  records BIGINT NOT NULL,
  posted BIGINT NOT NULL,
  parked BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  repeated BIGINT NOT NULL,
  declared_minor BIGINT NOT NULL,
  posted_minor BIGINT NOT NULL,
  parked_minor BIGINT NOT NULL
) ${STRICT};

-- Rows that could not be taken, kept to be repaired.
CREATE TABLE file_rejects (
  file_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  field TEXT NOT NULL,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  raw TEXT NOT NULL,
  PRIMARY KEY (file_id, line, field, rule)
) ${CLUSTERED};

-- One row a read; a second value for the same moment and type has a higher version.
CREATE TABLE register_reads (
  channel_id BIGINT NOT NULL,
  read_date TEXT NOT NULL,
  read_type TEXT NOT NULL,
  version BIGINT NOT NULL,
  reading TEXT NOT NULL,
  file_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  PRIMARY KEY (channel_id, read_date, read_type, version)
) ${CLUSTERED};

CREATE TABLE interval_blocks (
  channel_id BIGINT NOT NULL,
  month TEXT NOT NULL,
  block BYTEA NOT NULL,
  PRIMARY KEY (channel_id, month)
) ${STRICT};

CREATE TABLE interval_corrections (
  channel_id BIGINT NOT NULL,
  start_utc BIGINT NOT NULL,
  version BIGINT NOT NULL,
  old_wh BIGINT NOT NULL,
  new_wh BIGINT NOT NULL,
  old_status TEXT NOT NULL,
  new_status TEXT NOT NULL,
  why TEXT NOT NULL,
  file_id BIGINT NOT NULL,
  PRIMARY KEY (channel_id, start_utc, version)
) ${CLUSTERED};

-- Exactly one bill for a number: the number holds the account and the period's end.
CREATE TABLE bill_numbers (
  bill_number TEXT NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL
) ${CLUSTERED};

CREATE TABLE bills (
  account_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL,
  bill_number TEXT NOT NULL,
  cycle TEXT NOT NULL,
  bill_date TEXT NOT NULL,
  due_date TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_until TEXT NOT NULL,
  language TEXT NOT NULL,
  previous_balance_minor BIGINT NOT NULL,
  activity_minor BIGINT NOT NULL,
  current_charges_minor BIGINT NOT NULL,
  amount_due_minor BIGINT NOT NULL,
  autopay BIGINT NOT NULL,
  PRIMARY KEY (account_id, bill_id),
  CHECK (amount_due_minor = previous_balance_minor + activity_minor + current_charges_minor)
) ${CLUSTERED};
CREATE INDEX bills_by_date ON bills (bill_date, account_id);
CREATE INDEX bills_by_due_date ON bills (due_date, account_id);

-- One segment for an agreement and the day its period begins.
CREATE TABLE bill_segments (
  account_id BIGINT NOT NULL,
  agreement_id BIGINT NOT NULL,
  period_from TEXT NOT NULL,
  period_until TEXT NOT NULL,
  bill_id BIGINT NOT NULL,
  segment_number BIGINT NOT NULL,
  schedule TEXT NOT NULL,
  option TEXT NOT NULL,
  phase TEXT NOT NULL,
  delivered_wh BIGINT NOT NULL,
  measured_demand_w BIGINT,
  billed_demand_w BIGINT,
  current_charges_minor BIGINT NOT NULL,
  inputs_hash TEXT NOT NULL,
  PRIMARY KEY (account_id, agreement_id, period_from),
  CHECK (period_from < period_until)
) ${CLUSTERED};

CREATE TABLE segment_tou (
  account_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL,
  segment_number BIGINT NOT NULL,
  tou_period TEXT NOT NULL,
  delivered_wh BIGINT NOT NULL,
  PRIMARY KEY (account_id, bill_id, segment_number, tou_period)
) ${CLUSTERED};

CREATE TABLE segment_reads (
  account_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL,
  segment_number BIGINT NOT NULL,
  read_number BIGINT NOT NULL,
  meter TEXT NOT NULL,
  channel TEXT NOT NULL,
  read_from TEXT NOT NULL,
  read_until TEXT NOT NULL,
  from_read TEXT NOT NULL,
  until_read TEXT NOT NULL,
  read_type TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  energy_wh BIGINT NOT NULL,
  PRIMARY KEY (account_id, bill_id, segment_number, read_number)
) ${CLUSTERED};

-- Numbers as decimal text with the digits they were written with; the trace keeps one rule and
-- its numbers a line (rating/trace.hpp).
CREATE TABLE charge_lines (
  account_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL,
  segment_number BIGINT NOT NULL,
  line_number BIGINT NOT NULL,
  code TEXT NOT NULL,
  line_group TEXT NOT NULL,
  gl_account TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  text_en TEXT NOT NULL,
  text_es TEXT NOT NULL,
  line_from TEXT,
  line_until TEXT,
  quantity TEXT NOT NULL,
  unit TEXT NOT NULL,
  rate TEXT NOT NULL,
  rate_is_percent BIGINT NOT NULL,
  factor_numerator BIGINT NOT NULL,
  factor_denominator BIGINT NOT NULL,
  base_minor BIGINT,
  clause TEXT NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (account_id, bill_id, segment_number, line_number)
) ${CLUSTERED};

-- Which journal entries a bill has shown as activity, each once.
CREATE TABLE bill_activity (
  account_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  bill_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, entry_id)
) ${CLUSTERED};

CREATE TABLE cycle_runs (
  cycle TEXT NOT NULL,
  read_date TEXT NOT NULL,
  run_date TEXT NOT NULL,
  run_number BIGINT NOT NULL,
  billed BIGINT NOT NULL,
  held BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (cycle, read_date, run_date, run_number)
) ${CLUSTERED};

CREATE TABLE journal_entries (
  account_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  business_date TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_key TEXT NOT NULL,
  memo TEXT NOT NULL,
  PRIMARY KEY (account_id, entry_id),
  UNIQUE (account_id, source_kind, source_key)
) ${CLUSTERED};

CREATE TABLE postings (
  account_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  posting_number BIGINT NOT NULL,
  debit_account TEXT NOT NULL,
  credit_account TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (account_id, entry_id, posting_number),
  CHECK (debit_account <> credit_account)
) ${CLUSTERED};

CREATE TABLE open_items (
  account_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  source_key TEXT NOT NULL,
  item_class BIGINT NOT NULL,
  billed_on TEXT NOT NULL,
  due_date TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (account_id, item_id)
) ${CLUSTERED};

CREATE TABLE payment_references (
  reference TEXT NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL,
  payment_id BIGINT NOT NULL
) ${CLUSTERED};

CREATE TABLE payments (
  account_id BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  reference TEXT NOT NULL,
  channel TEXT NOT NULL,
  tender TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  remitter TEXT NOT NULL,
  memo TEXT NOT NULL,
  batch TEXT NOT NULL,
  PRIMARY KEY (account_id, payment_id)
) ${CLUSTERED};
CREATE INDEX payments_by_day ON payments (effective_on, account_id);

CREATE TABLE payment_returns (
  account_id BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  returned_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  fee_minor BIGINT NOT NULL,
  PRIMARY KEY (account_id, payment_id)
) ${CLUSTERED};

CREATE TABLE allocations (
  account_id BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  direction BIGINT NOT NULL CHECK (direction IN (1, -1)),
  allocation_number BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (account_id, payment_id, item_id, direction, allocation_number)
) ${CLUSTERED};

CREATE TABLE draft_entries (
  trace TEXT NOT NULL PRIMARY KEY,
  batch TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  bill_number TEXT NOT NULL UNIQUE,
  payment_id BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL
) ${CLUSTERED};

CREATE TABLE work_items (
  account_id BIGINT NOT NULL,
  work_item_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  subject TEXT NOT NULL,
  evidence TEXT NOT NULL,
  next_step TEXT NOT NULL,
  at_stake_minor BIGINT NOT NULL,
  opened_on TEXT NOT NULL,
  PRIMARY KEY (account_id, work_item_id)
) ${CLUSTERED};

-- A resolution is a fact of its own: who decided what, why and when.
CREATE TABLE work_resolutions (
  account_id BIGINT NOT NULL,
  work_item_id BIGINT NOT NULL,
  resolution TEXT NOT NULL,
  why TEXT NOT NULL,
  resolved_by TEXT NOT NULL,
  resolved_on TEXT NOT NULL,
  PRIMARY KEY (account_id, work_item_id)
) ${CLUSTERED};
