package dev.postern.cli.replay;

import dev.postern.cli.console.Printer;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.page.PageContents;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The formats of {@code replay}. */
public enum ReplayFormat {
  text(TextReplay::write, Unfinished.TEXT),
  json(JsonReplay::write, Unfinished.JSON),
  csv(TableReplay::csv, Unfinished.TEXT),
  md(TableReplay::markdown, Unfinished.MARKDOWN),
  /** A page of the manifests, which {@link #forPage} shows this in. */
  html(
      (played, out) -> {
        throw new IllegalStateException("a page is made of manifests");
      },
      Unfinished.HTML);

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

  /** What the page shows of it. */
  public static String forPage(ReplayResult played) {
    SortedMap<String, Long> leftOut = new TreeMap<>(played.leftOut());
    if (played.unreadable() > 0) {
      leftOut.put("could not be read", played.unreadable());
    }
    return PageContents.traffic(
        played.replay(), leftOut, played.logs().stream().map(TextReplay::read).toList());
  }

  public void write(ReplayResult played, Printer out) {
    writer.accept(played, out);
  }
}
