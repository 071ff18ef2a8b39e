package dev.postern.cli.finding;

import dev.postern.cli.console.Printable;
import dev.postern.diagnostic.Diagnostic;
import java.io.PrintWriter;

/** A table for a pull request's comment. */
final class MarkdownFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, PrintWriter out) {
    if (!findings.all().isEmpty()) {
      out.println("| where | | what |");
      out.println("|---|---|---|");
    }
    for (Diagnostic finding : findings.all()) {
      out.println(
          "| " + cell(finding.origin().toString()) + " | " + finding.severity().word() + " "
              + finding.code().id() + " | " + cell(GithubFindings.sentence(finding)) + " |");
    }
    if (!findings.all().isEmpty()) {
      out.println();
    }
    out.println(findings.summary());
  }

  /** Code spans in messages stay; what would end the cell or start HTML does not. */
  private static String cell(String text) {
    return Printable.of(text).replace("|", "\\|").replace("<", "&lt;").replaceAll("[\r\n]+", " ");
  }
}
