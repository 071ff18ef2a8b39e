package dev.postern.cli.matrix;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.answer.TrafficJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.net.Traffic;
import dev.postern.reach.Connectivity;
import dev.postern.summary.EndpointGroup;
import dev.postern.summary.MatrixByLabels;
import dev.postern.wording.ReachWords;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A matrix by namespaces and labels, in the formats that are tables. */
public final class LabelMatrix {

  private LabelMatrix() {}

  /** Whether a format has rows that could stand for many pairs. */
  public static boolean hasRows(MatrixFormat format) {
    return format.tellsDenied();
  }

  /**
   * Writes all rows.
   *
   * @throws IllegalArgumentException if the format is a picture
   */
  public static void write(Connectivity matrix, MatrixFormat format, Printer out) {
    List<MatrixByLabels.LabelRow> rows = MatrixByLabels.of(matrix);
    String traffic = matrix.showsDenied() ? "denied" : "traffic";
    switch (format) {
      case table -> table(rows, traffic, out);
      case csv -> csv(rows, traffic, out);
      case md -> markdown(rows, traffic, out);
      case json -> Json.write(out, json -> json(json, rows, traffic, matrix));
      default -> throw new IllegalArgumentException("no rows in " + format);
    }
  }

  private static String words(List<EndpointGroup> groups) {
    return groups.stream().map(EndpointGroup::toString).collect(Collectors.joining(", "));
  }

  private static void table(List<MatrixByLabels.LabelRow> rows, String traffic, Printer out) {
    int source = width("SOURCES", rows.stream().map(row -> words(row.sources())).toList());
    int destination = width(
        "DESTINATIONS", rows.stream().map(row -> words(row.destinations())).toList());
    ReachWords reaches = new ReachWords();
    out.println(pad("SOURCES", source)
        + pad("DESTINATIONS", destination)
        + traffic.toUpperCase(java.util.Locale.ROOT));
    rows.forEach(row -> out.println(pad(words(row.sources()), source)
        + pad(words(row.destinations()), destination)
        + reaches.of(row.reach())));
  }

  private static int width(String head, List<String> cells) {
    return Math.max(head.length(), cells.stream().mapToInt(String::length).max().orElse(0)) + 2;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static void csv(List<MatrixByLabels.LabelRow> rows, String traffic, Printer out) {
    ReachWords reaches = new ReachWords();
    out.escaped(Csv.line(List.of("sources", "destinations", traffic)));
    rows.forEach(row -> out.escaped(Csv.line(
        List.of(words(row.sources()), words(row.destinations()), reaches.of(row.reach())))));
  }

  private static void markdown(List<MatrixByLabels.LabelRow> rows, String traffic, Printer out) {
    ReachWords reaches = new ReachWords();
    out.println("| sources | destinations | " + traffic + " |");
    out.println("|---|---|---|");
    rows.forEach(row -> out.raw("| " + Markdown.text(words(row.sources())) + " | "
        + Markdown.text(words(row.destinations())) + " | " + Markdown.text(reaches.of(row.reach()))
        + " |"));
  }

  private static void json(
      JsonGenerator json, List<MatrixByLabels.LabelRow> rows, String traffic, Connectivity matrix)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("rows");
    for (MatrixByLabels.LabelRow row : rows) {
      json.writeStartObject();
      groups(json, "sources", row.sources());
      groups(json, "destinations", row.destinations());
      json.writeFieldName(traffic);
      TrafficJson.write(json, row.reach().allowed());
      Traffic perhaps = row.reach().possible().minus(row.reach().allowed());
      if (!perhaps.isEmpty()) {
        json.writeFieldName("unknown");
        TrafficJson.write(json, perhaps);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : matrix.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void groups(JsonGenerator json, String field, List<EndpointGroup> groups)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (EndpointGroup group : groups) {
      json.writeString(group.toString());
    }
    json.writeEndArray();
  }
}
