#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who may do what: limits in dollars, two different people, roles that end at once.
# usage: two_people.sh PATH-OF-WATTHOUR
set -euo pipefail
# shellcheck source=SCRIPTDIR/books.sh
source "$(dirname "${BASH_SOURCE[0]}")/books.sh"
begin "$@"
export WATTHOUR_DB=sqlite:$room/city.db
step "$watthour" utility create --sample --accounts 40
account=$(sqlite3 city.db "SELECT min(account_id) FROM accounts")
as() {
    local user=$1
    shift
    WATTHOUR_USER=$user "$watthour" "$@"
}
paid() { sqlite3 city.db "SELECT COALESCE(SUM(amount_minor), 0) FROM payments"; }

# A role does what it is for and nothing else.
expect 4 as c.diaz payment post --account "$account" --amount 5.00
says "may not do this"
expect 4 as k.brown cycle run 05 --date 2025-06-09
expect 4 as k.brown db backup stolen.backup
[[ ! -e stolen.backup ]] || fail "a cashier took the database home"
expect 4 as a.reyes import --format cmep /dev/null
expect 0 as a.reyes report trial-balance
expect 4 as nobody work list
expect 4 as m.ortiz user add x.new --full-name "New" --why "new clerk"

# The limit is inclusive to the cent; one cent more waits for a second person, and nothing is posted.
expect 0 as k.brown payment post --account "$account" --amount 5000.00 --receipt A-1
expect 6 as k.brown payment post --account "$account" --amount 5000.01 --receipt A-2
says "second person"
[[ $(paid) == 500000 ]] || fail "an unapproved payment is in the books"
expect 6 as k.brown payment post --account "$account" --amount 5000.01 --receipt A-2
expect 0 as s.lee approval list --json
[[ $(grep -c '"use_case"' out) == 1 ]] || fail "asking twice made two approvals"
id=$(answer id)
# Neither who asked, nor one without the right, nor one without the limit.
expect 4 as k.brown approval approve "$id" --why "me"
expect 4 as c.diaz approval approve "$id" --why "csr"
[[ $(paid) == 500000 ]] || fail "a refused approval posted"
expect 0 as s.lee approval approve "$id" --why "seen the cash"
[[ $(paid) == 1000001 ]] || fail "the approved payment is not posted"
expect 8 as f.gomez approval approve "$id" --why "again"
[[ $(paid) == 1000001 ]] || fail "an approval was carried out twice"
expect 6 as k.brown payment post --account "$account" --amount 9000.00 --receipt A-3
expect 0 as s.lee approval list --json
id=$(answer id)
expect 0 as s.lee approval decline "$id" --why "no such cash"
[[ $(paid) == 1000001 ]] || fail "a declined payment is posted"
expect 0 "$watthour" check --quiet

# A role is given by two people, and taken by one at once.
me=$(id -un)
expect 6 as "$me" user add x.new --full-name "Xenia New" --role cashier --why "new at the counter"
expect 4 as x.new payment post --account "$account" --amount 1.00 --receipt A-4
expect 0 as "$me" approval list --json
id=$(answer id)
expect 4 as "$me" approval approve "$id" --why "me"
expect 0 as f.gomez approval approve "$id" --why "agreed"
expect 0 as x.new payment post --account "$account" --amount 1.00 --receipt A-4
expect 0 as "$me" user revoke x.new cashier --why "moved"
expect 4 as x.new payment post --account "$account" --amount 1.00 --receipt A-5
expect 0 as "$me" user disable k.brown --why "left"
expect 4 as k.brown payment post --account "$account" --amount 1.00 --receipt A-6
says "disabled"
# The office stays in command of itself: one who manages users, two who give roles together.
expect 4 as "$me" user disable "$me" --why "on leave"
says "nobody could manage users"
says "administrator"
expect 4 as "$me" user disable "$me" --why "on leave" --dry-run
expect 4 as "$me" user revoke "$me" administrator --why "on leave"
expect 4 as "$me" user disable f.gomez --why "left"
says "no two people"
# What the refusal says to do first opens the way.
expect 6 as "$me" user grant s.lee administrator --why "my deputy"
expect 0 as "$me" approval list --json
expect 0 as f.gomez approval approve "$(answer id)" --why "agreed"
expect 0 as "$me" user disable f.gomez --why "left" --dry-run
expect 0 as "$me" user revoke "$me" administrator --why "on leave" --dry-run
expect 0 as "$me" user show "$me"
says "active"
says "administrator"
# The database itself refuses a grant approved by its maker.
! sqlite3 city.db "UPDATE approvals SET checker = maker" 2>/dev/null || fail "maker and checker may be one"
# A new key: the same bank numbers, under another seal; the old key opens nothing. Cut off between
# the database and the key file, the next command finds the key in force.
sealed() { sqlite3 city.db "SELECT hex(bank_account_sealed) FROM bank_mandates ORDER BY account_id"; }
cp city.db.key old.key
sealed >before
[[ -s before ]] || fail "the city has no bank accounts"
expect 4 as m.ortiz sensitive rotate-key
expect 0 as "$me" sensitive rotate-key
sealed >after
[[ $(grep -cFxf before after || true) == 0 ]] || fail "a field kept its old seal"
! cmp -s old.key city.db.key || fail "the key is the old one"
for key in old.key city.db.key; do
    cp city.db other.db
    cp $key other.db.key
    status=0
    WATTHOUR_DB=sqlite:other.db "$watthour" sensitive rotate-key >/dev/null 2>&1 || status=$?
    [[ $key == old.key && $status == 7 || $key == city.db.key && $status == 0 ]] || fail "$key ends with $status"
done
cp city.db.key city.db.key.next
cp old.key city.db.key
expect 0 "$watthour" utility summary
cmp -s old.key city.db.key && fail "the interrupted rotation was not finished"
[[ ! -e city.db.key.next ]] || fail "the key in waiting is still there"
expect 0 as "$me" sensitive rotate-key
echo "ok: limits, two people, roles"
