#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The database server goes away in the middle of a run: the run waits for it, goes on when it is
# back, and stops with the exact command to go on when it is not. A server of its own.
# usage: server_lost.sh PATH-OF-WATTHOUR PATH-OF-POSTGRES.SH
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$1"
server=$2
programs=/usr/lib/postgresql/15/bin
export WATTHOUR_KEY_FILE=$room/office.key
"$server" start "$room/pg"
trap '"$server" stop "$room/pg"; clean_up' EXIT
cluster=$(<pg/data)/cluster
url=$(<pg/url)/city
export WATTHOUR_DB=$url

as_server() { if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
crash() { as_server "$programs/pg_ctl" -D "$cluster" -m immediate stop >/dev/null; }
rise() {
    local options
    options=$(sed -e 's/^[^ ]*postgres//' -e 's/"//g' <"$cluster/postmaster.opts")
    as_server "$programs/pg_ctl" -D "$cluster" -w -l "$(dirname "$cluster")/server.log" -o "$options" start >/dev/null
}

step "$watthour" utility create --sample --accounts 30 --out files
cp "$cluster/postmaster.opts" opts
"$watthour" db copy "$url" sqlite:calm.db >/dev/null
step "$watthour" sample live --until 2025-10-01 --db sqlite:calm.db --out files
"$watthour" db dump --db sqlite:calm.db >calm.txt

# Crashes in mid-run, with the server back a second later: the run goes on by itself.
crashes=0
"$watthour" sample live --until 2025-10-01 --out files >run.out 2>run.err &
run=$!
for pause in 0.3 0.5 0.4; do
    sleep $pause
    kill -0 $run 2>/dev/null || break
    cp "$cluster/postmaster.opts" opts
    crash
    crashes=$((crashes + 1))
    cp opts "$cluster/postmaster.opts"
    rise
done
status=0
wait $run || status=$?
[[ $status -eq 0 ]] || fail "the run ended with $status: $(cat run.err)"
[[ $crashes -ge 1 ]] || fail "the server was never stopped in time"
"$watthour" check --quiet || fail "the books do not hold after $crashes crashes"
"$watthour" db dump >after.txt
same calm.txt after.txt "the books differ after $crashes crashes"

# A server that stays away: bounded patience, exit 69, and the command to go on.
"$watthour" sample live --until 2025-12-01 --out files >run.out 2>run.err &
run=$!
sleep 0.4
cp "$cluster/postmaster.opts" opts
crash
status=0
wait $run || status=$?
[[ $status -eq 69 ]] || fail "a lost server ended with $status: $(cat run.err)"
grep -q "watthour sample live --until 2025-12-01 --out files" run.err || fail "it does not say how to go on: $(cat run.err)"
cp opts "$cluster/postmaster.opts"
rise
step "$watthour" sample live --until 2025-12-01 --out files
"$watthour" check --quiet || fail "the books do not hold"
step "$watthour" sample live --until 2025-12-01 --db sqlite:calm.db --out files
"$watthour" db dump --db sqlite:calm.db >calm.txt
"$watthour" db dump >after.txt
same calm.txt after.txt "the books differ after the server was away"
echo "ok: $crashes crashes survived, one long absence told"
