package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;
import java.util.function.BiConsumer;

/** The formats of {@code replay}. */
public enum ReplayFormat {
  text(TextReplay::write, Unfinished.TEXT),
  json(JsonReplay::write, Unfinished.JSON),
  csv(TableReplay::csv, Unfinished.TEXT),
  md(TableReplay::markdown, Unfinished.MARKDOWN);

  private final BiConsumer<ReplayResult, Printer> writer;
  private final Unfinished unfinished;

  ReplayFormat(BiConsumer<ReplayResult, Printer> writer, Unfinished unfinished) {
    this.writer = writer;
    this.unfinished = unfinished;
  }

  /** How it says that time was over. */
  public Unfinished unfinished() {
    return unfinished;
  }

  public void write(ReplayResult played, Printer out) {
    writer.accept(played, out);
  }
}
