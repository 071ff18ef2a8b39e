package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;

/** For people: each finding with its source line, and a count. */
final class TextFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    for (Diagnostic finding : findings.all()) {
      out.block(findings.explain().apply(finding));
    }
    out.println(findings.summary());
  }
}
