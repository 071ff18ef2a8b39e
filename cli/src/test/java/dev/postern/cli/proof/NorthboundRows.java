package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rows of a northbound database as one transaction that inserts them, on an empty database. */
final class NorthboundRows {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> DUMPED = List.of(
      "ACL",
      "Address_Set",
      "Load_Balancer",
      "Logical_Router",
      "Logical_Router_Port",
      "Logical_Switch",
      "Logical_Switch_Port",
      "Port_Group");

  /** Columns that a dump has whether or not a row says anything there. */
  private static final List<String> COLUMNS = List.of(
      "_uuid",
      "acls",
      "addresses",
      "enabled",
      "external_ids",
      "load_balancer",
      "name",
      "ports",
      "port_security");

  private final ArrayNode transaction = JsonNodeFactory.instance.arrayNode().add("OVN_Northbound");

  /** A row that is being filled; others refer to it by its name. */
  record Row(String name, ObjectNode columns) {

    Row set(String column, String value) {
      columns.put(column, value);
      return this;
    }

    Row set(String column, int value) {
      columns.put(column, value);
      return this;
    }

    Row map(String column, Map<String, String> entries) {
      ArrayNode pairs = columns.putArray(column).add("map").addArray();
      entries.forEach((key, value) -> pairs.addArray().add(key).add(value));
      return this;
    }

    Row texts(String column, Collection<String> values) {
      ArrayNode set = columns.putArray(column).add("set").addArray();
      values.forEach(set::add);
      return this;
    }

    Row rows(String column, Collection<Row> values) {
      ArrayNode set = columns.putArray(column).add("set").addArray();
      values.forEach(row -> set.addArray().add("named-uuid").add(row.name));
      return this;
    }
  }

  Row insert(String table) {
    String name = "row" + transaction.size();
    ObjectNode operation =
        transaction.addObject().put("op", "insert").put("table", table).put("uuid-name", name);
    return new Row(name, operation.putObject("row"));
  }

  /** The transaction as JSON. */
  String text() {
    return transaction.toString();
  }

  /** The rows of such a transaction as {@code ovsdb-client dump -f json} prints them: each row's own columns, then what all others are without. */
  static String dumped(String transaction) {
    try {
      Map<String, List<ObjectNode>> tables = new TreeMap<>();
      DUMPED.forEach(table -> tables.put(table, new ArrayList<>()));
      for (JsonNode operation : MAPPER.readTree(transaction)) {
        if (operation.isObject()) {
          ObjectNode row = ((ObjectNode) operation.path("row")).deepCopy();
          row.putArray("_uuid").add("uuid").add(operation.path("uuid-name").asText());
          tables.get(operation.path("table").asText()).add(row);
        }
      }
      StringBuilder text = new StringBuilder();
      for (Map.Entry<String, List<ObjectNode>> table : tables.entrySet()) {
        text.append(MAPPER.writeValueAsString(table(table.getKey(), table.getValue())))
            .append('\n');
      }
      return text.toString().replace("\"named-uuid\"", "\"uuid\"");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode table(String name, List<ObjectNode> rows) {
    SortedSet<String> columns = new TreeSet<>(COLUMNS);
    rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    ObjectNode table = MAPPER.createObjectNode().put("caption", name + " table");
    ArrayNode headings = table.putArray("headings");
    columns.forEach(headings::add);
    ArrayNode data = table.putArray("data");
    for (ObjectNode row : rows) {
      ArrayNode values = data.addArray();
      for (String column : columns) {
        JsonNode value = row.path(column);
        if (value.isMissingNode()) {
          values.addArray().add("set").addArray();
        } else {
          values.add(value);
        }
      }
    }
    return table;
  }
}
