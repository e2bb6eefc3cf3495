-- SPDX-License-Identifier: Apache-2.0
-- Who has a work item, until when it rests, and everything that was ever done with it. The
-- resolution that holds stays in work_resolutions; it goes when the item is opened again.
ALTER TABLE work_items ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE work_items ADD COLUMN due_on TEXT NOT NULL DEFAULT '';
ALTER TABLE work_items ADD COLUMN snoozed_until TEXT NOT NULL DEFAULT '';

CREATE TABLE work_changes (
  account_id BIGINT NOT NULL,
  work_item_id BIGINT NOT NULL,
  change_number BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN
    ('opened', 'assigned', 'due', 'snoozed', 'noted', 'resolved', 'reopened')),
  value TEXT NOT NULL,
  why TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_on TEXT NOT NULL,
  PRIMARY KEY (account_id, work_item_id, change_number)
) ${CLUSTERED};

INSERT INTO work_changes (account_id, work_item_id, change_number, kind, value, why, changed_by,
  changed_on) SELECT account_id, work_item_id, 1, 'opened', cause, '', '', opened_on FROM work_items;
INSERT INTO work_changes (account_id, work_item_id, change_number, kind, value, why, changed_by,
  changed_on) SELECT account_id, work_item_id, 2, 'resolved', resolution, why, resolved_by,
  resolved_on FROM work_resolutions;
