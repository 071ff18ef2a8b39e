package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.finding.CodePage;
import dev.postern.cli.finding.FileFixes;
import dev.postern.cli.finding.FindingFormat;
import dev.postern.cli.finding.Findings;
import dev.postern.cli.finding.FixReport;
import dev.postern.cli.help.PageText;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.reading.DataplaneOptions;
import dev.postern.cli.selection.Baseline;
import dev.postern.cli.selection.FindingFingerprint;
import dev.postern.cli.selection.KnownFindings;
import dev.postern.cli.selection.Selection.Selected;
import dev.postern.cli.selection.SelectionOptions;
import dev.postern.cli.selection.Settings;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.lint.FindingGroups;
import dev.postern.lint.Fixes;
import dev.postern.lint.Lint;
import dev.postern.lint.mark.RuleName;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern lint}: everything that is wrong with manifests, in a format of choice. */
@Command(
    name = "lint",
    description = "Find what is wrong in manifests.",
    mixinStandardHelpOptions = true,
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing found",
      "1:findings, what the API refuses among them",
      "2:bad usage, or a file that cannot be read",
      "3:undecided: time ran out"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern lint examples/shop")
public final class LintCommand implements Callable<Integer> {

  private static final ReadOptions READING = ReadOptions.DEFAULT.withKeepWritten(true);

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private SelectionOptions options;

  @Mixin
  private DataplaneOptions dataplanes;

  @Parameters(
      paramLabel = "<path>",
      arity = "0..*",
      description = "Manifests and directories, as with -f.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private FindingFormat format = FindingFormat.text;

  @Option(
      names = "--changed-since",
      paramLabel = "<revision>",
      description = "Only findings that were not there in this revision of the git repository.")
  private @Nullable String changedSince;

  @Option(
      names = "--write-baseline",
      paramLabel = "<file>",
      description = "Write all findings down for --baseline instead of showing them.")
  private @Nullable Path writeBaseline;

  @Option(names = "--fix", description = "Write the fixes that change no verdict.")
  private boolean fix;

  @Mixin
  private TimeLimit limit;

  @Option(
      names = "--fix-rule",
      paramLabel = "<rule>",
      split = ",",
      description = "Write fixes of these rules as well, though they change verdicts. Repeatable.")
  private List<String> fixRules = new ArrayList<>();

  @Option(
      names = "--diff",
      description = "Show what --fix and --fix-rule would write, and write nothing.")
  private boolean diff;

  @Option(
      names = "--explain",
      paramLabel = "<code>",
      description = "Print the page of a code, as NP313, and read nothing.")
  private @Nullable String explain;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print findings and nothing else.")
  private boolean quiet;

  public LintCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return limit.run(console, format.unfinished(), this::run);
  }

  private int run() {
    if (explain != null) {
      return explain(explain);
    }
    input.add(paths);
    input.leaveOutTests();
    Settings settings = options.settings(input.paths());
    settings.exclude().forEach(glob -> input.exclude(glob::matches));
    Loaded loaded = input.read(console, READING);
    List<Diagnostic> all = findings(loaded, settings);
    if (writeBaseline != null) {
      return writeBaseline(writeBaseline, options.everything(settings).of(all, loaded), loaded);
    }
    Optional<FixReport> fixed = Optional.empty();
    if (diff || fix || !fixRules.isEmpty()) {
      FileFixes fixes = fixes(options.everything(settings).of(all, loaded));
      fixes.left().forEach(left -> console.err().println("postern: " + left.text()));
      if (diff) {
        fixes.show(console.out());
        return fixes.isEmpty() && fixes.left().isEmpty() ? ExitStatus.YES : ExitStatus.NO;
      }
      fixed = Optional.of(new FixReport(fixes.made(), fixes.left()));
      if (!fixes.isEmpty()) {
        fixes.write();
        console.err().println("postern: fixed " + fixes.count());
        loaded = input.read(console, READING);
        all = findings(loaded, settings);
      }
    }
    return report(settings, loaded, all, fixed);
  }

  private int explain(String code) {
    PageText.write(
        CodePage.of(code)
            .orElseThrow(
                () -> new UserError("postern lint: error: --explain: " + CodePage.unknown(code))),
        console);
    return ExitStatus.YES;
  }

  private FileFixes fixes(Selected selected) {
    if (input.readsStandardInput()) {
      throw new UserError("postern lint: error: --fix writes files, and standard input is none");
    }
    List<RuleName> asked = SelectionOptions.rules("--fix-rule", fixRules);
    return FileFixes.of(
        selected.findings(),
        finding -> ((fix || diff) && Fixes.isSafe(finding))
            || asked.stream().anyMatch(rule -> rule.matches(finding.code())));
  }

  private int report(
      Settings settings, Loaded loaded, List<Diagnostic> all, Optional<FixReport> fixed) {
    Selected selected = options.selection(settings, before(settings)).of(all, loaded);
    int objects = loaded.read().values().stream().mapToInt(Integer::intValue).sum();
    format.write(
        new Findings(
            FindingGroups.of(selected.findings()),
            objects,
            loaded::explain,
            finding -> FindingFingerprint.of(finding, loaded).text(),
            input.rendered(),
            quiet ? Findings.Detail.FINDINGS : Findings.Detail.SUMMARY,
            console.coloured(),
            hidden(selected),
            fixed),
        console.out());
    if (!quiet) {
      ClusterInput.reportPassedOver(loaded, console);
    }
    if (loaded.isUnreadable()) {
      return ExitStatus.BAD_INPUT;
    }
    return selected.fails(options.failsFrom(settings)) ? ExitStatus.NO : ExitStatus.YES;
  }

  private List<Diagnostic> findings(Loaded loaded, Settings settings) {
    LintOptions options =
        new LintOptions(input.isClosed(), dataplanes.of(settings), settings.optionsOfRules());
    LintInput read = LintInput.of(loaded, options);
    return Stream.concat(Lint.eachOfReading(loaded, read).stream(), Lint.each(read).stream())
        .sorted()
        .toList();
  }

  /** The findings that were there in the other revision. */
  private KnownFindings before(Settings settings) {
    if (changedSince == null) {
      return KnownFindings.NOTHING;
    }
    return input.readAt(
        changedSince,
        console,
        READING,
        then -> KnownFindings.of(
            options.everything(settings).of(findings(then, settings), then).findings().stream()
                .map(finding -> FindingFingerprint.of(finding, then))
                .toList()));
  }

  private static List<String> hidden(Selected selected) {
    List<String> hidden = new ArrayList<>();
    count(hidden, selected.known(), "known");
    count(hidden, selected.ignored(), "marked to be ignored");
    count(hidden, selected.deselected(), "not selected");
    count(hidden, selected.minor(), "of severity info (--verbose shows them)");
    return hidden;
  }

  private static void count(List<String> hidden, int number, String what) {
    if (number > 0) {
      hidden.add(number + " " + what);
    }
  }

  private int writeBaseline(Path file, Selected selected, Loaded loaded) {
    Baseline.write(file, selected.findings(), loaded);
    int number = selected.findings().size();
    console
        .err()
        .println(
            "postern: wrote " + number + (number == 1 ? " finding" : " findings") + " to " + file);
    return loaded.isUnreadable() ? ExitStatus.BAD_INPUT : ExitStatus.YES;
  }
}
