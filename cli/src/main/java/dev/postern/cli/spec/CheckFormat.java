package dev.postern.cli.spec;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;
import java.util.function.BiConsumer;

/** The formats of {@code test}. */
public enum CheckFormat {
  text(TextChecks::write, Unfinished.TEXT),
  json(JsonChecks::write, Unfinished.JSON),
  junit(JunitChecks::write, JunitChecks::unfinished),
  tap(TapChecks::write, TapChecks::unfinished);

  private final BiConsumer<CheckReport, Printer> writer;
  private final Unfinished unfinished;

  CheckFormat(BiConsumer<CheckReport, Printer> writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over before there was anything to say. */
  public Unfinished unfinished() {
    return unfinished;
  }

  public void write(CheckReport report, Printer out) {
    writer.accept(report, out);
  }
}
