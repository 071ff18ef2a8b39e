package dev.postern.cli.difference;

import dev.postern.cli.console.Html;
import dev.postern.cli.console.Printer;
import dev.postern.wording.DifferenceReport;
import java.util.List;

/** A page by itself, to attach to a review. */
final class HtmlDifference {

  private static final String HEAD = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>What the change opens and closes</title>
      <style>
        :root { color-scheme: light dark; --line: #8884; --open: #c0392b; --close: #1e824c; }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        h2.opened { color: var(--open); } h2.closed { color: var(--close); }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
        td { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
        .none, li { color: #888; }
      </style>
      """;

  private HtmlDifference() {}

  static void write(DifferenceReport report, Printer out) {
    out.escaped(HEAD);
    out.raw("<h1>What the change opens and closes</h1>");
    out.raw("<p>From <code>" + Html.text(report.before()) + "</code> to <code>"
        + Html.text(report.after()) + "</code></p>");
    if (report.isEmpty()) {
      out.raw("<p>" + Html.text(report.nothing()) + "</p>");
    }
    table("opened", "Opened: passes now and did not before", report.opened(), out);
    table("closed", "Closed: passed before and does not now", report.closed(), out);
    if (!report.notes().isEmpty()) {
      out.raw("<h2>Besides</h2>\n<ul>");
      report.notes().forEach(note -> out.raw("  <li>" + Html.text(note)));
      out.raw("</ul>");
    }
    out.raw("</html>");
  }

  private static void table(
      String style, String title, List<DifferenceReport.Line> lines, Printer out) {
    out.raw("<h2 class=\"" + style + "\">" + title + "</h2>");
    if (lines.isEmpty()) {
      out.raw("<p class=\"none\">nothing</p>");
      return;
    }
    boolean examples = lines.stream().anyMatch(line -> !line.example().isEmpty());
    out.raw("<table>\n  <tr><th>from<th>to<th>traffic" + (examples ? "<th>for example" : "")
        + "<th>since");
    for (DifferenceReport.Line line : lines) {
      out.raw("  <tr><td>"
          + Html.text(line.from())
          + "<td>"
          + Html.text(line.to())
          + "<td>"
          + Html.text(line.traffic())
          + (examples ? "<td>" + Html.text(line.example()) : "")
          + "<td>"
          + String.join("<br>", line.because().stream().map(Html::text).toList()));
    }
    out.raw("</table>");
  }
}
