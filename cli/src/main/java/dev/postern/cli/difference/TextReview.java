package dev.postern.cli.difference;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.wording.DifferenceReport;
import java.util.List;

/** For people: the rows as diff has them, and below them findings and statements. */
final class TextReview {

  private TextReview() {}

  static void write(Review review, Printer out) {
    DifferenceReport report = review.report();
    TextDifference.rows(report, out);
    review.notes().forEach(out::println);
    if (!review.introduced().isEmpty()) {
      out.println();
      out.println(count(review.introduced(), "new finding"));
      review.introduced().forEach(finding -> out.block(review.explain().apply(finding)));
    }
    if (!review.fixed().isEmpty()) {
      out.println();
      out.println(count(review.fixed(), "finding") + " fixed");
      review.fixed().forEach(finding -> out.println("  " + finding));
    }
    if (!review.statements().isEmpty()) {
      out.println();
      int held = review.statements().size() - review.failing().size();
      out.println(held + " of " + review.statements().size() + " statements hold");
      for (Review.ReviewedStatement statement : review.failing()) {
        out.println("  " + statement.words() + ": " + statement.now().place() + ": "
            + statement.now().sentence());
        if (!statement.now().detail().isEmpty()) {
          out.println("      " + statement.now().detail());
        }
        statement.now().because().forEach(reason -> out.println("      " + reason));
      }
    }
  }

  static String count(List<Diagnostic> findings, String what) {
    return findings.size() + " " + what + (findings.size() == 1 ? "" : "s");
  }
}
