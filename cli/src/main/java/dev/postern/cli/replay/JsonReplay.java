package dev.postern.cli.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Reason;
import dev.postern.cli.answer.AnswerJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Direction;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.ReplayRow;
import dev.postern.traffic.LogSummary;
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
      json.writeNumberField("flows", played.flows());
      json.writeNumberField("assumed", played.assumed());
      if (played.first().isPresent()) {
        json.writeStringField("first", played.first().get().toString());
      }
      if (played.last().isPresent()) {
        json.writeStringField("last", played.last().get().toString());
      }
      for (Fate fate : Fate.values()) {
        rows(json, FateWords.of(fate), played.replay().rows(fate));
      }
      json.writeArrayFieldStart("unused");
      for (Decision.Cause cause : played.replay().unused()) {
        Direction direction = cause.rule().orElseThrow().direction();
        AnswerJson.write(json, new Reason(direction, cause.policy(), cause.rule()));
      }
      json.writeEndArray();
      json.writeObjectFieldStart("skipped");
      // Half a surrogate pair, which a value may be, is no name of a field to most readers.
      SortedMap<String, Long> skipped = new TreeMap<>();
      played
          .leftOut()
          .forEach((why, times) -> skipped.merge(Printable.line(why), times, Long::sum));
      for (Map.Entry<String, Long> entry : skipped.entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeNumberField("unreadable", played.unreadable());
      json.writeArrayFieldStart("logs");
      for (LogSummary log : played.logs()) {
        json.writeStartObject();
        json.writeStringField("file", log.file());
        json.writeStringField("format", log.format().name());
        json.writeNumberField("records", log.records());
        json.writeNumberField("unreadable", log.unreadable());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void rows(JsonGenerator json, String field, List<ReplayRow> rows)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (ReplayRow row : rows) {
      json.writeStartObject();
      json.writeStringField("src", row.source());
      json.writeStringField("dst", row.destination());
      json.writeStringField("protocol", row.protocol().name());
      if (row.port() != 0) {
        json.writeNumberField("port", row.port());
      }
      json.writeNumberField("flows", row.flows());
      json.writeNumberField("bytes", row.bytes());
      json.writeStringField("place", row.place().toString());
      if (row.first().isPresent()) {
        json.writeStringField("first", row.first().get().toString());
      }
      if (row.last().isPresent()) {
        json.writeStringField("last", row.last().get().toString());
      }
      if (row.assumed()) {
        json.writeBooleanField("assumed", true);
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
