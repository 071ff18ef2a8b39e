package dev.postern.cli.difference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.net.AddressSet;
import dev.postern.openworld.OpenDifference;
import dev.postern.openworld.PortName;
import dev.postern.openworld.PossibleEnds;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/** For programs: the keys of {@code diff -o json}, with {@code open} set; {@code equal} is null where it was not decided. */
final class JsonOpenDifference {

  private JsonOpenDifference() {}

  static void write(OpenDifference difference, OpenReport report, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeBooleanField("open", true);
      boolean differ = !difference.opened().isEmpty() || !difference.closed().isEmpty();
      if (differ || difference.undecided().isEmpty()) {
        json.writeBooleanField("equal", !differ);
      } else {
        json.writeNullField("equal");
      }
      rows(json, "opened", difference.opened(), report);
      rows(json, "closed", difference.closed(), report);
      if (difference.undecided().isPresent()) {
        json.writeStringField("undecided", difference.undecided().get());
      }
      json.writeEndObject();
    });
  }

  private static void rows(
      JsonGenerator json, String field, List<OpenDifference.OpenRow> rows, OpenReport report)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (OpenDifference.OpenRow row : rows) {
      json.writeStartObject();
      side(json, "src", row.sources());
      side(json, "dst", row.destinations());
      JsonDifference.traffic(json, row.carried().traffic());
      names(json, "portNames", row.carried().named());
      names(json, "notPortNames", row.carried().unnamed());
      JsonDifference.strings(
          json, "families", row.families().stream().map(Enum::name).toList());
      json.writeStringField("side", row.side().field());
      json.writeStringField(
          "extent", row.extent().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      json.writeStringField("witness", report.example(row));
      json.writeStringField("before", verdict(row.witness().was().verdict()));
      json.writeStringField("after", verdict(row.witness().is().verdict()));
      RowCauseJson.write(
          json, RowCauseJson.turned(row.witness().was(), row.witness().is()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String verdict(Enum<?> verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static void names(JsonGenerator json, String field, SortedSet<PortName> names)
      throws IOException {
    if (!names.isEmpty()) {
      JsonDifference.strings(json, field, names.stream().map(PortName::toString).toList());
    }
  }

  private static void side(JsonGenerator json, String field, List<PossibleEnds> side)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("words", OpenReport.words(side));
    json.writeArrayFieldStart("anyOf");
    for (PossibleEnds anyone : side) {
      json.writeStartObject();
      if (anyone instanceof PossibleEnds.Pods pods) {
        json.writeStringField("namespaces", pods.namespaces().toString());
        json.writeStringField("pods", pods.labels().toString());
        if (!pods.addresses().equals(AddressSet.ALL)) {
          addresses(json, pods.addresses());
        }
      } else if (anyone instanceof PossibleEnds.Addresses outside) {
        addresses(json, outside.addresses());
      } else {
        JsonDifference.strings(
            json,
            "onHost",
            ((PossibleEnds.OnHost) anyone)
                .ends().stream().map(end -> end.workload().id()).distinct().toList());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void addresses(JsonGenerator json, AddressSet addresses) throws IOException {
    JsonDifference.strings(
        json, "addresses", addresses.ranges().stream().map(Object::toString).toList());
  }
}
