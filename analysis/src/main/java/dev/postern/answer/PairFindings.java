package dev.postern.answer;

import dev.postern.answer.Answer.Verdict;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.question.Quantifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an evaluation of pairs found: the verdict, the pairs to list, and flows that show the verdict. */
final class PairFindings {

  /** Two ends that each let some traffic pass, and have none of it in common. */
  record NoCommonPort(End source, Traffic sent, End destination, Traffic taken) {}

  Optional<NoCommonPort> apart = Optional.empty();
  Verdict verdict = Verdict.DENIED;
  final List<Connection> connections = new ArrayList<>();
  long unlisted;
  long judged;
  boolean onlyItself;
  boolean familiesDiffer;
  /** Whether a client that a Service leads only to pods on its own node reaches nobody, since nobody is there. */
  boolean nobodyOnItsNode;
  /** A pod of which no manifest says where it runs, and whose node the other end may be. */
  Optional<End> unplaced = Optional.empty();

  final List<Sample> passing = new ArrayList<>();
  Optional<Sample> stopped = Optional.empty();
  Optional<Sample> undecided = Optional.empty();

  /** Takes more sources, of which one is enough. */
  void add(PairFindings more) {
    Set<Verdict> both = EnumSet.of(verdict, more.verdict);
    verdict = PairEvaluation.fold(Quantifier.ANY, both);
    connections.addAll(more.connections);
    passing.addAll(more.passing);
    unlisted += more.unlisted;
    undecided = undecided.or(() -> more.undecided);
  }

  /** Whether more pairs were judged than a person wants to see: the verdict is all that still matters. */
  boolean isFull() {
    return judged >= Answer.LIMIT;
  }

  /**
   * Takes a pair into the list.
   *
   * @param passingOnly whether pairs between which nothing passes are of no interest
   */
  void list(Connection connection, boolean passingOnly) {
    boolean passes = !connection.isDenied() || !connection.unknown().isEmpty();
    boolean wanted = passes ? connections.size() < 2 * Answer.LIMIT : !passingOnly && !isFull();
    judged++;
    if (wanted) {
      connections.add(connection);
    } else if (passes || !passingOnly) {
      unlisted++;
    }
  }
}
