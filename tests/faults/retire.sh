#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `usage retire` and `usage restore` are killed with -9, at the k-th write, sync or rename for many k:
# every interval stays in the database or in a finished archive with its digest; the same command
# goes on, `check` holds, and what was taken out comes back byte for byte.
# usage: retire.sh PATH-OF-WATTHOUR
# WATTHOUR_KILLS=N kills of each (6). Without strace the kills fall at moments of time.
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"
export WATTHOUR_KEY_FILE=$room/office.key WATTHOUR_DB=sqlite:work.db
wanted=${WATTHOUR_KILLS:-6}

step "$watthour" utility create --sample --accounts 120 --db sqlite:few.db --out files
step "$watthour" sample live --until 2025-08-01 --db sqlite:few.db --out files
# Four years later its intervals are older than the 36 months that stay.
sqlite3 few.db "UPDATE utility SET business_date = '2029-08-01'; PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
# Months of equal length of many years before, without their sums as in an old database: more than one
# archive holds. In 1974 and 1975 the clocks changed in winter.
cp few.db many.db
sqlite3 many.db "WITH RECURSIVE n(y) AS (SELECT 1967 UNION ALL SELECT y + 1 FROM n WHERE y < 2024),
    t(day, of) AS (VALUES ('-01-01', '05'), ('-05-01', '05'), ('-07-01', '05'), ('-08-01', '05'),
                          ('-12-01', '05'), ('-06-01', '06'), ('-09-01', '06'))
    INSERT INTO interval_blocks (channel_id, month, block)
    SELECT b.channel_id, y || day, block FROM n, t
      JOIN interval_blocks b ON b.month = '2025-' || t.of || '-01'
      JOIN channels c ON c.channel_id = b.channel_id AND c.interval_minutes = 60
     WHERE y NOT IN (1974, 1975) ORDER BY y, day, b.channel_id LIMIT 5100" >/dev/null
(($(count many.db interval_blocks) > 5000)) || fail "too few months for two archives"

# Serial, channel, month and block, one a line, as the archive has them.
in_database() {
    sqlite3 -readonly -noheader -separator $'\t' work.db "SELECT m.serial, c.code, b.month, lower(hex(b.block))
        FROM interval_blocks b JOIN channels c USING (channel_id) JOIN meters m USING (meter_id)" | LC_ALL=C sort
}
# Of finished archives: only what ends with the digest of its lines.
in_archives() {
    local file
    for file in archive/*.txt; do
        [[ -e $file ]] || continue
        [[ $(tail -n 1 "$file") == "sha256 $(head -n -1 "$file" | sha256sum | cut -d' ' -f1)" ]] ||
            fail "$file has the name of an archive and is none"
        sed '1d;$d' "$file" | cut -f1-4
    done
}
nothing_lost() {
    { in_database && in_archives; } | LC_ALL=C sort -u >there.txt
    LC_ALL=C comm -23 "$1" there.txt >lost.txt
    [[ ! -s lost.txt ]] || fail "$2: $(wc -l <lost.txt) months of channels are lost, first $(head -1 lost.txt | cut -f1-3)"
}
begin_with() { # DATABASE
    rm -rf work.db work.db-wal work.db-shm
    cp "$1" work.db
}

calls=write,pwrite64,fsync,fdatasync,rename,ftruncate,unlink
with_strace=0
strace -f -qq -o /dev/null -e trace=$calls true 2>/dev/null && with_strace=1

# Lets the command work undisturbed and writes into points.txt where it is to be killed N times: at
# calls that lie evenly, the second half of them about the renames of archives; or after milliseconds.
choose_points() { # N COMMAND...
    local kills=$1 begun took i
    shift
    if ((with_strace)); then
        strace -f -qq -o calls.txt -e trace=$calls "$@" >/dev/null 2>&1
        awk -v kills="$kills" '
            { sub(/^[0-9]+ +/, ""); name = $0; sub(/[(].*/, "", name); of[NR] = name " " ++n[name] }
            name == "rename" { about[++renames] = NR }
            END {
                for (i = 1; i <= kills; ++i) {
                    at = int(i * NR / (kills + 1)) + 1
                    if (renames && i * 2 > kills) at = about[i % renames + 1] + int((i - kills / 2 - 1) / renames)
                    if (at > NR) at = NR
                    print of[at]
                }
            }' calls.txt >points.txt
    else
        begun=$(date +%s%N)
        "$@" >/dev/null
        took=$((($(date +%s%N) - begun) / 1000000 + 1))
        for ((i = 1; i <= kills; ++i)); do echo $((i * took / (kills + 1) + 1)); done >points.txt
    fi
}
killed=0
killed_at() { # NUMBER-OF-THE-POINT COMMAND...
    local at status=0 pid
    at=$(sed -n "$1p" points.txt)
    shift
    if ((with_strace)); then
        strace -f -qq -o /dev/null -e trace="${at% *}" -e inject="${at% *}:signal=SIGKILL:when=${at#* }" "$@" >/dev/null 2>&1 || status=$?
    else
        "$@" >/dev/null 2>&1 &
        pid=$!
        sleep "$(awk -v ms="$at" 'BEGIN { printf "%.3f", ms / 1000 }')"
        kill -9 $pid 2>/dev/null || true
        wait $pid 2>/dev/null || status=$?
    fi
    ((status != 137)) || killed=$((killed + 1))
} 2>/dev/null

