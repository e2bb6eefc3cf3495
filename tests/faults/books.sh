# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the fault tests share: a folder of their own, the books as text, and the office days of ./run.

# Each test is called with the program; it works in a folder of its own and leaves nothing behind.
begin() {
    [[ $# -eq 1 && -x $1 ]] || {
        echo "usage: $(basename "$0") PATH-OF-WATTHOUR" >&2
        exit 2
    }
    room=$(mktemp -d "${TMPDIR:-/tmp}/watthour-faults.XXXXXX")
    trap clean_up EXIT
    room=$(realpath "$room")
    # A copy, so that a build that goes on meanwhile does not change the program under test.
    cp "$1" "$room/watthour"
    watthour=$room/watthour
    cd "$room" || exit 2
    unset WATTHOUR_DB
}

clean_up() {
    local status=$?
    cd / || exit 2
    if mountpoint -q "$room/small"; then umount "$room/small"; fi
    rm -rf "$room"
    exit "$status"
}

fail() {
    printf 'FAIL: %s\n' "$*" >&2
    exit 1
}

# Runs a command, keeps what it wrote in $room/out and $room/err, and demands the exit code.
expect() {
    local wanted=$1 status=0
    shift
    "$@" >"$room/out" 2>"$room/err" || status=$?
    if [[ ,$wanted, != *,$status,* ]]; then
        printf 'FAIL: exit code %s, wanted %s, of: %s\n' "$status" "$wanted" "$*" >&2
        tail -n 5 "$room/out" "$room/err" >&2
        exit 1
    fi
}

# The last answer (or its error text) must hold the words.
says() {
    grep -qF -- "$1" "$room/out" "$room/err" ||
        fail "the answer does not say \"$1\": $(head -c 2000 "$room/out" "$room/err")"
}

# One value of the last JSON answer, by key; the first that is found.
answer() {
    sed -n "/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/{s//\1/p;q}" "$room/out"
}

answers() {
    local found
    found=$(answer "$1")
    [[ $found == "$2" ]] || fail "$1 is \"$found\", wanted \"$2\": $(head -c 2000 "$room/out")"
}

count() {
    sqlite3 -readonly "$1" "SELECT count(*) FROM $2"
}

same() {
    cmp -s "$1" "$2" || {
        printf 'FAIL: %s\n' "$3" >&2
        diff "$1" "$2" | cut -c1-220 | head -12 >&2
        exit 1
    }
}

# The books as text: natural keys, canonical order, no number that depends on the order of work.
dump_books() {
    sqlite3 -batch -noheader -separator '|' "$1" <<'SQL'
.nullvalue nothing
SELECT 'utility', name, business_date, seed FROM utility;
SELECT 'account', account_id, name, opened_on FROM accounts ORDER BY account_id;
SELECT 'bill', account_id, bill_number, cycle, bill_date, due_date, period_from, period_until,
       language, previous_balance_minor, activity_minor, current_charges_minor, amount_due_minor,
       autopay FROM bills ORDER BY bill_number;
SELECT 'line', b.bill_number, l.segment_number, l.line_number, l.code, l.gl_account,
       l.amount_minor, l.line_from, l.line_until, l.quantity, l.unit, l.rate, l.base_minor,
       l.clause, replace(l.trace, char(10), ' / ')
  FROM charge_lines l JOIN bills b USING (account_id, bill_id)
 ORDER BY b.bill_number, l.segment_number, l.line_number;
SELECT 'segment', b.bill_number, s.agreement_id, s.segment_number, s.period_from, s.period_until,
       s.schedule, s.option, s.phase, s.delivered_wh, s.measured_demand_w, s.billed_demand_w,
       s.current_charges_minor, s.inputs_hash
  FROM bill_segments s JOIN bills b USING (account_id, bill_id)
 ORDER BY b.bill_number, s.segment_number;
SELECT 'tou', b.bill_number, t.segment_number, t.tou_period, t.delivered_wh
  FROM segment_tou t JOIN bills b USING (account_id, bill_id)
 ORDER BY b.bill_number, t.segment_number, t.tou_period;
SELECT 'activity', b.bill_number, e.source_kind, e.source_key
  FROM bill_activity a JOIN bills b USING (account_id, bill_id)
  JOIN journal_entries e ON e.account_id = a.account_id AND e.entry_id = a.entry_id
 ORDER BY b.bill_number, e.source_kind, e.source_key;
SELECT 'journal', e.account_id, e.source_kind, e.source_key, e.business_date, e.memo,
       p.posting_number, p.debit_account, p.credit_account, p.amount_minor
  FROM journal_entries e LEFT JOIN postings p USING (account_id, entry_id)
 ORDER BY e.account_id, e.source_kind, e.source_key, p.posting_number;
SELECT 'item', account_id, source_key, item_class, billed_on, due_date, amount_minor
  FROM open_items ORDER BY account_id, source_key, item_class, item_id;
SELECT 'payment', reference, account_id, channel, tender, effective_on, amount_minor, remitter,
       memo, batch FROM payments ORDER BY reference, account_id;
SELECT 'return', p.reference, r.reason, r.returned_on, r.reference, r.fee_minor
  FROM payment_returns r JOIN payments p USING (account_id, payment_id)
 ORDER BY p.reference;
SELECT 'allocation', p.reference, i.source_key, i.item_class, a.direction, a.allocation_number,
       a.amount_minor
  FROM allocations a JOIN payments p USING (account_id, payment_id)
  JOIN open_items i ON i.account_id = a.account_id AND i.item_id = a.item_id
 ORDER BY p.reference, i.source_key, i.item_class, a.direction, a.allocation_number;
SELECT 'draft', trace, batch, account_id, bill_number, amount_minor FROM draft_entries
 ORDER BY trace;
SELECT 'suspension', account_id, suspended_on, why FROM mandate_suspensions
 ORDER BY account_id, suspended_on;
SELECT 'file', sha256, format, name, business_date, records, posted, parked, rejected, repeated,
       declared_minor, posted_minor, parked_minor FROM files ORDER BY sha256;
SELECT 'reject', f.sha256, r.line, r.field, r.rule, r.message, r.raw
  FROM file_rejects r JOIN files f USING (file_id)
 ORDER BY f.sha256, r.line, r.field, r.rule;
SELECT 'read', m.serial, c.code, r.read_date, r.read_type, r.version, r.reading, f.sha256, r.line
  FROM register_reads r JOIN channels c USING (channel_id) JOIN meters m USING (meter_id)
  LEFT JOIN files f USING (file_id)
 ORDER BY m.serial, c.code, r.read_date, r.read_type, r.version;
SELECT 'block', m.serial, c.code, b.month, hex(b.block)
  FROM interval_blocks b JOIN channels c USING (channel_id) JOIN meters m USING (meter_id)
 ORDER BY m.serial, c.code, b.month;
SELECT 'correction', m.serial, c.code, i.start_utc, i.version, i.old_wh, i.new_wh, i.old_status,
       i.new_status, i.why, f.sha256
  FROM interval_corrections i JOIN channels c USING (channel_id) JOIN meters m USING (meter_id)
  LEFT JOIN files f USING (file_id)
 ORDER BY m.serial, c.code, i.start_utc, i.version;
SELECT 'work', account_id, kind, cause, subject, replace(evidence, char(10), ' / '), next_step,
       at_stake_minor, opened_on FROM work_items ORDER BY account_id, kind, subject, cause;
SELECT 'resolution', w.account_id, w.kind, w.subject, r.resolution, r.why, r.resolved_by,
       r.resolved_on FROM work_resolutions r JOIN work_items w USING (account_id, work_item_id)
 ORDER BY w.account_id, w.kind, w.subject;
SQL
}

# A copy of a database that lies still, with its key.
copy_books() {
    sqlite3 "$1" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
    cp "$1" "$2"
    cp "$1.key" "$2.key"
}

# How a step of the office is run; killed.sh puts its own in place.
step() {
    local status=0
    "$@" >/dev/null 2>&1 || status=$?
    ((status == 0 || status == 1 || status == 8)) || fail "exit code $status of: $*"
}

# One office day, with the commands that ./run gives.
office_day() {
    local day=$1 date format file cycle state
    shift
    for date in "$@"; do
        while read -r format file; do
            step "$watthour" import --format "$format" --date "$day" --ok-if-done "$file"
        done < <("$watthour" sample deliver --date "$date")
    done
    while read -r cycle state; do
        [[ $state == held ]] || step "$watthour" cycle run "$cycle" --date "$day" --dry-run
        step "$watthour" cycle run "$cycle" --date "$day"
    done < <("$watthour" cycle due --date "$day" --names)
    step "$watthour" payment drafts --due "$day" --date "$day"
    step "$watthour" sample counter --date "$day"
    step "$watthour" cash reconcile --date "$day"
}

# The main job of ./run on the database of WATTHOUR_DB.
main_job() {
    if ! "$watthour" utility summary >/dev/null 2>&1; then
        step "$watthour" utility create --sample --accounts 60
    fi
    step "$watthour" sample live --until 2026-06-08
    office_day 2026-06-08 2026-06-08
    office_day 2026-06-09 2026-06-09
    office_day 2026-06-10 2026-06-10
    office_day 2026-06-11 2026-06-11
    office_day 2026-06-12 2026-06-12
    office_day 2026-06-15 2026-06-13 2026-06-14 2026-06-15
    step "$watthour" bill print --from 2026-06-08 --until 2026-06-18
}
