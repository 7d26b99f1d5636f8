# Sourced by ./demo and ./test: what a bare machine lacks is installed, the rest is left alone.

set -eu

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

has_postgres() {
    for folder in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/1[5-9]/bin; do
        [ -x "$folder/initdb" ] && return 0
    done
    return 1
}

# Whether the tests on a full disk can have one of their own.
can_mount() {
    probe="$(mktemp -d)"
    if mount -t tmpfs -o size=1m tmpfs "$probe" 2>/dev/null; then
        umount "$probe" && rmdir "$probe"
        return 0
    fi
    rmdir "$probe"
    return 1
}

# Whether a test can run where nothing outside can be reached.
can_cut_off() {
    unshare --map-root-user --net sh -c 'ip link set lo up' 2>/dev/null
}

# A C compiler and linker, for SQLite; curl and certificates, for the Rust toolchain.
need_packages() {
    missing=""
    command -v cc >/dev/null || missing="$missing build-essential"
    command -v curl >/dev/null || missing="$missing curl ca-certificates"
    command -v git >/dev/null || missing="$missing git"
    # Servers of the tests' own; ./demo needs none.
    [ -z "${NEED_POSTGRES:-}" ] || has_postgres || missing="$missing postgresql"
    [ -z "$missing" ] && return 0
    echo "installing:$missing"
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

need_rust() {
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
        export PATH
    fi
    command -v cargo >/dev/null && return 0
    echo "installing the Rust toolchain"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c rustfmt -c clippy
    PATH="$HOME/.cargo/bin:$PATH"
    export PATH
}

need_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return 0
    echo "installing cargo-nextest"
    cargo install cargo-nextest --locked
}

# Judges the API by its document. Its versions are pinned; it lives outside the checkout.
need_schemathesis() {
    home="${XDG_CACHE_HOME:-$HOME/.cache}/bluelamp/python"
    PYTHON="$home/bin/python"
    SCHEMATHESIS="$home/bin/schemathesis"
    cmp -s scripts/python-requirements.txt "$home/installed" && return 0
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv
    fi
    echo "installing schemathesis"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check -r scripts/python-requirements.txt
    cp scripts/python-requirements.txt "$home/installed"
}

need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "installing: nodejs npm"
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
    fi
    # What Sass and Playwright ask for.
    node -e 'process.exit(Number(process.versions.node.split(".")[0] < 18))' && return 0
    echo "node $(node --version) is too old to build and test the pages: install version 18 or newer" >&2
    exit 1
}

# What the lock file of a folder names. npm writes its own list of what it installed.
need_npm_packages() {
    installed="$1/node_modules/.package-lock.json"
    [ -e "$installed" ] && [ -z "$(find "$1/package-lock.json" -newer "$installed")" ] && return 0
    need_node
    echo "installing the packages of $1"
    npm --prefix "$1" ci --include=dev --ignore-scripts --silent --no-audit --no-fund
    touch "$installed"
}

need_chromium() {
    command -v chromium >/dev/null && return 0
    echo "installing: chromium"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
}

need_packages
need_rust

# Outside the checkout, so that a fresh clone builds on what was built before.
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/bluelamp/target}"
export CARGO_TARGET_DIR
