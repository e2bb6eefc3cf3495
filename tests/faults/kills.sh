#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at a random moment of each kind of batch, on both engines: done again, it ends in the
# undisturbed books, or in a whole copy.
# usage: kills.sh PATH-OF-WATTHOUR PATH-OF-OLD-DATABASE FILE-WITH-THE-URL-OF-A-POSTGRESQL-SERVER
# WATTHOUR_KILLS=N kills of each kind on each engine (3); WATTHOUR_SEED repeats a run.
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
old_database=$(realpath "$2")
server=
[[ -s ${3:-} ]] && server=$(<"$3")
begin "$1"
export WATTHOUR_KEY_FILE=$room/office.key
wanted=${WATTHOUR_KILLS:-3}
RANDOM=${WATTHOUR_SEED:-$$}
day=2025-07-08

step "$watthour" utility create --sample --accounts 400 --db sqlite:early.db --out files
step "$watthour" sample live --until 2025-07-01 --db sqlite:early.db --out files
"$watthour" sample deliver --date 2025-07-01 --db sqlite:early.db --out files >delivered
read -r _ meters < <(grep '^cmep' delivered)
read -r _ box < <(grep '^lockbox' delivered)
sqlite3 early.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp early.db read.db
"$watthour" import --format cmep --date 2025-07-01 --db sqlite:read.db "$meters" >/dev/null || [[ $? -eq 1 ]]
"$old_database" sqlite:old.db 20000

# Copies of a database that take no time: a file, or a template of the server.
engine=sqlite
copies=0
fresh() { # NAME-OF-THE-SOURCE: prints the URL of a copy of its own
    if [[ $engine == sqlite ]]; then
        rm -f work.db work.db-wal work.db-shm
        cp "$1.db" work.db
        echo sqlite:work.db
    else
        PGOPTIONS="-c client_min_messages=warning" psql -q "$server/postgres" -c "DROP DATABASE IF EXISTS watthour_kills_$$" \
            -c "CREATE DATABASE watthour_kills_$$ TEMPLATE watthour_kills_$$_$1" >/dev/null
        echo "$server/watthour_kills_$$"
    fi
}
books() { "$watthour" db dump --db "$1" | grep -v -e '^cycle_runs|' -e '|bill.run|' -e '|sensitive.unseal|' >"$2"; }

# batch KIND SOURCE COMMAND...: the command works on WATTHOUR_DB and may be given again.
batch() {
    local kind=$1 source=$2 kills=0 rounds=0 took begin url pid status
    shift 2
    url=$(fresh "$source")
    export WATTHOUR_DB=$url
    begin=$(date +%s%N)
    "$@" >/dev/null 2>&1 || [[ $? -eq 1 ]] || fail "$kind does not run undisturbed"
    took=$((($(date +%s%N) - begin) / 1000000 + 1))
    books "$url" calm.txt
    while ((kills < wanted)); do
        ((++rounds < wanted * 20)) || fail "$kind is too quick to be killed: $kills of $rounds"
        url=$(fresh "$source")
        "$@" >/dev/null 2>&1 &
        pid=$!
        sleep "$(awk -v ms=$((RANDOM * took / 32768)) 'BEGIN { printf "%.3f", ms / 1000 }')"
        kill -9 $pid 2>/dev/null && kills=$((kills + 1))
        wait $pid 2>/dev/null || true
        status=0
        "$@" >again.txt 2>&1 || status=$?
        [[ ,0,1,8, == *,$status,* ]] || fail "$kind ended with $status when done again: $(tail -2 again.txt)"
        books "$url" rough.txt
        same calm.txt rough.txt "$kind: killed and done again, the books differ (${engine%%:*})"
    done
    # The old database is rows without a utility.
    [[ $source == old ]] || "$watthour" check --quiet >/dev/null || fail "$kind: the books are broken (${engine%%:*})"
    unset WATTHOUR_DB
    printf '%-10s %-10s %4d kills: 0 duplicate, 0 missing\n' "${engine%%:*}" "$kind" "$kills"
}

# A backup that was cut off is not there, or whole; one under a new name is whole.
backups() {
    local kills=0 rounds=0 url pid
    url=$(fresh early)
    while ((kills < wanted)); do
        ((++rounds < wanted * 20)) || fail "a backup is too quick to be killed"
        rm -f cut.backup* whole.backup*
        "$watthour" db backup cut.backup --db "$url" >/dev/null 2>&1 &
        pid=$!
        sleep "0.$(printf '%03d' $((RANDOM % 400)))"
        kill -9 $pid 2>/dev/null && kills=$((kills + 1))
        wait $pid 2>/dev/null || true
        if [[ -e cut.backup ]]; then
            "$watthour" db verify --backup cut.backup >/dev/null 2>&1 || {
                # Whole or refused: a file without its manifest is refused and touches nothing.
                expect 3,7 "$watthour" db restore cut.backup --db sqlite:never.db
                [[ ! -e never.db ]] || fail "a cut backup was restored"
            }
        fi
    done
    expect 0 "$watthour" db backup whole.backup --db "$url"
    expect 0 "$watthour" db verify --backup whole.backup
    printf '%-10s %-10s %4d kills: whole or refused\n' "${engine%%:*}" backup "$kills"
}

run_cycles() {
    local cycle
    for cycle in 02 03 04 05; do
        "$watthour" job submit cycle_run cycle=$cycle date=$day group=5 --key "night-$cycle" || return
    done
    "$watthour" work --until-idle
}

engines=(sqlite)
[[ -n $server ]] && engines+=("$server")
for engine in "${engines[@]}"; do
    if [[ $engine != sqlite ]]; then
        for source in early read; do
            "$watthour" db copy sqlite:$source.db "$server/watthour_kills_$$_$source" >/dev/null
        done
        "$old_database" "$server/watthour_kills_$$_old" 20000
    else
        for source in early read old; do sqlite3 $source.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null; done
    fi
    batch import early "$watthour" import --ok-if-done --format cmep --date 2025-07-01 "$meters"
    batch cycle read run_cycles
    batch payments early "$watthour" import --ok-if-done --format lockbox --date 2025-07-01 "$box"
    batch seal early "$watthour" audit seal --through 2025-06-30 --anchor "$room/anchors"
    batch migration old "$watthour" db migrate
    backups
done
