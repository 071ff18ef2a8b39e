#!/bin/sh
# Takes all rows of Postern's out of OVN's northbound database, in one transaction, and no others. OVN_NB_DB as for ovn-nbctl.
set -eu
command -v ovn-nbctl >/dev/null || { echo "remove: needs ovn-nbctl" >&2; exit 2; }
set --
for table in Port_Group Address_Set; do
  for row in $(ovn-nbctl --bare --no-headings --columns=_uuid find $table external_ids:postern=owned); do
    set -- "$@" -- destroy $table "$row"
  done
done
[ $# -eq 0 ] || ovn-nbctl "$@"
