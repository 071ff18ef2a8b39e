package dev.postern.cli.input;

import dev.postern.solver.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of every command that may ask Z3: how much work it may spend on one query. */
public final class Effort {

  private int seconds = (int) Limits.DEFAULT.timeout().toSeconds();
  private int steps = Limits.DEFAULT.steps();

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--timeout",
      paramLabel = "<seconds>",
      description =
          "How long Z3 may take for one query; what takes longer is unknown (exit status 3). Default: 30.")
  void setSeconds(int wanted) {
    if (wanted < 1) {
      throw refused("--timeout takes at least 1 second, not " + wanted);
    }
    seconds = wanted;
  }

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

  /** The limits that were chosen. */
  public Limits limits() {
    return new Limits(Duration.ofSeconds(seconds), steps);
  }

  private RuntimeException refused(String why) {
    return command == null
        ? new IllegalArgumentException(why)
        : new ParameterException(command.commandLine(), why);
  }
}
