-- SPDX-License-Identifier: Apache-2.0
-- Beside the block of a channel and month: what its days come to, and since when each interval is
-- known. Written in the transaction of the block. A block from before has no such row until it is
-- written again; readers then sum the block itself.
CREATE TABLE interval_sums (
  channel_id BIGINT NOT NULL,
  month TEXT NOT NULL,
  wh BIGINT NOT NULL,
  not_counted BIGINT NOT NULL CHECK (not_counted >= 0),
  days BYTEA NOT NULL,
  PRIMARY KEY (channel_id, month)
) ${CLUSTERED};
