package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.reach.Connectivity;

/** A way to write a matrix down; the constants' names are what {@code -o} takes. */
public enum MatrixFormat {
  table(new TableMatrix(), Unfinished.TEXT),
  json(new JsonMatrix(), Unfinished.JSON),
  csv(new CsvMatrix(), Unfinished.TEXT),
  md(new MarkdownMatrix(), Unfinished.MARKDOWN),
  dot(new DotMatrix(), Unfinished.DOT),
  mermaid(new MermaidMatrix(), Unfinished.ASIDE),
  svg(new SvgMatrix(), Unfinished.ASIDE),
  html(new HtmlMatrix(), Unfinished.HTML);

  /** Writes a matrix in one format. */
  @FunctionalInterface
  interface Writer {
    void write(Connectivity connectivity, Printer out);
  }

  private final Writer writer;
  private final Unfinished unfinished;

  MatrixFormat(Writer writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over. */
  public Unfinished unfinished() {
    return unfinished;
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
