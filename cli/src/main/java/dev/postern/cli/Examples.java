package dev.postern.cli;

import dev.postern.cli.console.Console;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The examples that the commands' help ends in: documentation that is run, by the tests and by the rehearsal. */
final class Examples {

  private Examples() {}

  /**
   * The arguments of every example, by command.
   *
   * @param root the directory that holds {@code examples}, which the help takes for the current one
   * @param out where an example that writes {@code artefact} is to write
   */
  static Map<String, List<String[]>> of(Console console, Path root, Path out) {
    Map<String, List<String[]>> examples = new TreeMap<>();
    Postern.commandLine(console)
        .getSubcommands()
        .forEach((name, command) -> examples.put(name, of(command, root, out)));
    return examples;
  }

  private static List<String[]> of(CommandLine command, Path root, Path out) {
    return Arrays.stream(command.getCommandSpec().usageMessage().footer())
        .flatMap(String::lines)
        .map(String::strip)
        .filter(line -> line.startsWith("postern "))
        .map(line -> Stream.of(line.split(" +"))
            .skip(1)
            .map(word -> word.startsWith("examples/") ? root.resolve(word).toString() : word)
            .map(word -> word.equals("artefact") ? out.toString() : word)
            .toArray(String[]::new))
        .toList();
  }
}
