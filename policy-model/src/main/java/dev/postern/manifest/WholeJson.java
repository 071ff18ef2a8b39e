package dev.postern.manifest;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/** Reads texts that are to be one value of JSON (RFC 8259): of two answers in one, the second would else be passed over. */
public final class WholeJson {

  private WholeJson() {}

  /**
   * Reads a text.
   *
   * @return its value; missing if the text is blank
   * @throws JsonProcessingException where it is no JSON, or where something stands behind the value
   */
  public static JsonNode read(ObjectMapper mapper, String text) throws JsonProcessingException {
    try (JsonParser parser = mapper.createParser(text)) {
      return read(mapper, parser);
    } catch (JsonProcessingException broken) {
      throw broken;
    } catch (IOException impossible) {
      throw new AssertionError("a text is read without a device", impossible);
    }
  }

  /**
   * Reads some bytes.
   *
   * @throws JsonProcessingException where they are no JSON, or where something stands behind the value
   * @throws IOException where they are no text in UTF-8
   */
  public static JsonNode read(ObjectMapper mapper, byte[] bytes, int start, int length)
      throws IOException {
    try (JsonParser parser = mapper.createParser(bytes, start, length)) {
      return read(mapper, parser);
    }
  }

  private static JsonNode read(ObjectMapper mapper, JsonParser parser) throws IOException {
    JsonNode value = mapper.readTree(parser);
    if (value != null && parser.nextToken() != null) {
      throw new JsonParseException(
          parser,
          "more stands behind the value (hint: give each value by itself)",
          parser.currentTokenLocation());
    }
    return value == null ? MissingNode.getInstance() : value;
  }
}
