package dev.postern.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a command reads and writes: always UTF-8, whatever the machine's locale.
 *
 * @param in standard input
 * @param out answers
 * @param err errors, warnings and progress
 * @param environment the environment's variables
 * @param outIsTerminal whether a person reads the answers as they come
 * @param errIsTerminal whether a person reads errors and progress as they come
 */
public record Console(
    InputStream in,
    Printer out,
    Printer err,
    Map<String, String> environment,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  public Console {
    out.colouredByDefault(!isSet(environment, "NO_COLOR")
        && (isForced(environment) || (outIsTerminal && !"dumb".equals(environment.get("TERM")))));
  }

  /**
   * The console of this process. Java cannot ask whether one stream is a terminal; {@code ./postern} asks the shell and passes {@code
   * -Dpostern.terminal=} with {@code 1} for standard output, {@code 2} for standard error.
   */
  public static Console ofProcess() {
    String terminal = System.getProperty("postern.terminal", "");
    CheckedStream out = CheckedStream.ofProcess(new FileOutputStream(FileDescriptor.out), 1);
    CheckedStream err = CheckedStream.ofProcess(new FileOutputStream(FileDescriptor.err), 2);
    return new Console(
        System.in,
        new Printer(out, new BufferedOutputStream(out, 1 << 16)),
        new Printer(err, err),
        System.getenv(),
        terminal.contains("1"),
        terminal.contains("2"));
  }

  /** A console over streams that are no terminal. */
  public static Console of(InputStream in, OutputStream out, OutputStream err) {
    return new Console(in, Printer.to(out), Printer.to(err), Map.of(), false, false);
  }

  /** Says when answers are coloured, from here on. */
  public void color(ColorChoice choice) {
    out.color(choice);
  }

  /**
   * Whether answers are coloured. What the command line says counts first, then {@code NO_COLOR} (no-color.org), then {@code FORCE_COLOR}
   * (force-color.org; {@code 0} and {@code false} force nothing); without them only a person's terminal shows colour.
   */
  public boolean coloured() {
    return out.isColoured();
  }

  /**
   * How wide help is written: what {@code COLUMNS} says, else the width of the terminal; empty if nobody knows. It may take a process to find
   * out.
   */
  public OptionalInt columns() {
    String said = environment.getOrDefault("COLUMNS", "");
    return said.matches("[1-9]\\d{0,3}")
        ? OptionalInt.of(Integer.parseInt(said))
        : outIsTerminal ? TerminalSize.columns() : OptionalInt.empty();
  }

  private static boolean isSet(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isEmpty();
  }

  private static boolean isForced(Map<String, String> environment) {
    return isSet(environment, "FORCE_COLOR")
        && !Set.of("0", "false").contains(environment.getOrDefault("FORCE_COLOR", ""));
  }
}
