package dev.postern.cli.replay;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** The formats of {@code replay}. */
public enum ReplayFormat {
  text(TextReplay::write),
  json(JsonReplay::write);

  private final BiConsumer<Played, PrintWriter> writer;

  ReplayFormat(BiConsumer<Played, PrintWriter> writer) {
    this.writer = writer;
  }

  public void write(Played played, PrintWriter out) {
    writer.accept(played, out);
  }
}
