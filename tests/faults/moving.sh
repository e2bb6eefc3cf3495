#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Databases move between engines, are backed up while the office works and come back whole.
# usage: moving.sh PATH-OF-WATTHOUR FILE-WITH-THE-URL-OF-A-POSTGRESQL-SERVER
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$1"
server=
[[ -s ${2:-} ]] && server=$(<"$2")
export WATTHOUR_KEY_FILE=$room/office.key

step "$watthour" utility create --sample --accounts 20 --db sqlite:city.db
step "$watthour" sample live --until 2025-08-20 --db sqlite:city.db
"$watthour" db dump --db sqlite:city.db >city.txt
[[ $(grep -c '^bills|' city.txt) -gt 20 ]] || fail "the city has hardly any bills"

# To PostgreSQL and back: the same rows, the same reports, the books hold on both.
if [[ -n $server ]]; then
    there=$server/watthour_moving_$$
    expect 0 "$watthour" db copy sqlite:city.db "$there"
    "$watthour" db dump --db "$there" >there.txt
    same city.txt there.txt "the copy on PostgreSQL differs"
    expect 0 "$watthour" check --db "$there"
    for file in "sqlite:city.db" "$there"; do
        expect 0 "$watthour" report trial-balance --json --as-of 2025-08-20 --db "$file"
        cp out "report.$(md5sum <<<"$file" | cut -c1-6)"
    done
    cmp report.* || fail "the trial balances differ"
    expect 0 "$watthour" db copy "$there" sqlite:back.db
    "$watthour" db dump --db sqlite:back.db >back.txt
    same city.txt back.txt "the copy back differs"
    expect 4 "$watthour" db copy sqlite:city.db "$there"
    says "already holds rows"
    # The office goes on there and here, and both come to the same books.
    step "$watthour" sample live --until 2025-10-01 --db "$there" --out city-files
    step "$watthour" sample live --until 2025-10-01 --db sqlite:back.db --out city-files
    "$watthour" db dump --db "$there" >there.txt
    "$watthour" db dump --db sqlite:back.db >back.txt
    same back.txt there.txt "the office went on differently on PostgreSQL"
    expect 0 "$watthour" check --db "$there"
    expect 0 "$watthour" db backup there.backup --db "$there"
    expect 0 "$watthour" db restore there.backup --db sqlite:from_there.db
    "$watthour" db dump --db sqlite:from_there.db >back.txt
    same there.txt back.txt "a backup of PostgreSQL restored as SQLite differs"
    # A wrong port is a plain refusal.
    expect 69 "$watthour" check --db postgresql://nobody@127.0.0.1:1/none
    says "does not answer"
    expect 3 "$watthour" check --db "$server/no_such_city"
else
    echo "PostgreSQL is left out: no server"
fi

# A backup under load is of one moment: restored, its books hold and its night can be run again.
"$watthour" sample live --until 2025-12-01 --db sqlite:city.db >/dev/null &
busy=$!
backups=0
while kill -0 $busy 2>/dev/null; do
    backups=$((backups + 1))
    expect 0 "$watthour" db backup "load.$backups" --db sqlite:city.db
done
wait $busy
[[ $backups -ge 1 ]] || fail "no backup was taken under load"
expect 0 "$watthour" db restore "load.$backups" --db sqlite:again.db
expect 0 "$watthour" check --db sqlite:again.db
step "$watthour" sample live --until 2025-12-01 --db sqlite:again.db --out city-files
# Each look at bank accounts in full is kept, and the restored city looked again. The control report
# of a run is its last step; a backup of the moment before it has the bills, and the city that goes
# on from there, without the job that a real night has, finds nothing left to report.
went() { "$watthour" db dump --db "$1" | grep -v "|sensitive.unseal|\||bill.run|\|^cycle_runs|"; }
went sqlite:city.db >city.went.txt
went sqlite:again.db >again.went.txt
same city.went.txt again.went.txt "the restored city went on differently"
"$watthour" db dump --db sqlite:city.db >city.txt
expect 4 "$watthour" db backup "load.$backups" --db sqlite:city.db

# Damaged backups are refused, and the target is not even made.
damaged() {
    expect 7 "$watthour" db verify --backup bad.backup
    expect 7 "$watthour" db restore bad.backup --db sqlite:untouched.db
    says "Nothing was touched"
    [[ ! -e untouched.db ]] || fail "a damaged backup touched the target ($1)"
}
fresh() { cp "load.$backups" bad.backup && cp "load.$backups.manifest" bad.backup.manifest; }
size=$(stat -c %s "load.$backups")
RANDOM=${WATTHOUR_SEED:-7}
for _ in 1 2 3 4 5 6 7 8 9 10; do
    fresh
    at=$(((RANDOM * 32768 + RANDOM) % size))
    old=$(dd if=bad.backup bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)
    printf "\\x$(printf %x $(((old + 1) % 256)))" | dd of=bad.backup bs=1 seek=$at conv=notrunc 2>/dev/null
    damaged "byte $at changed"
done
fresh && truncate -s $((size / 2)) bad.backup && damaged "cut in half"
fresh && rm bad.backup.manifest && damaged "no manifest"
fresh && sed -i 's/"head": "../"head": "00/' bad.backup.manifest && damaged "another head"
fresh && : >bad.backup.manifest && damaged "empty manifest"
rm bad.backup bad.backup.manifest
expect 3 "$watthour" db verify --backup bad.backup

# Killed at any moment a backup or a copy is whole or not there.
kills=0
for try in $(seq 1 "${WATTHOUR_KILLS:-25}"); do
    rm -f killed.*
    "$watthour" db backup killed.backup --db sqlite:city.db >/dev/null 2>&1 &
    pid=$!
    sleep "$(printf '0.%03d' $((RANDOM % 200)))"
    kill -9 $pid 2>/dev/null && kills=$((kills + 1))
    wait $pid 2>/dev/null || true
    if [[ -e killed.backup.manifest ]]; then
        expect 0 "$watthour" db verify --backup killed.backup
    elif [[ -e killed.backup ]]; then
        expect 7 "$watthour" db verify --backup killed.backup
    fi
    rm -f target.db*
    "$watthour" db copy sqlite:city.db sqlite:target.db >/dev/null 2>&1 &
    pid=$!
    sleep "$(printf '0.%03d' $((RANDOM % 200)))"
    kill -9 $pid 2>/dev/null && kills=$((kills + 1))
    wait $pid 2>/dev/null || true
    # What the kill left is empty or whole: the same command finishes or says it is done.
    expect 0,4 "$watthour" db copy sqlite:city.db sqlite:target.db
    "$watthour" db dump --db sqlite:target.db >target.txt
    same city.txt target.txt "try $try: a killed copy was neither whole nor begun again"
done
echo "ok: moved, backed up $backups times under load, 14 damages refused, $kills kills"
