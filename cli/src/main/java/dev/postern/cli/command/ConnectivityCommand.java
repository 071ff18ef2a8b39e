package dev.postern.cli.command;

import dev.postern.cli.answer.PairReasonText;
import dev.postern.cli.answer.PairReasonsJson;
import dev.postern.cli.answer.QuestionRunner;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.matrix.LabelMatrix;
import dev.postern.cli.matrix.MatricesApart;
import dev.postern.cli.matrix.MatrixFormat;
import dev.postern.cli.page.PageReport;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import dev.postern.page.PageContents.MatrixFilter;
import dev.postern.page.PageContents.View;
import dev.postern.policy.Direction;
import dev.postern.reach.Connectivity;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern connectivity}: the whole matrix, or a part of it, and the reasons. */
@Command(
    name = "connectivity",
    description = "Say who may reach whom on what; a workload's replicas are one endpoint.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the manifests are bad"},
    footerHeading = "%nExample:%n",
    footer = {
      "  postern connectivity -f examples/shop",
      "  postern connectivity --to shop/db --port 5432 --why -f examples/shop",
      "  postern connectivity -f examples/shop -o html"
    })
public final class ConnectivityCommand implements Callable<Integer> {

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
      paramLabel = "<format>",
      description =
          "One of ${COMPLETION-CANDIDATES}; default: table. With --why json, or text where it is not given.")
  private MatrixFormat format = MatrixFormat.table;

  @Option(
      names = "--from",
      paramLabel = "<ends>",
      description =
          "Only these sources, as questions name them: shop/frontend, namespace shop, `pods app=web in shop`, internet, 10.0.0.0/8.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "<ends>", description = "Only these destinations.")
  private @Nullable String to;

  @Option(
      names = "--port",
      paramLabel = "<ports>",
      description = "Only this traffic: 5432, udp/53, 80-443, icmp, or a list.")
  private @Nullable String port;

  @Option(
      names = "--by-labels",
      description =
          "Few rows, with namespaces and labels in place of workloads: all of these may reach all of those.")
  private boolean byLabels;

  @Option(
      names = "--apart",
      description =
          "Judge each -f on its own, not all of them together: each matrix after its path (manifests in csv and json).")
  private boolean apart;

  @Option(names = "--denied", description = "Say what does not pass, in place of what does.")
  private boolean denied;

  @Option(
      names = "--why",
      description =
          "A block for each pair, of what passes and what does not, with the rules that decide.")
  private boolean why;

  @Option(
      names = "--direction",
      paramLabel = "<side>",
      description =
          "With --why: the reasons of one side only, egress of the source or ingress of the destination.")
  private @Nullable Side direction;

  /** A side, as a user writes it; the constants' names are what the option takes. */
  private enum Side {
    ingress,
    egress
  }

  public ConnectivityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (direction != null && !why) {
      throw new UserError("postern: error: --direction is about reasons (hint: add --why)");
    }
    if (denied && !why && !format.tellsDenied()) {
      throw new UserError(
          "postern: error: a picture of what does not pass would be one of everything (hint: -o table, csv, md or json)");
    }
    if (why && format != MatrixFormat.table && format != MatrixFormat.json) {
      throw new UserError("postern: error: reasons are written as text or json (hint: -o json)");
    }
    if (byLabels && (why || !LabelMatrix.hasRows(format))) {
      throw new UserError(
          "postern: error: --by-labels makes rows (hint: -o table, csv, md or json, without --why)");
    }
    if (apart && (why || byLabels || !format.tellsDenied())) {
      throw new UserError(
          "postern: error: --apart makes a table of each (hint: -o table, csv, md or json, without --why and --by-labels)");
    }
    if (apart && (input.isLive() || input.readsStandardInput())) {
      throw new UserError(
          "postern: error: --apart takes files and directories of manifests, each of which is judged by itself (hint: name each with -f)");
    }
    return limit.run(console, format.unfinished(), apart ? this::runApart : this::run);
  }

  /** Each path on its own in one process; the exit status is the worst of all. */
  private int runApart() {
    List<Integer> statuses = new ArrayList<>();
    TimeLimit.whole(console, out -> {
      MatricesApart matrices = new MatricesApart(format, denied, out);
      input.named().forEach(path -> statuses.add(apart(path, matrices)));
    });
    return statuses.contains(ExitStatus.BAD_INPUT)
        ? ExitStatus.BAD_INPUT
        : statuses.stream().reduce(ExitStatus.YES, Math::max);
  }

  private int apart(String path, MatricesApart matrices) {
    try {
      Loaded loaded = input.read(List.of(path), console, ReadOptions.DEFAULT);
      ClusterInput.report(loaded, console);
      Readings readings = choices.readings(List.of(Path.of(path))).said(console);
      Connectivity matrix =
          matrix(naming.verifier(readings.verifier(loaded.cluster()), input.namespace()));
      if (format != MatrixFormat.json) {
        matrix.ofPods().forEach(note -> console.err().println(path + ": note: " + note));
      }
      matrices.matrix(path, denied ? matrix.denied() : matrix);
      return input.status(loaded, ExitStatus.YES);
    } catch (UserError problem) {
      problem.lines().forEach(line -> console.err().println(path + ": " + line));
      matrices.error(path, String.join("\n", problem.lines()));
      return ExitStatus.BAD_INPUT;
    }
  }

  private Connectivity matrix(Verifier verifier) {
    return QuestionRunner.matrix(
        verifier, Optional.ofNullable(from), Optional.ofNullable(to), Optional.ofNullable(port));
  }

  private int run() {
    Loaded loaded = input.load(console);
    Readings readings = choices.readings(input.paths()).said(console);
    Verifier verifier = naming.verifier(readings.verifier(loaded.cluster()), input.namespace());
    Connectivity matrix = matrix(verifier);
    if (!why && format != MatrixFormat.json) {
      matrix.ofPods().forEach(note -> console.err().println("note: " + note));
    }
    if (format.isPage()) {
      page(loaded, readings);
    } else if (why) {
      reasons(verifier, matrix);
    } else if (byLabels) {
      TimeLimit.whole(
          console, out -> LabelMatrix.write(denied ? matrix.denied() : matrix, format, out));
    } else {
      TimeLimit.whole(console, out -> format.write(denied ? matrix.denied() : matrix, out));
    }
    return input.status(loaded, ExitStatus.YES);
  }

  private void page(Loaded loaded, Readings readings) {
    String page = new PageReport(console, true)
        .of(
            "Network policies",
            input.whatWasRead(),
            loaded,
            PageReport.reading(input.whatWasRead(), input.namespace(), naming.domain(), readings),
            PageReport.LintChoice.of(choices, input.paths()),
            View.MAP,
            new MatrixFilter(words(from), words(to), words(port)),
            List.of(),
            "");
    TimeLimit.whole(console, out -> out.escaped(page));
  }

  private static String words(@Nullable String given) {
    return given == null ? "" : given;
  }

  private void reasons(Verifier verifier, Connectivity matrix) {
    Optional<Direction> side = Optional.ofNullable(direction)
        .map(each -> each == Side.ingress ? Direction.INGRESS : Direction.EGRESS);
    var reasons = verifier.analysis().reasons(matrix, denied);
    if (format == MatrixFormat.json) {
      PairReasonsJson.write(reasons, side, matrix.notes(), console.out());
    } else {
      new PairReasonText(console).write(reasons, side, matrix.notes());
    }
  }
}
