#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Release into build/release: everything, or only the targets named. Does nothing that is done already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A file that includes torch takes up to 2 GB to compile, so memory limits the jobs as much as cores do.
jobs=$(nproc)
by_memory=$(awk '/^MemAvailable:/ {print int($2 / 2000000)}' /proc/meminfo)
((by_memory < jobs)) && jobs=$by_memory
((jobs >= 1)) || jobs=1

# Once configured, ninja itself runs CMake again when a CMake file has changed.
[[ -f build/release/build.ninja ]] || cmake --preset release

targets=()
(($#)) && targets=(--target "$@")
cmake --build --preset release --parallel "$jobs" "${targets[@]}"
