#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Meters are asked over real sockets: the server, a simulated head-end and the command are three
# processes. The head-end answers, is silent, slow, says things twice, too late or of another meter;
# strangers knock. Both protocols, on SQLite and on PostgreSQL.
# usage: head_end.sh PATH-OF-WATTHOUR FILE-WITH-URL-OF-POSTGRESQL
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$1"
postgres_url=$(<"$2")
postgres_name=head_end_$$
export WATTHOUR_KEY_FILE=$room/office.key WATTHOUR_HEAD_END=$room/settings.json
secret=a-secret-of-this-test
basic=another-secret-of-it
server=0
other_side=0
patience=1
end_of() { if (($1 != 0)); then kill "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; fi; }
finish() {
    local status=$?
    end_of $other_side
    end_of $server
    psql -q "$postgres_url/postgres" -c "DROP DATABASE IF EXISTS $postgres_name WITH (FORCE)" >/dev/null 2>&1 || true
    (exit $status)
    clean_up
}
trap finish EXIT

# Waits until a file holds a pattern and prints the port that it names.
port_in() {
    local try port
    for try in $(seq 200); do
        port=$(sed -n "s|.*$2 http://127.0.0.1:\([0-9]*\)/.*|\1|p" "$1" 2>/dev/null | head -1)
        if [[ -n $port ]]; then echo "$port"; return; fi
        sleep 0.05
    done
    fail "$1 names no port after $try looks: $(cat "$1")"
}
serve() {
    rm -f server.out
    "$watthour" serve --port 0 --log server.log >server.out 2>server.err &
    server=$!
    door=$(port_in server.out "The workbench is at")
}
# The other side, with a scenario and what else it takes; and the settings for it.
play() {
    local scenario=$1
    shift
    # Times are whole seconds: of one, a request sent late in its second has but a moment left. Who
    # answers at once is given more, so that a busy machine is not asked twice.
    patience=1
    [[ $scenario == normal || $scenario == duplicate ]] && patience=5
    end_of $other_side
    rm -f other.out
    "$watthour" simulate head-end --port 0 --scenario "$scenario" --latency-ms 60 \
        --moment 2026-06-15T13:20:00-07:00 --user iec --password "$basic" "$@" >other.out 2>other.err &
    other_side=$!
    settle_for "$(port_in other.out "listens at")" 20
}
settle_for() {
    rm -f settings.json
    cat >settings.json <<JSON
{"systems": [
 {"name": "iec", "protocol": "iec61968", "url": "http://127.0.0.1:$1/iec", "user": "cis", "password": "open sesame",
  "reply_url": "http://127.0.0.1:$door", "reply_password": "$basic", "serial_prefixes": ["none"],
  "answer_seconds": $patience, "most_attempts": 2, "expires_seconds": $2},
 {"name": "old", "protocol": "multispeak", "version": "3.0", "url": "http://127.0.0.1:$1/MR", "user": "cis", "password": "open sesame",
  "reply_url": "http://127.0.0.1:$door", "reply_secret": "$secret",
  "answer_seconds": $patience, "most_attempts": 2, "expires_seconds": $2},
 {"name": "new", "protocol": "multispeak", "version": "4.1", "url": "http://127.0.0.1:$1/MR", "user": "cis", "password": "open sesame",
  "reply_url": "http://127.0.0.1:$door", "reply_secret": "new-$secret", "serial_prefixes": ["none"],
  "answer_seconds": $patience, "most_attempts": 2, "expires_seconds": $2}]}
JSON
    chmod 600 settings.json
    port=$1
}
on_demand() { "$watthour" db dump | grep -c '^register_reads|.*|on_demand|' || true; }
changes() { "$watthour" head-end list --meter "$1" --changes | sed -n 's/^  [^ ]* \([a-z_]*\) .*/\1/p' | sort | uniq -c | tr -s ' \n' ' '; }
answer_of() { # transaction meter value
    cat <<XML
<ReadingChangedNotification xmlns="http://www.multispeak.org/Version_3.0"><changedMeterReads><meterRead><meterNo>$2</meterNo>
<readingDate>2026-06-15T13:20:00-07:00</readingDate><posKWh>$3</posKWh></meterRead></changedMeterReads><transactionID>$1</transactionID></ReadingChangedNotification>
XML
}
# The status that a message gets at the door.
knock() { # path file [curl options]
    local path=$1 file=$2
    shift 2
    curl -s -o knock.out -w '%{http_code}' -X POST -H 'Content-Type: text/xml' --data-binary "@$file" "$@" "http://127.0.0.1:$door$path"
}

scenarios() {
    step "$watthour" utility create --sample --accounts 30 --out files
    mapfile -t meters < <("$watthour" meter list --state in_service --json | sed -n 's/^ *"meter": "\(.*\)",*$/\1/p' | grep '^V' | head -8)
    [[ ${#meters[@]} -eq 8 ]] || fail "the city has no eight meters"
    local m=("${meters[@]}") before system kind
    serve

    # Read now, over each protocol, and everything else a meter is asked.
    play normal
    before=$(on_demand)
    expect 0 "$watthour" head-end ping --system old
    for system in old new iec; do
        for kind in read ping connect; do
            expect 0 "$watthour" head-end $kind --meter "${m[0]}" --system $system --why "a test" --wait 10 --json
            answers state done
            answers attempts 1
        done
    done
    # Three protocols asked for one reading of one moment: it is one read.
    [[ $(on_demand) == $((before + 1)) ]] || fail "one reading became $(($(on_demand) - before)) reads"
    "$watthour" db dump >dump.txt
    grep -q '^register_reads|.*|2026-06-15|48000|on_demand|' dump.txt || fail "the read lost its time: $(grep on_demand dump.txt)"

    # To switch off takes a second person; asked twice and approved twice it is sent once.
    expect 6 "$watthour" head-end disconnect --meter "${m[0]}" --why "unpaid"
    says "second person"
    expect 6 "$watthour" head-end disconnect --meter "${m[0]}" --why "unpaid"
    grep -q "InitiateConnectDisconnect.*wh-" other.out || fail "the connect was not sent"
    sent=$(grep -c "asked InitiateConnectDisconnect" other.out)
    expect 0 env WATTHOUR_USER=s.lee "$watthour" approval list --json
    id=$(answer id)
    expect 4 "$watthour" approval approve "$id" --why "me"
    expect 0 env WATTHOUR_USER=s.lee "$watthour" approval approve "$id" --why "agreed"
    expect 8 env WATTHOUR_USER=s.lee "$watthour" approval approve "$id" --why "again"
    [[ $(grep -c "asked InitiateConnectDisconnect" other.out) == $((sent + 1)) ]] || fail "the disconnect was sent $(($(grep -c "asked InitiateConnectDisconnect" other.out) - sent)) times"
    expect 4 env WATTHOUR_USER=k.brown "$watthour" head-end read --meter "${m[0]}" --why "curious"
    expect 4 env WATTHOUR_USER=c.diaz "$watthour" head-end disconnect --meter "${m[0]}" --why "curious"
    expect 4,7 "$watthour" head-end connect --meter "${m[0]}" --why " "
    expect 3 "$watthour" head-end read --meter NO-1 --why "a test"

    # A meter that the head-end does not know.
    play normal --reading "${m[1]}=4862"
    expect 4 "$watthour" head-end read --meter "${m[2]}" --system old --why "a test" --wait 10 --json
    answers state failed
    expect 4 "$watthour" head-end read --meter "${m[2]}" --system iec --why "a test" --wait 10 --json
    answers state failed
    says "no such meter"

    # Things said twice change nothing.
    play duplicate
    before=$(on_demand)
    expect 0 "$watthour" head-end read --meter "${m[3]}" --system old --why "a test" --wait 10 --json
    answers state done
    for _ in $(seq 100); do
        [[ $(grep -c "answered ${m[3]}" other.out) == 3 ]] && break
        sleep 0.05
    done
    [[ $(grep -c "answered ${m[3]}.*200" other.out) == 3 ]] || fail "three answers were not taken: $(cat other.out)"
    [[ $(on_demand) == $((before + 1)) ]] || fail "an answer that came three times became $(($(on_demand) - before)) reads"
    [[ $(changes "${m[3]}") == " 1 acknowledged 1 done 2 repeated 1 sent " ]] || fail "three answers left: $(changes "${m[3]}")"

    # Slow is not silent.
    play slow
    expect 0 "$watthour" head-end read --meter "${m[4]}" --why "a test" --wait 10 --json
    answers state done

    # Silence: asked again under the same id, then given up.
    play silent
    settle_for "$port" 3
    expect 69 "$watthour" head-end read --meter "${m[5]}" --why "a test" --wait 20 --json
    answers state timed_out
    answers attempts 2
    [[ $(grep "asked .* ${m[5]} " other.out | sort | uniq -c | sed 's/^ *\([0-9]*\) .*/\1/') == 2 ]] || fail "it was not asked twice under one id: $(cat other.out)"
    [[ $(changes "${m[5]}") == " 1 acknowledged 1 repeated 1 sent 1 sent_again 1 timed_out " ]] || fail "silence left: $(changes "${m[5]}")"

    # Too late: the request stays given up, the note and the read are kept, once.
    transaction=$("$watthour" head-end list --meter "${m[5]}" | sed -n 's/.*\(wh-[0-9]*\).*/\1/p')
    before=$(on_demand)
    answer_of "$transaction" "${m[5]}" 4999 >late.xml
    expect 0 "$watthour" head-end receive late.xml --system old --json
    answers event late
    answers state timed_out
    expect 0 "$watthour" head-end receive late.xml --system old
    [[ $(on_demand) == $((before + 1)) ]] || fail "a late answer became $(($(on_demand) - before)) reads"
    play late
    settle_for "$port" 2
    before=$(on_demand)
    expect 69 "$watthour" head-end read --meter "${m[6]}" --system old --why "a test" --wait 20
    for _ in $(seq 200); do
        [[ $(changes "${m[6]}") == *late* ]] && break
        sleep 0.05
    done
    [[ $(changes "${m[6]}") == *" late "* ]] || fail "the late answer left no note: $(changes "${m[6]}") $(cat other.out)"
    [[ $(on_demand) == $((before + 1)) ]] || fail "a late read was not kept once"
    expect 0 "$watthour" head-end list --meter "${m[6]}" --state timed_out --json
    says timed_out

    # Another meter's answer is refused: no read of either, and a person is told.
    play wrong
    settle_for "$port" 3
    before=$(on_demand)
    expect 69 "$watthour" head-end read --meter "${m[7]}" --system old --why "a test" --wait 20
    [[ $(changes "${m[7]}") == *" wrong_meter "* ]] || fail "the wrong meter left: $(changes "${m[7]}")"
    [[ $(on_demand) == "$before" ]] || fail "another meter's read was taken"
    expect 0 "$watthour" work list --cause head_end.wrong_meter
    says "was answered for another meter"

    # A head-end that is away is asked again when it is back.
    end_of $other_side
    other_side=0
    settle_for 1 60
    expect 0 "$watthour" head-end ping --meter "${m[7]}" --why "a test" --json
    answers state sent
    play normal
    expect 0 "$watthour" head-end ping --meter "${m[7]}" --why "the same" --wait 20 --json
    answers state done
    answers joined true

    strangers "${m[0]}"
    expect 0 "$watthour" head-end silent --days 1 --date 2025-06-20 --ticket ticket.csv --json
    [[ $(head -1 ticket.csv) == meter,quantities,route,* ]] || fail "the ticket has no head"
    expect 0 "$watthour" check --quiet
    # Nothing secret was written down.
    "$watthour" db dump >dump.txt
    for word in "$secret" "$basic" "open sesame" "b3BlbiBzZXNhbWU"; do
        ! grep -qF "$word" dump.txt server.log server.out server.err other.out || fail "\"$word\" was written down: $(grep -lF "$word" dump.txt server.log server.out server.err other.out)"
    done
    end_of $other_side
    other_side=0
    end_of $server
    server=0
}

# Who may knock, and what is said to whom.
strangers() {
    local before
    before=$(on_demand)
    answer_of wh-1 "$1" 4711 >answer.xml
    for path in /head-end/multispeak /head-end/multispeak/wrong-secret-wrong-one /head-end/multispeak/ /head-end/iec61968 \
        "/head-end/iec61968/$secret" "/head-end/other/$secret" /head-end/ "/head-end/multispeak/$secret/more"; do
        [[ $(knock "$path" answer.xml) == 401 ]] || fail "a stranger got $(cat knock.out) at $path"
    done
    [[ $(knock /head-end/iec61968 answer.xml -u iec:wrong) == 401 ]] || fail "a wrong password came in"
    [[ $(knock /head-end/multispeak answer.xml -u "iec:$basic") == 401 ]] || fail "one head-end came in by the door of another"
    # A transaction that nobody waits for: told in the sender's own words, and to a person.
    [[ $(knock "/head-end/multispeak/$secret" answer.xml) == 200 ]] || fail "an unasked answer got $(cat knock.out)"
    grep -q "nobody waits" knock.out || fail "an unasked answer was told $(cat knock.out)"
    expect 0 "$watthour" work list --cause head_end.unasked
    says wh-1
    # One head-end does not answer for another.
    answer_of "$("$watthour" head-end list --state timed_out | sed -n 's/.*\(wh-[0-9]*\).*/\1/p;q')" "$1" 4711 >answer.xml
    [[ $(knock "/head-end/multispeak/new-$secret" answer.xml) == 200 ]] && grep -q "nobody waits" knock.out || fail "one head-end answered for another"
    # No message, and too much of one.
    echo "hello" >broken.xml
    [[ $(knock "/head-end/multispeak/$secret" broken.xml) == 422 ]] || fail "no message got $(cat knock.out)"
    head -c 1200000 /dev/zero | tr '\0' ' ' >huge.xml
    [[ $(knock "/head-end/multispeak/$secret" huge.xml) == 413 ]] || fail "a huge message got $(knock "/head-end/multispeak/$secret" huge.xml)"
    [[ $(curl -s -o knock.out -w '%{http_code}' "http://127.0.0.1:$door/head-end/multispeak/$secret") == 405 ]] || fail "a GET at the door got $(cat knock.out)"
    [[ $(on_demand) == "$before" ]] || fail "a stranger left a read"
}

for url in "sqlite:$room/city.db" "$postgres_url/$postgres_name"; do
    export WATTHOUR_DB=$url
    scenarios
    echo "ok: ${url%%:*}"
done
