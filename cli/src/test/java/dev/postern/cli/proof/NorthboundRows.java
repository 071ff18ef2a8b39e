package dev.postern.cli.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;

/** Rows of a northbound database as one transaction that inserts them, on an empty database. */
final class NorthboundRows {

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
}
