package dev.postern.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the terminal of this process is. Java cannot ask it; {@code stty}, which is on every Unix, can. */
final class TerminalSize {

  private static final File TERMINAL = new File("/dev/tty");
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ ([1-9]\\d{0,3})\\s*");

  private TerminalSize() {}

  /** Its columns; empty if there is no terminal, or nothing that knows its size. */
  static OptionalInt columns() {
    try {
      Process size = new ProcessBuilder("stty", "size")
          .redirectInput(TERMINAL)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      if (!size.waitFor(1, TimeUnit.SECONDS)) {
        size.destroyForcibly();
        return OptionalInt.empty();
      }
      Matcher said = ROWS_AND_COLUMNS.matcher(
          new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      return said.matches() ? OptionalInt.of(Integer.parseInt(said.group(1))) : OptionalInt.empty();
    } catch (IOException unknown) {
      return OptionalInt.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }
}
