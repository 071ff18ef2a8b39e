package dev.postern.spec;

import dev.postern.answer.Answer;
import dev.postern.answer.Connection;
import dev.postern.answer.Uncertainty;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.End;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.openworld.OpenOutcome;
import dev.postern.question.BadSentence;
import dev.postern.question.Expectation;
import dev.postern.question.Party;
import dev.postern.question.Question;
import dev.postern.question.SetStatement;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check.Result;
import dev.postern.verify.OpenAnswer;
import dev.postern.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks statements against a cluster. */
public final class Specifications {

  private final Verifier verifier;
  private final Limits limits;

  /**
   * Checks against a verifier's cluster.
   *
   * @param limits for each query that {@code can never} puts to Z3
   */
  public Specifications(Verifier verifier, Limits limits) {
    this.verifier = verifier;
    this.limits = limits;
  }

  /** Whether a statement holds; the path of one about other policies is taken from the directory that the program runs in. */
  public Check check(Expectation expected) {
    return check(expected, Path.of(""));
  }

  /**
   * Whether a statement holds.
   *
   * @param directory where a path in it begins: the directory of the file of statements
   */
  public Check check(Expectation statement, Path directory) {
    try {
      Deadline.current().check();
      if (statement instanceof SetStatement set) {
        return new SetRelations(verifier).check(set, directory);
      }
      return checkReach((Statement) statement);
    } catch (Deadline.Passed late) {
      return new Check(statement, Result.UNDECIDED, String.valueOf(late.getMessage()), List.of());
    } catch (BadSentence problem) {
      return new Check(statement, Result.BAD, problem.getMessage(), List.of());
    }
  }

  private Check checkReach(Statement statement) {
    return switch (statement.mood()) {
      case CAN -> can(statement);
      case CANNOT -> cannot(statement);
      case NEVER -> never(statement);
      case ONLY -> only(statement);
    };
  }

  private Check can(Statement statement) {
    return can(statement, statement.sources().get(0));
  }

  private Check can(Statement statement, Party source) {
    Answer answer = verifier.ask(question(statement, source));
    return switch (answer.verdict()) {
      case ALLOWED -> Check.holds(statement, answer);
      case DENIED -> failed(statement, "nothing of it passes", answer, FlowVerdict.DENIED);
      case PARTIAL -> failed(statement, "not all of it passes", answer, FlowVerdict.DENIED);
      case UNKNOWN -> undecided(statement, answer);
    };
  }

  private Check cannot(Statement statement) {
    Answer answer = verifier.ask(question(statement, statement.sources().get(0)));
    return switch (answer.verdict()) {
      case DENIED -> Check.holds(statement, answer);
      case ALLOWED, PARTIAL -> failed(statement, passing(answer), answer, FlowVerdict.ALLOWED);
      case UNKNOWN -> undecided(statement, answer);
    };
  }

  private Check never(Statement statement) {
    OpenAnswer answer = verifier.askOpen(question(statement, statement.sources().get(0)), limits);
    if (answer.outcome() instanceof OpenOutcome.Possible possible) {
      boolean certain = possible.judgement().verdict() == FlowVerdict.ALLOWED;
      String who = possible.judgement().flow().source() instanceof End.InPod
          ? possible.existing() ? "a pod that is here" : "a pod that could come"
          : "an address";
      Optional<String> open =
          Uncertainty.of(possible.judgement(), verifier.plan().cluster());
      return new Check(
          statement,
          certain ? Result.FAILS : Result.UNDECIDED,
          who
              + (certain ? " gets through: " : " may get through: ")
              + possible.judgement().flow()
              + open.map(why -> "; " + why).orElse(""),
          List.of(possible.judgement()));
    }
    return answer.outcome() instanceof OpenOutcome.Undecided undecided
        ? new Check(statement, Result.UNDECIDED, undecided.reason(), List.of())
        : Check.holds(statement);
  }

  /** Those who are named can, and whoever else can is not to be. */
  private Check only(Statement statement) {
    Set<String> named = new HashSet<>();
    List<AddressRange> ranges = new ArrayList<>();
    for (Party source : statement.sources()) {
      Check each = can(statement, source);
      if (each.result() != Result.HOLDS) {
        return each;
      }
      for (Connection connection : verifier.ask(question(statement, source)).connections()) {
        named.add(connection.source());
        connection.sourceRange().ifPresent(ranges::add);
      }
    }
    AddressSet addresses = new AddressSet(ranges);
    Question.Who who =
        new Question.Who(statement.text(), statement.destination(), statement.asked());
    Answer answer = verifier.ask(who);
    List<Connection> others = answer.connections().stream()
        .filter(connection ->
            !named.contains(connection.source()) && !isWithin(connection.sourceRange(), addresses))
        .filter(connection -> !connection.source().equals(connection.destination()))
        .toList();
    List<Connection> passing =
        others.stream().filter(connection -> !connection.isDenied()).toList();
    if (!passing.isEmpty()) {
      return new Check(statement, Result.FAILS, "so can " + sources(passing), List.of());
    }
    if (answer.unlisted() > 0) {
      String reason = "more than " + Answer.LIMIT + " sources reach it: not all were looked at";
      return new Check(statement, Result.UNDECIDED, reason, List.of());
    }
    List<Connection> maybe =
        others.stream().filter(connection -> !connection.unknown().isEmpty()).toList();
    return maybe.isEmpty()
        ? Check.holds(statement, answer)
        : new Check(statement, Result.UNDECIDED, "perhaps so can " + sources(maybe), List.of());
  }

  private static boolean isWithin(Optional<AddressRange> range, AddressSet addresses) {
    return range.filter(r -> addresses.containsAll(AddressSet.of(r))).isPresent();
  }

  private static String sources(List<Connection> connections) {
    return connections.stream().map(Connection::source).distinct().collect(ShortList.ofFirst(5));
  }

  private static String passing(Answer answer) {
    return answer.connections().stream()
        .filter(connection -> !connection.isDenied())
        .findFirst()
        .map(c -> c.source() + " reaches " + c.destination() + " on " + c.passing())
        .orElse("some of it passes");
  }

  private static Question.Can question(Statement statement, Party source) {
    return new Question.Can(statement.text(), source, statement.destination(), statement.asked());
  }

  private static Check failed(
      Statement statement, String detail, Answer answer, FlowVerdict shown) {
    List<Judgement> witnesses =
        answer.witnesses().stream().filter(w -> w.verdict() == shown).toList();
    return new Check(statement, Result.FAILS, detail, witnesses);
  }

  private Check undecided(Statement statement, Answer answer) {
    return new Check(
        statement,
        Result.UNDECIDED,
        answer.witnesses().stream()
            .flatMap(witness -> Uncertainty.of(witness, verifier.plan().cluster()).stream())
            .findFirst()
            .orElse("it depends on what the manifests do not say"),
        answer.witnesses(),
        answer.notes(),
        List.of());
  }
}
