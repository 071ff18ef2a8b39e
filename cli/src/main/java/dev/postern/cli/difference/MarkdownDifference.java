package dev.postern.cli.difference;

import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.wording.DifferenceReport;
import java.util.List;
import java.util.Locale;

/** For a comment under a pull request: two tables. */
final class MarkdownDifference {

  private MarkdownDifference() {}

  static void write(DifferenceReport report, Printer out) {
    if (report.isEmpty()) {
      out.raw(Markdown.text(sentence(report.nothing())));
    }
    table("Opened", report.opened(), out);
    table("Closed", report.closed(), out);
    report.notes().forEach(note -> out.raw("- " + Markdown.text(note)));
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  static void table(String title, List<DifferenceReport.Line> lines, Printer out) {
    if (lines.isEmpty()) {
      return;
    }
    boolean examples = lines.stream().anyMatch(line -> !line.example().isEmpty());
    out.println("### " + title);
    out.println();
    out.println("| from | to | traffic |" + (examples ? " for example |" : "") + " since |");
    out.println("|---|---|---|" + (examples ? "---|" : "") + "---|");
    for (DifferenceReport.Line line : lines) {
      out.raw("| "
          + Markdown.text(line.from())
          + " | "
          + Markdown.text(line.to())
          + " | "
          + Markdown.text(line.traffic())
          + (examples ? " | " + Markdown.text(line.example()) : "")
          + " | "
          + String.join("<br>", line.because().stream().map(Markdown::text).toList())
          + " |");
    }
    out.println();
  }
}
