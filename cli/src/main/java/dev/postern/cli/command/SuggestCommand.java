package dev.postern.cli.command;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.FileChange;
import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.FlowInput;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cli.suggestion.KeptStatements;
import dev.postern.cli.suggestion.PolicyFiles;
import dev.postern.cli.suggestion.SuggestionFlags;
import dev.postern.cli.suggestion.SuggestionFormat;
import dev.postern.cli.suggestion.SuggestionResult;
import dev.postern.cli.suggestion.SuggestionSummary;
import dev.postern.cluster.Cluster;
import dev.postern.diff.RowCauseSearch;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import dev.postern.meaning.Undetermined;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.reach.Reachability;
import dev.postern.replay.SeenFlows;
import dev.postern.spec.Specifications;
import dev.postern.suggestion.PolicyMerge;
import dev.postern.suggestion.PolicyText;
import dev.postern.suggestion.Suggestion;
import dev.postern.suggestion.SuggestionOptions;
import dev.postern.suggestion.SuggestionProof;
import dev.postern.traffic.LogSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern suggest}: policies from recorded traffic. */
@Command(
    name = "suggest",
    description = {
      "Write the policies that allow recorded traffic and as little else as possible.",
      "They are read back and proved before they are printed: all of the traffic passes, and nothing else that the options do not ask for.",
      "The manifests stay as they are; a workload that is isolated already is suggested only what its policies do not allow."
    },
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all that was seen to pass would pass, and no statement of --spec breaks",
      "1:something would still be denied, or a statement would break",
      "2:something could not be read; of flows, with --strict",
      "3:for some flows nobody can say what to allow, or not all could be read"
    },
    footerHeading = "%nExample:%n",
    footer = "  postern suggest examples/seen/flows.csv -f examples/seen")
public final class SuggestCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private FlowInput flows;

  @Mixin
  private SuggestionFlags flags;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private SolverOptions effort;

  @Option(
      names = "--spec",
      paramLabel = "<file>",
      description =
          "Statements that have to hold with the policies if they do without, as for `postern test`: a file, or a directory of them. Repeatable. Default: those in the directories of -f.")
  private List<String> specifications = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "<directory>",
      description = "Write each policy into a file of its own there, in place of standard output.")
  private @Nullable Path out;

  @Option(
      names = "--merge",
      description =
          "Write rules into the files of existing policies for the same pods; only what cannot be written there is printed.")
  private boolean merge;

  @Option(
      names = "--diff",
      description = "Show what --merge would write into files, and write nothing.")
  private boolean diff;

  @Option(
      names = "--allow-unresolved",
      description =
          "Exit with status 0 also where for some flows nobody can say what to allow; they are told all the same.")
  private boolean allowUnresolved;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: yaml.")
  private SuggestionFormat format = SuggestionFormat.yaml;

  public SuggestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(console, format.unfinished(), this::run);
  }

  private int run() {
    SuggestionOptions options = flags.options();
    if (merge && options.kind() != PolicyKind.NETWORK_POLICY) {
      throw new UserError("postern suggest: error: --merge writes into NetworkPolicies only");
    }
    if (diff && !merge) {
      throw new UserError("postern suggest: error: --diff shows what --merge writes");
    }
    KeptStatements statements = KeptStatements.read(specifications, input.paths(), console);
    Loaded loaded = input.read(console, ReadOptions.DEFAULT.withKeepWritten(merge));
    ClusterInput.report(loaded, console);
    Readings readings = choices.readings(input.paths()).said(console);
    Cluster cluster = loaded.cluster();
    Reachability today = readings.verifier(cluster).reachability();
    SeenFlows seen = new SeenFlows(today.plan());
    List<LogSummary> logs = flows.read(console, input.readsStandardInput(), seen);
    SuggestionResult result = Progress.during(console, "suggesting policies", () -> {
      SeenFlows.Known known = seen.known();
      Suggestion suggestion =
          Suggestion.of(today, known.passed(), options, flags.whom(cluster.workloads()));
      return prove(suggestion, loaded, readings, log(seen, known), statements);
    });
    if (result.broken().isEmpty()) {
      writeFiles(result);
    }
    if (out == null || format == SuggestionFormat.json) {
      TimeLimit.whole(console, printer -> format.write(result, printer));
    }
    if (format != SuggestionFormat.json) {
      SuggestionSummary.write(result, console.err());
    }
    if (!result.broken().isEmpty() && ((merge && !diff) || out != null)) {
      console.err().println("postern: no file was written, since a statement would break");
    }
    return input.status(loaded, flows.status(logs, result.status(allowUnresolved)));
  }

  private static SuggestionResult.Log log(SeenFlows seen, SeenFlows.Known known) {
    SortedMap<String, Long> skipped = new TreeMap<>();
    seen.leftOut().forEach((why, times) -> skipped.put(why.words(), times));
    return new SuggestionResult.Log(
        seen.flows(), known.exempt(), known.denied(), known.unknown(), skipped);
  }

  private void writeFiles(SuggestionResult result) {
    for (Map.Entry<String, String> change : result.merge().texts().entrySet()) {
      FileChange file = new FileChange(
          Path.of(change.getKey()), text(change.getKey()).orElseThrow(), change.getValue());
      if (diff) {
        file.show(console.out());
      } else {
        file.write();
      }
    }
    if (out != null) {
      PolicyFiles.write(result.merge().beside(), out);
    }
  }

  /** The text of a file; empty for what is no file, or one that cannot be read. */
  private static Optional<String> text(String name) {
    try {
      Path file = Path.of(name);
      return Files.isRegularFile(file)
          ? Optional.of(InputBound.PRINTED.text(file))
          : Optional.empty();
    } catch (InvalidPathException | IOException noFile) {
      return Optional.empty();
    }
  }

  private SuggestionResult prove(
      Suggestion suggestion,
      Loaded loaded,
      Readings readings,
      SuggestionResult.Log log,
      KeptStatements statements) {
    Cluster cluster = loaded.cluster();
    List<Policy> policies = PolicyText.readBack(suggestion.policies());
    PolicyMerge merged = merge
        ? PolicyMerge.of(suggestion, loaded, SuggestCommand::text)
        : new PolicyMerge(List.of(), suggestion.policies(), new TreeMap<>());
    Cluster after = merged.in(cluster, policies);
    SuggestionProof proof =
        SuggestionProof.of(suggestion, policies, cluster, after, readings.options());
    KeptStatements.Breakage breakage = statements.check(
        new Specifications(readings.verifier(cluster), effort.limits()),
        new Specifications(readings.verifier(after), effort.limits()),
        console);
    return new SuggestionResult(
        suggestion,
        proof,
        new RowCauseSearch(cluster, Undetermined.in(after), readings.options()),
        merged,
        log,
        breakage.broken(),
        breakage.open());
  }
}
