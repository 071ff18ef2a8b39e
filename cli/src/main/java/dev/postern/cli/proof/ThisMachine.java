package dev.postern.cli.proof;

import dev.postern.backend.Machine;
import dev.postern.backend.Reader.Dump;
import dev.postern.cli.console.Children;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine that this runs on.
 *
 * @param prefix words before each command, such as those that enter a network namespace; none for this one
 */
public record ThisMachine(List<String> prefix) implements Machine {

  public ThisMachine {
    prefix = List.copyOf(prefix);
  }

  /** @throws UserError if the command fails */
  @Override
  public Optional<Dump> print(List<String> command) {
    String tool = command.get(0);
    boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    return there ? Optional.of(printed(command)) : Optional.empty();
  }

  /** @throws UserError if there is such a file and it cannot be read */
  @Override
  public Optional<String> read(String path) {
    try {
      return Optional.of(InputBound.PRINTED.text(Path.of(path)));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException problem) {
      throw new UserError("postern prove: error: " + path + " can't be read: "
          + problem.getMessage() + " (hint: --live needs root)");
    }
  }

  private Dump printed(List<String> command) {
    String name = String.join(" ", command);
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    try {
      Process process =
          new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      byte[] printed = Deadline.current()
          .await("`" + name + "`", () -> Children.output(process), () -> Children.end(process));
      String text = new String(printed, StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new UserError("postern prove: error: `" + name + "` failed with status " + status
            + " (hint: --live needs root)");
      }
      return new Dump(name, text);
    } catch (UncheckedIOException problem) {
      throw new UserError("postern prove: error: what `" + name + "` prints can't be read: "
          + problem.getMessage());
    } catch (IOException missing) {
      throw new UserError(
          "postern prove: error: `" + name + "` can't be run here: " + missing.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new UserError("postern prove: error: `" + name + "` was interrupted");
    }
  }
}
