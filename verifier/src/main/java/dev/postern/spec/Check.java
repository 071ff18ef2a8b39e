package dev.postern.spec;

import dev.postern.answer.AlternativeReading;
import dev.postern.answer.Answer;
import dev.postern.meaning.Judgement;
import dev.postern.question.Expectation;
import java.util.List;
import java.util.Optional;

/**
 * What became of a statement.
 *
 * @param statement the statement
 * @param result whether it holds
 * @param detail what is so instead, or why it is undecided; empty if it holds
 * @param witnesses flows that show it, judged by the definition; none if it holds
 * @param notes what the answers on which it rests take for granted, where it holds
 * @param alternatives the choices that would change those answers, where it holds
 */
public record Check(
    Expectation statement,
    Result result,
    String detail,
    List<Judgement> witnesses,
    List<String> notes,
    List<AlternativeReading> alternatives) {

  /** Whether a statement holds. */
  public enum Result {
    HOLDS,
    FAILS,
    /** It depends on what the manifests do not say, or Z3 ran out of time. */
    UNDECIDED,
    /** It names something that is not in the cluster. */
    BAD
  }

  public Check {
    witnesses = List.copyOf(witnesses);
    notes = List.copyOf(notes);
    alternatives = List.copyOf(alternatives);
  }

  /** One that does not hold. */
  Check(Expectation statement, Result result, String detail, List<Judgement> witnesses) {
    this(statement, result, detail, witnesses, List.of(), List.of());
  }

  static Check holds(Expectation statement) {
    return new Check(statement, Result.HOLDS, "", List.of());
  }

  static Check holds(Expectation statement, Answer answer) {
    return new Check(statement, Result.HOLDS, "", List.of(), answer.notes(), answer.alternatives());
  }

  /** The first flow that shows it. */
  public Optional<Judgement> witness() {
    return witnesses.stream().findFirst();
  }
}
