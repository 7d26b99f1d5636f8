#!/bin/sh
# Holds the verifier in HTML (ui/verifier) against bluelamp-verify: the tests of that write each export that they tamper
# with, and what they found in it; the other must find the same.
cd "$(dirname "$0")/.." || exit 1
. scripts/setup.sh
scripts/ui.sh || exit 1
need_node

DUMP_EXPORTS="$(mktemp -d)"
export DUMP_EXPORTS
trap 'rm -r "$DUMP_EXPORTS"' EXIT
cargo nextest run --status-level fail -p bluelamp-witness -E 'binary(tampering) + binary(good) + binary(papers)' || exit 1
node --test ui/verifier/test.js
