package dev.postern.ovn.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables of a northbound database by name, each with its rows by UUID, from any of the forms in which they are printed. */
final class NorthboundTables {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String BACKUP = "OVSDB JSON ";

  /** The tables that ACLs are in or speak of. */
  private static final List<String> DECIDING =
      List.of("ACL", "Address_Set", "Logical_Switch", "Logical_Switch_Port", "Port_Group");

  /** The columns without which a row of a dump says something else, in every release of OVN. */
  private static final Map<String, List<String>> COLUMNS = Map.of(
      "ACL", List.of("_uuid", "action", "direction", "external_ids", "match", "priority"),
      "Address_Set", List.of("_uuid", "addresses", "name"),
      "Logical_Switch", List.of("_uuid", "acls", "load_balancer", "ports"),
      "Logical_Switch_Port", List.of("_uuid", "addresses", "enabled", "name", "port_security"),
      "Port_Group", List.of("_uuid", "acls", "name", "ports"));

  /** The tables that a column refers to rows of. */
  private static final Map<List<String>, String> REFERENCES = Map.of(
      List.of("Port_Group", "acls"), "ACL",
      List.of("Port_Group", "ports"), "Logical_Switch_Port",
      List.of("Logical_Switch", "acls"), "ACL",
      List.of("Logical_Switch", "ports"), "Logical_Switch_Port");

  private final Map<String, Map<String, Row>> tables = new LinkedHashMap<>();
  private boolean dumped;

  /** A row: values as RFC 7047 writes them. */
  record Row(String uuid, ObjectNode columns) {

    /** A string, or the only one of a set; else empty. */
    String text(String column) {
      JsonNode value = columns.path(column);
      List<JsonNode> atoms = atoms(column);
      return atoms.size() == 1 ? atoms.get(0).asText() : value.isTextual() ? value.asText() : "";
    }

    /** A number; 0 where the column is missing. */
    int number(String column) {
      List<JsonNode> atoms = atoms(column);
      return atoms.size() == 1 ? atoms.get(0).asInt(0) : 0;
    }

    /** The members of a set; one if the value is a lone atom. */
    List<JsonNode> atoms(String column) {
      JsonNode value = columns.path(column);
      List<JsonNode> atoms = new ArrayList<>();
      if (value.isArray() && value.path(0).asText().equals("set")) {
        value.path(1).forEach(atoms::add);
      } else if (!value.isMissingNode() && !value.isNull()) {
        atoms.add(value);
      }
      return atoms;
    }

    /** The members of a set of strings. */
    List<String> texts(String column) {
      return atoms(column).stream().map(JsonNode::asText).toList();
    }

    /** The rows that a set refers to, by UUID. */
    List<String> references(String column) {
      return atoms(column).stream().map(atom -> atom.path(1).asText()).toList();
    }

    /** The same without references to these rows. */
    private Row without(Set<String> uuids) {
      ObjectNode rest = columns.deepCopy();
      for (String column : List.of("ports", "acls")) {
        ArrayNode kept = JSON.arrayNode();
        for (JsonNode atom : atoms(column)) {
          if (!uuids.contains(atom.path(1).asText())) {
            kept.add(atom);
          }
        }
        rest.set(column, JSON.arrayNode().add("set").add(kept));
      }
      return new Row(uuid, rest);
    }

    /** A map of strings. */
    SortedMap<String, String> map(String column) {
      SortedMap<String, String> map = new TreeMap<>();
      JsonNode value = columns.path(column);
      if (value.path(0).asText().equals("map")) {
        value
            .path(1)
            .forEach(pair -> map.put(pair.path(0).asText(), pair.path(1).asText()));
      }
      return map;
    }
  }

  /** Something that is no northbound database, with the reason. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /**
   * Reads {@code ovsdb-client dump -f json}, {@code ovsdb-client backup}, a list of such tables, or a transaction.
   *
   * @throws Unreadable if the text is none of them
   */
  static NorthboundTables parse(String text) throws Unreadable {
    NorthboundTables tables = new NorthboundTables();
    try {
      if (text.startsWith(BACKUP)) {
        tables.backup(text);
        tables.requireReferences();
        return tables;
      }
      try (JsonParser documents = new ObjectMapper().createParser(text)) {
        while (documents.nextToken() != null) {
          tables.document(documents.readValueAsTree());
        }
      }
    } catch (IOException e) {
      throw new Unreadable("this is not JSON: " + e.getMessage());
    }
    if (tables.tables.isEmpty()) {
      throw new Unreadable("there is no table in it: expected the output of"
          + " `ovsdb-client dump -f json` or `ovsdb-client backup`, or a transaction");
    }
    if (tables.dumped) {
      tables.requireWhole();
    }
    return tables;
  }

  /** A dump ends with any table; one that lacks a table was cut, or is of a part of the database. */
  private void requireWhole() throws Unreadable {
    List<String> missing =
        DECIDING.stream().filter(name -> !tables.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new Unreadable("the dump is not whole: it has no table " + String.join(", ", missing)
          + " (hint: `ovsdb-client dump -f json <server> OVN_Northbound` prints all)");
    }
    requireReferences();
  }

  /** A database keeps no reference to a row that is not there. */
  private void requireReferences() throws Unreadable {
    for (Map.Entry<List<String>, String> reference : REFERENCES.entrySet()) {
      String holder = reference.getKey().get(0);
      String column = reference.getKey().get(1);
      for (Row row : rows(holder)) {
        for (String uuid : row.references(column)) {
          if (row(reference.getValue(), uuid).isEmpty()) {
            throw new Unreadable("the dump is not whole: table " + reference.getValue()
                + " lacks the row " + uuid + ", which " + column + " of a row of " + holder
                + " refers to");
          }
        }
      }
    }
  }

