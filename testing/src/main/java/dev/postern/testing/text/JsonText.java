package dev.postern.testing.text;

import java.util.List;
import java.util.Map;

/** Writes a tree as JSON (RFC 8259) in one line. */
final class JsonText {

  private JsonText() {}

  static void write(Object value, StringBuilder text) {
    if (value instanceof Map<?, ?> map) {
      String before = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        string((String) entry.getKey(), text.append(before));
        write(entry.getValue(), text.append(':'));
        before = ",";
      }
      text.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String before = "[";
      for (Object item : list) {
        write(item, text.append(before));
        before = ",";
      }
      text.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String string) {
      string(string, text);
    } else {
      text.append(value);
    }
  }

  static void string(String string, StringBuilder text) {
    text.append('"');
    string.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", c));
      } else {
        text.append((char) c);
      }
    });
    text.append('"');
  }
}
