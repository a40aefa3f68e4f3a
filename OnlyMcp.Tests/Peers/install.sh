#!/usr/bin/env bash
# Installs the peers exactly as package-lock.json names them; does nothing when they are there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

installed=node_modules/.installed-lock.json
if cmp --silent package-lock.json "$installed"; then
    echo "peers: up to date"
    exit 0
fi

# No package may run a script of its own here; none of these needs one.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json "$installed"
