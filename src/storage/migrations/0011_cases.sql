-- SPDX-License-Identifier: Apache-2.0
-- What meters report of themselves, and cases of investigation.

-- One row an event, whichever file brought it first; never changed. code is as sent, name is ours
-- or empty; detail is what was sent beside the code.
CREATE TABLE meter_events (
  meter_id BIGINT NOT NULL,
  happened_at BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  file_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (meter_id, happened_at, code)
) ${CLUSTERED};
CREATE INDEX meter_events_by_name ON meter_events (name, happened_at, meter_id);

-- A case as it was opened; its state is that of its last change. account_id is 0 where nobody has
-- an agreement. discovered_on is the day from which limits of back-billing are counted (R4.12).
CREATE TABLE cases (
  account_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('high_bill', 'zero_usage', 'non_registration', 'tampering',
    'crossed_meters', 'inactive_use', 'multiplier_doubt')),
  subject TEXT NOT NULL,
  meter TEXT NOT NULL,
  other_meter TEXT NOT NULL,
  discovered_on TEXT NOT NULL,
  why TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, case_id)
) ${CLUSTERED};
CREATE INDEX cases_by_id ON cases (case_id);

-- What was known when the case was opened, in words for people and as JSON for programs.
CREATE TABLE case_evidence (
  account_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  piece_number BIGINT NOT NULL,
  step TEXT NOT NULL,
  fact TEXT NOT NULL,
  words TEXT NOT NULL,
  facts TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, case_id, piece_number)
) ${CLUSTERED};

-- Everything that was done with a case, in order. A later answer to a step stands after an earlier.
CREATE TABLE case_changes (
  account_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  change_number BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'step', 'state', 'concluded')),
  step TEXT NOT NULL,
  result TEXT NOT NULL,
  found TEXT NOT NULL,
  state TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_on TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, case_id, change_number)
) ${CLUSTERED};

-- What a case asks others to do: orders, letters, corrections of bills; each is a work item too.
-- facts holds everything that is needed to carry it out, as JSON.
CREATE TABLE case_proposals (
  account_id BIGINT NOT NULL,
  case_id BIGINT NOT NULL,
  proposal_number BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('order', 'letter', 'correction')),
  for_account_id BIGINT NOT NULL,
  work_item_id BIGINT NOT NULL,
  facts TEXT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, case_id, proposal_number)
) ${CLUSTERED};
