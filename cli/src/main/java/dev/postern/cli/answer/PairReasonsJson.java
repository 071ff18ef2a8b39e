package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.PairReason;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.meaning.Flow;
import dev.postern.policy.Direction;
import dev.postern.wording.FlowWords;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reasons of pairs as JSON. */
public final class PairReasonsJson {

  private PairReasonsJson() {}

  /**
   * Writes one object with all pairs.
   *
   * @param direction the side whose reasons are wanted; both where absent
   * @param notes what else must be known
   */
  public static void write(
      Stream<PairReason> reasons, Optional<Direction> direction, List<String> notes, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("pairs");
      for (Iterator<PairReason> each = reasons.iterator(); each.hasNext(); ) {
        pair(json, each.next(), direction);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notes");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void pair(JsonGenerator json, PairReason reason, Optional<Direction> direction)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("src", reason.source());
    json.writeStringField("dst", reason.destination());
    json.writeArrayFieldStart("parts");
    for (PairReason.Part part : reason.parts()) {
      Flow flow = part.sample().judgement().flow();
      json.writeStartObject();
      json.writeStringField("verdict", part.verdict().name().toLowerCase(Locale.ROOT));
      json.writeFieldName("traffic");
      TrafficJson.write(json, part.traffic());
      json.writeStringField("sample", FlowWords.of(flow));
      ExplanationJson.exemption(json, part.sample().judgement());
      if (direction.isEmpty() || direction.get() == Direction.EGRESS) {
        json.writeFieldName("egress");
        ExplanationJson.side(json, part.sample().egress());
      }
      if (direction.isEmpty() || direction.get() == Direction.INGRESS) {
        json.writeFieldName("ingress");
        ExplanationJson.side(json, part.sample().ingress());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
