package dev.postern.cli.finding;

import dev.postern.cli.console.Printable;
import dev.postern.diagnostic.Diagnostic;
import java.io.PrintWriter;

/** For people: each finding with its source line, and a count. */
final class TextFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, PrintWriter out) {
    for (Diagnostic finding : findings.all()) {
      out.println(Printable.of(findings.explain().apply(finding)));
    }
    out.println(findings.summary());
  }
}
