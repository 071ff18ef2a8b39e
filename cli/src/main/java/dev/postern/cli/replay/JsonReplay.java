package dev.postern.cli.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Reason;
import dev.postern.cli.answer.AnswerJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.meaning.Judgement;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.Row;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** For programs: one object, with every row. */
final class JsonReplay {

  private JsonReplay() {}

  static void write(ReplayResult played, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeNumberField("flows", played.read());
      json.writeNumberField("same", TextReplay.times(played, Fate.SAME));
      rows(json, "breaks", played.replay().rows(Fate.BREAKS));
      rows(json, "opens", played.replay().rows(Fate.OPENS));
      rows(json, "unknown", played.replay().rows(Fate.UNDECIDED));
      json.writeObjectFieldStart("skipped");
      // Half a surrogate pair, which a value may be, is no name of a field to most readers.
      SortedMap<String, Integer> skipped = new TreeMap<>();
      played
          .skipped()
          .forEach((why, times) -> skipped.merge(Printable.line(why), times, Integer::sum));
      for (Map.Entry<String, Integer> entry : skipped.entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  private static void rows(JsonGenerator json, String field, List<Row> rows) throws IOException {
    json.writeArrayFieldStart(field);
    for (Row row : rows) {
      json.writeStartObject();
      json.writeStringField("src", row.source());
      json.writeStringField("dst", row.destination());
      json.writeStringField("protocol", row.protocol().name());
      if (row.protocol().hasPorts()) {
        json.writeNumberField("port", row.port());
      }
      json.writeNumberField("times", row.times());
      json.writeStringField("first", row.first().place());
      if (!row.first().time().isEmpty()) {
        json.writeStringField("time", row.first().time());
      }
      if (row.reason().isEmpty() && row.judgement().isPresent()) {
        because(json, row.judgement().get());
      } else {
        json.writeStringField("reason", row.reason());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void because(JsonGenerator json, Judgement judgement) throws IOException {
    json.writeArrayFieldStart("because");
    for (Reason reason : Reason.of(judgement)) {
      AnswerJson.write(json, reason);
    }
    json.writeEndArray();
  }
}
