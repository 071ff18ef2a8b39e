package dev.postern.cli.spec;

import dev.postern.cli.console.Emphasis;
import dev.postern.cli.console.Printer;
import dev.postern.spec.Check.Result;

/** For people: a line a statement, and below it what is so instead. */
final class TextChecks {

  private TextChecks() {}

  static void write(CheckReport report, Printer out) {
    for (CheckedLine line : report.lines()) {
      out.print(colour(line.result()), word(line.result()));
      out.println("  " + line.place() + ": " + line.sentence());
      if (!line.detail().isEmpty()) {
        out.println("      " + line.detail());
      }
      line.notes().forEach(note -> out.println("      note: " + note));
      line.witness().ifPresent(witness -> {
        if (!line.detail().endsWith(witness.flow().toString())) {
          out.println("      for example " + witness.flow());
        }
        line.because().forEach(reason -> out.println("        " + reason));
      });
    }
    out.println(summary(report));
    report.coverageLines().forEach(out::println);
  }

  private static String word(Result result) {
    return switch (result) {
      case HOLDS -> "ok  ";
      case FAILS -> "FAIL";
      case UNDECIDED -> "????";
      case BAD -> "BAD ";
    };
  }

  private static Emphasis colour(Result result) {
    return switch (result) {
      case HOLDS -> Emphasis.GREEN;
      case FAILS, BAD -> Emphasis.RED;
      case UNDECIDED -> Emphasis.YELLOW;
    };
  }

  private static String summary(CheckReport report) {
    StringBuilder text = new StringBuilder();
    text.append(report.count(Result.HOLDS)).append(" hold, ");
    text.append(report.count(Result.FAILS)).append(" fail");
    long undecided = report.count(Result.UNDECIDED);
    long bad = report.count(Result.BAD);
    text.append(undecided == 0 ? "" : ", " + undecided + " undecided");
    text.append(bad == 0 ? "" : ", " + bad + " no statement about this cluster");
    return text.toString();
  }
}
