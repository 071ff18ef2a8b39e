package dev.postern.cli.finding;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.Release;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Fix;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.diagnostic.TextEdit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change. */
final class SarifFindings implements FindingFormat.Writer {

  static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  /** Where relative paths begin. */
  private static final String BASE = "SRCROOT";

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
      json.writeObjectFieldStart("originalUriBaseIds");
      json.writeObjectFieldStart(BASE);
      json.writeObjectFieldStart("description");
      json.writeStringField("text", "The directory in which Postern ran.");
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
      json.writeArrayFieldStart("invocations");
      json.writeStartObject();
      json.writeBooleanField("executionSuccessful", true);
      json.writeEndObject();
      json.writeEndArray();
      // SARIF counts columns in UTF-16 units unless told: ours are characters.
      json.writeStringField("columnKind", "unicodeCodePoints");
      json.writeArrayFieldStart("results");
      for (Diagnostic finding : findings.all()) {
        result(json, finding, rules.indexOf(finding.code()), findings);
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
    driver(json);
    json.writeArrayFieldStart("rules");
    for (Code rule : rules) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      json.writeStringField("name", rule.name());
      json.writeObjectFieldStart("shortDescription");
      json.writeStringField("text", Findings.title(rule));
      json.writeEndObject();
      json.writeStringField("helpUri", Release.page(CodePage.path(rule.id())));
      Optional<String> page = CodePage.of(rule.id());
      if (page.isPresent()) {
        json.writeObjectFieldStart("help");
        json.writeStringField("text", page.get());
        json.writeStringField("markdown", page.get());
        json.writeEndObject();
      }
      json.writeObjectFieldStart("defaultConfiguration");
      json.writeStringField("level", level(rule.severity()));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Which program it was. */
  static void driver(JsonGenerator json) throws IOException {
    json.writeStringField("name", "postern");
    json.writeStringField("version", Release.version());
    json.writeStringField("informationUri", Release.page("README.md"));
  }

  private static void result(JsonGenerator json, Diagnostic finding, int rule, Findings findings)
      throws IOException {
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
      location(json, findings.place(finding.origin()));
      json.writeEndObject();
      json.writeEndArray();
    }
    related(json, finding.related(), findings);
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField("postern/v1", findings.fingerprint().apply(finding));
    json.writeEndObject();
    if (finding.fix().isPresent()) {
      fix(json, finding.fix().get());
    }
    json.writeEndObject();
  }

  private static void fix(JsonGenerator json, Fix fix) throws IOException {
    json.writeArrayFieldStart("fixes");
    json.writeStartObject();
    json.writeObjectFieldStart("description");
    json.writeStringField("text", fix.title());
    json.writeEndObject();
    json.writeArrayFieldStart("artifactChanges");
    Map<String, List<TextEdit>> byFile = new TreeMap<>();
    fix.edits()
        .forEach(
            edit -> byFile.computeIfAbsent(edit.file(), f -> new ArrayList<>()).add(edit));
    for (Map.Entry<String, List<TextEdit>> file : byFile.entrySet()) {
      json.writeStartObject();
      artifact(json, file.getKey());
      json.writeArrayFieldStart("replacements");
      for (TextEdit edit : file.getValue()) {
        json.writeStartObject();
        json.writeObjectFieldStart("deletedRegion");
        json.writeNumberField("startLine", edit.line());
        json.writeNumberField("startColumn", edit.column());
        json.writeNumberField("endLine", edit.endLine());
        json.writeNumberField("endColumn", edit.endColumn());
        json.writeEndObject();
        json.writeObjectFieldStart("insertedContent");
        json.writeStringField("text", edit.replacement());
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void related(
      JsonGenerator json, List<Diagnostic.Related> places, Findings findings) throws IOException {
    if (places.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("relatedLocations");
    for (int i = 0; i < places.size(); i++) {
      json.writeStartObject();
      json.writeNumberField("id", i + 1);
      if (!places.get(i).origin().file().isEmpty()) {
        location(json, findings.place(places.get(i).origin()));
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
    artifact(json, origin.file());
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

  /** A path below the directory in which Postern ran is relative to it, so that a host finds it in the repository. */
  private static void artifact(JsonGenerator json, String file) throws IOException {
    json.writeObjectFieldStart("artifactLocation");
    if (SCHEME.matcher(file).lookingAt()) {
      json.writeStringField("uri", uri(file));
    } else if (file.startsWith("/")) {
      json.writeStringField("uri", "file://" + uri(file));
    } else {
      json.writeStringField("uri", uri(RepositoryPath.of(file)));
      json.writeStringField("uriBaseId", BASE);
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
