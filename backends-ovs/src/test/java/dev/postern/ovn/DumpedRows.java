package dev.postern.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What {@code ovsdb-client dump -f json} printed of a northbound database, with one thing broken, and as a transaction for another one. */
final class DumpedRows {

  enum Kind {
    NOTHING,
    RULE_DROPPED,
    PORT_MOVED,
    MEMBER_LOST,
    ORDER_SWAPPED,
    VERDICT_TURNED
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PORT = Pattern.compile("\\.dst ?(?:==|<=) ?(\\d+)");

  private final List<ObjectNode> tables = new ArrayList<>();

  private DumpedRows() {}

  static DumpedRows parse(String text) throws IOException {
    DumpedRows rows = new DumpedRows();
    try (MappingIterator<JsonNode> objects = JSON.readerFor(JsonNode.class).readValues(text)) {
      objects.forEachRemaining(object -> rows.tables.add((ObjectNode) object));
    }
    return rows;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    tables.forEach(table -> text.append(table).append('\n'));
    return text.toString();
  }

  private JsonNode table(String name) {
    return tables.stream()
        .filter(table -> table.path("caption").asText().equals(name + " table"))
        .findFirst()
        .orElse(JSON.createObjectNode());
  }

  private static int column(JsonNode table, String name) {
    int at = 0;
    for (JsonNode heading : table.path("headings")) {
      if (heading.asText().equals(name)) {
        return at;
      }
      at++;
    }
    throw new AssertionError("no column " + name);
  }

  /** Whether there was something to break. */
  boolean isBroken(Kind kind, Random random) {
    ArrayNode acls = (ArrayNode) table("ACL").path("data");
    int at = random.nextInt(acls.size());
    ArrayNode acl = (ArrayNode) acls.get(at);
    return switch (kind) {
      case NOTHING -> true;
      case RULE_DROPPED -> {
        acls.remove(at);
        String uuid = acl.get(column(table("ACL"), "_uuid")).get(1).asText();
        forget("Port_Group", uuid);
        forget("Logical_Switch", uuid);
        yield true;
      }
      case PORT_MOVED -> {
        int match = column(table("ACL"), "match");
        String text = acl.get(match).asText();
        List<MatchResult> ports = PORT.matcher(text).results().toList();
        if (ports.isEmpty()) {
          yield false;
        }
        MatchResult port = ports.get(random.nextInt(ports.size()));
        int moved = Integer.parseInt(port.group(1)) + (random.nextBoolean() ? 1 : -1);
        acl.set(
            match,
            JSON.getNodeFactory()
                .textNode(text.substring(0, port.start(1)) + moved + text.substring(port.end(1))));
        yield true;
      }
      case MEMBER_LOST -> {
        JsonNode sets = table("Address_Set");
        List<ArrayNode> members = new ArrayList<>();
        for (JsonNode row : sets.path("data")) {
          JsonNode addresses = row.get(column(sets, "addresses"));
          if (addresses.isArray() && addresses.get(1).size() > 1) {
            members.add((ArrayNode) addresses.get(1));
          }
        }
        if (members.isEmpty()) {
          yield false;
        }
        ArrayNode set = members.get(random.nextInt(members.size()));
        set.remove(random.nextInt(set.size()));
        yield true;
      }
      case ORDER_SWAPPED -> {
        int priority = column(table("ACL"), "priority");
        ArrayNode other = (ArrayNode) acls.get(random.nextInt(acls.size()));
        JsonNode mine = acl.get(priority);
        boolean differ = !mine.equals(other.get(priority));
        acl.set(priority, other.get(priority));
        other.set(priority, mine);
        yield differ;
      }
      case VERDICT_TURNED -> {
        int action = column(table("ACL"), "action");
        String turned = acl.get(action).asText().equals("drop") ? "allow-related" : "drop";
        acl.set(action, JSON.getNodeFactory().textNode(turned));
        yield true;
      }
    };
  }

