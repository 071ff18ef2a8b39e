package dev.postern.cli.difference;

import dev.postern.cli.console.Printer;

/** The formats of {@code review}. */
public enum ReviewFormat {
  text(TextReview::write),
  md(MarkdownReview::write),
  json(JsonReview::write),
  github(GithubReview::write);

  /** Writes reviews in one format. */
  @FunctionalInterface
  private interface Writer {
    void write(Review review, Printer out);
  }

  private final Writer writer;

  ReviewFormat(Writer writer) {
    this.writer = writer;
  }

  public void write(Review review, Printer out) {
    writer.write(review, out);
  }
}
