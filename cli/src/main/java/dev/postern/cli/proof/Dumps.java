package dev.postern.cli.proof;

import dev.postern.cli.console.Complaint;
import dev.postern.netfilter.node.NodeDumps;
import dev.postern.target.Reader;
import dev.postern.target.Reader.Dump;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The dumps that a command line names, or that this machine prints.
 *
 * @param reader who can read them
 * @param texts by the reader's flags
 */
public record Dumps(Reader reader, Map<String, List<Dump>> texts) {

  private static final Reader WHOLE = new NodeDumps();

  private static final Set<String> NODE =
      WHOLE.inputs().stream().map(Reader.Input::flag).collect(Collectors.toSet());

  /** This machine. */
  private static final LiveNode.Machine THIS = new LiveNode.Machine() {
    @Override
    public Optional<Dump> print(List<String> command) {
      String tool = command.get(0);
      boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
      return there ? Optional.of(Dumps.print(command)) : Optional.empty();
    }

    @Override
    public Optional<String> read(String path) {
      try {
        return Optional.of(Files.readString(Path.of(path)));
      } catch (IOException missing) {
        return Optional.empty();
      }
    }
  };

  /**
   * The dumps of the one reader whose flags are given.
   *
   * @param given what a flag was given: a path, or a server that the reader can ask
   * @throws Complaint if no or more than one reader's flags are given, a file cannot be read, or a server not be asked
   */
  public static Dumps given(Function<String, Optional<String>> given) {
    List<Reader> some = Readers.ALL.stream()
        .filter(reader ->
            reader.inputs().stream().anyMatch(input -> given.apply(input.flag()).isPresent()))
        .toList();
    Set<String> flags = some.stream()
        .flatMap(reader -> reader.inputs().stream())
        .map(Reader.Input::flag)
        .filter(flag -> given.apply(flag).isPresent())
        .collect(Collectors.toSet());
    // The first that reads them all: of several planes of a node only the reader of all.
    Reader reader = some.stream()
        .filter(each -> each.inputs().stream()
            .map(Reader.Input::flag)
            .collect(Collectors.toSet())
            .containsAll(flags))
        .findFirst()
        .orElseThrow(() -> new Complaint("postern prove: error: "
            + (some.isEmpty()
                ? "no artefact to prove (hint: " + flags() + ", or --live <target>)"
                : "dumps of "
                    + some.stream()
                        .map(Reader::target)
                        .filter(target -> !target.equals(WHOLE.target()))
                        .toList()
                    + " are given (hint: prove one target at a time)")));
    Map<String, Path> credentials = new LinkedHashMap<>();
    reader
        .credentials()
        .forEach(each -> given
            .apply(each.flag())
            .ifPresent(file -> credentials.put(each.flag(), Path.of(file))));
    Map<String, List<Dump>> texts = new LinkedHashMap<>();
    for (Reader.Input input : reader.inputs()) {
      Optional<String> place = given.apply(input.flag());
      if (place.isPresent()) {
        texts.put(input.flag(), dumps(reader, input, place.get(), credentials));
      } else if (input.required()) {
        throw new Complaint("postern prove: error: " + reader.target() + " needs "
            + Readers.flag(input) + ": " + input.description());
      }
    }
    return new Dumps(reader, texts);
  }

  private static List<Dump> dumps(
      Reader reader, Reader.Input input, String given, Map<String, Path> credentials) {
    try {
      Optional<Dump> asked = reader.ask(input, given, credentials);
      if (asked.isPresent()) {
        return List.of(asked.get());
      }
    } catch (IOException problem) {
      throw new Complaint(
          "postern prove: error: " + Readers.flag(input) + ": " + problem.getMessage());
    }
    Path path = Path.of(given);
    return input.directory() ? files(path) : List.of(file(path));
  }

  /**
   * What this machine prints about itself.
   *
   * @throws Complaint if there is no such target, or a command fails
   */
  public static Dumps live(String target) {
    Reader reader = Readers.ALL.stream()
        .filter(each -> each.target().equals(target))
        .findFirst()
        .orElseThrow(() -> new Complaint(
            "postern prove: error: --live takes one of " + Readers.targets() + ", not " + target));
    if (NODE.containsAll(reader.inputs().stream().map(Reader.Input::flag).toList())) {
      // What one tool prints is never all that filters on a node.
      return new Dumps(WHOLE, LiveNode.dumps(THIS));
    }
    Map<String, List<Dump>> texts = new LinkedHashMap<>();
    for (Reader.Input input : reader.inputs()) {
      if (input.command().isEmpty()) {
        throw new Complaint("postern prove: error: --live can't read " + target + " (hint: give "
            + Readers.flag(input) + ")");
      }
      texts.put(input.flag(), List.of(print(input.command())));
    }
    return new Dumps(reader, texts);
  }

  private static Dump print(List<String> command) {
    String name = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new Complaint("postern prove: error: `" + name + "` failed with status " + status
            + " (hint: --live needs root)");
      }
      return new Dump(name, text);
    } catch (IOException missing) {
      throw new Complaint(
          "postern prove: error: `" + name + "` can't be run here: " + missing.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Complaint("postern prove: error: `" + name + "` was interrupted");
    }
  }

  private static String flags() {
    return String.join(
        ", ",
        Readers.ALL.stream()
            .map(reader -> Readers.flag(reader.inputs().get(0)) + " <file>")
            .distinct()
            .toList());
  }

  private static List<Dump> files(Path directory) {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.filter(Files::isRegularFile).sorted().forEach(paths::add);
    } catch (IOException problem) {
      throw unreadable(directory, problem);
    }
    return paths.stream().map(Dumps::file).toList();
  }

  static Dump file(Path path) {
    try {
      return new Dump(path.toString(), Files.readString(path));
    } catch (IOException problem) {
      throw unreadable(path, problem);
    }
  }

  private static Complaint unreadable(Path path, IOException problem) {
    return new Complaint(path + ": error: "
        + (problem instanceof NoSuchFileException
            ? "no such file or directory"
            : "it can't be read: " + problem.getMessage()));
  }
}
