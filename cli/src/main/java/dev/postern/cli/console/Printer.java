package dev.postern.cli.console;

import dev.postern.diagnostic.Printable;
import java.io.BufferedWriter;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes lines, always in UTF-8. Text is taken for text from outside: what is printed stays on its line, cannot command a terminal, and is
 * no command to a CI system that reads logs (GitHub takes {@code ::error::} at the start of a line, and {@code ##[error]} anywhere, for
 * its own). A format with rules of its own escapes what it writes by them and hands it to {@link #raw} or {@link #escaped}. For one thread.
 */
public final class Printer extends PrintWriter {

  private final CheckedStream outlet;
  private boolean atStart = true;
  private ColorChoice color = ColorChoice.auto;
  private boolean colouredByDefault;

  Printer(CheckedStream outlet, OutputStream buffered) {
    super(new BufferedWriter(new OutputStreamWriter(buffered, StandardCharsets.UTF_8), 1 << 13));
    this.outlet = outlet;
  }

  /** A printer to a stream. */
  public static Printer to(OutputStream stream) {
    CheckedStream outlet = CheckedStream.to(stream);
    return new Printer(outlet, outlet);
  }

  /** Why something written was lost; empty if nothing was so far, or its reader left. */
  public Optional<String> lost() {
    flush();
    return outlet.lost();
  }

  /** Says when what is printed here is coloured, from here on; {@link ColorChoice#auto} at first. */
  void color(ColorChoice choice) {
    color = choice;
  }

  /** Says whether {@link ColorChoice#auto} colours; it does not at first. */
  void colouredByDefault(boolean coloured) {
    colouredByDefault = coloured;
  }

  /** Whether what is printed here is coloured. */
  public boolean isColoured() {
    return switch (color) {
      case always -> true;
      case never -> false;
      case auto -> colouredByDefault;
    };
  }

  /** Prints text from outside, without a line break. */
  @Override
  public void print(String text) {
    write(harmless(text));
  }

  @Override
  public void print(Object value) {
    print(String.valueOf(value));
  }

  /** Prints text from outside, without a line break, and sets it off where text is coloured. */
  public void print(Emphasis emphasis, String text) {
    String line = harmless(text);
    write(isColoured() ? emphasis.of(line) : line);
  }

  /** Prints text from outside as one line, whatever is in it. */
  @Override
  public void println(String text) {
    print(text);
    println();
  }

  @Override
  public void println(Object value) {
    println(String.valueOf(value));
  }

  /** A line break, the same on every system. */
  @Override
  public void println() {
    write("\n");
  }

  @Override
  public PrintWriter format(String format, Object... arguments) {
    print(String.format(Locale.ROOT, format, arguments));
    return this;
  }

  @Override
  public PrintWriter printf(String format, Object... arguments) {
    return format(format, arguments);
  }

  /** Prints lines that were put together from parts of which none breaks a line, such as a finding with its excerpt. */
  public void block(String lines) {
    lines.lines().forEach(this::println);
  }

  /** Writes a line that is escaped by the rules of its format. */
  public void raw(String escaped) {
    write(escaped);
    println();
  }

  /** Writes text that is escaped by the rules of its format, without a line break of its own. */
  public void escaped(String text) {
    write(text);
  }

  private String harmless(String text) {
    String line = Printable.line(text);
    if (atStart && line.stripLeading().startsWith("::")) {
      int at = line.indexOf("::");
      line = line.substring(0, at) + "\\" + line.substring(at);
    }
    return line.contains("##[") ? line.replace("##[", "##\\[") : line;
  }

  @Override
  public void write(String text, int from, int count) {
    super.write(text, from, count);
    if (count > 0) {
      atStart = text.charAt(from + count - 1) == '\n';
    }
  }

  @Override
  public void write(char[] text, int from, int count) {
    super.write(text, from, count);
    if (count > 0) {
      atStart = text[from + count - 1] == '\n';
    }
  }

  @Override
  public void write(int unit) {
    super.write(unit);
    atStart = unit == '\n';
  }
}
