package dev.postern.cli.finding;

import dev.postern.cli.console.Printer;
import dev.postern.diagnostic.Origin;
import dev.postern.diagnostic.Printable;
import dev.postern.diagnostic.Severity;

/** GitHub's workflow commands, which a run turns into annotations of the changed files. */
public final class GithubAnnotation {

  private GithubAnnotation() {}

  /** Says in an annotation of no file that time was over before there was an answer. */
  public static void unfinished(String why, Printer out) {
    write(Severity.ERROR, Origin.NONE, UnfinishedFindings.CHECK, "unknown: " + why, out);
  }

  /**
   * Writes one.
   *
   * @param place where it is shown; a file without lines is annotated as a whole
   */
  public static void write(
      Severity severity, Origin place, String title, String message, Printer out) {
    StringBuilder line = new StringBuilder("::").append(level(severity)).append(' ');
    if (!place.file().isEmpty()) {
      line.append("file=").append(property(RepositoryPath.of(place.file()))).append(',');
    }
    if (place.line() > 0) {
      line.append("line=").append(place.line());
      if (place.column() > 0) {
        line.append(",col=").append(place.column());
      }
      line.append(',');
    }
    out.raw(line.append("title=")
        .append(property(title))
        .append("::")
        .append(data(message))
        .toString());
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
