#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A throw-away PostgreSQL 15 with Citus on loopback: a coordinator and NODES workers.
# usage: citus.sh start FOLDER [NODES]   writes FOLDER/url and FOLDER/nodes; exit 77 without Citus
#        citus.sh kill FOLDER N          worker N stops hard
#        citus.sh again FOLDER N         and comes back
#        citus.sh stop FOLDER
set -euo pipefail

programs=/usr/lib/postgresql/15/bin
folder=$2

as_server() {
    if ((EUID == 0)); then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

stop() {
    [[ -f $folder/data ]] || return 0
    local data cluster
    data=$(<"$folder/data")
    for cluster in "$data"/node*; do
        as_server "$programs/pg_ctl" -D "$cluster" -m immediate -w stop >/dev/null 2>&1 || true
    done
    rm -rf "$data" "$folder/data" "$folder/url" "$folder/nodes"
}

up() { # DATA NUMBER PORT
    as_server "$programs/pg_ctl" -D "$1/node$2" -w -l "$1/node$2.log" -o \
        "-p $3 -k $1 -h 127.0.0.1 -c fsync=${WATTHOUR_FSYNC:-off} -c shared_preload_libraries=citus -c max_connections=200 -c wal_level=logical -c max_prepared_transactions=400 -c citus.local_hostname=127.0.0.1 -c citus.max_adaptive_executor_pool_size=4" start >>"$folder/log" 2>&1
}

start() {
    [[ -f /usr/share/postgresql/15/extension/citus.control ]] || {
        echo "skipped: this PostgreSQL does not have the extension citus"
        exit 77
    }
    mkdir -p "$folder"
    stop
    local data base node
    data=$(mktemp -d "${TMPDIR:-/tmp}/watthour-citus.XXXXXX")
    if ((EUID == 0)); then chown postgres "$data"; fi
    echo "$data" >"$folder/data"
    base=$((20000 + (RANDOM * 7 + $$) % 40000))
    : >"$folder/nodes"
    for ((node = 0; node <= $1; node++)); do
        as_server "$programs/initdb" -N -D "$data/node$node" -U watthour -A trust -E UTF8 --locale=C >"$folder/log" 2>&1
        up "$data" $node $((base + node))
        ((node == 0)) || echo "127.0.0.1:$((base + node))" >>"$folder/nodes"
    done
    echo "postgresql://watthour@127.0.0.1:$base" >"$folder/url"
}

case $1 in
    start) start "${3:-3}" ;;
    stop) stop ;;
    kill)
        data=$(<"$folder/data")
        as_server "$programs/pg_ctl" -D "$data/node$3" -m immediate -w stop >/dev/null
        ;;
    again)
        data=$(<"$folder/data")
        up "$data" "$3" "$(sed -n "$3p" "$folder/nodes" | cut -d: -f2)"
        ;;
    *)
        echo "usage: citus.sh start|kill|again|stop FOLDER" >&2
        exit 2
        ;;
esac
