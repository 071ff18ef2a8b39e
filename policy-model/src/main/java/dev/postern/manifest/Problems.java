package dev.postern.manifest;

import dev.postern.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one object, as it is found. */
final class Problems {

  private final List<Diagnostic> found = new ArrayList<>(0);
  private boolean fatal;

  void add(Diagnostic diagnostic) {
    found.add(diagnostic);
    fatal |= diagnostic.isError();
  }

  /** Whether the object cannot be used. */
  boolean isFatal() {
    return fatal;
  }

  List<Diagnostic> found() {
    return found;
  }
}
