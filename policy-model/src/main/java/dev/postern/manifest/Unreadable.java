package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;

/** Text that cannot become a tree: ends one document, never more. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  private final Code code;
  private final int line;
  private final int column;
  private final String problem;
  private final String hint;

  Unreadable(Code code, int line, int column, String problem, String hint) {
    super(problem, null, false, false);
    this.code = code;
    this.line = line;
    this.column = column;
    this.problem = problem;
    this.hint = hint;
  }

  Diagnostic diagnostic(String file) {
    return code.at(new Origin(file, line, column, ""), problem).hint(hint);
  }
}
