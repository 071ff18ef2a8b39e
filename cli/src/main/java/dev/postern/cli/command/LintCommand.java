package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.finding.FindingFormat;
import dev.postern.cli.finding.Findings;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.PassedOverWords;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintInput;
import dev.postern.lint.rule.LintOptions;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      "2:bad usage, or a file that cannot be read"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern lint examples/shop")
public final class LintCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

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

  public LintCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    input.add(paths);
    Loaded loaded = input.read(console, ReadOptions.DEFAULT.withKeepWritten(true));
    int objects = loaded.read().values().stream().mapToInt(Integer::intValue).sum();
    List<Diagnostic> all = Stream.concat(
            loaded.diagnostics().stream(),
            Lint.of(LintInput.of(loaded, LintOptions.DEFAULT)).stream())
        .filter(diagnostic -> diagnostic.severity() != Severity.INFO)
        .sorted()
        .toList();
    format.write(new Findings(all, objects, loaded::explain), console.out());
    PassedOverWords.of(loaded.passedOver())
        .ifPresent(words -> console.err().println("postern: " + words));
    if (loaded.isUnreadable()) {
      return ExitStatus.BAD_INPUT;
    }
    return all.isEmpty() ? ExitStatus.YES : ExitStatus.NO;
  }
}
