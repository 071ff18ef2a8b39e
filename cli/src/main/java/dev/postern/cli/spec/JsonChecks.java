package dev.postern.cli.spec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** For programs: an array with an object a statement; with coverage an object that holds it. */
final class JsonChecks {

  private JsonChecks() {}

  static void write(CheckReport report, Printer out) {
    Json.write(out, json -> {
      if (report.coverage().isPresent()) {
        json.writeStartObject();
        json.writeFieldName("statements");
        write(report.lines(), json);
        json.writeFieldName("coverage");
        report.coverage().get().json(json);
        json.writeEndObject();
      } else {
        write(report.lines(), json);
      }
    });
  }

  private static void write(List<CheckedLine> lines, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (CheckedLine line : lines) {
      json.writeStartObject();
      json.writeStringField("file", line.file());
      json.writeNumberField("line", line.line());
      json.writeStringField("statement", line.sentence());
      json.writeStringField("result", line.result().name().toLowerCase(Locale.ROOT));
      if (!line.detail().isEmpty()) {
        json.writeStringField("detail", line.detail());
      }
      if (!line.notes().isEmpty()) {
        json.writeArrayFieldStart("notes");
        for (String note : line.notes()) {
          json.writeString(note);
        }
        json.writeEndArray();
      }
      if (line.witness().isPresent()) {
        json.writeStringField("witness", line.witness().get().flow().toString());
        json.writeArrayFieldStart("because");
        for (String reason : line.because()) {
          json.writeString(reason);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
