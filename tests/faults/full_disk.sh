#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The disk fills up in the middle of the work: exit code 74 and plain words, the books stay whole,
# and with more room the same command ends with the same books. Needs root, for a small tmpfs.
# usage: full_disk.sh PATH-OF-WATTHOUR   (exit code 77: skipped)
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"

if ((EUID != 0)); then
    echo "skipped: needs root"
    exit 77
fi
mkdir small
if ! mount -t tmpfs -o size=1m tmpfs small 2>mount.err; then
    echo "skipped: a tmpfs cannot be mounted here ($(head -1 mount.err))"
    exit 77
fi

export WATTHOUR_DB=sqlite:$room/calm.db
expect 0 "$watthour" utility create --sample --accounts 60
copy_books calm.db fresh.db
expect 0 "$watthour" sample live --until 2026-06-08
copy_books calm.db week.db
dump_books calm.db >calm.txt

full_disk_is_told() {
    # Where the disk has no page left for its shared memory, SQLite knows only of a failed write.
    if grep -q '^Cannot write .*: No space left on device' "$room/err"; then return 0; fi
    grep -q 'The disk is full\|The disk refused a read or write' "$room/err" ||
        fail "a full disk is not told: $(head -3 "$room/err")"
    says "same command again"
    ! grep -qi 'defect\|terminate\|abort' "$room/err" || fail "a full disk is called a defect"
}

# --- utility create, on disks from very small to almost enough
export WATTHOUR_DB=sqlite:$room/small/city.db
failures=0
for size in 16k 64k 128k 256k 512k 1m; do
    umount small
    mount -t tmpfs -o "size=$size" tmpfs small
    expect 0,74 "$watthour" utility create --sample --accounts 60 --out "$room/create-files"
    if [[ -s $room/err ]]; then
        failures=$((failures + 1))
        full_disk_is_told
        mount -o remount,size=4m small
        expect 3 "$watthour" utility summary
        expect 0 "$watthour" utility create --sample --accounts 60 --out "$room/create-files"
    fi
    dump_books small/city.db >small.txt
    dump_books fresh.db >fresh.txt
    same fresh.txt small.txt "after a full disk of $size the new utility is another one"
    expect 0 "$watthour" check --quiet
done
((failures >= 2)) || fail "no disk was too small for utility create"

# --- the files do not fit
umount small
mount -t tmpfs -o size=256k tmpfs small
expect 74 "$watthour" utility create --sample --accounts 60 --db "sqlite:$room/files.db" --out "$room/small"
full_disk_is_told
mount -o remount,size=16m small
expect 0 "$watthour" utility create --sample --accounts 60 --db "sqlite:$room/files.db" --out "$room/small"
diff -rq calm-files/meters small/meters >diff.txt || fail "meter files differ: $(head -3 diff.txt)"

# --- sample live: import, billing, drafts and payments, stopped again and again
umount small
mount -t tmpfs -o size=1500k tmpfs small
cp fresh.db small/city.db
cp fresh.db.key small/city.db.key
stops=0
for size in 1500k 2m 3m 4m 6m 9m 40m; do
    mount -o "remount,size=$size" small
    expect 0,74 "$watthour" sample live --until 2026-06-08 --out "$room/calm-files"
    [[ -s $room/err ]] || break
    full_disk_is_told
    stops=$((stops + 1))
    mount -o remount,size=40m small # the write-ahead log takes up to 16 MB
    expect 0 "$watthour" check --quiet
done
((stops >= 2)) || fail "the disk was full only $stops times"
dump_books small/city.db >small.txt
same calm.txt small.txt "after a full disk the books differ"

# --- a cycle run, with less and less to spare
run=("$watthour" cycle run 04 --date 2026-06-08)
meters=calm-files/meters/cmep-2026-06-07.cmep
expect 0,1 "$watthour" import --db "sqlite:$room/week.db" --format cmep --date 2026-06-08 "$meters"
copy_books week.db ready.db
expect 0,1 "${run[@]}" --db "sqlite:$room/week.db"
dump_books week.db >week.txt
[[ $(count week.db bills) -gt $(count ready.db bills) ]] || fail "cycle 04 bills nobody"
stops=0
for spare in 0 16 32 48 64 96 128 256; do
    umount small
    mount -t tmpfs -o size=30m tmpfs small
    cp ready.db small/city.db
    cp ready.db.key small/city.db.key
    mount -o "remount,size=$(($(du -sk small | cut -f1) + spare))k" small
    expect 0,1,74 "${run[@]}"
    if [[ -s $room/err ]]; then
        full_disk_is_told
        stops=$((stops + 1))
        mount -o remount,size=30m small
        expect 0 "$watthour" check --quiet
        expect 0,1 "${run[@]}"
    fi
    dump_books small/city.db >small.txt
    same week.txt small.txt "after a cycle run on a full disk ($spare KB spare) the books differ"
done
((stops >= 1)) || fail "no disk was too small for the cycle run"
umount small
echo "ok: utility create stopped $failures times, the cycle run $stops times"
