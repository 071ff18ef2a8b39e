package dev.postern.cli.input;

import dev.postern.cli.console.Children;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program of the user's that Postern asks, as {@code git} or {@code helm}.
 *
 * @param path the executable
 */
record Program(Path path) {

  /**
   * A program on the {@code PATH} of an environment. Relative directories there, and the empty name that means where one is, do not count:
   * what is read could bring a program.
   */
  static Optional<Program> find(String name, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "");
    for (String directory : path.split(Pattern.quote(File.pathSeparator), -1)) {
      Path file = Path.of(directory).resolve(name);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(new Program(file.toAbsolutePath()));
      }
    }
    return Optional.empty();
  }

  /** It ended with an error; the message says with which. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Runs it to its end.
   *
   * @param input what it reads on standard input
   * @return what it wrote to standard output
   * @throws UserError if it fails, with what it said
   */
  byte[] run(Path directory, byte[] input, List<String> arguments) {
    try {
      return output(directory, input, arguments);
    } catch (Failed problem) {
      throw new UserError("postern: error: " + problem.getMessage());
    }
  }

  /**
   * Runs it to its end, where more than its answer is asked for.
   *
   * @param input what it reads on standard input
   * @return what it wrote to standard output
   * @throws Failed if it fails, with what it said
   */
  byte[] output(Path directory, byte[] input, List<String> arguments) throws Failed {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(arguments);
    try {
      Path said = Files.createTempFile("postern", ".err");
      try {
        Process process = new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(said.toFile())
            .start();
        feed(process, input);
        byte[] out = Deadline.current()
            .await(
                "`" + path.getFileName() + "`",
                () -> Children.output(process),
                () -> Children.end(process));
        int status = process.waitFor();
        if (status != 0) {
          throw new Failed("`" + path.getFileName() + " " + String.join(" ", arguments)
              + "` failed: " + firstLines(said));
        }
        return out;
      } finally {
        Files.deleteIfExists(said);
      }
    } catch (UncheckedIOException problem) {
      throw new Failed("what `" + path.getFileName() + " " + String.join(" ", arguments)
          + "` prints can't be read: " + problem.getMessage());
    } catch (IOException problem) {
      throw new Failed("cannot run " + path + ": " + problem.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new UserError("postern: error: " + path.getFileName() + " was interrupted");
    }
  }

  private static void feed(Process process, byte[] input) {
    Thread feed = new Thread(
        () -> {
          try (OutputStream stream = process.getOutputStream()) {
            stream.write(input);
          } catch (IOException closed) {
            // It does not want to read more; its status says whether that is right.
          }
        },
        "input");
    feed.setDaemon(true);
    feed.start();
  }

  private static String firstLines(Path file) throws IOException {
    String text = new String(InputBound.PRINTED.of(file), StandardCharsets.UTF_8).strip();
    return String.join(" ", text.lines().limit(4).map(String::strip).toList());
  }
}
