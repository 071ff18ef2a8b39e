package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.difference.Review;
import dev.postern.cli.difference.ReviewFormat;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cli.selection.FindingFingerprint;
import dev.postern.cli.selection.KnownFindings;
import dev.postern.cli.selection.Selection.Selected;
import dev.postern.cli.selection.SelectionOptions;
import dev.postern.cli.selection.Settings;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.cli.spec.SpecificationFile;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.lint.FindingGroups;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import dev.postern.spec.Check.Result;
import dev.postern.spec.Specifications;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern review}: all that a reviewer has to know about a change of manifests. */
@Command(
    name = "review",
    description =
        "Say what a change does: traffic it opens and closes and the lines that do so, workloads newly isolated or exposed, findings, statements that it breaks.",
    mixinStandardHelpOptions = true,
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing changes, nothing new is found, and every statement holds",
      "1:traffic is opened or closed, something new is found, or a statement does not hold",
      "2:bad usage, input that cannot be read, or manifests with errors: they are left out",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern review examples/change/before.yaml examples/change/after.yaml")
public final class ReviewCommand implements Callable<Integer> {

  private static final ReadOptions READING = ReadOptions.DEFAULT.withKeepWritten(true);

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private SelectionOptions options;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private NamingOptions naming;

  @Mixin
  private SolverOptions effort;

  @Parameters(
      paramLabel = "<path>",
      arity = "0..*",
      description =
          "The manifests before and after; with --changed-since the manifests as they are now.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--changed-since",
      paramLabel = "<revision>",
      description = "Compare with this revision of the git repository.")
  private @Nullable String changedSince;

  @Option(
      names = "--spec",
      paramLabel = "<file>",
      description = "Statements that the new version is held to: a file or directory. Repeatable.")
  private List<String> specifications = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private ReviewFormat format = ReviewFormat.text;

  public ReviewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, format.unfinished(), this::run);
  }

  private int run() {
    List<SpecificationFile> files = SpecificationFile.read(specifications, console);
    if (changedSince != null) {
      input.add(paths);
      Settings settings = settings(input.paths());
      Loaded now = input.read(console, READING);
      String revision = changedSince;
      return input.readAt(
          revision, console, READING, then -> review(settings, revision, "now", then, now, files));
    }
    if (paths.size() != 2 || !input.paths().isEmpty()) {
      throw new UserError(
          "postern review: error: it takes the manifests before and after, or --changed-since and the manifests");
    }
    paths.forEach(ReviewCommand::requireThere);
    Settings settings = settings(List.of(Path.of(paths.get(1))));
    Loaded then = input.read(paths.subList(0, 1), console, READING);
    Loaded now = input.read(paths.subList(1, 2), console, READING);
    return review(settings, paths.get(0), paths.get(1), then, now, files);
  }

  /** A side that is not there would make everything of the other opened, or closed. */
  private static void requireThere(String path) {
    if (!path.equals("-") && Files.notExists(Path.of(path))) {
      throw new UserError("postern review: error: cannot read `" + path
          + "`: there is no such file or directory (hint: if it is a revision of the git repository, write `--changed-since "
          + path + "` and the manifests)");
    }
  }

  private Settings settings(List<Path> inputs) {
    Settings settings = options.settings(inputs);
    settings.exclude().forEach(glob -> input.exclude(glob::matches));
    return settings;
  }

  private int review(
      Settings settings,
      String before,
      String after,
      Loaded then,
      Loaded now,
      List<SpecificationFile> files) {
    Readings readings = choices.readings(settings).said(console);
    List<Diagnostic> old = findings(then, settings);
    List<Diagnostic> current = findings(now, settings);
    Selected introduced =
        options.selection(settings, known(settings, old, then)).of(current, now);
    Selected fixed = options.selection(settings, known(settings, current, now)).of(old, then);
    Review review = new Review(
        before,
        after,
        Difference.between(then.cluster(), now.cluster(), readings.options()),
        new RowCauseSearch(then.cluster(), now.cluster(), readings.options()),
        FindingGroups.of(introduced.findings()),
        FindingGroups.of(fixed.findings()),
        now::explain,
        statements(files, readings, then, now),
        then.hasErrors() || now.hasErrors());
    format.write(review, console.out());
    Stream.of(then, now)
        .forEach(side -> side.diagnostics().stream()
            .filter(Diagnostic::isUnreadable)
            .forEach(problem -> console.err().block(side.explain(problem))));
    ClusterInput.reportPassedOver(now, console);
    return status(review, introduced, settings);
  }

  private int status(Review review, Selected introduced, Settings settings) {
    List<Result> results =
        review.statements().stream().map(statement -> statement.now().result()).toList();
    if (review.errors() || results.contains(Result.BAD)) {
      return ExitStatus.BAD_INPUT;
    }
    Difference difference = review.difference();
    if (!difference.opened().isEmpty()
        || !difference.closed().isEmpty()
        || introduced.fails(options.failsFrom(settings))
        || results.contains(Result.FAILS)) {
      return ExitStatus.NO;
    }
    return results.contains(Result.UNDECIDED) || difference.undecided().isPresent()
        ? ExitStatus.UNDECIDED
        : ExitStatus.YES;
  }

  private KnownFindings known(Settings settings, List<Diagnostic> findings, Loaded loaded) {
    return KnownFindings.of(options.everything(settings).of(findings, loaded).findings().stream()
        .map(finding -> FindingFingerprint.of(finding, loaded))
        .toList());
  }

  private List<Diagnostic> findings(Loaded loaded, Settings settings) {
    LintOptions about = LintOptions.DEFAULT
        .withDataplanes(choices.dataplanes(settings))
        .withOptionsOfRules(settings.optionsOfRules());
    LintInput read = LintInput.of(loaded, about);
    return Stream.concat(Lint.eachOfReading(loaded, read).stream(), Lint.each(read).stream())
        // A file that cannot be read on one side is no finding that a change makes or mends.
        .filter(finding -> !finding.isUnreadable())
        .sorted()
        .toList();
  }

  private List<Review.ReviewedStatement> statements(
      List<SpecificationFile> files, Readings readings, Loaded then, Loaded now) {
    List<Review.ReviewedStatement> statements = new ArrayList<>();
    Specifications before = specifications(then, readings);
    Specifications after = specifications(now, readings);
    for (SpecificationFile file : files) {
      List<CheckedLine> was = file.check(before);
      List<CheckedLine> is = file.check(after);
      for (int i = 0; i < is.size(); i++) {
        statements.add(
            new Review.ReviewedStatement(is.get(i), was.get(i).result() == Result.HOLDS));
      }
    }
    return statements;
  }

  private Specifications specifications(Loaded loaded, Readings readings) {
    return new Specifications(
        naming.verifier(readings.verifier(loaded.cluster()), input.namespace()), effort.limits());
  }
}
