#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# GET /v1/accounts/{account} of watthour serve against nginx serving a file of the same size, side by
# side on this machine, by wrk. Needs the Debian packages nginx-light and wrk.
# usage: api_bench.sh PATH-OF-WATTHOUR [ACCOUNTS] [SECONDS]
set -euo pipefail
watthour=$1 accounts=${2:-5000} seconds=${3:-10}
for tool in nginx wrk; do
    command -v "$tool" >/dev/null || { echo "api_bench: $tool is missing (apt-get install nginx-light wrk)" >&2; exit 69; }
done
room=$(mktemp -d)
cleanup() {
    [[ -n ${server:-} ]] && kill "$server" 2>/dev/null
    [[ -s $room/nginx.pid ]] && kill "$(<"$room/nginx.pid")" 2>/dev/null
    wait 2>/dev/null || true
    rm -rf "$room"
}
trap cleanup EXIT
cd "$room"
export WATTHOUR_DB=${WATTHOUR_BENCH_DB:-sqlite:$room/city.db} WATTHOUR_KEY_FILE=$room/city.key
"$watthour" utility create --sample --accounts "$accounts" >/dev/null
"$watthour" sample live --until 2025-10-01 --quiet >/dev/null || (($? == 1))
password=$("$watthour" sample staff --json | sed -n 's/.*"password": *"\([^"]*\)".*/\1/p')
"$watthour" serve --port 0 --no-jobs >serve.log 2>&1 &
server=$!
until grep -q 'workbench is at' serve.log; do sleep 0.05; done
root=$(grep -o 'http://[0-9.:]*' serve.log | head -n 1)
token=$(curl -s -H 'Content-Type: application/json' -d "{\"user\":\"c.diaz\",\"password\":\"$password\"}" "$root/v1/sessions" |
    sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
curl -s -H "Authorization: Bearer $token" "$root/v1/accounts?limit=200" | grep -o '"account":"[0-9]*"' | grep -o '[0-9]\{11\}' >numbers
mkdir www
curl -s -H "Authorization: Bearer $token" "$root/v1/accounts/$(sed -n 100p numbers)" >www/account.json
cat >nginx.conf <<NGINX
worker_processes 2; pid $room/nginx.pid; error_log $room/nginx.log;
events { worker_connections 512; }
http { access_log off; keepalive_requests 1000000; server { listen 127.0.0.1:18080; root $room/www; default_type application/json; } }
NGINX
nginx -c "$room/nginx.conf" -p "$room" 2>/dev/null
{
    echo 'local numbers = {'
    sed 's/.*/"&",/' numbers
    echo '}'
    echo 'local at = 0'
    echo "request = function() at = at % #numbers + 1; return wrk.format('GET', '/v1/accounts/' .. numbers[at], {['Authorization'] = 'Bearer $token'}) end"
} >accounts.lua
per_second() { sed -n 's/Requests\/sec: *//p'; }
wrk -t2 -c16 -d3 -s accounts.lua "$root" >/dev/null
ours=$(wrk -t2 -c16 -d"$seconds" -s accounts.lua "$root" | tee wrk.ours | per_second)
theirs=$(wrk -t2 -c16 -d"$seconds" http://127.0.0.1:18080/account.json | per_second)
grep -E "Non-2xx" wrk.ours >&2 && exit 1
awk -v a="$ours" -v b="$theirs" -v n="$accounts" -v s="$(stat -c %s www/account.json)" 'BEGIN {
    printf "GET /v1/accounts/{account}, %d accounts, %d bytes: %.0f a second; nginx, the same bytes from a file: %.0f a second; ratio %.3f\n", n, s, a, b, a / b }'
