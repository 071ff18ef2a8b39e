package dev.postern.cli;

import dev.postern.cli.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs every command's examples once, for the JVM to note which classes they need: {@code ./postern} makes its class archive from that. Every
 * answer is thrown away.
 */
final class ArchiveTraining {

  /** What is asked most and ends soonest, for an archive of which every start loads everything: without picocli, which such lines do not need. */
  private static final List<String> SHORT = List.of(
      "can shop/frontend reach shop/db on 5432 -f examples/shop",
      "can who can reach shop/db on 5432 -f examples/shop",
      "why shop/cart reach shop/db on 5432 -f examples/shop",
      "connectivity -f examples/shop",
      "connectivity -f examples/shop -o json",
      "lint examples/shop",
      "lint examples/mistakes");

  private ArchiveTraining() {}

  /** Takes the directory that holds {@code examples}, one to write to, and {@code short} for the short commands alone. */
  public static void main(String... arguments) {
    Console nowhere = Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
    Path root = Path.of(arguments[0]);
    if (arguments.length > 2) {
      SHORT.forEach(line -> Postern.run(
          nowhere, line.replace("examples", root.resolve("examples").toString()).split(" ")));
    } else {
      everything(nowhere, root, Path.of(arguments[1]));
    }
    // JDK 21 and newer keep a log of exits, whose classes a command would load from the JDK's own
    // files each time.
    System.exit(0);
  }

  private static void everything(Console nowhere, Path root, Path out) {
    Examples.of(nowhere, root, out).forEach((command, examples) -> {
      examples.forEach(example -> Postern.run(nowhere, example));
      Postern.run(nowhere, command, "--help");
    });
    Postern.run(nowhere, "--help");
    Postern.run(nowhere, "--version");
    Postern.run(nowhere, "no-such-command");
  }
}
