#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs libwatthour_rating into an empty folder and builds the two examples against it, as a
# stranger would: with pkg-config and nothing of the source tree.
# usage: installed.sh BUILD-FOLDER SOURCE-FOLDER
set -euo pipefail
build=$1 source=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

cmake --install "$build" --component rating --prefix "$room/there" >"$room/install.log" || {
    cat "$room/install.log"
    exit 1
}
mv "$room/there" "$room/here" # a pkg-config file that holds a path would be found out
export PKG_CONFIG_PATH=$room/here/lib/pkgconfig
read -ra flags <<<"$(pkg-config --cflags --libs watthour-rating)"
cd "$room"
cc -std=c11 -Wall -Wextra -Werror "$source/examples/rating/rate_month.c" "${flags[@]}" -o rate_month
c++ -std=c++20 -Wall -Wextra -Werror "$source/examples/rating/rate_home.cpp" "${flags[@]}" -o rate_home

fail() {
    echo "installed: $*" >&2
    exit 1
}

says() { # says FILE TEXT: the JSON has the text, whatever its spaces
    tr -d ' \n' <"$1" | grep -qF "$2" || fail "$1 does not say $2: $(head -c 600 "$1")"
}

# A bill that was worked by hand: tests/golden/WB-01/README.md.
./rate_month "$source/tariffs/valdoro" "$source/tests/golden/WB-01/case.json" >bill.json
for amount in 18.50 41.92 29.18 58.32 2.94 4.30 0.20 11.64; do
    says bill.json "\"amount\":\"$amount\""
done
says bill.json '"current_charges":"167.00"'

# What is wrong comes as rule, sentence and remedy.
echo '{"id": "T", "statements": [{"n": 1, "input": {}}]}' >wrong.json
if ./rate_month "$source/tariffs/valdoro" wrong.json 2>problem.json; then
    fail "a case without a period was rated"
fi
says problem.json '"rule":"cases.field_missing"'
if ./rate_month nowhere wrong.json 2>problem.json; then fail "tariffs were found nowhere"; fi
says problem.json '"rule":"base.file_missing"'

# One plan for many homes: June 2026 on R-1, worked by hand.
# Limits 9.5 x 30 = 285 and 427.5 -> 428 kWh. 500 kWh: 19.75 + 43.09 + 30.12 + 21.13 + ECA 1.20
# = 115.29; PBC 3.29; ERS 0.14; UUT 7.5 % of 118.58 = 8.89; in all 127.61.
./rate_home "$source/tariffs/valdoro" R-1 B >homes.txt
diff - homes.txt <<'END' || fail "rate_home says something else"
250 kWh 64.37
500 kWh 127.61
1000 kWh 291.33
END
