-- SPDX-License-Identifier: Apache-2.0
-- Who may act, and what waits for a second person. Times are seconds of UTC: a role that is taken
-- back is gone in the same second, whatever business date the utility works on.

-- A table of reference: its names are few, so that UNIQUE does without a registry.
CREATE TABLE users (
  user_id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL,
  active BIGINT NOT NULL CHECK (active IN (0, 1)),
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  why TEXT NOT NULL
) ${STRICT};

-- approved_by is empty for the first users of a utility, when there is nobody to ask.
CREATE TABLE role_grants (
  user_id BIGINT NOT NULL,
  role TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_until BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  granted_by TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (user_id, role, valid_from),
  CHECK (valid_from < valid_until),
  CHECK (approved_by <> granted_by)
) ${CLUSTERED};

-- A revocation is a fact of its own; the grant stays as it was written.
CREATE TABLE role_revocations (
  user_id BIGINT NOT NULL,
  role TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL,
  revoked_by TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (user_id, role, valid_from)
) ${CLUSTERED};

-- While an approval is open its checker is empty and decided_at is 0.
CREATE TABLE approvals (
  account_id BIGINT NOT NULL,
  approval_id BIGINT NOT NULL,
  use_case TEXT NOT NULL,
  parameters TEXT NOT NULL,
  amount_minor BIGINT,
  maker TEXT NOT NULL CHECK (maker <> ''),
  why TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'declined')),
  checker TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  decided_why TEXT NOT NULL,
  PRIMARY KEY (account_id, approval_id),
  CHECK (checker <> maker),
  CHECK ((state = 'open') = (checker = ''))
) ${CLUSTERED};
CREATE INDEX approvals_by_state ON approvals (state, requested_at, approval_id);
CREATE INDEX approvals_by_number ON approvals (approval_id);
