package dev.postern.openworld;

import dev.postern.deadline.Deadline;
import dev.postern.solver.Engine;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Limits;
import dev.postern.solver.Logic;
import dev.postern.solver.Satisfiability;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.List;

/** Puts queries to Z3 that together have so much time. Holds native memory: close it. Not for use by several threads. */
final class TimedQueries implements AutoCloseable {

  /** Time is over, or Z3 cannot tell. */
  static final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1;

    GaveUp(String reason) {
      super(reason, null, false, false);
    }
  }

  /** How long to wait for a query to end that was interrupted. */
  private static final long AGAIN_MILLIS = 50;

  private final Engine engine = new Engine();
  private final Logic logic;
  private final Limits limits;
  private final long end;
  private final Thread watcher;

  /**
   * A search that may take as long as these limits give one query.
   *
   * @throws Z3.Missing if Z3 cannot be loaded
   */
  TimedQueries(Limits limits) throws Z3.Missing {
    this.logic = engine.logic();
    this.limits = limits.within(Deadline.current());
    this.end = System.nanoTime() + this.limits.timeout().toNanos();
    this.watcher = new Thread(this::watch, "postern-timeout");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Interrupts what is still going on when time is over: Z3's own timer starts a thread a query, which takes longer than most queries. */
  private void watch() {
    try {
      long left = millisLeft();
      while (true) {
        Thread.sleep(Math.max(AGAIN_MILLIS, left));
        left = millisLeft();
        if (left <= 0) {
          logic.interrupt();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private long millisLeft() {
    return (end - System.nanoTime()) / 1_000_000;
  }

  @Override
  public void close() {
    watcher.interrupt();
    try {
      watcher.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    engine.close();
  }

  Logic logic() {
    return logic;
  }

  FormulaSolver solver(Formula... constraints) {
    FormulaSolver solver = logic.quickSolver(limits);
    solver.add(constraints);
    return solver;
  }

  /** Whether the constraints can hold together with these. */
  boolean isSatisfiable(FormulaSolver solver, List<Formula> assumptions) {
    if (millisLeft() <= 0) {
      Deadline.current().check();
      throw new GaveUp("not decided within " + limits.timeout().toMillis() + " ms");
    }
    Satisfiability status = solver.check(assumptions);
    if (status == Satisfiability.UNKNOWN) {
      throw new GaveUp(solver.gaveUp(limits));
    }
    return status == Satisfiability.SATISFIABLE;
  }

  /** A model in which as many wishes come true as can together, the first before the later. */
  FormulaModel simplest(FormulaSolver solver, List<Formula> wishes) {
    if (!isSatisfiable(solver, List.of())) {
      throw new IllegalStateException("there is no model");
    }
    Granting granting = new Granting(solver, solver.model());
    granting.grant(wishes);
    return granting.model;
  }

  /** Grants wishes together where it can, since most can be. */
  private final class Granting {
    private final FormulaSolver solver;
    private final List<Formula> granted = new ArrayList<>();
    private FormulaModel model;

    Granting(FormulaSolver solver, FormulaModel model) {
      this.solver = solver;
      this.model = model;
    }

    void grant(List<Formula> wishes) {
      if (wishes.isEmpty()) {
        return;
      }
      List<Formula> all = new ArrayList<>(granted);
      all.addAll(wishes);
      if (isSatisfiable(solver, all)) {
        model = solver.model();
        granted.addAll(wishes);
      } else if (wishes.size() > 1) {
        grant(wishes.subList(0, wishes.size() / 2));
        grant(wishes.subList(wishes.size() / 2, wishes.size()));
      }
    }
  }

  /** Some of the literals that suffice to contradict the constraints, with the most worth: given in ascending order of worth. */
  List<Formula> core(FormulaSolver solver, List<Formula> literals, int many) {
    if (isSatisfiable(solver, literals)) {
      throw new IllegalStateException(
          "a difference cannot be said in the words of the policies: please report this");
    }
    List<Formula> needed = new ArrayList<>(literals);
    if (literals.size() > many) {
      needed.retainAll(solver.core());
    }
    for (Formula literal : List.copyOf(needed)) {
      List<Formula> without = new ArrayList<>(needed);
      without.remove(literal);
      if (!isSatisfiable(solver, without)) {
        needed = without;
      }
    }
    return needed;
  }
}
