package dev.postern.cli;

import dev.postern.cli.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Runs every command's examples once, for the JVM to note which classes they need: {@code ./postern} makes its class archive from that. Every
 * answer is thrown away.
 */
final class ArchiveTraining {

  private ArchiveTraining() {}

  /** Takes the directory that holds {@code examples}, and one to write to. */
  public static void main(String... arguments) {
    Console nowhere = Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
    Examples.of(nowhere, Path.of(arguments[0]), Path.of(arguments[1]))
        .forEach((command, examples) -> {
          examples.forEach(example -> Postern.run(nowhere, example));
          Postern.run(nowhere, command, "--help");
        });
    Postern.run(nowhere, "--help");
    Postern.run(nowhere, "--version");
    Postern.run(nowhere, "no-such-command");
  }
}
