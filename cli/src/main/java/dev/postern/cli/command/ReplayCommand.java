package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.FlowInput;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.page.PageReport;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cli.replay.ReplayFormat;
import dev.postern.cli.replay.ReplayResult;
import dev.postern.manifest.Loaded;
import dev.postern.reach.Reachability;
import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.replay.Replay.Fate;
import dev.postern.service.ClusterNames;
import dev.postern.traffic.LogSummary;
import dev.postern.verify.Verifier;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern replay}: recorded traffic against the policies. */
@Command(
    name = "replay",
    description = {
      "Say what of recorded traffic the manifests would break or open.",
      "Reads flows of Cilium's Hubble, Calico, Antrea, OVN-Kubernetes, NetObserv, conntrack, AWS, Azure, Google Cloud and Istio, and CSV; what wrote a log is known by its lines."
    },
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all that passed still passes, and all that was dropped still is",
      "1:something would break or open",
      "2:something could not be read; of flows, with --strict",
      "3:nothing would, as far as is known, but some flows could not be judged or read"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern replay examples/flows.json -f examples/shop -f examples/running")
public final class ReplayCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private TimeLimit limit;

  @Mixin
  private FlowInput flows;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private ReplayFormat format = ReplayFormat.text;

  public ReplayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return limit.run(console, format.unfinished(), this::run);
  }

  private int run() {
    Loaded loaded = input.load(console);
    Readings readings = choices.readings(input.paths()).said(console);
    Verifier verifier = readings.verifier(loaded.cluster());
    Reachability policies = verifier.reachability();
    Edges edges = new Edges(policies.plan());
    List<LogSummary> read = flows.read(console, input.readsStandardInput(), edges);
    Replay replay = Progress.during(console, "judging flows", () -> Replay.of(edges, policies));
    ReplayResult played = ReplayResult.of(replay, edges, read);
    if (format == ReplayFormat.html) {
      console.out().escaped(page(loaded, readings, played));
    } else {
      TimeLimit.whole(console, out -> format.write(played, out));
    }
    return input.status(loaded, flows.status(read, status(replay)));
  }

  /** A page of the manifests, which opens with what they make of the traffic. */
  private String page(Loaded loaded, Readings readings, ReplayResult played) {
    return new PageReport(console, true)
        .of(
            "What policies make of recorded traffic",
            input.whatWasRead(),
            loaded,
            PageReport.reading(
                input.whatWasRead(), input.namespace(), ClusterNames.DEFAULT_DOMAIN, readings),
            PageReport.LintChoice.of(choices, input.paths()),
            PageReport.Shown.ofTraffic(ReplayFormat.forPage(played)));
  }

  private static int status(Replay replay) {
    if (!replay.rows(Fate.BREAKS).isEmpty() || !replay.rows(Fate.OPENS).isEmpty()) {
      return ExitStatus.NO;
    }
    return replay.rows(Fate.UNDECIDED).isEmpty() ? ExitStatus.YES : ExitStatus.UNDECIDED;
  }
}
