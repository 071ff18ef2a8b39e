package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;

/** An annotation a finding. */
final class GithubFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    for (Diagnostic finding : findings.all()) {
      GithubAnnotation.write(
          finding.severity(),
          findings.place(finding.origin()),
          finding.code().id(),
          sentence(finding),
          out);
    }
  }

  /** The message with its hint. */
  static String sentence(Diagnostic finding) {
    return finding.message() + (finding.hint().isEmpty() ? "" : " (hint: " + finding.hint() + ")");
  }
}
