-- SPDX-License-Identifier: Apache-2.0
-- Who has come in. Secrets are kept as hashes alone; times are seconds of UTC.

CREATE TABLE credentials (
  user_id BIGINT NOT NULL PRIMARY KEY,
  password_hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
) ${STRICT};

-- A session of a browser or a program, or an API key, which is one that does not end by rest.
CREATE TABLE sessions (
  token_sha256 TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('session', 'api_key')),
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
) ${CLUSTERED};

-- A link by which a user sets a password, once.
CREATE TABLE one_time_links (
  token_sha256 TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
) ${CLUSTERED};

-- What a request with an Idempotency-Key was answered: given again, the same answer.
CREATE TABLE idempotency_keys (
  key_sha256 TEXT NOT NULL PRIMARY KEY,
  request_sha256 TEXT NOT NULL,
  status BIGINT NOT NULL,
  response TEXT NOT NULL,
  created_at BIGINT NOT NULL
) ${CLUSTERED};

-- The second factor of a user: a sealed secret of time-based codes (RFC 6238). The last step that
-- was used is kept, so that a code works once.
CREATE TABLE second_factors (
  user_id BIGINT NOT NULL PRIMARY KEY,
  secret_sealed BYTEA NOT NULL,
  confirmed_at BIGINT NOT NULL,
  last_step BIGINT NOT NULL
) ${STRICT};

-- What people wrote about an account; never changed afterwards.
CREATE TABLE account_notes (
  account_id BIGINT NOT NULL,
  note_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  written_by TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  recorded_on TEXT NOT NULL,
  PRIMARY KEY (account_id, note_id)
) ${CLUSTERED};
