package dev.postern.cli.exposure;

import dev.postern.cli.console.Printer;

/** A way to write exposures down; the constants' names are what {@code -o} takes. */
public enum ExposureFormat {
  table(ExposureTable::table),
  json(ExposureJson::write),
  csv(ExposureTable::csv),
  md(ExposureTable::markdown);

  @FunctionalInterface
  private interface Writer {
    void write(ExposureReport report, Printer out);
  }

  private final Writer writer;

  ExposureFormat(Writer writer) {
    this.writer = writer;
  }

  /** Writes all of it. */
  public void write(ExposureReport report, Printer out) {
    writer.write(report, out);
  }
}
