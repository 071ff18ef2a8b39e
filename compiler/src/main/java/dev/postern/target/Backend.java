package dev.postern.target;

import dev.postern.plan.Plan;

/** Writes what one target enforces. */
public interface Backend {

  /** The name that {@code --to} takes. */
  String target();

  /**
   * Compiles a plan for the pods in a scope.
   *
   * @throws Refusal if the target cannot express the plan exactly; nothing is approximated
   */
  Artifact compile(Plan plan, Scope scope) throws Refusal;
}
