package dev.postern.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Processes that Postern has started. */
public final class Children {

  private Children() {}

  /**
   * All that a process writes to standard output, until it ends or closes it.
   *
   * @throws UncheckedIOException if it cannot be read, or is more than {@link InputBound#PRINTED}, and its message says which of them; then the
   *     process is ended
   */
  public static byte[] output(Process process) {
    try (InputStream stream = process.getInputStream()) {
      return InputBound.PRINTED.of(stream);
    } catch (IOException problem) {
      end(process);
      throw new UncheckedIOException(problem.getMessage(), problem);
    }
  }

  /** Ends a process, and those that it has started. */
  public static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
