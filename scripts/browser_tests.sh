#!/bin/sh
# Tests the pages in Chromium, with and without scripts, light and dark, at the widths of a desk and a
# phone. Arguments go to node's test runner, for instance --test-name-pattern=keyboard.
cd "$(dirname "$0")/.." || exit 1
. scripts/practice_server.sh

node tests/browser/support/first_passwords.js
if ! node --test --test-concurrency=1 "$@" tests/browser/*.test.js; then
    echo "what the server logged last:"
    grep -v '"status":[1234]' "$work/log" | tail -20
    exit 1
fi
