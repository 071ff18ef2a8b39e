package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.spec.CheckFormat;
import dev.postern.cli.spec.CheckReport;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.cli.spec.CoverageLines;
import dev.postern.cli.spec.SpecificationFile;
import dev.postern.manifest.Loaded;
import dev.postern.reach.WorkloadNames;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import dev.postern.spec.StatementCoverage;
import dev.postern.verify.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern test}: expectations that are kept beside the manifests. */
@Command(
    name = "test",
    description = {
      "Hold manifests to statements that are kept beside them.",
      "One stands on a line:",
      "  shop/frontend can reach shop/db on 5432",
      "  namespace dev cannot reach namespace prod",
      "  only shop/frontend can reach shop/db",
      "  namespace dev can never reach shop/db      (nor any pod that could come)"
    },
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every statement holds",
      "1:some do not",
      "2:something could not be read, or is no statement about this cluster",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern test examples/shop/shop.postern -f examples/shop")
public final class TestCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private NamingOptions naming;

  @Mixin
  private SolverOptions effort;

  @Parameters(
      paramLabel = "<spec>",
      arity = "1..*",
      description = "Files of statements, as shop.postern, or directories of them.")
  private List<String> specifications = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private CheckFormat format = CheckFormat.text;

  @Option(
      names = "--coverage",
      description =
          "Say as well which rules that allow traffic and which workloads no statement is about; the exit status stays the same.")
  private boolean coverage;

  public TestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, format.unfinished(), this::run);
  }

  private int run() {
    List<SpecificationFile> files = SpecificationFile.read(specifications, console);
    Loaded loaded = input.load(console);
    Verifier verifier = naming.verifier(
        choices.readings(input.paths()).said(console).verifier(loaded.cluster()),
        input.namespace());
    Specifications specs = new Specifications(verifier, effort.limits());
    List<CheckedLine> lines = new ArrayList<>();
    files.forEach(file -> lines.addAll(file.check(specs)));
    CheckReport report = CheckReport.of(lines);
    format.write(
        coverage ? report.withCoverage(coverage(verifier, files), names(verifier)) : report,
        console.out());
    return input.status(loaded, status(lines));
  }

  private static StatementCoverage coverage(Verifier verifier, List<SpecificationFile> files) {
    return StatementCoverage.of(
        verifier,
        files.stream()
            .flatMap(file -> file.specification().statements().stream())
            .toList());
  }

  private static CoverageLines.Names names(Verifier verifier) {
    return new WorkloadNames(verifier.cluster())::of;
  }

  private static int status(List<CheckedLine> lines) {
    List<Result> results = lines.stream().map(CheckedLine::result).toList();
    if (results.contains(Result.BAD)) {
      return ExitStatus.BAD_INPUT;
    }
    if (results.contains(Result.FAILS)) {
      return ExitStatus.NO;
    }
    return results.contains(Result.UNDECIDED) ? ExitStatus.UNDECIDED : ExitStatus.YES;
  }
}
