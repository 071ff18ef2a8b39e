package dev.postern.cli.matrix;

import dev.postern.cli.console.Html;
import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Endpoint;
import dev.postern.reach.ReachedPair;
import dev.postern.wording.ReachWords;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A picture that needs no other program: callers on the left, the called on the right, by namespace, a curve for each pair in the grey of its
 * caller's place with the traffic at its end. What only may pass is dashed.
 */
final class SvgMatrix implements MatrixFormat.Writer {

  private static final int ROW = 22;
  private static final int TOP = 46;
  private static final int MARGIN = 12;
  private static final int GAP = 340;

  /** The width of a letter of 12 pixels' height, at most. */
  private static final double LETTER = 7.3;

  private static final String HEAD = """
      <style>
        text { font: 12px sans-serif; fill: CanvasText; }
        .head { font-weight: bold; } .group { font-weight: bold; opacity: .7; } .traffic { font-size: 10px; }
        path { fill: none; stroke: CanvasText; stroke-width: 1.2; opacity: .55; }
        path:hover { stroke-width: 3; opacity: 1; }
        .perhaps { stroke-dasharray: 5 4; }
        svg { color-scheme: light dark; background: Canvas; }
      </style>
      """;

  /** Where the endpoints of one side stand. */
  private record Column(
      Map<Endpoint, Integer> places, Map<String, Integer> groups, int width, int end) {

    static Column of(List<Endpoint> endpoints) {
      Map<Endpoint, Integer> places = new IdentityHashMap<>();
      Map<String, Integer> groups = new LinkedHashMap<>();
      int at = TOP;
      int width = 0;
      for (Map.Entry<String, List<Endpoint>> group : Groups.of(endpoints).entrySet()) {
        String name = group.getKey().isEmpty() ? "outside" : group.getKey();
        groups.put(name, at);
        width = Math.max(width, pixels(name));
        at += ROW;
        for (Endpoint endpoint : group.getValue()) {
          places.put(endpoint, at);
          width = Math.max(width, pixels(Groups.shortName(endpoint)) + MARGIN);
          at += ROW;
        }
        at += ROW / 2;
      }
      return new Column(places, groups, width, at);
    }
  }

  private static int pixels(String text) {
    return (int) Math.ceil(text.length() * LETTER);
  }

  @Override
  public void write(Connectivity connectivity, Printer out) {
    List<ReachedPair> pairs = connectivity.connections().toList();
    Map<Endpoint, Boolean> callers = new IdentityHashMap<>();
    Map<Endpoint, Boolean> called = new IdentityHashMap<>();
    pairs.forEach(pair -> {
      callers.put(pair.source(), true);
      called.put(pair.destination(), true);
    });
    Column left =
        Column.of(connectivity.endpoints().stream().filter(callers::containsKey).toList());
    Column right =
        Column.of(connectivity.endpoints().stream().filter(called::containsKey).toList());
    List<String> notes = new ArrayList<>(connectivity.notes());
    if (pairs.isEmpty()) {
      notes.add(0, "nobody reaches anybody");
    }
    int from = MARGIN + Math.max(left.width(), pixels("FROM"));
    int to = from + GAP;
    int longest = notes.stream().mapToInt(SvgMatrix::pixels).max().orElse(0);
    int width = Math.max(to + Math.max(right.width(), pixels("TO")), longest) + 2 * MARGIN;
    int below = Math.max(left.end(), right.end());
    int height = below + notes.size() * ROW + MARGIN;
    out.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
        + "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\">");
    out.raw("<title>Who may reach whom</title>");
    out.escaped(HEAD);
    text(out, "head", "end", from, TOP - ROW, "FROM");
    text(out, "head", "start", to, TOP - ROW, "TO");
    column(out, left, "end", from, -MARGIN);
    column(out, right, "start", to, MARGIN);
    curves(out, pairs, left, right, from, to);
    for (int i = 0; i < notes.size(); i++) {
      text(out, "note", "start", MARGIN, below + (i + 1) * ROW, notes.get(i));
    }
    out.raw("</svg>");
  }

  private static void column(Printer out, Column column, String anchor, int x, int indent) {
    column.groups().forEach((name, y) -> text(out, "group", anchor, x, y, name));
    column.places().entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(each ->
            text(out, "end", anchor, x + indent, each.getValue(), Groups.shortName(each.getKey())));
  }

  /** The traffic stands above the end of its curve, those of one destination beside each other. */
  private static void curves(
      Printer out, List<ReachedPair> pairs, Column left, Column right, int from, int to) {
    ReachWords words = new ReachWords();
    int start = from + 4;
    int end = to + MARGIN - 4;
    for (ReachedPair pair : pairs) {
      int y = left.places().getOrDefault(pair.source(), TOP) - 4;
      int z = right.places().getOrDefault(pair.destination(), TOP) - 4;
      String traffic = words.of(pair.reach());
      boolean perhaps = pair.reach().allowed().isEmpty();
      out.raw("<path" + (perhaps ? " class=\"perhaps\"" : "") + " d=\"M" + start + " " + y + " C"
          + (start + GAP / 2) + " " + y + " " + (end - GAP / 2) + " " + z + " " + end + " " + z
          + "\"><title>"
          + Html.text(ReachWords.of(pair.source()) + " -> " + ReachWords.of(pair.destination())
              + " on " + traffic)
          + "</title></path>");
      // A third of the way from the caller the curves of one caller are still apart.
      double part = 0.3;
      double x = start + (end - start) * part;
      double h = y + (z - y) * (3 * part * part - 2 * part * part * part);
      text(out, "traffic", "start", (int) x, (int) h - 2, traffic);
    }
  }

  private static void text(Printer out, String style, String anchor, int x, int y, String text) {
    out.raw("<text class=\"" + style + "\" text-anchor=\"" + anchor + "\" x=\"" + x + "\" y=\"" + y
        + "\">" + Html.text(text) + "</text>");
  }
}
