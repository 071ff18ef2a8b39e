package dev.postern.ovn.match;

/** An expression that OVN does not take, so that it drops the ACL or flow. */
public final class MatchException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int column;

  MatchException(int column, String message) {
    super(message);
    this.column = column;
  }

  /** Where, 1 for the first character. */
  public int column() {
    return column;
  }
}
