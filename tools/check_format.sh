#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_format.sh [--fix] ROOT : is every C++ file laid out as .clang-format says? --fix makes it so.
set -euo pipefail

mode=(--dry-run -Werror)
if [[ ${1:-} == --fix ]]; then
    mode=(-i)
    shift
fi
cd "${1:?usage: check_format.sh [--fix] ROOT}"

if ! command -v clang-format-19 >/dev/null; then
    echo "clang-format-19 is missing: apt-get install clang-format-19" >&2
    exit 69
fi
folders=()
for folder in src tests tools bench fuzz; do
    [[ -d $folder ]] && folders+=("$folder")
done
layout() {
    find "${folders[@]}" \( -name '*.cpp' -o -name '*.hpp' \) -type f -print0 |
        xargs -0 -r -n 50 clang-format-19 --style=file "${mode[@]}"
}

# Of each file only the first place is told.
if ! told=$(layout 2>&1); then
    awk -F: '/code should be clang-formatted/ { if (!seen[$1]++) print $1 ":" $2 ": format: not laid out; run make format"; next }
             /^[^ ].*error/ { print }' <<<"$told"
    exit 1
fi
