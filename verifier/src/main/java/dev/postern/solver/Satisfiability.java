package dev.postern.solver;

/** Whether formulas can hold together. */
public enum Satisfiability {
  SATISFIABLE,
  UNSATISFIABLE,
  /** The solver gave up. */
  UNKNOWN
}
