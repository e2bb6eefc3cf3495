#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The usage chart of thirteen months of one account, as watthour serve answers it: by bill, month,
# day, and as known on a past day. Median and slowest of many accounts in turn, after one round to
# warm up.
# usage: usage_bench.sh PATH-OF-WATTHOUR [ACCOUNTS]
set -euo pipefail
watthour=$1 accounts=${2:-200}
room=$(mktemp -d)
cleanup() {
    [[ -n ${server:-} ]] && kill "$server" 2>/dev/null
    wait 2>/dev/null || true
    rm -rf "$room"
}
trap cleanup EXIT
cd "$room"
export WATTHOUR_DB=${WATTHOUR_BENCH_DB:-sqlite:$room/city.db} WATTHOUR_KEY_FILE=$room/city.key
"$watthour" utility create --sample --accounts "$accounts" >/dev/null
"$watthour" sample live --until 2026-06-15 --quiet >/dev/null || (($? == 1))
password=$("$watthour" sample staff --json | sed -n 's/.*"password": *"\([^"]*\)".*/\1/p')
"$watthour" serve --port 0 --no-jobs >serve.log 2>&1 &
server=$!
until grep -q 'workbench is at' serve.log; do sleep 0.05; done
root=$(grep -o 'http://[0-9.:]*' serve.log | head -n 1)
token=$(curl -s -H 'Content-Type: application/json' -d "{\"user\":\"c.diaz\",\"password\":\"$password\"}" "$root/v1/sessions" |
    sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
curl -s -H "Authorization: Bearer $token" "$root/v1/accounts?limit=100" | grep -o '"account":"[0-9]*"' | grep -o '[0-9]\{11\}' >numbers
range='from=2025-05-15&until=2026-06-15'
measure() {
    local query=$1 number
    for round in warm hot; do
        while read -r number; do
            curl -s -o answer.json -w '%{time_total} %{size_download} %{http_code}\n' -H "Authorization: Bearer $token" \
                "$root/v1/accounts/$number/usage?$query"
        done <numbers >"$round"
    done
    sort -n hot | awk -v q="$query" '$3 != 200 { bad++ } { t[NR] = $1 * 1000; s += $2 } END {
        printf "%-70s median %6.2f ms, slowest %6.2f ms, %5.0f bytes%s\n", q, t[int((NR + 1) / 2)], t[NR], s / NR, bad ? ", " bad " refused" : "" }'
}
measure "resolution=bill&$range"
measure "resolution=day&$range"
measure "resolution=month&$range"
measure "resolution=day&$range&known_on=2026-01-31"
