package dev.postern.testing.text;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a tree as block YAML, two columns a level, list items at their key's column, as most manifests are written. */
final class YamlText {

  /** Strings that YAML 1.1 reads as strings without quotes: most words, and IPv4 with its four numbers. */
  private static final Pattern PLAIN = Pattern.compile(
      "(?!(?i:y|n|yes|no|on|off|true|false|null)$)[A-Za-z]([A-Za-z0-9._/-]*[A-Za-z0-9])?"
          + "|[0-9]+(\\.[0-9]+){3}(/[0-9]+)?");

  private YamlText() {}

  static void write(Map<?, ?> document, StringBuilder text) {
    map(document, "", text);
  }

  private static void map(Map<?, ?> map, String indent, StringBuilder text) {
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      // The first line continues the one that a list item began.
      if (!first || text.isEmpty() || text.charAt(text.length() - 1) == '\n') {
        text.append(indent);
      }
      first = false;
      scalar(entry.getKey(), text);
      text.append(':');
      value(entry.getValue(), indent, text);
    }
  }

  private static void value(Object value, String indent, StringBuilder text) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append('\n');
      map(map, indent + "  ", text);
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      text.append('\n');
      for (Object item : list) {
        text.append(indent).append("- ");
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
          map(map, indent + "  ", text);
        } else {
          scalar(item, text);
          text.append('\n');
        }
      }
    } else {
      scalar(value, text.append(' '));
      text.append('\n');
    }
  }

  private static void scalar(Object value, StringBuilder text) {
    if (value instanceof String string && PLAIN.matcher(string).matches()) {
      text.append(string);
    } else {
      // Strings that need quotes, numbers, booleans and empty collections look the same in JSON.
      JsonText.write(value, text);
    }
  }
}
