package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import java.util.function.BiConsumer;

/** The formats of {@code replay}. */
public enum ReplayFormat {
  text(TextReplay::write),
  json(JsonReplay::write);

  private final BiConsumer<ReplayResult, Printer> writer;

  ReplayFormat(BiConsumer<ReplayResult, Printer> writer) {
    this.writer = writer;
  }

  public void write(ReplayResult played, Printer out) {
    writer.accept(played, out);
  }
}
