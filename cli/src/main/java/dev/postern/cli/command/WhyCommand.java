package dev.postern.cli.command;

import dev.postern.answer.Answer;
import dev.postern.answer.KeptOut;
import dev.postern.cli.answer.ExplanationJson;
import dev.postern.cli.answer.ExplanationText;
import dev.postern.cli.answer.OpenAnswers;
import dev.postern.cli.answer.QuestionRunner;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Progress;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.NamingOptions;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.manifest.Loaded;
import dev.postern.verify.OpenAnswer;
import dev.postern.verify.Verifier;
import dev.postern.why.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern why}: the answer of {@code can} with everything that led to it. */
@Command(
    name = "why",
    description =
        "Answer who may reach whom, and say which policies and rules decide, what came closest, and what would turn it.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:allowed",
      "1:denied, or only partly allowed",
      "2:the question or the manifests are bad",
      "3:undecided"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  postern why can shop/cart reach shop/db on 5432 -f examples/shop",
      "  postern why shop/frontend reach shop/db on 5432 -f examples/shop -o json",
      "  postern why --open any pod in namespace monitoring reach shop/db on 5432 -f examples/shop"
    })
public final class WhyCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private NamingOptions naming;

  @Parameters(
      paramLabel = "<question>",
      arity = "0..*",
      description =
          "As `can shop/frontend reach shop/db on 5432`, or any other question that `postern can` takes.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private AnswerFormat format = AnswerFormat.text;

  @Mixin
  private SolverOptions effort;

  @Option(
      names = "--open",
      description =
          "Ask for all pods that there could ever be, and if it never is so, say which policies block it together.")
  private boolean open;

  public WhyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return effort.run(
        console, format == AnswerFormat.json ? Unfinished.JSON : Unfinished.TEXT, this::run);
  }

  private int run() {
    QuestionRunner asker = new QuestionRunner(words, null, console);
    Loaded loaded = input.load(console);
    Readings readings = choices.readings(input.paths());
    Verifier verifier = naming.verifier(readings.verifier(loaded.cluster()), input.namespace());
    if (open) {
      readings.said(console);
      OpenAnswer answer =
          Progress.during(console, "asking Z3", () -> asker.explainOpen(verifier, effort.limits()));
      if (format == AnswerFormat.json) {
        OpenAnswers.json(answer, console.out());
      } else {
        OpenAnswers.text(answer, console.out());
      }
      return input.status(loaded, QuestionRunner.status(answer.verdict()));
    }
    Answer answer = asker.answer(verifier);
    List<Explanation> explanations = verifier.why(answer);
    List<KeptOut> keptOut = verifier.analysis().keptOut(answer);
    if (format == AnswerFormat.json) {
      Json.write(console.out(), json -> ExplanationJson.write(json, answer, explanations, keptOut));
    } else {
      new ExplanationText(console).write(answer, explanations, keptOut);
    }
    return input.status(loaded, QuestionRunner.status(answer.verdict()));
  }
}
