package dev.postern.cli.update;

import dev.postern.backend.Reader.Dump;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that name an update and the manifests of before. */
public final class UpdateOptions {

  @Option(
      names = "--delta",
      paramLabel = "<path>",
      description =
          "Prove an update of iptables or nftables before it is applied to the state of the dumps: a directory of postern compile --since, or a file of commands for ipset restore, iptables-restore or nft -f. Repeatable, in order.")
  private List<Path> delta = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "<path>",
      description = "With --delta: the manifests that the state of before enforces. Repeatable.")
  private List<Path> since = new ArrayList<>();

  /**
   * Whether there is an update.
   *
   * @throws UserError if one of the two options is given without the other
   */
  public boolean isAsked() {
    if (delta.isEmpty() != since.isEmpty()) {
      throw new UserError(
          "postern prove: error: --delta and --since go together (hint: --since names the manifests that the state of the dumps enforces)");
    }
    since.forEach(path -> ClusterInput.requireName("--since", path.toString()));
    return !delta.isEmpty();
  }

  /** The manifests of before. */
  public List<Path> since() {
    return List.copyOf(since);
  }

  /**
   * The files of each path, in order.
   *
   * @throws UserError if one cannot be read, or a directory holds none
   */
  public List<List<Dump>> files() {
    return delta.stream().map(UpdateOptions::files).toList();
  }

  private static List<Dump> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(file(path));
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Dump> files =
          entries.filter(Files::isRegularFile).sorted().map(UpdateOptions::file).toList();
      if (files.isEmpty()) {
        throw new UserError(path + ": error: it holds no file, and so no update");
      }
      return files;
    } catch (IOException problem) {
      throw unreadable(path, problem);
    }
  }

  private static Dump file(Path path) {
    try {
      return new Dump(path.toString(), InputBound.PRINTED.text(path));
    } catch (IOException problem) {
      throw unreadable(path, problem);
    }
  }

  private static UserError unreadable(Path path, IOException problem) {
    return new UserError(path + ": error: "
        + (problem instanceof NoSuchFileException
            ? "no such file or directory"
            : "it can't be read: " + problem.getMessage()));
  }
}
