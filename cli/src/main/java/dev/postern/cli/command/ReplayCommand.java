package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.TextInput;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.replay.ReplayFormat;
import dev.postern.cli.replay.ReplayResult;
import dev.postern.manifest.Loaded;
import dev.postern.replay.FlowLog;
import dev.postern.replay.HubbleReader;
import dev.postern.replay.Recorded;
import dev.postern.replay.Replay;
import dev.postern.replay.Replay.Fate;
import dev.postern.verify.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern replay}: recorded traffic against the policies. */
@Command(
    name = "replay",
    description = {
      "Say what of recorded traffic the manifests would break or open.",
      "Reads what `hubble observe -o jsonpb` prints, and what Cilium exports: a flow a line."
    },
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all that passed still passes, and all that was dropped still is",
      "1:something would break or open",
      "2:something could not be read",
      "3:nothing would, as far as is known, but some flows could not be judged"
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

  @Parameters(
      paramLabel = "<flows>",
      arity = "1..*",
      description = "Logs of flows, or - for standard input.")
  private List<String> logs = new ArrayList<>();

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
    return limit.run(
        console, format == ReplayFormat.json ? Unfinished.JSON : Unfinished.TEXT, this::run);
  }

  private int run() {
    List<FlowLog> read = Progress.during(
        console, "reading flows", () -> logs.stream().map(this::read).toList());
    Loaded loaded = input.load(console);
    List<Recorded> recorded =
        read.stream().flatMap(log -> log.recorded().stream()).toList();
    SortedMap<String, Integer> skipped = new TreeMap<>();
    read.forEach(
        log -> log.skipped().forEach((why, times) -> skipped.merge(why, times, Integer::sum)));
    Verifier verifier = choices.readings(input.paths()).said(console).verifier(loaded.cluster());
    Replay replay = Progress.during(
        console, "judging flows", () -> Replay.of(recorded, verifier.reachability()));
    format.write(new ReplayResult(replay, recorded.size(), skipped), console.out());
    boolean bad = false;
    for (FlowLog log : read) {
      log.problems().forEach(problem -> console.err().println(problem));
      bad |= !log.problems().isEmpty();
    }
    return bad ? ExitStatus.BAD_INPUT : input.status(loaded, status(replay));
  }

  private static int status(Replay replay) {
    if (!replay.rows(Fate.BREAKS).isEmpty() || !replay.rows(Fate.OPENS).isEmpty()) {
      return ExitStatus.NO;
    }
    return replay.rows(Fate.UNDECIDED).isEmpty() ? ExitStatus.YES : ExitStatus.UNDECIDED;
  }

  private FlowLog read(String log) {
    if (log.equals("-") && input.readsStandardInput()) {
      throw new UserError(
          "postern replay: error: flows and manifests cannot both come from standard input");
    }
    TextInput text =
        new TextInput(log, "name a file of flows, as `hubble observe -o jsonpb` prints them");
    FlowLog flows = text.read(console, lines -> HubbleReader.read(text.name(), lines));
    if (flows.recorded().isEmpty()
        && flows.skipped().isEmpty()
        && flows.problems().isEmpty()) {
      throw text.complaint("there is no flow in it");
    }
    return flows;
  }
}
