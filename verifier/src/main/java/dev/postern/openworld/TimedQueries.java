package dev.postern.openworld;

import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.postern.deadline.Deadline;
import dev.postern.solver.Limits;
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

  private final Context context;
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
    this.context = Z3.open();
    this.logic = new Logic(context);
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
          context.interrupt();
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
    context.close();
  }

  Logic logic() {
    return logic;
  }

  Solver solver(BoolExpr... constraints) {
    Solver solver = Z3.quickSolver(context, limits);
    solver.add(constraints);
    return solver;
  }

  /** Whether the constraints can hold together with these. */
  boolean isSatisfiable(Solver solver, List<BoolExpr> assumptions) {
    if (millisLeft() <= 0) {
      Deadline.current().check();
      throw new GaveUp("not decided within " + limits.timeout().toMillis() + " ms");
    }
    Status status = solver.check(assumptions.toArray(BoolExpr[]::new));
    if (status == Status.UNKNOWN) {
      throw new GaveUp(Z3.gaveUp(solver, limits));
    }
    return status == Status.SATISFIABLE;
  }

  /** A model in which as many wishes come true as can together, the first before the later. */
  Model simplest(Solver solver, List<BoolExpr> wishes) {
    if (!isSatisfiable(solver, List.of())) {
      throw new IllegalStateException("there is no model");
    }
    Granting granting = new Granting(solver, solver.getModel());
    granting.grant(wishes);
    return granting.model;
  }

  /** Grants wishes together where it can, since most can be. */
  private final class Granting {
    private final Solver solver;
    private final List<BoolExpr> granted = new ArrayList<>();
    private Model model;

    Granting(Solver solver, Model model) {
      this.solver = solver;
      this.model = model;
    }

    void grant(List<BoolExpr> wishes) {
      if (wishes.isEmpty()) {
        return;
      }
      List<BoolExpr> all = new ArrayList<>(granted);
      all.addAll(wishes);
      if (isSatisfiable(solver, all)) {
        model = solver.getModel();
        granted.addAll(wishes);
      } else if (wishes.size() > 1) {
        grant(wishes.subList(0, wishes.size() / 2));
        grant(wishes.subList(wishes.size() / 2, wishes.size()));
      }
    }
  }

  /** Some of the literals that suffice to contradict the constraints, with the most worth: given in ascending order of worth. */
  List<BoolExpr> core(Solver solver, List<BoolExpr> literals, int many) {
    if (isSatisfiable(solver, literals)) {
      throw new IllegalStateException(
          "a difference cannot be said in the words of the policies: please report this");
    }
    List<BoolExpr> needed = new ArrayList<>(literals);
    if (literals.size() > many) {
      needed.retainAll(List.of(solver.getUnsatCore()));
    }
    for (BoolExpr literal : List.copyOf(needed)) {
      List<BoolExpr> without = new ArrayList<>(needed);
      without.remove(literal);
      if (!isSatisfiable(solver, without)) {
        needed = without;
      }
    }
    return needed;
  }
}
