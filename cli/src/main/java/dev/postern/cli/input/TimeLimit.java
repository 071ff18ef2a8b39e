package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Json;
import dev.postern.deadline.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option of every command that may take long: how long it may take as a whole. */
public class TimeLimit {

  /** Where a command says that time was over before it had an answer. */
  public enum Unfinished {
    /** In a line on standard output. */
    TEXT,
    /** In a JSON object on standard output. */
    JSON,
    /** On standard error, since a cut report on standard output would be taken for a whole one. */
    ASIDE
  }

  private Optional<Duration> most = Optional.empty();

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--timeout",
      paramLabel = "<seconds>",
      description =
          "How long the whole command may take; what is not decided by then is unknown (exit status 3). Default: no limit, but for 30 seconds a query where Z3 is asked.")
  void setSeconds(int wanted) {
    if (wanted < 1) {
      throw refused("--timeout takes at least 1 second, not " + wanted);
    }
    most = Optional.of(Duration.ofSeconds(wanted));
  }

  /** What was chosen, if anything. */
  final Optional<Duration> most() {
    return most;
  }

  /**
   * Runs a command under the limit.
   *
   * @param unfinished where to say that it was not finished in time
   * @return its exit status, or {@link ExitStatus#UNDECIDED}
   */
  public final int run(Console console, Unfinished unfinished, Supplier<Integer> work) {
    try {
      return most.map(Deadline::after).orElseGet(Deadline::current).during(work::get);
    } catch (Deadline.Passed late) {
      String why = late.getMessage() + " (hint: --timeout gives it more time)";
      switch (unfinished) {
        case TEXT -> console.out().println("unknown: " + why);
        case ASIDE -> console.err().println("postern: unknown: " + why);
        case JSON ->
          Json.write(console.out(), json -> {
            json.writeStartObject();
            json.writeStringField("verdict", "unknown");
            json.writeArrayFieldStart("notes");
            json.writeString(why);
            json.writeEndArray();
            json.writeEndObject();
          });
      }
      return ExitStatus.UNDECIDED;
    }
  }

  final RuntimeException refused(String why) {
    return command == null
        ? new IllegalArgumentException(why)
        : new ParameterException(command.commandLine(), why);
  }
}
