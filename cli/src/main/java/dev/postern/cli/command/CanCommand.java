package dev.postern.cli.command;

import dev.postern.answer.Answer;
import dev.postern.cli.answer.AnswerJson;
import dev.postern.cli.answer.AnswerText;
import dev.postern.cli.answer.OpenAnswers;
import dev.postern.cli.answer.QuestionRunner;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadOptions;
import dev.postern.verify.OpenAnswer;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern can}: one question, or many from a file. */
@Command(
    name = "can",
    description = "Answer who may reach whom.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:allowed; in a batch or with --apart, all are",
      "1:denied, or only partly allowed",
      "2:the question or the manifests are bad",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  postern can --open any pod in namespace monitoring reach shop/db on 5432 -f examples/shop",
      "  postern can shop/frontend reach shop/db on 5432 -f examples/shop",
      "  postern can any pod in namespace monitoring reach service shop/cart -f examples/shop",
      "  postern can who can reach shop/db on 5432 -f examples/shop"
    })
public final class CanCommand implements Callable<Integer> {

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
      paramLabel = "<question>",
      arity = "0..*",
      description =
          "As `shop/frontend reach shop/db on 5432`, `who can reach shop/db`, `what can shop/frontend reach`.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "<file>",
      description =
          "Answer a file of questions, one a line; - for standard input. # begins a comment.")
  private @Nullable String batch;

  @Option(
      names = "--apart",
      description =
          "Judge each -f on its own, not all of them together: a line an answer, with the path before it (manifests in JSON).")
  private boolean apart;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private AnswerFormat format = AnswerFormat.text;

  @Option(
      names = "--open",
      description =
          "Ask for all pods that there could ever be: `any pod in namespace dev` then means also pods to come, with any labels.")
  private boolean open;

  public CanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(
        console, format == AnswerFormat.json ? Unfinished.JSON : Unfinished.TEXT, this::run);
  }

  private int run() {
    QuestionRunner asker = new QuestionRunner(words, batch, console);
    if ("-".equals(batch) && input.readsStandardInput()) {
      throw new UserError(
          "postern: error: --batch - and -f - both read standard input (hint: put one of them into a file)");
    }
    if (apart) {
      return answerApart(asker);
    }
    Loaded loaded = input.load(console);
    Readings readings = choices.readings(input.paths());
    Verifier verifier = naming.verifier(readings.verifier(loaded.cluster()), input.namespace());
    if (batch != null) {
      if (format == AnswerFormat.text) {
        readings.said(console);
      }
      boolean json = format == AnswerFormat.json;
      return input.status(
          loaded,
          open
              ? asker.answerAllOpen(verifier, json, effort.limits())
              : asker.answerAll(verifier, json));
    }
    if (open) {
      readings.said(console);
      return input.status(loaded, answerOpen(asker, verifier));
    }
    Answer answer = asker.answer(verifier);
    if (format == AnswerFormat.json) {
      Json.write(console.out(), json -> AnswerJson.write(json, answer));
    } else {
      new AnswerText(console).write(answer);
    }
    return input.status(loaded, QuestionRunner.status(answer.verdict()));
  }

  /** Each path on its own in one process; the exit status is the worst of all. */
  private int answerApart(QuestionRunner asker) {
    if (open || input.isLive() || input.readsStandardInput() || "-".equals(batch)) {
      throw new UserError(
          "postern can: error: --apart takes files and directories of manifests, each of which is judged by itself, and neither --open, --context nor standard input (hint: name each with -f)");
    }
    boolean bad = false;
    int status = ExitStatus.YES;
    for (String path : input.named()) {
      Loaded loaded = input.read(List.of(path), console, ReadOptions.DEFAULT);
      ClusterInput.report(loaded, console);
      Verifier verifier = naming.verifier(
          choices.readings(List.of(Path.of(path))).verifier(loaded.cluster()), input.namespace());
      int each = input.status(loaded, asker.answerAll(verifier, format == AnswerFormat.json, path));
      bad |= each == ExitStatus.BAD_INPUT;
      status = Math.max(status, each);
    }
    return bad ? ExitStatus.BAD_INPUT : status;
  }

  private int answerOpen(QuestionRunner asker, Verifier verifier) {
    OpenAnswer answer =
        Progress.during(console, "asking Z3", () -> asker.answerOpen(verifier, effort.limits()));
    if (format == AnswerFormat.json) {
      OpenAnswers.json(answer, console.out());
    } else {
      OpenAnswers.text(answer, console.out());
    }
    return QuestionRunner.status(answer.verdict());
  }
}
