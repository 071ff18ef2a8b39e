package dev.postern.mapdump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The form that {@code bpftool map dump -j} prints: an array of objects whose {@code key} and {@code value} are arrays of hex bytes. */
public final class MapDump {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final HexFormat HEX = HexFormat.of();

  /**
   * An entry with its place in the dump.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Placed(MapEntry entry, int line, int column) {}

  private MapDump() {}

  /** One entry a line, so that a difference of two dumps shows entries. */
  public static String write(List<MapEntry> entries) {
    StringBuilder text = new StringBuilder(300 * entries.size() + 4).append('[');
    for (int i = 0; i < entries.size(); i++) {
      text.append(i == 0 ? "\n" : ",\n").append("{\"key\":[");
      bytes(text, entries.get(i).key());
      text.append("],\"value\":[");
      bytes(text, entries.get(i).value());
      text.append("]}");
    }
    return text.append("\n]\n").toString();
  }

  private static void bytes(StringBuilder text, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      text.append(i == 0 ? "\"0x" : ",\"0x");
      HEX.toHexDigits(text, bytes[i]);
      text.append('"');
    }
  }

  /**
   * Reads a dump. Of BTF's {@code formatted} part nothing is taken: it shows ports with their bytes swapped.
   *
   * @param file the name, for messages
   * @throws UnreadableMap if it is no such dump
   */
  public static List<Placed> read(String file, String text) {
    List<Placed> entries = new ArrayList<>();
    Set<ByteBuffer> keys = new HashSet<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      require(json, file, json.nextToken() == JsonToken.START_ARRAY, "an array of entries");
      while (json.nextToken() == JsonToken.START_OBJECT) {
        Placed placed = entry(json, file);
        if (!keys.add(ByteBuffer.wrap(placed.entry.key()))) {
          throw new UnreadableMap(
              file,
              placed.line,
              placed.column,
              "the key is there twice: the map changed while it was dumped (hint: dump it again)");
        }
        entries.add(placed);
      }
      require(json, file, json.currentToken() == JsonToken.END_ARRAY, "an entry");
      require(json, file, json.nextToken() == null, "nothing after the array");
    } catch (JsonProcessingException problem) {
      throw new UnreadableMap(
          file,
          problem.getLocation().getLineNr(),
          problem.getLocation().getColumnNr(),
          problem.getOriginalMessage());
    } catch (IOException problem) {
      throw new AssertionError("a text is read without a device", problem);
    }
    return entries;
  }

  private static Placed entry(JsonParser json, String file) throws IOException {
    int line = json.currentTokenLocation().getLineNr();
    int column = json.currentTokenLocation().getColumnNr();
    List<byte[]> key = new ArrayList<>();
    List<byte[]> value = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("key")) {
        key.add(bytes(json, file));
      } else if (field.equals("value")) {
        value.add(bytes(json, file));
      } else {
        json.skipChildren();
      }
    }
    if (key.size() != 1 || value.size() != 1) {
      throw new UnreadableMap(file, line, column, "an entry has one `key` and one `value`");
    }
    return new Placed(new MapEntry(key.get(0), value.get(0)), line, column);
  }

  private static byte[] bytes(JsonParser json, String file) throws IOException {
    require(
        json,
        file,
        json.currentToken() == JsonToken.START_ARRAY,
        "an array of bytes (take what `bpftool map dump -j` prints)");
    byte[] bytes = new byte[16];
    int size = 0;
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      String text = json.getText();
      require(json, file, text.matches("0x[0-9a-fA-F]{1,2}"), "a byte such as 0x0a");
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * size);
      }
      bytes[size++] = (byte) Integer.parseInt(text.substring(2), 16);
    }
    require(json, file, json.currentToken() == JsonToken.END_ARRAY, "a byte such as \"0x0a\"");
    return Arrays.copyOf(bytes, size);
  }

  private static void require(JsonParser json, String file, boolean holds, String expected) {
    if (!holds) {
      throw new UnreadableMap(
          file,
          json.currentTokenLocation().getLineNr(),
          json.currentTokenLocation().getColumnNr(),
          "expected " + expected);
    }
  }
}
