package dev.postern.cli.finding;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import java.io.IOException;

/** {@code {"findings": [{"code", "severity", "message", "hint", "file", "line", "column", "path", "related": [{"message", "file", "line", "column"}]}]}}; keys may be added. */
final class JsonFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeNumberField("objects", findings.objects());
      json.writeArrayFieldStart("findings");
      for (Diagnostic finding : findings.all()) {
        write(finding, findings, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notShown");
      for (String hidden : findings.hidden()) {
        json.writeString(hidden);
      }
      json.writeEndArray();
      if (findings.fixes().isPresent()) {
        fixes(findings.fixes().get(), json);
      }
      json.writeEndObject();
    });
  }

  private static void fixes(FixReport fixes, JsonGenerator json) throws IOException {
    json.writeNumberField("fixed", fixes.made());
    json.writeArrayFieldStart("notFixed");
    for (LeftFixes left : fixes.left()) {
      json.writeStartObject();
      json.writeStringField("file", left.file());
      json.writeNumberField("number", left.number());
      json.writeStringField("why", left.why());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(Diagnostic finding, Findings findings, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("code", finding.code().id());
    json.writeStringField("severity", finding.severity().word());
    json.writeStringField("message", finding.message());
    json.writeStringField("hint", finding.hint());
    json.writeStringField("file", finding.origin().file());
    json.writeNumberField("line", finding.origin().line());
    json.writeNumberField("column", finding.origin().column());
    json.writeStringField("path", finding.origin().path());
    json.writeStringField("fingerprint", findings.fingerprint().apply(finding));
    if (finding.fix().isPresent()) {
      json.writeStringField("fix", finding.fix().get().title());
    }
    if (!finding.related().isEmpty()) {
      related(finding, json);
    }
    json.writeEndObject();
  }

  private static void related(Diagnostic finding, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("related");
    for (Diagnostic.Related related : finding.related()) {
      json.writeStartObject();
      json.writeStringField("message", related.message());
      json.writeStringField("file", related.origin().file());
      json.writeNumberField("line", related.origin().line());
      json.writeNumberField("column", related.origin().column());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
