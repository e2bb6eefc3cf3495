#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Many at once: one unit of work has one effect, and the books are those of one worker alone.
# usage: race.sh PATH-OF-WATTHOUR FILE-WITH-THE-URL-OF-A-POSTGRESQL-SERVER
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$1"
server=
[[ -s ${2:-} ]] && server=$(<"$2")
export WATTHOUR_KEY_FILE=$room/office.key
workers=16

step "$watthour" utility create --sample --accounts 60 --db sqlite:start.db --out files
step "$watthour" sample live --until 2026-06-08 --db sqlite:start.db --out files
"$watthour" sample deliver --date 2026-06-08 --db sqlite:start.db --out files >delivered
read -r format file < <(head -1 delivered)
account=$("$watthour" db dump --db sqlite:start.db | sed -n 's/^accounts|\([0-9]*\)|.*/\1/p' | head -1)
mapfile -t cycles < <("$watthour" cycle due --date 2026-06-08 --db sqlite:start.db --names | cut -d' ' -f1)

# An account without the assistance program, on a schedule that offers it.
clerks_program=EAP
clerks_account=
for candidate in $("$watthour" db dump --db sqlite:start.db | sed -n 's/^accounts|\([0-9]*\)|.*/\1/p'); do
    if "$watthour" program add "$candidate" $clerks_program --on 2026-06-08 --why try --dry-run --db sqlite:start.db >/dev/null 2>&1; then
        clerks_account=$candidate
        break
    fi
done
[[ -n $clerks_account ]] || fail "no account may have $clerks_program"

# together N COMMAND...: N of them at once; prints each exit code once, with its count.
together() {
    local n=$1 i pids=() status codes=""
    shift
    for ((i = 0; i < n; i++)); do
        "$@" >"$room/together.$i" 2>&1 &
        pids+=($!)
    done
    for ((i = 0; i < n; i++)); do
        status=0
        wait "${pids[i]}" || status=$?
        codes+="$status"$'\n'
    done
    printf '%s' "$codes" | sort -n | uniq -c | awk '{ printf "%s%s x %s", (NR > 1 ? ", " : ""), $2, $1 }'
}

# The night by N workers at once, and by one alone; cycle_runs counts the runs and is left out.
night() {
    local n=$1 cycle codes
    codes=$(together "$n" "$watthour" import --format "$format" --date 2026-06-08 "$file")
    [[ $n -eq 1 || $codes == "0 x 1, 8 x $((n - 1))" ]] || fail "imports ended with $codes"
    for cycle in "${cycles[@]}"; do
        codes=$(together "$n" "$watthour" cycle run "$cycle" --date 2026-06-08)
        [[ ! $codes =~ (70|69|75|74) ]] || fail "cycle $cycle ended with $codes: $(cat together.*)"
    done
    codes=$(together "$n" "$watthour" payment drafts --due 2026-06-08 --date 2026-06-08 --out drafts)
    [[ $codes == "0 x $n" ]] || fail "drafts ended with $codes: $(cat together.*)"
    codes=$(together "$n" "$watthour" payment post --account "$account" --amount 5.00 --receipt R-1 --date 2026-06-08)
    [[ $n -eq 1 || $codes == "0 x 1, 8 x $((n - 1))" ]] || fail "one receipt ended with $codes"
    # Two clerks and more on one record: the form is entered by all of them.
    codes=$(together "$n" "$watthour" program add "$clerks_account" "$clerks_program" --on 2026-06-08 --why form)
    [[ $n -eq 1 || $codes == "0 x 1, 8 x $((n - 1))" ]] || fail "one form ended with $codes: $(cat together.*)"
    expect 0 "$watthour" check --quiet
    "$watthour" db dump | grep -v -e '^cycle_runs|' -e '|bill.run|' -e '|sensitive.unseal|' >"$2"
}

engines=(sqlite)
[[ -n $server ]] && engines+=("$server")
for engine in "${engines[@]}"; do
    at() { if [[ $engine == sqlite ]]; then echo "sqlite:$1.db"; else echo "$engine/watthour_race_$$_$1"; fi; }
    for who in alone many; do
        "$watthour" db copy sqlite:start.db "$(at $who)" >/dev/null
        WATTHOUR_DB=$(at $who)
        export WATTHOUR_DB
        [[ $who == alone ]] && night 1 alone.txt || night $workers many.txt
    done
    [[ $(grep -c '^bills|' alone.txt) -gt 500 ]] || fail "hardly any bills"
    same alone.txt many.txt "$workers workers ended with other books than one alone ($engine)"
    # Different money on one account at once: nothing is lost and nothing given twice.
    for ((i = 0; i < workers; i++)); do
        "$watthour" payment post --account "$account" --amount 1.0$((i % 10)) --receipt "many-$i" --date 2026-06-08 >/dev/null &
    done
    wait
    expect 0 "$watthour" check --quiet
    [[ $("$watthour" db dump | grep -c '^payments|.*counter:many-') -eq $workers ]] || fail "a payment is lost ($engine)"
    unset WATTHOUR_DB
    echo "$workers workers on ${engine%%:*}: the books of one"
done
