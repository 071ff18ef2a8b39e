package dev.postern.solver;

import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Solver;
import java.util.Arrays;
import java.util.List;

/** Whether formulas of one {@link Logic} can hold together. Not for use by several threads. */
public final class FormulaSolver {

  private final Solver solver;

  FormulaSolver(Solver solver) {
    this.solver = solver;
  }

  /** Adds formulas that have to hold. */
  public void add(Formula... formulas) {
    solver.add(expressions(List.of(formulas)));
  }

  /** Whether what was added can hold, and these with it. */
  public Satisfiability check(List<Formula> assumptions) {
    return switch (solver.check(expressions(assumptions))) {
      case SATISFIABLE -> Satisfiability.SATISFIABLE;
      case UNSATISFIABLE -> Satisfiability.UNSATISFIABLE;
      case UNKNOWN -> Satisfiability.UNKNOWN;
    };
  }

  /** Values under which all that was checked holds; only after a check that said so. */
  public FormulaModel model() {
    return new FormulaModel(solver.getModel());
  }

  /** Of the assumptions of the last check some that cannot hold together with what was added; only after a check that said so. */
  public List<Formula> core() {
    return Arrays.stream(solver.getUnsatCore()).map(Formula::new).toList();
  }

  /** Why the last check is undecided, under the limits that the solver was made with. */
  public String gaveUp(Limits limits) {
    return "Z3 gave up within " + limits.milliseconds() + " ms"
        + (limits.steps() > 0 ? " and " + limits.steps() + " steps" : "") + ": "
        + solver.getReasonUnknown();
  }

  /** What was added, as SMT-LIB: declarations and assertions. */
  public String smtLib() {
    return solver.toString();
  }

  /** Empties the solver: what it holds in native memory would stay until the garbage collector comes by. */
  public void reset() {
    solver.reset();
  }

  private static BoolExpr[] expressions(List<Formula> formulas) {
    return formulas.stream().map(formula -> formula.expression).toArray(BoolExpr[]::new);
  }
}
