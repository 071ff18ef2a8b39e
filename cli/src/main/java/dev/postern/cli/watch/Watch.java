package dev.postern.cli.watch;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import dev.postern.cli.proof.ProofFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * Looks at a node round by round and prints what is new: a verdict or an explanation that is another one than before, and what could not be
 * read. What fails in one round, such as an API server that is away, is tried again in the next.
 */
public final class Watch {

  private final Console console;
  private final ProofFormat format;
  private final InstantSource clock;
  private final Metrics metrics;
  private String shown = "";
  private String said = "";
  private int status = ExitStatus.UNDECIDED;

  /**
   * A watch that has seen nothing yet.
   *
   * @param console where to print
   * @param format how
   * @param clock says when something changed
   * @param metrics is told of each round
   */
  public Watch(Console console, ProofFormat format, InstantSource clock, Metrics metrics) {
    this.console = console;
    this.format = format;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Looks until there is no further round.
   *
   * @param round looks once; it says on the console that it is given what is to be said of the input
   * @return the exit status of the last round
   */
  public int run(Function<Console, WatchRound> round, Pause pause) {
    do {
      once(round);
    } while (pause.await());
    return status;
  }

  private void once(Function<Console, WatchRound> round) {
    ByteArrayOutputStream aside = new ByteArrayOutputStream();
    Console quiet =
        Console.of(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), aside);
    String verdict = "";
    try {
      WatchRound look = round.apply(quiet);
      verdict = text(look);
      status = look.status();
      metrics.looked(look, clock.instant());
    } catch (UserError problem) {
      problem.lines().forEach(line -> quiet.err().println(line));
      status = ExitStatus.BAD_INPUT;
      metrics.failed(clock.instant());
    }
    quiet.err().flush();
    String words = aside.toString(StandardCharsets.UTF_8);
    if (!words.equals(said)) {
      said = words;
      words.lines().forEach(console.err()::println);
      console.err().flush();
    }
    if (!verdict.equals(shown)) {
      shown = verdict;
      if (!verdict.isEmpty()) {
        if (format == ProofFormat.text) {
          console.out().println(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        console.out().raw(verdict.stripTrailing());
        console.out().flush();
      }
    }
  }

  private String text(WatchRound look) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Printer printer = Printer.to(text)) {
      format.write(look.result(), printer);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
