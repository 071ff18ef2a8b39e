package dev.postern.backend;

import dev.postern.plan.Plan;

/** Writes what one target enforces. */
public interface Backend {

  /** The target's name, such as {@code nftables}. */
  String target();

  /**
   * Compiles a plan for the pods in a scope.
   *
   * @throws Refusal if the target cannot express the plan exactly; nothing is approximated
   */
  default Artifact compile(Plan plan, Scope scope) throws Refusal {
    return draft(plan, scope).artifact();
  }

  /**
   * The same as a draft, which can be written as a stream: {@code draft.writeTo(name -> Files.newBufferedWriter(directory.resolve(name)))}.
   *
   * @throws Refusal if the target cannot express the plan exactly
   */
  Draft draft(Plan plan, Scope scope) throws Refusal;
}
