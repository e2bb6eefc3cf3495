#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several machines: a spread database bills and keeps books as one on SQLite, and a machine that
# stops hard in mid-run loses nothing. Exit 77 where this server has no Citus.
# usage: spread.sh PATH-OF-WATTHOUR PATH-OF-CITUS.SH
# WATTHOUR_MEASURE=1 also counts statements and bytes per bill on 1, 2 and 3 nodes.
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
citus=$(realpath "$2")
begin "$1"
export WATTHOUR_KEY_FILE=$room/office.key
cluster=$room/cluster
mkdir -p "$cluster"
trap '"$citus" stop "$cluster"; clean_up' EXIT

status=0
"$citus" start "$cluster" 3 || status=$?
[[ $status -eq 0 ]] || exit "$status"
server=$(<"$cluster/url")
mapfile -t nodes <"$cluster/nodes"

step "$watthour" utility create --sample --accounts 200 --db sqlite:start.db --out files
step "$watthour" sample live --until 2025-07-03 --db sqlite:start.db --out files
books() { "$watthour" db dump --db "$1" | grep -v -e '^cycle_runs|' -e '|bill.run|' -e '|sensitive.unseal|' >"$2"; }
ask() {
    local cycle
    for cycle in 02 03 04 05; do
        expect 0 "$watthour" job submit cycle_run cycle=$cycle date=2025-07-08 group=3 --db "$1"
    done
}
report() { "$watthour" report trial-balance --json --db "$1"; }

# --- one machine
"$watthour" db copy sqlite:start.db sqlite:alone.db >/dev/null
ask sqlite:alone.db
expect 0,1 "$watthour" work --until-idle --quiet --db sqlite:alone.db
books sqlite:alone.db alone.txt
report sqlite:alone.db >alone.json

# --- three, undisturbed
url=$server/calm
"$watthour" db copy sqlite:start.db "$url" >/dev/null
expect 0 "$watthour" db spread --db "$url" --node "${nodes[0]}" --node "${nodes[1]}"
says "Spread over 2 nodes"
# A third machine comes later: what was spread goes over to it.
expect 0 "$watthour" db spread --db "$url" --node "${nodes[2]}"
says "Spread over 3 nodes"
says "0 tables divided"
ask "$url"
"$watthour" work --until-idle --quiet --db "$url" >/dev/null 2>&1 &
second=$!
expect 0,1 "$watthour" work --until-idle --quiet --db "$url"
wait $second || true
expect 0,1 "$watthour" work --until-idle --quiet --db "$url"
books "$url" calm.txt
same alone.txt calm.txt "three machines bill differently"
report "$url" >calm.json
cmp alone.json calm.json || fail "the trial balances differ"
expect 0 "$watthour" check --quiet --db "$url"
expect 0 "$watthour" audit seal --through 2025-07-07 --anchor "$room/anchors" --db "$url"
expect 0 "$watthour" audit verify --anchor "$room/anchors" --db "$url"
echo "spread over 3 nodes: the books of SQLite"

# --- a machine stops hard in mid-run
url=$server/rough
"$watthour" db copy sqlite:start.db "$url" >/dev/null
expect 0 "$watthour" db spread --db "$url" --node "${nodes[0]}" --node "${nodes[1]}" --node "${nodes[2]}"
ask "$url"
"$watthour" work --until-idle --quiet --db "$url" >run.txt 2>&1 &
run=$!
for ((wait = 0; wait < 100; wait++)); do
    [[ $(psql -qAt "$url" -c "SELECT count(*) FROM job_units WHERE state = 'done'") -lt 2 ]] || break
    sleep 0.1
done
"$citus" kill "$cluster" 2
status=0
wait $run || status=$?
[[ $status -ne 0 && $status -ne 1 ]] || fail "the run did not notice that a machine is gone"
[[ ,69,75, == *,$status,* ]] || fail "the run ended with $status: $(tail -3 run.txt)"
done_before=$(psql -qAt "$url" -c "SELECT count(*) FROM job_units WHERE state = 'done'")
"$citus" again "$cluster" 2
expect 0,1 "$watthour" work --until-idle --quiet --db "$url"
books "$url" rough.txt
same alone.txt rough.txt "a machine that stopped changed the books"
expect 0 "$watthour" check --quiet --db "$url"
echo "a machine stopped hard after $done_before units: nothing lost, nothing twice"

# --- refusals
expect 2 "$watthour" db spread --db sqlite:alone.db
says "Only a PostgreSQL database"
expect 2 "$watthour" db spread --db "$url" --node "nowhere; DROP TABLE bills"
says "Write it as HOST:PORT."

if [[ -n ${WATTHOUR_MEASURE:-} ]]; then
    for count in 1 2 3; do
        url=$server/measured$count
        "$watthour" db copy sqlite:start.db "$url" >/dev/null
        given=()
        for ((i = 0; i < count; i++)); do given+=(--node "${nodes[i]}"); done
        expect 0 "$watthour" db spread --db "$url" "${given[@]}"
        ask "$url"
        data=$(<"$cluster/data")
        for node in "${nodes[@]}"; do psql -q "postgresql://watthour@$node/postgres" -c "ALTER SYSTEM SET log_statement = 'all'" -c "SELECT pg_reload_conf()" >/dev/null; done
        sleep 1
        for log in "$data"/node[1-3].log; do : >"$log"; done
        expect 0,1 "$watthour" work --until-idle --quiet --db "$url"
        bills=$(psql -qAt "$url" -c "SELECT count(*) FROM bills WHERE recorded_on = '2025-07-08'")
        statements=$(cat "$data"/node[1-3].log | grep -cE 'LOG:  (statement|execute)')
        bytes=$(cat "$data"/node[1-3].log | wc -c)
        for node in "${nodes[@]}"; do psql -q "postgresql://watthour@$node/postgres" -c "ALTER SYSTEM RESET log_statement" -c "SELECT pg_reload_conf()" >/dev/null; done
        echo "$count nodes: $bills bills, $((statements / bills)) statements and $((bytes / bills)) bytes of statements each"
    done
fi
