-- SPDX-License-Identifier: Apache-2.0
-- recorded_on is the business day on which the utility came to know a row. It is never a sealed
-- day, so that a day that is sealed stays as it is, whatever date the row itself is about.

ALTER TABLE bills ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE journal_entries ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_returns ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE open_items ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE allocations ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE draft_entries ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE cycle_runs ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE work_changes ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';

-- What was there before takes the date that it is about.
UPDATE bills SET recorded_on = bill_date;
UPDATE journal_entries SET recorded_on = business_date;
UPDATE payments SET recorded_on = effective_on;
UPDATE payment_returns SET recorded_on = returned_on;
UPDATE open_items SET recorded_on = billed_on;
UPDATE allocations SET recorded_on = (SELECT p.effective_on FROM payments p
  WHERE p.account_id = allocations.account_id AND p.payment_id = allocations.payment_id);
UPDATE draft_entries SET recorded_on = (SELECT p.effective_on FROM payments p
  WHERE p.account_id = draft_entries.account_id AND p.payment_id = draft_entries.payment_id);
UPDATE files SET recorded_on = business_date;
UPDATE cycle_runs SET recorded_on = run_date;
UPDATE work_changes SET recorded_on = changed_on;

CREATE INDEX bills_by_recording ON bills (recorded_on, account_id);
CREATE INDEX journal_entries_by_recording ON journal_entries (recorded_on, account_id);
CREATE INDEX payments_by_recording ON payments (recorded_on, account_id);
CREATE INDEX open_items_by_recording ON open_items (recorded_on, account_id);
CREATE INDEX allocations_by_recording ON allocations (recorded_on, account_id);
CREATE INDEX files_by_recording ON files (recorded_on, file_id);

-- Facts that change in time. active_from and active_until say when a fact holds, recorded_on and
-- superseded_on between which days the utility believed it. A correction closes the version that
-- was believed and adds the next; no version is ever lost.
CREATE TABLE service_agreements_dated (
  account_id BIGINT NOT NULL,
  agreement_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  service_point_id BIGINT NOT NULL,
  schedule TEXT NOT NULL,
  option TEXT NOT NULL,
  phase TEXT NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, agreement_id, version),
  CHECK (active_from < active_until)
) ${CLUSTERED};
INSERT INTO service_agreements_dated (account_id, agreement_id, version, service_point_id, schedule,
  option, phase, active_from, active_until, recorded_on, superseded_on)
  SELECT account_id, agreement_id, 1, service_point_id, schedule, option, phase, active_from,
  active_until, active_from, '9999-12-31' FROM service_agreements;
DROP TABLE service_agreements;
ALTER TABLE service_agreements_dated RENAME TO service_agreements;
CREATE INDEX service_agreements_by_point ON service_agreements (service_point_id, account_id);

CREATE TABLE agreement_programs_dated (
  account_id BIGINT NOT NULL,
  agreement_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('discount', 'exemption')),
  code TEXT NOT NULL,
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  active_until TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, agreement_id, kind, code, active_from, version),
  CHECK (active_from <= active_until)
) ${CLUSTERED};
INSERT INTO agreement_programs_dated (account_id, agreement_id, kind, code, active_from, version,
  active_until, recorded_on, superseded_on)
  SELECT account_id, agreement_id, kind, code, active_from, 1, active_until, active_from,
  '9999-12-31' FROM agreement_programs;
DROP TABLE agreement_programs;
ALTER TABLE agreement_programs_dated RENAME TO agreement_programs;

CREATE TABLE meter_installations_dated (
  service_point_id BIGINT NOT NULL,
  meter_id BIGINT NOT NULL,
  active_from TEXT NOT NULL,
  version BIGINT NOT NULL,
  active_until TEXT NOT NULL,
  set_read TEXT NOT NULL,
  removal_read TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  superseded_on TEXT NOT NULL,
  PRIMARY KEY (service_point_id, meter_id, active_from, version),
  CHECK (active_from < active_until)
) ${CLUSTERED};
INSERT INTO meter_installations_dated (service_point_id, meter_id, active_from, version,
  active_until, set_read, removal_read, recorded_on, superseded_on)
  SELECT service_point_id, meter_id, active_from, 1, active_until, set_read, removal_read,
  active_from, '9999-12-31' FROM meter_installations;
DROP TABLE meter_installations;
ALTER TABLE meter_installations_dated RENAME TO meter_installations;

-- Every change that is no posting: by whom, when, from what, to what, why, with whose approval.
-- account_id is 0 for what belongs to no account; approval_id is 0 where one person sufficed.
CREATE TABLE audit_entries (
  account_id BIGINT NOT NULL,
  subject TEXT NOT NULL,
  change_number BIGINT NOT NULL,
  use_case TEXT NOT NULL,
  before_text TEXT NOT NULL,
  after_text TEXT NOT NULL,
  why TEXT NOT NULL,
  approval_id BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, subject, change_number)
) ${CLUSTERED};
CREATE INDEX audit_entries_by_recording ON audit_entries (recorded_on, account_id);

-- One row a sealed day and table that has rows of that day. head chains it to the row before, in
-- the order of day and table; columns are those the digest was taken over, so that a later
-- release may add one.
CREATE TABLE seals (
  day TEXT NOT NULL,
  table_name TEXT NOT NULL,
  columns TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  head TEXT NOT NULL,
  PRIMARY KEY (day, table_name)
) ${CLUSTERED};

-- Without a row nothing is sealed yet.
CREATE TABLE seal_state (
  state_id BIGINT NOT NULL PRIMARY KEY CHECK (state_id = 1),
  sealed_through TEXT NOT NULL
) ${STRICT};

ALTER TABLE role_grants ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE role_revocations ADD COLUMN recorded_on TEXT NOT NULL DEFAULT '';
UPDATE role_grants SET recorded_on = COALESCE((SELECT business_date FROM utility), '1970-01-01');
UPDATE role_revocations SET recorded_on = COALESCE((SELECT business_date FROM utility), '1970-01-01');
