package dev.postern.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.OvsdbException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** A live northbound database: brings rows there in one transaction, and reads it back. Rows of other owners are never touched. */
public final class NorthboundDatabase {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TABLES = List.of(
      "NB_Global",
      "Logical_Switch",
      "Logical_Switch_Port",
      "Address_Set",
      "Port_Group",
      "ACL",
      "Load_Balancer",
      "NAT",
      "Logical_Router",
      "Logical_Router_Port",
      "Logical_Router_Policy",
      "Logical_Router_Static_Route");

  private final OvsdbClient client;

  public NorthboundDatabase(OvsdbClient client) {
    this.client = client;
  }

  /**
   * Makes these rows all that Postern owns there, with as few changes as that takes.
   *
   * @return how many operations it took; 0 if they were there already
   * @throws OvsdbException if a pod's port is missing, or the database refuses; nothing has changed then
   * @throws IOException if the database cannot be reached, or does not answer in time
   */
  public int apply(Northbound rows) throws IOException {
    Owned owned = owned();
    ArrayNode changes = NorthboundDelta.changes(owned.rows, rows);
    String digest = rows.digest();
    if (owned.state.isEmpty()) {
      changes.add(Transaction.insertState(digest));
    } else if (!owned.state.get().equals(digest)) {
      changes.add(Transaction.updateState(digest));
    }
    return transact(changes, owned.acls);
  }

  /**
   * Turns rows into others that are known to be there: sends only what differs, and reads none of the rows themselves.
   *
   * @return how many operations it took; 0 if the rows are equal, or were turned already
   * @throws OvsdbException if other rows are there, a pod's port is missing, or the database refuses; nothing has changed then
   * @throws IOException if the database cannot be reached, or does not answer in time
   */
  public int turn(Northbound from, Northbound to) throws IOException {
    Optional<String> state = state();
    if (state.equals(Optional.of(to.digest()))) {
      return 0;
    }
    if (!state.equals(Optional.of(from.digest()))) {
      throw new OvsdbException("other rows are there than those to be turned; nothing was changed");
    }
    return transact(NorthboundDelta.between(from, to), aclUuids());
  }

  private int transact(ArrayNode operations, Map<String, String> acls) throws IOException {
    if (operations.size() == 1) {
      return 0;
    }
    int count = operations.size() - 1;
    operations.add(Transaction.comment("postern apply"));
    client.transact(withUuids(operations, portUuids(), acls));
    return count;
  }

  /**
   * Takes away all rows of Postern's.
   *
   * @throws IOException if the database cannot be reached, or does not answer in time
   */
  public void remove() throws IOException {
    client.transact(Transaction.remove());
  }

  /**
   * What Postern owns there now.
   *
   * @throws IOException if the database cannot be reached, or does not answer in time
   */
  public Northbound rows() throws IOException {
    return owned().rows;
  }

