#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `watthour check` goes red, and names the right invariant, for each way the books are tampered with.
# usage: seeded_defects.sh PATH-OF-WATTHOUR
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"

export WATTHOUR_DB=sqlite:$room/good.db
expect 0 "$watthour" utility create --sample --accounts 60
expect 0 "$watthour" sample live --until 2025-09-01
copy_books good.db base.db
expect 0 "$watthour" check --db "sqlite:$room/base.db" --json
says '"ok": true'

defects=0
# invariant, what was done, the statement that does it
seed() {
    cp base.db bad.db
    cp base.db.key bad.db.key
    [[ $(sqlite3 bad.db "$3; SELECT changes()") -ge 1 ]] || fail "$2: the statement changed nothing"
    expect 7 "$watthour" check --db "sqlite:$room/bad.db" --json
    sed -n '/"broken"/,/\]/p' "$room/out" >broken.txt
    grep -qF "\"$1\"" broken.txt ||
        fail "$2: check does not name $1: $(cat broken.txt)"
    expect 7 "$watthour" check --db "sqlite:$room/bad.db" --quiet
    says "BROKEN  $1"
    defects=$((defects + 1))
}

bill="(SELECT bill_id FROM bills ORDER BY bill_number LIMIT 1 OFFSET 7)"
seed bill_equals_its_lines "a cent on a charge line" \
    "UPDATE charge_lines SET amount_minor = amount_minor + 1 WHERE bill_id = $bill AND line_number = 1"
seed bill_equals_its_segments "a cent on a segment" \
    "UPDATE bill_segments SET current_charges_minor = current_charges_minor + 1 WHERE bill_id = $bill"
bill_entry="(SELECT entry_id FROM journal_entries WHERE source_kind = 'bill' ORDER BY source_key LIMIT 1 OFFSET 7)"
seed bill_equals_its_journal "a cent on a posting" \
    "UPDATE postings SET amount_minor = amount_minor + 1 WHERE entry_id = $bill_entry AND posting_number = (SELECT min(posting_number) FROM postings WHERE entry_id = $bill_entry)"
seed bill_lines_equal_their_postings "a posting is deleted" \
    "DELETE FROM postings WHERE entry_id = $bill_entry AND posting_number = (SELECT min(posting_number) FROM postings WHERE entry_id = $bill_entry)"
seed receivable_equals_open_items "an open item asks a cent less" \
    "UPDATE open_items SET amount_minor = amount_minor - 1 WHERE item_id = (SELECT min(item_id) FROM open_items)"
payment_entry="(SELECT min(entry_id) FROM journal_entries WHERE source_kind = 'payment')"
seed journal_entries_balance "all postings of an entry are deleted" \
    "DELETE FROM postings WHERE entry_id = $payment_entry"
seed payments_are_in_the_books "the postings of a payment are deleted" \
    "DELETE FROM postings WHERE entry_id = $payment_entry"
seed postings_have_entries "a journal entry is deleted" \
    "DELETE FROM journal_entries WHERE entry_id = $payment_entry"
second="(account_id, agreement_id, period_from) IN (SELECT account_id, agreement_id, max(period_from) FROM bill_segments GROUP BY 1, 2 HAVING count(*) > 2 LIMIT 1)"
seed segments_tile_the_agreement "a day between two segments is billed to nobody" \
    "UPDATE bill_segments SET period_from = date(period_from, '+1 day') WHERE $second"
seed segments_tile_the_agreement "a day is billed twice" \
    "UPDATE bill_segments SET period_from = date(period_from, '-1 day') WHERE $second"
seed segments_inside_the_agreement "an agreement ends before its last bill" \
    "UPDATE service_agreements SET active_until = '2025-06-15' WHERE (account_id, agreement_id) IN (SELECT account_id, agreement_id FROM bill_segments WHERE period_until > '2025-07-01' LIMIT 1)"
