package dev.postern.cli.matrix;

import dev.postern.cli.console.Json;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.reach.Connectivity;

/**
 * Writes the matrices of several sets of manifests, each under the path that it was read from: under a heading, in a column of its own, or in
 * a line of JSON.
 */
public final class MatricesApart {

  private final MatrixFormat format;
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
    this.format = format;
    this.out = out;
    if (format == MatrixFormat.csv) {
      out.escaped("manifests," + CsvMatrix.head(denied));
    }
  }

  /** The matrix of what was read from a path. */
  public void matrix(String manifests, Connectivity matrix) {
    if (format == MatrixFormat.json) {
      Json.writeLine(out, json -> {
        json.writeStartObject();
        json.writeStringField("manifests", manifests);
        JsonMatrix.writeFields(json, matrix);
        json.writeEndObject();
      });
    } else if (format == MatrixFormat.csv) {
      CsvMatrix.rows(matrix, Csv.quoted(manifests) + ",", out);
    } else {
      if (begun) {
        out.println();
      }
      if (format == MatrixFormat.md) {
        out.raw("### " + Markdown.text(manifests) + "\n");
      } else {
        out.println(manifests + ":");
      }
      format.write(matrix, out);
    }
    begun = true;
  }

  /** What a path cannot be asked; said in JSON alone, since the other formats have no place for it. */
  public void error(String manifests, String why) {
    if (format == MatrixFormat.json) {
      Json.writeLine(out, json -> {
        json.writeStartObject();
        json.writeStringField("manifests", manifests);
        json.writeStringField("error", why);
        json.writeEndObject();
      });
    }
  }
}
