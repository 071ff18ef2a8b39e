package dev.postern.cli.console;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * What a format's own writer writes, with one thing more: after two number signs, a bracket begins a command to GitHub's runners wherever in
 * a line it stands, so it is written in the format's other way to say it, and a reader of the format sees no difference. For one thread.
 */
public final class CommandEscapes extends FilterWriter {

  private final String bracket;
  private int signs;

  private CommandEscapes(Writer out, String bracket) {
    super(out);
    this.bracket = bracket;
  }

  /** For JSON, where this can stand in texts only. */
  static Writer json(Writer out) {
    return new CommandEscapes(out, "\\u005b");
  }

  /** For XML, whose names hold no such thing. */
  public static Writer xml(Writer out) {
    return new CommandEscapes(out, "&#91;");
  }

  @Override
  public void write(int unit) throws IOException {
    write(new char[] {(char) unit}, 0, 1);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    write(text.substring(from, from + count).toCharArray(), 0, count);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    int start = from;
    for (int i = from; i < from + count; i++) {
      if (text[i] == '[' && signs >= 2) {
        out.write(text, start, i - start);
        out.write(bracket);
        start = i + 1;
      }
      signs = text[i] == '#' ? signs + 1 : 0;
    }
    out.write(text, start, from + count - start);
  }
}
