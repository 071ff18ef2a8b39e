package dev.postern.cli.finding;

import dev.postern.cli.console.Emphasis;
import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Printable;
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
      String text = findings.explain().apply(finding);
      if (findings.coloured()) {
        out.escaped(coloured(finding, Printable.lines(text)) + "\n");
      } else {
        out.block(text);
      }
    }
    if (findings.detail() == Findings.Detail.SUMMARY) {
      summary(findings, out);
    }
  }

  /** The severity and the caret in the colour of the severity, the code dim. */
  private static String coloured(Diagnostic finding, String text) {
    Emphasis colour = switch (finding.severity()) {
      case ERROR -> Emphasis.BOLD_RED;
      case WARNING -> Emphasis.BOLD_YELLOW;
      case INFO -> Emphasis.BOLD_CYAN;
    };
    String word = ": " + finding.severity().word() + ": ";
    int at = text.indexOf(word);
    String coloured = at < 0
        ? text
        : text.substring(0, at + 2)
            + colour.of(finding.severity().word())
            + text.substring(at + word.length() - 2);
    String code = "[" + finding.code().id() + "]";
    coloured = coloured.replace(code, Emphasis.FAINT.of(code));
    return coloured.endsWith("^")
        ? coloured.substring(0, coloured.length() - 1) + colour.of("^")
        : coloured;
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
