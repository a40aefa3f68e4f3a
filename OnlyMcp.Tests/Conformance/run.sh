#!/usr/bin/env bash
# Runs the official conformance suite, as pinned in ../Peers, against our server and our client: prints a line for each set, and ends
# with 1 if the suite found a fault, warned, or left a scenario out. What is not judged yet, and why: docs/conformance.md.
# CONFIGURATION   which build to run; Release, built first, unless told otherwise
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration=${CONFIGURATION:-Release}
../Peers/install.sh
for side in Server Client; do
    dotnet build "$side" --configuration "$configuration" --verbosity quiet --nologo
done

# The suite wants Node 22 or newer, which the peers bring along where they know the machine.
node=node
for installed in ../Peers/node_modules/node-*/bin/node; do
    if [ -x "$installed" ] && "$installed" --version >/dev/null 2>&1; then
        node=$installed
    fi
done

program() { ls "$PWD/$1/bin/$configuration"/net*/"Conformance$1.dll"; }
coproc server { exec dotnet "$(program Server)"; }
read -r url <&"${server[0]}"
"$node" run.mjs ../Peers/node_modules/@modelcontextprotocol/conformance "$url" dotnet "$(program Client)"
