package dev.postern.cli.spec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.spec.StatementCoverage;
import dev.postern.spec.StatementCoverage.UnstatedRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What no statement is about, for people and for programs.
 *
 * @param coverage what was found
 * @param names how workloads are called
 */
public record CoverageLines(StatementCoverage coverage, Names names) {

  /** How workloads are called in answers. */
  @FunctionalInterface
  public interface Names {
    String of(Workload workload);
  }

  /** Two sums, and below them each rule and each workload that is left. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    int rules = coverage.rules() - coverage.unstatedRules().size();
    int workloads = coverage.workloads() - coverage.unstatedWorkloads().size();
    lines.add("statements are about " + rules + " of " + coverage.rules() + " allow rules and "
        + workloads + " of " + coverage.workloads() + " workloads");
    coverage
        .unstatedRules()
        .forEach(rule ->
            lines.add("  no statement about " + name(rule) + place(rule.rule().origin())
                + (rule.coversNothing() ? ": it matches nobody that is here" : "")));
    coverage
        .unstatedWorkloads()
        .forEach(workload ->
            lines.add("  no statement about " + names.of(workload) + place(workload.origin())));
    return lines;
  }

  /** The value of the key {@code coverage}. */
  void json(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("rules", coverage.rules());
    json.writeArrayFieldStart("rulesWithoutStatement");
    for (UnstatedRule rule : coverage.unstatedRules()) {
      json.writeStartObject();
      json.writeStringField("policy", rule.policy().id());
      json.writeStringField("kind", rule.policy().kind().kind());
      json.writeStringField("rule", rule.rule().field());
      json.writeStringField("at", rule.rule().origin().toString());
      json.writeBooleanField("matchesNobody", rule.coversNothing());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("workloads", coverage.workloads());
    json.writeArrayFieldStart("workloadsWithoutStatement");
    for (Workload workload : coverage.unstatedWorkloads()) {
      json.writeStartObject();
      json.writeStringField("workload", names.of(workload));
      json.writeStringField("kind", workload.kind());
      json.writeStringField("at", workload.origin().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String name(UnstatedRule rule) {
    return rule.policy().id() + " " + rule.rule().field();
  }

  private static String place(Origin origin) {
    String place = origin.toString();
    return place.isEmpty() ? "" : " (" + place + ")";
  }
}
