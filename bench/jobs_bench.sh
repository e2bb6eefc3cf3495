#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How much faster four workers end a night's cycle runs than one, on PostgreSQL that syncs.
# usage: jobs_bench.sh PATH-OF-WATTHOUR [ACCOUNTS]
set -euo pipefail
watthour=$(realpath "$1")
accounts=${2:-24000}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
room=$(mktemp -d)
cd "$room"
export WATTHOUR_KEY_FILE=$room/office.key WATTHOUR_FSYNC=on
trap '"$here/../tests/postgres.sh" stop "$room/server"; rm -rf "$room"' EXIT
"$here/../tests/postgres.sh" start "$room/server"
server=$(<"$room/server/url")

"$watthour" utility create --sample --accounts "$accounts" --db sqlite:start.db --out files >/dev/null
"$watthour" sample live --until 2025-07-03 --db sqlite:start.db --out files >/dev/null
"$watthour" db copy sqlite:start.db "$server/start" >/dev/null
psql -q "$server/start" -c 'VACUUM ANALYZE'

night() { # WORKERS: seconds of it
    local begin pids=() url=$server/night
    psql -q "$server/postgres" -c 'DROP DATABASE IF EXISTS night' -c 'CREATE DATABASE night TEMPLATE start' 2>/dev/null
    for cycle in 02 03 04 05; do
        "$watthour" job submit cycle_run cycle=$cycle date=2025-07-08 group=200 threads=1 --db "$url" >/dev/null
    done
    begin=$(date +%s%N)
    for ((i = 0; i < $1; i++)); do
        "$watthour" work --until-idle --quiet --db "$url" >/dev/null &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || true; done
    echo $((($(date +%s%N) - begin) / 1000000))
    "$watthour" db dump --db "$url" | grep -v -e '^cycle_runs|' -e '|bill.run|' | sha256sum >"books.$1"
    psql -qAt "$url" -c "SELECT count(*) FROM bills WHERE recorded_on = '2025-07-08'" >bills
}

ones=() fours=()
for ((round = 0; round < 3; round++)); do
    ones+=("$(night 1)")
    fours+=("$(night 4)")
done
cmp books.1 books.4
one=$(printf '%s\n' "${ones[@]}" | sort -n | sed -n 2p)
four=$(printf '%s\n' "${fours[@]}" | sort -n | sed -n 2p)
awk -v one="$one" -v four="$four" -v bills="$(<bills)" -v cores="$(nproc)" 'BEGIN {
    printf "%d bills: 1 worker %.2f s, 4 workers %.2f s on %d cores with the server beside them: %.2f times as fast, the same books\n", bills, one / 1000, four / 1000, cores, one / four }'
