package dev.postern.cli.difference;

import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cluster.Cluster;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.openworld.OpenDifference;
import dev.postern.page.PageContents;
import dev.postern.wording.DifferenceReport;

/** The formats of {@code diff}. */
public enum DifferenceFormat {
  text(Unfinished.TEXT),
  json(Unfinished.JSON),
  md(Unfinished.MARKDOWN),
  csv(Unfinished.TEXT),
  dot(Unfinished.DOT),
  html(Unfinished.HTML);

  private final Unfinished unfinished;

  DifferenceFormat(Unfinished unfinished) {
    this.unfinished = unfinished;
  }

  /** How it says that time was over. */
  public Unfinished unfinished() {
    return unfinished;
  }

  /** What the page shows of a difference. */
  public static String forPage(
      Difference difference, RowCauseSearch turning, String before, String after) {
    return PageContents.difference(DifferenceReport.of(difference, turning, before, after));
  }

  /** What the page shows of a difference for all pods that could ever be. */
  public static String forPage(
      OpenDifference difference, Cluster before, Cluster after, String oldName, String newName) {
    return PageContents.difference(new OpenReport(before, after, oldName, newName).of(difference));
  }

  /**
   * Writes a difference.
   *
   * @param turning says which policies turned a row
   * @param before what the old version is called
   * @param after what the new one is called
   */
  public void write(
      Difference difference, RowCauseSearch turning, String before, String after, Printer out) {
    if (this == json) {
      JsonDifference.write(difference, turning, out);
    } else {
      write(DifferenceReport.of(difference, turning, before, after), out);
    }
  }

  /** Writes a difference between these two clusters for all pods that could ever be. */
  public void write(
      OpenDifference difference,
      Cluster before,
      Cluster after,
      String oldName,
      String newName,
      Printer out) {
    OpenReport report = new OpenReport(before, after, oldName, newName);
    if (this == json) {
      JsonOpenDifference.write(difference, report, out);
    } else {
      write(report.of(difference), out);
    }
  }

  /**
   * Writes what two versions let pass.
   *
   * @throws UserError if this is not one of the formats that can say it
   */
  public void write(CommonReport report, Printer out) {
    switch (this) {
      case text -> report.text(out);
      case json -> report.json(out);
      case md, csv, dot, html ->
        throw new UserError("postern diff: error: --assert forbids writes text and json, not "
            + this + " (hint: leave out -o)");
    }
  }

  private void write(DifferenceReport report, Printer out) {
    switch (this) {
      case csv -> RowsDifference.csv(report, out);
      case dot -> RowsDifference.dot(report, out);
      case md -> MarkdownDifference.write(report, out);
      case html -> throw new IllegalStateException("a page is made of manifests");
      default -> TextDifference.write(report, out);
    }
  }
}
