package dev.postern.page;

import dev.postern.diagnostic.Printable;

/**
 * Writes JSON that may stand in a script of a page: nothing in a text can end the script, begin a comment, or be a control or directional
 * character. For one thread.
 */
final class ScriptJson {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  /** Begins an object. */
  ScriptJson object() {
    return open('{');
  }

  /** Begins a list. */
  ScriptJson list() {
    return open('[');
  }

  /** Ends the object. */
  ScriptJson endObject() {
    return close('}');
  }

  /** Ends the list. */
  ScriptJson endList() {
    return close(']');
  }

  /** Begins a field. */
  ScriptJson field(String name) {
    comma();
    quoted(name);
    out.append(':');
    first = true;
    return this;
  }

  ScriptJson field(String name, String text) {
    return field(name).value(text);
  }

  ScriptJson field(String name, long number) {
    return field(name).value(number);
  }

  ScriptJson field(String name, boolean value) {
    field(name).comma();
    out.append(value);
    return this;
  }

  ScriptJson field(String name, Iterable<String> texts) {
    field(name).list();
    texts.forEach(this::value);
    return endList();
  }

  /** A field whose value is JSON already. */
  ScriptJson json(String name, String json) {
    field(name).comma();
    out.append(json);
    return this;
  }

  ScriptJson value(String text) {
    comma();
    quoted(text);
    return this;
  }

  ScriptJson value(long number) {
    comma();
    out.append(number);
    return this;
  }

  private ScriptJson open(char bracket) {
    comma();
    out.append(bracket);
    first = true;
    return this;
  }

  private ScriptJson close(char bracket) {
    out.append(bracket);
    first = false;
    return this;
  }

  private void comma() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  private void quoted(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        // A bracket after two number signs is a command to GitHub's runners.
        case '<', '>', '&', '[' -> {
          if (unit == '[' && !(i >= 2 && text.charAt(i - 1) == '#' && text.charAt(i - 2) == '#')) {
            out.append(unit);
          } else {
            escape(unit);
          }
        }
        default -> {
          if (unit < ' ' || (unit >= 0x7F && mustEscape(unit))) {
            escape(unit);
          } else {
            out.append(unit);
          }
        }
      }
    }
    out.append('"');
  }

  /** Halves of a pair are escaped, too: half a pair alone is no UTF-8. */
  private static boolean mustEscape(char unit) {
    return Printable.isUnsafe(unit);
  }

  private void escape(char unit) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((unit >> shift) & 0xF));
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
