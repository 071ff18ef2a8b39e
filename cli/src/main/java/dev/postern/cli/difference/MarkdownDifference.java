package dev.postern.cli.difference;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** For a comment under a pull request: two tables. */
final class MarkdownDifference {

  private MarkdownDifference() {}

  static void write(Report report, PrintWriter out) {
    if (report.isEmpty()) {
      out.println(sentence(report.nothing()));
    }
    table("Opened", report.opened(), out);
    table("Closed", report.closed(), out);
    report.notes().forEach(note -> out.println("- " + cell(note)));
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private static void table(String title, List<Report.Line> lines, PrintWriter out) {
    if (lines.isEmpty()) {
      return;
    }
    boolean examples = lines.stream().anyMatch(line -> !line.example().isEmpty());
    out.println("### " + title);
    out.println();
    out.println("| from | to | traffic |" + (examples ? " for example |" : ""));
    out.println("|---|---|---|" + (examples ? "---|" : ""));
    for (Report.Line line : lines) {
      out.println("| "
          + cell(line.from())
          + " | "
          + cell(line.to())
          + " | "
          + cell(line.traffic())
          + (examples ? " | " + cell(line.example()) : "")
          + " |");
    }
    out.println();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
