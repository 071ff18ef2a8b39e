package dev.postern.cli.spec;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Printable;
import dev.postern.spec.Check.Result;
import java.util.List;
import java.util.Locale;

/** The Test Anything Protocol, version 13. A {@code #} would begin a directive, so it is escaped. */
final class TapChecks {

  private TapChecks() {}

  static void write(CheckReport report, Printer out) {
    List<CheckedLine> lines = report.lines();
    out.println("TAP version 13");
    out.println("1.." + lines.size());
    for (int i = 0; i < lines.size(); i++) {
      CheckedLine line = lines.get(i);
      boolean holds = line.result() == Result.HOLDS;
      String words = Printable.line(line.sentence()).replace("\\", "\\\\").replace("#", "\\#");
      out.println((holds ? "ok " : "not ok ") + (i + 1) + " - " + words);
      line.notes().forEach(note -> out.println("# note: " + Printable.line(note)));
      if (!holds) {
        out.println("  ---");
        out.println("  result: " + line.result().name().toLowerCase(Locale.ROOT));
        out.println("  at: " + quoted(line.place()));
        out.println("  message: " + quoted(line.detail()));
        line.witness()
            .ifPresent(
                witness -> out.println("  witness: " + quoted(witness.flow().toString())));
        if (!line.because().isEmpty()) {
          out.println("  because:");
          line.because().forEach(reason -> out.println("    - " + quoted(reason)));
        }
        out.println("  ...");
      }
    }
    report.coverageLines().forEach(line -> out.println("# " + Printable.line(line)));
  }

  /** What TAP says where the tests could not be run to their end. */
  static void unfinished(String why, Printer out) {
    out.println("TAP version 13");
    out.println("Bail out! unknown: " + Printable.line(why));
  }

  private static String quoted(String text) {
    return "'" + Printable.line(text).replace("'", "''") + "'";
  }
}
