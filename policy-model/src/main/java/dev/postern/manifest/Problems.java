package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one object, as it is found. */
final class Problems {

  /** A machine that writes one mistake a million times gets no million messages. */
  private static final int MOST = 100;

  private final List<Diagnostic> found = new ArrayList<>(0);
  private boolean fatal;

  void add(Diagnostic diagnostic) {
    fatal |= diagnostic.isError();
    if (found.size() < MOST) {
      found.add(diagnostic);
    } else if (found.size() == MOST) {
      fatal = true;
      String problem = "this object has more than " + MOST + " problems; the others are not listed";
      found.add(Code.LIMIT.at(diagnostic.origin(), problem));
    }
  }

  /** Whether the object cannot be used. */
  boolean isFatal() {
    return fatal;
  }

  List<Diagnostic> found() {
    return found;
  }
}
