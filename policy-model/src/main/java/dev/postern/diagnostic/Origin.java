package dev.postern.diagnostic;

/**
 * Where something was written: the file, and a place in it.
 *
 * @param file the path as the user gave it, {@code <stdin>} for standard input, or a description of another source such as {@code api}
 * @param line 1 for the first; 0 if the source has no lines
 * @param column 1 for the first, in characters; 0 if the source has no lines
 * @param path the field inside the document, as {@code spec.ingress[0].from[1]}; may be empty
 */
public record Origin(String file, int line, int column, String path) {

  /** For objects that a program made. */
  public static final Origin NONE = new Origin("", 0, 0, "");

  /** {@code file:line:column}, as compilers print it, or what there is of it: on one line, whatever the file is called. */
  @Override
  public String toString() {
    String name = Printable.line(file);
    return line > 0 ? name + ":" + line + ":" + column : name;
  }

  // What a record generates for these is linked at run time, which costs every start a millisecond.
  @Override
  public boolean equals(Object other) {
    return other instanceof Origin origin
        && file.equals(origin.file)
        && line == origin.line
        && column == origin.column
        && path.equals(origin.path);
  }

  @Override
  public int hashCode() {
    return ((file.hashCode() * 31 + line) * 31 + column) * 31 + path.hashCode();
  }
}
