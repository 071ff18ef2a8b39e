package dev.postern.cli.suggestion;

import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.diff.RowCauseSearch;
import dev.postern.suggestion.PolicyMerge;
import dev.postern.suggestion.Suggestion;
import dev.postern.suggestion.SuggestionProof;
import dev.postern.traffic.Count;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What is to be printed.
 *
 * @param suggestion the policies
 * @param proof what they do
 * @param turning says which policies turned a row of the difference
 * @param merge what of the policies is to be written into existing ones
 * @param log what the logs held beside what the suggestion is about
 * @param broken statements that hold today and would not any more
 * @param open statements that hold today and of which it would not be known
 */
public record SuggestionResult(
    Suggestion suggestion,
    SuggestionProof proof,
    RowCauseSearch turning,
    PolicyMerge merge,
    Log log,
    List<CheckedLine> broken,
    List<CheckedLine> open) {

  /**
   * What logs held.
   *
   * @param flows how many flows
   * @param exempt how many of them were between a pod and its own node
   * @param denied how many of them did not pass, for which nothing is suggested
   * @param unknown flows with an end that is not known, by why
   * @param skipped how many entries say nothing about policies, by why
   */
  public record Log(
      long flows,
      long exempt,
      long denied,
      SortedMap<String, Long> unknown,
      SortedMap<String, Long> skipped) {}

  public SuggestionResult {
    broken = List.copyOf(broken);
    open = List.copyOf(open);
  }

  /** How many flows pass whatever policies say. */
  long exempt() {
    return Count.plus(log.exempt(), suggestion.exempt());
  }

  /** How many flows passed of which nobody can say what to allow. */
  public long unresolved() {
    return Stream.concat(
            log.unknown().values().stream(),
            suggestion.unresolved().values().stream().map(Suggestion.Unsaid::flows))
        .reduce(0L, Count::plus);
  }

  /**
   * What the process returns.
   *
   * @param allowUnresolved whether flows of which nobody can say what to allow leave a yes a yes
   */
  public int status(boolean allowUnresolved) {
    if (!broken.isEmpty() || !proof.stopped().isEmpty()) {
      return ExitStatus.NO;
    }
    boolean decided = open.isEmpty()
        && proof.undecided().isEmpty()
        && proof.difference().undecided().isEmpty()
        && (allowUnresolved || unresolved() == 0);
    return decided ? ExitStatus.YES : ExitStatus.UNDECIDED;
  }
}
