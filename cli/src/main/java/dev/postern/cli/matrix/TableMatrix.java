package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.wording.ReachWords;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Columns for a terminal, a connection a line. */
final class TableMatrix implements MatrixFormat.Writer {

  @Override
  public void write(Connectivity connectivity, Printer out) {
    List<Endpoint> endpoints = connectivity.endpoints();
    Map<Endpoint, String> names = new IdentityHashMap<>();
    endpoints.forEach(e -> names.put(e, ReachWords.of(e)));
    int width =
        Math.max(11, names.values().stream().mapToInt(String::length).max().orElse(0));
    Map<Endpoint, String> padded = new IdentityHashMap<>();
    names.forEach((e, name) -> padded.put(e, pad(name, width)));
    ReachWords words = new ReachWords();
    out.println(pad("SOURCE", width) + "  " + pad("DESTINATION", width)
        + (connectivity.showsDenied() ? "  DENIED" : "  TRAFFIC"));
    connectivity.connections().forEach(c -> {
      out.print(padded.get(c.source()));
      out.print("  ");
      out.print(padded.get(c.destination()));
      out.print("  ");
      out.println(words.of(c.reach()));
    });
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
