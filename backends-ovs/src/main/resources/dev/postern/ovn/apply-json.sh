#!/bin/sh
# Sends transaction.json to OVN's northbound database: all of it happens, or nothing, and the same when run again. Every row of another
# owner stays as it is.
#
# OVN_NB_DB names the database as for ovn-nbctl: unix:/run/ovn/ovnnb_db.sock, tcp:127.0.0.1:6641 or ssl:host:6641; for ssl,
# OVN_NB_PRIVATE_KEY, OVN_NB_CERTIFICATE and OVN_NB_CA_CERT name the files that ovn-nbctl takes as -p, -c and -C.
set -eu
cd "$(dirname "$0")"
command -v python3 >/dev/null || { echo "apply: needs python3" >&2; exit 2; }
exec python3 transact.py
