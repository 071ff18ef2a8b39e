package dev.postern.cli.difference;

import dev.postern.cli.console.Printable;
import java.io.PrintWriter;

/** For people: a line a row, {@code +} for what opens and {@code -} for what closes. */
final class TextDifference {

  private TextDifference() {}

  static void write(Report report, PrintWriter out) {
    if (report.isEmpty()) {
      out.println(report.nothing());
    }
    report.opened().forEach(line -> write("+ ", line, out));
    report.closed().forEach(line -> write("- ", line, out));
    report.notes().forEach(note -> out.println(Printable.of(note)));
  }

  private static void write(String sign, Report.Line line, PrintWriter out) {
    out.println(Printable.of(sign + line));
    if (!line.example().isEmpty()) {
      out.println(Printable.of("    e.g. " + line.example()));
    }
  }
}
