#!/bin/sh
# Starts the server on a small deployment of synthetic data and has schemathesis judge the API by its
# own document, with a fixed seed, for SECONDS (default 75). Fails on its findings.
cd "$(dirname "$0")/.." || exit 1
. scripts/setup.sh
need_schemathesis
seconds="${1:-75}"
. scripts/server.sh
[ -x "$bluelamp" ] || cargo build --bin bluelamp

json() { "$PYTHON" -c "import json,sys; print(json.load(sys.stdin)$1)"; }

administrator="$("$bluelamp" init --json | json '["users"][0]["token"]')"
export BLUELAMP_TOKEN="$administrator"
# Every role but the administrator's at once, so that each route goes as deep as it can. Nobody has that
# one together with them, so the administrator has a part of the time too.
set -- users add tester --json
for role in records-reviewer officer supervisor analyst intelligence-officer custody-officer \
    case-builder data-protection-officer auditor overseer; do
    set -- "$@" --role "$role"
done
tester="$("$bluelamp" "$@" | json '["token"]')"
BLUELAMP_TOKEN="$tester"
for mark in AB12CDE CD34EFG EF56HIJ; do
    "$bluelamp" new vehicle "vrm=$mark" make=Ford --purpose 'test data' >"$work/made"
done

serve

config="$PWD/scripts/schemathesis.toml"
cd "$work"
# Judges the API as TOKEN for SECONDS.
judge() {
    "$SCHEMATHESIS" --config-file "$config" run "$BLUELAMP_ADDRESS/api/v1/openapi.json" \
        --header "Authorization: Bearer $1" --header 'Bluelamp-Purpose: schemathesis' \
        --seed 1 --max-time "$2" --workers 1 --no-color --continue-on-failure
}
if ! judge "$tester" "$((seconds * 2 / 3))" || ! judge "$administrator" "$((seconds - seconds * 2 / 3))"; then
    complaints
    exit 1
fi
# What a server tells of requests names nobody and says nothing of what was sent.
if grep -q -e "$tester" -e "$administrator" -e schemathesis -e tester -e AB12 "$work/log"; then
    echo "the server's log holds personal data or a token"
    exit 1
fi
# Told to stop, it ends what it began; and after all that was sent to it, everything is well.
kill -TERM "$server"
wait "$server"
server=""
BLUELAMP_TOKEN="$administrator" "$bluelamp" doctor --json >"$work/health" || {
    cat "$work/health"
    exit 1
}
