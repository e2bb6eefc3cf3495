#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The workbench in a real browser. Exit code 77, which ctest shows as skipped, where npm could not
# fetch what it is built and driven with.
# usage: workbench.sh [PATTERN]
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
web=$here/../web
if ! command -v node >/dev/null || [[ ! -d $web/node_modules/playwright-core || ! -f $here/../build/web/index.html ]]; then
    echo "The workbench was not built on this machine: see build/logs/npm.log and build/logs/workbench.log." >&2
    exit 77
fi
# One after the other: each opens a city and a browser of its own.
worst=0
for file in "$web"/tests/*.test.mjs; do
    node --test ${1:+--test-name-pattern "$1"} "$file" || worst=$?
done
exit $worst
