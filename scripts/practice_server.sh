# Sourced by browser_tests.sh and screenshots.sh, from the root: serves a synthetic force on a free port
# until the caller ends, with accounts whose first passwords are in $BLUELAMP_PEOPLE.

. scripts/setup.sh
scripts/ui.sh
need_npm_packages tests/browser
need_chromium
cargo build --quiet --bin bluelamp
bluelamp="$CARGO_TARGET_DIR/debug/bluelamp"

work="$(mktemp -d)"
server=""
finish() {
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server"
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# What a command printed as JSON, read by an expression over `it`.
json() { node -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }

export BLUELAMP_DATA_DIR="$work/force"
mkdir "$work/exchange"
"$bluelamp" init --records-reviewer reviewer --json >"$work/first"
token_of() { json "it.users.find((user) => user.name === '$1').token" <"$work/first"; }

export BLUELAMP_PEOPLE="$work/people"
json 'it.users.map((user) => `${user.name} ${user.password}`).join("\n")' <"$work/first" >"$BLUELAMP_PEOPLE"
BLUELAMP_TOKEN="$(token_of administrator)"
export BLUELAMP_TOKEN
for name in officer supervisor; do
    "$bluelamp" users add "$name" --role "$name" --json >"$work/made"
    "$bluelamp" users unit "$name" 'Response A' --json >"$work/made"
    password="$("$bluelamp" users password "$name" --json | json it.password)"
    echo "$name $password" >>"$BLUELAMP_PEOPLE"
done
BLUELAMP_TOKEN="$(token_of reviewer)" "$bluelamp" synth --nominals 400 --seed 1 \
    --purpose 'practice data' --json >"$work/made"

"$bluelamp" serve --listen 127.0.0.1:0 --json --exchange "$work/exchange" \
    --token-rate 1000000 --address-rate 1000000 --failure-rate 1000000 >"$work/listening" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    [ -s "$work/listening" ] && break
    sleep 0.1
done
BLUELAMP_ADDRESS="http://$(json it.listening <"$work/listening")"
export BLUELAMP_ADDRESS
