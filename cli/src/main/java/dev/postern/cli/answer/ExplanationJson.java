package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Answer;
import dev.postern.answer.KeptOut;
import dev.postern.diff.Difference;
import dev.postern.meaning.Decision;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.why.Change;
import dev.postern.why.DecisionWords;
import dev.postern.why.Explanation;
import dev.postern.why.Side;
import dev.postern.wording.DifferenceReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why an answer is what it is, as JSON: the answer's object with one more key, {@code flows}. */
public final class ExplanationJson {

  private ExplanationJson() {}

  /** Why policies have no say, if they have none. */
  static void exemption(JsonGenerator json, Judgement judgement) throws IOException {
    if (judgement.exemption() != Judgement.Exemption.NONE) {
      json.writeStringField(
          "exemption", judgement.exemption().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  /** Writes one object. */
  public static void write(
      JsonGenerator json, Answer answer, List<Explanation> explanations, List<KeptOut> keptOut)
      throws IOException {
    json.writeStartObject();
    AnswerJson.fields(json, answer);
    json.writeArrayFieldStart("flows");
    for (Explanation explanation : explanations) {
      write(json, explanation);
    }
    json.writeEndArray();
    if (!keptOut.isEmpty()) {
      write(json, keptOut);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, List<KeptOut> all) throws IOException {
    json.writeArrayFieldStart("keptOut");
    for (KeptOut each : all) {
      json.writeStartObject();
      json.writeStringField("by", each.direction().field());
      json.writeBooleanField("bothSides", each.both());
      json.writeStringField("because", DecisionWords.of(each.decision()));
      json.writeArrayFieldStart("ends");
      for (String name : each.names()) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Explanation explanation) throws IOException {
    Judgement judgement = explanation.judgement();
    Flow flow = judgement.flow();
    json.writeStartObject();
    json.writeStringField("src", flow.source().toString());
    json.writeStringField("dst", flow.destination().toString());
    json.writeStringField("protocol", flow.protocol().name());
    if (flow.protocol().hasPorts()) {
      json.writeNumberField("port", flow.port());
    }
    json.writeStringField("verdict", judgement.verdict().name().toLowerCase(Locale.ROOT));
    exemption(json, judgement);
    json.writeFieldName("egress");
    side(json, explanation.egress());
    json.writeFieldName("ingress");
    side(json, explanation.ingress());
    if (explanation.change().isPresent()) {
      json.writeFieldName("change");
      change(json, explanation.change().get());
      json.writeArrayFieldStart("changes");
      for (Change change : explanation.changes()) {
        change(json, change);
      }
      json.writeEndArray();
      json.writeBooleanField("moreChanges", explanation.moreChanges());
    }
    json.writeEndObject();
  }

  private static void change(JsonGenerator json, Change change) throws IOException {
    json.writeStartObject();
    json.writeStringField("verdict", change.verdict().name().toLowerCase(Locale.ROOT));
    json.writeArrayFieldStart("steps");
    for (String step : change.steps()) {
      json.writeString(step);
    }
    json.writeEndArray();
    Difference effect = change.effect();
    boolean both = DifferenceReport.bothMatter(effect, change.ofBothFamilies());
    rows(json, "opens", effect.opened(), both);
    rows(json, "closes", effect.closed(), both);
    if (effect.undecided().isPresent()) {
      json.writeStringField("undecided", effect.undecided().get());
    }
    json.writeEndObject();
  }

  private static void rows(
      JsonGenerator json, String field, List<Difference.DifferenceRow> rows, boolean both)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Difference.DifferenceRow row : rows) {
      json.writeString(row + DifferenceReport.families(row.families(), both));
    }
    json.writeEndArray();
  }

  static void side(JsonGenerator json, Side side) throws IOException {
    Decision decision = side.decision();
    json.writeStartObject();
    json.writeStringField("of", side.subject());
    json.writeStringField("verdict", decision.verdict().name().toLowerCase(Locale.ROOT));
    if (decision.tier().isPresent()) {
      json.writeStringField("tier", decision.tier().get().word());
    }
    json.writeArrayFieldStart("because");
    for (Decision.Cause cause : decision.causes()) {
      json.writeStartObject();
      place(json, cause.policy(), cause.rule());
      json.writeEndObject();
    }
    json.writeEndArray();
    candidates(json, "candidates", side.candidates());
    candidates(json, "nearMisses", side.nearMisses());
    json.writeEndObject();
  }

  private static void candidates(JsonGenerator json, String field, List<Side.Candidate> candidates)
      throws IOException {
    if (candidates.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(field);
    for (Side.Candidate candidate : candidates) {
      json.writeStartObject();
      place(json, candidate.policy(), Optional.of(candidate.rule()));
      json.writeStringField("field", candidate.mismatch().field());
      json.writeStringField("mismatch", candidate.mismatch().words());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void place(JsonGenerator json, Policy policy, Optional<PolicyRule> rule)
      throws IOException {
    json.writeStringField("kind", policy.kind().kind());
    json.writeStringField("policy", policy.id());
    if (rule.isPresent()) {
      json.writeStringField("rule", rule.get().field());
      json.writeStringField("action", rule.get().action().name().toLowerCase(Locale.ROOT));
    }
    json.writeStringField(
        "origin", rule.map(PolicyRule::origin).orElse(policy.origin()).toString());
  }
}
