#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A preview is the run but for the writing; a second run bills nobody; threads change nothing.
# usage: preview.sh PATH-OF-WATTHOUR
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"

export WATTHOUR_DB=sqlite:$room/one.db
expect 0 "$watthour" utility create --sample --accounts 100
expect 0 "$watthour" sample live --until 2026-06-08
copy_books one.db four.db
mkdir four-files

# The same week twice: with one thread, previewed first, and with four threads.
cycles=0
billed=0
for day in 2026-06-08 2026-06-09 2026-06-10 2026-06-11 2026-06-12 2026-06-15; do
    dates=("$day")
    [[ $day == *-15 ]] && dates=(2026-06-13 2026-06-14 2026-06-15)
    for date in "${dates[@]}"; do
        "$watthour" sample deliver --date "$date" >came.txt
        while read -r format file; do
            for base in one four; do
                expect 0,1,8 "$watthour" import --db "sqlite:$room/$base.db" --format "$format" \
                    --date "$day" "$file"
            done
        done <came.txt
    done
    "$watthour" cycle due --date "$day" --names >due.txt
    while read -r cycle _; do
        run=("$watthour" cycle run "$cycle" --date "$day" --json)
        dump_books one.db >before.txt
        runs_before=$(count one.db cycle_runs)
        expect 0,1 "${run[@]}" --threads 1 --dry-run
        grep -v '"dry_run"' "$room/out" >preview.json
        grep -q '"dry_run": true' "$room/out" || fail "a preview does not say that it is one"
        dump_books one.db >after.txt
        same before.txt after.txt "the preview of cycle $cycle on $day wrote to the books"
        [[ $(count one.db cycle_runs) == "$runs_before" ]] || fail "a preview left a run behind"

        expect 0,1 "${run[@]}" --threads 1
        grep -v '"dry_run"' "$room/out" >posted.json
        same preview.json posted.json "preview and run of cycle $cycle on $day differ"
        billed=$((billed + $(answer billed)))

        dump_books one.db >before.txt
        expect 0,1 "${run[@]}" --threads 1
        answers billed 0
        dump_books one.db >after.txt
        same before.txt after.txt "a second run of cycle $cycle on $day changed the books"

        expect 0,1 "${run[@]}" --threads 4 --db "sqlite:$room/four.db"
        grep -v '"dry_run"' "$room/out" >threads.json
        same posted.json threads.json "cycle $cycle on $day with 1 and with 4 threads differs"
        cycles=$((cycles + 1))
    done <due.txt
done
((cycles >= 5 && billed > 10)) || fail "only $cycles cycles with $billed bills: too few to prove"
dump_books one.db >one.txt
dump_books four.db >four.txt
same one.txt four.txt "the books with 1 and with 4 threads differ"
expect 0 "$watthour" check --quiet
echo "ok: $cycles cycles, $billed bills, previewed, run twice and with 1 and 4 threads"
