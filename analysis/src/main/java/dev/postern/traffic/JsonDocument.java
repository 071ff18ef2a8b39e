package dev.postern.traffic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The records of JSON that is not one object a line: an array, one object that holds an array of them, or objects over several lines. */
final class JsonDocument {

  /**
   * The fields in which services and tools hand out lists of records: Azure's blobs ({@code records}), the lists of Calico's and
   * Kubernetes' APIs ({@code items}, {@code flows}), Cloud Logging's ({@code entries}).
   */
  private static final Set<String> LISTS = Set.of("records", "items", "flows", "entries");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes one record after the other. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes a record.
     *
     * @param line where it begins, from 1
     * @return whether more are wanted
     */
    boolean take(JsonNode value, long line);
  }

  private JsonDocument() {}

  /** Whether an object is a list of records rather than one. */
  static boolean isList(JsonNode object) {
    return LISTS.stream().anyMatch(name -> object.path(name).isArray());
  }

  /**
   * Reads to the end, or until no more are wanted.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException where it is no JSON; what came before was taken
   * @throws IOException if it cannot be read
   */
  static void read(InputStream bytes, Taker taker) throws IOException {
    try (JsonParser parser =
        JSON.getFactory().createParser(bytes).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
      boolean more = true;
      for (JsonToken token = parser.nextToken();
          more && token != null;
          token = more ? parser.nextToken() : null) {
        more = token == JsonToken.START_ARRAY
            ? elements(parser, taker)
            : token == JsonToken.START_OBJECT
                ? object(parser, taker)
                : taker.take(parser.readValueAsTree(), line(parser));
      }
    }
  }

  private static boolean elements(JsonParser parser, Taker taker) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      long line = line(parser);
      JsonNode value = parser.readValueAsTree();
      if (!taker.take(value, line)) {
        return false;
      }
    }
    return true;
  }

  private static boolean object(JsonParser parser, Taker taker) throws IOException {
    long line = line(parser);
    ObjectNode rest = JSON.createObjectNode();
    boolean list = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_ARRAY && LISTS.contains(name)) {
        list = true;
        if (!elements(parser, taker)) {
          return false;
        }
      } else {
        rest.set(name, parser.readValueAsTree());
      }
    }
    return list || taker.take(rest, line);
  }

  private static long line(JsonParser parser) {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }
}
