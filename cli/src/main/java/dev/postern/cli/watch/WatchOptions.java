package dev.postern.cli.watch;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.UserError;
import dev.postern.cli.proof.ProofFormat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that goes on looking. */
public final class WatchOptions {

  @Option(
      names = "--watch",
      description = "Go on: look again and again, prove anew what changed, and print what is new.")
  private boolean watch;

  @Option(
      names = "--every",
      paramLabel = "<seconds>",
      description =
          "With --watch: how long to wait between two looks where nothing tells of a change. Default: 10.")
  private @Nullable Integer every;

  @Option(
      names = "--rounds",
      paramLabel = "<n>",
      description = "With --watch: how often to look. Default: until it is ended.")
  private @Nullable Integer rounds;

  @Option(
      names = "--metrics",
      paramLabel = "<port>",
      description =
          "With --watch: serve Prometheus' metrics at /metrics, on this port of the loopback interface, or at <address>:<port>.")
  private @Nullable String metrics;

  /**
   * Whether to go on.
   *
   * @throws UserError if an option is given that only a watch takes
   */
  public boolean isAsked() {
    if (!watch && (every != null || rounds != null || metrics != null)) {
      throw new UserError(
          "postern prove: error: --every, --rounds and --metrics are of --watch (hint: add --watch)");
    }
    if (every != null && every < 0 || rounds != null && rounds < 1) {
      throw new UserError(
          "postern prove: error: --every takes no negative number of seconds, and --rounds at least 1");
    }
    return watch;
  }

  /**
   * Looks round by round; the exit status of the last one.
   *
   * @param monitors the words of tools that go on printing what changes: a notice of theirs brings the next look at once
   */
  public int run(
      Console console,
      ProofFormat format,
      Function<Console, WatchRound> round,
      List<List<String>> monitors) {
    try (Notices notices = Notices.of(monitors)) {
      return run(console, format, round, notices);
    }
  }

  private int run(
      Console console, ProofFormat format, Function<Console, WatchRound> round, Notices notices) {
    Metrics told = new Metrics();
    Watch looking = new Watch(console, format, InstantSource.system(), told);
    if (metrics == null) {
      return looking.run(round, pause(notices));
    }
    try (MetricsServer server = MetricsServer.at(metrics, told)) {
      console.err().println("postern: metrics at " + server.url());
      console.err().flush();
      return looking.run(round, pause(notices));
    }
  }

  private Pause pause(Notices notices) {
    Pause pause = Pause.of(Duration.ofSeconds(every == null ? 10 : every), notices);
    if (rounds == null) {
      return pause;
    }
    int[] left = {rounds};
    return () -> --left[0] > 0 && pause.await();
  }
}
