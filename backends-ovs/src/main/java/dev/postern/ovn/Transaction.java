package dev.postern.ovn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows as operations of one OVSDB transaction (RFC 7047, 5.2), which happens as a whole or not at all. Logical switch ports, whose UUIDs only
 * the database knows, stand as {@code ["uuid", "lsp:NAME"]}, ACLs that are there already as {@code ["uuid", "acl:CONTENT"]}; whoever sends the
 * transaction puts the UUIDs there.
 */
public final class Transaction {

  /** The database. */
  public static final String DATABASE = "OVN_Northbound";

  /** What stands before a port's name in the place of its UUID. */
  public static final String PORT = "lsp:";

  /** What stands before an ACL's {@link Northbound#CONTENT} in the place of its UUID. */
  public static final String ACL = "acl:";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TABLES = List.of("Port_Group", "Address_Set");

  private Transaction() {}

  /** Puts these rows in the place of all that Postern owns. */
  public static ArrayNode replace(Northbound rows) {
    ArrayNode transaction = remove();
    rows.sets().forEach(set -> transaction.add(insert(set)));
    int number = 0;
    for (GroupRow group : rows.groups()) {
      number = insert(transaction, group, number);
    }
    transaction.add(insertState(rows.digest()));
    transaction.add(comment("postern: " + rows.groups().size() + " groups, "
        + rows.sets().size() + " sets, " + rows.acls() + " ACLs"));
    return transaction;
  }

  /** Takes away all that Postern owns. ACLs go with the port groups that hold them. */
  public static ArrayNode remove() {
    ArrayNode transaction = JSON.arrayNode().add(DATABASE);
    TABLES.forEach(table -> transaction.add(JSON.objectNode()
        .put("op", "delete")
        .put("table", table)
        .set("where", JSON.arrayNode().add(condition("external_ids", "includes", owned())))));
    return transaction;
  }

  /** Adds the insertion of a group and its ACLs; ACLs are numbered from {@code number} on. Returns the next number. */
  static int insert(ArrayNode transaction, GroupRow group, int number) {
    ArrayNode acls = JSON.arrayNode();
    int next = number;
    for (AclRow acl : group.acls()) {
      String name = "acl" + next++;
      transaction.add(insert(acl, name));
      acls.add(JSON.arrayNode().add("named-uuid").add(name));
    }
    ObjectNode row = JSON.objectNode().put("name", group.name());
    row.set("ports", ports(group.ports()));
    row.set("acls", set(acls));
    row.set("external_ids", ids(group.about(), ""));
    transaction.add(operation("insert", "Port_Group").set("row", row));
    return next;
  }

  /** Inserts the row that says which rows are there. */
  static ObjectNode insertState(String digest) {
    ObjectNode row = JSON.objectNode().put("name", Northbound.STATE_ROW);
    row.set("external_ids", state(digest));
    return operation("insert", "Address_Set").set("row", row);
  }

  /** Changes it. */
  static ObjectNode updateState(String digest) {
    ObjectNode update = operation("update", "Address_Set");
    update.set("where", stateRow());
    update.putObject("row").set("external_ids", state(digest));
    return update;
  }

  /** Fails, and the transaction with it, unless those rows are there whose digest this is. */
  static ObjectNode expectState(String digest) {
    ObjectNode wait = operation("wait", "Address_Set").put("timeout", 0).put("until", "==");
    wait.set("where", stateRow());
    wait.putArray("columns").add("external_ids");
    wait.putArray("rows").addObject().set("external_ids", state(digest));
    return wait;
  }

  private static ArrayNode stateRow() {
    return JSON.arrayNode().add(condition("name", "==", JSON.textNode(Northbound.STATE_ROW)));
  }

  private static ArrayNode state(String digest) {
    return map(new TreeMap<>(Map.of(Northbound.OWNER, Northbound.OWNED, Northbound.STATE, digest)));
  }

