package dev.postern.cli.difference;

import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.wording.DifferenceReport;
import java.util.List;

/** For a comment under a pull request. */
final class MarkdownReview {

  private MarkdownReview() {}

  static void write(Review review, Printer out) {
    out.println("## What this change does to network policies");
    out.println();
    DifferenceReport report = review.report();
    if (report.isEmpty()) {
      out.println("No traffic is opened or closed.");
      out.println();
    }
    MarkdownDifference.table("Opened", report.opened(), out);
    MarkdownDifference.table("Closed", report.closed(), out);
    review.notes().forEach(note -> out.raw("- " + Markdown.text(note)));
    if (!review.notes().isEmpty()) {
      out.println();
    }
    findings("New findings", review.introduced(), out);
    findings("Fixed findings", review.fixed(), out);
    if (!review.statements().isEmpty()) {
      int held = review.statements().size() - review.failing().size();
      out.println("### Statements");
      out.println();
      out.println(held + " of " + review.statements().size() + " hold.");
      out.println();
      for (Review.ReviewedStatement statement : review.failing()) {
        out.raw("- **" + statement.words() + "** "
            + Markdown.text(statement.now().place()) + ": "
            + Markdown.text(statement.now().sentence())
            + (statement.now().detail().isEmpty()
                ? ""
                : "<br>" + Markdown.text(statement.now().detail()))
            + String.join(
                "",
                statement.now().because().stream()
                    .map(reason -> "<br>" + Markdown.text(reason))
                    .toList()));
      }
    }
  }

  private static void findings(String title, List<Diagnostic> findings, Printer out) {
    if (findings.isEmpty()) {
      return;
    }
    out.println("### " + title);
    out.println();
    out.println("| where | | what |");
    out.println("|---|---|---|");
    for (Diagnostic finding : findings) {
      out.raw("| " + Markdown.text(finding.origin().toString()) + " | "
          + finding.severity().word() + " " + finding.code().id() + " | "
          + Markdown.text(finding.message()
              + (finding.hint().isEmpty() ? "" : " (hint: " + finding.hint() + ")"))
          + " |");
    }
    out.println();
  }
}
