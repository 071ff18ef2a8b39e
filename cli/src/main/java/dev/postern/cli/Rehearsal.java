package dev.postern.cli;

import dev.postern.cli.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Runs the commonest commands once, for the JVM to note which classes they need: {@code ./postern} makes its class archive from that. Every
 * answer is thrown away.
 */
final class Rehearsal {

  private Rehearsal() {}

  /** Takes one argument, the directory that holds {@code examples/shop}. */
  public static void main(String... arguments) {
    Console nowhere = Console.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream());
    String shop = Path.of(arguments[0], "examples", "shop").toString();
    Postern.run(nowhere, "lint", "-f", shop);
    Postern.run(nowhere, "lint", "-f", shop, "-o", "json");
    Postern.run(nowhere, "lint", "--help");
    Postern.run(nowhere, "--help");
    Postern.run(nowhere, "--version");
    Postern.run(nowhere, "no-such-command");
  }
}
