package dev.postern.diagnostic;

import java.util.Comparator;

/**
 * One thing that is wrong, where, and what to write instead.
 *
 * @param code what kind of thing
 * @param severity how bad
 * @param message lower case, the user's text in backticks, no full stop
 * @param hint what to write instead; may be empty
 * @param origin the place
 */
public record Diagnostic(Code code, Severity severity, String message, String hint, Origin origin)
    implements Comparable<Diagnostic> {

  private static final Comparator<Diagnostic> BY_PLACE = Comparator.comparing(
          (Diagnostic d) -> d.origin.file())
      .thenComparingInt(d -> d.origin.line())
      .thenComparingInt(d -> d.origin.column())
      .thenComparing(Diagnostic::code)
      .thenComparing(Diagnostic::message);

  /** The same with a hint. */
  public Diagnostic hint(String text) {
    return new Diagnostic(code, severity, message, text, origin);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** By file, line and column. */
  @Override
  public int compareTo(Diagnostic other) {
    return BY_PLACE.compare(this, other);
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
