#!/bin/sh
# Builds the styles and scripts of the pages into ui/dist, where they are older than what they are made
# of. The program takes them in when it is compiled (crates/assets).
cd "$(dirname "$0")/.." || exit 1
. scripts/setup.sh

# Sources that were added, changed or taken away since the last build, folders too.
changed_sources() {
    [ -e ui/dist/manifest.txt ] || echo "nothing is built yet"
    find ui -mindepth 1 \( -path ui/node_modules -o -path ui/dist \) -prune -o -newer ui/dist/manifest.txt -print
}

need_ui() {
    need_npm_packages ui
    [ -z "$(changed_sources 2>/dev/null)" ] && return 0
    need_node
    npm --prefix ui run --silent build
}

need_ui