  private void forget(String table, String uuid) {
    JsonNode rows = table(table);
    for (JsonNode row : rows.path("data")) {
      ArrayNode holder = (ArrayNode) row;
      int at = column(rows, "acls");
      ArrayNode left = JSON.createArrayNode();
      references(holder.get(at)).stream()
          .filter(each -> !each.equals(uuid))
          .forEach(each -> left.addArray().add("uuid").add(each));
      holder.set(at, JSON.createArrayNode().add("set").add(left));
    }
  }

  /** A set of references, or one. */
  private static List<String> references(JsonNode column) {
    List<String> uuids = new ArrayList<>();
    if (column.path(0).asText().equals("uuid")) {
      uuids.add(column.get(1).asText());
    } else {
      column.path(1).forEach(each -> uuids.add(each.get(1).asText()));
    }
    return uuids;
  }

  /**
   * Operations that put ACLs, groups and sets of addresses into a database that has the ports already.
   *
   * @param ports the ports there by name
   * @param tiers whether the database knows tiers
   */
  ArrayNode transaction(Map<String, String> ports, boolean tiers) {
    ArrayNode transaction = JSON.createArrayNode().add("OVN_Northbound");
    JsonNode acls = table("ACL");
    for (JsonNode acl : acls.path("data")) {
      ObjectNode row = JSON.createObjectNode();
      for (String name : List.of("action", "direction", "match", "options", "priority", "tier")) {
        if (tiers || !name.equals("tier")) {
          row.set(name, acl.get(column(acls, name)));
        }
      }
      insert(transaction, "ACL", row)
          .put("uuid-name", named(acl.get(column(acls, "_uuid")).get(1).asText()));
    }
    JsonNode sets = table("Address_Set");
    for (JsonNode set : sets.path("data")) {
      ObjectNode row = JSON.createObjectNode();
      row.set("name", set.get(column(sets, "name")));
      row.set("addresses", set.get(column(sets, "addresses")));
      insert(transaction, "Address_Set", row);
    }
    Map<String, String> names = new TreeMap<>();
    JsonNode switchPorts = table("Logical_Switch_Port");
    for (JsonNode port : switchPorts.path("data")) {
      names.put(
          port.get(column(switchPorts, "_uuid")).get(1).asText(),
          port.get(column(switchPorts, "name")).asText());
    }
    JsonNode groups = table("Port_Group");
    for (JsonNode group : groups.path("data")) {
      ObjectNode row = JSON.createObjectNode();
      row.set("name", group.get(column(groups, "name")));
      row.set("acls", named(references(group.get(column(groups, "acls")))));
      ArrayNode members = row.putArray("ports").add("set").addArray();
      for (String port : references(group.get(column(groups, "ports")))) {
        String there = ports.get(names.getOrDefault(port, ""));
        if (there != null) {
          members.addArray().add("uuid").add(there);
        }
      }
      insert(transaction, "Port_Group", row);
    }
    JsonNode switches = table("Logical_Switch");
    List<String> ofSwitches = new ArrayList<>();
    for (JsonNode each : switches.path("data")) {
      ofSwitches.addAll(references(each.get(column(switches, "acls"))));
    }
    ObjectNode row = JSON.createObjectNode();
    row.set("acls", named(ofSwitches));
    ObjectNode update = transaction.addObject().put("op", "update").put("table", "Logical_Switch");
    update.putArray("where").addArray().add("name").add("==").add(OvnLab.SWITCH);
    update.set("row", row);
    return transaction;
  }

  private static ObjectNode insert(ArrayNode transaction, String table, ObjectNode row) {
    ObjectNode insert = transaction.addObject().put("op", "insert").put("table", table);
    insert.set("row", row);
    return insert;
  }

  private static ArrayNode named(List<String> uuids) {
    ArrayNode set = JSON.createArrayNode().add("set");
    ArrayNode all = set.addArray();
    uuids.stream().distinct().forEach(uuid -> all.addArray().add("named-uuid").add(named(uuid)));
    return set;
  }

  private static String named(String uuid) {
    return "r" + uuid.replace('-', '_');
  }
}
