package dev.postern.cli.exposure;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;

/** A way to write exposures down; the constants' names are what {@code -o} takes. */
public enum ExposureFormat {
  table(ExposureTable::table, Unfinished.TEXT),
  json(ExposureJson::write, Unfinished.JSON),
  csv(ExposureTable::csv, Unfinished.TEXT),
  md(ExposureTable::markdown, Unfinished.MARKDOWN);

  @FunctionalInterface
  private interface Writer {
    void write(ExposureReport report, Printer out);
  }

  private final Writer writer;
  private final Unfinished unfinished;

  ExposureFormat(Writer writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over. */
  public Unfinished unfinished() {
    return unfinished;
  }

  /** Writes all of it. */
  public void write(ExposureReport report, Printer out) {
    writer.write(report, out);
  }
}
