package dev.postern.cli.difference;

import dev.postern.cli.console.Emphasis;
import dev.postern.cli.console.Printer;
import dev.postern.wording.DifferenceReport;

/** For people: a line a row, {@code +} for what opens and {@code -} for what closes. */
final class TextDifference {

  private TextDifference() {}

  static void write(DifferenceReport report, Printer out) {
    rows(report, out);
    report.notes().forEach(note -> out.println(note));
  }

  static void rows(DifferenceReport report, Printer out) {
    if (report.isEmpty()) {
      out.println(report.nothing());
    }
    report.opened().forEach(line -> write(Emphasis.GREEN, "+ ", line, out));
    report.closed().forEach(line -> write(Emphasis.RED, "- ", line, out));
  }

  private static void write(Emphasis colour, String sign, DifferenceReport.Line line, Printer out) {
    out.print(colour, sign + line);
    out.println();
    if (!line.example().isEmpty()) {
      out.println("    e.g. " + line.example());
    }
    line.because().forEach(reason -> out.println("    " + reason));
  }
}
