package dev.postern.cli.difference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.diagnostic.Origin;
import dev.postern.diff.RowCause;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Judgement;
import dev.postern.policy.PolicyRule;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Which policies, and which lines of them, turned a row: for programs, and as a place to open. */
final class RowCauseJson {

  private RowCauseJson() {}

  /** Where the change was made, as far as a rule or policy of the new version shows it. */
  static Optional<Origin> place(RowCause turned) {
    return turned.sides().stream()
        .flatMap(side -> side.after().stream())
        .flatMap(decision -> decision.causes().stream())
        .map(cause -> cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin()))
        .filter(origin -> !origin.file().isEmpty())
        .findFirst();
  }

  /** {@code "because": [{"side", "before": {"verdict", "policies"}, "after"}]}. */
  static void write(JsonGenerator json, RowCause turned) throws IOException {
    json.writeArrayFieldStart("because");
    for (RowCause.SideChange side : turned.sides()) {
      json.writeStartObject();
      json.writeStringField("side", side.direction().field());
      if (side.before().isPresent()) {
        write(json, "before", side.before().get());
      }
      if (side.after().isPresent()) {
        write(json, "after", side.after().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String field, Decision decision)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("verdict", decision.verdict().name().toLowerCase(Locale.ROOT));
    json.writeArrayFieldStart("policies");
    for (Decision.Cause cause : decision.causes()) {
      Origin origin = cause.rule().map(PolicyRule::origin).orElse(cause.policy().origin());
      json.writeStartObject();
      json.writeStringField("policy", cause.policy().id());
      if (cause.rule().isPresent()) {
        json.writeStringField("rule", cause.rule().get().field());
      }
      json.writeStringField("file", origin.file());
      json.writeNumberField("line", origin.line());
      json.writeNumberField("column", origin.column());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** The same for an example that was judged in both versions. */
  static RowCause turned(Judgement before, Judgement after) {
    return new RowCause(Optional.of(before), Optional.of(after));
  }
}
