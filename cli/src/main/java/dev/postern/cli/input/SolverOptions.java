package dev.postern.cli.input;

import dev.postern.solver.Limits;
import picocli.CommandLine.Option;

/** The options of every command that may ask Z3: how long it may take, and how much work Z3 may spend on one query. */
public final class SolverOptions extends TimeLimit {

  private int steps = Limits.DEFAULT.steps();

  @Option(
      names = "--rlimit",
      paramLabel = "<steps>",
      description =
          "How many of its own steps Z3 may take for one query, the same on every machine. Default: no limit.")
  void setSteps(int wanted) {
    if (wanted < 1) {
      throw refused("--rlimit takes at least 1 step, not " + wanted);
    }
    steps = wanted;
  }

  /** The limits of one query: it may take all the time there is. */
  public Limits limits() {
    return new Limits(most().orElse(Limits.DEFAULT.timeout()), steps);
  }
}
