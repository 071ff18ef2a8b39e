package dev.postern.spec;

import dev.postern.meaning.Judgement;
import dev.postern.question.Statement;
import java.util.List;
import java.util.Optional;

/**
 * What became of a statement.
 *
 * @param statement the statement
 * @param result whether it holds
 * @param detail what is so instead, or why it is undecided; empty if it holds
 * @param witnesses flows that show it, judged by the definition; none if it holds
 */
public record Check(Statement statement, Result result, String detail, List<Judgement> witnesses) {

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
  }

  static Check holds(Statement statement) {
    return new Check(statement, Result.HOLDS, "", List.of());
  }

  /** The first flow that shows it. */
  public Optional<Judgement> witness() {
    return witnesses.stream().findFirst();
  }
}
