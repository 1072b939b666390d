#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh clone to the demo running: installs what is missing, builds, and starts the window, or with --headless (or
# without a display) the command line. Further words are overrides: scripts/run.sh cycle.max_cycles=2
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

headless=false
overrides=()
for word in "$@"; do
    case "$word" in
        --headless) headless=true ;;
        -h | --help)
            echo "usage: scripts/run.sh [--headless] [overrides, for example cycle.max_cycles=2]"
            exit 0
            ;;
        -*)
            echo "scripts/run.sh: unknown flag '$word'; usage: scripts/run.sh [--headless] [overrides]" >&2
            exit 2
            ;;
        *) overrides+=("$word") ;;
    esac
done
[[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]] || headless=true

"$root/scripts/install_deps.sh"
"$root/scripts/build.sh" saeception saeception-studio

if $headless; then
    exec "$root/build/release/bin/saeception" train_cycle experiment=demo "${overrides[@]}"
fi
exec "$root/build/release/bin/saeception-studio" --start experiment=demo "${overrides[@]}"
