#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs from Debian's packages whatever building and running needs and is missing; --tests adds what the tests need.
set -euo pipefail

usage() {
    echo "usage: scripts/install_deps.sh [--tests]"
}

packages=(
    g++ cmake ninja-build ccache pkg-config git ca-certificates
    libtorch-dev
    libopenblas0-openmp # without it Debian's torch falls back to the reference BLAS, many times slower
    qt6-base-dev qt6-svg-dev libqt6svg6 qt6-wayland libgl-dev fonts-dejavu-core
    libqcustomplot-dev libqcustomplot2.1-qt6
    liblemon-dev libspdlog-dev libyaml-cpp-dev nlohmann-json3-dev libpcre2-dev zlib1g-dev
)

while (($#)); do
    case "$1" in
        --tests) packages+=(xvfb xauth xdotool python3-torch) ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
    shift
done

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $state == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
    echo "scripts/install_deps.sh: this system has no apt-get; install the equivalents of: ${missing[*]}" >&2
    exit 1
fi
if ((EUID == 0)); then
    as_root=(env)
elif command -v sudo >/dev/null; then
    as_root=(sudo env)
else
    echo "scripts/install_deps.sh: run this as root: apt-get install ${missing[*]}" >&2
    exit 1
fi

echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
