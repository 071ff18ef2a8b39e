package dev.postern.cli.matrix;

import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import java.io.PrintWriter;

/** A table for a wiki or a pull request. */
final class MarkdownMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, PrintWriter out) {
    ReachWords words = new ReachWords();
    out.println("| source | destination | traffic |");
    out.println("|---|---|---|");
    connectivity
        .connections()
        .forEach(c -> out.println("| " + cell(c.source()) + " | " + cell(c.destination()) + " | "
            + words.of(c.reach()) + " |"));
  }

  private static String cell(Endpoint endpoint) {
    return ReachWords.of(endpoint).replace("|", "\\|").replace("<", "&lt;");
  }
}
