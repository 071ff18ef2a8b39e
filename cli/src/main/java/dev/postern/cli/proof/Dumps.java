package dev.postern.cli.proof;

import dev.postern.backend.Machine;
import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import dev.postern.cluster.Cluster;
import dev.postern.deadline.Deadline;
import dev.postern.enforced.Contract.Binding;
import dev.postern.netfilter.node.NodeDumps;
import java.io.IOException;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The dumps that a command line names, or that a machine prints.
 *
 * @param reader who can read them
 * @param machine the machine, if it is a live one
 * @param texts by the names of the reader's inputs
 */
public record Dumps(
    Reader reader, Optional<Machine> machine, Supplier<Map<String, List<Dump>>> texts) {

  private static final Reader WHOLE = new NodeDumps();

  private static final Set<String> NODE =
      WHOLE.inputs().stream().map(Reader.Input::name).collect(Collectors.toSet());

  /**
   * The dumps of the one reader whose flags are given.
   *
   * @param given what a flag was given: a path, or a server that the reader can ask
   * @throws UserError if no or more than one reader's flags are given, a file cannot be read, or a server not be asked
   */
  public static Dumps given(Function<String, Optional<String>> given) {
    List<Reader> some = Readers.ALL.stream()
        .filter(reader ->
            reader.inputs().stream().anyMatch(input -> given.apply(input.name()).isPresent()))
        .toList();
    Set<String> flags = some.stream()
        .flatMap(reader -> reader.inputs().stream())
        .map(Reader.Input::name)
        .filter(flag -> given.apply(flag).isPresent())
        .collect(Collectors.toSet());
    // The first that reads them all: of several planes of a node only the reader of all.
    Reader reader = some.stream()
        .filter(each -> each.inputs().stream()
            .map(Reader.Input::name)
            .collect(Collectors.toSet())
            .containsAll(flags))
        .findFirst()
        .orElseThrow(() -> new UserError("postern prove: error: "
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
            .apply(each.name())
            .ifPresent(file -> credentials.put(each.name(), Path.of(file))));
    Map<String, List<Dump>> texts = new LinkedHashMap<>();
    for (Reader.Input input : reader.inputs()) {
      Optional<String> place = given.apply(input.name());
      if (place.isPresent()) {
        texts.put(input.name(), dumps(reader, input, place.get(), credentials));
      } else if (input.required()) {
        throw new UserError("postern prove: error: " + reader.target() + " needs "
            + Readers.flag(input) + ": " + input.description());
      }
    }
    return new Dumps(reader, Optional.empty(), () -> texts);
  }

  private static List<Dump> dumps(
      Reader reader, Reader.Input input, String given, Map<String, Path> credentials) {
    Optional<Dump> asked =
        Deadline.current().await(given, () -> asked(reader, input, given, credentials), () -> {});
    if (asked.isPresent()) {
      return List.of(asked.get());
    }
    Path path = Path.of(given);
    return input.directory() ? files(path) : List.of(file(path));
  }

  private static Optional<Dump> asked(
      Reader reader, Reader.Input input, String given, Map<String, Path> credentials) {
    try {
      return reader.ask(input, given, credentials);
    } catch (Reader.MissingCredentials problem) {
      throw new UserError("postern prove: error: " + Readers.flag(input) + ": TLS needs "
          + String.join(" and ", problem.needed().stream().map(Readers::flag).toList()));
    } catch (IOException problem) {
      throw new UserError(
          "postern prove: error: " + Readers.flag(input) + ": " + problem.getMessage());
    }
  }

  /**
   * What a machine's own tools print, and no file besides.
   *
   * @param given what each flag says
   * @throws UserError if a flag names a dump, which would not be read
   */
  public static Dumps live(
      String target, Function<String, Optional<String>> given, Machine machine) {
    List<String> flags = Readers.ALL.stream()
        .flatMap(reader -> reader.inputs().stream())
        .filter(input -> given.apply(input.name()).isPresent())
        .map(Readers::flag)
        .distinct()
        .toList();
    if (!flags.isEmpty()) {
      throw new UserError("postern prove: error: --live " + target
          + " reads this machine, and no dump besides: " + String.join(", ", flags)
          + " (hint: give one of the two)");
    }
    return live(target, machine);
  }

  /**
   * What a machine prints about itself.
   *
   * @throws UserError if there is no such target, or a command fails
   */
  public static Dumps live(String target, Machine machine) {
    Reader reader = Readers.ALL.stream()
        .filter(each -> each.target().equals(target))
        .findFirst()
        .orElseThrow(() -> new UserError(
            "postern prove: error: --live takes one of " + Readers.targets() + ", not " + target));
    if (NODE.containsAll(reader.inputs().stream().map(Reader.Input::name).toList())) {
      // What one tool prints is never all that filters on a node.
      Map<String, List<Dump>> texts = LiveNode.dumps(machine);
      return new Dumps(WHOLE, Optional.of(machine), () -> texts);
    }
    return new Dumps(reader, Optional.of(machine), () -> printed(reader, machine));
  }

  private static Map<String, List<Dump>> printed(Reader reader, Machine machine) {
    Map<String, List<Dump>> texts = new LinkedHashMap<>();
    for (Reader.Input input : reader.inputs()) {
      if (input.command().isEmpty()) {
        throw new UserError("postern prove: error: --live can't read " + reader.target()
            + " (hint: give " + Readers.flag(input) + ")");
      }
      Dump dump = machine
          .print(input.command())
          .orElseThrow(() -> new UserError("postern prove: error: `"
              + String.join(" ", input.command()) + "` can't be run here: no such command"));
      texts.put(input.name(), List.of(dump));
    }
    return texts;
  }

  /** Whether a target of {@code --live} has rules of netfilter. */
  public static boolean isOfNetfilter(String target) {
    return Readers.ALL.stream()
        .anyMatch(reader -> reader.target().equals(target) && isOfNetfilter(reader));
  }

  /** Whether a reader reads nothing but rules of netfilter, in any of its forms. */
  public static boolean isOfNetfilter(Reader reader) {
    return NODE.containsAll(reader.inputs().stream().map(Reader.Input::name).toList());
  }

  /**
   * What is known of the node's interfaces: what was said, and what a live machine's routes say of the pods besides, or names in dumps of
   * netfilter.
   *
   * @throws UserError if the routes cannot be read
   */
  public Wiring interfaces(Wiring said, Cluster cluster, Scope scope) {
    if (machine.isPresent()) {
      return LiveRoutes.besides(said, machine.get(), cluster, scope);
    }
    return isOfNetfilter(reader)
        ? NamedInterfaces.besides(said, texts.get().values(), cluster, scope)
        : said;
  }

  /** Reads the rules. */
  public Reading read(Cluster cluster, Scope scope, List<Binding> interfaces) {
    if (machine.isPresent()) {
      return reader
          .live(machine.get(), cluster, scope, interfaces)
          .orElseGet(() -> reader.read(texts.get(), cluster, scope));
    }
    Reading reading = reader.read(texts.get(), cluster, scope);
    return reading.withNotes(Stream.concat(
            reading.notes().stream(), reader.doubts(texts.get()).stream().map(Note::of))
        .toList());
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
