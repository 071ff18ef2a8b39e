package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import java.util.function.BiConsumer;

/** The formats of {@code replay}. */
public enum ReplayFormat {
  text(TextReplay::write),
  json(JsonReplay::write);

  private final BiConsumer<Played, Printer> writer;

  ReplayFormat(BiConsumer<Played, Printer> writer) {
    this.writer = writer;
  }

  public void write(Played played, Printer out) {
    writer.accept(played, out);
  }
}
