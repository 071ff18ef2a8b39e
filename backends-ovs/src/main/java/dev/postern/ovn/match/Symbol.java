package dev.postern.ovn.match;

/**
 * A field, subfield or predicate that an expression can name.
 *
 * @param name its name
 * @param width in bits; 0 for strings
 * @param level what comparisons make sense
 * @param expansion what a predicate stands for, as an expression; empty for fields
 * @param prerequisite what its mention implies, as an expression; may be empty
 * @param parent the field that a subfield is a part of; empty for others
 * @param offset the subfield's lowest bit in its parent
 */
public record Symbol(
    String name,
    int width,
    Level level,
    String expansion,
    String prerequisite,
    String parent,
    int offset) {

  /** Level of measurement (ovn-sb(5), Symbols). */
  public enum Level {
    /** Equality only, and only in the positive. */
    NOMINAL,
    /** Yes or no. */
    BOOLEAN,
    /** Bits can be told apart. */
    ORDINAL
  }

  public boolean isPredicate() {
    return !expansion.isEmpty();
  }

  public boolean isText() {
    return width == 0;
  }
}