retire=("$watthour" usage retire --out archive)

# retirements NAME DATABASE KILLS
retirements() {
    local name=$1 source=$2 kills=$3 i file left
    begin_with "$source"
    rm -rf archive
    in_database >all.txt
    choose_points "$kills" "${retire[@]}"
    left=$(in_database | wc -l)
    ((left < $(wc -l <all.txt))) || fail "$name: nothing is old enough to go"
    killed=0
    for ((i = 1; i <= kills; ++i)); do
        begin_with "$source"
        rm -rf archive
        killed_at "$i" "${retire[@]}"
        nothing_lost all.txt "$name, kill $i"
        expect 0 "$watthour" check --quiet
        expect 0 "${retire[@]}"
        nothing_lost all.txt "$name, done again after kill $i"
        [[ $(in_database | wc -l) -eq $left ]] || fail "$name: done again after kill $i, old months are still there"
    done
    ((! with_strace || killed == kills)) || fail "$name: only $killed of $kills kills came in time"
    expect 0 "$watthour" check --quiet
    for file in archive/*.txt; do expect 0 "$watthour" usage restore "$file"; done
    in_database >back.txt
    same all.txt back.txt "$name: what came back differs"
    expect 0 "$watthour" check --quiet
    printf '%-22s %3d kills: nothing lost, %d archive files\n' "$name" "$killed" "$(find archive -name '*.txt' | wc -l)"
}

restorations() {
    local i archive
    begin_with few.db
    rm -rf archive
    in_database >all.txt
    sqlite3 work.db "SELECT channel_id, month, hex(days) FROM interval_sums ORDER BY 1, 2" >sums.txt
    expect 0 "${retire[@]}"
    archive=$(echo archive/*.txt)
    sqlite3 work.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    cp work.db retired.db
    in_database >left.txt
    choose_points "$wanted" "$watthour" usage restore "$archive"
    killed=0
    for ((i = 1; i <= wanted; ++i)); do
        begin_with retired.db
        killed_at "$i" "$watthour" usage restore "$archive"
        in_database >after.txt
        cmp -s after.txt left.txt || cmp -s after.txt all.txt || fail "restore, kill $i: a part came back"
        nothing_lost all.txt "restore, kill $i"
        expect 0 "$watthour" check --quiet
        expect 0 "$watthour" usage restore "$archive"
        in_database >after.txt
        same all.txt after.txt "restore: done again after kill $i, the intervals differ"
        sqlite3 work.db "SELECT channel_id, month, hex(days) FROM interval_sums ORDER BY 1, 2" >after.txt
        same sums.txt after.txt "restore: done again after kill $i, the sums differ"
    done
    ((! with_strace || killed == wanted)) || fail "restore: only $killed of $wanted kills came in time"
    expect 0 "$watthour" check --quiet
    printf '%-22s %3d kills: whole or not there\n' restore "$killed"
}

retirements "retire" few.db "$wanted"
retirements "retire, two archives" many.db $(((wanted + 1) / 2))
restorations
