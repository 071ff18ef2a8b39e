package dev.postern.cli.difference;

import dev.postern.cli.console.Dot;
import dev.postern.cli.console.Printer;
import dev.postern.cli.matrix.Csv;
import dev.postern.wording.DifferenceReport;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a change opens and closes as comma-separated values, and as a graph for Graphviz. */
final class RowsDifference {

  private RowsDifference() {}

  static void csv(DifferenceReport report, Printer out) {
    out.escaped(Csv.line(List.of("change", "src", "dst", "traffic", "example", "because")));
    lines("opened", report.opened(), out);
    lines("closed", report.closed(), out);
    report.notes().forEach(note -> out.escaped(Csv.line(List.of("note", "", "", "", "", note))));
  }

  private static void lines(String change, List<DifferenceReport.Line> lines, Printer out) {
    for (DifferenceReport.Line line : lines) {
      out.escaped(Csv.line(List.of(
          change,
          line.from(),
          line.to(),
          line.traffic(),
          line.example(),
          String.join("; ", line.because()))));
    }
  }

  /** Opened is bold, closed is dashed, so that a print without colours says it too. */
  static void dot(DifferenceReport report, Printer out) {
    out.raw("digraph difference {");
    out.raw("  rankdir=LR;");
    out.raw("  label=" + Dot.quoted(label(report)) + ";");
    out.raw("  node [shape=box, style=rounded, fontname=\"sans-serif\"];");
    out.raw("  edge [fontname=\"sans-serif\", fontsize=10];");
    Set<String> ends = new LinkedHashSet<>();
    for (List<DifferenceReport.Line> lines : List.of(report.opened(), report.closed())) {
      lines.forEach(line -> {
        ends.add(line.from());
        ends.add(line.to());
      });
    }
    ends.forEach(end -> out.raw("  " + Dot.quoted(end) + ";"));
    edges("opened", "style=bold, color=\"#c0392b\"", report.opened(), out);
    edges("closed", "style=dashed, color=\"#1e824c\"", report.closed(), out);
    out.raw("}");
  }

  private static String label(DifferenceReport report) {
    String first = report.isEmpty()
        ? report.nothing()
        : "from " + report.before() + " to " + report.after()
            + ": bold is opened, dashed is closed";
    return report.notes().isEmpty() ? first : first + "; " + String.join("; ", report.notes());
  }

  /** The policies and lines would fill the picture: an SVG shows them where the pointer rests. */
  private static void edges(
      String change, String style, List<DifferenceReport.Line> lines, Printer out) {
    lines.forEach(line -> {
      String because = Dot.quoted(String.join("; ", line.because()));
      out.raw("  " + Dot.quoted(line.from()) + " -> " + Dot.quoted(line.to()) + " [label="
          + Dot.quoted(change + ": " + line.traffic()) + ", " + style
          + (line.because().isEmpty() ? "" : ", tooltip=" + because + ", labeltooltip=" + because)
          + "];");
    });
  }
}
