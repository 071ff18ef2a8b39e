package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.Dot;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Html;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Markdown;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option of every command that may take long: how long it may take as a whole. */
public class TimeLimit {

  /** How a format says that time was over before there was an answer; what it writes is never taken for a whole report. */
  @FunctionalInterface
  public interface Unfinished {
    /** In a line. */
    Unfinished TEXT = (why, out) -> out.println("unknown: " + why);

    /** In a JSON object. */
    Unfinished JSON = (why, out) -> Json.write(out, json -> {
      json.writeStartObject();
      json.writeStringField("verdict", "unknown");
      json.writeArrayFieldStart("notes");
      json.writeString(why);
      json.writeEndArray();
      json.writeEndObject();
    });

    /** In a paragraph. */
    Unfinished MARKDOWN = (why, out) -> out.raw("**unknown**: " + Markdown.text(why));

    /** In a page by itself. */
    Unfinished HTML = (why, out) -> out.raw(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>unknown</title>\n<p><strong>unknown</strong>: "
            + Html.text(why) + "</p>\n</html>");

    /** As the title of a graph without nodes. */
    Unfinished DOT =
        (why, out) -> out.raw("digraph unknown { label=" + Dot.quoted("unknown: " + why) + " }");

    /** Not at all: the format has no way to say so, and standard error does. */
    Unfinished ASIDE = (why, out) -> {};

    /** Writes it on standard output. */
    void write(String why, Printer out);
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

  /** Whether a limit was chosen. */
  public final boolean isLimited() {
    return most.isPresent();
  }

  /** What was chosen, if anything. */
  final Optional<Duration> most() {
    return most;
  }

  /**
   * Runs a command under the limit.
   *
   * @param unfinished how to say that it was not finished in time
   * @return its exit status, or {@link ExitStatus#UNDECIDED}
   */
  public final int run(Console console, Unfinished unfinished, Supplier<Integer> work) {
    try {
      return most.map(Deadline::after).orElseGet(Deadline::current).during(work::get);
    } catch (Deadline.Passed late) {
      String why = late.getMessage() + " (hint: --timeout gives it more time)";
      unfinished.write(why, console.out());
      if (unfinished != Unfinished.TEXT && unfinished != Unfinished.JSON) {
        console.err().println("postern: unknown: " + why);
      }
      return ExitStatus.UNDECIDED;
    }
  }

  /**
   * Writes a report as a whole: under a limit nothing of it is printed before all of it is known, since a part of it would be taken for the
   * whole.
   *
   * @throws UserError if it cannot be kept until then
   */
  public static void whole(Console console, Consumer<Printer> report) {
    if (Deadline.current() == Deadline.NONE) {
      report.accept(console.out());
      return;
    }
    try {
      Path kept = Files.createTempFile("postern", ".out");
      try {
        try (Printer printer = Printer.to(Files.newOutputStream(kept))) {
          report.accept(printer);
          if (printer.checkError()) {
            throw new IOException("the disk may be full");
          }
        }
        try (Reader reader = new InputStreamReader(InputBound.log(kept), StandardCharsets.UTF_8)) {
          reader.transferTo(console.out());
        }
      } finally {
        Files.deleteIfExists(kept);
      }
    } catch (IOException problem) {
      throw new UserError(
          "postern: error: the report cannot be kept until it is whole: " + problem.getMessage());
    }
  }

  final RuntimeException refused(String why) {
    return command == null
        ? new UserError("postern: error: " + why)
        : new ParameterException(command.commandLine(), why);
  }
}
