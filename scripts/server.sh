# Sourced by what tests a server, from the root, after setup.sh: a folder of its own, a deployment of its own
# in it, a server on a free port, all gone when the caller ends.

bluelamp="$CARGO_TARGET_DIR/debug/bluelamp"
work="$(mktemp -d)"
server=""
finish() {
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server"
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

export BLUELAMP_DATA_DIR="$work/force"
mkdir "$work/exchange"

# Serves the deployment; its address is then in $BLUELAMP_ADDRESS.
serve() {
    "$bluelamp" serve --listen 127.0.0.1:0 --json --exchange "$work/exchange" \
        --token-rate 1000000 --address-rate 1000000 --failure-rate 1000000 >"$work/listening" 2>"$work/log" &
    server=$!
    for _ in $(seq 100); do
        [ -s "$work/listening" ] && break
        sleep 0.1
    done
    BLUELAMP_ADDRESS="http://$(sed 's/.*"listening": *"\([^"]*\)".*/\1/' "$work/listening" | tr -d '\n{}')"
    export BLUELAMP_ADDRESS
}

# What the server said last of what went wrong.
complaints() {
    echo "what the server logged last:"
    grep -v '"status":[1234]' "$work/log" | tail -20
}
