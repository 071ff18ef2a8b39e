package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Answer;
import dev.postern.answer.Reason;
import dev.postern.net.Traffic;
import dev.postern.wording.ConnectionLines;
import java.io.IOException;
import java.util.Locale;

/** An answer as a JSON object. */
public final class AnswerJson {

  private AnswerJson() {}

  /** Writes one object. */
  public static void write(JsonGenerator json, Answer answer) throws IOException {
    json.writeStartObject();
    fields(json, answer);
    json.writeEndObject();
  }

  /** Writes the fields of an answer into an open object. */
  static void fields(JsonGenerator json, Answer answer) throws IOException {
    json.writeStringField("question", answer.question().text());
    json.writeStringField("verdict", answer.verdict().word());
    json.writeArrayFieldStart("connections");
    for (ConnectionLines.Line line : ConnectionLines.of(answer)) {
      if (line.isNothing()) {
        continue;
      }
      json.writeStartObject();
      json.writeStringField("src", line.source());
      json.writeStringField("dst", line.destination());
      traffic(json, "traffic", line.allowed());
      if (!line.partly().isEmpty()) {
        traffic(json, "partly", line.partly());
      }
      if (!line.unknown().isEmpty()) {
        traffic(json, "unknown", line.unknown());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    if (answer.unlisted() > 0) {
      json.writeNumberField("unlisted", answer.unlisted());
    }
    json.writeArrayFieldStart("because");
    for (Reason reason : answer.because()) {
      write(json, reason);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : NoteWords.of(answer)) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  /** Writes who had a say, as an object. */
  public static void write(JsonGenerator json, Reason reason) throws IOException {
    json.writeStartObject();
    json.writeStringField("direction", reason.direction().field());
    json.writeStringField("tier", reason.policy().tier().word());
    json.writeStringField("kind", reason.policy().kind().kind());
    json.writeStringField("policy", reason.policy().id());
    if (reason.rule().isPresent()) {
      json.writeStringField("rule", reason.rule().get().field());
    }
    json.writeStringField("action", reason.action().name().toLowerCase(Locale.ROOT));
    json.writeStringField("origin", reason.origin().toString());
    json.writeEndObject();
  }

  private static void traffic(JsonGenerator json, String field, Traffic traffic)
      throws IOException {
    json.writeFieldName(field);
    TrafficJson.write(json, traffic);
  }
}
