package dev.postern.cli.spec;

import dev.postern.cli.console.Printer;
import dev.postern.spec.Check.Result;
import java.util.List;

/** For people: a line a statement, and below it what is so instead. */
final class TextChecks {

  private TextChecks() {}

  static void write(List<CheckedLine> lines, Printer out) {
    for (CheckedLine line : lines) {
      out.println(word(line.result()) + "  " + line.place() + ": " + line.sentence());
      if (!line.detail().isEmpty()) {
        out.println("      " + line.detail());
      }
      line.witness().ifPresent(witness -> {
        if (!line.detail().endsWith(witness.flow().toString())) {
          out.println("      for example " + witness.flow());
        }
        line.because().forEach(reason -> out.println("        " + reason));
      });
    }
    out.println(summary(lines));
  }

  private static String word(Result result) {
    return switch (result) {
      case HOLDS -> "ok  ";
      case FAILS -> "FAIL";
      case UNDECIDED -> "????";
      case BAD -> "BAD ";
    };
  }

  private static String summary(List<CheckedLine> lines) {
    StringBuilder text = new StringBuilder();
    text.append(CheckFormat.count(lines, Result.HOLDS)).append(" hold, ");
    text.append(CheckFormat.count(lines, Result.FAILS)).append(" fail");
    long undecided = CheckFormat.count(lines, Result.UNDECIDED);
    long bad = CheckFormat.count(lines, Result.BAD);
    text.append(undecided == 0 ? "" : ", " + undecided + " undecided");
    text.append(bad == 0 ? "" : ", " + bad + " no statement about this cluster");
    return text.toString();
  }
}
