package dev.postern.traffic;

/** What is wrong with an entry of a log: the message says it in a few words. */
public final class UnreadableEntry extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;

  /** Something wrong with the entry as a whole. */
  public UnreadableEntry(String why) {
    this(1, why);
  }

  /**
   * Something wrong at a place of a line.
   *
   * @param column the column, from 1
   */
  public UnreadableEntry(int column, String why) {
    // No stack: a log may have millions of such entries.
    super(why, null, false, false);
    this.column = column;
  }

  /** The column where it is wrong, from 1. */
  public int column() {
    return column;
  }

  /** What is wrong. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
