package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;

/** A way to write findings down; the constants' names are what {@code -o} takes. */
public enum FindingFormat {
  text(new TextFindings()),
  json(new JsonFindings()),
  sarif(new SarifFindings()),
  junit(new JunitFindings()),
  github(new GithubFindings()),
  gitlab(new GitlabFindings()),
  checkstyle(new CheckstyleFindings()),
  md(new MarkdownFindings());

  /** Writes findings in one format. */
  @FunctionalInterface
  interface Writer {
    void write(Findings findings, Printer out);
  }

  private final Writer writer;

  FindingFormat(Writer writer) {
    this.writer = writer;
  }

  /** Writes all of them. */
  public void write(Findings findings, Printer out) {
    writer.write(findings, out);
  }
}