seed segments_equal_their_reads "a kWh on a meter that was read for a segment" \
    "UPDATE segment_reads SET energy_wh = energy_wh + 1000 WHERE (account_id, bill_id, segment_number, read_number) IN (SELECT account_id, bill_id, segment_number, read_number FROM segment_reads LIMIT 1)"
seed meters_hang_at_one_place "a meter hangs at a second point" \
    "INSERT INTO meter_installations (service_point_id, meter_id, active_from, version, active_until, set_read, removal_read, recorded_on, superseded_on, role) SELECT 1, meter_id, '2025-06-01', 1, active_until, '', '', recorded_on, superseded_on, role FROM meter_installations WHERE active_until = '9999-12-31' LIMIT 1"
seed multipliers_follow_from_nameplates "a multiplier that no nameplate makes" \
    "UPDATE meter_details SET multiplier = '12' WHERE meter_id = (SELECT meter_id FROM meter_details WHERE multiplier = '40' LIMIT 1)"
seed files_add_up "a cent on what a file posted" \
    "UPDATE files SET posted_minor = posted_minor + 1 WHERE file_id = (SELECT min(file_id) FROM files WHERE format = 'lockbox')"
seed files_add_up "a record of a meter file is lost" \
    "UPDATE files SET posted = posted - 1 WHERE file_id = (SELECT min(file_id) FROM files WHERE format = 'cmep')"
seed files_equal_their_payments "a cent on a file's own total and on what it posted" \
    "UPDATE files SET posted_minor = posted_minor + 1, declared_minor = declared_minor + 1 WHERE file_id = (SELECT min(file_id) FROM files WHERE format = 'lockbox')"
seed allocations_fit "an item is paid more than it asks" \
    "UPDATE allocations SET amount_minor = amount_minor + 100000 WHERE (account_id, payment_id, item_id) IN (SELECT account_id, payment_id, item_id FROM allocations LIMIT 1)"
seed payments_are_in_the_books "a cent on a payment" \
    "UPDATE payments SET amount_minor = amount_minor + 1 WHERE payment_id = (SELECT min(payment_id) FROM payments)"
seed bills_follow_each_other "a previous balance that no bill asked for" \
    "UPDATE bills SET previous_balance_minor = previous_balance_minor + 1, activity_minor = activity_minor - 1 WHERE bill_id = $bill"
one_block="rowid = (SELECT min(rowid) FROM interval_blocks)"
seed interval_blocks_are_whole "the last byte of a block is lost" \
    "UPDATE interval_blocks SET block = substr(block, 1, length(block) - 1) WHERE $one_block"
# One byte changed at each of eight places of a block: the head, the middle and the end.
for place in 0 1 2 3 5 6 7 8; do
    seed interval_blocks_are_whole "byte at $place eighths of a block is changed" \
        "UPDATE interval_blocks SET block = CAST(substr(block, 1, length(block) * $place / 9) || CASE substr(block, length(block) * $place / 9 + 1, 1) WHEN x'5A' THEN x'A5' ELSE x'5A' END || substr(block, length(block) * $place / 9 + 2) AS BLOB) WHERE $one_block"
done
one_sum="(channel_id, month) IN (SELECT channel_id, month FROM interval_sums LIMIT 1)"
seed interval_sums_equal_their_blocks "a Wh on the sum of a month" \
    "UPDATE interval_sums SET wh = wh + 1 WHERE $one_sum"
seed interval_sums_equal_their_blocks "a byte of the daily sums is changed" \
    "UPDATE interval_sums SET days = CAST(substr(days, 1, 5) || CASE substr(days, 6, 1) WHEN x'5A' THEN x'A5' ELSE x'5A' END || substr(days, 7) AS BLOB) WHERE $one_sum"
seed sums_have_their_block "a block is lost and its sums stay" \
    "DELETE FROM interval_blocks WHERE $one_block"
echo "ok: $defects defects, each found and named"
