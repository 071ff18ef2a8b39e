package dev.postern.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream that remembers that something could not be written: {@link java.io.PrintWriter} swallows it, and a program that asks it at the
 * end only learns that something went wrong. For one thread.
 */
final class CheckedStream extends OutputStream {

  private final OutputStream stream;
  private final Optional<Path> link;
  private @Nullable IOException failure;

  private CheckedStream(OutputStream stream, Optional<Path> link) {
    this.stream = stream;
    this.link = link;
  }

  static CheckedStream to(OutputStream stream) {
    return new CheckedStream(stream, Optional.empty());
  }

  /** A standard stream of this process, which the system may show under {@code /proc}. */
  static CheckedStream ofProcess(OutputStream stream, int descriptor) {
    return new CheckedStream(
        stream, Optional.of(Path.of("/proc/self/fd", Integer.toString(descriptor))));
  }

  /**
   * Why something written here was lost, in the system's words; empty if nothing was, and where the reader went away on purpose, as {@code
   * head} does.
   */
  Optional<String> lost() {
    return Optional.ofNullable(failure)
        .filter(problem -> !readerLeft(problem))
        .map(problem -> String.valueOf(problem.getMessage()));
  }

  /** Nothing but a reader that left makes a write to a pipe fail; elsewhere the system's words must do. */
  private boolean readerLeft(IOException problem) {
    String words = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("broken pipe")
        || words.contains("connection reset")
        || link.filter(CheckedStream::isPipe).isPresent();
  }

  private static boolean isPipe(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().startsWith("pipe:");
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int from, int count) throws IOException {
    if (failure == null) {
      try {
        stream.write(octets, from, count);
      } catch (IOException problem) {
        failure = problem;
      }
    }
    rethrow();
  }

  @Override
  public void flush() throws IOException {
    if (failure == null) {
      try {
        stream.flush();
      } catch (IOException problem) {
        failure = problem;
      }
    }
    rethrow();
  }

  /** What follows a gap would be read as if there were none. */
  private void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
