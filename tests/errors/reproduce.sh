#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each refusal of the program, brought about by a command: the exit code and the slug must be those
# of reproductions.tsv. Slugs of src/*/errors.def without a row are listed and counted.
# usage: reproduce.sh PATH-OF-WATTHOUR
set -euo pipefail

[[ $# -eq 1 && -x $1 ]] || {
    echo "usage: reproduce.sh PATH-OF-WATTHOUR" >&2
    exit 2
}
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
root=$(realpath "$here/../..")
room=$(mktemp -d "${TMPDIR:-/tmp}/watthour-errors.XXXXXX")
trap 'rm -rf "$room"' EXIT
cp "$1" "$room/watthour" # a build that goes on meanwhile does not change it
watthour=$room/watthour
cd "$room"

# What the commands of the table need: a small utility with a month behind it, and broken things.
db=$room/city.db
dir=$room/dir
mkdir "$dir"
run() {
    "$watthour" "$@" --db "sqlite:$db" >/dev/null
}
run utility create --sample --accounts 40
run sample live --until 2025-06-20
run payment post --account 10000000017 --amount 5.00 --tender cash --receipt R-1 --date 2025-06-03
# A meter nobody has: a work item to resolve.
"$watthour" import --db "sqlite:$db" --format cmep "$root/tests/formats/cmep/meter_nobody_has.cmep" \
    >/dev/null 2>&1 || true
bill=$(sqlite3 "$db" "SELECT bill_number FROM bills ORDER BY bill_number LIMIT 1")
item=$(sqlite3 "$db" "SELECT work_item_id FROM work_items WHERE kind = 'unknown_meter' ORDER BY work_item_id LIMIT 1")
[[ -n $bill && -n $item ]] || { echo "reproduce.sh: the sample has no bill or no work item" >&2; exit 1; }
run work resolve "$item" --as dismissed --why "for the test"
# A meter with a register alone, whose account is billed.
IFS="|" read -r meter point < <(sqlite3 "$db" "SELECT m.serial, i.service_point_id FROM meters m JOIN meter_installations i ON i.meter_id = m.meter_id JOIN channels c ON c.meter_id = m.meter_id JOIN service_agreements a ON a.service_point_id = i.service_point_id JOIN bill_segments s ON s.account_id = a.account_id AND s.agreement_id = a.agreement_id WHERE i.active_until = '9999-12-31' AND a.schedule = 'R-1' AND a.active_until = '9999-12-31' AND s.period_until > '2025-06-01' ORDER BY m.serial LIMIT 1")
# Cases of that meter: one with its first step answered, one that is concluded, one of tampering that
# is calculated, one that is ready to be concluded.
investigate() { # KIND STEP...: prints the number of a case with these steps answered
    local kind=$1 number step
    shift
    number=$("$watthour" case open "$kind" --meter "$meter" --why seen --json --db "sqlite:$db" |
        sed -n 's/^ *"case": "\([0-9]*\)",$/\1/p' | head -n 1)
    for step in "$@"; do run case step "$number" "$step" --found seen; done
    echo "$number"
}
case=$(investigate high_bill reads_and_multiplier)
concluded=$(investigate multiplier_doubt nameplate step_at_exchange)
run case conclude "$concluded" use_changed --why seen
tampered=$(investigate tampering events_and_use preserve_evidence customer_answer first_day)
run case conclude "$tampered" tamper_confirmed --why seen --from 2025-05-01 --use-a-day 90
stopped=$(investigate non_registration reads_and_multiplier use_before intervals_and_events check_for_load)
# A meter with intervals.
interval_meter=$(sqlite3 "$db" "SELECT m.serial FROM meters m JOIN channels c ON c.meter_id = m.meter_id JOIN meter_installations i ON i.meter_id = m.meter_id WHERE c.interval_minutes > 0 AND c.code LIKE 'KWH%' ORDER BY m.serial LIMIT 1")
# A cycle that is due the day after, so that what is missing holds accounts out of it.
read -r due _ < <("$watthour" cycle due --date 2025-06-20 --names --db "sqlite:$db")
# Copies of the database, each with one thing wrong.
sqlite3 "$db" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
copy() {
    cp "$db" "$dir/$1.db"
    cp "$db.key" "$dir/$1.db.key"
    sqlite3 "$dir/$1.db" "${2:-SELECT 1}" >/dev/null
}
copy empty "DELETE FROM utility"
copy newer "INSERT INTO schema_migrations VALUES (999, '0999_later', 'none')"
copy changed "UPDATE schema_migrations SET sha256 = 'none'"
copy short_key
head -c 31 "$db.key" >"$dir/short_key.db.key"
copy read_missing "DELETE FROM register_reads WHERE read_date > '2025-06-05'"
copy opening_read_missing "DELETE FROM register_reads WHERE read_date < '2025-06-05'"
copy meter_missing "DELETE FROM meter_installations"
copy channel_missing "DELETE FROM channels"
copy intervals_missing "DELETE FROM interval_blocks; UPDATE service_agreements SET schedule = 'R-TOU', option = ''; UPDATE channels SET interval_minutes = 60"
copy amount_over_limit "UPDATE register_reads SET reading = substr('00000' || (reading + 9000) % 100000, -5) WHERE read_date > '2025-06-15'"
# Settings of head-ends beside them.
head_ends='{"systems": [{"name": "north", "protocol": "multispeak", "url": "http://127.0.0.1:1/"}, {"name": "hes", "protocol": "iec61968", "url": "http://127.0.0.1:1/"}]}'
(umask 077 && echo "$head_ends" >"$db.head-end.json")
copy short_list
copy settings_open
echo "$head_ends" >"$dir/settings_open.db.head-end.json"
chmod 644 "$dir/settings_open.db.head-end.json"
copy settings_malformed
(umask 077 && echo '{}' >"$dir/settings_malformed.db.head-end.json")
# A read date of a route that is closed, and calendars with one row wrong or gone.
run route close 90-01 --read-date 2026-05-29 --why "all in"
sed 's/^20\t2026-12-29/20\t2026-12-27/' "$root/tariffs/valdoro/cycle-calendar.tsv" >"$dir/calendar_broken.tsv"
sed '/^01\t2025-01-02/d' "$root/tariffs/valdoro/cycle-calendar.tsv" >"$dir/calendar_past.tsv"
# Cases of the golden bills, each with one thing wrong.
golden=$root/tests/golden
case_with() {
    sed "$3" "$golden/$2/case.json" >"$dir/$1.json"
    ! cmp -s "$golden/$2/case.json" "$dir/$1.json" || {
        echo "reproduce.sh: $1: nothing was changed in $2" >&2
        exit 1
    }
}
case_with case_field_missing WB-02 's/"schedule": "R-1",//'
case_with case_field_unknown WB-02 's/"option": "B",/"option": "B", "weather": "dry",/'
case_with case_value_malformed WB-02 's/"from": "2025-04-03"/"from": "soon"/'
case_with case_disagrees WB-02 's/"difference": 12,/"difference": 13,/'
case_with schedule_unknown WB-02 's/"schedule": "R-1"/"schedule": "R-9"/'
case_with no_version_on_date WB-02 's/2025-/1990-/g'
case_with fact_missing WB-02 's/"option": "B",//'
case_with fact_unknown WB-02 's/"option": "B"/"option": "Q"/'
case_with fee_unknown WB-04 's/"OPT-OUT"/"BALLOON"/'
case_with read_malformed WB-02 's/"read": "10389"/"read": "1o389"/'
case_with read_beyond_dials WB-02 's/"read": "10389"/"read": "1010389"/'
case_with read_rolls_backward WB-02 's/"read": "10389"/"read": "10370"/; s/"rollover": false/"rollover": true/; s/: 12,\{0,1\}$/: 99993,/; s/"kwh": 99993,/"kwh": 99993/; s/"kwh_delivered": "12"/"kwh_delivered": "99993"/'
case_with period_empty WB-02 's/2025-05-02/2025-04-03/; s/"days": 29/"days": 0/'
case_with discount_unknown WB-03 's/"code": "EAP", "from"/"code": "MOON", "from"/'
case_with discount_not_offered WB-11 's/"schedule": "C-1",/"schedule": "C-1", "discounts": [{"code": "EAP", "from": "2023-06-01"}],/'
case_with exemption_unknown WB-02 's/"option": "B",/"option": "B", "exemptions": [{"flag": "MOON", "from": "2020-01-01"}],/'
case_with interest_rate_missing WB-08 's/"received": "2024-03-04"/"received": "1999-03-04"/'
case_with tou_use_missing WB-02 's/"schedule": "R-1",/"schedule": "R-TOU",/; s/"option": "B",//'
case_with demand_missing WB-02 's/"schedule": "R-1",/"schedule": "C-2",/; s/"option": "B",//'

done_with=" "
failures=0
count=0
while IFS=$'\t' read -r slug code command; do
    [[ $slug == \#* || -z $slug ]] && continue
    command=${command//'{db}'/$db}
    command=${command//'{dir}'/$dir}
    command=${command//'{formats}'/$root/tests/formats}
    command=${command//'{golden}'/$golden}
    command=${command//'{taken}'/$room/city-files/meters/cmep-2025-05.cmep}
    command=${command//'{bill}'/$bill}
    command=${command//'{resolved}'/$item}
    command=${command//'{due}'/$due}
    command=${command//'{meter}'/$meter}
    command=${command//'{interval_meter}'/$interval_meter}
    command=${command//'{item}'/$item}
    command=${command//'{point}'/$point}
    command=${command//'{case}'/$case}
    command=${command//'{concluded}'/$concluded}
    command=${command//'{tampered}'/$tampered}
    command=${command//'{stopped}'/$stopped}
    read -ra words <<<"$command"
    status=0
    "$watthour" "${words[@]}" --json >out.json 2>err.txt || status=$?
    found=$(sed -n 's/^ *"error": "\(.*\)",$/\1/p' out.json)
    # A refusal of one account is the cause for which a cycle run holds it.
    if [[ $command == "cycle run "* && -z $found ]] && grep -q "\"cause\": \"$slug\"" out.json; then
        found=$slug
        grep -A3 "\"cause\": \"$slug\"" out.json | sed -n 's/^ *"evidence": //p' >err.txt
        echo '  "next": "in next_step"' >>out.json
    fi
    if [[ $status != "$code" || $found != "$slug" ]]; then
        echo "FAIL: $slug: exit code $status and \"$found\", wanted $code: watthour $command" >&2
        head -n 3 err.txt >&2
        failures=$((failures + 1))
    elif [[ ! -s err.txt || $(grep -c '^  "next": "..*"' out.json) -ne 1 ]] ||
        grep -q '[{][a-z_]*[}]' err.txt; then
        echo "FAIL: $slug: no plain sentence and next step: $(cat err.txt)" >&2
        failures=$((failures + 1))
    fi
    done_with+="$slug "
    count=$((count + 1))
done <"$here/reproductions.tsv"

# The list of what has no reproduction yet.
missing=()
for list in "$root"/src/*/errors.def "$root"/src/*/*_case.def; do
    [[ -e $list ]] || continue
    section=$(basename "$(dirname "$list")")
    while read -r slug; do
        [[ $done_with == *" $section.$slug "* ]] || missing+=("$section.$slug")
    done < <(sed -n 's/^WH_REFUSAL(\([a-z_]*\),.*/\1/p' "$list")
done
printf 'no reproduction yet: %s\n' "${missing[@]}"
echo "$count refusals reproduced, ${#missing[@]} without a reproduction"
if ((failures > 0)); then
    echo "$failures of $count reproductions fail" >&2
    exit 1
fi
