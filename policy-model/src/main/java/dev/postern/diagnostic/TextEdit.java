package dev.postern.diagnostic;

/**
 * One stretch of a file's text and what to write in its place. Lines and columns count from 1, columns in characters (code points), as in
 * {@link Origin}.
 *
 * @param file the file, as {@link Origin} names it
 * @param line where the stretch begins
 * @param column where the stretch begins
 * @param endLine where it ends
 * @param endColumn the column after its last character; equal to {@code column} on the same line for an insertion
 * @param replacement the new text; empty to remove
 */
public record TextEdit(
    String file, int line, int column, int endLine, int endColumn, String replacement) {

  /** Writes a text before the character at a place. */
  public static TextEdit insert(Origin place, String text) {
    return new TextEdit(
        place.file(), place.line(), place.column(), place.line(), place.column(), text);
  }
}
