package dev.postern.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.postern.diagnostic.Code;
import dev.postern.manifest.ScalarNode.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Turns JSON into trees: one value, or several one after the other. */
final class JsonTrees {

  /** Whether a number is too long for its field is judged where the field is read, in the field's words. */
  private final JsonFactory factory = JsonFactory.builder()
      .streamReadConstraints(
          StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
      .build();

  private final String file;
  private final ReadLimits limits;

  JsonTrees(String file, ReadLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** All values of a chunk, or none: the caller may try YAML after a failure. */
  List<Document> read(Chunk chunk) throws Unreadable {
    int skipped = chunk.text().startsWith("---") ? 3 : 0;
    List<Document> documents = new ArrayList<>();
    try (JsonParser parser = factory.createParser(chunk.text().substring(skipped))) {
      int before = chunk.line() - 1;
      while (parser.nextToken() != null) {
        documents.add(document(parser, before));
      }
    } catch (StreamConstraintsException e) {
      throw failure(Code.LIMIT, e, chunk.line() - 1);
    } catch (JsonProcessingException e) {
      throw failure(Code.JSON_SYNTAX, e, chunk.line() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  private static Unreadable failure(Code code, JsonProcessingException e, int linesBefore) {
    JsonLocation place = e.getLocation();
    int line = place == null ? 1 : Math.max(1, place.getLineNr());
    int column = place == null ? 1 : Math.max(1, place.getColumnNr());
    String problem = e instanceof JsonParseException || e instanceof StreamConstraintsException
        ? firstLine(e.getOriginalMessage())
        : "it ends too early";
    return new Unreadable(code, line + linesBefore, column, problem, "");
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    int location = line.indexOf(" (start marker at");
    return location < 0 ? line : line.substring(0, location);
  }

  private Document document(JsonParser parser, int before) throws IOException, Unreadable {
    TreeBuilder tree = new TreeBuilder(limits);
    int open = 0;
    JsonToken token = parser.currentToken();
    while (true) {
      JsonLocation place = parser.currentTokenLocation();
      int line = place.getLineNr() + before;
      int column = place.getColumnNr();
      switch (token) {
        case START_OBJECT, START_ARRAY -> {
          tree.open(token == JsonToken.START_OBJECT, line, column);
          open++;
        }
        case END_OBJECT, END_ARRAY -> {
          tree.value(tree.close());
          open--;
        }
        case FIELD_NAME -> tree.key(parser.currentName(), line, column);
        default -> tree.value(scalar(parser, token, line, column));
      }
      if (open == 0) {
        return new Document(file, tree.root().orElseThrow(), tree.remarks());
      }
      token = parser.nextToken();
      if (token == null) {
        throw new Unreadable(Code.JSON_SYNTAX, line, column, "it ends too early", "");
      }
    }
  }

  private static ScalarNode scalar(JsonParser parser, JsonToken token, int line, int column)
      throws IOException {
    Kind kind = switch (token) {
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.FLOAT;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NULL -> Kind.NULL;
      default -> Kind.STRING;
    };
    return new ScalarNode(parser.getText(), kind, line, column);
  }
}
