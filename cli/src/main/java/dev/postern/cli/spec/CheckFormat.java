package dev.postern.cli.spec;

import dev.postern.cli.console.Printer;
import java.util.function.BiConsumer;

/** The formats of {@code test}. */
public enum CheckFormat {
  text(TextChecks::write),
  json(JsonChecks::write),
  junit(JunitChecks::write),
  tap(TapChecks::write);

  private final BiConsumer<CheckReport, Printer> writer;

  CheckFormat(BiConsumer<CheckReport, Printer> writer) {
    this.writer = writer;
  }

  public void write(CheckReport report, Printer out) {
    writer.accept(report, out);
  }
}
