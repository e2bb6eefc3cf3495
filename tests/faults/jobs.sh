#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The queue: workers that are killed, jobs that are stopped, units that cannot succeed, the clock.
# usage: jobs.sh PATH-OF-WATTHOUR FILE-WITH-THE-URL-OF-A-POSTGRESQL-SERVER
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$1"
server=
[[ -s ${2:-} ]] && server=$(<"$2")
export WATTHOUR_KEY_FILE=$room/office.key
RANDOM=${WATTHOUR_SEED:-$$}
workers=4
day=2025-07-08

step "$watthour" utility create --sample --accounts 3000 --db sqlite:start.db --out files
step "$watthour" sample live --until 2025-07-03 --db sqlite:start.db --out files
for read_day in 2025-07-03 2025-07-07 $day; do
    "$watthour" sample deliver --date $read_day --db sqlite:start.db --out files >delivered
    while read -r format file; do
        "$watthour" import --format "$format" --date $read_day --db sqlite:start.db "$file" >/dev/null || [[ $? -eq 1 ]]
    done <delivered
done
mapfile -t cycles < <("$watthour" cycle due --date $day --db sqlite:start.db --names | cut -d' ' -f1)
((${#cycles[@]} > 3)) || fail "no cycle is due"

books() { "$watthour" db dump | grep -v -e '^cycle_runs|' -e '|bill.run|' >"$1"; }

# A unit of few accounts: many chances to be killed between them.
ask() {
    local cycle
    for cycle in "${cycles[@]}"; do
        expect 0 "$watthour" job submit cycle_run cycle="$cycle" date=$day group=4
    done
}

engines=(sqlite)
[[ -n $server ]] && engines+=("$server")
for engine in "${engines[@]}"; do
    at() { if [[ $engine == sqlite ]]; then echo "sqlite:$1.db"; else echo "$engine/watthour_jobs_$$_$1"; fi; }
    for who in alone many; do "$watthour" db copy sqlite:start.db "$(at $who)" >/dev/null; done

    WATTHOUR_DB=$(at alone)
    export WATTHOUR_DB
    ask
    expect 0,1 "$watthour" work --until-idle --quiet
    books alone.txt

    # Four at once; one after the other is killed and another comes in its place.
    WATTHOUR_DB=$(at many)
    ask
    pids=()
    for ((i = 0; i < workers; i++)); do
        "$watthour" work --until-idle --quiet >/dev/null 2>&1 &
        pids[i]=$!
    done
    kills=0
    while ((kills < 12)); do
        sleep "0.0$((RANDOM % 6 + 2))"
        i=$((RANDOM % workers))
        kill -9 "${pids[i]}" 2>/dev/null && kills=$((kills + 1))
        wait "${pids[i]}" 2>/dev/null || true
        "$watthour" work --until-idle --quiet >/dev/null 2>&1 &
        pids[i]=$!
        [[ $("$watthour" job list --json | grep -c '"kind"') -gt 0 ]] || break
    done
    for pid in "${pids[@]}"; do wait "$pid" || true; done
    expect 0,1 "$watthour" work --until-idle --quiet
    expect 0 "$watthour" job list
    says "No jobs."
    books many.txt
    same alone.txt many.txt "$kills kills among $workers workers changed the books ($engine)"
    expect 0 "$watthour" check --quiet

    # A second night asks anew, a second request of one key does not.
    expect 0 "$watthour" job submit seal_days through=2026-06-01 --key once --json
    first=$(answer job)
    expect 0 "$watthour" job submit seal_days through=2026-06-02 --key once --json
    [[ $(answer job) == "$first" ]] || fail "one key became two jobs"

    # Stopped, gone on with.
    expect 0 "$watthour" job stop "$first"
    expect 0 "$watthour" work --until-idle --json
    says '"done":0'
    expect 0 "$watthour" job resume "$first"
    expect 0 "$watthour" work --until-idle --json
    says '"done":2'
    expect 8 "$watthour" job resume "$first"

    rm -f missing.cmep
    # What cannot succeed is parked with a work item, and tried again when it was put right.
    expect 0 "$watthour" import --queue --format cmep "$room/missing.cmep"
    expect 1 "$watthour" work --until-idle --json
    says '"parked":1'
    expect 0 "$watthour" work list --cause job.import_file
    says "missing.cmep"
    expect 0 "$watthour" job list --json
    job=$(answer job)
    cp "$(tail -1 delivered | cut -d' ' -f2)" missing.cmep 2>/dev/null || true
    expect 0 "$watthour" job retry "$job"

    # The clock asks once a day, however many workers look.
    expect 0 "$watthour" job schedule dawn check_books since=2026-06-01 --at 00:00 --days every_day
    pids=()
    for ((i = 0; i < workers; i++)); do
        "$watthour" work --until-idle --quiet >/dev/null 2>&1 &
        pids[i]=$!
    done
    for pid in "${pids[@]}"; do wait "$pid" || true; done
    [[ $("$watthour" job list --all --json | grep -c '"kind": "check_books"') -eq 1 ]] ||
        fail "the schedule asked more than once ($engine)"

    expect 2 "$watthour" job submit no_such_kind
    says "There is no kind of job no_such_kind."
    expect 2 "$watthour" job submit cycle_run
    says "needs cycle"
    expect 2 "$watthour" job submit cycle_run cycle=05 date=tomorrow
    says "a date, year-month-day"
    expect 4 "$watthour" job submit cycle_run cycle=05 date=2020-01-01
    expect 3 "$watthour" job show 12
    unset WATTHOUR_DB
    echo "$kills kills among $workers workers on ${engine%%:*}: the books of one alone"
done
