"""Sends transaction.json to OVN's northbound database; apply.sh says how."""
import json, os, socket, ssl, sys


def connect(remote):
    kind, _, rest = remote.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(rest)
    elif kind in ("tcp", "ssl"):
        host, _, port = rest.rpartition(":")
        connection = socket.create_connection((host.strip("[]"), int(port)), 10)
        if kind == "ssl":
            # OVN's certificates name no hosts: like ovn-nbctl, trust who the authority signed.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.load_verify_locations(os.environ["OVN_NB_CA_CERT"])
            context.load_cert_chain(os.environ["OVN_NB_CERTIFICATE"], os.environ["OVN_NB_PRIVATE_KEY"])
            connection = context.wrap_socket(connection)
    else:
        sys.exit("apply: OVN_NB_DB is unix:, tcp: or ssl:, not " + remote)
    connection.settimeout(120)
    return connection


def first(remotes):
    problems = []
    for remote in remotes:
        try:
            return connect(remote)
        except (OSError, KeyError) as problem:
            problems.append("%s: %s" % (remote, problem))
    sys.exit("apply: nothing was changed: " + "; ".join(problems))


def call(method, params):
    connection.sendall(json.dumps({"method": method, "params": params, "id": 0}).encode())
    data, decoder = b"", json.JSONDecoder()
    while True:
        more = connection.recv(1 << 20)
        if not more:
            sys.exit("apply: the database closed the connection")
        data += more
        try:
            message, end = decoder.raw_decode(data.decode())
        except ValueError:
            continue
        if message.get("method") == "echo":
            connection.sendall(json.dumps({"id": message["id"], "result": message["params"], "error": None}).encode())
            data = data.decode()[end:].encode()
        elif message.get("id") == 0:
            return message


def transact(operations):
    answer = call("transact", ["OVN_Northbound"] + operations)
    failed = [r for r in answer["result"] or [] if r and r.get("error")]
    if answer["error"] or failed:
        sys.exit("apply: nothing was changed: " + json.dumps(answer["error"] or failed[0]))
    return answer["result"]


def select(table, *columns):
    operation = {"op": "select", "table": table, "where": []}
    if columns:
        operation["columns"] = list(columns)
    return transact([operation])[0]["rows"]


def state(row):
    return dict(row["external_ids"][1]).get("postern-state")


connection = first((os.environ.get("OVN_NB_DB") or "unix:/run/ovn/ovnnb_db.sock").split(","))
operations = json.load(open("transaction.json"))[1:]

expected = [state(o["rows"][0]) for o in operations if o["op"] == "wait"]
if expected:
    there = [state(row) for row in select("Address_Set", "name", "external_ids") if row["name"] == "postern_state"]
    wanted = [state(o["row"]) for o in operations if o["op"] == "update" and o["table"] == "Address_Set"]
    if there == wanted:
        print("apply: these rules are there already")
        sys.exit(0)
    if there != expected:
        sys.exit("apply: other rules are there than those that this turns into new ones, so nothing was changed"
                 " (hint: compile the whole, not a change, and apply that)")

uuids = {"lsp:" + row["name"]: row["_uuid"] for row in select("Logical_Switch_Port", "_uuid", "name")}
if any('"acl:' in json.dumps(o) for o in operations if o["op"] == "mutate"):
    for row in select("ACL", "_uuid", "external_ids"):
        uuids["acl:" + dict(row["external_ids"][1]).get("postern-content", "")] = row["_uuid"]
missing = set()


def resolved(value):
    """The value with UUIDs in the place of names that only the database can resolve."""
    if isinstance(value, list):
        if len(value) == 2 and value[0] == "uuid" and value[1][:4] in ("lsp:", "acl:"):
            if value[1] not in uuids:
                missing.add(value[1])
            return uuids.get(value[1])
        return [resolved(each) for each in value]
    if isinstance(value, dict):
        return {key: resolved(each) for key, each in value.items()}
    return value


operations = [resolved(operation) for operation in operations]
ports = sorted(name[4:] for name in missing if name.startswith("lsp:"))
if ports:
    # A port group must not lack a pod: a name that OVN does not know would leave that pod open.
    print("apply: no logical switch port of this name, so nothing was changed (are ports named as was said when this was compiled?):", file=sys.stderr)
    sys.exit("\n".join("  " + port for port in ports))
if missing:
    sys.exit("apply: nothing was changed: somebody took away ACLs of Postern's, " + ", ".join(sorted(missing)))
transact(operations)
