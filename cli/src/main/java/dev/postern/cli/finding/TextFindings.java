package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import java.util.List;
import java.util.Locale;

/** For people: each finding with its source line, and a count. */
final class TextFindings implements FindingFormat.Writer {

  /** So few findings need no table. */
  private static final int FEW = 8;

  private static final int MOST = 18;

  @Override
  public void write(Findings findings, Printer out) {
    for (Diagnostic finding : findings.all()) {
      out.block(findings.explain().apply(finding));
    }
    if (findings.detail() == Findings.Detail.SUMMARY) {
      summary(findings, out);
    }
  }

  /** No more than a screen holds. */
  private static void summary(Findings findings, Printer out) {
    if (findings.all().size() > FEW) {
      List<Findings.Count> rules = findings.byRule();
      out.println();
      for (Findings.Count rule : rules.subList(0, Math.min(MOST, rules.size()))) {
        out.println(String.format(
            Locale.ROOT,
            "%6d  %-7s  %s  %s",
            rule.number(),
            rule.severity().word(),
            rule.code().id(),
            rule.title()));
      }
      if (rules.size() > MOST) {
        out.println("        and " + (rules.size() - MOST) + " more rules");
      }
    }
    out.println(findings.summary());
  }
}
