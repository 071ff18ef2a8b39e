package dev.postern.cli.difference;

import dev.postern.cli.console.Printer;
import dev.postern.cli.finding.GithubAnnotation;
import dev.postern.cli.input.TimeLimit.Unfinished;

/** The formats of {@code review}. */
public enum ReviewFormat {
  text(TextReview::write, Unfinished.TEXT),
  md(MarkdownReview::write, Unfinished.MARKDOWN),
  json(JsonReview::write, Unfinished.JSON),
  github(GithubReview::write, GithubAnnotation::unfinished);

  /** Writes reviews in one format. */
  @FunctionalInterface
  private interface Writer {
    void write(Review review, Printer out);
  }

  private final Writer writer;
  private final Unfinished unfinished;

  ReviewFormat(Writer writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over. */
  public Unfinished unfinished() {
    return unfinished;
  }

  public void write(Review review, Printer out) {
    writer.write(review, out);
  }
}
