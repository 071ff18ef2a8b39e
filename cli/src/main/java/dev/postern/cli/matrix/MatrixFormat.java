package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;

/** A way to write a matrix down; the constants' names are what {@code -o} takes. */
public enum MatrixFormat {
  table(new TableMatrix()),
  json(new JsonMatrix()),
  csv(new CsvMatrix()),
  md(new MarkdownMatrix()),
  dot(new DotMatrix()),
  mermaid(new MermaidMatrix()),
  svg(new SvgMatrix()),
  html(new HtmlMatrix());

  /** Writes a matrix in one format. */
  @FunctionalInterface
  interface Writer {
    void write(Connectivity connectivity, Printer out);
  }

  private final Writer writer;

  MatrixFormat(Writer writer) {
    this.writer = writer;
  }

  /** Whether this format has words for what does not pass. */
  public boolean tellsDenied() {
    return this == table || this == json || this == csv || this == md;
  }

  /** Writes all of it. */
  public void write(Connectivity connectivity, Printer out) {
    writer.write(connectivity, out);
  }
}
