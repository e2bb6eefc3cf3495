#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Functions that ./run and ./test share. They expect `root`, the folder of the project.
# shellcheck disable=SC2154  # root is set by the caller

readonly exit_unavailable=69
logs="$root/build/logs"

say() { printf '%s\n' "$*"; }

# quietly NAME COMMAND... : output goes to build/logs/NAME.log and is shown only on failure.
quietly() {
    local log="$logs/$1.log" status=0
    shift
    mkdir -p "$logs"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    ((status == 0)) && return 0
    tail -n 40 "$log" >&2
    say "Failed: $* (the whole of it is in ${log#"$root"/})" >&2
    return "$status"
}

# packages_of SECTION... : the packages of tools/packages.txt, one on a line.
packages_of() {
    awk -v wanted=" $* " '
        { sub(/#.*/, "") }
        /^\[/ { name = $1; gsub(/[][]/, "", name); on = index(wanted, " " name " "); next }
        on && NF { print $1 }' "$root/tools/packages.txt"
}

is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Stops where apt would take packages away, such as Boost 1.74 to make room for 1.81.
stop_before_removal() {
    local removed line="apt-get install --no-install-recommends $*"
    removed=$(apt-get -s install --no-install-recommends "$@" 2>/dev/null | awk '/^Remv/ { print "  " $2 }') || true
    if [[ -z $removed && " $* " == *" libboost1.81-dev "* ]] && is_installed libboost-dev; then
        removed="  libboost-dev"
    fi
    [[ -z $removed ]] && return 0
    say "To install what Watthour needs, apt would remove these packages:"
    say "$removed"
    say "(Boost 1.74 and 1.81 cannot be installed together.) Nothing was changed. To go on:"
    say "  ${sudo_word}$line"
    exit "$exit_unavailable"
}

# install_packages SECTION... : installs what is missing, or says the line that does and stops.
install_packages() {
    local package missing=() as_root=() sudo_word="sudo "
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is not a Debian system: the libraries of tools/packages.txt must be there."
        return 0
    fi
    while read -r package; do
        is_installed "$package" || missing+=("$package")
    done < <(packages_of "$@")
    ((${#missing[@]} == 0)) && return 0

    if ((EUID == 0)); then
        sudo_word=""
        as_root=(env DEBIAN_FRONTEND=noninteractive)
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
    else
        stop_before_removal "${missing[@]}"
        say "Packages are missing. This line installs them:"
        say "  sudo apt-get install --no-install-recommends ${missing[*]}"
        exit "$exit_unavailable"
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    quietly apt-update "${as_root[@]}" apt-get update || say "Going on with the package lists that are here." >&2
    stop_before_removal "${missing[@]}"
    quietly apt-install "${as_root[@]}" apt-get install -y --no-remove --no-install-recommends "${missing[@]}"
    rm -f "$root"/build/*/configured
}

# configure PRESET : only when it never was, or the presets or packages changed. Ninja itself
# sees changed CMake files.
configure() {
    local folder="$root/build/$1"
    if [[ -f $folder/build.ninja && $folder/configured -nt $root/CMakePresets.json ]]; then
        return 0
    fi
    say "Configuring $1"
    (cd "$root" && quietly "configure-$1" cmake --preset "$1")
    touch "$folder/configured"
}

# Passes a line on for each tenth part of Ninja's work; shorter work is silent.
show_progress() {
    local line tenth last=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        ((BASH_REMATCH[2] >= 20)) || continue
        tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        ((tenth > last)) && say "  built ${tenth}0 %"
        last=$tenth
    done
}

# build PRESET : configures where needed and builds with all processors.
build() {
    configure "$1"
    local log="$logs/build-$1.log"
    mkdir -p "$logs"
    say "Building $1"
    if ! (cd "$root" && cmake --build --preset "$1" -j "$(nproc)") 2>&1 </dev/null | tee "$log" | show_progress; then
        grep -v '^\[' "$log" | head -n 60 >&2
        say "The build failed; the whole of it is in ${log#"$root"/}" >&2
        return 1
    fi
}

# node_is_new_enough : Node of at least 18.19, with npm.
node_is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 18 || (a == 18 && b >= 19) ? 0 : 1)'
}

# build_workbench : web/ into build/web, when something in it is newer. The program holds the result.
build_workbench() {
    node_is_new_enough || install_packages node
    if ! node_is_new_enough; then
        say "The workbench is left out: it needs Node 18.19 and npm to be built."
        return 0
    fi
    local web="$root/web"
    if [[ ! -f $web/node_modules/.package-lock.json || $web/package-lock.json -nt $web/node_modules/.package-lock.json ]]; then
        say "Fetching what the workbench is built with"
        (cd "$web" && quietly npm npm ci --ignore-scripts --no-audit --no-fund) || return 1
        touch "$web/node_modules/.package-lock.json"
    fi
    local built="$root/build/web/index.html"
    if [[ -f $built ]] && [[ -z $(find "$web" "$root/docs/reference/openapi.json" -path "$web/node_modules" -prune -o \
        -path "$web/tests" -prune -o -name contract.d.ts -prune -o -type f -newer "$built" -print -quit) ]]; then
        return 0
    fi
    say "Building the workbench"
    (cd "$web" && quietly workbench npm run build) || return 1
}
