package dev.postern.cli.suggestion;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Reason;
import dev.postern.cli.answer.AnswerJson;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.cli.difference.JsonDifference;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.meaning.Judgement;
import dev.postern.suggestion.PolicyMerge;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.SeenEdge;
import dev.postern.suggestion.SuggestedPolicy;
import dev.postern.suggestion.Suggestion;
import dev.postern.wording.FlowWords;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** For programs: one object, with every policy, every edge and everything that is not known. */
final class SuggestionJson {

  private SuggestionJson() {}

  static void write(SuggestionResult result, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      Suggestion suggestion = result.suggestion();
      json.writeNumberField("flows", result.log().flows());
      json.writeArrayFieldStart("policies");
      for (SuggestedPolicy policy : suggestion.policies()) {
        policy(json, policy, result.merge());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("edges");
      for (SeenEdge edge : suggestion.edges()) {
        edge(json, edge);
      }
      json.writeEndArray();
      judgements(json, "stopped", result.proof().stopped());
      judgements(json, "undecided", result.proof().undecided());
      strings(json, "wider", result.proof().wider());
      json.writeObjectFieldStart("difference");
      JsonDifference.fields(json, result.proof().difference(), result.turning());
      strings(json, "notes", result.proof().difference().notes());
      json.writeEndObject();
      unresolved(json, result);
      json.writeNumberField("denied", result.log().denied());
      json.writeNumberField("exempt", result.exempt());
      json.writeObjectFieldStart("skipped");
      for (Map.Entry<String, Long> entry : result.log().skipped().entrySet()) {
        json.writeNumberField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      strings(json, "unseen", suggestion.unseen());
      strings(json, "covered", suggestion.covered());
      lines(json, "broken", result.broken());
      lines(json, "open", result.open());
      json.writeEndObject();
    });
  }

  private static void policy(JsonGenerator json, SuggestedPolicy policy, PolicyMerge merge)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", policy.policy().kind().kind());
    json.writeStringField("namespace", policy.policy().namespace());
    json.writeStringField("name", policy.policy().name());
    json.writeStringField("for", policy.subject().name());
    json.writeBooleanField("exact", policy.subject().isExact());
    json.writeNumberField("rules", policy.rules().size());
    for (PolicyMerge.Merged merged : merge.merged()) {
      if (merged.suggested() == policy) {
        json.writeStringField("into", merged.before().id());
      }
    }
    json.writeStringField("yaml", PolicyText.of(policy));
    json.writeEndObject();
  }

  private static void edge(JsonGenerator json, SeenEdge edge) throws IOException {
    json.writeStartObject();
    json.writeStringField("src", edge.source());
    json.writeStringField("dst", edge.destination());
    json.writeStringField("protocol", edge.protocol().name());
    json.writeNumberField("port", edge.port());
    json.writeNumberField("flows", edge.evidence().flows());
    if (edge.evidence().first().isPresent()) {
      json.writeStringField("first", edge.evidence().first().get().toString());
    }
    if (edge.evidence().last().isPresent()) {
      json.writeStringField("last", edge.evidence().last().get().toString());
    }
    json.writeEndObject();
  }

  private static void judgements(JsonGenerator json, String field, List<Judgement> judgements)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Judgement judgement : judgements) {
      json.writeStartObject();
      json.writeStringField("flow", FlowWords.of(judgement.flow()));
      json.writeArrayFieldStart("because");
      for (Reason reason : Reason.of(judgement)) {
        AnswerJson.write(json, reason);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void unresolved(JsonGenerator json, SuggestionResult result) throws IOException {
    json.writeArrayFieldStart("unresolved");
    for (SuggestionSummary.Reason reason : SuggestionSummary.reasons(result)) {
      json.writeStartObject();
      json.writeNumberField("flows", reason.flows());
      json.writeStringField("reason", reason.words());
      if (!reason.example().isEmpty()) {
        json.writeStringField("example", reason.example());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String field, Iterable<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void lines(JsonGenerator json, String field, List<CheckedLine> lines)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (CheckedLine line : lines) {
      json.writeStartObject();
      json.writeStringField("file", line.file());
      json.writeNumberField("line", line.line());
      json.writeStringField("statement", line.sentence());
      json.writeStringField("detail", line.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
