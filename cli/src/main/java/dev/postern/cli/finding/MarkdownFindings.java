package dev.postern.cli.finding;

import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;

/** A table for a pull request's comment. */
final class MarkdownFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    if (!findings.all().isEmpty()) {
      out.println("| where | | what |");
      out.println("|---|---|---|");
    }
    for (Diagnostic finding : findings.all()) {
      out.raw("| " + Markdown.text(finding.origin().toString()) + " | "
          + finding.severity().word() + " " + finding.code().id() + " | "
          + Markdown.text(GithubFindings.sentence(finding)) + " |");
    }
    if (!findings.all().isEmpty()) {
      out.println();
    }
    out.println(findings.summary());
  }
}
