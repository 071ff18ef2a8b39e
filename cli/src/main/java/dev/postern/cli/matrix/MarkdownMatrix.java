package dev.postern.cli.matrix;

import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;
import dev.postern.wording.ReachWords;

/** A table for a wiki or a pull request. */
final class MarkdownMatrix implements MatrixFormat.Writer {

  @Override
  public void writeApart(String manifests, Connectivity matrix, boolean first, Printer out) {
    if (!first) {
      out.println();
    }
    out.raw("### " + Markdown.text(manifests) + "\n");
    write(matrix, out);
  }

  @Override
  public void write(Connectivity connectivity, Printer out) {
    ReachWords words = new ReachWords();
    out.println(
        "| source | destination | " + (connectivity.showsDenied() ? "denied" : "traffic") + " |");
    out.println("|---|---|---|");
    connectivity
        .connections()
        .forEach(c -> out.raw("| " + Markdown.text(ReachWords.of(c.source())) + " | "
            + Markdown.text(ReachWords.of(c.destination())) + " | "
            + Markdown.text(words.of(c.reach())) + " |"));
  }
}
