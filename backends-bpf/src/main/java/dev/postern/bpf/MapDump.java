package dev.postern.bpf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes entries as {@code bpftool map dump -j} prints them. */
final class MapDump {

  private static final JsonFactory FACTORY = new JsonFactory();

  private MapDump() {}

  static String write(List<Entry> entries) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartArray();
      for (Entry entry : entries) {
        json.writeStartObject();
        bytes(json, "key", entry.key());
        bytes(json, "value", entry.value());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    return text + "\n";
  }

  private static void bytes(JsonGenerator json, String field, byte[] bytes) throws IOException {
    json.writeArrayFieldStart(field);
    for (byte b : bytes) {
      json.writeString(String.format("0x%02x", b));
    }
    json.writeEndArray();
  }
}
