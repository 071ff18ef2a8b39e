package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;

/** A way to write findings down; the constants' names are what {@code -o} takes. */
public enum FindingFormat {
  text(new TextFindings(), Unfinished.TEXT),
  json(new JsonFindings(), Unfinished.JSON),
  sarif(new SarifFindings(), UnfinishedFindings::sarif),
  junit(new JunitFindings(), UnfinishedFindings::junit),
  github(new GithubFindings(), GithubAnnotation::unfinished),
  gitlab(new GitlabFindings(), UnfinishedFindings::gitlab),
  checkstyle(new CheckstyleFindings(), UnfinishedFindings::checkstyle),
  md(new MarkdownFindings(), Unfinished.MARKDOWN);

  /** Writes findings in one format. */
  @FunctionalInterface
  interface Writer {
    void write(Findings findings, Printer out);
  }

  private final Writer writer;
  private final Unfinished unfinished;

  FindingFormat(Writer writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over before all findings were there. */
  public Unfinished unfinished() {
    return unfinished;
  }

  /** Writes all of them. */
  public void write(Findings findings, Printer out) {
    writer.write(findings, out);
  }
}
