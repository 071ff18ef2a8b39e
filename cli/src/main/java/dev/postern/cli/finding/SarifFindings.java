package dev.postern.cli.finding;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change. */
final class SarifFindings implements FindingFormat.Writer {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  @Override
  public void write(Findings findings, Printer out) {
    List<Code> rules =
        findings.all().stream().map(Diagnostic::code).distinct().sorted().toList();
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeStringField("$schema", SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      tool(json, rules);
      // SARIF counts columns in UTF-16 units unless told: ours are characters.
      json.writeStringField("columnKind", "unicodeCodePoints");
      json.writeArrayFieldStart("results");
      for (Diagnostic finding : findings.all()) {
        result(json, finding, rules.indexOf(finding.code()));
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void tool(JsonGenerator json, List<Code> rules) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "postern");
    json.writeArrayFieldStart("rules");
    for (Code rule : rules) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      json.writeStringField("name", rule.name());
      json.writeObjectFieldStart("defaultConfiguration");
      json.writeStringField("level", level(rule.severity()));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void result(JsonGenerator json, Diagnostic finding, int rule) throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", finding.code().id());
    json.writeNumberField("ruleIndex", rule);
    json.writeStringField("level", level(finding.severity()));
    json.writeObjectFieldStart("message");
    json.writeStringField("text", GithubFindings.sentence(finding));
    json.writeEndObject();
    if (!finding.origin().file().isEmpty()) {
      json.writeArrayFieldStart("locations");
      json.writeStartObject();
      location(json, finding.origin());
      json.writeEndObject();
      json.writeEndArray();
    }
    related(json, finding.related());
    json.writeEndObject();
  }

  private static void related(JsonGenerator json, List<Diagnostic.Related> places)
      throws IOException {
    if (places.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("relatedLocations");
    for (int i = 0; i < places.size(); i++) {
      json.writeStartObject();
      json.writeNumberField("id", i + 1);
      if (!places.get(i).origin().file().isEmpty()) {
        location(json, places.get(i).origin());
      }
      json.writeObjectFieldStart("message");
      json.writeStringField("text", places.get(i).message());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void location(JsonGenerator json, Origin origin) throws IOException {
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(origin.file()));
    json.writeEndObject();
    if (origin.line() > 0) {
      json.writeObjectFieldStart("region");
      json.writeNumberField("startLine", origin.line());
      if (origin.column() > 0) {
        json.writeNumberField("startColumn", origin.column());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }

  private static final Pattern SCHEME =
      Pattern.compile("https?://(?:[\\w.-]+|\\[[0-9a-f:]+])(?::\\d+)?");

  /** What stands for itself in a path (RFC 3986); a colon would end a scheme. */
  private static final String IN_PATH =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";

  /** A relative path stays relative, so that the host finds it in the repository. */
  private static String uri(String file) {
    // What was read from a live cluster has a scheme already.
    Matcher scheme = SCHEME.matcher(file);
    StringBuilder uri = new StringBuilder(scheme.lookingAt() ? scheme.group() : "");
    for (byte octet :
        file.substring(uri.length()).replace('\\', '/').getBytes(StandardCharsets.UTF_8)) {
      if (octet > 0 && IN_PATH.indexOf(octet) >= 0) {
        uri.append((char) octet);
      } else {
        uri.append(String.format(Locale.ROOT, "%%%02X", octet));
      }
    }
    return uri.toString();
  }
}
