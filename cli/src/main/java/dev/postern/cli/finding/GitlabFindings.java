package dev.postern.cli.finding;

import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import java.util.HashMap;
import java.util.Map;

/** GitLab's code quality report (docs.gitlab.com, ci/testing/code_quality): an array with an object a finding, each with a fingerprint of its own. */
final class GitlabFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    Map<String, Integer> seen = new HashMap<>();
    Json.write(out, json -> {
      json.writeStartArray();
      for (Diagnostic finding : findings.all()) {
        Origin place = findings.place(finding.origin());
        String fingerprint = findings.fingerprint().apply(finding);
        int count = seen.merge(fingerprint, 1, Integer::sum);
        json.writeStartObject();
        json.writeStringField("description", GithubFindings.sentence(finding));
        json.writeStringField("check_name", finding.code().id());
        json.writeStringField("fingerprint", count == 1 ? fingerprint : fingerprint + "-" + count);
        json.writeStringField("severity", severity(finding.severity()));
        json.writeObjectFieldStart("location");
        json.writeStringField("path", RepositoryPath.of(place.file()));
        json.writeObjectFieldStart("lines");
        json.writeNumberField("begin", Math.max(1, place.line()));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  private static String severity(Severity severity) {
    return switch (severity) {
      case ERROR -> "major";
      case WARNING -> "minor";
      case INFO -> "info";
    };
  }
}
