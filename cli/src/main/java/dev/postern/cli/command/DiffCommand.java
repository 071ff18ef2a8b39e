package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.difference.CommonReport;
import dev.postern.cli.difference.DifferenceFormat;
import dev.postern.cli.input.Assumptions;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.ReadInput;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.page.PageReport;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cluster.Cluster;
import dev.postern.diff.CommonTraffic;
import dev.postern.diff.Difference;
import dev.postern.diff.Relation;
import dev.postern.diff.RowCauseSearch;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.SourceTree;
import dev.postern.meaning.Options;
import dev.postern.meaning.Undetermined;
import dev.postern.openworld.OpenDifference;
import dev.postern.page.PageContents.MatrixFilter;
import dev.postern.page.PageContents.View;
import dev.postern.service.ClusterNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern diff}: what traffic a change of manifests opens and closes. */
@Command(
    name = "diff",
    description = "Say what traffic a change opens and closes.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no traffic is opened or closed, or what --assert says holds",
      "1:the two differ, or what --assert says does not hold",
      "2:something could not be read",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  postern diff examples/shop examples/shop",
      "  postern diff --open --assert no-new-access examples/shop examples/shop"
    })
public final class DiffCommand implements Callable<Integer> {

  /** What a pipeline can demand of a change. */
  enum Demand {
    equal,
    no_new_access,
    contains,
    permits,
    no_interference,
    forbids;

    /** How the new policies must stand to the old ones, beyond what is opened and closed. */
    Optional<Relation> relation() {
      return switch (this) {
        case equal, no_new_access, forbids -> Optional.empty();
        case contains -> Optional.of(Relation.CONTAINS);
        case permits -> Optional.of(Relation.PERMITS);
        case no_interference -> Optional.of(Relation.NO_INTERFERENCE);
      };
    }

    @Override
    public String toString() {
      return name().replace('_', '-');
    }
  }

  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "<old>",
      description = "A manifest or a directory of manifests, before.")
  private Path before = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "<new>",
      description = "A manifest or a directory of manifests, after.")
  private Path after = Path.of("");

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "<name>",
      description = "The namespace of objects that give none.")
  private @Nullable String namespace;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private DifferenceFormat format = DifferenceFormat.text;

  @Option(
      names = "--assert",
      paramLabel = "<demand>",
      description =
          "equal: nothing is opened or closed; no-new-access: nothing is opened; contains: nothing is closed; permits: nothing is closed that goes into or out of pods which the old policies isolate for it; no-interference: nothing is opened there; forbids: nothing passes of what goes into or out of such pods.")
  private @Nullable String demand;

  @Option(
      names = "--open",
      description =
          "Compare for all pods that there could ever be: with any labels, in namespaces that exist or could come.")
  private boolean open;

  @Mixin
  private SolverOptions effort;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private Assumptions assumptions = new Assumptions();

  public DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, format.unfinished(), this::run);
  }

  private int run() {
    Demand demanded = demanded();
    if (open && (demanded.relation().isPresent() || demanded == Demand.forbids)) {
      throw new UserError("postern diff: error: --open proves equal and no-new-access, not "
          + demanded + " (hint: leave out --open)");
    }
    Readings readings = choices.readings(List.of(after)).said(console);
    Loaded old = read(before);
    Loaded now = read(after);
    boolean bad = old.hasErrors() || now.hasErrors();
    int status = demanded == Demand.forbids
        ? forbid(readings.options(), old.cluster(), now.cluster())
        : open
            ? compareOpenly(demanded, readings, old, now, bad)
            : compare(demanded, readings, old, now);
    return bad ? ExitStatus.BAD_INPUT : status;
  }

  private int compare(Demand demanded, Readings readings, Loaded old, Loaded now) {
    Options options = readings.options();
    Difference difference = Difference.between(old.cluster(), now.cluster(), options);
    RowCauseSearch causes = new RowCauseSearch(old.cluster(), now.cluster(), options);
    if (format == DifferenceFormat.html) {
      page(
          now,
          readings,
          DifferenceFormat.forPage(difference, causes, before.toString(), after.toString()));
    } else {
      format.write(difference, causes, before.toString(), after.toString(), console.out());
    }
    List<Difference.DifferenceRow> against = demanded
        .relation()
        .map(relation -> relation.against(difference, old.cluster(), options))
        .orElseGet(() -> demanded == Demand.no_new_access || difference.closed().isEmpty()
            ? difference.opened()
            : difference.closed());
    return !against.isEmpty()
        ? ExitStatus.NO
        : difference.undecided().isPresent() ? ExitStatus.UNDECIDED : ExitStatus.YES;
  }

  private int forbid(Options options, Cluster old, Cluster now) {
    CommonTraffic common = CommonTraffic.between(old, now, options);
    format.write(
        new CommonReport(
            common, new RowCauseSearch(old, Undetermined.in(now), options), before.toString()),
        console.out());
    return !common.certain().isEmpty()
        ? ExitStatus.NO
        : common.possible().isEmpty() && common.undecided().isEmpty()
            ? ExitStatus.YES
            : ExitStatus.UNDECIDED;
  }

  private int compareOpenly(
      Demand demanded, Readings readings, Loaded was, Loaded is, boolean bad) {
    Cluster old = was.cluster();
    Cluster now = is.cluster();
    OpenDifference difference = Progress.during(
        console,
        "asking Z3",
        () -> OpenDifference.between(old, now, readings.options(), effort.limits()));
    if (bad && difference.opened().isEmpty() && difference.closed().isEmpty()) {
      throw new UserError(
          "postern diff: error: no difference is found in what could be read, which proves nothing (hint: mend the manifests first)");
    }
    if (format == DifferenceFormat.html) {
      page(
          is,
          readings,
          DifferenceFormat.forPage(difference, old, now, before.toString(), after.toString()));
    } else {
      format.write(difference, old, now, before.toString(), after.toString(), console.out());
    }
    boolean differs = !difference.opened().isEmpty()
        || (demanded == Demand.equal && !difference.closed().isEmpty());
    return differs
        ? ExitStatus.NO
        : difference.undecided().isPresent() ? ExitStatus.UNDECIDED : ExitStatus.YES;
  }

  /** A page of the new version, which opens with what changed. */
  private void page(Loaded now, Readings readings, String difference) {
    ReadInput input = new ReadInput(
        SourceTree.of(after).sources(),
        List.of(),
        false,
        assumptions.isClosed(),
        assumptions.ignored());
    console
        .out()
        .escaped(new PageReport(console, true)
            .of(
                "What a change opens and closes",
                input,
                now,
                PageReport.reading(
                    input, Optional.ofNullable(namespace), ClusterNames.DEFAULT_DOMAIN, readings),
                PageReport.LintChoice.of(choices, List.of(after)),
                View.COMPARE,
                MatrixFilter.EVERYTHING,
                List.of(),
                difference));
  }

  private Demand demanded() {
    if (demand == null) {
      return Demand.equal;
    }
    for (Demand known : Demand.values()) {
      if (known.toString().equals(demand)) {
        return known;
      }
    }
    throw new UserError(
        "postern diff: error: --assert takes equal, no-new-access, contains, permits, no-interference or forbids, not "
            + demand);
  }

  private Loaded read(Path path) {
    ReadOptions options =
        namespace == null ? ReadOptions.DEFAULT : ReadOptions.DEFAULT.withNamespace(namespace);
    Loaded read = Manifests.load(List.of(path), options);
    Loaded loaded = read.withCluster(assumptions.on(read.cluster()));
    ClusterInput.report(loaded, console);
    return loaded;
  }
}
