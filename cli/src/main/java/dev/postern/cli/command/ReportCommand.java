package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.console.WholeFile;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.page.PageReport;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.manifest.Loaded;
import dev.postern.page.PageContents.Narrowed;
import dev.postern.page.PageContents.View;
import java.io.IOException;
import java.nio.file.Path;
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
  private TimeLimit limit;

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
      names = "--no-date",
      description =
          "Leave out when the page was written; else it is today, or the day of $$SOURCE_DATE_EPOCH.")
  private boolean undated;

  public ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return limit.run(console, output == null ? Unfinished.HTML : Unfinished.ASIDE, this::run);
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
        View.OVERVIEW,
        Narrowed.EVERYTHING,
        ""));
    return input.status(loaded, ExitStatus.YES);
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
