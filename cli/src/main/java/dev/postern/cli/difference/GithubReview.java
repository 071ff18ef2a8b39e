package dev.postern.cli.difference;

import dev.postern.cli.console.Printer;
import dev.postern.cli.finding.GithubAnnotation;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Severity;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCause;
import dev.postern.spec.Check.Result;
import dev.postern.wording.DifferenceReport;
import dev.postern.wording.RowCauseWords;
import java.util.List;
import java.util.Optional;

/** Annotations of the changed files: at the rules that open or close traffic, at new findings, and at statements that do not hold. */
final class GithubReview {

  private GithubReview() {}

  static void write(Review review, Printer out) {
    rows("opens traffic", Severity.WARNING, review.difference().opened(), review, out);
    rows("closes traffic", Severity.INFO, review.difference().closed(), review, out);
    for (String note : review.notes()) {
      GithubAnnotation.write(Severity.INFO, Origin.NONE, "network policies", note, out);
    }
    for (Diagnostic finding : review.introduced()) {
      GithubAnnotation.write(
          finding.severity(),
          finding.origin(),
          finding.code().id(),
          finding.message() + (finding.hint().isEmpty() ? "" : " (hint: " + finding.hint() + ")"),
          out);
    }
    for (Review.ReviewedStatement statement : review.failing()) {
      GithubAnnotation.write(
          statement.now().result() == Result.UNDECIDED ? Severity.WARNING : Severity.ERROR,
          new Origin(statement.now().file(), statement.now().line(), 0, ""),
          statement.words(),
          statement.now().sentence() + "\n" + statement.now().detail() + "\n"
              + String.join("\n", statement.now().because()),
          out);
    }
  }

  private static void rows(
      String title,
      Severity severity,
      List<Difference.DifferenceRow> rows,
      Review review,
      Printer out) {
    boolean both =
        DifferenceReport.bothMatter(review.difference(), review.turning().ofBothFamilies());
    for (Difference.DifferenceRow row : rows) {
      Optional<RowCause> turned = review.turning().of(row);
      GithubAnnotation.write(
          severity,
          turned.flatMap(RowCauseJson::place).orElse(Origin.NONE),
          title,
          row
              + DifferenceReport.families(row.families(), both)
              + turned
                  .map(each -> "\n" + String.join("\n", RowCauseWords.of(each)))
                  .orElse(""),
          out);
    }
  }
}
