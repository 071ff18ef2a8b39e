package dev.postern.diff;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How one set of policies stands to another, as the rows of their difference show. A set is explicit about traffic where a NetworkPolicy of it isolates the side of
 * the pods: traffic into pods that it isolates for ingress, and out of pods that it isolates for egress. About the rest it only says nothing. That a set forbids what another lets pass is shown by {@link CommonTraffic}.
 */
public enum Relation {
  /** The new set lets pass all that the old one does: nothing is closed. */
  CONTAINS,
  /** The new set lets pass all that the old one lets pass explicitly. */
  PERMITS,
  /** The new set lets nothing pass where the old one is explicit and does not. */
  NO_INTERFERENCE;

  /** The rows of a difference that contradict the relation; it holds if there are none and the difference is decided. */
  public List<Difference.DifferenceRow> against(
      Difference difference, Cluster before, Options options) {
    Map<Direction, Set<String>> isolated = IsolatedWorkloads.of(Plan.of(before, options));
    return switch (this) {
      case CONTAINS -> difference.closed();
      case PERMITS ->
        difference.closed().stream().filter(row -> isExplicit(row, isolated)).toList();
      case NO_INTERFERENCE ->
        difference.opened().stream().filter(row -> isExplicit(row, isolated)).toList();
    };
  }

  /** A row is about all pairs of its sides, so that one isolated end is enough. */
  private static boolean isExplicit(
      Difference.DifferenceRow row, Map<Direction, Set<String>> isolated) {
    return row.source().isOfAny(isolated.getOrDefault(Direction.EGRESS, Set.of()))
        || row.destination().isOfAny(isolated.getOrDefault(Direction.INGRESS, Set.of()));
  }
}
