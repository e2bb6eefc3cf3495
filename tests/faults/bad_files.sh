#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files that are cut, wrong, unknown or old: what is good goes on, money goes whole or not at all,
# and each is told in plain words.
# usage: bad_files.sh PATH-OF-WATTHOUR
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
formats=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../formats")
begin "$@"

export WATTHOUR_DB=sqlite:$room/city.db
day=2026-06-08
expect 0 "$watthour" utility create --sample --accounts 60
expect 0 "$watthour" sample live --until $day
expect 0 "$watthour" sample deliver --date $day
meters=city-files/meters/cmep-2026-06-07.cmep
lockbox=city-files/bank/lockbox-$day.bai
returns=city-files/bank/returns-$day.ach
for file in "$meters" "$lockbox" "$returns"; do
    [[ -s $file ]] || fail "the sample did not deliver $file"
done

# Runs a command that must change nothing: the exit code, then the command.
nothing_changes() {
    dump_books city.db >before.txt
    expect "$@"
    dump_books city.db >after.txt
    same before.txt after.txt "this changed the books: ${*:2}"
}

# A dry run changes nothing and tells the figures of the import that follows.
dry_then_wet() {
    local wanted=$1
    shift
    nothing_changes "$wanted" "$watthour" import "$@" --dry-run --json
    grep -v '"dry_run"' "$room/out" >dry.json
    nothing_changes "$wanted" "$watthour" import "$@" --dry-run
    expect "$wanted" "$watthour" import "$@" --json
    cp "$room/out" wet.out
    grep -v '"dry_run"' wet.out >wet.json
    same dry.json wet.json "dry run and import tell other figures: $*"
    cp wet.out "$room/out"
}

# --- Commands that are wrong
nothing_changes 4 "$watthour" utility create --sample --accounts 60
says "already holds the utility"
nothing_changes 4 "$watthour" utility create --sample --accounts 70 --seed 9 --json
answers error app.utility_exists
nothing_changes 2 "$watthour" import --format telex "$meters"
says "There is no format telex"
nothing_changes 3 "$watthour" import --format cmep no-such-file.cmep
says "no-such-file.cmep"
nothing_changes 2 "$watthour" import --format cmep
nothing_changes 7 "$watthour" import --format cmep --date 2026-02-30 "$meters"
nothing_changes 3,7,74 "$watthour" import --format cmep "$room/city-files"
nothing_changes 3 "$watthour" import --db "sqlite:$room/nobody.db" --format cmep "$meters"
[[ ! -e nobody.db ]] || fail "a command on a database that is not there made one"

# --- A meter file cut in the middle of a line
head -c 700 "$meters" >cut.cmep
[[ $(wc -l <cut.cmep) -eq 6 ]] || fail "the sample's rows are of another length now"
dry_then_wet 1 --format cmep --date $day cut.cmep
answers posted 6
answers rejected 1
answers line 7
[[ $(tail -1 cut.cmep) == "$(sed -n 's/^ *"raw": "\(.*\)"$/\1/p' "$room/out")" ]] ||
    fail "the cut row was not kept as it came"
