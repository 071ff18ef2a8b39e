package dev.postern.cli.matrix;

import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;

/**
 * Writes the matrices of several sets of manifests, each under the path that it was read from: under a heading, in a column of its own, or in
 * a line of JSON.
 */
public final class MatricesApart {

  private final MatrixFormat.Writer writer;
  private final Printer out;
  private boolean begun;

  /**
   * A writer of matrices that all say what passes, or all what does not.
   *
   * @throws IllegalArgumentException if the format is a picture or a page
   */
  public MatricesApart(MatrixFormat format, boolean denied, Printer out) {
    if (!format.tellsDenied()) {
      throw new IllegalArgumentException("one picture for several in " + format);
    }
    this.writer = format.writer();
    this.out = out;
    writer.begin(denied, out);
  }

  /** The matrix of what was read from a path. */
  public void matrix(String manifests, Connectivity matrix) {
    writer.writeApart(manifests, matrix, !begun, out);
    begun = true;
  }

  /** What a path cannot be asked; said in JSON alone, since the other formats have no place for it. */
  public void error(String manifests, String why) {
    writer.error(manifests, why, out);
  }
}