  /**
   * The database as {@code ovsdb-client dump -f json} prints it, one table a line: those that ACLs speak of.
   *
   * @throws OvsdbException if an answer has no rows
   * @throws IOException if the database cannot be reached, or does not answer in time
   */
  public String dump() throws IOException {
    ArrayNode transaction = JSON.arrayNode().add(Transaction.DATABASE);
    TABLES.forEach(table -> transaction.add(select(table, false)));
    JsonNode results = client.transact(transaction);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < TABLES.size(); i++) {
      if (!results.path(i).path("rows").isArray()) {
        throw new OvsdbException("the server's answer has no rows of table " + TABLES.get(i));
      }
      text.append(table(TABLES.get(i), results.path(i).path("rows"))).append('\n');
    }
    return text.toString();
  }

  private static ObjectNode table(String name, JsonNode rows) {
    TreeSet<String> headings = new TreeSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(headings::add));
    ObjectNode table = JSON.objectNode().put("caption", name + " table");
    ArrayNode data = table.putArray("data");
    rows.forEach(row -> {
      ArrayNode values = data.addArray();
      headings.forEach(heading -> values.add(row.path(heading)));
    });
    headings.forEach(table.putArray("headings")::add);
    return table;
  }

  private static ObjectNode select(String table, boolean owned) {
    ArrayNode where = JSON.arrayNode();
    if (owned) {
      where.add(Transaction.condition("external_ids", "includes", Transaction.owned()));
    }
    return Transaction.operation("select", table).set("where", where);
  }

  private Optional<String> state() throws IOException {
    ObjectNode select = Transaction.operation("select", "Address_Set");
    select
        .putArray("where")
        .add(Transaction.condition("name", "==", JSON.textNode(Northbound.STATE_ROW)));
    JsonNode rows = client
        .transact(JSON.arrayNode().add(Transaction.DATABASE).add(select))
        .path(0)
        .path("rows");
    return rows.isEmpty() ? Optional.empty() : Optional.of(id(rows.path(0), Northbound.STATE));
  }

  private Map<String, String> aclUuids() throws IOException {
    ObjectNode select = select("ACL", true);
    select.putArray("columns").add("_uuid").add("external_ids");
    JsonNode rows = client
        .transact(JSON.arrayNode().add(Transaction.DATABASE).add(select))
        .path(0)
        .path("rows");
    Map<String, String> uuids = new HashMap<>();
    rows.forEach(
        row -> uuids.put(id(row, Northbound.CONTENT), row.path("_uuid").path(1).asText()));
    return uuids;
  }

  private Map<String, String> portUuids() throws IOException {
    ObjectNode select = select("Logical_Switch_Port", false);
    select.putArray("columns").add("_uuid").add("name");
    JsonNode rows = client
        .transact(JSON.arrayNode().add(Transaction.DATABASE).add(select))
        .path(0)
        .path("rows");
    Map<String, String> uuids = new HashMap<>();
    rows.forEach(
        row -> uuids.put(row.path("name").asText(), row.path("_uuid").path(1).asText()));
    return uuids;
  }

  /** The transaction with UUIDs in the place of ports' names and of what ACLs say. */
  private static ArrayNode withUuids(
      ArrayNode transaction, Map<String, String> ports, Map<String, String> acls)
      throws OvsdbException {
    Map<String, String> uuids = new HashMap<>();
    ports.forEach((name, uuid) -> uuids.put(Transaction.PORT + name, uuid));
    acls.forEach((content, uuid) -> uuids.put(Transaction.ACL + content, uuid));
    SortedSet<String> missing = new TreeSet<>();
    ArrayNode result = (ArrayNode) replaced(transaction, uuids, missing);
    if (!missing.isEmpty()) {
      throw new OvsdbException("no logical switch port is called " + String.join(", ", missing)
          + "; nothing was changed");
    }
    return result;
  }

  private static JsonNode replaced(
      JsonNode node, Map<String, String> uuids, SortedSet<String> missing) {
    if (node.isArray()) {
      String name = node.size() == 2 && node.path(0).asText().equals("uuid")
          ? node.path(1).asText()
          : "";
      if (name.startsWith(Transaction.PORT) || name.startsWith(Transaction.ACL)) {
        String uuid = uuids.get(name);
        if (uuid == null) {
          missing.add(name.substring(Transaction.PORT.length()));
        }
        return JSON.arrayNode().add("uuid").add(uuid == null ? "" : uuid);
      }
      ArrayNode copy = JSON.arrayNode();
      node.forEach(each -> copy.add(replaced(each, uuids, missing)));
      return copy;
    }
    if (node.isObject()) {
      ObjectNode copy = JSON.objectNode();
      node.properties()
          .forEach(field -> copy.set(field.getKey(), replaced(field.getValue(), uuids, missing)));
      return copy;
    }
    return node;
  }

  /**
   * The rows that are there.
   *
   * @param acls the UUIDs of ACLs by what they say
   * @param state the digest that the row for it has
   */
  private record Owned(Northbound rows, Map<String, String> acls, Optional<String> state) {}

  private Owned owned() throws IOException {
    ObjectNode ports = select("Logical_Switch_Port", false);
    ports.putArray("columns").add("_uuid").add("name");
    JsonNode results = client.transact(JSON.arrayNode()
        .add(Transaction.DATABASE)
        .add(select("Address_Set", true))
        .add(select("Port_Group", true))
        .add(select("ACL", false))
        .add(ports));
    Map<String, String> portNames = new HashMap<>();
    results
        .path(3)
        .path("rows")
        .forEach(row ->
            portNames.put(row.path("_uuid").path(1).asText(), row.path("name").asText()));
    Map<String, JsonNode> acls = new HashMap<>();
    results
        .path(2)
        .path("rows")
        .forEach(row -> acls.put(row.path("_uuid").path(1).asText(), row));
    List<SetRow> sets = new ArrayList<>();
    Optional<String> state = Optional.empty();
    for (JsonNode row : results.path(0).path("rows")) {
      String name = row.path("name").asText();
      if (name.equals(Northbound.STATE_ROW)) {
        state = Optional.of(id(row, Northbound.STATE));
      } else {
        sets.add(new SetRow(
            name,
            atoms(row.path("addresses")).stream().map(JsonNode::asText).sorted().toList(),
            about(row)));
      }
    }
    List<GroupRow> groups = new ArrayList<>();
    Map<String, String> uuids = new HashMap<>();
    results.path(1).path("rows").forEach(row -> {
      String name = row.path("name").asText();
      List<AclRow> all = new ArrayList<>();
      for (JsonNode reference : atoms(row.path("acls"))) {
        String uuid = reference.path(1).asText();
        AclRow acl = acl(acls.getOrDefault(uuid, JSON.objectNode()));
        all.add(acl);
        uuids.put(acl.content(), uuid);
      }
      groups.add(new GroupRow(
          name,
          atoms(row.path("ports")).stream()
              .map(port -> portNames.getOrDefault(port.path(1).asText(), ""))
              .sorted()
              .toList(),
          all,
          about(row)));
    });
    return new Owned(new Northbound(sets, groups), uuids, state);
  }

  private static AclRow acl(JsonNode row) {
    boolean log = row.path("log").asBoolean();
    boolean toPort = row.path("direction").asText().equals("to-lport");
    boolean afterLb = StreamSupport.stream(row.path("options").path(1).spliterator(), false)
        .anyMatch(option -> option.path(0).asText().equals("apply-after-lb")
            && option.path(1).asText().equals("true"));
    return new AclRow(
        toPort,
        row.path("priority").asInt(),
        row.path("match").asText(),
        // Whoever changed the stage of an ACL of ours made it another one.
        toPort == afterLb ? "" : row.path("action").asText(),
        row.path("tier").asInt() > 0
            ? OptionalInt.of(row.path("tier").asInt())
            : OptionalInt.empty(),
        log,
        atoms(row.path("severity")).stream().map(JsonNode::asText).findFirst().orElse("info"),
        atoms(row.path("meter")).stream().map(JsonNode::asText).findFirst().orElse(""),
        atoms(row.path("name")).stream().map(JsonNode::asText).findFirst().orElse(""));
  }

  private static List<JsonNode> atoms(JsonNode value) {
    List<JsonNode> atoms = new ArrayList<>();
    if (value.path(0).asText().equals("set")) {
      value.path(1).forEach(atoms::add);
    } else if (!value.isMissingNode()) {
      atoms.add(value);
    }
    return atoms;
  }

  private static String about(JsonNode row) {
    return id(row, Northbound.ABOUT);
  }

  private static String id(JsonNode row, String key) {
    Map<String, String> ids = new TreeMap<>();
    row.path("external_ids")
        .path(1)
        .forEach(pair -> ids.put(pair.path(0).asText(), pair.path(1).asText()));
    return ids.getOrDefault(key, "");
  }
}
