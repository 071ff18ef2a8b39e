package dev.postern.cli.difference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** For programs: the keys of {@code diff -o json}, and {@code exposed}, {@code newFindings}, {@code fixedFindings}, {@code statements}. */
final class JsonReview {

  private JsonReview() {}

  static void write(Review review, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      json.writeStringField("before", review.before());
      json.writeStringField("after", review.after());
      JsonDifference.fields(json, review.difference(), review.turning());
      JsonDifference.strings(json, "exposed", review.exposed());
      JsonDifference.strings(json, "notes", review.notes());
      findings(json, "newFindings", review.introduced());
      findings(json, "fixedFindings", review.fixed());
      json.writeArrayFieldStart("statements");
      for (Review.ReviewedStatement statement : review.statements()) {
        json.writeStartObject();
        json.writeStringField("file", statement.now().file());
        json.writeNumberField("line", statement.now().line());
        json.writeStringField("statement", statement.now().sentence());
        json.writeStringField("result", statement.now().result().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("heldBefore", statement.heldBefore());
        if (!statement.now().detail().isEmpty()) {
          json.writeStringField("detail", statement.now().detail());
        }
        JsonDifference.strings(json, "because", statement.now().because());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void findings(JsonGenerator json, String field, List<Diagnostic> findings)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Diagnostic finding : findings) {
      json.writeStartObject();
      json.writeStringField("code", finding.code().id());
      json.writeStringField("severity", finding.severity().word());
      json.writeStringField("message", finding.message());
      json.writeStringField("hint", finding.hint());
      json.writeStringField("file", finding.origin().file());
      json.writeNumberField("line", finding.origin().line());
      json.writeNumberField("column", finding.origin().column());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
