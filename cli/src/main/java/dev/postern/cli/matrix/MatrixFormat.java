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
  /** The page, which is made of manifests. */
  html(
      (matrix, out) -> {
        throw new IllegalStateException("a page is made of manifests");
      },
      Unfinished.HTML);

  /** Writes a matrix in one format. */
  @FunctionalInterface
  interface Writer {
    void write(Connectivity connectivity, Printer out);

    /** Writes what stands before several matrices. */
    default void begin(boolean denied, Printer out) {}

    /** Writes one of several matrices under the path that it was read from. */
    default void writeApart(String manifests, Connectivity matrix, boolean first, Printer out) {
      if (!first) {
        out.println();
      }
      out.println(manifests + ":");
      write(matrix, out);
    }

    /** Writes why a path has no matrix, where the format has a place for it. */
    default void error(String manifests, String why, Printer out) {}
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

  Writer writer() {
    return writer;
  }

  /** Whether this is the page, which is made of manifests and not of a matrix. */
  public boolean isPage() {
    return this == html;
  }

  /** Writes all of it; a page is not written from a matrix. */
  public void write(Connectivity connectivity, Printer out) {
    writer.write(connectivity, out);
  }
}
