package dev.postern.ovn.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postern.ovn.read.NorthboundTables.Unreadable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a northbound database takes as a transaction (RFC 7047, ovn-nb(5)). It does a transaction as a whole or not at all: one that it refuses for
 * anything in it enforces nothing, so it is not read here either.
 */
final class TransactionForm {

  private static final Predicate<JsonNode> TEXT = JsonNode::isTextual;
  private static final Predicate<JsonNode> MAP_ENTRY = value -> value.isArray()
      && value.size() == 2
      && value.path(0).isTextual()
      && value.path(1).isTextual();
  private static final int NAME_LENGTH = 63;
  private static final int MOST_PRIORITY = 32_767;
  private static final int MOST_TIER = 3;
  private static final long MOST_LABEL = 4_294_967_295L;

  /** How many values a column has. */
  private enum Count {
    ONE,
    AT_MOST_ONE,
    ANY
  }

  /** A column; {@code table} is the one that its values refer to rows of, if they do. */
  private record Column(
      boolean map, Count count, Predicate<JsonNode> takes, Optional<String> table) {

    static Column of(Count count, Predicate<JsonNode> takes) {
      return new Column(false, count, takes, Optional.empty());
    }

    static Column references(String table) {
      return new Column(false, Count.ANY, TransactionForm::isReference, Optional.of(table));
    }

    static Column texts() {
      return new Column(true, Count.ANY, MAP_ENTRY, Optional.empty());
    }
  }

  private static final Map<String, Map<String, Column>> TABLES = Map.of(
      "ACL",
      Map.ofEntries(
          Map.entry("name", Column.of(Count.AT_MOST_ONE, TransactionForm::isName)),
          Map.entry("priority", Column.of(Count.ONE, upTo(MOST_PRIORITY))),
          Map.entry("direction", Column.of(Count.ONE, oneOf("from-lport", "to-lport"))),
          Map.entry("match", Column.of(Count.ONE, TEXT)),
          Map.entry(
              "action",
              Column.of(
                  Count.ONE,
                  oneOf("allow", "allow-related", "allow-stateless", "drop", "reject", "pass"))),
          Map.entry("log", Column.of(Count.ONE, JsonNode::isBoolean)),
          Map.entry(
              "severity",
              Column.of(Count.AT_MOST_ONE, oneOf("alert", "warning", "notice", "info", "debug"))),
          Map.entry("meter", Column.of(Count.AT_MOST_ONE, TEXT)),
          Map.entry("label", Column.of(Count.ONE, upTo(MOST_LABEL))),
          Map.entry("tier", Column.of(Count.ONE, upTo(MOST_TIER))),
          Map.entry("options", Column.texts()),
          Map.entry("external_ids", Column.texts())),
      "Port_Group",
      Map.of(
          "name", Column.of(Count.ONE, TEXT),
          "ports", Column.references("Logical_Switch_Port"),
          "acls", Column.references("ACL"),
          "external_ids", Column.texts()),
      "Address_Set",
      Map.of(
          "name", Column.of(Count.ONE, TEXT),
          "addresses", Column.of(Count.ANY, TEXT),
          "external_ids", Column.texts()),
      "Logical_Switch",
      Map.of(
          "name", Column.of(Count.ONE, TEXT),
          "ports", Column.references("Logical_Switch_Port"),
          "acls", Column.references("ACL"),
          "load_balancer", Column.references("Load_Balancer"),
          "other_config", Column.texts(),
          "external_ids", Column.texts()),
      "Logical_Switch_Port",
      Map.of(
          "name", Column.of(Count.ONE, TEXT),
          "type", Column.of(Count.ONE, TEXT),
          "addresses", Column.of(Count.ANY, TEXT),
          "dynamic_addresses", Column.of(Count.AT_MOST_ONE, TEXT),
          "port_security", Column.of(Count.ANY, TEXT),
          "enabled", Column.of(Count.AT_MOST_ONE, JsonNode::isBoolean),
          "up", Column.of(Count.AT_MOST_ONE, JsonNode::isBoolean),
          "options", Column.texts(),
          "external_ids", Column.texts()),
      "Load_Balancer",
      Map.of(
          "name", Column.of(Count.ONE, TEXT),
          "vips", Column.texts(),
          "protocol", Column.of(Count.AT_MOST_ONE, oneOf("tcp", "udp", "sctp")),
          "options", Column.texts(),
          "external_ids", Column.texts()));

  /** Columns whose value when nothing is said of them is none that they take. */
  private static final Map<String, List<String>> NEEDED =
      Map.of("ACL", List.of("action", "direction"));

  /** Tables no two rows of which have one name. */
  private static final Set<String> UNIQUE =
      Set.of("Port_Group", "Address_Set", "Logical_Switch_Port");

  private static final Set<String> FUNCTIONS = Set.of("==", "!=", "includes", "excludes");

  /** The tables in which a row of each name is inserted. */
  private final Map<String, String> inserted = new HashMap<>();

  private final Map<String, Set<String>> names = new HashMap<>();

  private TransactionForm() {}

  /**
   * Passes over a transaction that a database takes, as far as its own rows tell.
   *
   * @throws Unreadable if it does not; the message says why
   */
  static void require(JsonNode transaction) throws Unreadable {
    TransactionForm form = new TransactionForm();
    for (int i = 1; i < transaction.size(); i++) {
      form.declare(i, transaction.path(i));
    }
    for (int i = 1; i < transaction.size(); i++) {
      form.operation(i, transaction.path(i));
    }
  }

  private static Unreadable refused(int number, String why) {
    return new Unreadable(
        "the database refuses the whole transaction, operation " + number + ": " + why);
  }

