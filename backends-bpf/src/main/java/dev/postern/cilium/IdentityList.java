package dev.postern.cilium;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** Identities as {@code cilium identity list -o json} prints them: no BPF map holds their labels. */
final class IdentityList {

  private static final JsonFactory FACTORY = new JsonFactory();

  private IdentityList() {}

  static String write(List<Identity> identities) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartArray();
      for (Identity identity :
          identities.stream().sorted(Comparator.comparingInt(Identity::number)).toList()) {
        json.writeStartObject();
        json.writeNumberField("id", identity.number());
        json.writeArrayFieldStart("labels");
        for (String label : identity.labels()) {
          json.writeString(label);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    return text + "\n";
  }
}
