package dev.postern.diagnostic;

import java.util.List;
import java.util.Optional;

/**
 * One thing that is wrong, where, and what to write instead.
 *
 * @param code what kind of thing
 * @param severity how bad
 * @param message lower case, the user's text in backticks, no full stop; one line
 * @param hint what to write instead; may be empty
 * @param origin the place
 * @param related other places that have to do with it
 * @param fix an edit that takes the finding away, where one is known
 * @param cause what it and others come of; empty if it stands alone
 */
public record Diagnostic(
    Code code,
    Severity severity,
    String message,
    String hint,
    Origin origin,
    List<Related> related,
    Optional<Fix> fix,
    Optional<Cause> cause)
    implements Comparable<Diagnostic> {

  /**
   * Another place that has to do with a finding.
   *
   * @param message what is there, as {@code ingress[0] of NetworkPolicy shop/db}; one line
   * @param origin the place
   */
  public record Related(String message, Origin origin) {
    public Related {
      message = oneLine(message);
    }
  }

  /**
   * The common cause of several findings, which are shown as one.
   *
   * @param of equal for findings of one code that come of the same
   * @param least from so many on they are one; at least 2
   */
  public record Cause(Object of, int least) {}

  /** Longer texts are cut in the middle: what a user wrote may be a megabyte, and what is wrong with it is said after it. */
  private static final int LONGEST = 400;

  private static final int END_KEPT = 150;

  public Diagnostic {
    message = oneLine(message);
    hint = oneLine(hint);
    related = List.copyOf(related);
  }

  private static boolean breaks(int point) {
    return point == '\t' || Printable.isUnsafe(point);
  }

  /** Whether a text is printable ASCII, as nearly all are. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static String oneLine(String text) {
    if (text.length() <= LONGEST
        && (isPlain(text) || text.codePoints().noneMatch(Diagnostic::breaks))) {
      return text;
    }
    return text.length() <= LONGEST
        ? printable(text)
        : printable(text.substring(0, LONGEST - END_KEPT))
            + '…'
            + printable(text.substring(text.length() - END_KEPT));
  }

  private static String printable(String text) {
    return Printable.line(text.replaceAll("\\s", " "));
  }

  /** The same with a hint. */
  public Diagnostic hint(String text) {
    return new Diagnostic(code, severity, message, text, origin, related, fix, cause);
  }

  /** The same with other places. */
  public Diagnostic related(List<Related> places) {
    return new Diagnostic(code, severity, message, hint, origin, places, fix, cause);
  }

  /** The same with a fix. */
  public Diagnostic fix(Fix edit) {
    return new Diagnostic(code, severity, message, hint, origin, related, Optional.of(edit), cause);
  }

  /** The same, so bad. */
  public Diagnostic severity(Severity other) {
    return new Diagnostic(code, other, message, hint, origin, related, fix, cause);
  }

  /** The same, of a cause that it has in common with others. */
  public Diagnostic cause(Cause common) {
    return new Diagnostic(code, severity, message, hint, origin, related, fix, Optional.of(common));
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** Whether something could not be read at all, or there was nothing to read: no fault of a manifest. */
  public boolean isUnreadable() {
    return code == Code.UNREADABLE || code == Code.NOTHING_TO_READ;
  }

  /** By file, line and column. */
  @Override
  public int compareTo(Diagnostic other) {
    int[] orders = {
      origin.file().compareTo(other.origin.file()),
      Integer.compare(origin.line(), other.origin.line()),
      Integer.compare(origin.column(), other.origin.column()),
      code.compareTo(other.code),
      message.compareTo(other.message)
    };
    for (int order : orders) {
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** {@code file:line:column: error: what is wrong (hint: what to write instead) [NP111]}. */
  @Override
  public String toString() {
    String place = origin.toString();
    return (place.isEmpty() ? "" : place + ": ")
        + severity.word()
        + ": "
        + message
        + (hint.isEmpty() ? "" : " (hint: " + hint + ")")
        + " ["
        + code.id()
        + "]";
  }
}
