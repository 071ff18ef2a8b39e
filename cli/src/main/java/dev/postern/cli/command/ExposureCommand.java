package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.exposure.ExposureFormat;
import dev.postern.cli.exposure.ExposureReport;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.manifest.Loaded;
import dev.postern.summary.Exposure;
import dev.postern.verify.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern exposure}: who can reach each workload, and whom it can reach. */
@Command(
    name = "exposure",
    description =
        "Say of each workload who can reach it and whom it can reach, in the fewest words, the most exposed first.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the manifests are bad", "3:time ran out"},
    footerHeading = "%nExample:%n",
    footer = {
      "  postern exposure -f examples/shop",
      "  postern exposure --open -f examples/shop -o md"
    })
public final class ExposureCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private SolverOptions effort;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: table.")
  private ExposureFormat format = ExposureFormat.table;

  @Option(
      names = "--open",
      description =
          "Also say for all pods that there could ever be, with any labels in any namespace, whether one could reach it or be reached.")
  private boolean open;

  public ExposureCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, format.unfinished(), this::run);
  }

  private int run() {
    Loaded loaded = input.load(console);
    Verifier verifier = choices.readings(input.paths()).said(console).verifier(loaded.cluster());
    List<Exposure> exposures = verifier.analysis().exposure();
    List<ExposureReport.Line> lines = open
        ? Progress.during(console, "asking Z3", () -> openLines(verifier, exposures))
        : exposures.stream()
            .map(each -> new ExposureReport.Line(each, Optional.empty()))
            .toList();
    format.write(
        new ExposureReport(lines, verifier.analysis().connectivity().notes()), console.out());
    return input.status(loaded, ExitStatus.YES);
  }

  private List<ExposureReport.Line> openLines(Verifier verifier, List<Exposure> exposures) {
    List<ExposureReport.Line> lines = new ArrayList<>();
    for (Exposure each : exposures) {
      lines.add(new ExposureReport.Line(
          each, Optional.of(verifier.openExposure(each.pods(), effort.limits()))));
    }
    return lines;
  }
}
