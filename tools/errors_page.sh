#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# errors_page.sh [--check] : prints docs/errors.md from the lists of refusals of all rooms.
# --check compares it with the page as it is; exit code 1 when the page is stale.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
page=docs/errors.md

usage() {
    echo "usage: errors_page.sh [--check]"
}

# Every refusal as: slug, exit code, sentence, next step, with tabs between.
refusals() {
    local file room
    for file in src/*/errors.def; do
        room=${file#src/}
        awk -v room="${room%%/*}" '
            # The text of the next string; strings that stand side by side are one.
            function text(    found, part) {
                found = ""
                while (match(rest, /^[ \n]*"([^"\\]|\\.)*"/)) {
                    part = substr(rest, 1, RLENGTH)
                    rest = substr(rest, RLENGTH + 1)
                    sub(/^[ \n]*"/, "", part)
                    sub(/"$/, "", part)
                    found = found part
                }
                sub(/^[ \n]*[,)]/, "", rest)
                gsub(/\\"/, "\"", found)
                return found
            }
            function word(    found) {
                match(rest, /^[ \n]*[a-z0-9_]+/)
                found = substr(rest, 1, RLENGTH)
                rest = substr(rest, RLENGTH + 1)
                sub(/^[ \n]*,/, "", rest)
                gsub(/[ \n]/, "", found)
                return found
            }
            !/^ *\/\// { rest = rest $0 "\n" }
            END {
                while ((at = index(rest, "WH_REFUSAL(")) > 0) {
                    rest = substr(rest, at + length("WH_REFUSAL("))
                    slug = word()
                    code = word()
                    sentence = text()
                    print room "." slug "\t" code "\t" sentence "\t" text()
                }
            }' "$file"
    done | LC_ALL=C sort
}

print_page() {
    cat <<'TEXT'
# Refusals

What the program says when the world is not as asked: each refusal with its exit code, its sentence and the next step. Words in braces
are filled with the facts of the case. With `--json` the same slug, message and next step come as JSON.

This page is made from the `errors.def` of the rooms by `tools/errors_page.sh`; change those, not this page.
TEXT
    refusals | awk -F '\t' '
        # Exit codes as in src/base/error.hpp.
        NR == FNR {
            if (match($0, /^    [a-z_]+ = [0-9]+,/)) {
                split($0, part, /[ =,]+/)
                number[part[2]] = part[3]
            }
            next
        }
        function cell(text) {
            gsub(/\|/, "\\|", text)
            gsub(/</, "\\&lt;", text)
            return text
        }
        {
            split($1, name, ".")
            if (name[1] != room) {
                room = name[1]
                print "\n## " room "\n\n| slug | exit | sentence | next step |\n|---|---|---|---|"
            }
            if (!($2 in number)) {
                print "errors_page: " $1 " has the unknown exit code " $2 > "/dev/stderr"
                exit 1
            }
            print "| `" $1 "` | " number[$2] " " $2 " | " cell($3) " | " cell($4) " |"
        }' src/base/error.hpp -
}

case ${1:-} in
    "") print_page ;;
    --check)
        if ! diff -u "$page" <(print_page); then
            echo "$page is stale: tools/errors_page.sh > $page makes it anew" >&2
            exit 1
        fi
        ;;
    -h | --help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
