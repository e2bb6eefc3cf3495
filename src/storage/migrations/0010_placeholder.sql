-- SPDX-License-Identifier: Apache-2.0
-- Holds the place of a migration that is made beside this one.
SELECT 1;
