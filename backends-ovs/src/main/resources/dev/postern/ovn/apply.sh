#!/bin/sh
# Puts these rules in the place of all earlier ones of Postern's in OVN's northbound database, in one transaction: all or nothing,
# and the same when run again. Every row of another owner stays as it is.
#
# OVN_NB_DB names the database as for ovn-nbctl: unix:/run/ovn/ovnnb_db.sock, tcp:127.0.0.1:6641, ssl:...
set -eu
cd "$(dirname "$0")"
command -v ovn-nbctl >/dev/null || { echo "apply: needs ovn-nbctl" >&2; exit 2; }

# A port group must not lack a pod: a name that OVN does not know would leave that pod open.
ovn-nbctl --bare --no-headings --columns=name list Logical_Switch_Port | sed '/^$/d' | LC_ALL=C sort -u >.ports.there
missing=$(LC_ALL=C sort -u ports.txt | LC_ALL=C comm -23 - .ports.there)
rm -f .ports.there
if [ -n "$missing" ]; then
  echo "apply: no logical switch port of this name, so nothing was changed (is --port-name right?):" >&2
  echo "$missing" | sed 's/^/  /' >&2
  exit 1
fi

set --
for table in Port_Group Address_Set; do
  for row in $(ovn-nbctl --bare --no-headings --columns=_uuid find $table external_ids:postern=owned); do
    set -- "$@" -- destroy $table "$row"
  done
done
# ovn-nbctl takes one command at least; this one changes nothing.
[ $# -gt 0 ] || set -- -- --if-exists destroy Port_Group postern_nothing
. ./rows.sh
