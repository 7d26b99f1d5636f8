#!/bin/sh
# Puts Bluelamp in place on Debian 12 or another system with systemd: programs, user, folders, units. Run it as
# root from the folder of this file, with the folder of the programs: ./install.sh ../target/release
# It may be run again, for an upgrade: what is in /etc/bluelamp and /var/lib/bluelamp stays.
set -eu
cd "$(dirname "$0")"
programs="${1:?name the folder that has the programs bluelamp and bluelamp-verify}"
root="${DESTDIR:-}"

for program in bluelamp bluelamp-verify; do
    [ -x "$programs/$program" ] || { echo "$programs/$program is not there" >&2; exit 1; }
    install -D -m 0755 "$programs/$program" "$root/usr/bin/$program"
done
for unit in bluelamp.service bluelamp-backup.service bluelamp-backup.timer; do
    install -D -m 0644 "systemd/$unit" "$root/usr/lib/systemd/system/$unit"
done
install -D -m 0644 sysusers.conf "$root/usr/lib/sysusers.d/bluelamp.conf"
install -D -m 0644 ../docs/running.md "$root/usr/share/doc/bluelamp/running.md"
install -D -m 0644 ../docs/operator.md "$root/usr/share/doc/bluelamp/operator.md"
install -d -m 0755 "$root/etc/bluelamp"
install -d -m 0750 "$root/etc/bluelamp/tls"
[ -e "$root/etc/bluelamp/serve.conf" ] || install -m 0644 serve.conf "$root/etc/bluelamp/serve.conf"

# For a package that is being built nothing of this machine is touched.
[ -z "$root" ] || exit 0
systemd-sysusers /usr/lib/sysusers.d/bluelamp.conf
install -d -m 0700 -o bluelamp -g bluelamp /var/lib/bluelamp /var/backups/bluelamp
chgrp bluelamp /etc/bluelamp/tls
systemctl daemon-reload
echo "Bluelamp is in place. docs/running.md says what comes next: a deployment, a certificate, the first start."
