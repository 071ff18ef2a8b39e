package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Printable;
import dev.postern.diagnostic.Severity;

/** GitHub's workflow commands, which a run turns into annotations of the changed files. */
final class GithubFindings implements FindingFormat.Writer {

  @Override
  public void write(Findings findings, Printer out) {
    for (Diagnostic finding : findings.all()) {
      Origin origin = findings.place(finding.origin());
      StringBuilder line =
          new StringBuilder("::").append(level(finding.severity())).append(' ');
      if (!origin.file().isEmpty()) {
        line.append("file=").append(property(origin.file())).append(',');
      }
      if (origin.line() > 0) {
        line.append("line=")
            .append(origin.line())
            .append(",col=")
            .append(origin.column())
            .append(',');
      }
      line.append("title=")
          .append(finding.code().id())
          .append("::")
          .append(data(sentence(finding)));
      out.raw(line.toString());
    }
  }

  /** The message with its hint. */
  static String sentence(Diagnostic finding) {
    return finding.message() + (finding.hint().isEmpty() ? "" : " (hint: " + finding.hint() + ")");
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "notice";
    };
  }

  private static String data(String text) {
    return Printable.line(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"));
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
