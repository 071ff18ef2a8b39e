package dev.postern.cli.difference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCause;
import dev.postern.diff.RowCauseSearch;
import dev.postern.diff.RowSide;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** For programs: {@code opened} and {@code closed} with the same traffic as in {@code connectivity -o json}. */
public final class JsonDifference {

  private JsonDifference() {}

  static void write(Difference difference, RowCauseSearch turning, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      fields(json, difference, turning);
      strings(json, "notes", difference.notes());
      json.writeEndObject();
    });
  }

  /** The fields of the object. */
  public static void fields(JsonGenerator json, Difference difference, RowCauseSearch turning)
      throws IOException {
    json.writeBooleanField("equal", difference.isEmpty());
    rows(json, "opened", difference.opened(), turning);
    rows(json, "closed", difference.closed(), turning);
    json.writeObjectFieldStart("newlyIsolated");
    for (var entry : difference.newlyIsolated().entrySet()) {
      strings(json, entry.getKey().field(), entry.getValue());
    }
    json.writeEndObject();
    strings(json, "added", difference.added());
    strings(json, "removed", difference.removed());
    if (difference.undecided().isPresent()) {
      json.writeStringField("undecided", difference.undecided().get());
    }
  }

  private static void rows(
      JsonGenerator json, String field, List<Difference.DifferenceRow> rows, RowCauseSearch turning)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Difference.DifferenceRow row : rows) {
      json.writeStartObject();
      ends(json, row);
      Optional<RowCause> turned = turning.of(row);
      if (turned.isPresent()) {
        RowCauseJson.write(json, turned.get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Who calls whom, on what, over which families. */
  static void ends(JsonGenerator json, Difference.DifferenceRow row) throws IOException {
    who(json, "src", row.source());
    who(json, "dst", row.destination());
    traffic(json, row.traffic());
    strings(json, "families", row.families().stream().map(Enum::name).toList());
  }

  private static void who(JsonGenerator json, String field, RowSide who) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("words", who.toString());
    strings(json, "workloads", who.workloads());
    strings(
        json,
        "addresses",
        who.addresses().ranges().stream().map(Object::toString).toList());
    json.writeEndObject();
  }

  static void strings(JsonGenerator json, String field, Iterable<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void traffic(JsonGenerator json, Traffic traffic) throws IOException {
    if (traffic.isAll()) {
      json.writeStringField("traffic", "all");
      return;
    }
    json.writeArrayFieldStart("traffic");
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts()) {
        for (PortSet.Interval interval : traffic.ports(protocol).intervals()) {
          json.writeStartObject();
          json.writeStringField("protocol", protocol.name());
          json.writeArrayFieldStart("ports");
          json.writeNumber(interval.first());
          json.writeNumber(interval.last());
          json.writeEndArray();
          json.writeEndObject();
        }
      } else if (traffic.other()) {
        json.writeStartObject();
        json.writeStringField("protocol", protocol.name());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
