package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.console.WholeFile;
import dev.postern.cli.exposure.OpenExposureWords;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.page.PageReport;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.manifest.Loaded;
import dev.postern.page.PageContents.MatrixFilter;
import dev.postern.page.PageContents.OpenLine;
import dev.postern.page.PageContents.View;
import dev.postern.summary.Exposure;
import dev.postern.verify.OpenExposure;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern report}: one page that answers every question about the manifests in it, without a network. */
@Command(
    name = "report",
    description =
        "Write one HTML page that holds the manifests, their analysis and the engine: it answers questions without a network.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the manifests are bad", "3:time ran out"},
    footerHeading = "%nExample:%n",
    footer = {"  postern report -f examples/shop", "  postern report --empty"})
public final class ReportCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private NamingOptions naming;

  @Mixin
  private SolverOptions effort;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<file>",
      description = "The page's file; default: standard output.")
  private @Nullable Path output;

  @Option(
      names = "--empty",
      description = "A page without manifests: who opens it puts some into it.")
  private boolean empty;

  @Option(
      names = "--open",
      description =
          "Also say of each workload whether a pod that could ever come, with any labels in any namespace, could reach it or be reached.")
  private boolean open;

  @Option(
      names = "--no-date",
      description =
          "Leave out when the page was written; else it is today, or the day of $$SOURCE_DATE_EPOCH.")
  private boolean undated;

  public ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, output == null ? Unfinished.HTML : Unfinished.ASIDE, this::run);
  }

  private int run() {
    PageReport report = new PageReport(console, !undated);
    if (empty) {
      if (!input.isNothing()) {
        throw new UserError(
            "postern: error: an empty page holds no manifests (hint: leave out --empty)");
      }
      write(report.empty());
      return ExitStatus.YES;
    }
    Loaded loaded = input.load(console);
    Readings readings = choices.readings(input.paths()).said(console);
    write(report.of(
        "Network policies",
        input.whatWasRead(),
        loaded,
        PageReport.reading(input.whatWasRead(), input.namespace(), naming.domain(), readings),
        PageReport.LintChoice.of(choices, input.paths()),
        View.OVERVIEW,
        MatrixFilter.EVERYTHING,
        open
            ? Progress.during(console, "asking Z3", () -> open(readings.verifier(loaded.cluster())))
            : List.of(),
        ""));
    return input.status(loaded, ExitStatus.YES);
  }

  private List<OpenLine> open(Verifier verifier) {
    List<OpenLine> lines = new ArrayList<>();
    for (Exposure each : verifier.analysis().exposure()) {
      OpenExposure exposure = verifier.openExposure(each.pods(), effort.limits());
      lines.add(new OpenLine(
          each.pods().id(),
          OpenExposureWords.reachedBy(exposure),
          OpenExposureWords.reaches(exposure)));
    }
    return lines;
  }

  private void write(String page) {
    if (output == null) {
      console.out().escaped(page);
      return;
    }
    try {
      WholeFile.write(output, page);
    } catch (IOException problem) {
      throw new UserError("postern: error: cannot write " + output + ": " + problem.getMessage());
    }
  }
}
