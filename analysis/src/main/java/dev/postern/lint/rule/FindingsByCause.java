package dev.postern.lint.rule;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Cause;
import java.util.function.Consumer;

/** Hands findings on together with what they come of, so that those of one cause can be shown as one. */
final class FindingsByCause {

  /** Two of the same are one already. */
  private static final int LEAST = 2;

  private final Consumer<Diagnostic> found;

  FindingsByCause(Consumer<Diagnostic> found) {
    this.found = found;
  }

  /** Takes a finding; those of a rule whose causes are equal come of the same. */
  void add(Object cause, Diagnostic finding) {
    found.accept(finding.cause(new Cause(cause, LEAST)));
  }
}
