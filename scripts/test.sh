#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything and runs every test. Further words go to ctest: scripts/test.sh -R tst_config
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/scripts/install_deps.sh" --tests
"$root/scripts/build.sh"
cd "$root"
exec ctest --test-dir build/release --output-on-failure -j2 "$@"
