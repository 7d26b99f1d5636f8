#!/bin/sh
# Builds the styles and scripts of the pages into ui/dist, where they are older than what they are made
# of. The program takes them in when it is compiled (crates/assets).
cd "$(dirname "$0")/.." || exit 1
. scripts/setup.sh

need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "installing: nodejs npm"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
    fi
    # What Sass asks for.
    node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))' && return 0
    echo "node $(node --version) is too old to build the styles: install version 20 or newer" >&2
    exit 1
}

# Sources that were added, changed or taken away since the last build, folders too.
changed_sources() {
    [ -e ui/dist/manifest.txt ] || echo "nothing is built yet"
    find ui -mindepth 1 \( -path ui/node_modules -o -path ui/dist \) -prune -o -newer ui/dist/manifest.txt -print
}

# npm writes its own list of what it installed.
need_npm_packages() {
    installed=ui/node_modules/.package-lock.json
    [ -e "$installed" ] && [ -z "$(find ui/package-lock.json -newer "$installed")" ] && return 0
    need_node
    echo "installing the design systems"
    npm --prefix ui ci --include=dev --ignore-scripts --silent --no-audit --no-fund
    touch "$installed"
}

need_ui() {
    need_npm_packages
    [ -z "$(changed_sources 2>/dev/null)" ] && return 0
    need_node
    npm --prefix ui run --silent build
}

need_ui
