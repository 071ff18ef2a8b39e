#!/bin/sh
# Puts these rules in the place of all earlier ones of Postern's in OVN's northbound database, in one transaction: all or nothing,
# and the same when run again. Every row of another owner stays as it is. There are too many rows for the arguments of one ovn-nbctl,
# so this sends transaction.json itself.
#
# OVN_NB_DB names the database as for ovn-nbctl: unix:/run/ovn/ovnnb_db.sock or tcp:127.0.0.1:6641
set -eu
cd "$(dirname "$0")"
command -v python3 >/dev/null || { echo "apply: needs python3" >&2; exit 2; }
exec python3 - "${OVN_NB_DB:-unix:/run/ovn/ovnnb_db.sock}" <<'END'
import json, socket, sys

remote = sys.argv[1].split(",")[0]
kind, _, rest = remote.partition(":")
if kind == "unix":
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(rest)
elif kind == "tcp":
    host, _, port = rest.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)))
else:
    sys.exit("apply: this script speaks unix: and tcp:, not " + remote)
connection.settimeout(120)


def call(method, params):
    connection.sendall(json.dumps({"method": method, "params": params, "id": 0}).encode())
    text, decoder = "", json.JSONDecoder()
    while True:
        text += connection.recv(1 << 20).decode()
        try:
            message, end = decoder.raw_decode(text)
        except ValueError:
            continue
        text = text[end:]
        if message.get("method") == "echo":
            connection.sendall(json.dumps({"id": message["id"], "result": message["params"], "error": None}).encode())
        elif message.get("id") == 0:
            return message


def transact(operations):
    answer = call("transact", operations)
    failed = [r for r in answer["result"] or [] if r and r.get("error")]
    if answer["error"] or failed:
        sys.exit("apply: nothing was changed: " + json.dumps(answer["error"] or failed[0]))
    return answer["result"]


select = {"op": "select", "table": "Logical_Switch_Port", "where": [], "columns": ["_uuid", "name"]}
uuids = {row["name"]: row["_uuid"] for row in transact(["OVN_Northbound", select])[0]["rows"]}
operations = json.load(open("transaction.json"))
missing = set()
for operation in operations[1:]:
    ports = operation.get("row", {}).get("ports")
    if ports:
        names = [port[1][len("lsp:"):] for port in ports[1]]
        missing.update(name for name in names if name not in uuids)
        ports[1] = [uuids.get(name) for name in names]
if missing:
    # A port group must not lack a pod: a name that OVN does not know would leave that pod open.
    print("apply: no logical switch port of this name, so nothing was changed (is --port-name right?):", file=sys.stderr)
    sys.exit("\n".join("  " + name for name in sorted(missing)))
transact(operations)
END
