#!/bin/sh
# Takes the pictures of docs/pages.md anew, from a synthetic force. Arguments name those wanted; without
# any it takes all.
cd "$(dirname "$0")/.." || exit 1
. scripts/practice_server.sh

node tests/browser/support/first_passwords.js
node tests/browser/screenshots.js docs/screenshots "$@"