[[ $(sqlite3 city.db "SELECT raw FROM file_rejects r JOIN files f USING (file_id)
                      WHERE f.name = 'cut.cmep' AND r.line = 7") == "$(tail -1 cut.cmep)" ]] ||
    fail "the cut row is not in the database to be repaired"
head -c 699 "$meters" >shorter.cmep
expect 1 "$watthour" import --format cmep --date $day shorter.cmep
says "shorter.cmep:7: count (cmep.line_cut)"
answer_file=$(sqlite3 city.db "SELECT repeated FROM files WHERE name = 'shorter.cmep'")
[[ $answer_file -eq 6 ]] || fail "rows that were there already were taken again"
# The whole file after the cut one: only what is new is taken.
dry_then_wet 0,1 --format cmep --date $day "$meters"
[[ $(answer repeated) -ge 6 ]] || fail "the rows of the cut file were taken twice"
answers corrections 0

# --- The same file again, and under another name
nothing_changes 8 "$watthour" import --format cmep --date $day "$meters"
says "taken in before"
nothing_changes 0 "$watthour" import --format cmep --date $day --ok-if-done "$meters"
cp "$meters" renamed.cmep
nothing_changes 8 "$watthour" import --format cmep --date $day renamed.cmep --json
answers error app.file_already_taken
nothing_changes 0 "$watthour" import --format cmep --date $day --ok-if-done renamed.cmep
nothing_changes 8 "$watthour" import --format cmep --date $day --dry-run "$meters"

# --- A meter nobody has: the others of the file go on
sed -n '8,9p' "city-files/meters/cmep-2026-06-08.cmep" >strange.cmep
sed -n '10p' "city-files/meters/cmep-2026-06-08.cmep" |
    awk -F, -v OFS=, '{ $8 = "Z999999"; print }' >>strange.cmep
dry_then_wet 1 --format cmep --date $day strange.cmep
answers posted 2
answers line 3
answers field meter
answers rule metering.meter_unknown
[[ $(count city.db "work_items WHERE kind = 'unknown_meter' AND subject = 'Z999999'") -eq 1 ]] ||
    fail "no work item for the unknown meter"
expect 0 "$watthour" work list
says unknown_meter

# --- Overlapping days with different values: the later supersedes, the old is kept
grep -m 1 ',KWH,' "$meters" >overlap.cmep
meter=$(cut -d, -f8 overlap.cmep)
old=$(cut -d, -f17 overlap.cmep)
awk -F, -v OFS=, '{ $17 = "9.125"; print }' overlap.cmep >overlap.tmp
mv overlap.tmp overlap.cmep
dry_then_wet 0 --format cmep --date $day overlap.cmep
answers corrections 1
answers posted 1
answers repeated 23
kept=$(sqlite3 city.db "SELECT printf('%d.%03d', old_wh / 1000, old_wh % 1000), new_wh FROM
    interval_corrections JOIN channels USING (channel_id) JOIN meters USING (meter_id)
    JOIN files USING (file_id) WHERE serial = '$meter' AND name = 'overlap.cmep'")
[[ $kept == "$old|9125" ]] || fail "the old value is not kept: \"$kept\", wanted \"$old|9125\""

# --- A lockbox file whose batch total is off by one cent: refused whole
awk '/^7/ { $0 = substr($0, 1, 20) sprintf("%010d", substr($0, 21, 10) + 1) substr($0, 31) } { print }' \
    "$lockbox" >off.bai
! cmp -s off.bai "$lockbox" || fail "the total was not changed"
nothing_changes 7 "$watthour" import --format lockbox --date $day off.bai --json
answers error app.file_refused
nothing_changes 7 "$watthour" import --format lockbox --date $day off.bai
says "line 8"
says "refused whole"
nothing_changes 7 "$watthour" import --format lockbox --date $day --dry-run off.bai

# --- The right one: once, whatever its name
dry_then_wet 0 --format lockbox --date $day "$lockbox"
answers posted_total "$(answer declared_total)"
nothing_changes 8 "$watthour" import --format lockbox --date $day "$lockbox"
cp "$lockbox" renamed.bai
nothing_changes 8 "$watthour" import --format lockbox --date 2026-06-09 renamed.bai
nothing_changes 0 "$watthour" import --format lockbox --date $day --ok-if-done renamed.bai

# --- An ACH return for a payment that is not there: a work item, nothing reversed
before=$(count city.db payment_returns)
entries=$(count city.db "journal_entries WHERE source_kind = 'payment_return'")
sed -i 's/^\(799R01\)[0-9]\{15\}/\1990000017777777/' "$returns"
dry_then_wet 1 --format nacha --date $day "$returns"
answers returned 0
answers parked "$(grep -c '^799' "$returns")"
[[ $(count city.db payment_returns) -eq $before ]] || fail "a return nobody can match was posted"
[[ $(count city.db "journal_entries WHERE source_kind = 'payment_return'") -eq $entries ]] ||
    fail "a return nobody can match is in the journal"
[[ $(count city.db "work_items WHERE kind = 'unmatched_return' AND evidence LIKE '%990000017777777%'") -ge 1 ]] ||
    fail "no work item for the return"
nothing_changes 8 "$watthour" import --format nacha --date $day "$returns"

# --- What tests/formats holds, brought in: never a crash, money never in parts
for file in "$formats"/lockbox/*_off*.bai "$formats"/lockbox/*missing.bai "$formats"/nacha/*off_by_one.ach; do
    format=nacha
    [[ $file == *.bai ]] && format=lockbox
    nothing_changes 7 "$watthour" import --format $format --date $day "$file"
done
for file in "$formats"/cmep/*.cmep; do
    expect 0,1,8 "$watthour" import --format cmep --date $day "$file"
done
for file in "$formats"/handheld/*.hup; do
    expect 0,1,7,8 "$watthour" import --format handheld --date $day "$file"
done
expect 0 "$watthour" check --quiet
echo "ok"
