package dev.postern.cli.input;

import dev.postern.cli.console.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
      List<Link> links = new ArrayList<>();
      copy(top, root, commit, inside, links);
      // After all files: none is ever written through a link.
      for (Link link : links) {
        Files.createDirectories(link.file.getParent());
      }
      for (Link link : links) {
        Files.createSymbolicLink(link.file, link.target);
      }
      Path then = root.resolve(inside).normalize();
      return Files.exists(then) ? Optional.of(then) : Optional.empty();
    } catch (NoSuchFileException gone) {
      throw new UserError(
          "postern: error: cannot read " + now
              + ": there is no such file or directory (hint: of one that is removed, name the directory above it)");
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

  /** What a tree holds under a name: {@code mode type id TAB name}. */
  private record Entry(String mode, String id, String name) {

    boolean isFile() {
      return mode.startsWith("100");
    }

    boolean isLink() {
      return mode.equals("120000");
    }

    boolean isSubmodule() {
      return mode.equals("160000");
    }
  }

  /** A link that is to be made. */
  private record Link(Path file, Path target) {}

  /** Copies what was in a place, and what links that were there may lead to. */
  private void copy(Path top, Path root, String commit, String inside, List<Link> links)
      throws IOException {
    List<Entry> entries = entries(top, commit, inside);
    write(top, root, entries, links);
    if (!inside.isEmpty() && entries.stream().anyMatch(Entry::isLink)) {
      Set<String> known = entries.stream().map(Entry::name).collect(Collectors.toSet());
      write(
          top,
          root,
          entries(top, commit, "").stream()
              .filter(entry -> !known.contains(entry.name) && !entry.isSubmodule())
              .filter(entry -> entry.isLink() || isManifest(entry.name))
              .toList(),
          links);
    }
    for (Entry entry : entries) {
      Path module = top.resolve(entry.name).normalize();
      if (entry.isSubmodule() && module.startsWith(top) && Files.exists(module.resolve(".git"))) {
        copy(module, root.resolve(entry.name), entry.id, "", links);
      }
    }
  }

  private static boolean isManifest(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private List<Entry> entries(Path top, String commit, String inside) {
    List<String> arguments =
        new ArrayList<>(List.of("--literal-pathspecs", "ls-tree", "-r", "-z", commit));
    if (!inside.isEmpty()) {
      arguments.addAll(List.of("--", inside));
    }
    List<Entry> entries = new ArrayList<>();
    for (String entry :
        new String(git(top, NOTHING, arguments), StandardCharsets.UTF_8).split("\0")) {
      int tab = entry.indexOf('\t');
      if (tab > 0) {
        String[] head = entry.substring(0, tab).split(" ");
        entries.add(new Entry(head[0], head[2], entry.substring(tab + 1)));
      }
    }
    return entries;
  }

  /** Writes files, and says which links there are; submodules are repositories of their own. */
  private void write(Path top, Path root, List<Entry> entries, List<Link> links)
      throws IOException {
    List<Entry> held = entries.stream().filter(entry -> !entry.isSubmodule()).toList();
    String wanted = held.stream().map(entry -> entry.id + "\n").collect(Collectors.joining());
    byte[] contents =
        git(top, wanted.getBytes(StandardCharsets.US_ASCII), List.of("cat-file", "--batch"));
    int at = 0;
    for (Entry entry : held) {
      // "id blob size LF content LF".
      int end = at;
      while (contents[end] != '\n') {
        end++;
      }
      String head = new String(contents, at, end - at, StandardCharsets.US_ASCII);
      if (!head.contains(" blob ")) {
        throw new UserError("postern: error: the repository lacks " + entry.name + " of " + revision
            + " (hint: it is a clone in part; git fetch gets the rest)");
      }
      int size = Integer.parseInt(head.substring(head.lastIndexOf(' ') + 1));
      byte[] content = Arrays.copyOfRange(contents, end + 1, end + 1 + size);
      Path file = root.resolve(entry.name).normalize();
      if (file.startsWith(root) && entry.isFile()) {
        Files.createDirectories(file.getParent());
        Files.write(file, content, StandardOpenOption.CREATE_NEW);
      } else if (file.startsWith(root) && entry.isLink()) {
        links.add(link(top, root, file, target(entry, content)));
      }
      at = end + 1 + size + 1;
    }
  }

  private Path target(Entry entry, byte[] content) {
    try {
      return Path.of(new String(content, StandardCharsets.UTF_8));
    } catch (InvalidPathException problem) {
      throw new UserError("postern: error: " + entry.name + " of " + revision
          + " is a symbolic link to no path of this system (hint: write the link anew)");
    }
  }

  /** A link within the repository leads to what was there then; another one to where it leads now. */
  private static Link link(Path top, Path root, Path file, Path target) {
    Path there = file.resolveSibling(target).normalize();
    return new Link(
        file,
        there.startsWith(root)
            ? target
            : top.resolve(root.relativize(file)).resolveSibling(target).normalize());
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
