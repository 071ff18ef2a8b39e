package dev.postern.backend;

import dev.postern.plan.Plan;

/** A backend that can also write only what differs. */
public interface Incremental extends Backend {

  /**
   * Compiles what turns the rules that were compiled from one plan into those of another. In every state between, no more passes than one of
   * the plans allows, and nothing is dropped that both allow.
   *
   * @param before the plan whose rules are in force
   * @param after the plan whose rules shall be in force, with the same options
   * @throws Refusal if the target cannot express one of the plans exactly
   * @throws IllegalArgumentException if the plans' options differ
   */
  Artifact delta(Plan before, Plan after, Scope scope) throws Refusal;
}
