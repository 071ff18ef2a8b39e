package dev.postern.cli.input;

import dev.postern.cli.console.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of another revision of a git repository, in a directory that closing removes. */
final class Revision implements AutoCloseable {

  private static final byte[] NOTHING = new byte[0];

  /** A directory of files that look like a repository is none: its configuration could name programs that git runs. */
  private static final List<String> NO_BARE = List.of("-c", "safe.bareRepository=explicit");

  private final Program git;
  private final boolean named;
  private final String revision;
  private final Path copy;
  private final Map<Path, Path> tops = new HashMap<>();

  /**
   * A revision.
   *
   * @param revision as git names it: a branch, a tag, {@code HEAD~1}
   * @throws UserError if there is no git
   */
  Revision(String revision, Map<String, String> environment) {
    this.git = Program.find("git", environment)
        .orElseThrow(() -> new UserError(
            "postern: error: --changed-since asks git, and there is no `git` on the PATH"));
    this.revision = revision;
    this.named = environment.containsKey("GIT_DIR");
    try {
      this.copy = Files.createTempDirectory("postern-revision");
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /**
   * What a file or directory was in that revision; empty if it was not there.
   *
   * @throws UserError if it lies in no repository, or that has no such revision
   */
  Optional<Path> path(Path now) {
    try {
      Path real = now.toRealPath();
      Path directory = Files.isDirectory(real) ? real : real.resolveSibling(".");
      Path top = Path.of(line(directory, "rev-parse", "--show-toplevel")).toRealPath();
      // Older releases of git do not know the setting. All that follows runs in that directory,
      // whose `.git` no commit can bring.
      if (!named && !Files.exists(top.resolve(".git"))) {
        throw new UserError("postern: error: " + now + " lies in no work tree with a `.git` (its "
            + "files look like a repository themselves)");
      }
      String commit =
          line(top, "rev-parse", "--verify", "--end-of-options", revision + "^{commit}");
      String inside = top.relativize(real).toString().replace('\\', '/');
      Path root = copy.resolve(Integer.toString(tops.size()));
      tops.put(root, top);
      copy(top, root, commit, inside);
      Path then = root.resolve(inside).normalize();
      return Files.exists(then) ? Optional.of(then) : Optional.empty();
    } catch (IOException problem) {
      throw new UserError("postern: error: cannot read " + now + ": " + problem.getMessage());
    }
  }

  /** Where a file of that revision would be now. */
  Path now(Path then) {
    return tops.entrySet().stream()
        .filter(each -> then.startsWith(each.getKey()))
        .map(each -> each.getValue().resolve(each.getKey().relativize(then)))
        .findFirst()
        .orElse(then);
  }

  private String line(Path directory, String... arguments) {
    return new String(git(directory, NOTHING, List.of(arguments)), StandardCharsets.UTF_8).strip();
  }

  private byte[] git(Path directory, byte[] input, List<String> arguments) {
    return git.run(
        directory, input, Stream.concat(NO_BARE.stream(), arguments.stream()).toList());
  }

  private void copy(Path top, Path root, String commit, String inside) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--literal-pathspecs", "ls-tree", "-r", "-z", commit));
    if (!inside.isEmpty()) {
      arguments.addAll(List.of("--", inside));
    }
    byte[] listing = git(top, NOTHING, arguments);
    List<String> names = new ArrayList<>();
    StringBuilder wanted = new StringBuilder();
    // Each entry is "mode type id TAB name"; only files have content to copy.
    for (String entry : new String(listing, StandardCharsets.UTF_8).split("\0")) {
      int tab = entry.indexOf('\t');
      if (tab > 0 && entry.startsWith("100")) {
        names.add(entry.substring(tab + 1));
        wanted.append(entry.substring(0, tab).split(" ")[2]).append('\n');
      }
    }
    byte[] contents = git(
        top, wanted.toString().getBytes(StandardCharsets.US_ASCII), List.of("cat-file", "--batch"));
    int at = 0;
    for (String name : names) {
      // "id blob size LF content LF".
      int end = at;
      while (contents[end] != '\n') {
        end++;
      }
      String head = new String(contents, at, end - at, StandardCharsets.US_ASCII);
      if (!head.contains(" blob ")) {
        throw new UserError("postern: error: the repository lacks " + name + " of " + revision
            + " (hint: it is a clone in part; git fetch gets the rest)");
      }
      int size = Integer.parseInt(head.substring(head.lastIndexOf(' ') + 1));
      Path file = root.resolve(name).normalize();
      if (file.startsWith(root)) {
        Files.createDirectories(file.getParent());
        Files.write(file, Arrays.copyOfRange(contents, end + 1, end + 1 + size));
      }
      at = end + 1 + size + 1;
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
