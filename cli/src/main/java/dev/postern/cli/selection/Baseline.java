package dev.postern.cli.selection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.cli.console.WholeFile;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ObjectName;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Findings written down to be left out from then on, as JSON: {@code {"version": 1, "findings": [{"fingerprint": …, "code": …, "object": …,
 * "field": …}]}}. Only fingerprints are compared; the rest is for people who read changes of the file.
 */
public final class Baseline {

  private static final int VERSION = 1;

  private static final JsonFactory JSON = new JsonFactory();

  private Baseline() {}

  /**
   * Reads one.
   *
   * @throws UserError if it is none
   */
  public static KnownFindings read(Path file) {
    Map<FindingFingerprint, Integer> counts = new HashMap<>();
    boolean version = false;
    try (JsonParser json = JSON.createParser(InputBound.WRITTEN.of(file))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw complaint(file, "it is no JSON object");
      }
      int depth = 1;
      while (depth > 0) {
        JsonToken token = json.nextToken();
        if (token == null) {
          break;
        } else if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.VALUE_STRING && "fingerprint".equals(json.currentName())) {
          counts.merge(new FindingFingerprint(json.getText()), 1, Integer::sum);
        } else if (token == JsonToken.VALUE_NUMBER_INT
            && depth == 1
            && "version".equals(json.currentName())) {
          version = json.getIntValue() == VERSION;
        }
      }
    } catch (JsonProcessingException problem) {
      throw complaint(file, "it is no JSON: " + problem.getOriginalMessage());
    } catch (IOException problem) {
      throw complaint(
          file,
          Files.exists(file) ? String.valueOf(problem.getMessage()) : "there is no such file");
    }
    if (!version) {
      throw complaint(file, "it is no baseline of version " + VERSION);
    }
    return new KnownFindings(counts);
  }

  /**
   * Writes findings down.
   *
   * @throws UserError if the file cannot be written
   */
  public static void write(Path file, List<Diagnostic> findings, Loaded loaded) {
    DefaultPrettyPrinter pretty = new DefaultPrettyPrinter();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text).setPrettyPrinter(pretty)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeArrayFieldStart("findings");
      for (Diagnostic finding : findings) {
        json.writeStartObject();
        json.writeStringField(
            "fingerprint", FindingFingerprint.of(finding, loaded).text());
        json.writeStringField("code", finding.code().id());
        json.writeStringField(
            "object",
            loaded.places().object(finding.origin()).map(ObjectName::toString).orElse(""));
        json.writeStringField("field", finding.origin().path());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException defect) {
      throw new UncheckedIOException(defect);
    }
    try {
      WholeFile.write(file, text.toString());
    } catch (IOException problem) {
      throw complaint(file, "it cannot be written: " + problem.getMessage());
    }
  }

  private static UserError complaint(Path file, String what) {
    return new UserError(
        file + ": error: " + what + " (hint: --write-baseline " + file + " writes one)");
  }
}
