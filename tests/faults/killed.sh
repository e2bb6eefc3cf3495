#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job, killed with -9 at random moments and started again, ends with the same books.
# usage: killed.sh PATH-OF-WATTHOUR  (WATTHOUR_SEED=N repeats a run)
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"

seed=${WATTHOUR_SEED:-$RANDOM}
RANDOM=$seed
echo "seed $seed"

# How often each command is killed; what is not named is left alone.
declare -A wanted=([create]=4 [live]=8 [import]=7 [cycle]=6 [drafts]=2 [counter]=2 [print]=4)
# About how long each takes, in thousandths of a second; measured on the way.
declare -A takes=()
declare -A killed=() ever=()
kills=0
whole_again=0

kind_of() {
    case "$2 ${3:-}" in
        "utility create") echo create ;;
        "sample live") echo live ;;
        "sample counter") echo counter ;;
        "payment drafts") echo drafts ;;
        "bill print") echo print ;;
        import*) echo import ;;
        "cycle run") [[ $* == *--dry-run* ]] && echo preview || echo cycle ;;
        *) echo other ;;
    esac
}

in_peace() {
    local kind status=0 begun
    kind=$(kind_of "$@")
    begun=$(date +%s%N)
    "$@" >/dev/null 2>"$room/step.err" || status=$?
    ((status == 0 || status == 1 || status == 8)) ||
        fail "exit code $status of: $* $(cat "$room/step.err")"
    local took=$((($(date +%s%N) - begun) / 1000000))
    takes[$kind]=$(((${takes[$kind]:-took} + took) / 2))
}

# Runs the command; at times kills it at a random moment of its life. A shell that restarts
# ./run would begin at the top; so does every sixth kill, the others repeat the command.
disturbed() {
    local kind status pid
    kind=$(kind_of "$@")
    while ((${killed[$kind]:-0} < ${wanted[$kind]:-0})); do
        # Not every import is a victim, else all kills would fall on the first day.
        [[ $kind == import || $kind == cycle ]] && ((RANDOM % 3 > 0)) && break
        "$@" >/dev/null 2>&1 &
        pid=$!
        sleep "$(printf '0.%04d' $((RANDOM % (takes[$kind] * 10 + 10))))"
        kill -9 "$pid" 2>/dev/null || true
        status=0
        wait "$pid" 2>/dev/null || status=$?
        # In time or too late: a command that was quicker has simply been done.
        if ((status != 137)); then
            ((status == 0 || status == 1 || status == 8)) || fail "exit code $status of: $*"
            [[ $kind == create ]] && return 0
            break
        fi
        killed[$kind]=$((${killed[$kind]:-0} + 1))
        ever[$kind]=$((${ever[$kind]:-0} + 1))
        kills=$((kills + 1))
        if ((kills % 6 == 0)); then
            whole_again=1
            return 0
        fi
        if [[ $kind == create ]] && "$watthour" utility summary >/dev/null 2>&1; then return 0; fi
    done
    in_peace "$@"
}

step() {
    ((whole_again == 0)) || return 0 # after a kill of the whole job nothing more runs
    "$how" "$@"
}

export WATTHOUR_DB=sqlite:$room/calm.db
how=in_peace
main_job
"$watthour" check --quiet
dump_books calm.db >calm.txt
[[ $(grep -c '^bill|' calm.txt) -gt 100 ]] || fail "the calm run made hardly any bills"

round=0
how=disturbed
enough() {
    local kind
    for kind in create live import cycle print; do
        ((${ever[$kind]:-0} > 0)) || return 1
    done
    ((kills >= 25))
}
until enough; do
    round=$((round + 1))
    ((round <= 5)) || fail "only $kills kills in five rounds, or a command was never hit"
    killed=()
    export WATTHOUR_DB=sqlite:$room/rough$round.db
    while true; do
        whole_again=0
        main_job
        ((whole_again == 1)) || break
    done
    "$watthour" check --quiet || fail "round $round: the books do not balance"
    dump_books "rough$round.db" >rough.txt
    same calm.txt rough.txt "seed $seed, round $round: the books differ from the undisturbed ones"
    for folder in meters bank bills; do
        [[ -d calm-files/$folder ]] || continue
        # NAME.PID.part is a file that a kill left half written, never taken for the file itself.
        diff -rq -x '*.part' "calm-files/$folder" "rough$round-files/$folder" >diff.txt || true
        [[ ! -s diff.txt ]] || fail "seed $seed: files differ: $(head -3 diff.txt)"
    done
done
for kind in "${!ever[@]}"; do echo "$kind killed ${ever[$kind]} times"; done

# The comparison itself can fail: one cent on one bill of a copy.
copy_books calm.db cent.db
sqlite3 cent.db "UPDATE bills SET activity_minor = activity_minor + 1, amount_due_minor = amount_due_minor + 1
    WHERE bill_number = (SELECT max(bill_number) FROM bills)"
dump_books cent.db >cent.txt
! cmp -s calm.txt cent.txt || fail "books that differ by a cent are taken for the same"
echo "ok: $kills kills, the same books"
