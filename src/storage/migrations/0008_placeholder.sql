-- SPDX-License-Identifier: Apache-2.0
-- Changes nothing: it keeps the number of a migration that is still being written, since a
-- database counts its migrations without gaps.
UPDATE utility SET name = name WHERE utility_id = 0;
