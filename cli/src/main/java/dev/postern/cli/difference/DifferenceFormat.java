package dev.postern.cli.difference;

import dev.postern.diff.Difference;
import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** The formats of {@code diff}. */
public enum DifferenceFormat {
  text(TextDifference::write),
  json(JsonDifference::write),
  md(MarkdownDifference::write),
  html(HtmlDifference::write);

  private final BiConsumer<Difference, PrintWriter> writer;

  DifferenceFormat(BiConsumer<Difference, PrintWriter> writer) {
    this.writer = writer;
  }

  public void write(Difference difference, PrintWriter out) {
    writer.accept(difference, out);
  }
}