  /** References to ACLs that are there. */
  static ArrayNode acls(List<AclRow> acls) {
    ArrayNode uuids = JSON.arrayNode();
    acls.forEach(acl -> uuids.add(JSON.arrayNode().add("uuid").add(ACL + acl.content())));
    return set(uuids);
  }

  /** References to ACLs that this transaction inserts. */
  static ArrayNode named(List<String> names) {
    ArrayNode references = JSON.arrayNode();
    names.forEach(name -> references.add(JSON.arrayNode().add("named-uuid").add(name)));
    return set(references);
  }

  static ObjectNode insert(SetRow set) {
    ObjectNode row = JSON.objectNode().put("name", set.name());
    row.set("addresses", addresses(set.addresses()));
    row.set("external_ids", ids(set.about(), ""));
    return operation("insert", "Address_Set").set("row", row);
  }

  static ObjectNode insert(AclRow acl, String named) {
    ObjectNode row = JSON.objectNode()
        .put("direction", acl.toPort() ? "to-lport" : "from-lport")
        .put("priority", acl.priority())
        .put("match", acl.match())
        .put("action", acl.action())
        .put("name", acl.name());
    if (!acl.toPort()) {
      row.set("options", map(new TreeMap<>(Map.of("apply-after-lb", "true"))));
    }
    acl.tier().ifPresent(tier -> row.put("tier", tier));
    if (acl.log()) {
      row.put("log", true).put("severity", acl.severity());
      if (!acl.meter().isEmpty()) {
        row.put("meter", acl.meter());
      }
    }
    row.set("external_ids", ids("", acl.content()));
    return operation("insert", "ACL").put("uuid-name", named).set("row", row);
  }

  static ObjectNode operation(String op, String table) {
    return JSON.objectNode().put("op", op).put("table", table);
  }

  static ObjectNode comment(String text) {
    return JSON.objectNode().put("op", "comment").put("comment", text);
  }

  static ArrayNode condition(String column, String function, JsonNode value) {
    return JSON.arrayNode().add(column).add(function).add(value);
  }

  static ArrayNode owned() {
    SortedMap<String, String> entries = new TreeMap<>();
    entries.put(Northbound.OWNER, Northbound.OWNED);
    return map(entries);
  }

  private static ArrayNode ids(String about, String content) {
    SortedMap<String, String> entries = new TreeMap<>();
    entries.put(Northbound.OWNER, Northbound.OWNED);
    if (!about.isEmpty()) {
      entries.put(Northbound.ABOUT, about);
    }
    if (!content.isEmpty()) {
      entries.put(Northbound.CONTENT, content);
    }
    return map(entries);
  }

  static ArrayNode ports(List<String> names) {
    ArrayNode uuids = JSON.arrayNode();
    names.forEach(name -> uuids.add(JSON.arrayNode().add("uuid").add(PORT + name)));
    return set(uuids);
  }

  static ArrayNode addresses(List<String> addresses) {
    ArrayNode atoms = JSON.arrayNode();
    addresses.forEach(atoms::add);
    return set(atoms);
  }

  private static ArrayNode set(ArrayNode atoms) {
    return JSON.arrayNode().add("set").add(atoms);
  }

  private static ArrayNode map(SortedMap<String, String> entries) {
    ArrayNode pairs = JSON.arrayNode();
    entries.forEach((key, value) -> pairs.add(JSON.arrayNode().add(key).add(value)));
    return JSON.arrayNode().add("map").add(pairs);
  }

  /** The transaction as JSON text, one operation a line. */
  public static String text(ArrayNode transaction) {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < transaction.size(); i++) {
      text.append(i == 0 ? "" : ",\n ");
      try {
        text.append(mapper.writeValueAsString(transaction.get(i)));
      } catch (JsonProcessingException e) {
        throw new AssertionError("a tree is always text", e);
      }
    }
    return text.append("]\n").toString();
  }
}
