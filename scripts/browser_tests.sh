#!/bin/sh
# Tests the pages in Chromium, with and without scripts, light and dark, at the widths of a desk and a
# phone. Arguments name the files of tests/browser that are wanted, for instance finding; without any all are.
cd "$(dirname "$0")/.." || exit 1
. scripts/practice_server.sh

node tests/browser/support/first_passwords.js
[ $# -gt 0 ] || set -- every_page finding local_fields person roadside stop together verifier views
failed=""
for file in "$@"; do
    node "tests/browser/$file.test.js" || failed="$failed $file"
done
if [ -n "$failed" ]; then
    echo "failed:$failed"
    complaints
    exit 1
fi
