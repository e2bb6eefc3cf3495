#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A throw-away PostgreSQL 15 of the tests: own data folder, loopback, free port, no durability
# (benchmarks ask for it with WATTHOUR_FSYNC=on).
# usage: postgres.sh start FOLDER   writes FOLDER/url
#        postgres.sh stop FOLDER
set -euo pipefail

programs=/usr/lib/postgresql/15/bin
folder=$2

# The server refuses to run as root.
as_server() {
    if ((EUID == 0)); then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

stop() {
    [[ -f $folder/data ]] || return 0
    local data
    data=$(<"$folder/data")
    as_server "$programs/pg_ctl" -D "$data/cluster" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$data" "$folder/data" "$folder/url"
}

start() {
    mkdir -p "$folder"
    stop
    local data port try
    data=$(mktemp -d "${TMPDIR:-/tmp}/watthour-postgres.XXXXXX")
    if ((EUID == 0)); then chown postgres "$data"; fi
    echo "$data" >"$folder/data"
    as_server "$programs/initdb" -N -D "$data/cluster" -U watthour -A trust -E UTF8 --locale=C >"$folder/log" 2>&1
    for try in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 7 + $$ + try) % 40000))
        if as_server "$programs/pg_ctl" -D "$data/cluster" -w -l "$data/server.log" -o \
            "-p $port -k $data -h 127.0.0.1 -c fsync=${WATTHOUR_FSYNC:-off} -c full_page_writes=${WATTHOUR_FSYNC:-off} -c max_connections=100" start >>"$folder/log" 2>&1; then
            echo "postgresql://watthour@127.0.0.1:$port" >"$folder/url"
            return 0
        fi
    done
    tail -n 20 "$folder/log" "$data/server.log" >&2
    exit 1
}

case $1 in
    start) start ;;
    stop) stop ;;
    *)
        echo "usage: postgres.sh start|stop FOLDER" >&2
        exit 2
        ;;
esac
