package dev.postern.solver;

import com.microsoft.z3.Context;
import com.microsoft.z3.Params;
import com.microsoft.z3.Solver;
import java.util.Locale;
import java.util.Optional;

/** Z3, where its library is there. */
public final class Z3 {

  private Z3() {}

  /** Z3's native library cannot be loaded on this machine. */
  public static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    private Missing(LinkageError problem) {
      super(
          "Z3 did not run: its native library for " + machine() + " cannot be loaded ("
              + reason(problem)
              + "; hint: it comes with tools.aqua:z3-turnkey for Linux and macOS on x86-64 and arm64 and for Windows on x86-64, and is unpacked into "
              + System.getProperty("java.io.tmpdir") + ")",
          problem);
    }

    private static String machine() {
      return System.getProperty("os.name") + " "
          + System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    }

    private static String reason(Throwable problem) {
      Throwable first = problem;
      while (first.getCause() != null) {
        first = first.getCause();
      }
      String message = first.getMessage();
      return message == null ? first.getClass().getSimpleName() : message;
    }
  }

  private static final String ABSENT =
      "Z3 did not run: it is not on the class path (hint: add the dependency tools.aqua:z3-turnkey)";

  /**
   * Why nothing that is written for Z3 may be touched, if it is not on the class path: without its classes those that mention them cannot be
   * loaded. Whether its native library loads shows when a context is opened.
   */
  public static Optional<String> absence() {
    try {
      Class.forName("com.microsoft.z3.Context", false, Z3.class.getClassLoader());
      return Optional.empty();
    } catch (ClassNotFoundException | LinkageError absent) {
      return Optional.of(ABSENT);
    }
  }

  /**
   * A context: native memory, which lasts until it is closed. Not for use by several threads.
   *
   * @throws Missing if the library is not there
   */
  public static Context open() throws Missing {
    try {
      return new Context();
    } catch (LinkageError problem) {
      throw new Missing(problem);
    }
  }

  /** A solver for bit-vectors that keeps to limits, query by query. */
  public static Solver solver(Context context, Limits limits) {
    Solver solver = context.mkSolver("QF_BV");
    Params params = context.mkParams();
    params.add("timeout", limits.milliseconds());
    params.add("rlimit", limits.steps());
    solver.setParameters(params);
    return solver;
  }

  /**
   * A solver for very many small queries that build on each other. It keeps to the steps; the time is for the caller to watch, since a timer
   * a query costs more than the query.
   */
  public static Solver quickSolver(Context context, Limits limits) {
    Solver solver = context.mkSimpleSolver();
    if (limits.steps() > 0) {
      Params params = context.mkParams();
      params.add("rlimit", limits.steps());
      solver.setParameters(params);
    }
    return solver;
  }

  /** Why a query that these limits were for is undecided. */
  public static String gaveUp(Solver solver, Limits limits) {
    return "Z3 gave up within " + limits.milliseconds() + " ms"
        + (limits.steps() > 0 ? " and " + limits.steps() + " steps" : "") + ": "
        + solver.getReasonUnknown();
  }
}