  private void declare(int number, JsonNode operation) throws Unreadable {
    String name = operation.path("uuid-name").asText();
    if (operation.path("op").asText().equals("insert")
        && operation.has("uuid-name")
        && inserted.put(name, operation.path("table").asText()) != null) {
      throw refused(number, "two rows are named " + name);
    }
  }

  private void operation(int number, JsonNode operation) throws Unreadable {
    if (!operation.isObject()) {
      throw refused(number, "it is no object");
    }
    switch (operation.path("op").asText()) {
      case "insert" -> insert(number, operation);
      case "delete" -> delete(number, operation);
      case "comment" -> {
        members(number, operation, List.of("comment"), List.of());
        if (!operation.path("comment").isTextual()) {
          throw refused(number, "its comment is no text");
        }
      }
      default ->
        throw new Unreadable("a transaction with `" + operation.path("op").asText()
            + "`: what it leaves depends on the database");
    }
  }

  private static void members(
      int number, JsonNode operation, List<String> needed, List<String> more) throws Unreadable {
    for (String name : needed) {
      if (!operation.has(name)) {
        throw refused(number, "it has no `" + name + "`");
      }
    }
    for (Map.Entry<String, JsonNode> member : operation.properties()) {
      String name = member.getKey();
      if (!name.equals("op") && !needed.contains(name) && !more.contains(name)) {
        throw refused(number, "`" + name + "` does not belong there");
      }
    }
  }

  private static Map<String, Column> table(int number, JsonNode operation) throws Unreadable {
    String name = operation.path("table").asText();
    Map<String, Column> columns = TABLES.get(name);
    if (columns == null) {
      throw refused(number, "table " + name + " is none of those that are read of a transaction");
    }
    return columns;
  }

  private void insert(int number, JsonNode operation) throws Unreadable {
    members(number, operation, List.of("table", "row"), List.of("uuid-name"));
    String table = operation.path("table").asText();
    Map<String, Column> columns = table(number, operation);
    JsonNode row = operation.path("row");
    if (!row.isObject()) {
      throw refused(number, "a row of table " + table + " is no object");
    }
    if (operation.has("uuid-name")
        && !operation.path("uuid-name").asText().matches("[A-Za-z_][A-Za-z_0-9]*")) {
      throw refused(number, "its uuid-name is no name");
    }
    for (String column : NEEDED.getOrDefault(table, List.of())) {
      if (!row.has(column)) {
        throw refused(number, "the row has no " + column);
      }
    }
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      value(number, table, field.getKey(), columns, field.getValue());
    }
    String name = row.path("name").asText();
    if (UNIQUE.contains(table)
        && !names.computeIfAbsent(table, t -> new HashSet<>()).add(name)) {
      throw refused(number, "two rows of table " + table + " have the name " + name);
    }
  }

  private void delete(int number, JsonNode operation) throws Unreadable {
    members(number, operation, List.of("table", "where"), List.of());
    Map<String, Column> columns = table(number, operation);
    if (!operation.path("where").isArray()) {
      throw refused(number, "its `where` is no list of conditions");
    }
    for (JsonNode condition : operation.path("where")) {
      if (condition.size() != 3
          || !condition.path(0).isTextual()
          || !FUNCTIONS.contains(condition.path(1).asText())) {
        throw refused(number, condition + " is no condition");
      }
      value(
          number,
          operation.path("table").asText(),
          condition.path(0).asText(),
          columns,
          condition.path(2));
    }
  }

  private void value(
      int number, String table, String name, Map<String, Column> columns, JsonNode value)
      throws Unreadable {
    Column column = columns.get(name);
    if (column == null) {
      throw refused(number, "table " + table + " has no column " + name);
    }
    boolean many = value.isArray()
        && value.size() == 2
        && value.path(0).asText().equals(column.map ? "map" : "set")
        && value.path(1).isArray();
    if (!many && column.map) {
      throw refused(number, name + " is no map");
    }
    Set<JsonNode> seen = new HashSet<>();
    for (JsonNode atom : many ? value.path(1) : List.of(value)) {
      if (!column.takes.test(atom)) {
        throw refused(number, name + " does not take " + atom);
      }
      if (!seen.add(column.map ? atom.path(0) : atom)) {
        throw refused(number, name + " has " + atom + " twice");
      }
      if (column.table.isPresent()) {
        reference(number, atom, column.table.get());
      }
    }
    if (column.count == Count.ONE && seen.size() != 1
        || column.count == Count.AT_MOST_ONE && seen.size() > 1) {
      throw refused(number, name + " does not take " + seen.size() + " values");
    }
  }

  private void reference(int number, JsonNode reference, String table) throws Unreadable {
    boolean named = reference.path(0).asText().equals("named-uuid");
    String name = reference.path(1).asText();
    boolean here = named && table.equals(inserted.get(name));
    // ACLs go with what holds them: one that is not inserted here is gone, or another's.
    if (!here && (named || table.equals("ACL"))) {
      throw refused(
          number,
          "it refers to a row " + name + " of table " + table + ", which it does not insert");
    }
  }

  private static boolean isReference(JsonNode value) {
    return value.isArray()
        && value.size() == 2
        && Set.of("uuid", "named-uuid").contains(value.path(0).asText())
        && value.path(1).isTextual();
  }

  private static boolean isName(JsonNode value) {
    return value.isTextual()
        && value.asText().codePointCount(0, value.asText().length()) <= NAME_LENGTH;
  }

  private static Predicate<JsonNode> upTo(long most) {
    return value -> value.isNumber()
        && value.decimalValue().stripTrailingZeros().scale() <= 0
        && value.decimalValue().signum() >= 0
        && value.longValue() <= most
        && value.canConvertToLong();
  }

  private static Predicate<JsonNode> oneOf(String... words) {
    Set<String> all = Set.of(words);
    return value -> value.isTextual() && all.contains(value.asText());
  }
}
