#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A meter file and a lockbox file cut at every seventh byte, a route file and an ACH return file at
# every 29th: never a crash, no row taken in part, and of the money files nothing at all.
# usage: cut_anywhere.sh PATH-OF-WATTHOUR
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
formats=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../formats")
begin "$@"

export WATTHOUR_DB=sqlite:$room/city.db
day=2026-06-08
expect 0 "$watthour" utility create --sample --accounts 60
expect 0 "$watthour" sample live --until 2025-06-15
cp city-files/meters/cmep-2026-06-07.cmep day.cmep
{
    grep -m 3 ',KWHREG,' day.cmep
    grep -m 1 ',KWH,' day.cmep
    grep ',KWHREG,' day.cmep | tail -1
} >whole.cmep
lockbox=$(find city-files/bank -name 'lockbox-*.bai' | sort | tail -1)
[[ -n $lockbox ]] || fail "no lockbox file was delivered"
cp "$lockbox" whole.bai

# Meter files are tried as dry runs, so that each cut meets the same books.
cuts=0
size=$(stat -c %s whole.cmep)
for ((at = 0; at < size - 1; at += 7)); do
    head -c "$at" whole.cmep >cut.cmep
    expect 0,1,7 "$watthour" import --format cmep --date $day --dry-run --json cut.cmep
    cuts=$((cuts + 1))
    taken=$(answer posted)
    # A row that lacks only its line end is whole; 24 intervals for the interval row.
    head -n "$(head -c $((at + 2)) whole.cmep | wc -l)" whole.cmep >rows.cmep
    full=$(($(grep -c ',KWHREG,' rows.cmep || true) + 24 * $(grep -c ',KWH,' rows.cmep || true)))
    ((${taken:-0} <= full)) ||
        fail "cut after $at bytes, a value of $(tail -c 12 cut.cmep | sed 's/.*,//') was taken: \
$taken values, the whole rows hold $full"
done

size=$(stat -c %s whole.bai)
dump_books city.db >before.txt
for ((at = 0; at < size - 2; at += 7)); do
    head -c "$at" whole.bai >cut.bai
    expect 7 "$watthour" import --format lockbox --date $day cut.bai
    cuts=$((cuts + 1))
done
# Up to the file control; the lines of nines after it only fill the block.
cp "$formats/nacha/valid/return-WEB.ach" whole.ach
size=$(grep -b '^90000' whole.ach | cut -d: -f1)
for ((at = 0; at < size; at += 29)); do
    head -c "$at" whole.ach >cut.ach
    expect 7 "$watthour" import --format nacha --date $day cut.ach
    cuts=$((cuts + 1))
done
cp "$(find city-files/meters -name 'handheld-*.hup' | sort | tail -1)" whole.hup
size=$(stat -c %s whole.hup)
for ((at = 0; at < size; at += 29)); do
    head -c "$at" whole.hup >cut.hup
    expect 0,1,7 "$watthour" import --format handheld --date $day --dry-run cut.hup
    cuts=$((cuts + 1))
done
dump_books city.db >after.txt
same before.txt after.txt "a money file that was cut was posted in part"
expect 0 "$watthour" check --quiet
echo "ok: $cuts cuts"
