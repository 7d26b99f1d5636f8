# Sourced by browser_tests.sh and screenshots.sh, from the root: serves a synthetic force on a free port
# until the caller ends, with accounts whose first passwords are in $BLUELAMP_PEOPLE.

. scripts/setup.sh
scripts/ui.sh
need_npm_packages tests/browser
need_chromium
cargo build --quiet --bin bluelamp
. scripts/server.sh

# What a command printed as JSON, read by an expression over `it`.
json() { node -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }

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

# What an overseer drops on the verifier.
export BLUELAMP_EXPORT="$work/export"
BLUELAMP_TOKEN="$(token_of auditor)" "$bluelamp" ledger export "$BLUELAMP_EXPORT" --recipient 'the overseer' \
    --purpose 'DPA 2018 s.62(4)(a)' --json >"$work/made"

serve
