package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.answer.MatrixQuery;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.TextInput;
import dev.postern.question.BadSentence;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.solver.Limits;
import dev.postern.verify.OpenAnswer;
import dev.postern.verify.Verifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gets questions from a command line or a file to the verifier, and what is wrong with them back to the user. */
public final class QuestionRunner {

  private static final Set<String> FIRST_WORDS = Set.of("can", "cannot", "can't", "who", "what");

  private final Console console;
  private final Optional<String> batch;
  private final Optional<Question> question;

  /**
   * Takes what the command line says; a question is read before anything else, so that a mistake costs no time.
   *
   * @param batch the file of questions; {@code null} for the one question on the command line
   * @throws UserError if there is no question, or it is none
   */
  public QuestionRunner(List<String> words, @Nullable String batch, Console console) {
    this.console = console;
    this.batch = Optional.ofNullable(batch);
    if (words.isEmpty() == this.batch.isEmpty()) {
      throw new UserError(
          words.isEmpty()
              ? "postern: error: there is no question (hint: write one as `shop/frontend reach shop/db on 5432`, or give --batch)"
              : "postern: error: there is a question and a batch (hint: give one of them)");
    }
    this.question = words.isEmpty() ? Optional.empty() : Optional.of(read(sentence(words)));
  }

  /** The first word is often the name of the command already. */
  private static String sentence(List<String> words) {
    String sentence = String.join(" ", words).strip();
    String first = sentence.split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    return FIRST_WORDS.contains(first) ? sentence : "can " + sentence;
  }

  private static Question read(String sentence) {
    try {
      return Question.parse(sentence);
    } catch (BadSentence problem) {
      throw new UserError(explain("<question>", 1, problem));
    }
  }

  /** The complaint, and below it the sentence with a caret. */
  static List<String> explain(String file, int line, BadSentence problem) {
    String what = file + ":" + line + ":" + problem.column() + ": error: " + problem.getMessage();
    return Stream.concat(Stream.of(what), problem.excerpt().lines()).toList();
  }

  /**
   * The part of the matrix that a command line asks for.
   *
   * @throws UserError if what it names is nothing, or not there
   */
  public static Connectivity matrix(
      Verifier verifier, Optional<String> from, Optional<String> to, Optional<String> port) {
    try {
      return verifier.analysis().connectivity(MatrixQuery.parse(from, to, port));
    } catch (BadSentence problem) {
      throw new UserError(explain("<option>", 1, problem));
    }
  }

  /**
   * Answers the question of the command line.
   *
   * @throws UserError if it names something that is not there
   */
  public Answer answer(Verifier verifier) {
    try {
      return verifier.ask(question.orElseThrow());
    } catch (BadSentence problem) {
      throw new UserError(explain("<question>", 1, problem));
    }
  }

  /**
   * Answers whether the question of the command line could ever be so.
   *
   * @throws UserError if it names something that is not there, or is no question of that kind
   */
  public OpenAnswer answerOpen(Verifier verifier, Limits limits) {
    return open(can -> verifier.askOpen(can, limits));
  }

  /**
   * Answers whether the question of the command line could ever be so, and why if it never is.
   *
   * @throws UserError if it names something that is not there, or is no question of that kind
   */
  public OpenAnswer explainOpen(Verifier verifier, Limits limits) {
    return open(can -> verifier.whyOpen(can, limits));
  }

  private OpenAnswer open(Function<Question.Can, OpenAnswer> asked) {
    if (!(question.orElseThrow() instanceof Question.Can can)) {
      throw new UserError(
          "postern: error: --open asks whether one could reach another (hint: write `any pod in namespace dev reach shop/db`)");
    }
    try {
      return asked.apply(can);
    } catch (BadSentence problem) {
      throw new UserError(explain("<question>", 1, problem));
    }
  }

  /** Answers every line of the batch, each on its own; the exit status says whether all are allowed. */
  public int answerAll(Verifier verifier, boolean json) {
    return answerAll(verifier, new LineWriter(console, json, Optional.empty(), Optional.empty()));
  }

  /**
   * Answers whether every line of the batch could ever be so, each on its own.
   *
   * @param limits for each query to Z3
   */
  public int answerAllOpen(Verifier verifier, boolean json, Limits limits) {
    return answerAll(
        verifier, new LineWriter(console, json, Optional.empty(), Optional.of(limits)));
  }

  /**
   * Answers the question of the command line, or every line of the batch, as {@link #answerAll(Verifier, boolean)} does.
   *
   * @param manifests what was read, which each answer names
   */
  public int answerAll(Verifier verifier, boolean json, String manifests) {
    return answerAll(
        verifier, new LineWriter(console, json, Optional.of(manifests), Optional.empty()));
  }

  private int answerAll(Verifier verifier, LineWriter lines) {
    if (question.isPresent()) {
      return lines.answer(verifier, question.get().text(), "<question>", 1);
    }
    TextInput questions =
        new TextInput(batch.orElseThrow(), "--batch takes a file of questions, one a line");
    return questions.read(console, text -> answerAll(verifier, lines, questions, text));
  }

  private static int answerAll(
      Verifier verifier, LineWriter lines, TextInput questions, BufferedReader text)
      throws IOException {
    boolean bad = false;
    int asked = 0;
    int number = 0;
    int status = ExitStatus.YES;
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      number++;
      int comment = line.indexOf('#');
      String sentence = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (sentence.isEmpty()) {
        continue;
      }
      asked++;
      int each = lines.answer(verifier, sentence, questions.name(), number);
      bad |= each == ExitStatus.BAD_INPUT;
      status = Math.max(status, each);
    }
    if (asked == 0) {
      throw questions.complaint("there is no question in it");
    }
    return bad ? ExitStatus.BAD_INPUT : status;
  }

  /** What a verdict says to the shell; only a whole yes is a yes. */
  public static int status(Answer.Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> ExitStatus.YES;
      case DENIED, PARTIAL -> ExitStatus.NO;
      case UNKNOWN -> ExitStatus.UNDECIDED;
    };
  }
}
