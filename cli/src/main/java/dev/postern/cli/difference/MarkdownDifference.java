package dev.postern.cli.difference;

import dev.postern.diff.Difference;
import java.io.PrintWriter;
import java.util.List;

/** For a comment under a pull request: two tables. */
final class MarkdownDifference {

  private MarkdownDifference() {}

  static void write(Difference difference, PrintWriter out) {
    if (difference.isEmpty()) {
      out.println("No traffic is opened or closed.");
    }
    table("Opened", difference.opened(), difference, out);
    table("Closed", difference.closed(), difference, out);
    TextDifference.notes(difference).forEach(note -> out.println("- " + cell(note)));
  }

  private static void table(
      String title, List<Difference.Row> rows, Difference difference, PrintWriter out) {
    if (rows.isEmpty()) {
      return;
    }
    out.println("### " + title);
    out.println();
    out.println("| from | to | traffic |");
    out.println("|---|---|---|");
    for (Difference.Row row : rows) {
      out.println("| "
          + cell(row.source().toString())
          + " | "
          + cell(row.destination().toString())
          + " | "
          + cell(row.traffic() + TextDifference.families(row, difference))
          + " |");
    }
    out.println();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