  private void document(JsonNode document) throws Unreadable {
    if (document.isObject() && document.has("headings")) {
      dumped(document);
    } else if (document.isArray() && document.path(0).asText().equals("OVN_Northbound")) {
      transaction(document);
    } else {
      throw new Unreadable("expected a table with `headings` and `data`, or a transaction that"
          + " begins with \"OVN_Northbound\"");
    }
  }

  private void dumped(JsonNode table) throws Unreadable {
    dumped = true;
    if (!table.path("data").isArray() || !table.path("headings").isArray()) {
      throw new Unreadable("a table without `data`: " + table.path("caption").asText());
    }
    String name = table.path("caption").asText().replaceFirst(" table$", "");
    Map<String, Row> rows = tables.computeIfAbsent(name, n -> new LinkedHashMap<>());
    if (!table.path("data").isEmpty()) {
      requireColumns(name, table.path("headings"));
    }
    for (JsonNode values : table.path("data")) {
      if (values.size() != table.path("headings").size()) {
        throw new Unreadable("a row of table " + name + " has " + values.size() + " values under "
            + table.path("headings").size() + " headings");
      }
      ObjectNode columns = JSON.objectNode();
      int index = 0;
      for (JsonNode heading : table.path("headings")) {
        columns.set(heading.asText(), values.path(index++));
      }
      String uuid = columns.path("_uuid").path(1).asText();
      if (rows.put(uuid, new Row(uuid, columns)) != null) {
        throw new Unreadable("table " + name + " has the row " + uuid + " twice");
      }
    }
  }

  /** A dump of some columns alone says nothing of the others. */
  private static void requireColumns(String table, JsonNode headings) throws Unreadable {
    List<String> given = new ArrayList<>();
    headings.forEach(heading -> given.add(heading.asText()));
    List<String> missing = COLUMNS.getOrDefault(table, List.of()).stream()
        .filter(column -> !given.contains(column))
        .toList();
    if (!missing.isEmpty()) {
      throw new Unreadable("table " + table + " is dumped without its columns "
          + String.join(", ", missing)
          + " (hint: `ovsdb-client dump -f json <server> OVN_Northbound` prints all)");
    }
  }

  private static ObjectNode row(String table, JsonNode columns) throws Unreadable {
    if (columns instanceof ObjectNode row) {
      return row;
    }
    throw new Unreadable("a row of table " + table + " is no object");
  }

  /** A database file: a header and a JSON text for the schema, then one for each change; a backup has a single change. */
  private void backup(String text) throws IOException, Unreadable {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> records = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      if (end < 0 || !text.startsWith(BACKUP, at)) {
        throw new Unreadable("a record of the database file is broken");
      }
      int next = text.indexOf("\n" + BACKUP, end);
      String record = text.substring(end + 1, next < 0 ? text.length() : next + 1);
      requireWhole(text.substring(at, end), record);
      records.add(mapper.readTree(record));
      at = next < 0 ? text.length() : next + 1;
    }
    if (records.size() != 2) {
      throw new Unreadable("a database file with its history: use `ovsdb-client backup`, which has"
          + " what there is now and nothing else");
    }
    for (Map.Entry<String, JsonNode> table : records.get(1).properties()) {
      if (table.getKey().startsWith("_")) {
        continue;
      }
      Map<String, Row> rows = tables.computeIfAbsent(table.getKey(), n -> new LinkedHashMap<>());
      for (Map.Entry<String, JsonNode> row : table.getValue().properties()) {
        rows.put(row.getKey(), new Row(row.getKey(), row(table.getKey(), row.getValue())));
      }
    }
  }

  /** A record says how long it is, and its SHA-1 digest (ovsdb(5)). */
  private static void requireWhole(String header, String record) throws Unreadable {
    String[] words = header.split(" ", -1);
    byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
    try {
      String digest =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
      if (words.length != 4
          || !words[2].equals(Integer.toString(bytes.length))
          || !words[3].equals(digest)) {
        throw new Unreadable("a record of the database file is cut or was changed");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** What a transaction on an empty database leaves there. */
  private void transaction(JsonNode operations) throws Unreadable {
    TransactionForm.require(operations);
    int number = 0;
    for (JsonNode operation : operations) {
      String op = operation.path("op").asText();
      if (op.equals("insert")) {
        String uuid = operation.path("uuid-name").asText("row " + number++);
        String table = operation.path("table").asText();
        tables
            .computeIfAbsent(table, n -> new LinkedHashMap<>())
            .put(uuid, new Row(uuid, row(table, operation.path("row"))));
      } else if (op.equals("delete") && !tables.isEmpty()) {
        throw new Unreadable(
            "a transaction that deletes after it inserted: which rows it leaves is not read");
      }
    }
    tables.putIfAbsent("Port_Group", Map.of());
  }

  /** The same without some rows, and without what groups of ports say of them. */
  NorthboundTables without(Set<String> uuids) {
    NorthboundTables rest = new NorthboundTables();
    tables.forEach((name, rows) -> {
      Map<String, Row> kept = new LinkedHashMap<>();
      rows.forEach((uuid, row) -> {
        if (!uuids.contains(uuid)) {
          kept.put(uuid, name.equals("Port_Group") ? row.without(uuids) : row);
        }
      });
      rest.tables.put(name, kept);
    });
    return rest;
  }

  /** The rows of a table; none if it is missing. */
  Iterable<Row> rows(String table) {
    return tables.getOrDefault(table, Map.of()).values();
  }

  /** A row by its UUID, or by the name that stands for it in a transaction. */
  Optional<Row> row(String table, String uuid) {
    return Optional.ofNullable(tables.getOrDefault(table, Map.of()).get(uuid));
  }

  boolean has(String table) {
    return tables.containsKey(table);
  }
}
