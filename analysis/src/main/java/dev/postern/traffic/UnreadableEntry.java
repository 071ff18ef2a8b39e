package dev.postern.traffic;

/** What is wrong with an entry of a log: the message says it in a few words. */
public final class UnreadableEntry extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;
  private final int parts;

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
    this(column, 1, why);
  }

  private UnreadableEntry(int column, int parts, String why) {
    // No stack: a log may have millions of such entries.
    super(why, null, false, false);
    this.column = column;
    this.parts = parts;
  }

  /** The same of an entry of several records, of which so many cannot be read. */
  public UnreadableEntry ofParts(int many) {
    String others = many == 2 ? "1 other" : many - 1 + " others";
    return new UnreadableEntry(
        column, many, many == 1 ? why() : why() + "; nor can " + others + " of the entry be read");
  }

  /** The column where it is wrong, from 1. */
  public int column() {
    return column;
  }

  /** How many records it held that cannot be read. */
  public int parts() {
    return parts;
  }

  /** What is wrong. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
